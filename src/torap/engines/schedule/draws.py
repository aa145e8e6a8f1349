"""The words of one block of trials by plain, Latin hypercube or scrambled Sobol sampling.

* Plain: Philox, keyed by seed, stream and trial.
* Latin: trial t lies in stratum p(t) of as many strata as there are trials; p is a bijection keyed by the
  stream: a four-round Feistel network over the next power of four, walked on until it falls among the trials.
  Nothing is stored; the place within the stratum is the plain word.
* Sobol: the point of Joe and Kuo's sequence in the stream's dimension, scrambled by the hash of Laine and
  Karras, which permutes like Owen's nested scrambling, keyed by the stream. Without a dimension: plain.
"""

from __future__ import annotations

from importlib.metadata import distribution
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.compiling import inner
from torap.engines.lanes import flat, wide, within
from torap.engines.rng import GRANULE, drawn, words_at
from torap.engines.vectors import load, store

DRAWS = 2  # counts up whenever the same seed draws other durations
PLAIN, LATIN, SOBOL = 0, 1, 2
OWN, IMPACT, STRATA = 0, 1, 8  # kinds of draws of one stream; STRATA is added for the keys of strata
MOST_DIMENSIONS = 21_201  # of the direction numbers SciPy carries
WORD = 32
TABLE = "scipy/stats/_sobol_direction_numbers.npz"


class Draw(NamedTuple):
    """How words are made. `directions`: (dimensions, 32) uint32, none unless Sobol."""

    key: np.ndarray  # (2,) uint32
    method: int
    trials: int
    directions: np.ndarray


def directions_of(dimensions: int) -> np.ndarray:
    """Direction numbers of the first dimensions, most significant bit first: (dimensions, 32) uint32.

    Joe and Kuo's table, which SciPy carries as a file, and Bratley and Fox's recurrence over it; SciPy itself
    would have to be loaded for half a second.
    """
    found = np.ones((dimensions, WORD), np.uint64)
    if dimensions == 0:
        return found.astype(np.uint32)
    with np.load(str(distribution("scipy").locate_file(TABLE))) as table:
        polynomial, first = table["poly"][:dimensions].astype(np.uint64), table["vinit"][:dimensions]
    degree = np.frexp(polynomial.astype(np.float64))[1] - 1
    degree[0] = 0  # van der Corput's points: all its numbers are one
    for m in range(1, int(degree.max(initial=0)) + 1):
        rows = np.flatnonzero(degree == m)
        own, bits = found[rows], polynomial[rows]
        own[:, :m] = first[rows, :m]
        for j in range(m, WORD):
            own[:, j] = own[:, j - m]
            for k in range(m):
                taken = (bits >> np.uint64(m - 1 - k)) & np.uint64(1)
                own[:, j] ^= (own[:, j - k - 1] << np.uint64(k + 1)) * taken
        found[rows] = own
    return (found << np.arange(WORD - 1, -1, -1, dtype=np.uint64)).astype(np.uint32)


@inner
def _mix(x: Any, key: Any) -> Any:
    """A hash of 32 bits."""
    x = np.uint32(x ^ key)
    x = np.uint32(x ^ np.uint32(x >> np.uint32(16)))
    x = np.uint32(np.uint64(x) * np.uint64(0x7FEB352D))
    x = np.uint32(x ^ np.uint32(x >> np.uint32(15)))
    x = np.uint32(np.uint64(x) * np.uint64(0x846CA68B))
    return np.uint32(x ^ np.uint32(x >> np.uint32(16)))


@njit(nogil=True)
def stratum(trial: Any, trials: Any, keys: np.ndarray) -> Any:
    """The stratum of a trial: a bijection of 0 .. trials-1 keyed by four uint32."""
    half = np.uint32(1)
    while (np.uint64(1) << np.uint64(2 * half)) < np.uint64(trials):
        half = np.uint32(half + np.uint32(1))
    mask = np.uint32((np.uint32(1) << half) - np.uint32(1))
    x = np.uint32(trial)
    while True:
        left, right = np.uint32(x >> half), np.uint32(x & mask)
        for r in range(4):
            left, right = right, np.uint32(left ^ np.uint32(_mix(right, keys[r]) & mask))
        x = np.uint32(np.uint32(left << half) | right)
        if x < np.uint32(trials):
            return x


class Source(NamedTuple):
    """`Draw` for a kernel, in numbers and pointers, so that handing it on costs nothing; two rows of
    scratch.
    """

    key_a: Any
    key_b: Any
    method: Any
    trials: Any
    directions: Any
    keys: Any
    words: Any


