"""From totals to a result: percentiles, means, shares, goals.

A percentile is an order statistic: the smallest value that at least that share of the trials does not exceed.
Goals have it exactly, of all trials; other dates from a histogram of the first TALLIED granules, whose bins
are a power of two minutes wide: off by less than a bin from the percentile of those trials.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from torap.engines.compiling import kernel
from torap.engines.lanes import LANES
from torap.engines.schedule.blocks import SUMS, TALLIED, Kept, Totals
from torap.engines.schedule.clocks import HORIZON
from torap.engines.schedule.columns import NONE, Columns
from torap.engines.schedule.executors import Executor, shared_out
from torap.engines.schedule.uncertain import SHARES, DriverEffect, GoalResult, RiskResult, Settings

FIGURED = 2  # counts up whenever the same trials give other figures or effects
MOST_CELLS = 1 << 24  # bins of all histograms together, unless there are more rows than that
MOST_BINS, LEAST_BINS = 1024, 128
GOAL_BINS = 40
FIGURES = ("start", "finish", "mean_finish", "sd_finish", "critical", "cruciality")


def blank(rows: int, goals: int, nodes: int, *, bins: int = 1) -> Totals:
    """Totals with nothing in them."""
    seen = np.empty((rows, 4), np.int32)
    seen[:, ::2], seen[:, 1::2] = HORIZON, -HORIZON
    return Totals(
        seen=seen, low=np.zeros((rows, 2), np.int32), shift=np.zeros((rows, 2), np.int32),
        bins=np.zeros((rows, 2, bins), np.uint16),
        centre=np.zeros(rows, np.int32),
        sums=np.zeros((rows, len(SUMS)), np.int64), plan_centre=0,
        screen=np.zeros((goals, nodes), np.int64), length=np.zeros((nodes, 2), np.int64),
    )  # fmt: skip


def ranged(pilot: Totals, all_rows: int, plan_centre: int, *, brief: bool = False) -> Totals:
    """Empty totals whose histograms lie where the pilot's dates do, with a sixteenth more on either side.

    `all_rows`: of the whole plan, which decide the number of bins; `brief`: there are no histograms.
    """
    rows, bins = len(pilot.seen), MOST_BINS
    while bins > LEAST_BINS and 2 * all_rows * bins > MOST_CELLS:
        bins //= 2
    seen = pilot.seen.astype(np.int64)
    low, high = seen[:, ::2], seen[:, 1::2]
    edge = (high - low) // 16
    low, high = low - edge, high + edge
    shift = np.zeros(low.shape, np.int32)
    while (wide := ((high - low) >> shift) >= bins).any():
        shift += wide
    made = blank(rows, *pilot.screen.shape, bins=1 if brief else bins)
    middle = (seen[:, 2] + seen[:, 3]) // 2
    return made._replace(
        seen=pilot.seen.copy(), low=low.astype(np.int32), shift=shift, centre=middle.astype(np.int32),
        plan_centre=plan_centre,
    )  # fmt: skip


def fresh(shape: Totals) -> Totals:
    """Empty totals with the same histograms."""
    made = blank(len(shape.seen), *shape.screen.shape, bins=shape.bins.shape[2])
    return made._replace(
        seen=shape.seen.copy(), low=shape.low, shift=shape.shift, centre=shape.centre,
        plan_centre=shape.plan_centre,
    )  # fmt: skip


def add_totals(total: Totals, part: Totals) -> None:
    """Add what another worker counted."""
    np.minimum(total.seen[:, ::2], part.seen[:, ::2], out=total.seen[:, ::2])
    np.maximum(total.seen[:, 1::2], part.seen[:, 1::2], out=total.seen[:, 1::2])
    for name in ("bins", "sums", "screen", "length"):
        own = getattr(total, name)
        np.add(own, getattr(part, name), out=own)


@kernel
def _percentiles_kernel(
    bins: np.ndarray, low: np.ndarray, shift: np.ndarray, seen: np.ndarray, ranks: np.ndarray, out: np.ndarray
) -> None:
    """Fill `out` (K, 2, shares) int64 from histograms; `ranks`: which trial, from 1, each share is."""
    last = bins.shape[2] - 1
    for r in range(bins.shape[0]):
        for side in range(2):
            before, b = np.int64(0), 0
            for s in range(ranks.size):
                while before + bins[r, side, b] < ranks[s]:
                    before += bins[r, side, b]
                    b += 1
                first = np.int64(low[r, side]) + (np.int64(b) << shift[r, side])
                end = first + (np.int64(1) << shift[r, side]) - 1
                lowest, highest = seen[r, 2 * side], seen[r, 2 * side + 1]
                first = lowest if b == 0 else max(first, lowest)
                end = highest if b == last else min(end, highest)
                within = 2 * (ranks[s] - before) - 1
                out[r, side, s] = first + (end - first) * within // (2 * np.int64(bins[r, side, b]))


def ranks_of(trials: int) -> np.ndarray:
    """Which trial, from 1, in order of size, each of SHARES is."""
    return np.array([max(1, math.ceil(share * trials / 100)) for share in SHARES], np.int64)


def brief_figures(totals: Totals, trials: int) -> dict[str, np.ndarray]:
    """What a brief run gives of each row: how often it is critical, and how many trials met the deadline."""
    none, shares = np.zeros(0), np.zeros((0, len(SHARES)), np.int64)
    told = {"critical": totals.sums[:, 3] / trials, "meets": totals.sums[:, 4]}
    return dict.fromkeys(FIGURES, none) | {"start": shares, "finish": shares} | told


def figures_of(
    columns: Columns, rows: np.ndarray, kept_rows: np.ndarray, trials: int, totals: Totals, kept: Kept,
    runner: Executor,
) -> dict[str, np.ndarray]:  # fmt: skip
    """What the trials give of each of `rows`, activities, by the names of RiskResult.

    `meets`: how many trials met the deadline. `kept_rows`: those whose every trial is kept.
    """
    ranks, tallied = ranks_of(trials), ranks_of(min(trials, TALLIED * LANES))
    shares = np.zeros((len(rows), 2, len(SHARES)), np.int64)

    def look(stretch: range) -> None:
        own = slice(stretch.start, stretch.stop)
        parts = (part[own] for part in (totals.bins, totals.low, totals.shift, totals.seen))
        _percentiles_kernel(*parts, tallied, shares[own])

    shared_out(look, len(rows), runner)
    for g, row in enumerate(kept_rows.tolist()):
        shares[row, 1] = np.sort(kept.goals[g])[ranks - 1]
    done = columns.actual_finish[rows] != NONE
    shares[done, 1] = columns.actual_finish[rows][done][:, None]
    sums = totals.sums
    off = sums[:, 0] / trials
    return {
        "start": shares[:, 0],
        "finish": shares[:, 1],
        "mean_finish": totals.centre + off,
        "sd_finish": np.sqrt(np.maximum(_words(sums, 1) / trials - off**2, 0)),
        "critical": sums[:, 3] / trials,
        "cruciality": _cruciality(totals, kept, trials),
        "meets": sums[:, 4],
    }


def result_of(
    columns: Columns, rows: np.ndarray, kept_rows: np.ndarray, settings: Settings,
    figures: dict[str, np.ndarray], kept: Kept, goals: Sequence[GoalResult],
) -> RiskResult:  # fmt: skip
    """The result of a run; `goals`: each goal and, last, the plan's finish."""
    ids = columns.ids
    names = [ids[row] for row in rows.tolist()]
    deadlines = np.flatnonzero(columns.deadline[rows] != NONE).tolist()
    place = dict(zip(rows[kept_rows].tolist(), kept.goals, strict=True))
    meets = figures["meets"]
    shown: dict[str, Any] = {name: figures[name] for name in FIGURES}
    return RiskResult(
        settings=settings,
        ids=tuple(names),
        **shown,
        meets={names[row]: int(meets[row]) / settings.trials for row in deadlines},
        goals={goal.id: goal for goal in goals[:-1]},
        watched={ids[one]: place[one] for one in columns.watched.tolist()},
        plan_finish=goals[-1],
    )


