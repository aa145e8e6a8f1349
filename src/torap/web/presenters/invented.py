"""Invented records beside real ones: listed apart with their label, never in a count, a clock or a chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from torap.delivery.models import Evidence, InstructionEvent, ObstacleEvent, Promise, StatusReport
from torap.delivery.selectors import InstructionState, MilestoneState, ObstacleState
from torap.publish.wording import fact_words
from torap.rules.known import AsKnown
from torap.web.presenters import statuses
from torap.web.presenters.links import known_link
from torap.web.presenters.milestones import promise_words

State = MilestoneState | InstructionState | ObstacleState


def of_reality(states: Iterable[Any], invented: bool) -> list[Any]:
    """The rows that are as real, or as invented, as the thing they are shown with."""
    return [state for state in states if state.invented == invented]


def real(states: Iterable[Any]) -> list[Any]:
    """The rows a total of real data counts."""
    return of_reality(states, False)


def apart_lines(states: Iterable[State], invented: bool, known: AsKnown) -> list[dict[str, Any]]:
    """What is invented of a real thing: whole records, and what was invented of real records."""
    lines: list[dict[str, Any]] = []
    for state in states:
        title, href = _whole(state, known)
        if state.invented != invented:
            lines.append({"title": title, "href": href, "sub": ""})
        else:
            lines += [{"title": title, "href": href, "sub": _row(row)} for row in state.apart]
    return lines


def row_lines(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Invented rows of one real record, on its own page."""
    return [{"title": _row(row), "href": "", "sub": ""} for row in rows]


def _whole(state: State, known: AsKnown) -> tuple[str, str]:
    if isinstance(state, MilestoneState):
        title = f"{state.subject.name}: {state.milestone.name}"
        return title, known_link(known, "milestone", state.code)
    if isinstance(state, InstructionState):
        return state.instruction.text, known_link(known, "instruction", state.code)
    return state.obstacle.text, known_link(known, "obstacle", state.code)


def _row(row: Any) -> str:
    """An invented row in a few words: what it says, and who is made to say it."""
    if isinstance(row, Promise):
        words = _("promised: %(period)s") % {"period": promise_words(row)}
    elif isinstance(row, StatusReport):
        words = statuses.said_words(row.state)
    elif isinstance(row, Evidence):
        words = f"{row.get_type_display()}: {row.title}"
    elif isinstance(row, InstructionEvent | ObstacleEvent):
        words = str(row.get_type_display())
    else:
        words = str(row)
    return " · ".join(part for part in (words, fact_words(getattr(row, "said_by", ""))) if part)


def teller(event: InstructionEvent) -> str:
    """Who told of an event of an instruction, where that is not the body itself."""
    told_itself = event.organisation is not None and event.said_by == event.organisation.code
    return "" if told_itself else fact_words(event.said_by)
