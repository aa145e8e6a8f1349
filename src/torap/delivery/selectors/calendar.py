"""What a change of the working calendar would do to the clocks that run now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from torap.delivery.selectors.control import case_input
from torap.delivery.selectors.instructions import InstructionState, instruction_states
from torap.registry.selectors import work_calendar
from torap.rules.calendar import DayMark, WorkCalendar
from torap.rules.known import AsKnown
from torap.rules.obligations import moves


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEdit:
    """One day that an order makes working or free, known from a day. `title` in English or by language."""

    day: dt.date
    working: bool
    known_from: dt.date
    title: str | Mapping[str, str]
    kind: str = "edit"
    source_title: str = ""
    source_url: str = ""
    confidence: str = "medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClock:
    """A running clock that moves: of which instruction (`key`), which step, from when to when, because of
    which days."""

    key: str
    step: str
    was_due: dt.date
    is_due: dt.date
    because: tuple[dt.date, ...] = field(default=())

    @property
    def days(self) -> int:
        """Calendar days it moves; negative when it comes nearer."""
        return (self.is_due - self.was_due).days


def moved_clocks(edits: Iterable[ProposedEdit], known: AsKnown) -> list[MovedClock]:
    """Every running clock that the edits would move, as of that day, by instruction and step."""
    before = work_calendar(known)
    after = with_edits(before, edits)
    states = instruction_states(known)
    return clocks_between(states, before, after, known)


def clocks_between(
    states: Iterable[InstructionState], before: WorkCalendar, after: WorkCalendar, known: AsKnown
) -> list[MovedClock]:
    """Clocks of instructions that still run, with the steps counted back from them, that differ between
    calendars.
    """
    cases = []
    for state in states:
        if not state.control.open:
            continue
        case, _ = case_input(state.instruction, state.executors, state.events)
        if case is not None:
            cases.append(case)
    found = moves.moved_clocks(cases, before, after, known_on=known.day, planned=True)
    rows = [
        MovedClock(
            key=move.case,
            step=move.obligation,
            was_due=move.was_due,
            is_due=move.is_due,
            because=tuple(change.day for change in move.reasons),
        )
        for move in found
    ]
    return sorted(rows, key=lambda row: (row.key, row.step))


def with_edits(calendar: WorkCalendar, edits: Iterable[ProposedEdit]) -> WorkCalendar:
    """The calendar as it would be with more edits; where two speak of one day, the one known later stands."""
    marks = dict(calendar.marks)
    for edit in sorted(edits, key=lambda row: row.known_from):
        marks[edit.day] = DayMark(
            working=edit.working,
            code=edit.kind,
            source=edit.source_title,
            title=edit.title if isinstance(edit.title, str) else edit.title.get("en", ""),
            confidence=edit.confidence,
            known_from=edit.known_from,
        )
    return replace(calendar, marks=MappingProxyType(marks))
