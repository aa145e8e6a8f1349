"""From a random word to a duration: the normal variate of a word, and the quantile of each shape at it.

All is float32, without fused operations, and each trial by itself, so a duration is the same whatever block
it is
computed in. Uniform and triangular durations are closed forms in the normal's distribution function, the
lognormal
one in its exponential. A PERT duration is low + width / (1 + exp(-y)) with y a polynomial in the variate
whose
coefficients are polynomials in the place of the mode: off by 5e-5 of the width at most.
docs/engines/schedule-risk.md
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.polynomial import chebyshev

from torap.engines.schedule.columns import FIXED, SHAPES, Spreads
from torap.engines.schedule.uncertain import Shape

UNIFORM, TRIANGULAR, PERT, LOGNORMAL, EMPIRICAL = (
    SHAPES.index(shape)
    for shape in (Shape.UNIFORM, Shape.TRIANGULAR, Shape.PERT, Shape.LOGNORMAL, Shape.EMPIRICAL)
)
REACH = 6.4  # the variate of a 32-bit word lies within 6.3; sums of drivers are cut here
PIECES = 64  # of an octave of the tail probability, in each of which the normal variate is a straight line
STEPS = 128  # of a unit of the variate, in each of which its distribution function is a straight line
FIRST_OCTAVE = 126  # the exponent of one half, the smallest tail probability in units of 2^-32
# y of a PERT duration: Chebyshev coefficients, rows in the variate / REACH, columns in 2 * (mode - low) /
# width - 1.
# Fitted to the beta quantile on a grid of 60 by 40 points; tests/unit/engines/schedule/test_sampling.py
# compares.
PERT_FIT = (
    (0.0, 5.2046902, 0.0, 0.6494801, 0.0, 0.0926465, 0.0, 0.0134252, 0.0, 0.0019531, 0.0),
    (10.1497366, 0.0, 2.6945161, 0.0, 0.3910262, 0.0, 0.0570059, 0.0, 0.0083194, 0.0, 0.0012142),
    (0.0, 3.5078973, 0.0, 0.5343916, 0.0, 0.0785384, 0.0, 0.0114927, 0.0, 0.0016789, 0.0),
    (1.100622, 0.0, 0.3967703, 0.0, 0.0572408, 0.0, 0.0082778, 0.0, 0.0012017, 0.0, 0.0001746),
    (0.0, 0.0461693, 0.0, -0.0045349, 0.0, -0.0012032, 0.0, -0.0001929, 0.0, -2.94e-05, 0.0),
    (-0.0615298, 0.0, -0.0452749, 0.0, -0.0069042, 0.0, -0.0009072, 0.0, -0.0001245, 0.0, -1.75e-05),
    (0.0, -0.023358, 0.0, -0.0003333, 0.0, 0.000452, 0.0, 8.76e-05, 0.0, 1.31e-05, 0.0),
    (0.0057019, 0.0, 0.0097553, 0.0, 0.0022295, 0.0, 0.0002906, 0.0, 3.31e-05, 0.0, 4.1e-06),
    (0.0, 0.00837, 0.0, 0.0012612, 0.0, -7.96e-05, 0.0, -4.26e-05, 0.0, -7.3e-06, 0.0),
    (-0.0001743, 0.0, -0.0017281, 0.0, -0.0008145, 0.0, -0.0001517, 0.0, -1.74e-05, 0.0, -1.7e-06),
    (0.0, -0.0024145, 0.0, -0.00074, 0.0, -7.9e-06, 0.0, 2.98e-05, 0.0, 6.4e-06, 0.0),
    (-0.0001779, 0.0, 0.0001526, 0.0, 0.0002696, 0.0, 8.08e-05, 0.0, 9.8e-06, 0.0, 1e-07),
    (0.0, 0.0007983, 0.0, 0.0005657, 0.0, 0.0001761, 0.0, 2.45e-05, 0.0, -1e-07, 0.0),
    (0.0002762, 0.0, 0.0003462, 0.0, 4.52e-05, 0.0, -2.68e-05, 0.0, -1.31e-05, 0.0, -3e-06),
)
F0, F1, HALF = np.float32(0), np.float32(1), np.float32(0.5)
FREACH, UNREACH, FSTEPS = np.float32(REACH), np.float32(1 / REACH), np.float32(STEPS)
LARGEST, ROUND, IROUND, LONGEST = np.float32(120), np.float32(128.5), np.int32(128), np.float32(1 << 28)
I0, BIAS, MANTISSA = np.int32(0), np.int32(127), np.int32(23)
FRACTION, FRACTION_MASK = np.int32(17), np.int32(0x1FFFF)  # of a float32 once the piece of its octave is told
FIRST_PIECE = np.int32(FIRST_OCTAVE * PIECES)
LANES = 64
LOG2E = np.float32(1.4426950408889634)
# 2^f for -1/2 <= f <= 1/2: the exponential series, off by 3e-7 of the value at most
P1, P2, P3 = np.float32(0.69314718), np.float32(0.24022651), np.float32(0.05550411)
P4, P5, P6 = np.float32(0.00961813), np.float32(0.00133336), np.float32(0.000154035)


class Normal(NamedTuple):
    """Tables of the normal variate by tail probability and of its distribution function; read as base +
    slope * x."""

    base: np.ndarray  # float32
    slope: np.ndarray  # float32
    tail: np.ndarray  # float32
    fall: np.ndarray  # float32


class Quantiles(NamedTuple):
    """n spreads made ready for drawing. `par`: what the shape needs; `poly`: (n or 0, 14) of the PERT
    ones."""

    shape: np.ndarray  # (n,) int8
    par: np.ndarray  # (n, 5) float32
    row: np.ndarray  # (n,) int32 row of `poly`
    poly: np.ndarray  # (p, 14) float32
    first: np.ndarray  # (n,) int64
    number: np.ndarray  # (n,) int64
    pool: np.ndarray  # int32


@lru_cache(maxsize=1)
def normal_tables() -> Normal:
    """The tables, the same for all."""
    bell = NormalDist()
    knots = 0.5 * np.ldexp(1 + np.arange(PIECES) / PIECES, np.arange(33)[:, None]).reshape(-1)
    at = np.array([bell.inv_cdf(min(q / 2**32, 0.5)) for q in [*knots, 2.0**32]])
    base, slope = at[:-1], np.diff(at)
    base[-PIECES:], slope[-PIECES:] = 0, 0
    grid = np.arange(int(REACH * STEPS) + 3) / STEPS
    tail = np.array([0.5 * math.erfc(z / math.sqrt(2)) for z in grid])
    as32 = [v.astype(np.float32) for v in (base, slope / 2.0**17, tail[:-1], np.diff(tail))]
    return Normal(*as32)


def quantiles_of(spreads: Spreads, rows: np.ndarray) -> Quantiles:
    """The spreads of `rows`, where -1 stands for none."""
    kept = np.maximum(rows, 0)
    shape = (
        np.where(rows < 0, FIXED, spreads.shape[kept]).astype(np.int8) if rows.size else np.zeros(0, np.int8)
    )
    low, mode, high = spreads.low[kept], spreads.mode[kept], spreads.high[kept]
    par = np.zeros((len(rows), 5), np.float64)
    width = high - low
    wide = np.where(width > 0, width, 1)
    par[:, 0], par[:, 1] = low, width
    three = shape == TRIANGULAR
    par[three] = np.stack(
        [low, high, (mode - low) / wide, width * (mode - low), width * (high - mode)], axis=1
    )[three]
    logs = shape == LOGNORMAL
    par[logs, 0], par[logs, 1] = mode[logs], spreads.sigma[kept][logs]
    pert = np.flatnonzero(shape == PERT)
    row = np.zeros(len(rows), np.int32)
    row[pert] = np.arange(len(pert))
    return Quantiles(
        shape=shape, par=par.astype(np.float32), row=row, poly=_pert_rows(((mode - low) / wide)[pert]),
        first=spreads.first[kept], number=spreads.count[kept],
        pool=np.concatenate([spreads.pool, [0]]).astype(np.int32),
    )  # fmt: skip


def _pert_rows(place: np.ndarray) -> np.ndarray:
    """Coefficients of y in powers of variate / REACH for modes at `place` of the width: (n, 14) float32."""
    fit = np.array(PERT_FIT)
    in_variate = chebyshev.chebvander(2 * place - 1, fit.shape[1] - 1) @ fit.T
    powers = np.zeros((fit.shape[0], fit.shape[0]))
    for k in range(fit.shape[0]):
        poly = chebyshev.cheb2poly(np.eye(fit.shape[0])[k])
        powers[k, : len(poly)] = poly
    found: np.ndarray = (in_variate @ powers).astype(np.float32)
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def normal_row(
    words: np.ndarray,
    base: np.ndarray,
    slope: np.ndarray,
    real: np.ndarray,
    bits: np.ndarray,
    out: np.ndarray,
) -> None:
    """Fill `out` (64,) float32 with the normal variates of `words` uint32; `bits` is `real` seen as int32."""
    for i in range(LANES):
        w = words[i]
        real[i] = np.float32(np.int32(min(w, np.uint32(~w)))) + HALF
    for i in range(LANES):
        b = bits[i]
        k = np.uint32(np.int32(b >> FRACTION) - FIRST_PIECE)
        z = base[k] + slope[k] * np.float32(np.int32(b & FRACTION_MASK))
        out[i] = z if np.int32(words[i]) >= I0 else -z


@njit(cache=True, nogil=True, error_model="numpy")
def tail_row(z: np.ndarray, tail: np.ndarray, fall: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` with the probability beyond |z|."""
    for i in range(LANES):
        x = min(abs(z[i]), FREACH) * FSTEPS
        k = np.int32(x)
        u = np.uint32(k)
        out[i] = tail[u] + fall[u] * (x - np.float32(k))


