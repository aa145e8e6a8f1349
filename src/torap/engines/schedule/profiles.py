"""Conventions: where two tools give two dates for one plan, the choice has a name and stands here.

`torap` is the plain textbook, in whole minutes; `msproject` and `p6` do what Microsoft Project and
Primavera P6 do with their usual options. docs/engines/schedule.md tells each choice with an example.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from torap.engines.errors import EngineInputError
from torap.engines.schedule.plan import Activity, Constraint, Plan


class LagCalendar(StrEnum):
    """In whose working time a lag passes."""

    PREDECESSOR = "predecessor"
    SUCCESSOR = "successor"
    PLAN = "plan"
    ALWAYS = "always"


class Progress(StrEnum):
    """What a started activity still waits for when its predecessor is not done."""

    RETAINED_LOGIC = "retained_logic"
    OVERRIDE = "override"
    ACTUAL = "actual"  # as retained logic, but what is finished waits for nothing any more


class Float(StrEnum):
    """Of which end the total float is taken."""

    FINISH = "finish"
    START = "start"
    SMALLEST = "smallest"


class Holds(StrEnum):
    """Which constraints keep early dates where they say, against the links if need be."""

    NONE = "none"
    MUST = "must"  # must start, must finish: Primavera's mandatory ones
    ALL = "all"  # "not after" and "on" as well: Microsoft Project's


MUSTS = frozenset({Constraint.MUST_START, Constraint.MUST_FINISH})
LIMITS = MUSTS | {
    Constraint.START_ON, Constraint.FINISH_ON, Constraint.START_NOT_AFTER, Constraint.FINISH_NOT_AFTER,
}  # fmt: skip
HELD: dict[str, frozenset[Constraint]] = {Holds.NONE: frozenset(), Holds.MUST: MUSTS, Holds.ALL: LIMITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One set of conventions. `critical_at`: total float, in minutes, up to which an activity is critical.

    `hard_limits`: "not after" and "on" constraints pull early dates in, against the links if need be.
    `links_win`: with `hard_limits`, such a constraint gives way to a link that asks for a later date.
    `lag_from_actual`: the lag of an SS link runs from the actual start, not from what is left.
    `open_ends_critical`: what nothing follows must finish when it can, instead of when the plan does.
    `holds`: in the plain convention, what the two tools do each in their own way.
    `use_expected_finish`: it takes the place of what is left, in Primavera's convention.
    `from_finish`: Microsoft Project counts the dates back from the finish the plan must keep.
    """

    name: str
    lag_calendar: LagCalendar
    progress: Progress = Progress.RETAINED_LOGIC
    float_of: Float = Float.FINISH
    critical_at: int = 0
    critical_longest: bool = False
    open_ends_critical: bool = False
    lag_from_actual: bool = False
    hard_limits: bool = False
    links_win: bool = False
    holds: Holds = Holds.NONE
    use_expected_finish: bool = False
    from_finish: bool = False

    @property
    def retained(self) -> bool:
        """What has begun still waits for its links."""
        return self.progress != Progress.OVERRIDE

    @property
    def held(self) -> Holds:
        """Which constraints win over links by this convention."""
        if self.name == "p6":
            return Holds.MUST
        if self.hard_limits:
            return Holds.NONE if self.links_win else Holds.ALL
        return self.holds

    @property
    def for_trials(self) -> dict[str, object]:
        """What the trials, which follow the plain convention, can take over from this one: plan options. In
        Microsoft Project what has begun waits for nothing.
        """
        progress = Progress.OVERRIDE if self.hard_limits else self.progress
        return {
            "lag_calendar": self.lag_calendar, "progress": progress, "critical_at": self.critical_at,
            "holds": self.held,
        }  # fmt: skip

    def stands_late(self, row: Activity) -> bool:
        """Microsoft Project shows the late dates of the activity: what is to be as late as possible and has
        not begun, and in a plan from its finish everything else that may be so.
        """
        fixed = row.manual is not None or row.external is not None or row.actual_start is not None
        if fixed or not self.hard_limits:
            return False
        if self.from_finish:
            return row.constraint != Constraint.ASAP
        return row.constraint == Constraint.ALAP


TORAP = Profile(name="torap", lag_calendar=LagCalendar.PREDECESSOR)
MSPROJECT = Profile(
    name="msproject",
    lag_calendar=LagCalendar.SUCCESSOR,
    float_of=Float.SMALLEST,
    hard_limits=True,
)
P6 = Profile(name="p6", lag_calendar=LagCalendar.PREDECESSOR, use_expected_finish=True)
PROFILES = {profile.name: profile for profile in (TORAP, MSPROJECT, P6)}


def profile_of(plan: Plan, name: str) -> Profile:
    """The conventions of that name, with what the plan's own file says of how it was scheduled."""
    if name not in PROFILES:
        raise EngineInputError("profile_unknown", where=name, known=sorted(PROFILES))
    profile = PROFILES[name]
    known: dict[str, Any] = {
        key: value for key, value in plan.options.items() if key in Profile.__dataclass_fields__
    }
    if plan.must_finish is None:
        known.pop("from_finish", None)  # there is nothing to count back from
    return replace(profile, **known) if known else profile
