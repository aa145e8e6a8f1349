"""Registers the application with Django."""

from importlib import import_module

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Milestones, promises, evidence, instructions, obstacles, baselines."""

    name = "torap.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Register what is found by the name of a subject (its milestones)."""
        import_module("torap.delivery.services.finding")
