"""From a random word to a duration: the normal variate of a word, and the quantile of each shape at it.

All is float32, each trial by itself, products that are added at once rounded once: a duration is the same
whatever block or machine computes it. Functions are cut into pieces, each a polynomial; a look-up in
registers finds the coefficients. docs/engines/schedule-risk.md has the formulas and their errors;
tests/unit/engines/schedule/test_sampling.py compares them with SciPy.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from torap.engines.compiling import inner, kernel
from torap.engines.lanes import LANES, at, flat, wide, within
from torap.engines.schedule.columns import FIXED, SHAPES, Spreads
from torap.engines.schedule.tables import NORMAL, PERT_FIT, REACH, ROOT, SHARE
from torap.engines.schedule.uncertain import Shape
from torap.engines.vectors import (
    bits_of,
    choose,
    least,
    load,
    mixed,
    most,
    picked16,
    picked32,
    real_of,
    real_with,
    reals,
    store,
    whole_of,
)  # fmt: skip

UNIFORM, TRIANGULAR, PERT, LOGNORMAL, EMPIRICAL = (
    SHAPES.index(shape)
    for shape in (Shape.UNIFORM, Shape.TRIANGULAR, Shape.PERT, Shape.LOGNORMAL, Shape.EMPIRICAL)
)
LOG2E = math.log2(math.e)
PIECES, CURVE = 32, 16  # pieces of the functions all share, and of the curve of one PERT spread
PARS, TERMS = 5, CURVE * 4  # of a spread: parameters, coefficients of its curve
F0, F1, HALF = np.float32(0), np.float32(1), np.float32(0.5)
LONGEST, FAR = np.float32(1 << 28), np.float32(120)
MANTISSA, BIAS, ROUND, IROUND = np.int32(23), np.int32(127), np.float32(128.5), np.int32(128)
FRACTION, ONE_BITS, SIGN, HALF_BITS = (
    np.int32(0x7FFFFF), np.int32(0x3F800000), np.int32(-(1 << 31)), np.int32(0x3F000000)
)  # fmt: skip
BELOW = np.nextafter(np.float32(2.0**31), np.float32(0))
MIDDLE = np.float32(1.5)
PER, START, END = np.float32(PIECES / 2 / REACH), np.float32(PIECES / 2), np.float32(PIECES - 1e-5)
CURVE_PER, CURVE_START, CURVE_END = (
    np.float32(CURVE / 2 / REACH), np.float32(CURVE / 2), np.float32(CURVE - 1e-5)
)  # fmt: skip
NEVER = 100.0  # a variate beyond all
# Terms of AS 241's ratios of polynomials: in the middle, and in the tails up to and beyond e^-25.
CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
NEAR_TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip
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


def _by_power(pieces: tuple[tuple[float, ...], ...], turn: int = 0) -> np.ndarray:
    """The coefficients of all pieces, power after power, piece k at place (k + turn) of the 32: flat
    float32.
    """
    return np.ascontiguousarray(np.roll(np.array(pieces), turn, axis=0).T.astype(np.float32)).reshape(-1)


OCTAVES = _by_power(
    NORMAL, 126 % PIECES
)  # the exponent of a float32 of 1/2 is 126, its last bits are the place
SHARES, ROOTS = _by_power(SHARE), _by_power(ROOT)


class Quantiles(NamedTuple):
    """n spreads made ready for drawing. `par`: what the shape needs; `poly`: (n or 0, 64) of PERT ones."""

    shape: np.ndarray  # (n,) int8
    par: np.ndarray  # (n, 5) float32
    row: np.ndarray  # (n,) int32 row of `poly`
    poly: np.ndarray  # (p, 64) float32: coefficients of sixteen pieces, power after power
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
    par = np.zeros((len(rows), PARS), np.float64)
    width = high - low
    place = (mode - low) / np.where(width > 0, width, 1)
    par[:, 0], par[:, 1] = low, width
    three = shape == TRIANGULAR
    below, above = (np.sqrt(np.maximum(width * part, 0)) for part in (mode - low, high - mode))
    par[three] = np.stack([low, high, np.zeros(len(rows)), below, -above], axis=1)[three]
    par[three, 2] = variates_of(place[three])
    logs = shape == LOGNORMAL
    par[logs, 0], par[logs, 1] = mode[logs], spreads.sigma[kept][logs] * LOG2E
    pert = np.flatnonzero(shape == PERT)
    row = np.zeros(len(rows), np.int32)
    row[pert] = np.arange(len(pert))
    curves = _curves(*(values[pert].astype(np.float64) for values in (low, width, place)))
    return Quantiles(
        shape=shape, par=par.astype(np.float32), row=row, poly=curves,
        first=spreads.first[kept], number=spreads.count[kept],
        pool=np.concatenate([spreads.pool, [0]]).astype(np.int32),
    )  # fmt: skip


def variates_of(shares: np.ndarray) -> np.ndarray:
    """The normal variates below which `shares` (n,) lie, NEVER or -NEVER at the ends: (n,) float64.

    Wichura's algorithm AS 241 (Applied Statistics 37, 1988), off by 1e-15 of the value, all shares at once.
    """
    inside = (shares > 0) & (shares < 1)
    p = np.where(inside, shares, 0.5)
    q = p - 0.5
    middle = np.abs(q) <= 0.425
    r = np.where(middle, 0.180625 - q * q, np.sqrt(-np.log(np.minimum(p, 1 - p))))
    near, far = r - 1.6, r - 5
    tail = np.where(r <= 5, _ratio(NEAR_TAIL, near), _ratio(FAR_TAIL, far))
    found = np.where(middle, q * _ratio(CENTRE, r), np.where(q < 0, -tail, tail))
    return np.where(inside, found, np.where(shares >= 1, NEVER, -NEVER))


def _ratio(terms: tuple[tuple[float, ...], tuple[float, ...]], x: np.ndarray) -> np.ndarray:
    """The ratio of two polynomials, highest powers first."""
    above, below = (np.polyval(np.array(one), x) for one in terms)
    found: np.ndarray = above / below
    return found


def _curves(low: np.ndarray, width: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Minutes of PERT spreads with modes at `place` of the width, as cubics in the variate: (n, 64)."""
    fit = np.array(PERT_FIT)
    knots = np.cos((2 * np.arange(4) + 1) * np.pi / 8) / 2
    variates = (np.arange(CURVE)[:, None] + 0.5 + knots) * (2 / CURVE) - 1  # / REACH
    in_place = chebyshev.chebvander(2 * place - 1, fit.shape[1] - 1)
    in_variate = chebyshev.chebvander(variates.reshape(-1), fit.shape[0] - 1)
    powers = np.linalg.inv(np.vander(knots, increasing=True))
    found = np.zeros((len(low), TERMS), np.float32)
    _curves_kernel(
        low, width, np.ascontiguousarray(in_place), fit, np.ascontiguousarray(in_variate.T), powers, found
    )
    return found


