"""Registers the application with Django."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """What every application shares: base models, the user, permissions, errors."""

    name = "torap.common"
    label = "common"
