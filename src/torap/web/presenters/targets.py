"""Targets against what the works named for them give: rows, and what moves of them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from torap.common.models import in_language
from torap.rules.known import AsKnown
from torap.runs.selectors import TargetLine, TargetShift, target_list, target_shifts_since
from torap.web import formats
from torap.web.presenters import units
from torap.web.presenters.links import known_link
from torap.web.presenters.pipeline import goal_chance

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
LIST_HEADER = (
    "target",
    "kind",
    "subject",
    "name",
    "by",
    "aim",
    "unit",
    "expected",
    "half",
    "four_of_five",
    "chance",
    "with_every_work_named",
    "expected_before",
    "before_known_on",
)
MINUS = "\N{MINUS SIGN}"
DIGITS, MOST_DIGITS = 2, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Targets of a page as the newest run knows them; `since`: the day of the run they are compared with
    (empty: there is none)."""

    lines: tuple[TargetLine, ...]
    rows: list[dict[str, Any]]
    since: str
    csv: list[list[Any]]


def targets_for(known: AsKnown, subjects: Collection[str] | None = None) -> Targets:
    """The targets of these subjects, of all where None, with what is foretold of each and how that moved.
    Ten queries at most, none again while nothing is recorded."""
    lines = tuple(line for line in target_list(known) if subjects is None or line.subject in subjects)
    found = target_shifts_since(known) if lines else None
    before = {one.before.code: one.before for one in found[1]} if found else {}
    return Targets(
        lines=lines,
        rows=[_target(line, before.get(line.code), known) for line in lines],
        since=formats.day(found[0]) if found else "",
        csv=_list_rows(lines, before, found[0] if found else None),
    )


def _target(line: TargetLine, before: TargetLine | None, known: AsKnown) -> dict[str, Any]:
    change = round(line.expected - before.expected, 6) if before is not None else None
    digits = _digits(line.expected) if line.expected else 0
    return {
        **_named(line, known),
        "expected": formats.number(line.expected, digits),
        "half": formats.number(line.half, digits),
        "four": "" if line.four is None else formats.number(line.four, digits),
        "named": "" if _of_one_year(line) else formats.number(line.named, digits),
        "chance": "" if line.chance is None else goal_chance(line.chance),
        "value": line.chance,
        "change": "" if change is None else _change_words(change),
        "tone": "better" if change and change > 0 else "late" if change else "same",
    }


def _named(line: TargetLine, known: AsKnown) -> dict[str, Any]:
    """What a target is, on every page that tells of it."""
    return {
        "name": target_name(line),
        "href": known_link(known, "subject", line.subject) if line.subject else "",
        "counts": in_language(*line.counts) if line.counts[0] else "",
        "by": formats.day(line.by),
        "aim": units.quantity(line.aim, line.unit),
        "unit": units.unit_label(line.unit),
    }


def _of_one_year(line: TargetLine) -> bool:
    """Whether it is the money of one year: what all named projects bring has no year, only a sum."""
    return line.kind == "investment" and not line.code.endswith(":sum")


def _change_words(change: float) -> str:
    if not change:
        return _("no shift")
    return f"{'+' if change > 0 else MINUS}{formats.number(abs(change), _digits(change))}"


def _list_rows(
    lines: Sequence[TargetLine], before: Mapping[str, TargetLine], since: dt.date | None
) -> list[list[Any]]:
    """Targets as rows of a download."""
    return [
        [
            line.code,
            line.kind,
            line.subject,
            target_name(line),
            line.by,
            line.aim,
            line.unit,
            line.expected,
            line.half,
            line.four,
            line.chance,
            None if _of_one_year(line) else line.named,  # said once, at the sum
            before[line.code].expected if line.code in before else None,
            since if line.code in before else None,
        ]
        for line in lines
    ]


def target_shift_rows(shifts: Iterable[TargetShift], known: AsKnown) -> list[dict[str, Any]]:
    """The targets that move: what is expected by the day before and after, and the chances."""
    return [_row(one, known) for one in shifts]


def _row(one: TargetShift, known: AsKnown) -> dict[str, Any]:
    before, after, change = one.before, one.after, one.expected_change
    digits = _digits(change)
    chances = ["" if line.chance is None else goal_chance(line.chance) for line in (before, after)]
    return {
        **_named(before, known),
        "before": formats.number(before.expected, digits),
        "after": formats.number(after.expected, digits),
        "change": _change_words(change),
        "tone": "better" if change > 0 else "late" if change < 0 else "same",
        "chance": _chances(*chances),
        "value": change,
    }


def _chances(before: str, after: str) -> str:
    """Two chances in words; empty without any."""
    if before == after:
        return _("%(chance)s, no change") % {"chance": before} if before else ""
    return " → ".join(one or "–" for one in (before, after))


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
