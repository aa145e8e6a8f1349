"""What each trial draws: drivers, risk events, branches, and the durations that follow from them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.rng import key_of, streams_of, words_row
from torap.engines.schedule.clocks import bare
from torap.engines.schedule.columns import FIXED, Columns, no_spreads
from torap.engines.schedule.draws import (
    IMPACT,
    MOST_DIMENSIONS,
    OWN,
    PLAIN,
    Draw,
    directions_of,
    draw_words_row,
)
from torap.engines.schedule.sampling import (
    Normal,
    Quantiles,
    draw_row,
    normal_row,
    normal_tables,
    quantiles_of,
)
from torap.engines.schedule.uncertain import Sampling, Settings

METHODS = [Sampling.PLAIN, Sampling.LATIN, Sampling.SOBOL]
WHOLE = 10_000
LEAST, MOST = np.int32(0), np.int32(1 << 28)
LANES = 64


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
    impacts: np.ndarray  # (R, 64) int32, minutes or hundredths of a percent; anything where it did not happen
    happened: np.ndarray  # (R, 64) bool
    words: np.ndarray  # (64,) uint32
    keys: np.ndarray  # (64,) uint32
    z: np.ndarray  # (64,) float32
    work: np.ndarray  # (64,) float32
    real: np.ndarray  # (64,) float32
    spare: np.ndarray  # (64,) float32
    minutes: np.ndarray  # (64,) int32


def luck_of(chance: Chance) -> Luck:
    """Room for one block."""
    drivers, risks = len(chance.causes.driver_stream), len(chance.causes.risk_stream)
    return Luck(
        np.zeros((drivers, 64), np.float32), np.zeros((risks, 64), np.int32), np.zeros((risks, 64), np.bool_),
        np.zeros(64, np.uint32), np.zeros(64, np.uint32), np.zeros(64, np.float32),
        np.zeros(64, np.float32), np.zeros(64, np.float32), np.zeros(64, np.float32), np.zeros(64, np.int32),
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
    found: np.ndarray = (chance.quantiles.shape != FIXED) | (np.diff(chance.causes.hit_from) > 0)
    return found


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
    from_, left = 0, MOST_DIMENSIONS
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
def causes_kernel(chance: Chance, granule: Any, luck: Luck, way: np.ndarray) -> None:
    """Draw drivers, risk events and branches for 64 trials; `way`: (F, 64) int32."""
    draw, tables, causes, q = chance.draw, chance.tables, chance.causes, chance.impacts
    words, keys, z, real = luck.words, luck.keys, luck.z, luck.real
    bits = real.view(np.int32)
    for d in range(causes.driver_stream.shape[0]):
        draw_words_row(draw, causes.driver_stream, d, OWN, causes.driver_dimension[d], granule, keys, words)
        normal_row(words, tables.base, tables.slope, real, bits, z)
        for i in range(LANES):
            luck.drivers[d, i] = z[i]
    for r in range(causes.risk_stream.shape[0]):
        draw_words_row(draw, causes.risk_stream, r, OWN, causes.risk_dimension[r], granule, keys, words)
        if _happens_row(words, causes.threshold[r], luck.happened, r):
            draw_words_row(draw, causes.risk_stream, r, IMPACT, -1, granule, keys, words)
            normal_row(words, tables.base, tables.slope, real, bits, z)
            draw_row(
                q.shape[r], q.par, q.poly, q.row[r], q.pool, q.first[r], q.number[r], tables.tail,
                tables.fall,
                r, z, luck.work, real, bits, luck.spare, luck.impacts, r,
            )  # fmt: skip
    for f in range(causes.fork_stream.shape[0]):
        draw_words_row(draw, causes.fork_stream, f, OWN, causes.fork_dimension[f], granule, keys, words)
        for i in range(LANES):
            w = np.int32(0)
            while np.uint64(words[i]) >= causes.way_below[causes.way_from[f] + w]:
                w += np.int32(1)
            way[f, i] = w


@njit(cache=True, nogil=True)
def _happens_row(words: np.ndarray, threshold: Any, happened: np.ndarray, r: Any) -> Any:
    """In which trials a risk event happens, and whether in any of them."""
    count = 0
    for i in range(LANES):
        happened[r, i] = np.uint64(words[i]) < threshold
        count += happened[r, i]
    return count > 0


@njit(cache=True, nogil=True)
def durations_chunk(
    chance: Chance, granule: Any, luck: Luck, way: np.ndarray, branch: np.ndarray, own_way: np.ndarray,
    wanted: np.ndarray, first: Any, last: Any, out: np.ndarray, to: Any,
) -> None:  # fmt: skip
    """Draw the durations of the nodes wanted[first:last] for 64 trials, risk events included, no time where
    another
    way was taken; into the rows of `out` from `to` on.
    """
    causes, tables, q, draw = chance.causes, chance.tables, chance.quantiles, chance.draw
    base, stream, dimension, own = (
        bare(causes.base),
        bare(causes.stream),
        bare(causes.dimension),
        bare(causes.own),
    )
    load_from, load_driver = bare(causes.load_from), bare(causes.load_driver)
    load, hit_from = bare(causes.load), bare(causes.hit_from)
    shape, par, poly, poly_row = bare(q.shape), bare(q.par), bare(q.poly), bare(q.row)
    pool, pool_first, number = bare(q.pool), bare(q.first), bare(q.number)
    knots, slope, tail, fall = bare(tables.base), bare(tables.slope), bare(tables.tail), bare(tables.fall)
    words, keys, z, real, work = (
        bare(luck.words),
        bare(luck.keys),
        bare(luck.z),
        bare(luck.real),
        bare(luck.work),
    )
    spare, bits, drivers, key = (
        bare(luck.spare),
        bare(luck.real.view(np.int32)),
        bare(luck.drivers),
        bare(draw.key),
    )
    plain, branches, ways, taken, out = (
        draw.method == PLAIN,
        bare(branch),
        bare(own_way),
        bare(way),
        bare(out),
    )
    for k in range(first, last):
        n, row = wanted[k], to + k - first
        if shape[n] < 0:
            _fixed_row(base[n], out, row)
        else:
            if plain:
                words_row(key, stream, n, OWN, granule, words)
            else:
                draw_words_row(draw, stream, n, OWN, dimension[n], granule, keys, words)
            normal_row(words, knots, slope, real, bits, z)
            if load_from[n + 1] > load_from[n]:
                _mix_row(z, own[n], drivers, load_driver, load, load_from[n], load_from[n + 1])
            draw_row(
                shape[n], par, poly, poly_row[n], pool, pool_first[n], number[n], tail, fall,
                n, z, work, real, bits, spare, out, row,
            )  # fmt: skip
        if hit_from[n + 1] > hit_from[n]:
            _hits_row(causes, hit_from[n], hit_from[n + 1], luck, out, row)
            _clip_row(out, row)
        if branches[n] >= 0:
            for i in range(LANES):
                out[row, i] = out[row, i] if taken[branches[n], i] == ways[n] else 0


@njit(cache=True, nogil=True)
def _fixed_row(minutes: Any, out: np.ndarray, row: Any) -> None:
    for i in range(LANES):
        out[row, i] = minutes


@njit(cache=True, nogil=True)
def _clip_row(out: np.ndarray, row: Any) -> None:
    for i in range(LANES):
        out[row, i] = min(max(out[row, i], LEAST), MOST)


@njit(cache=True, nogil=True)
def _mix_row(
    z: np.ndarray,
    own: Any,
    drivers: np.ndarray,
    load_driver: np.ndarray,
    load: np.ndarray,
    first: Any,
    last: Any,
) -> None:
    """Make `z` the weighted sum of itself and the drivers, in the order of the list."""
    for i in range(LANES):
        z[i] = z[i] * own
    for k in range(first, last):
        d, share = load_driver[k], load[k]
        for i in range(LANES):
            z[i] = z[i] + share * drivers[d, i]


@njit(cache=True, nogil=True)
def _hits_row(causes: Causes, first: Any, last: Any, luck: Luck, out: np.ndarray, row: Any) -> None:
    """Add what risk events do to a duration; relative impacts are of the duration without them."""
    more, happened, impacts = luck.minutes, luck.happened, luck.impacts
    for i in range(LANES):
        more[i] = 0
    for k in range(first, last):
        r = causes.hit[k]
        if causes.relative[r]:
            for i in range(LANES):
                product = (np.int64(out[row, i]) * impacts[r, i] * 2 + WHOLE) // (2 * WHOLE)
                more[i] = np.int32(min(more[i] + (product if happened[r, i] else 0), MOST))
        else:
            for i in range(LANES):
                more[i] = min(more[i] + (impacts[r, i] if happened[r, i] else LEAST), MOST)
    for i in range(LANES):
        out[row, i] = min(out[row, i] + more[i], MOST)


__all__ = ["Chance", "Luck", "causes_kernel", "chance_of", "durations_chunk", "luck_of", "random_rows"]
