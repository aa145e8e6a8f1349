"""When a plot is due, and when it is ready: both follow from other things, for nobody promises it as such.

Its due day is that of its own milestone; else of an instruction that speaks of it; else of the place around
it. Without any of these no date was promised for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from torap.delivery.selectors.network_model import (
    FINISH_START,
    PLOT,
    SAID,
    SHOWN,
    NetworkLink,
    Node,
)

Grounds = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


def dated_plots(
    nodes: Mapping[str, Node], grounds: Grounds, asked: Mapping[str, Sequence[str]]
) -> dict[str, Node]:
    """The plots for which a date was promised, by key. `grounds`: the milestones that say a plot is built,
    and those of the place around; `asked`: the instructions that speak of a plot; keys each."""
    found: dict[str, Node] = {}
    for key, (own, around) in grounds.items():
        plot = nodes.get(key)
        if plot is None:
            continue
        for keys in (own, asked.get(key, ()), around):
            dated = _last_due((nodes[one] for one in keys if one in nodes), plot.invented)
            if dated is not None:
                found[key] = replace(
                    plot, due=dated.due, first_due=dated.first_due or dated.due, due_by=dated.key
                )
                break
    return found


def _last_due(rows: Iterable[Node], invented: bool) -> Node | None:
    """The one due last, for all of them must be there; None where none has a date, or all are of another
    reality than the plot."""
    dated = [row for row in rows if row.due is not None and row.invented == invented]
    return max(dated, key=lambda row: (row.due or dt.date.min, row.key), default=None)


def ready_plots(nodes: Mapping[str, Node], links: Iterable[NetworkLink], day: dt.date) -> dict[str, Node]:
    """The plots that wait for nothing any more by the day, ready since the last of what they waited for and
    its lag: shown where all of that was shown, else said.

    A plot that waits for nothing known is not among them, nor one with a link that says something else than
    that it follows an end.
    """
    waits: dict[str, list[NetworkLink]] = {}
    for link in links:
        if link.after in nodes and nodes[link.after].kind == PLOT and link.before in nodes:
            waits.setdefault(link.after, []).append(link)
    found: dict[str, Node] = {}
    for key, rows in waits.items():
        days = [_free_on(link, nodes[link.before], day) for link in rows]
        since = max((one for one in days if one is not None), default=None)
        if since is not None and since <= day and None not in days:
            by = SHOWN if all(nodes[link.before].done == SHOWN for link in rows) else SAID
            found[key] = replace(nodes[key], done=by, done_on=since)
    return found


def _free_on(link: NetworkLink, before: Node, day: dt.date) -> dt.date | None:
    """The day from which a link holds up nothing: the lag after what was reached, by the known day however
    roughly it was dated. None where that is not reached, or the link follows no end."""
    if link.type != FINISH_START or not before.done or before.done_on is None:
        return None
    return min(before.done_on, day) + dt.timedelta(days=link.lag_days)
