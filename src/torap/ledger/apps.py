"""Registers the application with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The append-only record of every change."""

    name = "torap.ledger"
    label = "ledger"