@kernel
def _curves_kernel(
    low: np.ndarray, width: np.ndarray, in_place: np.ndarray, fit: np.ndarray, in_variate: np.ndarray,
    powers: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    """Fill `out` (n, 64) with coefficients of sixteen cubics, power after power: the logit of a share is
    `in_place` (n, q) `fit` (p, q) `in_variate` (p, 64); `powers` (4, 4) takes four values to coefficients. A
    library's matrix product would set threads spinning for these few numbers.
    """
    shares = np.zeros(TERMS)
    for n in range(low.size):
        shares[:] = 0
        for i in range(fit.shape[0]):
            weight = 0.0
            for j in range(fit.shape[1]):
                weight += fit[i, j] * in_place[n, j]
            for k in range(TERMS):
                shares[k] += weight * in_variate[i, k]
        for k in range(TERMS):
            shares[k] = low[n] + width[n] / (1 + math.exp(-shares[k]))
        for piece in range(CURVE):
            for power in range(4):
                value = 0.0
                for k in range(4):
                    value += powers[power, k] * shares[4 * piece + k]
                out[n, power * CURVE + piece] = np.float32(value)


@inner
def normal(words: Any) -> Any:
    """The normal variates of a row of words. The tail probability is f / 2^32, f the word or its complement
    and 1/2; the octave of f chooses the polynomial in the place within it.
    """
    within()
    wide()
    u = words ^ (words >> np.int32(31))
    bits = bits_of(least(real_of(u) + HALF, reals(BELOW)))
    t = real_with((bits & FRACTION) | ONE_BITS) - MIDDLE
    k, table = bits >> MANTISSA, flat(OCTAVES)
    z = mixed(picked32(at(table, 160), k), t, picked32(at(table, 128), k))
    z = mixed(z, t, picked32(at(table, 96), k))
    z = mixed(z, t, picked32(at(table, 64), k))
    z = mixed(z, t, picked32(at(table, 32), k))
    z = mixed(z, t, picked32(table, k))
    return real_with(bits_of(z) ^ ((words & SIGN) ^ SIGN))


@inner
def _exp2(t: Any) -> Any:
    """2^t, `t` cut at 2^120 and 2^-120."""
    t = least(most(t, reals(-FAR)), reals(FAR))
    n = whole_of(t + ROUND) - IROUND
    f = t - real_of(n)
    p = mixed(mixed(reals(E5), f, reals(E4)), f, reals(E3))
    p = mixed(mixed(mixed(p, f, reals(E2)), f, reals(E1)), f, reals(E0))
    return p * real_with((n + BIAS) << MANTISSA)


@inner
def _shared(z: Any, table: Any) -> Any:
    """A function all shapes share, at variates: its 32 pieces in `table`."""
    s = least(most(mixed(z, reals(PER), reals(START)), reals(F0)), reals(END))
    k = whole_of(s)
    t = s - (real_of(k) + HALF)
    v = mixed(picked32(at(table, 96), k), t, picked32(at(table, 64), k))
    return mixed(mixed(v, t, picked32(at(table, 32), k)), t, picked32(table, k))


@inner
def _whole(v: Any) -> Any:
    """The nearest whole number, halves away from zero."""
    return whole_of(v + real_with((bits_of(v) & SIGN) | HALF_BITS))


@inner
def _curve(z: Any, table: Any) -> Any:
    """A PERT spread at variates: its sixteen pieces in `table`."""
    within()
    s = least(most(mixed(z, reals(CURVE_PER), reals(CURVE_START)), reals(F0)), reals(CURVE_END))
    k = whole_of(s)
    t = s - (real_of(k) + HALF)
    v = mixed(picked16(at(table, 48), k), t, picked16(at(table, 32), k))
    return mixed(mixed(v, t, picked16(at(table, 16), k)), t, picked16(table, k))


@inner
def _triangle(z: Any, par: Any) -> Any:
    """A triangular spread at variates: either side is a square root of the share on that side."""
    under = z < par[2]
    root = _shared(choose(under, z, reals(F0) - z), flat(ROOTS))
    side, end = choose(under, reals(par[3]), reals(par[4])), choose(under, reals(par[0]), reals(par[1]))
    return mixed(root, side, end)


@inner
def minutes_of(shape: Any, par: Any, poly: Any, z: Any) -> Any:
    """Minutes of a spread, not an empirical one, at variates; pointers to what the shape needs and its
    curve.
    """
    within()
    wide()
    if shape == PERT:
        v = _curve(z, poly)
    elif shape == TRIANGULAR:
        v = _triangle(z, par)
    elif shape == LOGNORMAL:
        v = least(_exp2(z * par[1]) * par[0], reals(LONGEST))
    else:
        v = mixed(_shared(z, flat(SHARES)), reals(par[1]), reals(par[0]))
    return _whole(v)


@inner
def empirical_row(pool: Any, number: Any, z: Any, room: Any, out: Any) -> None:
    """Fill the row `out` int32 with values of a list at variates; the row `room` float32 is used up."""
    wide()
    store(room, _shared(z, flat(SHARES)))
    for i in range(LANES):
        place = np.int64(np.float64(room[i]) * np.float64(number))
        out[i] = pool[min(max(place, np.int64(0)), number - 1)]


@inner
def normal_row(words: Any, own: Any, out: Any) -> None:
    """Fill the row `out` float32 with the normal variates of `words` uint32, times `own`; pointers."""
    wide()
    store(out, normal(load(words)) * own)


@inner
def draw_row(shape: Any, par: Any, poly: Any, pool: Any, number: Any, z: Any, out: Any) -> None:
    """Fill the row `out` int32 with draws of a spread at the row of normal variates `z`, which is used up:
    pointers, as are what the shape needs, its curve and its `number` values.
    """
    wide()
    if shape == EMPIRICAL:
        empirical_row(pool, number, load(z), z, out)
    else:
        store(out, minutes_of(shape, par, poly, load(z)))


__all__ = [
    "EMPIRICAL",
    "PARS",
    "TERMS",
    "Quantiles",
    "draw_row",
    "empirical_row",
    "minutes_of",
    "normal",
    "normal_row",
    "quantiles_of",
    "variates_of",
]
