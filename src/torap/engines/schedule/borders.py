"""Clusters of a network, and the dates at their borders: what a change need not compute again.

Activities stand in files project by project, so a cluster is a run of neighbours, cut where the fewest links
pass. Of every trial the dates are kept that a link from another cluster reads: early ones of its predecessor,
late ones of its successor. With them a cluster is passed through by itself, exactly as in the whole network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from torap.engines.compiling import inner
from torap.engines.lanes import LANES
from torap.engines.schedule.clocks import ALWAYS, HORIZON
from torap.engines.schedule.program import DIRECT, DONE, Program
from torap.engines.schedule.rows import LOWEST

SMALL, LARGE = 32, 128  # activities of a cluster
NEAR = 4 * LARGE  # links farther than that do not decide where to cut


class Crossings(NamedTuple):
    """Links between clusters."""

    ahead: np.ndarray  # places of links that read early dates across a border
    back: np.ndarray  # places of links that read late dates across a border


def clusters_of(program: Program) -> np.ndarray:
    """The cluster of each node: (N,) int32."""
    count = len(program.columns.ids)
    whose = program.nodes.activity.astype(np.int64)
    hidden = whose[program.links.source] < 0
    whose[program.links.source[hidden]] = whose[program.links.before[hidden]]
    a, b = whose[program.links.before], whose[program.links.after]
    first, last = np.minimum(a, b), np.maximum(a, b)
    near = last - first <= NEAR
    opened = np.bincount(first[near] + 1, minlength=count + 2)
    closed = np.bincount(last[near] + 1, minlength=count + 2)
    passing = np.cumsum(opened - closed)  # links that pass the cut before each activity
    cluster, begin, number = np.zeros(count, np.int32), 0, 0
    while begin < count:
        window = passing[begin + SMALL : min(begin + LARGE, count) + 1]
        end = begin + SMALL + int(np.argmin(window)) if len(window) else count
        if count - end < SMALL:
            end = count
        cluster[begin:end] = number
        begin, number = end, number + 1
    found: np.ndarray = cluster[np.maximum(whose, 0)]
    return found


def crossings_of(program: Program, cluster: np.ndarray) -> Crossings:
    """Which links pass between clusters."""
    links = program.links
    across = cluster[links.before] != cluster[links.after]
    return Crossings(np.flatnonzero(across), np.flatnonzero(across & links.pulls))


KINDS = ("start", "finish", "at", "late_start", "late_finish", "late_at")  # of dates, as Block names them


def read_across(program: Program, crossings: Crossings) -> dict[str, np.ndarray]:
    """Of which nodes links between clusters read which dates: kind -> nodes, rising."""
    links, frame = program.links, program.nodes.frame
    source, end = links.source[crossings.ahead], links.end[crossings.ahead]
    after, to = links.after[crossings.back], links.to[crossings.back]
    far = (to == 0) & (links.clock[crossings.back] != DIRECT) & (frame[after] != ALWAYS)
    found = {
        "start": source[end == 0], "finish": source[end == 1],
        "at": source[(end == 1) & (frame[source] != ALWAYS)],
        "late_start": after[to == 0], "late_finish": after[to == 1], "late_at": after[far],
    }  # fmt: skip
    return {kind: np.unique(nodes) for kind, nodes in found.items()}


def enders_of(program: Program) -> np.ndarray:
    """Nodes of which one always carries the plan's finish: those that no successor is sure to outlast."""
    nodes, links = program.nodes, program.links
    outlasted = (
        (links.end == 1) & (links.percent == 0) & (links.lag >= 0) & (nodes.branch[links.after] < 0)
        & (nodes.mode[links.after] != DONE)
        & (np.minimum(nodes.held, nodes.held_finish)[links.after] >= HORIZON)
    )  # fmt: skip
    ends = nodes.activity >= 0
    ends[links.before[outlasted & (links.to == 0)]] = False
    return np.flatnonzero(ends)


class Edges(NamedTuple):
    """What kernels need of dates at borders: R rows of dates, n of them given, m of the own, S trials in H
    granules. Kinds are places in KINDS; rows are empty where a plan has no borders.
    """

    dates: np.ndarray  # (H, R, LANES) int32: what a granule needs lies together
    given_kind: np.ndarray  # (n,) int8
    given_row: np.ndarray  # (n,) int64
    given_node: np.ndarray  # (n,) int64
    own_kind: np.ndarray  # (m,) int8
    own_row: np.ndarray  # (m,) int64
    own_node: np.ndarray  # (m,) int64
    changed: np.ndarray  # (R,) bool: of a part: rows that came out another
    differs: np.ndarray  # (H,) bool: of a part: granules in which some did
    enders: np.ndarray  # (E,) int64: of the whole: nodes that may carry the plan's finish
    last: np.ndarray  # (S,) int32: of the whole: the one that does
    part: bool


