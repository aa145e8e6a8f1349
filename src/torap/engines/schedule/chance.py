"""What each trial draws: drivers, risk events, branches, and the durations that follow from them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from torap.engines.compiling import inner, kernel
from torap.engines.lanes import LANES, aligned, at, flat, flats, row, wide, within
from torap.engines.rng import key_of
from torap.engines.schedule.columns import FIXED, NONE, Columns, named_streams, no_spreads
from torap.engines.schedule.draws import (
    IMPACT,
    MOST_DIMENSIONS,
    OWN,
    Draw,
    directions_of,
    source_of,
    words_of,
)
from torap.engines.schedule.sampling import (
    EMPIRICAL,
    PARS,
    TERMS,
    Quantiles,
    draw_row,
    empirical_row,
    minutes_of,
    normal,
    quantiles_of,
)
from torap.engines.schedule.uncertain import Sampling, Settings
from torap.engines.vectors import bits_in, choose, counted, least, load, mixed, most, reals, store, wholes

METHODS = [Sampling.PLAIN, Sampling.LATIN, Sampling.SOBOL]
WHOLE = 10_000
LEAST, MOST, ONE, SIGN = np.int32(0), np.int32(1 << 28), np.float32(1), np.int32(-(1 << 31))


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
    quantiles: Quantiles
    impacts: Quantiles
    causes: Causes


class Luck(NamedTuple):
    """What one block of 64 trials has drawn, and scratch."""

    drivers: np.ndarray  # (D, 64) float32
    impacts: np.ndarray  # (R, 64) int32, minutes or hundredths of a percent; 0 where it did not happen
    happened: np.ndarray  # (R,) uint64: a bit for each trial, the first one the least
    words: np.ndarray  # (64,) uint32
    keys: np.ndarray  # (64,) uint32
    z: np.ndarray  # (64,) float32
    minutes: np.ndarray  # (64,) int32


def luck_of(chance: Chance) -> Luck:
    """Room for one block."""
    drivers, risks = len(chance.causes.driver_stream), len(chance.causes.risk_stream)
    return Luck(
        aligned((drivers, LANES), np.float32), aligned((risks, LANES)), np.zeros(risks, np.uint64),
        aligned((LANES,), np.uint32), np.zeros(LANES, np.uint32),
        aligned((LANES,), np.float32), aligned((LANES,)),
    )  # fmt: skip


def chance_of(columns: Columns, activity: np.ndarray, settings: Settings) -> Chance:
    """What is drawn for the nodes that stand for `activity` (-1: for none)."""
    place = np.maximum(activity, 0)
    done = (activity < 0) | (columns.actual_finish[place] != NONE)
    rows = np.where(done, -1, activity)
    quantiles = quantiles_of(columns.spreads, rows)
    impacts = columns.impacts if columns.impacts is not None else no_spreads(0)
    forks, below = _forks(columns)
    load_from, load_driver, load, own = _loads(columns, rows)
    hit_from, hit = _hits(columns, rows)
    dims, directions = _dimensions(columns, quantiles, activity, settings)
    causes = Causes(
        base=np.where(done, 0, columns.left[place]).astype(np.int32),
        stream=columns.streams[place], dimension=dims[3],
        load_from=load_from, load_driver=load_driver, load=load, own=own,
        driver_stream=named_streams("driver", tuple(columns.driver_ids)), driver_dimension=dims[0],
        risk_stream=named_streams("risk", tuple(columns.risk_ids)), risk_dimension=dims[1],
        threshold=_threshold(columns.probability), relative=columns.relative.astype(np.bool_),
        hit_from=hit_from, hit=hit,
        fork_stream=named_streams("branch", tuple(columns.branch_ids)), fork_dimension=dims[2],
        way_from=forks, way_below=below,
    )  # fmt: skip
    method = METHODS.index(settings.sampling)
    draw = Draw(key_of(settings.seed), method, settings.trials, directions)
    risks = np.arange(len(columns.risk_ids))
    return Chance(draw, quantiles, quantiles_of(impacts, risks), causes)


class Drawn(NamedTuple):
    """What drivers, risk events and branches drew in every trial, S of them in H granules."""

    drivers: np.ndarray  # (D, S) float32
    happened: np.ndarray  # (R, H) uint64: a bit for each trial, the first one the least
    ways: np.ndarray  # (F, S) int32


def drawn_of(chance: Chance) -> Drawn:
    """Room for what is drawn."""
    trials, causes = chance.draw.trials, chance.causes
    return Drawn(
        np.zeros((len(causes.driver_stream), trials), np.float32),
        np.zeros((len(causes.risk_stream), -(-trials // LANES)), np.uint64),
        np.zeros((len(causes.fork_stream), trials), np.int32),
    )


@inner
def note_rows(drawn: Drawn, luck: Luck, way: Any, granule: Any) -> None:
    """Write down what a granule has drawn."""
    first, trials = granule * LANES, drawn.drivers.shape[1]
    live = min(LANES, trials - first)
    for d in range(drawn.drivers.shape[0]):
        for i in range(live):
            drawn.drivers[d, first + i] = luck.drivers[d, i]
    for f in range(drawn.ways.shape[0]):
        for i in range(live):
            drawn.ways[f, first + i] = way[f, i]
    counts = ~np.uint64(0) >> np.uint64(LANES - live)
    for r in range(drawn.happened.shape[0]):
        drawn.happened[r, granule] = luck.happened[r] & counts


def draw_causes(chance: Chance) -> Drawn:
    """What drivers, risk events and branches draw in every trial."""
    drawn, luck, none = drawn_of(chance), luck_of(chance), np.zeros(0, np.int32)
    way = aligned((len(chance.causes.fork_stream), LANES))
    room, granules = aligned((0, 1, LANES)), -(-chance.draw.trials // LANES)
    durations_kernel(chance, 0, granules, luck, way, none, none, room, 0, drawn, True)
    return drawn


def part_of(chance: Chance, rows: np.ndarray) -> Chance:
    """The same for the nodes `rows` alone, with the drivers and risk events that touch them; all branches."""
    causes = chance.causes
    load_from, loads = _pick(causes.load_from, rows)
    hit_from, hits = _pick(causes.hit_from, rows)
    drivers, load_driver = np.unique(causes.load_driver[loads], return_inverse=True)
    risks, hit = np.unique(causes.hit[hits], return_inverse=True)
    own = causes._replace(
        base=causes.base[rows], stream=causes.stream[rows], dimension=causes.dimension[rows],
        own=causes.own[rows], load_from=load_from, load_driver=load_driver.astype(np.int32),
        load=causes.load[loads], driver_stream=causes.driver_stream[drivers],
        driver_dimension=causes.driver_dimension[drivers], risk_stream=causes.risk_stream[risks],
        risk_dimension=causes.risk_dimension[risks], threshold=causes.threshold[risks],
        relative=causes.relative[risks], hit_from=hit_from, hit=hit.astype(np.int32),
    )  # fmt: skip
    return Chance(chance.draw, _rows_of(chance.quantiles, rows), _rows_of(chance.impacts, risks), own)


def _pick(starts: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of pairs in order of node, `starts` (N+1,): starts and places of those of `rows`."""
    lengths = np.diff(starts)[rows]
    own = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return own, np.repeat(starts[rows] - own[:-1], lengths) + np.arange(own[-1])


