"""When a plot is due, and when it is ready: both follow from other things, for nobody promises it as such.

Its due day is that of its own milestone; else of an instruction that speaks of it; else of the place around
it. Without any of these no date was promised for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from torap.delivery.selectors.network_model import PLOT, SAID, SHOWN, NetworkLink, Node

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


def ready_plots(nodes: Mapping[str, Node], links: Iterable[NetworkLink]) -> dict[str, Node]:
    """The plots that wait for nothing any more, ready since the last of what they waited for: shown where all
    of that was shown, else said. A plot that waits for nothing known is not among them."""
    waits: dict[str, list[Node]] = {}
    for link in links:
        if link.after in nodes and nodes[link.after].kind == PLOT and link.before in nodes:
            waits.setdefault(link.after, []).append(nodes[link.before])
    found: dict[str, Node] = {}
    for key, rows in waits.items():
        days = [row.done_on for row in rows if row.done and row.done_on is not None]
        if len(days) == len(rows):
            by = SHOWN if all(row.done == SHOWN for row in rows) else SAID
            found[key] = replace(nodes[key], done=by, done_on=max(days))
    return found