@njit(cache=True, nogil=True, error_model="numpy")
def exp_row(x: np.ndarray, real: np.ndarray, bits: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` with exp(x); `x` is used up, and so is `real`, of which `bits` is the int32 view."""
    for i in range(LANES):
        t = min(max(x[i] * LOG2E, -LARGEST), LARGEST)
        n = np.int32(np.int32(t + ROUND) - IROUND)
        x[i] = t - np.float32(n)
        bits[i] = np.int32(np.int32(n + BIAS) << MANTISSA)
    for i in range(LANES):
        f = x[i]
        p = ((((P6 * f + P5) * f + P4) * f + P3) * f + P2) * f + P1
        out[i] = (p * f + F1) * real[i]


@njit(cache=True, nogil=True, error_model="numpy")
def _triangular_row(z: np.ndarray, tail: np.ndarray, par: np.ndarray, s: Any, out: np.ndarray) -> None:
    low, high, place, below, above = par[s, 0], par[s, 1], par[s, 2], par[s, 3], par[s, 4]
    for i in range(LANES):
        q = tail[i]
        left = z[i] < F0
        cut = q <= (place if left else F1 - place)
        u = q if cut else F1 - q
        rising = left == cut
        r = np.sqrt(u * (below if rising else above))
        out[i] = low + r if rising else high - r


@njit(cache=True, nogil=True, error_model="numpy")
def _pert_row(z: np.ndarray, poly: np.ndarray, p: Any, out: np.ndarray) -> None:
    """Fill `out` with -y of a PERT spread."""
    a0, a1, a2, a3, a4, a5, a6 = (
        poly[p, 0],
        poly[p, 1],
        poly[p, 2],
        poly[p, 3],
        poly[p, 4],
        poly[p, 5],
        poly[p, 6],
    )
    b0, b1, b2, b3, b4, b5, b6 = (
        poly[p, 7],
        poly[p, 8],
        poly[p, 9],
        poly[p, 10],
        poly[p, 11],
        poly[p, 12],
        poly[p, 13],
    )
    for i in range(LANES):
        x = min(max(z[i], -FREACH), FREACH) * UNREACH
        y = (((((b6 * x + b5) * x + b4) * x + b3) * x + b2) * x + b1) * x + b0
        y = ((((((y * x + a6) * x + a5) * x + a4) * x + a3) * x + a2) * x + a1) * x + a0
        out[i] = -y


@njit(cache=True, nogil=True, error_model="numpy")
def _empirical_row(
    pool: np.ndarray, first: Any, number: Any, z: np.ndarray, tail: np.ndarray, out: np.ndarray, n: Any
) -> None:
    for i in range(LANES):
        place = min(np.int64(tail[i] * np.float32(number)), number - 1)
        out[n, i] = pool[first + (place if z[i] < F0 else number - 1 - place)]


@njit(cache=True, nogil=True, error_model="numpy")
def draw_row(
    shape: Any, par: np.ndarray, poly: np.ndarray, p: Any, pool: np.ndarray, first: Any, number: Any, tail:
    np.ndarray,
    fall: np.ndarray, s: Any, z: np.ndarray, work: np.ndarray, real: np.ndarray, bits: np.ndarray, spare:
    np.ndarray,
    out: np.ndarray, n: Any,
) -> None:  # fmt: skip
    """Fill row `n` of `out` int32 with draws of spread `s` (row `p` of `poly`, values of `pool` from
    `first` on) at the
    normal variates `z`; `work`, `real`, `spare`: scratch.
    """
    a, b = par[s, 0], par[s, 1]
    if shape == PERT:
        _pert_row(z, poly, p, work)
        exp_row(work, real, bits, spare)
        for i in range(LANES):
            real[i] = a + b / (F1 + spare[i])
    elif shape == LOGNORMAL:
        for i in range(LANES):
            work[i] = z[i] * b
        exp_row(work, real, bits, spare)
        for i in range(LANES):
            real[i] = min(a * spare[i], LONGEST)
    else:
        tail_row(z, tail, fall, work)
        if shape == TRIANGULAR:
            _triangular_row(z, work, par, s, real)
        elif shape == UNIFORM:
            for i in range(LANES):
                real[i] = a + b * (work[i] if z[i] < F0 else F1 - work[i])
        else:
            _empirical_row(pool, first, number, z, work, out, n)
            return
    for i in range(LANES):
        v = real[i]
        out[n, i] = np.int32(v + (HALF if v >= F0 else -HALF))


__all__ = ["Normal", "Quantiles", "draw_row", "normal_row", "normal_tables", "quantiles_of"]
