"""The pages that belong together around the forecast, as tabs above each of them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from torap.rules.known import AsKnown
from torap.web.presenters.links import known_link


def forecast_tabs(current: str, known: AsKnown, *, invented: bool = False) -> list[dict[str, Any]]:
    """The tabs; `invented` keeps the reader in the invented network."""
    pages = (
        ("forecast", _("What breaks next")),
        ("forecast_list", _("Every date")),
        ("what_if", _("What if")),
        ("run_list", _("Runs")),
        ("score", _("Score")),
        ("class_list", _("Reference classes")),
    )
    keep = "1" if invented else None
    return [
        {
            "page": name,
            "label": label,
            "url": known_link(known, name, invented=keep),
            "current": name == current,
        }
        for name, label in pages
    ]
