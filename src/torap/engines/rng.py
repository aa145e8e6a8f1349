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
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from torap.engines.compiling import kernel
from torap.engines.lanes import flat, wide
from torap.engines.vectors import LONG, WHOLES, WORD, joined, spread, store

GRANULE = 64  # trials whose words are made in one go: sixteen calls of the cipher give four words each
CALLS, ROUNDS = 16, 10
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
WEYL = 0x9E3779B9, 0xBB67AE85


def key_of(seed: int) -> np.ndarray:
    """The key of a seed: (2,) uint32."""
    return np.array([seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF], dtype=np.uint32)


def streams_of(kind: str, names: Iterable[str]) -> np.ndarray:
    """The stream of each name within a kind: (n, 2) uint32, the same for ever."""
    hashed = b"".join(hashlib.blake2b(f"{kind}\x1f{name}".encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(hashed, dtype="<u4").reshape(-1, 2).astype(np.uint32)


def _drawn(typing: Any, key_a: Any, key_b: Any, s0: Any, s1: Any, kind: Any, granule: Any) -> Any:
    """The words of a granule of trials, of a key and a stream: sixteen calls side by side, each number in
    the lower half of 64 bits. What gathers in the upper halves is dropped where it would be multiplied.
    """
    one = types.uint32

    def code(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wide_one = ir.VectorType(LONG, CALLS)
        lower, half = ir.Constant(wide_one, [0xFFFFFFFF] * CALLS), ir.Constant(wide_one, [32] * CALLS)
        by_a, by_b = (ir.Constant(wide_one, [number] * CALLS) for number in MULTIPLIERS)

        def each(value: Any) -> Any:
            return spread(builder, builder.zext(value, LONG), CALLS)

        x, y, *counter = args
        first = each(builder.mul(counter.pop(), ir.Constant(WORD, CALLS)))
        a = builder.add(first, ir.Constant(wide_one, list(range(CALLS))))
        b, c, d = map(each, counter)
        for _ in range(ROUNDS):
            p = builder.mul(builder.and_(a, lower), by_a)
            q = builder.mul(builder.and_(c, lower), by_b)
            a = builder.xor(builder.xor(builder.lshr(q, half), b), each(x))
            c = builder.xor(builder.xor(builder.lshr(p, half), d), each(y))
            b, d = q, p
            x, y = (builder.add(key, ir.Constant(WORD, step)) for key, step in zip((x, y), WEYL, strict=True))
        return joined(builder, [builder.trunc(part, ir.VectorType(WORD, CALLS)) for part in (a, b, c, d)])

    return WHOLES(one, one, one, one, one, one), code


drawn: Any = intrinsic(_drawn)


@njit(nogil=True)
def words_at(key_a: Any, key_b: Any, s0: Any, s1: Any, kind: Any, granule: Any, out: Any) -> None:
    """As `words_row`, of key and stream in words, to a pointer."""
    wide()
    store(out, drawn(key_a, key_b, s0, s1, np.uint32(kind), np.uint32(granule)))


@kernel
def words_row(key: np.ndarray, streams: np.ndarray, n: Any, kind: Any, granule: Any, out: np.ndarray) -> None:
    """Fill `out` (64,) uint32 with the words of trials 64*granule .. +63 of stream `n`: word w of call i is
    that of trial 16*w+i. `key` (2,), `streams` (n, 2) uint32; `kind` keeps apart the draws of one stream.
    """
    words_at(key[0], key[1], streams[n, 0], streams[n, 1], kind, granule, flat(out))


__all__ = ["GRANULE", "drawn", "key_of", "streams_of", "words_at", "words_row"]
