"""Registers the application with Django."""

from django.apps import AppConfig


class PublishConfig(AppConfig):
    """What leaves the system as a file: tables and the situation brief."""

    name = "torap.publish"
    label = "publish"
