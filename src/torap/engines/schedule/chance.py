"""What each trial draws: drivers, risk events, branches, and the durations that follow from them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from torap.engines.rng import key_of, streams_of
from torap.engines.schedule.columns import FIXED, Columns, no_spreads
from torap.engines.schedule.draws import IMPACT, OWN, Draw, directions_of, draw_words_kernel
from torap.engines.schedule.sampling import (
    Normal,
    Quantiles,
    draw_kernel,
    normal_kernel,
    normal_tables,
    quantiles_of,
)
from torap.engines.schedule.uncertain import Sampling, Settings

METHODS = [Sampling.PLAIN, Sampling.LATIN, Sampling.SOBOL]
WHOLE = 10_000
LONGEST = 1 << 28


class Causes(NamedTuple):
    """Drivers, risks and branches; what hits node n is CSR. N nodes, D drivers, R risks, F forks."""

    base: np.ndarray  # (N,) int32 minutes where nothing is drawn
    stream: np.ndarray  # (N, 2) uint32
    dimension: np.ndarray  # (N,) int32, -1: plain
    load_from: np.ndarray  # (N+1,) int64
    load_driver: np.ndarray  # int32
    load: np.ndarray  # float32
    own: np.ndarray  # (N,) float32: what the drivers leave to the activity itself
    driver_stream: np.ndarray  # (D, 2) uint32
    driver_dimension: np.ndarray  # (D,) int32
    risk_stream: np.ndarray  # (R, 2) uint32
    risk_dimension: np.ndarray  # (R,) int32
    threshold: np.ndarray  # (R,) uint64: it happens when the word lies below
    relative: np.ndarray  # (R,) bool
    hit_from: np.ndarray  # (N+1,) int64
    hit: np.ndarray  # int32
    fork_stream: np.ndarray  # (F, 2) uint32
    fork_dimension: np.ndarray  # (F,) int32
    way_from: np.ndarray  # (F+1,) int64
    way_below: np.ndarray  # uint64: the way is taken when the word lies below, the first of them


class Chance(NamedTuple):
    """All that drawing needs."""

    draw: Draw
    tables: Normal
    quantiles: Quantiles
    impacts: Quantiles
    causes: Causes


class Luck(NamedTuple):
    """What one block of 64 trials has drawn, and scratch."""

    drivers: np.ndarray  # (D, 64) float32
    impacts: np.ndarray  # (R, 64) int32, minutes or hundredths of a percent; 0 where it did not happen
    happened: np.ndarray  # (R, 64) bool
    words: np.ndarray  # (64,) uint32
    keys: np.ndarray  # (64,) uint32
    z: np.ndarray  # (64,) float32
    work: np.ndarray  # (64,) float32
    real: np.ndarray  # (64,) float32
    minutes: np.ndarray  # (64,) int32


def luck_of(chance: Chance) -> Luck:
    """Room for one block."""
    drivers, risks = len(chance.causes.driver_stream), len(chance.causes.risk_stream)
    return Luck(
        np.zeros((drivers, 64), np.float32), np.zeros((risks, 64), np.int32), np.zeros((risks, 64), np.bool_),
        np.zeros(64, np.uint32), np.zeros(64, np.uint32), np.zeros(64, np.float32),
        np.zeros(64, np.float32), np.zeros(64, np.float32), np.zeros(64, np.int32),
    )  # fmt: skip


def chance_of(columns: Columns, activity: np.ndarray, settings: Settings) -> Chance:
    """What is drawn for the nodes that stand for `activity` (-1: for none)."""
    place = np.maximum(activity, 0)
    done = (activity < 0) | (columns.actual_finish[place] != np.iinfo(np.int64).min)
    rows = np.where(done, -1, activity)
    quantiles = quantiles_of(columns.spreads, np.where(done, -1, activity))
    impacts = columns.impacts if columns.impacts is not None else no_spreads(0)
    forks, below = _forks(columns)
    load_from, load_driver, load, own = _loads(columns, rows)
    hit_from, hit = _hits(columns, rows)
    dims, directions = _dimensions(columns, quantiles, activity, settings)
    causes = Causes(
        base=np.where(done, 0, columns.left[place]).astype(np.int32),
        stream=columns.streams[place], dimension=dims[3],
        load_from=load_from, load_driver=load_driver, load=load, own=own,
        driver_stream=streams_of("driver", columns.driver_ids), driver_dimension=dims[0],
        risk_stream=streams_of("risk", columns.risk_ids), risk_dimension=dims[1],
        threshold=_threshold(columns.probability), relative=columns.relative.astype(np.bool_),
        hit_from=hit_from, hit=hit,
        fork_stream=streams_of("branch", columns.branch_ids), fork_dimension=dims[2],
        way_from=forks, way_below=below,
    )  # fmt: skip
    method = METHODS.index(settings.sampling)
    draw = Draw(key_of(settings.seed), method, settings.trials, directions)
    risks = np.arange(len(columns.risk_ids))
    return Chance(draw, normal_tables(), quantiles, quantiles_of(impacts, risks), causes)


def random_rows(chance: Chance) -> np.ndarray:
    """Nodes whose duration differs between trials: (N,) bool."""
    return (chance.quantiles.shape != FIXED) | (np.diff(chance.causes.hit_from) > 0)


def _threshold(share: np.ndarray) -> np.ndarray:
    return np.round(np.asarray(share, np.float64) * 2.0**32).astype(np.uint64)


def _forks(columns: Columns) -> tuple[np.ndarray, np.ndarray]:
    below: list[np.ndarray] = []
    for ways in columns.way_probability:
        row = _threshold(np.cumsum(ways))
        row[-1] = 1 << 32
        below.append(row)
    starts = np.cumsum([0, *map(len, below)]).astype(np.int64)
    return starts, np.concatenate([*below, np.zeros(0, np.uint64)])


def _csr(rows: np.ndarray, of: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each node of `rows` (activity or -1) the places in `of` (activity of each pair): starts, places."""
    by = np.argsort(of, kind="stable")
    bounds = np.searchsorted(of[by], np.arange(count + 1))
    place = np.maximum(rows, 0)
    lengths = np.where(rows < 0, 0, np.diff(bounds)[place]) if len(of) else np.zeros(len(rows), np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    if not len(of):
        return starts, np.zeros(0, np.int64)
    offset = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
    return starts, by[np.repeat(bounds[:-1][place], lengths) + offset]


def _loads(columns: Columns, rows: np.ndarray) -> tuple[np.ndarray, ...]:
    starts, pairs = _csr(rows, columns.load_activity, len(columns.ids))
    squares = np.zeros(len(columns.ids))
    np.add.at(squares, columns.load_activity, columns.load**2)
    own = np.sqrt(np.maximum(1 - squares, 0))[np.maximum(rows, 0)]
    return (
        starts,
        columns.load_driver[pairs].astype(np.int32),
        columns.load[pairs].astype(np.float32),
        own.astype(np.float32),
    )


def _hits(columns: Columns, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    starts, pairs = _csr(rows, columns.risk_activity, len(columns.ids))
    return starts, columns.risk_of[pairs].astype(np.int32)


def _dimensions(
    columns: Columns, quantiles: Quantiles, activity: np.ndarray, settings: Settings
) -> tuple[list[np.ndarray], np.ndarray]:
    """Sobol dimensions of drivers, risks, branches and nodes, and the direction numbers they need.

    Drivers come first, then branches and risks, then the activities by the width of their spread.
    """
    counts = [len(columns.driver_ids), len(columns.risk_ids), len(columns.branch_ids)]
    dims = [np.full(n, -1, np.int32) for n in (*counts, len(activity))]
    if settings.sampling != Sampling.SOBOL:
        return dims, np.zeros((0, 32), np.uint32)
    from_, left = 0, 21_201
    for group in (0, 2, 1):
        n = min(counts[group], left)
        dims[group][:n] = from_ + np.arange(n)
        from_, left = from_ + n, left - n
    drawn = np.flatnonzero(quantiles.shape != FIXED)
    rows = activity[drawn]
    spreads = columns.spreads
    width = np.maximum(spreads.high - spreads.low, spreads.mode * spreads.sigma)
    sizes = width[rows]
    empirical = spreads.count[rows] > 0
    if empirical.any():
        pool = spreads.pool
        last = spreads.first[rows] + spreads.count[rows] - 1
        sizes = np.where(
            empirical, pool[np.maximum(last, 0)] - pool[np.minimum(spreads.first[rows], len(pool) - 1)], sizes
        )
    chosen = drawn[np.argsort(-sizes, kind="stable")][:left]
    dims[3][chosen] = from_ + np.arange(len(chosen))
    return dims, directions_of(from_ + len(chosen))


@njit(cache=True, nogil=True)
def causes_kernel(chance: Chance, granule: int, luck: Luck, way: np.ndarray) -> None:
    """Draw drivers, risk events and branches for 64 trials; `way`: (F, 64) int32."""
    draw, tables, causes = chance.draw, chance.tables, chance.causes
    bits = luck.real.view(np.int32)
    for d in range(causes.driver_stream.shape[0]):
        dim = causes.driver_dimension[d]
        draw_words_kernel(draw, causes.driver_stream[d], OWN, dim, granule, luck.keys, luck.words)
        normal_kernel(luck.words, tables, luck.real, bits, luck.drivers[d])
    for r in range(causes.risk_stream.shape[0]):
        dim = causes.risk_dimension[r]
        draw_words_kernel(draw, causes.risk_stream[r], OWN, dim, granule, luck.keys, luck.words)
        any_one = False
        for i in range(64):
            luck.happened[r, i] = np.uint64(luck.words[i]) < causes.threshold[r]
            any_one |= luck.happened[r, i]
        luck.impacts[r, :] = 0
        if any_one:
            draw_words_kernel(draw, causes.risk_stream[r], IMPACT, -1, granule, luck.keys, luck.words)
            normal_kernel(luck.words, tables, luck.real, bits, luck.z)
            draw_kernel(chance.impacts, tables, r, luck.z, luck.work, luck.real, bits, luck.minutes)
            for i in range(64):
                if luck.happened[r, i]:
                    luck.impacts[r, i] = luck.minutes[i]
    for f in range(causes.fork_stream.shape[0]):
        dim = causes.fork_dimension[f]
        draw_words_kernel(draw, causes.fork_stream[f], OWN, dim, granule, luck.keys, luck.words)
        for i in range(64):
            w = np.int32(0)
            while np.uint64(luck.words[i]) >= causes.way_below[causes.way_from[f] + w]:
                w += np.int32(1)
            way[f, i] = w


@njit(cache=True, nogil=True)
def duration_kernel(chance: Chance, n: int, granule: int, luck: Luck, out: np.ndarray) -> None:
    """Draw the duration of node `n` for 64 trials: `out` (64,) int32 minutes, risk events that hit it included."""
    causes, tables = chance.causes, chance.tables
    if chance.quantiles.shape[n] < 0:
        for i in range(64):
            out[i] = causes.base[n]
    else:
        bits = luck.real.view(np.int32)
        z = luck.z
        draw_words_kernel(
            chance.draw, causes.stream[n], OWN, causes.dimension[n], granule, luck.keys, luck.words
        )
        normal_kernel(luck.words, tables, luck.real, bits, z)
        first, last = causes.load_from[n], causes.load_from[n + 1]
        if last > first:
            for i in range(64):
                z[i] = z[i] * causes.own[n]
            for k in range(first, last):
                driver, load = luck.drivers[causes.load_driver[k]], causes.load[k]
                for i in range(64):
                    z[i] = z[i] + load * driver[i]
        draw_kernel(chance.quantiles, tables, n, z, luck.work, luck.real, bits, out)
        for i in range(64):
            out[i] = min(max(out[i], 0), LONGEST)
    first, last = causes.hit_from[n], causes.hit_from[n + 1]
    if last > first:
        _hits_kernel(causes, first, last, luck, out)


@njit(cache=True, nogil=True)
def _hits_kernel(causes: Causes, first: int, last: int, luck: Luck, out: np.ndarray) -> None:
    """Add what risk events do to a duration; relative impacts are of the duration without them."""
    more = luck.minutes
    for i in range(64):
        more[i] = 0
    for k in range(first, last):
        risk = causes.hit[k]
        impact = luck.impacts[risk]
        if causes.relative[risk]:
            for i in range(64):
                product = np.int64(out[i]) * impact[i] * 2 + WHOLE
                more[i] = np.int32(min(more[i] + product // (2 * WHOLE), LONGEST))
        else:
            for i in range(64):
                more[i] = min(more[i] + impact[i], LONGEST)
    for i in range(64):
        out[i] = min(max(out[i] + more[i], 0), LONGEST)


__all__ = ["Chance", "Luck", "causes_kernel", "chance_of", "duration_kernel", "luck_of", "random_rows"]