def no_edges() -> Edges:
    """Of a plan whose borders nobody asks for."""
    none, kinds, flags = np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.bool_)
    return Edges(
        np.zeros((0, 0, LANES), np.int32), kinds, none, none, kinds, none, none, flags, flags, none,
        np.zeros(0, np.int32), False,
    )  # fmt: skip


@inner
def _rows_of(block: Any, kind: Any) -> Any:
    """The dates of a kind of all nodes of a block."""
    if kind == 0:
        return block.start
    if kind == 1:
        return block.finish
    if kind == 2:
        return block.at
    if kind == 3:
        return block.late_start
    if kind == 4:
        return block.late_finish
    return block.late_at


@inner
def give_rows(edges: Edges, block: Any, granule: Any, live: Any) -> None:
    """Fill in the dates of a part's neighbours in the `live` trials of a granule."""
    for i in range(edges.given_node.size):
        own = _rows_of(block, edges.given_kind[i])[edges.given_node[i]]
        dates = edges.dates[granule, edges.given_row[i]]
        for k in range(live):
            own[k] = dates[k]


@inner
def keep_rows(edges: Edges, block: Any, nodes: Any, granule: Any, live: Any) -> None:
    """Keep the dates of a granule of the whole, or say of a part's which differ from those that are kept."""
    for i in range(edges.own_node.size):
        own, place = _rows_of(block, edges.own_kind[i])[edges.own_node[i]], edges.own_row[i]
        dates, differs = edges.dates[granule, place], np.int32(0)
        if edges.part:
            for k in range(live):
                differs |= own[k] ^ dates[k]
        else:
            for k in range(live):
                dates[k] = own[k]
        if differs != 0:
            edges.changed[place], edges.differs[granule] = True, True
    if not edges.part and edges.enders.size > 0:
        _keep_last(edges, block, nodes, granule * LANES, live)


@inner
def _keep_last(edges: Edges, block: Any, nodes: Any, first: Any, live: Any) -> None:
    """Keep which node carries the plan's finish: the first of those that end last."""
    latest = np.full(LANES, LOWEST, np.int32)
    for k in range(live):
        edges.last[first + k] = edges.enders[0]
    for n in edges.enders:
        dates, branch = block.finish[n] if nodes.frame[n] == ALWAYS else block.at[n], nodes.branch[n]
        for k in range(live):
            if dates[k] > latest[k] and (branch < 0 or block.way[branch, k] == nodes.way[n]):
                latest[k], edges.last[first + k] = dates[k], n


@dataclass(frozen=True, kw_only=True)
class Borders:
    """Dates at borders in every trial. Of a whole network they are kept; of a part of one, those of its
    neighbours are given, and its own compared with what they were.

    `nodes`: kind -> nodes of the whole network whose dates `edges` has, in the order of KINDS.
    """

    cluster: np.ndarray  # (N,) int32
    nodes: dict[str, np.ndarray]
    least: np.ndarray  # (S,) int32: of a part: how late the rest of the plan ends
    edges: Edges

    @property
    def places(self) -> dict[str, slice]:
        """Kind -> its rows among those of `edges`."""
        ends = np.cumsum([len(self.nodes[kind]) for kind in KINDS]).tolist()
        return {kind: slice(end - len(self.nodes[kind]), end) for kind, end in zip(KINDS, ends, strict=True)}

    @property
    def changed(self) -> dict[str, np.ndarray]:
        """Of a part: kind -> (n,) bool: which dates came out others."""
        return {kind: self.edges.changed[own] for kind, own in self.places.items()}


def borders_of(program: Program, trials: int) -> Borders:
    """Room for the dates at the borders of all clusters."""
    cluster = clusters_of(program)
    nodes = read_across(program, crossings_of(program, cluster))
    count = sum(map(len, nodes.values()))
    edges = no_edges()._replace(
        dates=np.zeros((-(-trials // LANES), count, LANES), np.int32),
        own_kind=np.repeat(np.arange(len(KINDS)), [len(nodes[kind]) for kind in KINDS]).astype(np.int8),
        own_row=np.arange(count), own_node=np.concatenate([nodes[kind] for kind in KINDS]).astype(np.int64),
        enders=enders_of(program), last=np.zeros(trials, np.int32),
    )  # fmt: skip
    return Borders(cluster=cluster, nodes=nodes, least=np.full(trials, LOWEST, np.int32), edges=edges)


__all__ = [
    "KINDS",
    "Borders",
    "Crossings",
    "Edges",
    "borders_of",
    "clusters_of",
    "crossings_of",
    "give_rows",
    "keep_rows",
    "no_edges",
    "read_across",
]
