"""Levels of effort: activities that last as long as others do, and drive nothing.

A level of effort starts with the earliest of what its links tie its start to, and ends with the latest of
what they tie its finish to, whichever side of the link it stands on.
"""

from __future__ import annotations

from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, LinkType


def passes(net: Network) -> None:
    """Dates of all levels of effort, after everything they may hang on."""
    waiting = [name for name in net.activities if name in net.efforts]
    for name in waiting:
        _dates(net, net.activities[name])


def _dates(net: Network, row: Activity) -> None:
    starts: list[tuple[int, int]] = []
    ends: list[tuple[int, int]] = []
    for link in net.links:
        if link.successor == row.id and link.predecessor not in net.efforts:
            other = net.dates[link.predecessor]
            finishes = link.type in {LinkType.FS, LinkType.FF}
            pair = (
                (other.early_finish, other.late_finish) if finishes else (other.early_start, other.late_start)
            )
            moved = net.lag(link, pair[0]), net.lag(link, pair[1])
            (starts if link.type in {LinkType.FS, LinkType.SS} else ends).append(moved)
        elif link.predecessor == row.id and link.successor not in net.efforts:
            other = net.dates[link.successor]
            begins = link.type in {LinkType.FS, LinkType.SS}
            pair = (
                (other.early_start, other.late_start) if begins else (other.early_finish, other.late_finish)
            )
            moved = net.lag(link, pair[0], back=True), net.lag(link, pair[1], back=True)
            (starts if link.type in {LinkType.SS, LinkType.SF} else ends).append(moved)
    dates, time = net.dates[row.id], net.calendar(row)
    early = min((pair[0] for pair in starts), default=net.data_date)
    dates.early_start = time.next_start(max(early, net.data_date))
    dates.early_finish = max(
        time.same_finish(max((pair[1 - 1] for pair in ends), default=early)), dates.early_start
    )
    dates.late_finish = time.same_finish(max((pair[1] for pair in ends), default=net.finish))
    dates.late_start = min(
        time.next_start(min((pair[1] for pair in starts), default=dates.late_finish)), dates.late_finish
    )
    dates.driver = "neighbours"
