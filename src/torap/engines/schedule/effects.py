"""What moves a goal: drivers, risk events, branches, activities and owners, by what happened to it in the
trials.

The numbers a cause drew are computed again, since a random word depends on its name and its trial alone;
nothing of it is kept while the trials run. The first trials choose the activities worth the trouble, all
trials measure them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from torap.engines.compiling import kernel
from torap.engines.lanes import LANES, aligned
from torap.engines.schedule.blocks import SCREENED, Kept, Totals
from torap.engines.schedule.chance import (
    Chance,
    Drawn,
    causes_kernel,
    durations_chunk,
    luck_of,
    part_of,
)
from torap.engines.schedule.program import Program
from torap.engines.schedule.uncertain import DriverEffect

CANDIDATES = 60  # activities of a goal that are measured
SHOWN = 40  # activities, and risk events, of a goal that are told
TENTH = 10
BATCH = 16  # goals whose activities are computed again together


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
def _happened_kernel(happened: np.ndarray, off: np.ndarray, sums: np.ndarray) -> None:
    """Sums of what the goals were off in the trials in which each risk event happened.

    `happened`: (bytes, R), eight trials a byte; `off`: (8 bytes, G) int64; `sums`: (R, G). The sums of all
    256 sets of eight trials are made first, so that a byte costs one look-up.
    """
    table = np.zeros(256, np.int64)
    for b in range(happened.shape[0]):
        for g in range(off.shape[1]):
            for k in range(8):
                for i in range(1 << k):
                    table[(1 << k) + i] = table[i] + off[8 * b + k, g]
            for r in range(happened.shape[1]):
                sums[r, g] += table[happened[b, r]]


@kernel
def _tails_kernel(
    values: np.ndarray, low: np.ndarray, high: np.ndarray, off: np.ndarray, out: np.ndarray
) -> None:
    """Of causes `values` (C, S) and a goal's deviations `off` (S,): its means where a cause was at or below
    `low`, at or above `high`; the cause's square sum about its mean, and its product with `off`.

    All float64; `out`: (C, 4).
    """
    trials = off.size
    for c in range(values.shape[0]):
        mean = 0.0
        for i in range(trials):
            mean += values[c, i]
        mean /= trials
        few, many, below, above, squares, products = 0, 0, 0.0, 0.0, 0.0, 0.0
        for i in range(trials):
            x, y = values[c, i], off[i]
            if x <= low[c]:
                few += 1
                below += y
            if x >= high[c]:
                many += 1
                above += y
            squares += (x - mean) * (x - mean)
            products += (x - mean) * y
        out[c, 0], out[c, 1], out[c, 2], out[c, 3] = below / few, above / many, squares, products


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What may have moved the goals: G goals and, last, the plan's finish."""

    program: Program
    chance: Chance
    drawn: Drawn
    finishes: np.ndarray  # (G+1, S) int32
    reaches: np.ndarray  # (G+1, N) bool: nodes each waits for
    chosen: dict[int, np.ndarray]  # goal -> nodes that are measured, in order of activity


def durations_of(chance: Chance, program: Program, wanted: np.ndarray) -> np.ndarray:
    """Durations of nodes in every trial, drawn again: (len(wanted), S) int32."""
    trials, nodes = chance.draw.trials, program.nodes
    out = np.zeros((len(wanted), trials), np.int32)
    if not len(wanted):
        return out
    own = part_of(chance, wanted)
    luck, way = luck_of(own), aligned((len(own.causes.fork_stream), LANES))
    room, every = aligned((len(wanted), LANES)), np.arange(len(wanted), dtype=np.int64)
    branch, own_way = nodes.branch[wanted], nodes.way[wanted]
    for granule, first in enumerate(range(0, trials, LANES)):
        causes_kernel(own, granule, luck, way)
        durations_chunk(own, granule, luck, way, branch, own_way, every, 0, len(every), room, 0)
        out[:, first : first + LANES] = room[:, : trials - first]
    return out


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


