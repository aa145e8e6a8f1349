"""What moves a goal: drivers, risk events, branches, activities and owners, by what happened to it in the
trials.

The numbers a cause drew are computed again, since a random word depends on its name and its trial alone;
nothing of it is kept while the trials run. The first trials choose the activities worth the trouble, all
trials measure them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from torap.engines.compiling import kernel
from torap.engines.lanes import LANES
from torap.engines.schedule.blocks import SCREENED, Kept, Totals
from torap.engines.schedule.chance import Chance, Luck, causes_kernel, durations_chunk, luck_of
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
def _happened_kernel(
    happened: np.ndarray, of: np.ndarray, off: np.ndarray, counts: np.ndarray, sums: np.ndarray
) -> None:
    """Trials in which each risk of `of` happened, and the sum of the goal's deviations in them."""
    for k in range(of.size):
        total, count = np.int64(0), 0
        row = happened[of[k]]
        for i in range(off.size):
            if row[i]:
                total += off[i]
                count += 1
        counts[k], sums[k] = count, total


class _Causes:
    """What the causes drew in every trial, and which of them reach which node."""

    def __init__(self, program: Program, chance: Chance) -> None:
        self.program, self.chance = program, chance
        columns, trials = program.columns, chance.draw.trials
        self.way = np.zeros((len(columns.branch_ids), LANES), np.int32)
        self.drivers = np.zeros((len(columns.driver_ids), trials), np.float32)
        self.happened = np.zeros((len(columns.risk_ids), trials), np.bool_)
        self.ways = np.zeros((len(columns.branch_ids), trials), np.int32)
        self.luck: Luck = luck_of(chance)
        if len(self.drivers) + len(self.happened) + len(self.ways):
            for granule, lanes, live in self._granules():
                causes_kernel(chance, granule, self.luck, self.way)
                self.drivers[:, lanes] = self.luck.drivers[:, :live]
                self.happened[:, lanes] = self.luck.happened[:, :live]
                self.ways[:, lanes] = self.way[:, :live]

    def _granules(self) -> Iterator[tuple[int, slice, int]]:
        """Every granule, its trials, and how many of them there are."""
        trials = self.chance.draw.trials
        for first in range(0, trials, LANES):
            last = min(first + LANES, trials)
            yield first // LANES, slice(first, last), last - first

    def durations(self, wanted: np.ndarray) -> np.ndarray:
        """Durations of nodes in every trial: (len(wanted), S) int32."""
        out = np.zeros((len(wanted), self.chance.draw.trials), np.int32)
        nodes, room = self.program.nodes, np.zeros((len(wanted), LANES), np.int32)
        for granule, lanes, live in self._granules() if len(wanted) else ():
            causes_kernel(self.chance, granule, self.luck, self.way)
            durations_chunk(
                self.chance,
                granule,
                self.luck,
                self.way,
                nodes.branch,
                nodes.way,
                wanted,
                0,
                len(wanted),
                room,
                0,
            )
            out[:, lanes] = room[:, :live]
        return out


def effects_of(
    program: Program, chance: Chance, reaches: np.ndarray, random: np.ndarray, totals: Totals, kept: Kept
) -> list[tuple[DriverEffect, ...]]:
    """Effects on each goal and, last, on the plan's finish."""
    everything = np.concatenate([reaches, np.ones((1, reaches.shape[1]), np.bool_)])
    finishes = [*kept.goals[: len(reaches)], kept.plan_finish]
    chosen = [_chosen(program, random, totals, kept, reaches, g) for g in range(len(reaches))]
    chosen.append(_chosen_by_plan(program, random, totals, kept))
    causes = _Causes(program, chance)
    found: list[tuple[DriverEffect, ...]] = []
    for first in range(0, len(finishes), BATCH):
        batch = range(first, min(first + BATCH, len(finishes)))
        union = np.unique(np.concatenate([chosen[g] for g in batch])).astype(np.int64)
        lengths = dict(zip(union.tolist(), causes.durations(union), strict=True))
        for g in batch:
            found.append(_effects(causes, finishes[g], everything[g], chosen[g], lengths))
    return found


def _chosen(
    program: Program, random: np.ndarray, totals: Totals, kept: Kept, reaches: np.ndarray, g: int
) -> np.ndarray:
    """Nodes whose durations went with goal `g` the most in the first trials."""
    nodes = np.flatnonzero(random & reaches[g])
    trials = min(kept.goals.shape[1], SCREENED * LANES)
    row = int(np.flatnonzero(program.rows == program.columns.goals[g])[0])
    off = float(np.mean(kept.goals[g, :trials].astype(np.int64) - int(totals.centre[row])))
    mean = totals.length[nodes, 0] / trials
    spread = np.sqrt(np.maximum(totals.length[nodes, 1] / trials - mean**2, 1e-9))
    strength = np.abs(totals.screen[g, nodes] / trials - mean * off) / spread
    best = np.argsort(-strength, kind="stable")[:CANDIDATES]
    return np.sort(nodes[best])


