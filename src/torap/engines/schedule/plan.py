"""A schedule as it is read: activities, links, calendars. Instants and durations are whole minutes.

Nothing here computes; `order` sorts the activities so that whatever an activity waits for comes before it,
and names the loop when there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from torap.engines.errors import EngineInputError
from torap.engines.schedule.worktime import CalendarSpec


class LinkType(StrEnum):
    """Which end of the predecessor binds which end of the successor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class Kind(StrEnum):
    """What an activity is. A level of effort takes its dates from its neighbours, a summary from its
    parts.
    """

    TASK = "task"
    START_MILESTONE = "start_milestone"
    FINISH_MILESTONE = "finish_milestone"
    LEVEL_OF_EFFORT = "level_of_effort"
    SUMMARY = "summary"


class Constraint(StrEnum):
    """A date that an activity is held to."""

    ASAP = "asap"
    ALAP = "alap"
    START_NOT_BEFORE = "start_not_before"
    START_NOT_AFTER = "start_not_after"
    FINISH_NOT_BEFORE = "finish_not_before"
    FINISH_NOT_AFTER = "finish_not_after"
    START_ON = "start_on"
    FINISH_ON = "finish_on"
    MUST_START = "must_start"
    MUST_FINISH = "must_finish"


DATED = frozenset(Constraint) - {Constraint.ASAP, Constraint.ALAP}
SUMMARIES_LIMIT = 200  # levels
LOOP_SAID = 24  # names of a loop that are said
MILESTONES = frozenset({Kind.START_MILESTONE, Kind.FINISH_MILESTONE})