def _rows_of(quantiles: Quantiles, rows: np.ndarray) -> Quantiles:
    """The spreads of `rows`; polynomials and values stay where they are."""
    names = ("shape", "par", "row", "first", "number")
    return quantiles._replace(**{name: getattr(quantiles, name)[rows] for name in names})


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


@inner
def causes_rows(chance: Chance, granule: Any, luck: Luck, way: Any) -> None:
    """Draw drivers, risk events and branches for 64 trials; `way`: (F, 64) int32."""
    wide()
    causes, source = chance.causes, source_of(chance.draw, luck.keys, luck.words)
    streams, dimensions, drivers = (
        flat(causes.driver_stream),
        flat(causes.driver_dimension),
        flat(luck.drivers),
    )
    for d in range(causes.driver_stream.shape[0]):
        store(row(drivers, d), normal(words_of(source, at(streams, 2 * d), OWN, dimensions[d], granule)))
    _risks_rows(chance, source, granule, luck)
    streams, dimensions, words = flat(causes.fork_stream), flat(causes.fork_dimension), flat(luck.words)
    for f in range(causes.fork_stream.shape[0]):
        store(words, words_of(source, at(streams, 2 * f), OWN, dimensions[f], granule))
        for i in range(LANES):
            w = np.int32(0)
            while np.uint64(words[i]) >= causes.way_below[causes.way_from[f] + w]:
                w += np.int32(1)
            way[f, i] = w


