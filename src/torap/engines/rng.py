"""Random words that are computed, not drawn in turn: Philox4x32-10, keyed by seed, stream and trial.

A word depends on the seed, on the stream (a hash of what it is for) and on the number of the trial alone. So
the same activity meets the same luck in a plan and in its scenario, on one thread or on many machines,
whatever was computed before it. Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
SC11.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numba import njit

from torap.engines.compiling import kernel
from torap.engines.lanes import flat

GRANULE = 64  # trials whose words are made in one go: sixteen calls of the cipher give four words each
MUL_A, MUL_B = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_A, WEYL_B = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
HALF = np.uint64(32)


def key_of(seed: int) -> np.ndarray:
    """The key of a seed: (2,) uint32."""
    return np.array([seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF], dtype=np.uint32)


def streams_of(kind: str, names: Iterable[str]) -> np.ndarray:
    """The stream of each name within a kind: (n, 2) uint32, the same for ever."""
    hashed = b"".join(hashlib.blake2b(f"{kind}\x1f{name}".encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(hashed, dtype="<u4").reshape(-1, 2).astype(np.uint32)


@njit(nogil=True)
def words_at(key_a: Any, key_b: Any, s0: Any, s1: Any, kind: Any, granule: Any, out: Any) -> None:
    """As `words_row`, of key and stream in words, to a pointer."""
    first, tag = np.uint32(granule * 16), np.uint32(kind)
    for i in range(16):
        a, b, c, d = np.uint32(first + np.uint32(i)), s0, s1, tag
        x, y = key_a, key_b
        for _ in range(10):
            p = np.uint64(a) * MUL_A
            q = np.uint64(c) * MUL_B
            a = np.uint32(np.uint32(np.uint32(q >> HALF) ^ b) ^ x)
            b = np.uint32(q)
            c = np.uint32(np.uint32(np.uint32(p >> HALF) ^ d) ^ y)
            d = np.uint32(p)
            x = np.uint32(x + WEYL_A)
            y = np.uint32(y + WEYL_B)
        out[i] = a
        out[16 + i] = b
        out[32 + i] = c
        out[48 + i] = d


@kernel
def words_row(key: np.ndarray, streams: np.ndarray, n: Any, kind: Any, granule: Any, out: np.ndarray) -> None:
    """Fill `out` (64,) uint32 with the words of trials 64*granule .. +63 of stream `n`: word w of call i is
    that of trial 16*w+i. `key` (2,), `streams` (n, 2) uint32; `kind` keeps apart the draws of one stream.
    """
    words_at(key[0], key[1], streams[n, 0], streams[n, 1], kind, granule, flat(out))


__all__ = ["GRANULE", "key_of", "streams_of", "words_at", "words_row"]
