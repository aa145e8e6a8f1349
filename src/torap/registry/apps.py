"""Registers the application with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Places, organisations, programmes, projects, indicators and the claims made about them."""

    name = "torap.registry"
    label = "registry"