class LagUnit(StrEnum):
    """Whose time a lag is counted in: working time of the convention's calendar, the clock, or a share."""

    WORK = "work"
    ELAPSED = "elapsed"
    PERCENT = "percent"  # of the predecessor's duration, in hundredths of a percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Work a resource does within an activity, in its own calendar: minutes in all, done and left.

    `offset`: working minutes of the calendar between the start of the activity and that of the part.
    `tenths`: as of an activity.
    """

    calendar: str
    minutes: int
    actual: int = 0
    remaining: int = 0
    offset: int = 0
    tenths: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One row of a schedule. `minutes`: the duration in its calendar's working time; `remaining`: what is
    left.

    `parts` carry the work where resources decide the duration. `parent`: the id of the summary above it.
    `external`: dates another project gives it: both its own for Microsoft Project, the earliest start and the
    latest finish for Primavera. `undated`: a manual task nobody has given dates to; it is never critical.
    `tenths`: (field, tenths of a minute beyond its whole ones), where the file has some (`tenths`).
    """

    id: str
    name: str = ""
    kind: Kind = Kind.TASK
    calendar: str = ""
    minutes: int = 0
    remaining: int | None = None
    actual: int = 0
    parent: str = ""
    constraint: Constraint = Constraint.ASAP
    constraint_at: int | None = None
    second: Constraint = Constraint.ASAP
    second_at: int | None = None
    deadline: int | None = None
    actual_start: int | None = None
    actual_finish: int | None = None
    suspended_at: int | None = None
    resumed_at: int | None = None
    expected_finish: int | None = None
    levelling_delay: int = 0
    manual: tuple[int, int] | None = None
    active: bool = True
    external: tuple[int, int] | None = None
    parts: tuple[Part, ...] = ()
    undated: bool = False
    tenths: tuple[tuple[str, int], ...] = ()

    @property
    def left(self) -> int:
        """Minutes still to be done."""
        if self.actual_finish is not None:
            return 0
        return self.minutes if self.remaining is None else self.remaining

    @property
    def milestone(self) -> bool:
        """A point in time: a milestone by kind, or an activity without duration."""
        return self.kind in MILESTONES or (self.minutes == 0 and not self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`successor` waits for `predecessor`. `lag`: minutes, or hundredths of a percent when `unit` is
    percent; `lag_tenths` of a minute beyond it.
    """

    predecessor: str
    successor: str
    type: LinkType = LinkType.FS
    lag: int = 0
    unit: LagUnit = LagUnit.WORK
    lag_tenths: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A schedule. `start`: no activity begins before it; `data_date`: what lies before it has happened.

    `options`: what the file itself says of how it was scheduled, by the names of `profiles.Profile`.
    """

    start: int
    activities: tuple[Activity, ...]
    links: tuple[Link, ...] = ()
    calendars: Mapping[str, CalendarSpec] = field(default_factory=dict)
    calendar: str = ""
    data_date: int | None = None
    must_finish: int | None = None
    minutes_per_day: int = 480
    name: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


def check(plan: Plan) -> None:
    """Refuse a plan that cannot be scheduled; EngineInputError names the activity, link or calendar."""
    if plan.calendar not in plan.calendars:
        raise EngineInputError("calendar_unknown", where="plan", calendar=plan.calendar)
    seen: set[str] = set()
    for row in plan.activities:
        if row.id in seen:
            raise EngineInputError("activity_twice", where=row.id)
        seen.add(row.id)
        _check_activity(row, plan)
    for link in plan.links:
        where = f"{link.predecessor} -> {link.successor}"
        for end in (link.predecessor, link.successor):
            if end not in seen:
                raise EngineInputError("link_to_nothing", where=where, activity=end)
        if link.predecessor == link.successor:
            raise EngineInputError("loop", where=where, loop=[link.predecessor])
    holds = {row.id for row in plan.activities if row.kind == Kind.SUMMARY}
    for row in plan.activities:
        if row.parent and row.parent not in holds:
            code = "parent_not_summary" if row.parent in seen else "parent_unknown"
            raise EngineInputError(code, where=row.id, parent=row.parent)
    _check_parents(plan)
    _check_calendars(plan)


def _check_parents(plan: Plan) -> None:
    """No activity lies, through its summaries, below itself, or deeper than SUMMARIES_LIMIT."""
    parent = {row.id: row.parent for row in plan.activities}
    depth = {"": 0}
    for first in parent:
        path: list[str] = []
        name = first
        while name not in depth:
            if len(path) > SUMMARIES_LIMIT:
                code = "parent_loop" if name in path else "summaries_too_deep"
                raise EngineInputError(code, where=first, limit=SUMMARIES_LIMIT)
            path.append(name)
            name = parent[name]
        for below in reversed(path):
            depth[below] = depth[parent[below]] + 1
        if depth[first] > SUMMARIES_LIMIT:
            raise EngineInputError("summaries_too_deep", where=first, limit=SUMMARIES_LIMIT)


def _check_calendars(plan: Plan) -> None:
    """Every calendar that is used has working time in its week; an activity that uses it is named."""
    uses: dict[str, str] = {}
    for row in plan.activities:
        uses.setdefault(row.calendar or plan.calendar, row.id)
        for part in row.parts:
            uses.setdefault(part.calendar, row.id)
    uses.setdefault(plan.calendar, "")
    for key, name in uses.items():
        if not any(plan.calendars[key].week):
            where = plan.calendars[key].name or key
            raise EngineInputError("no_working_time", where=where, calendar=key, activity=name)


def _check_activity(row: Activity, plan: Plan) -> None:
    if row.calendar and row.calendar not in plan.calendars:
        raise EngineInputError("calendar_unknown", where=row.id, calendar=row.calendar)
    if row.minutes < 0:
        raise EngineInputError("duration_negative", where=row.id, minutes=row.minutes)
    if row.remaining is not None and row.remaining < 0:
        raise EngineInputError("remaining_negative", where=row.id, minutes=row.remaining)
    for constraint, at in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
        if constraint in DATED and at is None:
            raise EngineInputError("constraint_without_date", where=row.id, constraint=str(constraint))
    if row.actual_finish is not None and row.actual_start is None:
        raise EngineInputError("finished_without_start", where=row.id)
    if (
        row.actual_start is not None
        and row.actual_finish is not None
        and row.actual_finish < row.actual_start
    ):
        raise EngineInputError("finished_before_start", where=row.id)
    for part in row.parts:
        if part.calendar not in plan.calendars:
            raise EngineInputError("calendar_unknown", where=row.id, calendar=part.calendar)


def order(ids: Iterable[str], links: Iterable[tuple[str, str]]) -> list[str]:
    """`ids` so that each comes after what it waits for, otherwise as given; EngineInputError names a loop."""
    wanted = list(ids)
    after: dict[str, list[str]] = {name: [] for name in wanted}
    waiting = dict.fromkeys(wanted, 0)
    for before, later in links:
        after[before].append(later)
        waiting[later] += 1
    ready = [name for name in reversed(wanted) if not waiting[name]]
    found: list[str] = []
    while ready:
        name = ready.pop()
        found.append(name)
        for later in reversed(after[name]):
            waiting[later] -= 1
            if not waiting[later]:
                ready.append(later)
    if len(found) < len(wanted):
        left = [name for name in wanted if waiting[name]]
        loop = _loop(left, after)
        raise EngineInputError("loop", where=" -> ".join(shortened([*loop, loop[0]])), loop=loop)
    return found


def shortened(names: list[str]) -> list[str]:
    """The names of a loop as a person can read them: of a long one its beginning and its end."""
    if len(names) <= LOOP_SAID:
        return names
    return [*names[: LOOP_SAID - 5], "…", *names[-4:]]


def _loop(left: list[str], after: Mapping[str, list[str]]) -> list[str]:
    """One loop among the activities that wait for one another: back from any of them along what it waits
    for.
    """
    among = set(left)
    before = {later: name for name in left for later in after[name] if later in among}
    path: list[str] = []
    name = left[0]
    while name not in path:
        path.append(name)
        name = before[name]
    return path[path.index(name) :][::-1]
