"""Limits that a plan's dates do not keep, with what people call the activities: for commands and pages."""

from __future__ import annotations

from dataclasses import dataclass

from torap.engines.schedule.dates import Schedule
from torap.engines.schedule.limits import BOUNDS, PLAN_FINISH, Missed
from torap.engines.schedule.plan import DATED, Constraint
from torap.intake.schedules.files import ReadSchedule
from torap.intake.schedules.labels import labels

HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedLimit:
    """One limit, its activity and what drives it. `place`: "A (Quay wall, row 9)"; `waits_for` and
    `waits_place` are empty where no link drives. `days` of the plan, `hours` of work; dates in minutes.

    `of_start`: the start is late, else the finish. `code`: which sentence tells it.
    """

    id: str
    place: str
    constraint: str
    date: int
    stands: int
    hours: float
    days: float
    of_start: bool
    code: str
    waits_for: str
    waits_place: str


def missed_limits(read: ReadSchedule, found: Schedule) -> tuple[MissedLimit, ...]:
    """Every limit the dates miss, or keep against links; those missed by most come first."""
    if not found.missed:
        return ()
    known = labels(read.plan, read.rows)
    day = read.plan.minutes_per_day
    return tuple(
        MissedLimit(
            id=one.id,
            place=known[one.id],
            constraint=one.constraint,
            date=one.at,
            stands=one.stands,
            hours=round(one.minutes / HOUR, 2),
            days=round(one.minutes / day, 2),
            of_start=one.constraint in DATED and BOUNDS[Constraint(one.constraint)].of_start,
            code=_code(one),
            waits_for=one.driven_by,
            waits_place=known.get(one.driven_by, ""),
        )
        for one in sorted(found.missed, key=lambda one: -one.minutes)
    )


def _code(one: Missed) -> str:
    if one.against_links:
        return "against_links"
    if one.constraint == PLAN_FINISH:
        return "plan_driven" if one.driven_by else "plan_undriven"
    return "driven" if one.driven_by else "undriven"


__all__ = ["MissedLimit", "missed_limits"]
