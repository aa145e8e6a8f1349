"""The random numbers of a pipeline, keyed: a project draws the same in a scenario as in its base."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from torap.engines.compiling import kernel
from torap.engines.rng import GRANULE, key_of, streams_of, words_row

ONE_KIND = 0  # purposes have streams of their own
WORDS = 2.0**32


def uniforms(seed: int, key: str, what: str, trials: int) -> np.ndarray:
    """Numbers inside (0, 1) for one purpose of one thing, by trial: float64 (S,)."""
    drawn = np.empty(trials)
    _uniform_kernel(key_of(seed), streams_of(f"pipeline/{what}", [key]), drawn)
    return drawn


def normals(seed: int, key: str, what: str, trials: int) -> np.ndarray:
    """Standard normal numbers, by trial: float64 (S,)."""
    drawn: np.ndarray = ndtri(uniforms(seed, key, what, trials))
    return drawn


def shared(factor: np.ndarray, own: np.ndarray, correlation: float) -> np.ndarray:
    """Standard normals that go together by `correlation` through one factor: (S,)."""
    together: np.ndarray = np.sqrt(correlation) * factor + np.sqrt(1 - correlation) * own
    return together


@kernel
def _uniform_kernel(key: np.ndarray, streams: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` (S,) float64 with middles of 2^32 equal parts of (0, 1): the word of a trial names one."""
    words = np.empty(GRANULE, dtype=np.uint32)
    for granule in range((out.size + GRANULE - 1) // GRANULE):
        words_row(key, streams, 0, ONE_KIND, granule, words)
        first = granule * GRANULE
        for i in range(min(GRANULE, out.size - first)):
            out[first + i] = (words[i] + 0.5) / WORDS
