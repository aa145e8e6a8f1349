"""Dates that constraints ask for and a plan cannot keep: in themselves, or because of what drives its dates.

`impossible` needs no dates: whatever the links do, no date keeps the constraints of one activity. `missed`
looks at the dates of a plan: a limit is passed, or kept against links that ask for a later date. Both tools
take such plans and show negative float, so neither is an error here: who reads a file decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from torap.engines.errors import EngineInputError
from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, Constraint, Kind, Plan
from torap.engines.schedule.profiles import HELD
from torap.engines.schedule.worktime import WorkTime

if TYPE_CHECKING:
    from torap.engines.schedule.dates import Row

C = Constraint
PLAN_FINISH = "plan_finish"  # the date the plan as a whole must finish by


class Bound(NamedTuple):
    """What a constraint holds: the start or the finish, from below, from above, or both."""

    of_start: bool
    below: bool
    above: bool


BOUNDS: dict[Constraint, Bound] = {
    C.START_NOT_BEFORE: Bound(True, True, False),
    C.START_NOT_AFTER: Bound(True, False, True),
    C.START_ON: Bound(True, True, True),
    C.MUST_START: Bound(True, True, True),
    C.FINISH_NOT_BEFORE: Bound(False, True, False),
    C.FINISH_NOT_AFTER: Bound(False, False, True),
    C.FINISH_ON: Bound(False, True, True),
    C.MUST_FINISH: Bound(False, True, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """Constraints of one activity that no date keeps. `code`: what they contradict.

    `constraint_impossible`: one another, whatever the duration; `constraints_and_duration`: one another with
    the duration; `constraint_before_actual_start`: the work began later; `constraint_before_plan`: even from
    the start of the plan on it comes later. `earliest`: the first date that could be kept instead, where one
    date is wrong. `second`: it is the second constraint that is wrong.
    """

    code: str
    activity: Activity
    asked: tuple[tuple[Constraint, int], ...]
    earliest: int | None = None
    second: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A date a plan does not keep. `stands`: where the activity starts or finishes instead, or, when the date
    is kept against its links (`against_links`), where these ask it to start.

    `minutes`: working minutes of its calendar between the two, above zero; `driver`, `driven_by`: as in Row.
    """

    id: str
    constraint: str
    at: int
    stands: int
    minutes: int
    against_links: bool
    driver: str
    driven_by: str


def impossible(plan: Plan) -> Iterator[Impossible]:
    """Every activity to be done whose constraints no date keeps, whatever the links ask for."""
    times: dict[str, WorkTime] = {}
    for row in plan.activities:
        asked = asked_of(row)
        if not asked or row.kind in {Kind.SUMMARY, Kind.LEVEL_OF_EFFORT} or not row.active:
            continue
        if row.actual_finish is not None:
            continue
        found = _by_clock(row, asked) or _begun_late(row, asked)
        if found is None and row.actual_start is None:
            found = _by_work(plan, row, asked, times)
        if found is not None:
            yield found


def asked_of(row: Activity) -> tuple[tuple[Constraint, int], ...]:
    """The constraints of an activity that name a date, with it."""
    pairs = ((row.constraint, row.constraint_at), (row.second, row.second_at))
    return tuple((kind, at) for kind, at in pairs if at is not None and kind in BOUNDS)


def _by_clock(row: Activity, asked: tuple[tuple[Constraint, int], ...]) -> Impossible | None:
    """One end is held behind a date by one constraint and before an earlier one by the other."""
    if len(asked) < 2:
        return None
    for (below, low), (above, high) in (asked, asked[::-1]):
        ends = BOUNDS[below].of_start, BOUNDS[above].of_start
        # A start after the latest finish is as impossible as a start after the latest start.
        if BOUNDS[below].below and BOUNDS[above].above and low > high and ends != (False, True):
            return Impossible(code="constraint_impossible", activity=row, asked=((below, low), (above, high)))
    return None


def _begun_late(row: Activity, asked: tuple[tuple[Constraint, int], ...]) -> Impossible | None:
    """The work began after it must have finished."""
    begun = row.actual_start
    for kind, at in asked:
        if begun is not None and not BOUNDS[kind].of_start and BOUNDS[kind].above and at < begun:
            return Impossible(
                code="constraint_before_actual_start", activity=row, asked=((kind, at),), earliest=begun,
                second=kind == row.second,
            )  # fmt: skip
    return None


def _by_work(
    plan: Plan, row: Activity, asked: tuple[tuple[Constraint, int], ...], times: dict[str, WorkTime]
) -> Impossible | None:
    """The same counted in working time, with the duration and the start of the plan."""
    name = row.calendar or plan.calendar
    if row.parts or name not in plan.calendars or not any(BOUNDS[kind].above for kind, _ in asked):
        return None
    try:
        if name not in times:
            times[name] = WorkTime(plan.calendars[name], plan.start, plan.start)
        return _in_time(plan, row, asked, times[name])
    except EngineInputError:
        return None  # of the calendar itself, which the passes tell


