"""Registers the application with Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Milestones, promises, evidence, instructions, obstacles, baselines."""

    name = "torap.delivery"
    label = "delivery"
