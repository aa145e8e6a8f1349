"""What moves a goal: drivers, risk events, branches, activities and owners, by what happened to it in the
trials.

The numbers a cause drew are computed again, since a random word depends on its name and its trial alone;
nothing of it is kept while the trials run. The first trials choose the activities worth the trouble, all
trials measure them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from torap.engines.compiling import kernel
from torap.engines.lanes import LANES, aligned
from torap.engines.schedule.blocks import SCREENED, TALLIED, Kept, Totals
from torap.engines.schedule.chance import (
    Chance,
    Drawn,
    drawn_of,
    durations_kernel,
    luck_of,
    part_of,
)
from torap.engines.schedule.executors import Executor, Threads, shared_out
from torap.engines.schedule.program import Program
from torap.engines.schedule.tails import SUMS, edges_kernel, sums_kernel, tails_kernel
from torap.engines.schedule.uncertain import DriverEffect

CANDIDATES = 60  # activities of a goal that are measured
SHOWN = 40  # activities, and risk events, of a goal that are told
TENTH = 10
BATCH = 16  # goals whose activities are computed again together
DRIVER_UNIT = np.float32(1 << 20)  # drivers are compared in parts of a standard deviation
WHOLE_BITS = 28  # of a cause, so that no sum of 64 products overflows


def upstream(program: Program) -> np.ndarray:
    """Nodes each goal waits for, itself included: (G, N) bool."""
    columns, nodes, links = program.columns, program.nodes, program.links
    reaches = np.zeros((len(columns.goals), len(nodes.mode)), np.bool_)
    below = {row: parts for row, parts in program.summaries}
    efforts = {row: program.effort_links[list(own)].ravel().tolist() for row, own in program.efforts}
    for g, goal in enumerate(columns.goals.tolist()):
        parts = below.get(goal, (goal,))
        around = [one for part in parts for one in efforts.get(part, (part,))]
        own = [int(program.node[one]) for one in around if program.node[one] >= 0]
        reaches[g, own] = True
    _reach_kernel(nodes.first_in, links.before, links.source, reaches)
    return reaches


@kernel
def _reach_kernel(first_in: np.ndarray, before: np.ndarray, source: np.ndarray, reaches: np.ndarray) -> None:
    for n in range(first_in.size - 2, -1, -1):
        for k in range(first_in[n], first_in[n + 1]):
            for g in range(reaches.shape[0]):
                if reaches[g, n]:
                    reaches[g, before[k]] = True
                    reaches[g, source[k]] = True


@kernel
def _happened_kernel(happened: np.ndarray, off: np.ndarray, first: Any, last: Any, sums: np.ndarray) -> None:
    """Sums of what goals `first` .. `last`-1 were off in the trials in which each risk event happened.

    `happened`: (bytes, R), eight trials a byte; `off`: (8 bytes, G) int64; `sums`: (G, R). The sums of all
    256 sets of eight trials are made first, so that a byte costs one look-up.
    """
    table = np.zeros(256, np.int64)
    for g in range(first, last):
        own = sums[g]
        for b in range(happened.shape[0]):
            sets = happened[b]
            for k in range(8):
                more = off[8 * b + k, g]
                for i in range(1 << k):
                    table[(1 << k) + i] = table[i] + more
            for r in range(own.size):
                own[r] += table[sets[r]]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What may have moved the goals: G goals and, last, the plan's finish."""

    program: Program
    chance: Chance
    drawn: Drawn
    finishes: np.ndarray  # (G+1, S) int32
    reaches: np.ndarray  # (G+1, N) bool: nodes each waits for
    chosen: dict[int, np.ndarray]  # goal -> nodes that are measured, in order of activity