def goals_of(
    columns: Columns, kept: Kept, effects: Mapping[int, tuple[DriverEffect, ...]]
) -> list[GoalResult]:
    """Each goal and, last, the plan's finish, with its effects."""
    names = [*(columns.ids[goal] for goal in columns.goals.tolist()), ""]
    finishes = [*kept.goals[: len(columns.goals)], kept.plan_finish]
    return [goal_result(names[g], finishes[g], effects[g]) for g in range(len(names))]


def goal_result(name: str, finishes: np.ndarray, effects: tuple[DriverEffect, ...]) -> GoalResult:
    """A goal with its histogram of equal bins from the first to the last finish."""
    low, high = int(finishes.min()), int(finishes.max())
    bins = min(GOAL_BINS, high - low + 1)
    edges = low + np.arange(bins + 1, dtype=np.int64) * (high + 1 - low) // bins
    counts = np.histogram(finishes, edges)[0].astype(np.int64)
    return GoalResult(id=name, finishes=finishes, edges=edges, counts=counts, effects=effects)


def chance_before(first: GoalResult, second: GoalResult) -> float:
    """The share of trials in which the first goal finishes before the second."""
    return float(np.mean(first.finishes < second.finishes))


def _words(sums: np.ndarray, at: int) -> np.ndarray:
    found: np.ndarray = sums[:, at + 1] * 2.0**32 + sums[:, at]
    return found


def _cruciality(totals: Totals, kept: Kept, trials: int) -> np.ndarray:
    """Rank correlation of each duration with the plan's finish in the first TALLIED granules, as a Gaussian
    pair of the same product-moment correlation has it.
    """
    trials = min(trials, TALLIED * LANES)
    off = kept.plan_finish[:trials].astype(np.int64) - totals.plan_centre
    mean = totals.sums[:, 5] / trials
    spread = np.sqrt(np.maximum(_words(totals.sums, 6) / trials - mean**2, 0))
    other = float(off.std())
    together = _words(totals.sums, 8) / trials - mean * float(off.mean())
    alive = (spread > 1e-6) & (other > 1e-6)
    found = np.where(alive, together / np.where(alive, spread * other, 1), 0.0)
    return 6 / math.pi * np.arcsin(np.clip(found, -1, 1) / 2)


__all__ = [
    "FIGURES",
    "add_totals",
    "blank",
    "brief_figures",
    "chance_before",
    "figures_of",
    "fresh",
    "goal_result",
    "goals_of",
    "ranged",
    "ranks_of",
    "result_of",
]
