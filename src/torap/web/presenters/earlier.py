"""A chance beside the promise it is the chance of: a run keeps the day promised when it was made, and where
another one stands on the page the chance is told as that of the earlier promise, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from torap.delivery.selectors import HolderItem, States, states_named
from torap.rules.known import AsKnown
from torap.runs.selectors import ForecastLine
from torap.web import formats
from torap.web.presenters.forecasts import Forecasts, ForecastWords, forecasts_for, of_hundred, sentence
from torap.web.presenters.milestones import MilestoneRow

MOST_HELD = 500
Dues = Mapping[str, dt.date | None]  # key of a node -> the day it is promised for on the page


def forecasts_now(dues: Dues, known: AsKnown) -> Forecasts:
    """The forecasts beside the dates of a page, each against the day the page shows. As `forecasts_for`."""
    found = forecasts_for(dues, known)
    return replace(found, words={key: against(words, dues[key]) for key, words in found.words.items()})


def held_dues(items: Iterable[HolderItem]) -> dict[str, dt.date | None]:
    """The days of the promises and instructions among what bodies hold, by the keys of their nodes: of so
    many as a reader looks at."""
    dated = [one for one in items if one.due is not None and one.kind in ("milestone", "instruction")]
    return {f"{one.kind}:{one.code}": one.due for one in dated[:MOST_HELD]}


def against_now(words: ForecastWords, known: AsKnown) -> ForecastWords:
    """A forecast beside the day in force on the page. Queries as `present_dues`."""
    line = words.line
    return against(words, present_dues([line], known).get(line.key, line.due))


def milestone_dues(rows: Iterable[MilestoneRow]) -> dict[str, dt.date | None]:
    """The days of the present promises of milestones, by the keys of their nodes."""
    return {f"milestone:{row.code}": row.current_latest for row in rows}


def present_dues(
    lines: Iterable[ForecastLine], known: AsKnown, states: States | None = None
) -> dict[str, dt.date | None]:
    """The present promises of the milestones and the present days of the instructions among these, by key,
    where their run knows an earlier day than the page. Queries as `states_named`, none where the run is of
    the day or what the page has read already is given (`states`)."""
    return dues_now((line.key for line in lines if line.known_on < known.day), known, states)


def dues_now(keys: Iterable[str], known: AsKnown, states: States | None = None) -> dict[str, dt.date | None]:
    """The day in force on the day of the page for each milestone and instruction among these keys; what is
    not known on that day is left out. Queries as `present_dues`."""
    codes: dict[str, set[str]] = {"milestone": set(), "instruction": set()}
    for key in keys:
        kind, _colon, code = key.partition(":")
        if kind in codes:
            codes[kind].add(code)
    found = states or states_named(
        known, milestone_codes=codes["milestone"], instruction_codes=codes["instruction"]
    )
    promised = {
        f"milestone:{one.code}": one.current.latest if one.current else None for one in found.milestones
    }
    owed = {f"instruction:{one.code}": one.control.due for one in found.instructions}
    wanted = {f"{kind}:{code}" for kind, some in codes.items() for code in some}
    return {key: due for key, due in (promised | owed).items() if key in wanted}


def another(line: ForecastLine, due: dt.date | None) -> bool:
    """Whether a run foretold another promise than the one of this day."""
    return line.due is not None and line.due != due and line.basis not in ("done", "none")


def replaced(line: ForecastLine, dues: Dues) -> str:
    """That the day a run foretold is no longer the one in force; empty where it is, or nothing is known."""
    if line.key not in dues or not another(line, dues[line.key]):
        return ""
    due = dues[line.key]
    if due is None:
        return _("the run knew this day; none is in force now")
    return _("the run knew this day; now %(day)s is in force") % {"day": formats.day(due)}


def against(words: ForecastWords, due: dt.date | None) -> ForecastWords:
    """A forecast beside the day promised now: as it is where the run knew that day, else without its chance,
    which is told as that of the earlier day; where the run could tell nothing, that it did not know it."""
    line = words.line
    if line.basis == "none" and due is not None and due != line.due:
        return replace(words, sentence=f"{words.sentence} {_not_yet(due)}")
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
        earlier=computed_for(line.due),
        sentence=f"{dates} {_earlier(line)}",
    )


def computed_for(due: dt.date | None) -> str:
    """That a forecast has no chance because its run knew another day, `due`; empty without one."""
    return _("no chance: computed for another day, %(day)s") % {"day": formats.day(due)} if due else ""


def _not_yet(due: dt.date) -> str:
    """Of what a run could not foretell: that it did not know the day in force now."""
    return _("The run did not know the day in force now, %(day)s; the next one does.") % {
        "day": formats.day(due)
    }


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
