"""Dates of a plan: the earliest and latest of every activity, its float, and what drives it.

`schedule` lets the convention pass forward and backward (`plain`, `microsoft`, `backwards`, `primavera`),
then adds levels of effort, floats, the critical path and summaries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from torap.engines.errors import EngineInputError
from torap.engines.schedule import backwards, effort, microsoft, plain, primavera, tenths
from torap.engines.schedule.floats import ends, free_float, total_float
from torap.engines.schedule.limits import Missed, missed
from torap.engines.schedule.network import Dates, Network
from torap.engines.schedule.plan import Activity, Kind, Plan
from torap.engines.schedule.profiles import Profile, profile_of

PASSES: dict[str, Callable[[Network], None]] = {
    "torap": plain.passes,
    "msproject": microsoft.passes,
    "p6": primavera.passes,
}
TIME_LIMIT = 1_900 * 366 * 1440  # minutes on either side of the epoch; a date beyond it is a slip of the pen


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Dates of one activity in minutes since the epoch; `start`, `finish`: what happened, else the early
    dates.

    Early and late dates are of what is left to do. Floats are working minutes of the activity's calendar,
    None
    where nothing is left that could move. `driver`: plan, data_date, actual, constraint, levelling, resume,
    manual, external, or the type of the link that decides the start; `driven_by`: its predecessor.
    """

    id: str
    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int | None
    free_float: int | None
    critical: bool
    driver: str
    driven_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Rows of a plan by the id of their activity, in the plan's order; `finish` of the plan as a whole.

    `missed`: limits that these dates do not keep, or keep against links.
    """

    rows: dict[str, Row]
    finish: int
    profile: Profile
    missed: tuple[Missed, ...] = ()


def schedule(plan: Plan, *, profile: str = "torap") -> Schedule:
    """Dates of every activity by one convention. EngineInputError names what cannot be scheduled."""
    rules = profile_of(plan, profile)
    if rules.hard_limits and tenths.needed(plan):
        fine = replace(rules, critical_at=rules.critical_at * tenths.SCALE)
        found = _scheduled(tenths.finer(plan), fine, ticks=tenths.SCALE)
        return replace(tenths.coarser(found), profile=rules)
    return _scheduled(plan, rules)


def _scheduled(plan: Plan, rules: Profile, *, ticks: int = 1) -> Schedule:
    """Both passes and all that follows from them; durations and instants in `ticks` of a minute."""
    net = Network(plan, rules, ticks=ticks)
    _pass(net)
    longest = _longest_path(net) if rules.critical_longest else None
    rows = {name: _row(net, row, longest) for name, row in net.activities.items()}
    if rules.hard_limits:
        rows |= {row.id: _inactive(net, row) for row in plan.activities if _set_aside(row)}
    rows |= _summaries(net, rows)
    ordered = {row.id: rows[row.id] for row in plan.activities if row.id in rows}
    for one in ordered.values():
        limit = TIME_LIMIT * ticks
        if not -limit < min(one.start, one.late_start) <= max(one.finish, one.late_finish) < limit:
            raise EngineInputError("date_out_of_range", where=one.id, years=TIME_LIMIT // (366 * 1440))
    return Schedule(rows=ordered, finish=net.finish, profile=rules, missed=missed(net, ordered))


def _pass(net: Network) -> None:
    """Both passes; a calendar that is asked for an age that never comes names the activity that asks."""
    try:
        if backwards.applies(net):
            backwards.passes(net)
        else:
            PASSES[net.profile.name](net)
        effort.passes(net)
    except EngineInputError as error:
        if error.code != "time_out_of_range":
            raise
        raise EngineInputError(error.code, where=error.where, activity=net.asked, **error.params) from None


def _set_aside(row: Activity) -> bool:
    return not row.active and row.kind != Kind.SUMMARY


def _inactive(net: Network, row: Activity) -> Row:
    """A task made inactive keeps dates in Microsoft Project, and moves and spans nothing."""
    if backwards.applies(net):
        backwards.aside(net, row)
    else:
        microsoft.aside(net, row)
    return replace(_row(net, row, None), critical=False)


def _summaries(net: Network, rows: dict[str, Row]) -> dict[str, Row]:
    """Rows of the summaries with something below them."""
    found = {}
    for row in net.plan.activities:
        if row.kind == Kind.SUMMARY and row.active:
            below = [rows[name] for name in net.below(row.id)]
            if below:
                below = [
                    _where_it_stands(one)
                    if net.activities[one.id].manual and net.profile.hard_limits
                    else one
                    for one in below
                ]
                spans = _where_put(_summary(row, below), net.anchors.get(row.id))
                found[row.id] = _as_tools_show(net, spans, below) if net.profile.name != "torap" else spans
    return found


def why(result: Schedule, name: str) -> list[tuple[str, str]]:
    """The chain that decides the start of an activity, from it back to a date: (activity, what drives it)."""
    chain: list[tuple[str, str]] = []
    seen: set[str] = set()
    while name and name not in seen:
        seen.add(name)
        row = result.rows[name]
        chain.append((name, row.driver))
        name = row.driven_by
    return chain


def _row(net: Network, row: Activity, longest: set[str] | None) -> Row:
    dates = net.dates[row.id]
    slack = total_float(net, row)
    critical = row.id in longest if longest is not None else _critical(net, row, slack)
    late = net.profile.stands_late(row)
    begins, ends = (dates.late_start, dates.late_finish) if late else (dates.early_start, dates.early_finish)
    shown_begun = (
        net.profile.hard_limits
    )  # Microsoft Project shows a begun task's start as its late start too
    start = row.actual_start if row.actual_start is not None else begins
    finish = row.actual_finish if row.actual_finish is not None else ends
    if row.manual is not None and net.profile.hard_limits:
        start, finish = row.manual  # also where other days were worked
    return Row(
        id=row.id,
        start=start,
        finish=finish,
        early_start=dates.early_start,
        early_finish=dates.early_finish,
        late_start=row.actual_start if shown_begun and row.actual_start is not None else dates.late_start,
        late_finish=dates.late_finish,
        total_float=slack,
        free_float=free_float(net, row),
        critical=critical,
        driver=str(dates.driver),
        driven_by=dates.driven_by,
    )


def _critical(net: Network, row: Activity, slack: int | None) -> bool:
    """Float up to the limit, on something that is still to be done; in a plan from its finish, whose late
    dates no deadline moves, also what does not end before its deadline.
    """
    if slack is None or row.actual_finish is not None or row.undated:
        return False
    missed = backwards.applies(net) and row.deadline is not None and row.deadline <= ends(net, row)
    return slack <= net.profile.critical_at or missed


def _longest_path(net: Network) -> set[str]:
    """What drives the last finish, back along the driving links."""
    last = max((net.dates[name].early_finish for name in net.order), default=0)
    todo = [name for name in net.order if net.dates[name].early_finish == last]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name and name not in found:
            found.add(name)
            alike = net.profile.name == "p6"
            todo += primavera.drivers(net, net.activities[name]) if alike else [net.dates[name].driven_by]
    return found


def _summary(row: Activity, below: Iterable[Row]) -> Row:
    """A summary spans what lies below it."""
    rows = list(below)
    slacks = [one.total_float for one in rows if one.total_float is not None]
    return Row(
        id=row.id,
        start=min(one.start for one in rows),
        finish=max(one.finish for one in rows),
        early_start=min(one.early_start for one in rows),
        early_finish=max(one.early_finish for one in rows),
        late_start=min(one.late_start for one in rows),
        late_finish=max(one.late_finish for one in rows),
        total_float=min(slacks, default=None),
        free_float=None,
        critical=any(one.critical for one in rows),
        driver="parts",
    )


def _where_it_stands(row: Row) -> Row:
    """A manual task counts in its summary as it stands, in late dates too."""
    return replace(row, late_start=row.start, late_finish=row.finish)


def _where_put(row: Row, anchor: Activity | None) -> Row:
    """A manual summary has the dates it was given, and is never later than what lies below it."""
    if anchor is None or anchor.manual is None:
        return row
    start, finish = anchor.manual
    return replace(
        row,
        start=start,
        finish=finish,
        early_start=start,
        early_finish=finish,
        late_start=max(start, row.late_start),
        late_finish=max(finish, row.late_finish),
        driver="manual",
    )


def _as_tools_show(net: Network, row: Row, below: Iterable[Row]) -> Row:
    """Both tools count a summary's float between its own ends: P6, and Microsoft Project once it has begun,
    of the finish; before that, of the end with less.
    """
    parts = [net.activities[one.id] for one in below]
    time = net.calendar(net.everything[row.id])
    slack = time.between(row.early_finish, row.late_finish)
    if net.profile.hard_limits and not any(part.actual_start is not None for part in parts):
        slack = min(slack, time.between(row.early_start, row.late_start))
    if all(part.actual_finish is not None for part in parts):
        return replace(row, total_float=0 if net.profile.hard_limits else None, critical=False)
    critical = slack <= net.profile.critical_at and not net.everything[row.id].undated
    return replace(row, total_float=slack, critical=critical)


__all__ = ["Dates", "Row", "Schedule", "schedule", "why"]