def durations_of(chance: Chance, program: Program, wanted: np.ndarray, runner: Executor) -> np.ndarray:
    """Durations of nodes in every trial, drawn again, and in those beyond that fill the last granule:
    (len(wanted), S or more) int32.
    """
    nodes, granules = program.nodes, -(-chance.draw.trials // LANES)
    out = aligned((len(wanted), granules, LANES))
    own = part_of(chance, wanted)
    branch, own_way, none = nodes.branch[wanted], nodes.way[wanted], drawn_of(own)

    def draw(stretch: range) -> None:
        first, last = stretch.start, stretch.stop
        luck, way = luck_of(own), aligned((len(own.causes.fork_stream), LANES))
        durations_kernel(own, first, last, luck, way, branch, own_way, out, first, none, False)

    if len(wanted):
        shared_out(draw, granules, runner)
    found: np.ndarray = out.reshape(len(wanted), granules * LANES)
    return found


def moved_of(
    program: Program, chance: Chance, drawn: Drawn, reaches: np.ndarray, random: np.ndarray, totals: Totals,
    kept: Kept, wanted: Iterable[int] | None = None,
) -> Moved:  # fmt: skip
    """`wanted`: goals to be measured, len(reaches) for the plan's finish; none: all of them."""
    count = len(reaches)
    chosen = {
        g: _chosen_by_plan(program, random, totals, kept)
        if g == count
        else _chosen(program, random, totals, kept, reaches, g)
        for g in (range(count + 1) if wanted is None else wanted)
    }
    return Moved(
        program=program, chance=chance, drawn=drawn, chosen=chosen,
        finishes=np.concatenate([kept.goals[:count], kept.plan_finish[None]]),
        reaches=np.concatenate([reaches, np.ones((1, reaches.shape[1]), np.bool_)]),
    )  # fmt: skip


def _happened(happened: np.ndarray, off: np.ndarray, runner: Executor) -> tuple[np.ndarray, np.ndarray]:
    """In how many trials each risk event happened, and the sums of what goals were `off` (S, G) in them."""
    padded = np.zeros((LANES * happened.shape[1], off.shape[1] + 1), np.int64)
    padded[: len(off), 0], padded[: len(off), 1:] = 1, off
    sums = np.zeros((padded.shape[1], len(happened)), np.int64)
    told = np.ascontiguousarray(happened.view(np.uint8).T)

    def look(stretch: range) -> None:
        _happened_kernel(told, padded, stretch.start, stretch.stop, sums)

    shared_out(look, len(sums), runner)
    return sums[0], sums[1:].T


def effects_of(moved: Moved, runner: Executor) -> dict[int, tuple[DriverEffect, ...]]:
    """Effects on each goal that is measured; the workers of `runner` share them out."""
    goals = list(moved.chosen)
    off = moved.finishes[goals] - moved.finishes[goals, :1]
    counts, sums = _happened(moved.drawn.happened, off.T, runner)
    drivers = _Causes(np.rint(moved.drawn.drivers * DRIVER_UNIT).astype(np.int32), len(off[0]), runner)
    found: dict[int, tuple[DriverEffect, ...]] = {}
    for first in range(0, len(goals), BATCH):
        own = slice(first, first + BATCH)
        batch = _batch(moved, goals[own], drivers, counts, runner)
        found |= batch.effects(goals[own], off[own], sums[:, own], runner)
    return found


@dataclass(frozen=True)
class _Batch:
    """What goals measured together share: drivers, durations of the nodes `union`, and how often each risk
    event happened.
    """

    moved: Moved
    drivers: _Causes
    union: np.ndarray
    lengths: _Causes
    counts: np.ndarray

    def effects(
        self, goals: Sequence[int], off: np.ndarray, sums: np.ndarray, runner: Executor
    ) -> dict[int, tuple[DriverEffect, ...]]:
        """Effects on `goals`, which are `off` (G, S); `sums` (R, G) of that where a risk event happened."""
        found: dict[int, tuple[DriverEffect, ...]] = {}

        def look(places: range) -> None:
            for k in places:
                found[goals[k]] = self._of(goals[k], _Goal.of(off[k]), sums[:, k])

        shared_out(look, len(goals), runner)
        return found

    def _of(self, g: int, goal: _Goal, sums: np.ndarray) -> tuple[DriverEffect, ...]:
        own = np.searchsorted(self.union, self.moved.chosen[g])
        effects = _shared(self.moved, g, self.drivers, goal) + _own(self.moved, g, self.lengths, own, goal)
        effects += _risks(self.moved, g, self.counts, sums, goal)
        return tuple(sorted(effects, key=lambda one: (-_width(one), one.what, one.id)))


def _batch(
    moved: Moved, goals: Sequence[int], drivers: _Causes, counts: np.ndarray, runner: Executor
) -> _Batch:
    union = np.unique(np.concatenate([moved.chosen[g] for g in goals])).astype(np.int64)
    lengths = durations_of(moved.chance, moved.program, union, runner)
    return _Batch(moved, drivers, union, _Causes(lengths, moved.finishes.shape[1], runner), counts)


@dataclass(frozen=True)
class _Goal:
    """What a goal is off its first trial in each: (S,) int32, the mean of it, and its sum of squares about
    the mean.
    """

    off: np.ndarray
    mean: float
    squares: float

    @classmethod
    def of(cls, off: np.ndarray) -> _Goal:
        mean = float(off.sum(dtype=np.int64)) / len(off)
        return cls(off, mean, float(np.square(off - mean).sum()))


class _Causes:
    """Causes in every trial, (C, `trials` or more) int32, and the edges of their outer tenths."""

    def __init__(self, values: np.ndarray, trials: int, runner: Executor) -> None:
        self.values = values
        self.edges = np.zeros((len(values), 2), np.int64)
        k = max(1, trials // TENTH)

        def look(rows: range) -> None:
            own = slice(rows.start, rows.stop)
            edges_kernel(values[own], trials, k, self.edges[own])

        shared_out(look, len(values), runner)

    def effects(self, rows: np.ndarray, names: Sequence[str], what: str, goal: _Goal) -> list[DriverEffect]:
        """What the causes of `rows`, of such names, do to a goal."""
        out, trials = np.zeros((len(rows), SUMS)), len(goal.off)
        tails_kernel(self.values, rows.astype(np.int64), self.edges, goal.off, out)
        few, below, many, above, total, squares, products = out.T
        low, high = below / few - goal.mean, above / many - goal.mean
        scale = np.maximum(squares - total**2 / trials, 0) * goal.squares
        together = products - total * goal.mean
        told = scale > 0
        share = np.minimum(together**2 / np.where(told, scale, 1), 1)
        return [
            DriverEffect(
                id=name, what=what, low_minutes=float(low[k]), high_minutes=float(high[k]),
                share=float(share[k]) if told[k] else None,
            )
            for k, name in enumerate(names)
        ]  # fmt: skip


def _width(effect: DriverEffect) -> float:
    return abs(effect.high_minutes - effect.low_minutes)


def _strongest(effects: Iterable[DriverEffect]) -> list[DriverEffect]:
    return sorted(effects, key=lambda effect: (-_width(effect), effect.id))[:SHOWN]


def _shared(moved: Moved, g: int, drivers: _Causes, goal: _Goal) -> list[DriverEffect]:
    """What drivers and branches do to a goal."""
    columns, nodes, reaches = moved.program.columns, moved.program.nodes, moved.reaches[g]
    rows = _drivers_of(moved.chance, reaches)
    found = drivers.effects(rows, [columns.driver_ids[d] for d in rows.tolist()], "driver", goal)
    forks = np.unique(nodes.branch[reaches & (nodes.branch >= 0)]).tolist()
    return found + [_ways(columns.branch_ids[f], moved.drawn.ways[f], goal) for f in forks]


def _own(moved: Moved, g: int, lengths: _Causes, places: np.ndarray, goal: _Goal) -> list[DriverEffect]:
    """What activities and owners do to a goal."""
    columns = moved.program.columns
    activities = moved.program.nodes.activity[moved.chosen[g]]
    names = [columns.ids[one] for one in activities.tolist()]
    found = _strongest(lengths.effects(places, names, "activity", goal))
    if columns.owner is not None and len(places):
        owners, of = np.unique(columns.owner[activities], return_inverse=True)
        slips = np.zeros((len(owners), len(goal.off)), np.int64)
        sums_kernel(lengths.values, places.astype(np.int64), of.astype(np.int64), slips)
        named = owners >= 0
        excess = max(int(slips.max(initial=0)).bit_length() - WHOLE_BITS, 0)
        held = _Causes((slips[named] >> excess).astype(np.int32), len(goal.off), Threads(1))
        own_names = [columns.owner_names[who] for who in owners[named].tolist()]
        found += held.effects(np.arange(len(own_names)), own_names, "owner", goal)
    return found


def _chosen(
    program: Program, random: np.ndarray, totals: Totals, kept: Kept, reaches: np.ndarray, g: int
) -> np.ndarray:
    """Nodes whose durations went with goal `g` the most in the first trials."""
    nodes = _by_activity(program, np.flatnonzero(random & reaches[g]))
    trials = min(kept.goals.shape[1], SCREENED * LANES)
    row = int(np.flatnonzero(program.rows == program.columns.goals[g])[0])
    off = float(np.mean(kept.goals[g, :trials].astype(np.int64) - int(totals.centre[row])))
    mean = totals.length[nodes, 0] / trials
    spread = np.sqrt(np.maximum(totals.length[nodes, 1] / trials - mean**2, 1e-9))
    strength = np.abs(totals.screen[g, nodes] / trials - mean * off) / spread
    best = np.argsort(-strength, kind="stable")[:CANDIDATES]
    return _by_activity(program, nodes[best])


def _chosen_by_plan(program: Program, random: np.ndarray, totals: Totals, kept: Kept) -> np.ndarray:
    """Nodes whose durations went with the plan's finish the most."""
    nodes = _by_activity(program, np.flatnonzero(random))
    row_of = np.full(len(program.columns.ids), -1, np.int64)
    row_of[program.rows] = np.arange(len(program.rows))
    sums = totals.sums[row_of[program.nodes.activity[nodes]]]
    trials = min(len(kept.plan_finish), TALLIED * LANES)
    mean = sums[:, 5] / trials
    spread = np.sqrt(np.maximum((sums[:, 7] * 2.0**32 + sums[:, 6]) / trials - mean**2, 1e-9))
    off = float(np.mean(kept.plan_finish[:trials].astype(np.int64) - totals.plan_centre))
    strength = np.abs((sums[:, 9] * 2.0**32 + sums[:, 8]) / trials - mean * off) / spread
    return _by_activity(program, nodes[np.argsort(-strength, kind="stable")[:CANDIDATES]])


def _by_activity(program: Program, nodes: np.ndarray) -> np.ndarray:
    """Nodes in order of activity."""
    found: np.ndarray = nodes[np.argsort(program.nodes.activity[nodes], kind="stable")]
    return found


def _drivers_of(chance: Chance, reaches: np.ndarray) -> np.ndarray:
    counts = np.diff(chance.causes.load_from)
    used = np.repeat(reaches & (chance.quantiles.shape >= 0), counts)
    return np.unique(chance.causes.load_driver[used])


def _risks(moved: Moved, g: int, counts: np.ndarray, sums: np.ndarray, goal: _Goal) -> list[DriverEffect]:
    """What risk events do to a goal; `counts` and `sums`: see `_happened`."""
    causes, trials = moved.chance.causes, moved.finishes.shape[1]
    mean, variance = goal.mean, goal.squares / trials
    hit = np.unique(causes.hit[np.repeat(moved.reaches[g], np.diff(causes.hit_from))])
    often, total = counts[hit], mean * trials
    rest = trials - often
    high = np.where(often > 0, sums[hit] / np.maximum(often, 1) - mean, 0.0)
    low = np.where(rest > 0, (total - sums[hit]) / np.maximum(rest, 1) - mean, 0.0)
    told = (often > 0) & (rest > 0) & (variance > 0)
    share = (often * high**2 + rest * low**2) / trials / (variance if variance > 0 else 1.0)
    width = np.abs(high - low)
    least = np.partition(width, -SHOWN)[-SHOWN] if len(width) > SHOWN else 0.0
    return _strongest(
        DriverEffect(
            id=moved.program.columns.risk_ids[hit[k]], what="risk", low_minutes=float(low[k]),
            high_minutes=float(high[k]), share=float(share[k]) if told[k] else None,
        )
        for k in np.flatnonzero(width >= least).tolist()
    )  # fmt: skip


def _ways(name: str, ways: np.ndarray, goal: _Goal) -> DriverEffect:
    """The goal's mean by the way taken: the best and the worst way, and the variance between ways."""
    counts, off = np.bincount(ways), goal.off - goal.mean
    means = np.bincount(ways, weights=off) / np.maximum(counts, 1)
    taken = counts > 0
    variance = goal.squares / len(off)
    between = float(np.sum(counts * means**2)) / len(off)
    return DriverEffect(
        id=name, what="branch", low_minutes=float(means[taken].min()), high_minutes=float(means[taken].max()),
        share=between / variance if variance > 0 and taken.sum() > 1 else None,
    )  # fmt: skip


__all__ = ["Moved", "durations_of", "effects_of", "moved_of", "upstream"]
