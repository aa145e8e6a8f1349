"""Registers the application with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Facts files read, checked, compared and loaded."""

    name = "torap.intake"
    label = "intake"