def _happened(happened: np.ndarray, off: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In how many trials each risk event happened, and the sums of what goals were `off` (S, G) in them."""
    padded = np.zeros((8 * happened.shape[1], off.shape[1] + 1), np.int64)
    padded[: len(off), 0], padded[: len(off), 1:] = 1, off
    sums = np.zeros((len(happened), padded.shape[1]), np.int64)
    _happened_kernel(np.ascontiguousarray(happened.T), padded, sums)
    return sums[:, 0], sums[:, 1:]


def effects_of(moved: Moved) -> dict[int, tuple[DriverEffect, ...]]:
    """Effects on each goal that is measured."""
    goals = list(moved.chosen)
    whole = moved.finishes[goals].astype(np.int64)
    centre = whole[:, :1]
    off = np.ascontiguousarray((whole - centre).T)
    counts, sums = _happened(moved.drawn.happened, off)
    drivers = _Causes(moved.drawn.drivers)
    found: dict[int, tuple[DriverEffect, ...]] = {}
    for first in range(0, len(goals), BATCH):
        batch = goals[first : first + BATCH]
        union = np.unique(np.concatenate([moved.chosen[g] for g in batch])).astype(np.int64)
        lengths = _Causes(durations_of(moved.chance, moved.program, union))
        for k, g in enumerate(batch, first):
            mean = float(off[:, k].sum()) / len(off)
            away = off[:, k] - mean
            places = np.searchsorted(union, moved.chosen[g])
            effects = _shared(moved, g, drivers, away) + _own(moved, g, lengths, places, away)
            effects += _risks(moved, g, counts, sums[:, k], mean, float(np.mean(away**2)))
            found[g] = tuple(sorted(effects, key=lambda one: (-_width(one), one.what, one.id)))
    return found


class _Causes:
    """Causes in every trial with the edges of their lowest and highest tenth."""

    def __init__(self, values: np.ndarray) -> None:
        trials = values.shape[1]
        k = max(1, trials // TENTH)
        ordered = np.partition(values, (k - 1, trials - k), axis=1)
        self.whole, self.values = values, values.astype(np.float64)
        self.low = ordered[:, k - 1].astype(np.float64)
        self.high = ordered[:, trials - k].astype(np.float64)

    def effects(
        self, rows: np.ndarray | slice, names: Sequence[str], what: str, off: np.ndarray
    ) -> list[DriverEffect]:
        """What the causes of `rows`, of such names, do to a goal."""
        values = self.values[rows]
        out = np.zeros((len(values), 4))
        _tails_kernel(values, self.low[rows], self.high[rows], off, out)
        scale = float(np.sum(off * off))
        return [
            DriverEffect(
                id=name, what=what, low_minutes=low, high_minutes=high,
                share=None if squares * scale <= 0 else products**2 / (squares * scale),
            )
            for name, (low, high, squares, products) in zip(names, out.tolist(), strict=True)
        ]  # fmt: skip


def _width(effect: DriverEffect) -> float:
    return abs(effect.high_minutes - effect.low_minutes)


def _strongest(effects: Iterable[DriverEffect]) -> list[DriverEffect]:
    return sorted(effects, key=lambda effect: (-_width(effect), effect.id))[:SHOWN]


def _shared(moved: Moved, g: int, drivers: _Causes, off: np.ndarray) -> list[DriverEffect]:
    """What drivers and branches do to a goal."""
    columns, nodes, reaches = moved.program.columns, moved.program.nodes, moved.reaches[g]
    rows = _drivers_of(moved.chance, reaches)
    found = drivers.effects(rows, [columns.driver_ids[d] for d in rows.tolist()], "driver", off)
    forks = np.unique(nodes.branch[reaches & (nodes.branch >= 0)]).tolist()
    return found + [_ways(columns.branch_ids[f], moved.drawn.ways[f], off) for f in forks]


def _own(moved: Moved, g: int, lengths: _Causes, places: np.ndarray, off: np.ndarray) -> list[DriverEffect]:
    """What activities and owners do to a goal."""
    columns = moved.program.columns
    activities = moved.program.nodes.activity[moved.chosen[g]]
    names = [columns.ids[one] for one in activities.tolist()]
    found = _strongest(lengths.effects(places, names, "activity", off))
    if columns.owner is not None and len(places):
        owners, of = np.unique(columns.owner[activities], return_inverse=True)
        slips = np.zeros((len(owners), len(off)), np.int64)
        for own, place in zip(of.tolist(), places.tolist(), strict=True):
            slips[own] += lengths.whole[place]
        held = _Causes(slips[owners >= 0])
        found += held.effects(
            slice(None), [columns.owner_names[who] for who in owners[owners >= 0].tolist()], "owner", off
        )
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
    trials = len(kept.plan_finish)
    mean = sums[:, 5] / trials
    spread = np.sqrt(np.maximum((sums[:, 7] * 2.0**32 + sums[:, 6]) / trials - mean**2, 1e-9))
    off = float(np.mean(kept.plan_finish.astype(np.int64) - totals.plan_centre))
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


def _risks(
    moved: Moved, g: int, counts: np.ndarray, sums: np.ndarray, mean: float, variance: float
) -> list[DriverEffect]:
    """What risk events do to a goal whose mean, about the centre of `sums`, and variance are told."""
    causes, trials = moved.chance.causes, moved.finishes.shape[1]
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


def _ways(name: str, ways: np.ndarray, off: np.ndarray) -> DriverEffect:
    """The goal's mean by the way taken: the best and the worst way, and the variance between ways."""
    counts = np.bincount(ways)
    means = np.bincount(ways, weights=off) / np.maximum(counts, 1)
    taken = counts > 0
    variance = float(np.mean(off**2))
    between = float(np.sum(counts * means**2)) / len(off)
    return DriverEffect(
        id=name, what="branch", low_minutes=float(means[taken].min()), high_minutes=float(means[taken].max()),
        share=between / variance if variance > 0 and taken.sum() > 1 else None,
    )  # fmt: skip


__all__ = ["Moved", "durations_of", "effects_of", "moved_of", "upstream"]
