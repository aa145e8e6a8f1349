"""What moved, in words: the same lines in a terminal, on the page of an upload, and in JSON beside codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from torap.common.models import in_language
from torap.delivery.selectors import Move
from torap.publish.brief import CONFLICTS, EVIDENCED, SAID, STEPS
from torap.publish.units import unit_label
from torap.publish.wording import issuer_words, qualified

NOTHING = "—"
TITLES = {
    "clock": _("Clocks"),
    "said": _("What is said"),
    "evidenced": _("What evidence shows"),
    "schedule": _("Against the first promise"),
    "promise": _("Promises in force"),
    "conflict": _("Contradictions"),
    "overdue": _("What is overdue"),
    "due": _("What falls due within 30 days"),
    "turn": _("Whose turn it is"),
    "figure": _("National figures against targets"),
    "obstacle": _("In the way"),
    "count": _("Counts of the situation"),
    "newest": _("The newest word"),
}
SCHEDULE = {
    "on_first_promise": _("on first promise"),
    "moved": _("date moved"),
    "earlier": _("promised earlier than at first"),
    "late": _("behind first promise"),
    "done_on_time": _("done by the first promise, verified"),
    "done_late": _("done after the first promise, verified"),
    "done_said": _("said to be done, not verified"),
    "done_no_promise": _("done, verified; no date was promised"),
    "no_promise": _("no date was promised"),
}
INSTRUCTION_SCHEDULE = {
    "late": _("overdue"),
    "late_not_binding": _("past its day; the term is not certain"),
    "moved": _("extended"),
    "on_first_promise": _("in its first term"),
    "done_on_time": _("done in time, verified"),
    "done_late": _("done late, verified"),
    "done_said": _("said to be done, not verified"),
    "done_no_promise": _("done, verified"),
    "answered": _("answered, not verified"),
    "closed": _("taken off control, no verified evidence"),
    "no_deadline": _("permanent, no due day"),
    "deadline_not_known": _("due day not known"),
}
COUNTS = {
    "instructions_overdue": _("Instructions overdue"),
    "instructions_closed": _("Instructions closed"),
    "promises_overdue": _("Promises passed without evidence"),
    "promises_moved": _("Dates that have moved"),
    "milestones_done": _("Milestones done and verified"),
    "obstacles_open": _("Obstacles open"),
    "evidence_waiting": _("Evidence nobody else has checked"),
    "contradictions": _("Contradictions in all"),
}
MOVED_STEPS = {
    **STEPS,
    "co": STEPS["co_executors"],
    "extension_request": _("Request for an extension"),
    "return_wrong_addressee": _("return to the issuer, wrong addressee"),
    "report_quarterly": _("quarterly report"),
    "report_half_year": _("half-year report"),
    "report_yearly": _("yearly report"),
    "presidential_bodies": _("report of the bodies to the Ministry of National Economy"),
    "presidential_ministry": _("report of the Ministry to the Government Office"),
    "presidential_office": _("report of the Office to the Presidential Administration"),
}
REASONS = 3
FIGURES = {"observed": _("measured"), "target": _("target")}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLine:
    """One thing that moved: what it is, from what, to what. `kind`, `code`: its page."""

    text: str
    was: str
    now: str
    kind: str
    code: str
    because: tuple[str, ...]

    def as_text(self) -> str:
        """One line of a terminal."""
        why = f"  [{'; '.join(self.because)}]" if self.because else ""
        return f"{self.text}: {self.was} → {self.now}{why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedGroup:
    """Lines of one kind under a heading."""

    title: str
    lines: tuple[MovedLine, ...]


def moved_groups(moves: Iterable[Move]) -> list[MovedGroup]:
    """All moves under their headings, in the reader's language."""
    return [
        MovedGroup(title=gettext(TITLES[group]), lines=tuple(moved_line(row) for row in rows))
        for group, rows in groupby(moves, key=lambda move: move.group)
    ]


def moved_line(move: Move) -> MovedLine:
    """One move in words."""
    tell = _VALUES[move.group]
    return MovedLine(
        text=_subject(move),
        was=NOTHING if move.was is None else tell(move, move.was),
        now=NOTHING if move.now is None else tell(move, move.now),
        kind=move.entity,
        code=move.code,
        because=_reasons(move.because),
    )