def _in_time(
    plan: Plan, row: Activity, asked: tuple[tuple[Constraint, int], ...], time: WorkTime
) -> Impossible | None:
    starts = [at if BOUNDS[kind].of_start else time.subtract(at, row.minutes) for kind, at in asked]
    lows = [at for at, (kind, _) in zip(starts, asked, strict=True) if BOUNDS[kind].below]
    highs = [at for at, (kind, _) in zip(starts, asked, strict=True) if BOUNDS[kind].above]
    if len(asked) > 1 and lows and time.between(min(highs), max(lows)) > 0:
        return Impossible(code="constraints_and_duration", activity=row, asked=asked)
    first = plan.start if row.milestone else time.next_start(plan.start)
    for start, (kind, at) in zip(starts, asked, strict=True):
        if BOUNDS[kind].above and time.between(start, first) > 0:
            earliest = first if BOUNDS[kind].of_start else time.add(first, row.minutes)
            return Impossible(
                code="constraint_before_plan", activity=row, asked=((kind, at),), earliest=earliest,
                second=kind == row.second,
            )  # fmt: skip
    return None


def missed(net: Network, rows: Mapping[str, Row]) -> tuple[Missed, ...]:
    """Every limit of a plan, whose passes are done, that its dates do not keep; last that of the plan."""
    found = [one for row in net.plan.activities if row.id in rows for one in _missed(net, row, rows)]
    return (*found, *_plan_finish(net, rows))


def _missed(net: Network, row: Activity, rows: Mapping[str, Row]) -> Iterator[Missed]:
    asked = asked_of(row)
    if net.profile.hard_limits:
        asked = asked[:1] if row.constraint_at is not None else ()  # Microsoft Project has no second one
        if row.manual is not None or row.external is not None:
            return
    if not asked or _over(net, row) or row.kind == Kind.LEVEL_OF_EFFORT:
        return
    dates, time = rows[row.id], net.calendar(row)
    for kind, at in asked:
        bound = BOUNDS[kind]
        if not bound.above or (bound.of_start and row.actual_start is not None):
            continue
        stands = dates.start if bound.of_start else dates.finish
        late = time.between(at, stands)
        if late > 0:
            yield Missed(
                id=row.id, constraint=str(kind), at=at, stands=stands, minutes=late, against_links=False,
                driver=dates.driver, driven_by=dates.driven_by or _last_part(net, row, rows),
            )  # fmt: skip
        elif _against(net, row, kind):
            late, by = net.dates[row.id].pushed, net.dates[row.id].pushed_by
            yield Missed(
                id=row.id, constraint=str(kind), at=at, stands=time.next_start(time.add(dates.start, late)),
                minutes=late, against_links=True, driver="link", driven_by=by,
            )  # fmt: skip
            return


def _against(net: Network, row: Activity, kind: Constraint) -> bool:
    """The date is kept because the constraint wins over a link that asks for a later one."""
    held = kind in HELD[net.profile.held] and not net.profile.from_finish
    return held and row.id in net.dates and net.dates[row.id].pushed > 0


def _over(net: Network, row: Activity) -> bool:
    """Finished, or switched off: nothing can be missed any more."""
    if not row.active or row.actual_finish is not None:
        return True
    if row.kind != Kind.SUMMARY:
        return False
    return all(net.activities[name].actual_finish is not None for name in net.below(row.id))


def _last_part(net: Network, row: Activity, rows: Mapping[str, Row]) -> str:
    """What ends last below a summary."""
    below = [rows[name] for name in net.below(row.id)] if row.kind == Kind.SUMMARY else []
    return max(below, key=lambda one: one.finish).id if below else ""


def _plan_finish(net: Network, rows: Mapping[str, Row]) -> Iterator[Missed]:
    """The date the plan must finish by, with what finishes last."""
    at = net.plan.must_finish
    left = [rows[name] for name in net.order if net.activities[name].actual_finish is None]
    if at is None or net.profile.from_finish or not left:
        return
    last = max(left, key=lambda one: one.finish)
    late = net.calendar(net.activities[last.id]).between(at, last.finish)
    if late > 0:
        yield Missed(
            id=last.id, constraint=PLAN_FINISH, at=at, stands=last.finish, minutes=late, against_links=False,
            driver=last.driver, driven_by=last.driven_by,
        )  # fmt: skip


__all__ = ["BOUNDS", "PLAN_FINISH", "Bound", "Impossible", "Missed", "asked_of", "impossible", "missed"]
