"""National figures of the situation: measured against target, with the missing years said aloud."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import (
    Progress,
    Situation,
    Value,
    YearValue,
)
from torap.publish.wording import qualified
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import units
from torap.web.presenters.links import known_link


def investment(row: Progress, known: AsKnown) -> dict[str, Any]:
    """Investment against its target: the chart, how far the sum is, and which years are missing."""
    unit = row.unit
    return {
        "name": row.indicator.name,
        "href": known_link(known, "indicator", row.indicator.code),
        "target_href": known_link(known, "indicator", row.target.code) if row.target else "",
        "chart": {
            "unit": units.unit_label(unit),
            "years": [_year(year, row, known) for year in row.years],
            "labels": {"observed": _("measured"), "target": _("target"), "no_data": _("no data")},
        },
        "rows": [
            {
                "year": year.year,
                "observed": value_words(year.observed) if year.observed else "",
                "target": value_words(year.target) if year.target else "",
                "missing": year.missing,
                "contradicted": bool(
                    (year.observed and year.observed.contradicted)
                    or (year.target and year.target.contradicted)
                ),
            }
            for year in row.years
        ],
        "missing": missing_words(row),
        "goal": goal_words(row),
        "gap": row.gap,
        "csv": known_link(known, "indicator", row.indicator.code, format="csv"),
    }


def _year(year: YearValue, row: Progress, known: AsKnown) -> dict[str, Any]:
    return {
        "year": year.year,
        "value": _number(year.observed, "low"),
        "low": None,
        "high": None,
        "target_low": _number(year.target, "low"),
        "target_high": _number(year.target, "high"),
        "note": value_words(year.observed) if year.observed else _("no data"),
        "href": known_link(known, "indicator", row.indicator.code),
    }


def _number(value: Value | None, end: str) -> float | None:
    """One end of a figure for the drawing; where one end only was said, both are that."""
    if value is None:
        return None
    found = value.low if (end == "low" and value.low is not None) or value.high is None else value.high
    return float(found) if found is not None else None


def missing_words(row: Progress) -> str:
    """Which ended years nobody has published a figure for."""
    years = [str(year.year) for year in row.years if year.missing]
    if not years:
        return ""
    return _("No figure is published for %(years)s.") % {"years": ", ".join(years)}


def goal_words(row: Progress) -> str:
    """How far the measured years reach towards the goal; said plainly when none of them can be added."""
    if row.goal is None:
        return ""
    params = {
        "goal": value_words(row.goal),
        "year": row.goal_year,
        "from": row.count_from,
        "missing": row.count_missing,
        "sum": _sum_words(row),
    }
    if row.counted is None:
        return (
            _("Goal: %(goal)s by %(year)s. Nothing can be added up since %(from)s: no year is published.")
            % params
        )
    words = (
        _("Goal: %(goal)s by %(year)s. Measured since %(from)s: %(sum)s, %(missing)s years missing.") % params
    )
    if not row.counted_contradicted:
        return words
    years = ", ".join(str(year) for year in row.counted_contradicted)
    doubt = _("In this sum the figure of %(years)s is contradicted by others.") % {"years": years}
    return f"{words} {doubt}"


def _sum_words(row: Progress) -> str:
    """The sum of the measured years with its unit, no more exact than they were said."""
    if row.counted is None:
        return ""
    shown = units.quantity(row.counted, row.unit)
    if row.counted_to is not None and row.counted_to != row.counted:
        shown = f"{formats.number(row.counted)}–{units.quantity(row.counted_to, row.unit)}"
    return qualified(row.counted_qualifier, shown)


def missing_years(row: Progress) -> str:
    """How many ended years have no measured figure, of those the situation looks at."""
    if not row.missing:
        return ""
    ended = sum(1 for year in row.years if year.missing or year.observed)
    words = ngettext(
        "no whole-year figure for %(count)s of %(all)s ended year",
        "no whole-year figure for %(count)s of %(all)s ended years",
        ended,
    )
    return words % {"count": row.missing, "all": ended}


def value_words(value: Value) -> str:
    """A figure of the situation in words: `25–27 bn USD`, `more than 27 mn t`."""
    unit = units.unit_label(value.unit, value.high if value.high is not None else value.low)
    return " ".join(part for part in (number_words(value), unit) if part)


def number_words(value: Value) -> str:
    """Its number with how exactly it was said: `about 700`, `25–27`."""
    low, high = value.low, value.high
    single = low if low is not None else high
    if single is None:
        return ""
    shown = formats.number(single)
    if low is not None and high is not None and low != high:
        shown = f"{shown}–{formats.number(high)}"
    return qualified(value.qualifier, shown)


def progress_cards(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """The other national figures: newest measurement, next target, missing years."""
    return [_progress(row, known) for row in found.progress if row.section != "investment"]


def _progress(row: Progress, known: AsKnown) -> dict[str, Any]:
    latest = row.latest
    observed = latest.observed if latest else None
    ahead = [(year.year, year.target) for year in row.years if year.target and year.year >= known.day.year]
    notes = []
    if latest is not None:
        notes.append(str(latest.year))
    if ahead:
        notes.append(
            _("target %(year)s: %(value)s") % {"year": ahead[0][0], "value": value_words(ahead[0][1])}
        )
    return {
        "label": row.indicator.name,
        "value": number_words(observed) if observed else None,
        "unit": units.unit_label(row.unit, observed.high) if observed else "",
        "note": " · ".join(notes),
        "href": known_link(known, "indicator", row.indicator.code),
        "missing_note": missing_years(row),
        "contradictions": _("contradicted") if observed and observed.contradicted else "",
    }
