"""Registers the application with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "torap.web"
    label = "web"
