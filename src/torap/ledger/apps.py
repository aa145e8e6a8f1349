"""Registers the application with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LedgerConfig(AppConfig):
    """The append-only record of every change."""

    name = "torap.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Find the tables each application keeps in the ledger (its module `kept`)."""
        autodiscover_modules("kept")
