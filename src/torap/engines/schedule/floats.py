"""Float of an activity: how far it can move before the plan's end, or anything that follows it, moves."""

from __future__ import annotations

from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, Constraint, Kind, Link, LinkType
from torap.engines.schedule.profiles import Float

C = Constraint


def total_float(net: Network, row: Activity) -> int | None:
    """Working minutes between early and late dates, at the end the convention looks at; once finished, 0 for
    Microsoft Project and None otherwise: nothing is left that could move.
    """
    if row.actual_finish is not None:
        return 0 if net.profile.hard_limits else None
    if _stands_late(net, row):
        return 0
    dates, time = net.dates[row.id], net.calendar(row)
    finish = time.between(dates.early_finish, dates.late_finish) - dates.against
    if net.profile.float_of == Float.FINISH or row.actual_start is not None:
        return finish
    start = time.between(dates.early_start, dates.late_start) - dates.against
    return start if net.profile.float_of == Float.START else min(start, finish)


def _stands_late(net: Network, row: Activity) -> bool:
    """Microsoft Project gives no float to what is as late as possible."""
    return net.profile.hard_limits and row.actual_start is None and row.constraint == C.ALAP


def free_float(net: Network, row: Activity) -> int | None:
    """Working minutes until the nearest thing that follows would move; never negative; None once finished."""
    if row.actual_finish is not None or row.kind == Kind.LEVEL_OF_EFFORT:
        return None
    expected = row.expected_finish is not None and net.profile.name == "p6"
    if (expected or row.constraint == C.MUST_FINISH) and not net.profile.hard_limits:
        return 0
    gaps = [
        _gap(net, row, link)
        for link in net.after[row.id]
        if net.activities[link.successor].actual_finish is None
    ]
    if not gaps:
        if row.constraint in {C.MUST_START, C.MUST_FINISH} and not net.profile.hard_limits:
            return 0
        if net.profile.hard_limits:
            return max(total_float(net, row) or 0, 0)
        return max(net.calendar(row).between(net.dates[row.id].early_finish, net.finish), 0)
    return max(min(gaps), 0)


def _gap(net: Network, row: Activity, link: Link) -> int:
    """Working minutes that a link leaves between its two ends."""
    own, other = _stands(net, row), _stands(net, net.activities[link.successor])
    at = own[1] if link.type in {LinkType.FS, LinkType.FF} else own[0]
    to = other[0] if link.type in {LinkType.FS, LinkType.SS} else other[1]
    less = row.actual if link.type == LinkType.SS and net.lag_minutes(link) > 0 else 0
    less = min(less, net.lag_minutes(link)) if less else 0
    return net.calendar(row).between(net.lag(link, at, less=less), to)


def ends(net: Network, row: Activity) -> int:
    """The finish the plan shows."""
    return _stands(net, row)[1]


def _stands(net: Network, row: Activity) -> tuple[int, int]:
    """Start and finish as the plan shows them: late dates for what is held as late as possible."""
    dates = net.dates[row.id]
    if net.profile.stands_late(row):
        return dates.late_start, dates.late_finish
    return dates.early_start, dates.early_finish
