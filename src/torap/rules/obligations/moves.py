"""What a changed calendar does to running clocks: which move, from when to when, and because of which day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torap.rules.calendar import DayChange, WorkCalendar, calendar_changes
from torap.rules.money import Rates
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import OPEN_STATES, Clock, Edition, Event, State


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInput:
    """What is needed to compute the clocks of one case anew."""

    key: str
    edition: Edition
    events: tuple[Event, ...]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One clock that moved, with the days of the calendar that changed within it."""

    case: str
    obligation: str
    was_due: dt.date
    is_due: dt.date
    reasons: tuple[DayChange, ...]

    @property
    def days(self) -> int:
        """Calendar days the end moved; negative when it came nearer."""
        return (self.is_due - self.was_due).days


def moved_clocks(
    cases: Iterable[CaseInput],
    before: WorkCalendar,
    after: WorkCalendar,
    *,
    known_on: dt.date,
    planned: bool = False,
    rates: Rates | None = None,
) -> list[Move]:
    """Running clocks (with `planned` also those not yet triggered) whose due day differs between two
    calendars.
    """
    states = OPEN_STATES | ({State.NOT_YET_TRIGGERED} if planned else set())
    moves = []
    for case in cases:
        old, new = (
            evaluate(case.edition, case.events, cal, known_on=known_on, params=case.params, rates=rates)
            for cal in (before, after)
        )
        for was, now in zip(old.clocks, new.clocks, strict=True):
            if now.state in states and was.due is not None and now.due is not None and was.due != now.due:
                moves.append(_move(case, was, now, before, after))
    return moves


def _move(case: CaseInput, was: Clock, now: Clock, before: WorkCalendar, after: WorkCalendar) -> Move:
    if was.due is None or now.due is None:
        raise ValueError("a clock without a due day cannot move")
    days = [day for day in (was.started_on, now.started_on, was.due, now.due) if day is not None]
    if now.projected or was.started_on != now.started_on:  # an earlier step of the chain may have moved it
        days += [event.on for event in case.events]
    changes = calendar_changes(before, after, min(days), max(days))
    return Move(
        case=case.key, obligation=now.obligation.id, was_due=was.due, is_due=now.due, reasons=tuple(changes)
    )
