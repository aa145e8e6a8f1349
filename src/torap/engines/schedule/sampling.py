"""From a random word to a duration: the normal variate of a word, and the quantile of each shape at it.

All is float32 by polynomials without tables, each trial by itself, products that are added at once rounded
once and named so (`fused`): a duration is the same whatever block or machine computes it.
docs/engines/schedule-risk.md has the formulas and their errors; tests/unit/engines/schedule/test_sampling.py
compares them with SciPy.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.polynomial import chebyshev

from torap.engines.lanes import LANES, as_bits, as_float, fused, wide
from torap.engines.schedule.columns import FIXED, SHAPES, Spreads
from torap.engines.schedule.uncertain import Shape

UNIFORM, TRIANGULAR, PERT, LOGNORMAL, EMPIRICAL = (
    SHAPES.index(shape)
    for shape in (Shape.UNIFORM, Shape.TRIANGULAR, Shape.PERT, Shape.LOGNORMAL, Shape.EMPIRICAL)
)
REACH = 6.4  # the variate of a 32-bit word lies within 6.3; sums of drivers are cut here
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
LOG2E = math.log2(math.e)
F0, F1, HALF, FOUR = np.float32(0), np.float32(1), np.float32(0.5), np.float32(4)
FREACH, LONGEST, FAR, WORD = np.float32(REACH), np.float32(1 << 28), np.float32(120), np.float32(2.0**-32)
I0, MANTISSA, BIAS, ROUND, IROUND = np.int32(0), np.int32(23), np.int32(127), np.float32(128.5), np.int32(128)
ROOT_BITS = np.int32(np.float32(math.sqrt(0.5)).view(np.int32))
# The variate is (1/2 - q) Q(x), q its tail probability, x = -1 - 2 log(4 q (1 - q)) / DEEPEST: minimax fits
# of Q, off by 7e-6 in the variate, and of the logarithm between sqrt(1/2) and sqrt(2), by 9e-6.
DEEPEST = -math.log(2 * (2.0**-32) * (1 - 2.0**-33))
SCALE = -2 / DEEPEST
Q0, Q1, Q2, Q3, Q4, Q5, Q6 = (
    np.float32(c)
    for c in (8.80152439, 4.66102158, -1.12733207, 0.525162221, -0.266138275, 0.0777393472, -0.0417718308)
)
Q7, Q8, Q9, Q10, Q11, Q12 = (
    np.float32(c) for c in (0.108950177, 0.15573011, -0.482487276, 0.189151409, 0.194266129, -0.119897165)
)
L1, L2, L3, L4, L5 = (
    np.float32(SCALE * c) for c in (0.9998990324, -0.4990129084, 0.3375637304, -0.2752047724, 0.1759488372)
)
L0, LOCTAVE = np.float32(SCALE * -6.42214031e-06 - 1), np.float32(SCALE * math.log(2))
# Logarithm to base 2 of the probability beyond x, 0 <= x <= REACH: the square root of it is off by 3e-7.
T0, T1, T2, T3, T4, T5, T6 = (
    np.float32(c)
    for c in (
        -0.999999013956,
        -1.15114864342,
        -0.458904023641,
        -0.0532797793325,
        0.00802445127413,
        -0.000760220197818,
        3.28754942706e-05,
    )
)
# 2^f, -1/2 <= f <= 1/2: off by 8e-8 of the value.
E0, E1, E2, E3, E4, E5 = (
    np.float32(c)
    for c in (
        1.00000007165,
        0.693146967055,
        0.240221197249,
        0.0555071328957,
        0.00967554129303,
        0.00132764667987,
    )
)


class Quantiles(NamedTuple):
    """n spreads made ready for drawing. `par`: what the shape needs; `poly`: (n or 0, 14) of PERT ones."""

    shape: np.ndarray  # (n,) int8
    par: np.ndarray  # (n, 5) float32
    row: np.ndarray  # (n,) int32 row of `poly`
    poly: np.ndarray  # (p, 14) float32
    first: np.ndarray  # (n,) int64
    number: np.ndarray  # (n,) int64
    pool: np.ndarray  # int32


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
    par[logs, 0], par[logs, 1] = mode[logs], spreads.sigma[kept][logs] * LOG2E
    pert = np.flatnonzero(shape == PERT)
    row = np.zeros(len(rows), np.int32)
    row[pert] = np.arange(len(pert))
    return Quantiles(
        shape=shape, par=par.astype(np.float32), row=row, poly=_pert_rows(((mode - low) / wide)[pert]),
        first=spreads.first[kept], number=spreads.count[kept],
        pool=np.concatenate([spreads.pool, [0]]).astype(np.int32),
    )  # fmt: skip


def _pert_rows(place: np.ndarray) -> np.ndarray:
    """Coefficients of -y log2(e) in powers of the variate for modes at `place` of the width: (n, 14)."""
    fit = np.array(PERT_FIT)
    in_variate = chebyshev.chebvander(2 * place - 1, fit.shape[1] - 1) @ fit.T
    powers = np.zeros((fit.shape[0], fit.shape[0]))
    for k in range(fit.shape[0]):
        poly = chebyshev.cheb2poly(np.eye(fit.shape[0])[k])
        powers[k, : len(poly)] = poly
    scale = -LOG2E / REACH ** np.arange(fit.shape[0])
    found: np.ndarray = ((in_variate @ powers) * scale).astype(np.float32)
    return found


@njit(nogil=True, error_model="numpy")
def normal_row(words: Any, own: Any, out: Any) -> None:
    """Fill the row `out` float32 with the normal variates of `words` uint32, times `own`; pointers."""
    wide()
    for i in range(LANES):
        w = words[i]
        q = (np.float32(np.int32(min(w, np.uint32(~w)))) + HALF) * WORD
        bits = as_bits(FOUR * q * (F1 - q))
        octave = np.int32(np.int32(bits - ROOT_BITS) >> MANTISSA)
        m = as_float(np.int32(bits - np.int32(octave << MANTISSA))) - F1
        x = fused(fused(fused(fused(L5, m, L4), m, L3), m, L2), m, L1)
        x = fused(x, m, fused(np.float32(octave), LOCTAVE, L0))
        z = fused(fused(fused(fused(fused(fused(Q12, x, Q11), x, Q10), x, Q9), x, Q8), x, Q7), x, Q6)
        z = fused(fused(fused(fused(fused(fused(z, x, Q5), x, Q4), x, Q3), x, Q2), x, Q1), x, Q0)
        z = z * (HALF - q) * own
        out[i] = z if np.int32(w) < I0 else -z


@njit(nogil=True, error_model="numpy")
def _exp2(t: Any) -> Any:
    """2^t, `t` cut at 2^120 and 2^-120."""
    t = min(max(t, -FAR), FAR)
    n = np.int32(np.int32(t + ROUND) - IROUND)
    f = t - np.float32(n)
    p = fused(fused(fused(fused(fused(E5, f, E4), f, E3), f, E2), f, E1), f, E0)
    return p * as_float(np.int32(np.int32(n + BIAS) << MANTISSA))


@njit(nogil=True, error_model="numpy")
def _tail(z: Any) -> Any:
    """The probability beyond |z|."""
    x = min(abs(z), FREACH)
    return _exp2(fused(fused(fused(fused(fused(fused(T6, x, T5), x, T4), x, T3), x, T2), x, T1), x, T0))


@njit(nogil=True, error_model="numpy")
def _whole(v: Any) -> Any:
    """The nearest whole number."""
    return np.int32(v + (HALF if v >= F0 else -HALF))


@njit(nogil=True, error_model="numpy")
def _triangular_row(z: Any, par: Any, out: Any) -> None:
    wide()
    low, high, place, below, above = par[0], par[1], par[2], par[3], par[4]
    for i in range(LANES):
        q, negative = _tail(z[i]), z[i] < F0
        under, over = (q if negative else F1 - q), (F1 - q if negative else q)
        left = under < place
        side = np.sqrt((below if left else above) * (under if left else over))
        out[i] = _whole(low + side if left else high - side)


@njit(nogil=True, error_model="numpy")
def _pert_row(z: Any, par: Any, poly: Any, out: Any) -> None:
    wide()
    low, width = par[0], par[1]
    c0, c1, c2, c3, c4 = poly[0], poly[1], poly[2], poly[3], poly[4]
    c5, c6, c7, c8, c9 = poly[5], poly[6], poly[7], poly[8], poly[9]
    c10, c11, c12, c13 = poly[10], poly[11], poly[12], poly[13]
    for i in range(LANES):
        x = min(max(z[i], -FREACH), FREACH)
        y = fused(fused(fused(fused(fused(fused(c13, x, c12), x, c11), x, c10), x, c9), x, c8), x, c7)
        y = fused(
            fused(fused(fused(fused(fused(fused(y, x, c6), x, c5), x, c4), x, c3), x, c2), x, c1), x, c0
        )
        out[i] = _whole(low + width / (F1 + _exp2(y)))


@njit(nogil=True, error_model="numpy")
def draw_row(
    shape: Any, par: Any, poly: Any, pool: Any, number: Any, z: Any, out: Any
) -> None:  # fmt: skip
    """Fill the row `out` int32 with draws of a spread at the row of normal variates `z`: pointers, as are
    what the shape needs, its polynomial and its `number` values.
    """
    wide()
    a, b = par[0], par[1]
    if shape == PERT:
        _pert_row(z, par, poly, out)
    elif shape == TRIANGULAR:
        _triangular_row(z, par, out)
    elif shape == LOGNORMAL:
        for i in range(LANES):
            out[i] = _whole(min(a * _exp2(z[i] * b), LONGEST))
    elif shape == UNIFORM:
        for i in range(LANES):
            q = _tail(z[i])
            out[i] = _whole(fused(b, q if z[i] < F0 else F1 - q, a))
    else:
        for i in range(LANES):
            place = min(np.int64(_tail(z[i]) * np.float32(number)), number - 1)
            out[i] = pool[place if z[i] < F0 else number - 1 - place]


__all__ = ["Quantiles", "draw_row", "normal_row", "quantiles_of"]