def moved_json(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """Moves as codes and values, with the line people read beside them."""
    return [{**move.as_dict(), "text": moved_line(move).as_text()} for move in moves]


def _subject(move: Move) -> str:
    if move.group == "count":
        return gettext(COUNTS.get(move.part, move.part))
    if move.group == "newest":
        return gettext(TITLES[move.group])
    if move.entity == "issuer":
        return issuer_words(move.code)
    return ", ".join(part for part in (_name(move.name) or move.code, _part(move)) if part)


def _part(move: Move) -> str:
    if move.group == "figure":
        kind, _space, year = move.part.partition(" ")
        return f"{year} ({gettext(FIGURES[kind])})"
    if move.group == "conflict":
        same = move.part_name and _name(move.part_name).startswith(f"{_name(move.name)}, ")
        name = _name(move.part_name) or move.part
        return name.removeprefix(f"{_name(move.name)}, ") if same else name
    if move.part in ("", "lead"):
        return ""
    return gettext(MOVED_STEPS[move.part]) if move.part in MOVED_STEPS else move.part


def _name(names: dict[str, str]) -> str:
    return in_language(names.get("en", ""), names.get("ru", ""), names.get("kk", ""))


def _reasons(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """The first of them in words; a thing that is new has every row of it among its reasons."""
    more = len(reasons) - REASONS
    told = [_reason(reason) for reason in reasons[:REASONS]]
    return (
        (*told, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}) if more > 0 else tuple(told)
    )


def _reason(reason: str) -> str:
    """A day of the calendar, or a row with its file and line."""
    try:
        return gettext("calendar: %(day)s") % {"day": _day(None, reason)}
    except ValueError:
        return reason


def _day(move: Move | None, value: str) -> str:
    return str(format_date(dt.date.fromisoformat(value), "d MMM y", locale=_locale()))


def _schedule(move: Move, value: str) -> str:
    words = INSTRUCTION_SCHEDULE if move.entity == "instruction" else SCHEDULE
    return gettext(words[value]) if value in words else value


def _conflict(move: Move, value: list[list[str]]) -> str:
    return "; ".join(_one_conflict(*row) for row in value)


def _one_conflict(kind: str, low: str, high: str, unit: str) -> str:
    days = unit == "days"
    ends = [(_day(None, end) if days else _number(end)) for end in (low, high) if end]
    between = (
        gettext("%(low)s against %(high)s") % {"low": ends[0], "high": ends[1]} if len(ends) == 2 else ""
    )
    words = gettext(CONFLICTS[kind]) if kind in CONFLICTS else kind
    return " ".join(part for part in (between, "" if days else unit_label(unit), f"({words})") if part)


def _turn(move: Move, value: list[int]) -> str:
    held, late = value
    words = ngettext("%(n)d held", "%(n)d held", held) % {"n": held}
    if not late:
        return words
    return f"{words}, {ngettext('%(n)d overdue', '%(n)d overdue', late) % {'n': late}}"


def _figure(move: Move, value: list[str]) -> str:
    qualifier, low, high, unit = value
    shown = "–".join(dict.fromkeys(_number(end) for end in (low, high) if end))
    return f"{qualified(qualifier, shown)} {unit_label(unit)}".strip()


def _number(value: str) -> str:
    return str(format_decimal(Decimal(value), format="#,##0.##", locale=_locale()))


def _locale() -> str:
    return (get_language() or "en")[:2]


_VALUES: dict[str, Callable[[Move, Any], str]] = {
    "clock": _day,
    "said": lambda move, value: gettext(SAID[value]) if value in SAID else value,
    "evidenced": lambda move, value: gettext(EVIDENCED[value]) if value in EVIDENCED else value,
    "schedule": _schedule,
    "promise": _day,
    "conflict": _conflict,
    "overdue": _day,
    "due": _day,
    "turn": _turn,
    "figure": _figure,
    "obstacle": lambda move, value: gettext("open"),
    "count": lambda move, value: str(value),
    "newest": _day,
}