@inner
def _risks_rows(chance: Chance, source: Any, granule: Any, luck: Luck) -> None:
    """Draw which risk events happen in which trials, and their impacts."""
    wide()
    causes, q, z = chance.causes, chance.impacts, flat(luck.z)
    streams, dimensions, threshold = (
        flat(causes.risk_stream),
        flat(causes.risk_dimension),
        flat(causes.threshold),
    )
    impacts, never = flat(luck.impacts), wholes(LEAST)
    shape, par, poly, poly_row = flat(q.shape), flat(q.par), flat(q.poly), flat(q.row)
    pool, first, number = flat(q.pool), flat(q.first), flat(q.number)
    for r in range(causes.risk_stream.shape[0]):
        stream, impact = at(streams, 2 * r), row(impacts, r)
        happens = words_of(source, stream, OWN, dimensions[r], granule) ^ SIGN <= _last(threshold[r])
        if threshold[r] == 0 or counted(happens) == 0:
            luck.happened[r] = np.uint64(0)
            store(impact, never)
            continue
        luck.happened[r] = bits_in(happens)
        store(z, normal(words_of(source, stream, IMPACT, -1, granule)))
        draw_row(
            shape[r], at(par, r * PARS), at(poly, np.int64(poly_row[r]) * TERMS), at(pool, first[r]),
            number[r], z, impact,
        )  # fmt: skip
        store(impact, choose(happens, load(impact), never))


@kernel
def durations_kernel(
    chance: Chance, first: Any, last: Any, luck: Luck, way: np.ndarray, branch: np.ndarray,
    own_way: np.ndarray, out: np.ndarray, place: Any, drawn: Drawn, notes: Any,
) -> None:  # fmt: skip
    """Draw the causes of granules `first` .. `last`-1, written down where `notes`, and the durations of the
    first nodes, risk events included, no time where another way was taken, into `out` (nodes, granules, 64)
    from the granule `place` on.
    """
    wide()
    source, count = source_of(chance.draw, luck.keys, luck.words), out.shape[1]
    lucks, rows, taken = flats(luck), flat(out), flat(way)
    causes, q, branch, own_way = flats(chance.causes), flats(chance.quantiles), flat(branch), flat(own_way)
    for granule in range(first, last):
        causes_rows(chance, granule, luck, way)
        if notes:
            note_rows(drawn, luck, way, granule)
        for n in range(out.shape[0]):
            own = row(rows, n * count + place + granule - first)
            duration_row(source, causes, q, lucks, granule, taken, branch, own_way, n, own)


@inner
def duration_row(
    source: Any, causes: Any, q: Any, luck: Any, granule: Any, taken: Any, branch: Any, own_way: Any, n: Any,
    out: Any,
) -> None:  # fmt: skip
    """Draw the durations of node `n` for 64 trials into the row `out`; all in pointers."""
    within()
    wide()
    shape, first, last = q.shape[n], causes.hit_from[n], causes.hit_from[n + 1]
    if shape < 0:
        store(out, wholes(causes.base[n]))
    else:
        words = words_of(source, at(causes.stream, 2 * n), OWN, causes.dimension[n], granule)
        z = normal(words) * causes.own[n]
        for j in range(causes.load_from[n], causes.load_from[n + 1]):
            driver = row(luck.drivers, np.int64(causes.load_driver[j]))
            z = mixed(load(driver), reals(causes.load[j]), z)
        if shape == EMPIRICAL:
            empirical_row(at(q.pool, q.first[n]), q.number[n], z, luck.z, out)
        else:
            curve = at(q.poly, np.int64(q.row[n]) * TERMS)
            store(out, minutes_of(shape, at(q.par, n * PARS), curve, z))
    if last > first:
        _hits_row(causes.hit, causes.relative, luck.impacts, first, last, luck.minutes, out)
    if branch[n] >= 0:
        mine = load(row(taken, np.int64(branch[n]))) == own_way[n]
        store(out, choose(mine, load(out), wholes(LEAST)))


@inner
def _last(threshold: Any) -> Any:
    """The last word below a threshold that is not 0, its first bit turned, as int32: so it compares as
    signed.
    """
    return np.int32(max(np.int64(threshold), np.int64(1)) - np.int64(1) - np.int64(1 << 31))


@inner
def _hits_row(
    hit: Any, relative: Any, impact_rows: Any, first: Any, last: Any, more: Any, out: Any
) -> None:  # fmt: skip
    """Add what risk events do to a duration; relative impacts are of the duration without them."""
    wide()
    store(more, wholes(LEAST))
    for k in range(first, last):
        r = np.int64(hit[k])
        impacts = row(impact_rows, r)
        if relative[r]:
            for i in range(LANES):
                product = (np.int64(out[i]) * impacts[i] * 2 + WHOLE) // (2 * WHOLE)
                more[i] = np.int32(min(more[i] + product, MOST))
        else:
            store(more, least(load(more) + load(impacts), wholes(MOST)))
    total = least(load(out) + load(more), wholes(MOST))
    store(out, most(total, wholes(LEAST)))


__all__ = [
    "Chance",
    "Drawn",
    "Luck",
    "causes_rows",
    "chance_of",
    "draw_causes",
    "drawn_of",
    "duration_row",
    "durations_kernel",
    "luck_of",
    "note_rows",
    "part_of",
    "random_rows",
]
