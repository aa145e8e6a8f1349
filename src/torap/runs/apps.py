"""Registers the application with Django."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Runs of the network, forecasts, scenarios, the score."""

    name = "torap.runs"
    label = "runs"