def _chosen_by_plan(program: Program, random: np.ndarray, totals: Totals, kept: Kept) -> np.ndarray:
    """Nodes whose durations went with the plan's finish the most."""
    nodes = np.flatnonzero(random)
    row_of = np.full(len(program.columns.ids), -1, np.int64)
    row_of[program.rows] = np.arange(len(program.rows))
    sums = totals.sums[row_of[program.nodes.activity[nodes]]]
    trials = len(kept.plan_finish)
    mean = sums[:, 5] / trials
    spread = np.sqrt(np.maximum((sums[:, 7] * 2.0**32 + sums[:, 6]) / trials - mean**2, 1e-9))
    off = float(np.mean(kept.plan_finish.astype(np.int64) - totals.plan_centre))
    strength = np.abs((sums[:, 9] * 2.0**32 + sums[:, 8]) / trials - mean * off) / spread
    return np.sort(nodes[np.argsort(-strength, kind="stable")[:CANDIDATES]])


def _effects(
    causes: _Causes,
    finishes: np.ndarray,
    reaches: np.ndarray,
    chosen: np.ndarray,
    lengths: dict[int, np.ndarray],
) -> tuple[DriverEffect, ...]:
    columns, nodes = causes.program.columns, causes.program.nodes
    off = finishes.astype(np.float64) - float(finishes.astype(np.int64).mean())
    found = [
        _tails(columns.driver_ids[d], "driver", causes.drivers[d], off)
        for d in _drivers_of(causes.chance, reaches)
    ]
    found += _risks(causes, finishes, off, reaches)
    forks = np.unique(nodes.branch[reaches & (nodes.branch >= 0)]).tolist()
    found += [_ways(columns.branch_ids[f], causes.ways[f], off) for f in forks]
    acts = [_tails(columns.ids[nodes.activity[n]], "activity", lengths[n], off) for n in chosen.tolist()]
    found += _strongest(acts)
    if columns.owner is not None:
        slips: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(len(off), np.int64))
        for n in chosen.tolist():
            who = int(columns.owner[nodes.activity[n]])
            if who >= 0:
                slips[who] = slips[who] + lengths[n]
        found += [_tails(columns.owner_names[who], "owner", slip, off) for who, slip in sorted(slips.items())]
    return tuple(
        sorted(
            found, key=lambda effect: (-abs(effect.high_minutes - effect.low_minutes), effect.what, effect.id)
        )
    )


def _strongest(effects: Iterable[DriverEffect]) -> list[DriverEffect]:
    ranked = sorted(effects, key=lambda effect: (-abs(effect.high_minutes - effect.low_minutes), effect.id))
    return ranked[:SHOWN]


def _drivers_of(chance: Chance, reaches: np.ndarray) -> list[int]:
    counts = np.diff(chance.causes.load_from)
    used = np.repeat(reaches & (chance.quantiles.shape >= 0), counts)
    found: list[int] = np.unique(chance.causes.load_driver[used]).tolist()
    return found


def _tails(name: str, what: str, values: np.ndarray, off: np.ndarray) -> DriverEffect:
    """The goal's mean where the cause was in its lowest and highest tenth, against its mean."""
    k = max(1, len(values) // TENTH)
    ordered = np.partition(values, (k - 1, len(values) - k))
    low, high = ordered[k - 1], ordered[len(values) - k]
    return DriverEffect(
        id=name, what=what, low_minutes=float(off[values <= low].mean()),
        high_minutes=float(off[values >= high].mean()), share=_share(values.astype(np.float64), off),
    )  # fmt: skip


def _share(values: np.ndarray, off: np.ndarray) -> float | None:
    x = values - values.mean()
    scale = float(np.sum(x * x)) * float(np.sum(off * off))
    return None if scale <= 0 else float(np.sum(x * off)) ** 2 / scale


def _risks(causes: _Causes, finishes: np.ndarray, off: np.ndarray, reaches: np.ndarray) -> list[DriverEffect]:
    chance, columns = causes.chance, causes.program.columns
    hit = np.unique(chance.causes.hit[np.repeat(reaches, np.diff(chance.causes.hit_from))])
    if not len(hit):
        return []
    trials = len(off)
    whole = finishes.astype(np.int64)
    centre = int(whole[0])
    counts, sums = np.zeros(len(hit), np.int64), np.zeros(len(hit), np.int64)
    _happened_kernel(causes.happened, hit.astype(np.int64), whole - centre, counts, sums)
    total = float((whole - centre).sum())
    mean, variance = total / trials, float(np.mean(off**2))
    rest = trials - counts
    high = np.where(counts > 0, sums / np.maximum(counts, 1) - mean, 0.0)
    low = np.where(rest > 0, (total - sums) / np.maximum(rest, 1) - mean, 0.0)
    share = (
        (counts * high**2 + rest * low**2) / trials / variance if variance > 0 else np.full(len(hit), np.nan)
    )
    told = (counts > 0) & (rest > 0)
    return _strongest(
        DriverEffect(
            id=columns.risk_ids[hit[k]], what="risk", low_minutes=float(low[k]), high_minutes=float(high[k]),
            share=float(share[k]) if told[k] and variance > 0 else None,
        )
        for k in range(len(hit))
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


__all__ = ["effects_of", "upstream"]