@inner
def source_of(draw: Draw, keys: np.ndarray, words: np.ndarray) -> Any:
    """The source for a kernel; `keys` and `words`: (64,) uint32, scratch."""
    return Source(
        draw.key[0], draw.key[1], draw.method, draw.trials, flat(draw.directions), flat(keys), flat(words)
    )


@inner
def _latin_row(source: Any, granule: Any) -> None:
    """Put into the words of `source` places within the strata its keys choose."""
    out, trials = source.words, source.trials
    for i in range(GRANULE):
        trial = granule * GRANULE + i
        if trial < trials:
            place = np.uint64(stratum(trial, trials, source.keys))
            out[i] = np.uint32(((place << np.uint64(WORD)) + np.uint64(out[i])) // np.uint64(trials))


@inner
def _reversed(x: Any) -> Any:
    """The bits of `x` from the last to the first."""
    x = np.uint32(
        ((x & np.uint32(0x55555555)) << np.uint32(1)) | ((x >> np.uint32(1)) & np.uint32(0x55555555))
    )
    x = np.uint32(
        ((x & np.uint32(0x33333333)) << np.uint32(2)) | ((x >> np.uint32(2)) & np.uint32(0x33333333))
    )
    x = np.uint32(
        ((x & np.uint32(0x0F0F0F0F)) << np.uint32(4)) | ((x >> np.uint32(4)) & np.uint32(0x0F0F0F0F))
    )
    x = np.uint32(
        ((x & np.uint32(0x00FF00FF)) << np.uint32(8)) | ((x >> np.uint32(8)) & np.uint32(0x00FF00FF))
    )
    return np.uint32((x << np.uint32(16)) | (x >> np.uint32(16)))


@njit(nogil=True)
def scrambled(x: Any, key: Any) -> Any:
    """Laine and Karras's hash, in which each bit depends on the more significant ones alone."""
    x = _reversed(x)
    x = np.uint32(x + key)
    x = np.uint32(x ^ np.uint32(np.uint64(x) * np.uint64(0x6C50B47C)))
    x = np.uint32(x ^ np.uint32(np.uint64(x) * np.uint64(0xB82F1E52)))
    x = np.uint32(x ^ np.uint32(np.uint64(x) * np.uint64(0xC7AFE638)))
    x = np.uint32(x ^ np.uint32(np.uint64(x) * np.uint64(0x8D22F6E6)))
    return _reversed(x)


@inner
def _sobol_row(source: Any, dimension: Any, granule: Any) -> None:
    """Put points of a dimension, scrambled by the first key of `source`, into its words."""
    for i in range(GRANULE):
        trial = np.uint32(granule * GRANULE + i)
        gray = np.uint32(trial ^ np.uint32(trial >> np.uint32(1)))
        x = np.uint32(0)
        bit = np.int64(dimension) * WORD
        while gray:
            if gray & np.uint32(1):
                x = np.uint32(x ^ source.directions[bit])
            gray = np.uint32(gray >> np.uint32(1))
            bit += 1
        source.words[i] = scrambled(x, source.keys[0])


@inner
def _placed(source: Any, stream: Any, kind: Any, dimension: Any, granule: Any) -> None:
    """Put the words of a stream into those of `source` by strata or points."""
    words_at(source.key_a, source.key_b, stream[0], stream[1], kind + STRATA, 0, source.keys)
    if source.method == LATIN:
        words_at(source.key_a, source.key_b, stream[0], stream[1], kind, granule, source.words)
        _latin_row(source, granule)
    else:
        _sobol_row(source, dimension, granule)


@inner
def words_of(source: Any, stream: Any, kind: Any, dimension: Any, granule: Any) -> Any:
    """The words of a stream (a pointer to its two numbers) for a granule of trials."""
    within()
    wide()
    if source.method == LATIN or (source.method == SOBOL and dimension >= 0):
        _placed(source, stream, kind, dimension, granule)
        return load(source.words)
    return drawn(source.key_a, source.key_b, stream[0], stream[1], np.uint32(kind), np.uint32(granule))


@njit(nogil=True)
def words_of_row(
    draw: Draw, stream: np.ndarray, kind: Any, dimension: Any, granule: Any, out: np.ndarray
) -> None:
    """Fill `out` (64,) uint32 with the words of a stream (2,) for a granule of trials."""
    keys, words = np.zeros(GRANULE, np.uint32), np.zeros(GRANULE, np.uint32)
    store(flat(out), words_of(source_of(draw, keys, words), flat(stream), kind, dimension, granule))


__all__ = ["DRAWS", "Draw", "directions_of", "scrambled", "source_of", "stratum", "words_of", "words_of_row"]
