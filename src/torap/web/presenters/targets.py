"""Targets against what the works named for them give: rows, and what moves of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from torap.common.models import in_language
from torap.rules.known import AsKnown
from torap.runs.selectors import TargetLine, TargetShift
from torap.web import formats
from torap.web.presenters import units
from torap.web.presenters.forecasts import chance_words
from torap.web.presenters.links import known_link

CSV_HEADER = (
    "target",
    "kind",
    "name",
    "by",
    "aim",
    "unit",
    "expected_before",
    "expected_after",
    "chance_before",
    "chance_after",
)
MINUS = "\N{MINUS SIGN}"
DIGITS, MOST_DIGITS = 2, 6


def target_shift_rows(shifts: Iterable[TargetShift], known: AsKnown) -> list[dict[str, Any]]:
    """The targets that move: what is expected by the day before and after, and the chances."""
    return [_row(one, known) for one in shifts]


def _row(one: TargetShift, known: AsKnown) -> dict[str, Any]:
    before, after, change = one.before, one.after, one.expected_change
    digits = _digits(change)
    chances = [chance_words(line.chance) for line in (before, after)]
    return {
        "name": target_name(before),
        "href": known_link(known, "subject", before.subject) if before.subject else "",
        "counts": in_language(*before.counts) if before.counts[0] else "",
        "by": formats.day(before.by),
        "aim": units.quantity(before.aim, before.unit),
        "before": formats.number(before.expected, digits),
        "after": formats.number(after.expected, digits),
        "change": f"{'+' if change > 0 else MINUS}{formats.number(abs(change), digits)}",
        "tone": "better" if change > 0 else "late" if change < 0 else "same",
        "chance": chances[0] if chances[0] == chances[1] else " → ".join(chances),
        "value": change,
    }


def _digits(change: float) -> int:
    """Decimals in which a difference shows two figures that say something, however small it is."""
    size = abs(change)
    return DIGITS if size >= 0.1 or not size else min(MOST_DIGITS, 1 - math.floor(math.log10(size)))


def target_name(line: TargetLine) -> str:
    """What is aimed at: the year of money, the sum of the years, or the thing itself."""
    if line.kind != "investment":
        return line.name
    if line.code.endswith(":sum"):
        return _("%(name)s, sum by %(year)s") % {"name": line.name, "year": line.by.year}
    return _("%(name)s, %(year)s") % {"name": line.name, "year": line.by.year}


def csv_rows(shifts: Iterable[TargetShift]) -> list[list[Any]]:
    """The targets that move as rows of a download."""
    return [
        [
            one.before.code,
            one.before.kind,
            target_name(one.before),
            one.before.by,
            one.before.aim,
            one.before.unit,
            one.before.expected,
            one.after.expected,
            one.before.chance,
            one.after.chance,
        ]
        for one in shifts
    ]
