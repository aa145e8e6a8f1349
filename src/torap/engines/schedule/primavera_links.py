"""What a link asks in Primavera P6's convention, by how far its two ends have come.

A link out of something done asks from the data date on; a positive lag that began to pass before the data
date is shorter by what has passed of it; a negative lag never reaches back behind the data date.
"""

from __future__ import annotations

from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import MILESTONES, Activity, Link, LinkType
from torap.engines.schedule.profiles import Progress


def next_start(net: Network, row: Activity, at: int) -> int:
    """The next instant the activity can start."""
    if row.actual_finish is not None:
        return at
    return min(time.next_start(at) for time in net.times_of(row))


def same_finish(net: Network, row: Activity, at: int) -> int:
    """The end of the shift before `at` when no work lies between."""
    return max(time.same_finish(at) for time in net.times_of(row))


def same_start(net: Network, row: Activity, at: int) -> int:
    """The beginning of the shift after `at` when no work lies between."""
    return min(time.same_start(at) for time in net.times_of(row))


def pushed(net: Network, row: Activity, link: Link) -> tuple[int, int | None]:
    """(start the link asks of its successor `row`, finish where it names one)."""
    earlier = net.activities[link.predecessor]
    if link.type == LinkType.FS:
        return _finish_start(net, row, earlier, link), None
    if link.type == LinkType.SS:
        return _start_start(net, row, earlier, link), None
    if link.type == LinkType.FF:
        return _finish_finish(net, row, earlier, link)
    return _start_finish(net, row, earlier, link)


def _lagged(net: Network, link: Link, at: int, *, less: int = 0) -> int:
    moved = net.lag(link, at, less=less)
    return max(moved, min(at, net.data_date)) if net.lag_minutes(link) < 0 else moved


def _passed(net: Network, link: Link, since: int | None) -> int:
    """Minutes of the lag that passed from `since` to the data date."""
    if since is None or since > net.data_date:
        return 0
    return net.lag_time(link).between(since, net.data_date)


def _rest_of_lag(net: Network, link: Link, at: int, passed: int) -> int:
    """`at` and what is left of a positive lag."""
    lag = net.lag_minutes(link)
    return _lagged(net, link, at, less=passed) if lag > passed else at


def _finish_start(net: Network, row: Activity, earlier: Activity, link: Link) -> int:
    at = net.dates[earlier.id].early_finish
    if earlier.actual_finish is None:
        return _lagged(net, link, at)
    if row.actual_finish is not None:
        return at
    return _rest_of_lag(net, link, at, max(_passed(net, link, earlier.actual_finish), 0))


def _start_start(net: Network, row: Activity, earlier: Activity, link: Link) -> int:
    at = net.dates[earlier.id].early_start
    lag = net.lag_minutes(link)
    if earlier.actual_start is None:
        if lag == 0 and row.actual_start is None:
            return net.lag_time(link).next_start(at)
        return _lagged(net, link, at)
    if row.actual_finish is not None:
        return at
    if earlier.actual_finish is None:
        if net.profile.lag_from_actual and lag > 0:
            return max(_lagged(net, link, earlier.actual_start), at)
        return _rest_of_lag(net, link, at, earlier.actual) if lag > 0 and earlier.actual else at
    if row.actual_start is not None and lag <= 0:
        return at
    moved = _lagged(net, link, earlier.actual_start)
    behind = moved < net.data_date or (lag < 0 and moved == net.data_date)
    return at if behind else moved


def _finish_finish(net: Network, row: Activity, earlier: Activity, link: Link) -> tuple[int, int | None]:
    at = net.dates[earlier.id].early_finish
    lag = net.lag_minutes(link)
    if earlier.actual_finish is not None:
        if row.actual_finish is not None:
            return at, None
        return net.start_of_left(row, _lagged(net, link, earlier.actual_finish)), None
    ends = _lagged(net, link, at)
    start = net.start_of_left(row, ends)
    if lag >= 0 and not net.calendar(row).touches(ends):
        return start, same_start(net, row, ends)
    if earlier.actual_start is not None or row.actual_start is not None or lag > 0:
        return start, None
    return start, ends


def _start_finish(net: Network, row: Activity, earlier: Activity, link: Link) -> tuple[int, int | None]:
    at = net.dates[earlier.id].early_start
    lag = net.lag_minutes(link)
    if row.actual_start is None:
        start = _lagged(net, link, net.start_from(row, at, row.minutes))
        if earlier.actual_start is None:
            return start, (_lagged(net, link, at) if start > net.data_date else None)
        if earlier.actual_finish is None:
            start = min(start, net.data_date)
        return start, None
    if earlier.actual_start is None:
        if row.actual_finish is not None:
            return _lagged(net, link, at), None
        ends = _lagged(net, link, at) if lag > 0 else net.finish_from(row, row.actual_start, row.minutes)
        return net.start_of_left(row, ends), None
    if row.actual_finish is not None:
        return min(_lagged(net, link, at), net.data_date) if lag else at, None
    passed = _passed(net, link, earlier.actual_start)
    if lag > passed:
        return net.start_of_left(row, _lagged(net, link, at, less=passed)), None
    return at, None


def pulled(net: Network, row: Activity, link: Link) -> tuple[int | None, int]:
    """(late start the link names for its predecessor `row`, where it names one; late finish it allows)."""
    later = net.activities[link.successor]
    if link.type == LinkType.FS:
        return None, _before_start(net, row, later, link)
    if link.type == LinkType.FF:
        return None, _before_finish(net, row, later, link)
    if link.type == LinkType.SS:
        return _before_its_start(net, row, later, link)
    return _start_before_finish(net, row, later, link)


