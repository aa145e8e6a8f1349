"""Instructions and promises found by a date, however it is written: 2025-12-20, 20.12.2025, December 2025."""

from __future__ import annotations

import datetime as dt

from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.milestones import MilestoneState
from torap.delivery.selectors.whole import country_states
from torap.rules.errors import RulesError
from torap.rules.intervals import Period, parse_period
from torap.rules.known import AsKnown


def found_by_date(query: str, known: AsKnown) -> tuple[list[InstructionState], list[MilestoneState]]:
    """Instructions given, named for or due in the period `query` names; milestones promised for it now."""
    period = _period(query, known.day)
    if period is None:
        return [], []
    whole = country_states(known)
    return (
        [state for state in whole.instructions if any(_within(day, period) for day in _days(state))],
        [state for state in whole.milestones if state.current and _within(state.current.latest, period)],
    )


def _period(query: str, day: dt.date) -> Period | None:
    try:
        return parse_period(query, said=day)
    except RulesError:
        return None


def _days(state: InstructionState) -> list[dt.date]:
    clock = state.control
    days = (state.instruction.given_to, state.instruction.deadline_on, clock.nominal, clock.due)
    return [day for day in days if day is not None]


def _within(day: dt.date, period: Period) -> bool:
    return (period.earliest or dt.date(period.latest.year, 1, 1)) <= day <= period.latest
