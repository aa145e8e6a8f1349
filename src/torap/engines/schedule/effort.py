"""Levels of effort: activities that last as long as others do, and drive nothing.

A level of effort starts with the earliest of what its links tie its start to, and ends with the latest of
what they tie its finish to, whichever side of the link it stands on.
"""

from __future__ import annotations

from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, LinkType

FROM_START = {LinkType.SS, LinkType.SF}  # the end of the predecessor that a link reads
TO_START = {LinkType.FS, LinkType.SS}  # the end of the successor that it binds


def passes(net: Network) -> None:
    """Dates of all levels of effort, after everything they may hang on."""
    waiting = [name for name in net.activities if name in net.efforts]
    for name in waiting:
        _dates(net, net.activities[name])


def _dates(net: Network, row: Activity) -> None:
    starts: list[tuple[int, int]] = []
    ends: list[tuple[int, int]] = []
    for link in net.of_effort[row.id]:
        back = link.predecessor == row.id
        other = net.dates[link.successor if back else link.predecessor]
        if link.type in (FROM_START if not back else TO_START):
            early, late = other.early_start, other.late_start
        else:
            early, late = other.early_finish, other.late_finish
        moved = net.lag(link, early, back=back), net.lag(link, late, back=back)
        (starts if link.type in (TO_START if not back else FROM_START) else ends).append(moved)
    dates, time = net.dates[row.id], net.calendar(row)
    early = min((pair[0] for pair in starts), default=net.data_date)
    dates.early_start = time.next_start(max(early, net.data_date))
    finish = max((pair[0] for pair in ends), default=early)
    dates.early_finish = max(time.same_finish(finish), dates.early_start)
    dates.late_finish = time.same_finish(max((pair[1] for pair in ends), default=net.finish))
    dates.late_start = min(
        time.next_start(min((pair[1] for pair in starts), default=dates.late_finish)), dates.late_finish
    )
    dates.driver = "neighbours"
