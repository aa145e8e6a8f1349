"""A chance beside the promise it is the chance of: a run keeps the day promised when it was made, and where
another one stands on the page the chance is told as that of the earlier promise, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from torap.delivery.selectors import milestone_states
from torap.rules.known import AsKnown
from torap.runs.selectors import ForecastLine
from torap.web import formats
from torap.web.presenters.forecasts import Forecasts, ForecastWords, forecasts_for, of_hundred, sentence
from torap.web.presenters.milestones import MilestoneRow

Dues = Mapping[str, dt.date | None]  # key of a node -> the day it is promised for on the page


def forecasts_now(dues: Dues, known: AsKnown) -> Forecasts:
    """The forecasts beside the dates of a page, each against the day the page shows. As `forecasts_for`."""
    found = forecasts_for(dues, known)
    return replace(found, words={key: against(words, dues[key]) for key, words in found.words.items()})


def milestone_dues(rows: Iterable[MilestoneRow]) -> dict[str, dt.date | None]:
    """The days of the present promises of milestones, by the keys of their nodes."""
    return {f"milestone:{row.code}": row.current_latest for row in rows}


def present_dues(lines: Iterable[ForecastLine], known: AsKnown) -> dict[str, dt.date | None]:
    """The present promises of the milestones among these, where their run knows an earlier day than the page.
    At most six queries, none where the run is of the day."""
    codes = {line.code for line in lines if line.kind == "milestone" and line.known_on < known.day}
    states = milestone_states(known, codes=codes) if codes else ()
    return {f"milestone:{one.code}": one.current.latest if one.current else None for one in states}


def another(line: ForecastLine, due: dt.date | None) -> bool:
    """Whether a run foretold another promise than the one of this day."""
    return line.due is not None and line.due != due and line.basis not in ("done", "none")


def against(words: ForecastWords, due: dt.date | None) -> ForecastWords:
    """A forecast beside the day promised now: as it is where the run knew that day, else without its chance,
    which is told as that of the earlier day."""
    line = words.line
    if not another(line, due):
        return words
    dates = sentence(replace(line, chance=None))
    return replace(
        words,
        chance="",
        chance_of_100="",
        share=None,
        mark="unknown",
        passed=False,
        earlier=_("no chance: computed for another day, %(day)s") % {"day": _day(line)},
        sentence=f"{dates} {_earlier(line)}",
    )


def _day(line: ForecastLine) -> str:
    return formats.day(line.due) if line.due else ""


def _earlier(line: ForecastLine) -> str:
    values = {"day": _day(line), "count": of_hundred(line.chance)}
    if line.chance is None:
        return _("It was computed when another day was in force, %(day)s.") % values
    return (
        _(
            "It was computed when another day was in force, %(day)s: %(count)s of 100 keep that one. Of the "
            "day in force now it says no chance."
        )
        % values
    )
