"""What an overseer does today: whom to ask first, which promise falls next, what to have proved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import (
    PromiseLine,
    Situation,
)
from torap.rules.known import AsKnown
from torap.web.forecast.breaks import BreakRow
from torap.web.presenters import statuses
from torap.web.presenters.forecasts import Forecasts, ForecastWords, of_hundred
from torap.web.presenters.links import known_link
from torap.web.presenters.milestones import end_words
from torap.web.situation.presenters import SHOWN, TITLE_LENGTH, days_words, promise_line

YEAR_DAYS = 365


def today_lines(found: Situation, known: AsKnown, breaks: Sequence[BreakRow] = ()) -> list[dict[str, Any]]:
    """What an overseer does today: whom to ask first, what falls and breaks next, what to have proved."""
    lines = [_ask_first(found, known), _falls_next(found, known), _breaks_next(breaks, known)]
    lines.append(_have_proved(found, known))
    return [line for line in lines if line]


def _ask_first(found: Situation, known: AsKnown) -> dict[str, Any]:
    row = next((row for row in found.whose_turn if row.overdue and row.holder.kind == "organisation"), None)
    if row is None:
        return {}
    late = ngettext("%(count)s thing late", "%(count)s things late", row.overdue) % {"count": row.overdue}
    return {
        "lead": _("Ask first"),
        "title": f"{row.holder.name}: {late}",
        "href": known_link(known, "organisation", row.holder.code) + "#holds",
        "sub": _oldest_of(found, row.holder.code),
        "mark": "late",
    }


def _oldest_of(found: Situation, code: str) -> str:
    """What of one body is late longest."""
    duties = [row for row in found.overdue.instructions if code in {ref.code for ref in row.executors}]
    promises = [row for row in found.overdue.promises if row.holder and row.holder.code == code]
    told = [(row.days, row.text) for row in duties]
    told += [(row.days, f"{row.subject.name}: {row.name}") for row in promises]
    if not told:
        return ""
    days, text = min(told)
    oldest = {"what": Truncator(text).chars(TITLE_LENGTH), "late": days_words(days, None)}
    return _("the longest: %(what)s, %(late)s") % oldest


def _falls_next(found: Situation, known: AsKnown) -> dict[str, Any]:
    row = next(iter(found.coming), None)
    if row is None:
        return {}
    more = sum(1 for other in found.coming if other.current == row.current) - 1
    what = f"{row.subject.name}: {row.name}"
    if more:
        what = _("%(names)s and %(count)s more") % {"names": what, "count": more}
    return {
        "lead": _("Falls next"),
        "title": f"{what}, {end_words(row.current)}",
        "href": known_link(known, "milestone", row.code),
        "sub": signs(row),
        "mark": "at_risk" if row.moves else "no_evidence",
    }


def _breaks_next(breaks: Sequence[BreakRow], known: AsKnown) -> dict[str, Any]:
    """The promise likeliest to break of those that fall within a year, and who can still prevent it."""
    soon = [row for row in breaks if row.days_left <= YEAR_DAYS]
    if not soon:
        return {}
    row = min(soon, key=lambda one: (one.words.share or 0.0, one.days_left))
    prevent = (
        _("can prevent it: %(names)s") % {"names": ", ".join(one["name"] for one in row.helpers)}
        if row.helpers
        else ""
    )
    values = {"name": row.words.name, "count": of_hundred(row.words.share), "day": row.words.due}
    return {
        "lead": _("Will break"),
        "title": _("%(name)s, %(day)s: %(count)s of 100 trials keep it") % values,
        "href": row.words.href + "#forecast",
        "sub": ". ".join(part for part in (row.earlier, prevent, row.words.assumed) if part),
        "mark": row.words.mark,
    }


def signs(row: PromiseLine) -> str:
    """What speaks for or against a promise that is still ahead: time left, moves, word, evidence."""
    return ", ".join([days_words(row.days, None), *_signs(row)])


def _signs(row: PromiseLine) -> list[str]:
    parts = []
    if row.moves:
        parts.append(
            ngettext("moved %(count)s time", "moved %(count)s times", row.moves) % {"count": row.moves}
        )
    return [*parts, statuses.said_words(row.said), statuses.evidenced_words(row.evidenced)]


def _have_proved(found: Situation, known: AsKnown) -> dict[str, Any]:
    count = found.counts.milestones_said_done
    if not count:
        return {}
    words = ngettext(
        "%(count)s milestone is said to be done without accepted evidence",
        "%(count)s milestones are said to be done without accepted evidence",
        count,
    )
    return {
        "lead": _("Ask for proof"),
        "title": words % {"count": count},
        "href": known_link(known, "promise_list", status="done"),
        "sub": "",
        "mark": "done_said",
    }


def with_signs(breaks: Iterable[BreakRow], found: Situation) -> list[BreakRow]:
    """Promises that will not hold, each with what else speaks for or against it: moves, word, evidence."""
    told = {f"milestone:{row.code}": ", ".join(_signs(row)) for row in found.coming}
    return [replace(row, signs=told.get(row.words.key, "")) for row in breaks]


def coming_lines(
    found: Situation, known: AsKnown, forecasts: Forecasts, breaks: Iterable[BreakRow] = ()
) -> list[dict[str, Any]]:
    """The promises that fall next, however far, each with what speaks for or against it and its chance; what
    the page names already, among `breaks` or as due soon, is left out."""
    named = {row.words.key for row in breaks} | {f"milestone:{row.code}" for row in found.due_30.promises}
    rows = [row for row in found.coming if f"milestone:{row.code}" not in named]
    return [
        promise_line(row, known) | coming_words(row, forecasts.get(f"milestone:{row.code}"))
        for row in rows[:SHOWN]
    ]


def coming_words(row: PromiseLine, words: ForecastWords | None) -> dict[str, str]:
    """What speaks for or against a promise that falls next, what of it is assumed, and its chance."""
    told = ". ".join(part for part in (signs(row), words.assumed if words else "") if part)
    return {"words": told, "left": chance_to_hold(words)}


def chance_to_hold(words: ForecastWords | None) -> str:
    """`12 % to hold`, or what is said of a day that has passed; empty without a chance."""
    return words.held if words else ""