def binds_back(net: Network, link: Link) -> bool:
    """Whether what follows still holds its predecessor back: under progress override, what has begun does not
    by its start, nor what is finished at all; nor does what is finished where actual dates count.
    """
    later = net.activities[link.successor]
    if net.profile.progress == Progress.ACTUAL:
        return later.actual_finish is None
    if net.profile.progress != Progress.OVERRIDE or later.actual_start is None:
        return True
    return later.actual_finish is None and link.type in {LinkType.FF, LinkType.SF}


def _unlagged(net: Network, link: Link, at: int, *, less: int = 0) -> int:
    return net.lag(link, at, back=True, less=less)


def _rest_back(net: Network, link: Link, at: int, since: int | None) -> int:
    """`at` less what is left of a positive lag that runs since `since`."""
    lag, passed = net.lag_minutes(link), max(_passed(net, link, since), 0)
    return _unlagged(net, link, at, less=passed) if lag > passed else at


def _before_start(net: Network, row: Activity, later: Activity, link: Link) -> int:
    at = net.dates[later.id].late_start
    lag = net.lag_minutes(link)
    under_way = later.actual_start is not None and later.actual_finish is None
    if row.actual_finish is not None:
        if under_way:
            return at if later.actual else _unlagged(net, link, at)
        return _rest_back(net, link, at, row.actual_finish) if lag > 0 else at
    if later.actual_finish is not None:
        return at
    if row.actual_start is not None:
        return at if under_way and lag <= 0 and later.actual else _unlagged(net, link, at)
    if lag == 0 and not under_way and not net.calendar(row).touches(at):
        return same_finish(net, row, at)
    return _unlagged(net, link, at)


def _before_finish(net: Network, row: Activity, later: Activity, link: Link) -> int:
    at = net.dates[later.id].late_finish
    if row.actual_finish is None:
        return _unlagged(net, link, at)
    under_way = later.actual_start is not None and later.actual_finish is None
    if under_way or net.lag_minutes(link) <= 0:
        return at
    return _rest_back(net, link, at, row.actual_finish)


def _before_its_start(net: Network, row: Activity, later: Activity, link: Link) -> tuple[int | None, int]:
    at = net.dates[later.id].late_start
    if row.actual_start is None:
        if later.actual_start is None:
            return _before_both_start(net, row, link, at)
        return None, net.finish_of_left(row, _unlagged(net, link, at))
    lag = net.lag_minutes(link)
    named: int | None = None
    if complete(row):
        under_way = later.actual_start is not None and not complete(later)
        start = _rest_back(net, link, at, row.actual_start) if lag > 0 and not under_way else at
    elif later.actual_start is not None and complete(later):
        start, named = at, (at if lag >= 0 else None)
    elif lag > 0 and net.profile.lag_from_actual:
        start = _rest_back(net, link, at, row.actual_start)
    elif lag > 0 and 0 < row.actual < lag:
        start = _unlagged(net, link, at, less=row.actual)
    else:
        start, named = at, (at if lag > 0 and later.actual_start is not None else None)
    return named, net.finish_of_left(row, start)


def _before_both_start(net: Network, row: Activity, link: Link, at: int) -> tuple[int | None, int]:
    lag = net.lag_minutes(link)
    named: int | None
    if lag == 0:
        time = net.calendar(row)
        start = at if time.touches(at) else _nearest(net, row, at)
        named = start
    else:
        moved = _unlagged(net, link, at)
        start, named = next_start(net, row, moved), (moved if lag < 0 else None)
    return named, net.finish_of_left(row, start)


def _nearest(net: Network, row: Activity, at: int) -> int:
    before, after = net.calendar(row).previous_finish(at), next_start(net, row, at)
    return before if at - before < after - at else after


def _start_before_finish(net: Network, row: Activity, later: Activity, link: Link) -> tuple[int | None, int]:
    at = net.dates[later.id].late_finish
    lag = net.lag_minutes(link)
    whole = net.finish_from(row, at, row.minutes)
    under_way = later.actual_start is not None and later.actual_finish is None
    if row.actual_start is None:
        named = _unlagged(net, link, at) if under_way and lag <= 0 else None
        return named, _unlagged(net, link, whole)
    if row.actual_finish is not None:
        return None, at if later.actual_finish is not None else _unlagged(net, link, whole)
    if under_way:
        return None, _unlagged(net, link, whole)
    rest = net.finish_of_left(row, at)
    if later.actual_finish is None:
        return (at if lag > 0 else None), rest
    passed = max(_passed(net, link, row.actual_start), 0)
    return None, _unlagged(net, link, whole, less=passed) if lag > passed else rest


def complete(row: Activity) -> bool:
    """Finished, or with nothing left to do."""
    return row.actual_finish is not None or (row.kind not in MILESTONES and row.left == 0)


def latest_start_before(net: Network, row: Activity, link: Link) -> int | None:
    """The latest early start of `row` that takes no float from what follows; None where no rule is known."""
    later = net.dates[link.successor]
    if link.type == LinkType.SS:
        return same_start(net, row, _unlagged(net, link, later.early_start))
    if link.type == LinkType.FF:
        return net.start_of_left(row, _unlagged(net, link, later.early_finish))
    if link.type == LinkType.SF:
        return None
    start = _unlagged(net, link, net.start_of_left(row, later.early_start))
    waiting = row.actual_start is None and net.activities[link.successor].actual_start is None
    return same_start(net, row, start) if waiting and not net.calendar(row).touches(start) else start
