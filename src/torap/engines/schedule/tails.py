"""What a goal does in the lowest and highest tenth of a cause: order statistics and sums over all trials.

Everything is counted in whole numbers, a row of trials at a time; only sums of products are floats, added up
in the order of the trials, so an answer is the same on every machine and however causes are shared out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from torap.engines.compiling import inner, kernel
from torap.engines.lanes import LANES, at, flat, row, wide, within
from torap.engines.vectors import choose, counted, dotted, load, summed, wholes

BINS, STEP = 1024, 10  # bins of a look for an order statistic, and the bits a look settles
SUMS = 7  # of a cause: see `tails_kernel`


@inner
def _looked(some: Any, count: Any, low: Any, shift: Any, counts: Any) -> None:
    """Count the first `count` of `some` in bins 2^shift wide from `low` on."""
    for b in range(BINS):
        counts[b] = 0
    for i in range(count):
        counts[(np.int64(some[i]) - low) >> shift] += 1


@inner
def _ranked(values: Any, count: Any, rank: Any, low: Any, shift: Any, counts: Any, few: Any) -> Any:
    """The value of such `rank`, from 1, among `values`, none of which is below `low`; `counts` is that of its
    first look. Bins that hold the rank are looked into until they are one wide.
    """
    bits = shift
    while True:
        b = 0
        while counts[b] < rank:
            rank -= counts[b]
            b += 1
        low += np.int64(b) << bits
        if bits == 0:
            return low
        kept = 0
        for i in range(count):
            value = few[i] if bits < shift else values[i]
            if (np.int64(value) - low) >> bits == 0:
                few[kept] = value
                kept += 1
        count, bits, shift = kept, max(bits - STEP, 0), max(shift, bits)
        _looked(few, count, low, bits, counts)


@kernel
def edges_kernel(values: np.ndarray, trials: Any, k: Any, out: np.ndarray) -> None:
    """Fill `out` (C, 2) int64 with the `k`-th smallest and the `k`-th largest of the first `trials` of each
    row of `values` int32.
    """
    first_look, counts, few = np.zeros(BINS, np.int32), np.zeros(BINS, np.int32), np.zeros(trials, np.int32)
    for c in range(values.shape[0]):
        own = values[c]
        low, high = own[0], own[0]
        for i in range(trials):
            low, high = min(low, own[i]), max(high, own[i])
        first, shift = np.int64(low), 0
        while (np.int64(high) - first) >> shift >= BINS:
            shift += 1
        _looked(own, trials, first, shift, first_look)
        for side in range(2):
            for b in range(BINS):
                counts[b] = first_look[b]
            rank = np.int64(k if side == 0 else trials - k + 1)
            out[c, side] = _ranked(own, trials, rank, first, shift, counts, few)


@kernel
def sums_kernel(values: np.ndarray, places: np.ndarray, of: np.ndarray, out: np.ndarray) -> None:
    """Add the rows `places` of `values` int32 to the rows `of` of `out` (n, S) int64."""
    for j in range(places.size):
        own, sums = values[places[j]], out[of[j]]
        for i in range(sums.size):
            sums[i] += np.int64(own[i])


@inner
def _rest(x: Any, y: Any, first: Any, last: Any, edges: Any, centre: Any, out: Any) -> None:
    """Add trials `first` .. `last`-1 to the sums `out`, one by one."""
    for i in range(first, last):
        value, off, d = np.int64(x[i]), np.int64(y[i]), np.int64(x[i]) - centre
        if value <= edges[0]:
            out[0] += 1
            out[1] += off
        if value >= edges[1]:
            out[2] += 1
            out[3] += off
        out[4] += d
        out[5] += np.float64(d * d)
        out[6] += np.float64(d * off)


@inner
def _sums(x: Any, y: Any, rows: Any, edges: Any, centre: Any, out: Any) -> None:
    """Add so many `rows` of LANES trials to the sums `out`."""
    within()
    wide()
    few, many, below, above, total = np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    squares, products, none = 0.0, 0.0, wholes(np.int32(0))
    low, high = np.int32(edges[0]), np.int32(edges[1])
    for b in range(rows):
        values, off = load(row(x, b)), load(row(y, b))
        under, over = values <= low, wholes(high) <= values
        few += counted(under)
        many += counted(over)
        below += summed(choose(under, off, none))
        above += summed(choose(over, off, none))
        d = values - np.int32(centre)
        total += summed(d)
        squares += np.float64(dotted(d, d))
        products += np.float64(dotted(d, off))
    out[0], out[1], out[2], out[3], out[4] = few, below, many, above, total
    out[5], out[6] = squares, products


@kernel
def tails_kernel(
    values: np.ndarray, wanted: np.ndarray, edges: np.ndarray, off: np.ndarray, out: np.ndarray
) -> None:
    """Sums over the trials of the causes `wanted` among `values` (C, S or more) int32 and what a goal is
    `off` (S,) int32.

    `edges`: (C, 2) int64, the highest of a cause's low tail and the lowest of its high tail; `out`: (n, SUMS)
    float64: trials of the low tail and the sum of `off` in them, the same of the high tail, the cause's sum,
    its sum of squares and that of its products with `off`, all about the middle of its edges.
    """
    wide()
    trials = off.size
    whole = trials // LANES
    for j in range(wanted.size):
        c = wanted[j]
        x, y = at(flat(values), c * values.shape[1]), flat(off)
        own = edges[c]
        centre = (own[0] + own[1]) >> 1
        _sums(x, y, whole, own, centre, out[j])
        _rest(x, y, whole * LANES, trials, own, centre, out[j])


__all__ = ["SUMS", "edges_kernel", "sums_kernel", "tails_kernel"]
