"""From words to durations: against SciPy's quantiles, and that strata and points fill the cube."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from numba import njit
from scipy import stats
from scipy.stats import qmc

from torap.engines.lanes import flat
from torap.engines.schedule.columns import spreads_of
from torap.engines.schedule.draws import MOST_DIMENSIONS, Draw, directions_of, stratum, words_of_row
from torap.engines.schedule.sampling import (
    NEVER,
    Quantiles,
    draw_row,
    normal_row,
    quantiles_of,
    variates_of,
)
from torap.engines.schedule.uncertain import Shape, Spread

LOW, HIGH, WIDTH = 100_000, 300_000, 200_000


@njit
def drawn_kernel(q: Quantiles, words: np.ndarray, z: np.ndarray, out: np.ndarray) -> None:
    """Normal variates and draws of the first spread."""
    normal_row(flat(words), np.float32(1), flat(z))
    draw_row(q.shape[0], flat(q.par), flat(q.poly), flat(q.pool), q.number[0], flat(z), flat(out))


def drawn(spread: Spread, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normal variates and draws of `words`, whose number is a multiple of 64."""
    q, z = quantiles_of(spreads_of([spread]), np.array([0])), np.zeros(64, np.float32)
    out, variates = np.zeros((1, 64), np.int32), []
    found = []
    for first in range(0, len(words), 64):
        drawn_kernel(q, words[first : first + 64], z, out)
        variates.append(z.copy())
        found.append(out[0].copy())
    return np.concatenate(variates), np.concatenate(found)


WORDS = np.concatenate([np.linspace(0, 2**32 - 1, 64 * 700), [0, 2**32 - 1, 2**31, 2**31 - 1] * 16]).astype(
    np.uint32
)
SHARE = (WORDS + 0.5) / 2**32


@pytest.mark.parametrize(
    ("spread", "quantile", "most"),
    [
        (Spread(shape=Shape.UNIFORM, low=LOW, high=HIGH), stats.uniform(LOW, WIDTH), 1e-5),
        (Spread(shape=Shape.TRIANGULAR, low=LOW, mode=LOW, high=HIGH), stats.triang(0, LOW, WIDTH), 1e-5),
        (
            Spread(shape=Shape.TRIANGULAR, low=LOW, mode=130_000, high=HIGH),
            stats.triang(0.15, LOW, WIDTH),
            1e-5,
        ),
        (Spread(shape=Shape.TRIANGULAR, low=LOW, mode=HIGH, high=HIGH), stats.triang(1, LOW, WIDTH), 1e-5),
        (Spread(shape=Shape.PERT, low=LOW, mode=LOW, high=HIGH), stats.beta(1, 5, LOW, WIDTH), 5e-5),
        (Spread(shape=Shape.PERT, low=LOW, mode=150_000, high=HIGH), stats.beta(2, 4, LOW, WIDTH), 5e-5),
        (Spread(shape=Shape.PERT, low=LOW, mode=290_000, high=HIGH), stats.beta(4.8, 1.2, LOW, WIDTH), 5e-5),
    ],
    ids=["uniform", "least", "triangular", "most", "pert-least", "pert", "pert-late"],
)
def test_quantiles_are_those_of_scipy(spread: Spread, quantile: object, most: float) -> None:
    _, found = drawn(spread, WORDS)
    wanted = quantile.ppf(SHARE)  # type: ignore[attr-defined]
    assert np.abs(found - wanted).max() < most * WIDTH + 1


def test_the_normal_variate_and_the_lognormal() -> None:
    z, found = drawn(Spread(shape=Shape.LOGNORMAL, median=100_000, spread=0.7), WORDS)
    assert np.abs(z - stats.norm.ppf(SHARE)).max() < 5e-5
    wanted = stats.lognorm(0.7, scale=100_000).ppf(SHARE)
    assert (np.abs(found - wanted) / wanted).max() < 5e-4
    assert np.all(np.diff(z[: 64 * 700]) >= 0)


def test_variates_of_shares_are_those_of_the_standard_library() -> None:
    shares = np.concatenate([np.linspace(0.001, 0.999, 999), 10.0 ** -np.arange(4, 300, 7), [0.075, 0.925]])
    shares = np.concatenate([shares, 1 - 2.0 ** -np.arange(10, 52)])
    expected = [NormalDist().inv_cdf(share) for share in shares.tolist()]
    assert variates_of(shares).tolist() == pytest.approx(expected, rel=1e-14, abs=1e-16)
    assert variates_of(np.array([0.0, 1.0])).tolist() == [-NEVER, NEVER]


def test_empirical_values_come_up_alike() -> None:
    values = tuple(range(7, 7 + 13 * 50, 50))
    _, found = drawn(Spread(shape=Shape.EMPIRICAL, values=values), WORDS[: 64 * 700])
    counts = np.array([(found == value).sum() for value in values])
    assert counts.sum() == len(found)
    assert np.abs(counts / len(found) - 1 / 13).max() < 1e-3


@pytest.mark.parametrize("trials", [1, 2, 3, 63, 100, 1000, 1025])
def test_each_stratum_is_taken_once(trials: int) -> None:
    keys = np.arange(64, dtype=np.uint32) * np.uint32(2654435761)
    assert sorted(int(stratum(trial, trials, keys)) for trial in range(trials)) == list(range(trials))


def test_direction_numbers_are_those_of_scipy() -> None:
    found = directions_of(MOST_DIMENSIONS)
    assert directions_of(0).shape == (0, 32)
    points = qmc.Sobol(MOST_DIMENSIONS, scramble=False, bits=32).random(64)
    x = np.zeros(MOST_DIMENSIONS, np.uint32)
    for i in range(1, 64):  # each point differs from the one before by one direction number
        x ^= found[:, (i & -i).bit_length() - 1]
        assert np.array_equal(x / 2.0**32, points[i])
    assert np.array_equal(directions_of(40), found[:40])
    for bit in range(26):
        points = qmc.Sobol(40, scramble=False, bits=32).fast_forward(1 << bit)
        gray = (1 << bit) ^ (1 << bit >> 1)
        ones = [b for b in range(32) if gray >> b & 1]
        assert np.array_equal(np.bitwise_xor.reduce(found[:40, ones], axis=1) / 2.0**32, points.random(1)[0])


def sampled(method: int, trials: int, dims: int) -> np.ndarray:
    """Shares of `dims` streams: (trials, dims)."""
    draw = Draw(
        np.array([3, 0], np.uint32),
        method,
        trials,
        directions_of(dims) if method == 2 else np.zeros((0, 32), np.uint32),
    )
    streams = np.arange(2 * dims, dtype=np.uint32).reshape(dims, 2)
    out = np.zeros(64, np.uint32)
    found = np.zeros((trials, dims))
    for d in range(dims):
        for granule in range(-(-trials // 64)):
            words_of_row(draw, streams[d], 0, d, granule, out)
            live = min(64, trials - granule * 64)
            found[granule * 64 : granule * 64 + live, d] = (out[:live] + 0.5) / 2.0**32
    return found


@pytest.mark.parametrize("method", [1, 2])
def test_every_stratum_of_a_dimension_has_one_trial(method: int) -> None:
    found = sampled(method, 256, 5)
    for d in range(5):
        assert sorted((found[:, d] * 256).astype(int).tolist()) == list(range(256))
    assert np.abs(np.corrcoef(found.T) - np.eye(5)).max() < 0.25


def test_sobol_fills_the_cube_more_evenly_than_chance() -> None:
    assert qmc.discrepancy(sampled(2, 512, 4)) < qmc.discrepancy(sampled(0, 512, 4)) / 4
