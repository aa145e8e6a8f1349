"""Clusters of a network, and the dates at their borders: what a change need not compute again.

Activities stand in files project by project, so a cluster is a run of neighbours, cut where the fewest links
pass. Of every trial the dates are kept that a link from another cluster reads: early ones of its predecessor,
late ones of its successor. With them a cluster is passed through by itself, exactly as in the whole network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from torap.engines.lanes import LANES
from torap.engines.schedule.clocks import ALWAYS, HORIZON
from torap.engines.schedule.program import DIRECT, DONE, Program
from torap.engines.schedule.rows import LOWEST
from torap.engines.schedule.trial_kernels import Block

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


@dataclass(frozen=True, kw_only=True)
class Borders:
    """Dates at borders in every trial. Of a whole network they are noted; of a part of one, those of its
    neighbours are given, and its own compared with what they were.

    `nodes`, `rows`: kind -> nodes of the whole network and their dates (n, S) int32. `own`: kind -> places of
    the part's own among these, and its nodes there; `given`: the same of its neighbours.
    """

    cluster: np.ndarray  # (N,) int32
    nodes: dict[str, np.ndarray]
    rows: dict[str, np.ndarray]
    least: np.ndarray  # (S,) int32: of a part: how late the rest of the plan ends
    last: np.ndarray  # (S,) int32: of the whole: a node that carries the plan's finish
    enders: np.ndarray  # nodes that may carry it
    program: Program
    own: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    given: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    changed: dict[str, np.ndarray] = field(default_factory=dict)  # of a part: kind -> (n,) bool
    differs: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))  # of a part: (H,) granules
    part: bool = False

    def give(self, block: Block, granule: int, live: int) -> None:
        """Fill in the dates of the neighbours."""
        lanes = slice(granule * LANES, granule * LANES + live)
        for kind, (places, nodes) in self.given.items():
            getattr(block, kind)[nodes, :live] = self.rows[kind][places, lanes]

    def note(self, block: Block, granule: int, live: int) -> None:
        """Keep the dates of a granule, or say which of them differ from those that are kept."""
        lanes = slice(granule * LANES, granule * LANES + live)
        if self.part:
            for kind, (places, nodes) in self.own.items():
                differs = (getattr(block, kind)[nodes, :live] != self.rows[kind][places, lanes]).any(axis=1)
                if differs.any():
                    self.changed[kind][places[differs]] = True
                    self.differs[granule] = True
            return
        for kind, nodes in self.nodes.items():
            self.rows[kind][:, lanes] = getattr(block, kind)[nodes, :live]
        table, frame = self.program.nodes, self.program.nodes.frame[self.enders]
        dates = np.where(frame[:, None] == ALWAYS, block.finish[self.enders], block.at[self.enders])
        forked = np.flatnonzero(table.branch[self.enders] >= 0)
        other = block.way[table.branch[self.enders[forked]]] != table.way[self.enders[forked], None]
        dates[forked] = np.where(other, LOWEST, dates[forked])
        if len(dates):
            self.last[lanes] = self.enders[np.argmax(dates[:, :live], axis=0)]


def borders_of(program: Program, trials: int) -> Borders:
    """Room for the dates at the borders of all clusters."""
    cluster = clusters_of(program)
    nodes = read_across(program, crossings_of(program, cluster))
    return Borders(
        cluster=cluster, nodes=nodes,
        rows={kind: np.zeros((len(of), trials), np.int32) for kind, of in nodes.items()},
        least=np.full(trials, LOWEST, np.int32), last=np.zeros(trials, np.int32), enders=enders_of(program),
        program=program,
    )  # fmt: skip


__all__ = ["KINDS", "Borders", "Crossings", "borders_of", "clusters_of", "crossings_of", "read_across"]
