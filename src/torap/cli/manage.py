"""Starts Django for the commands that need tables; the others never pay for it."""

from __future__ import annotations

import os

import django


def start_django() -> None:
    """Load settings and applications."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torap.conf.settings")
    django.setup()
