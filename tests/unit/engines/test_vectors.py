"""Rows of 64 trials as one value: the same as NumPy reckons, and the same without the processor's look-up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from torap.engines import vectors
from torap.engines.lanes import LANES, LINE, aligned, flat, flats, row
from torap.engines.schedule.draws import Draw
from torap.engines.vectors import (
    bits_in,
    bits_of,
    choose,
    counted,
    dotted,
    largest,
    least,
    load,
    mixed,
    most,
    pack,
    picked16,
    picked32,
    real_of,
    real_with,
    reals,
    rooted,
    shared_out,
    smallest,
    store,
    summed,
    whole_of,
    wholes,
)

INT = np.iinfo(np.int32)
rows = st.lists(st.integers(INT.min, INT.max), min_size=LANES, max_size=LANES).map(
    lambda values: np.array(values, np.int32)
)


@njit
def whole_kernel(a: Any, b: Any, out: Any, low: Any) -> Any:
    x, y, to = load(flat(a)), load(flat(b)), flat(out)
    store(row(to, 0), (x + y) * np.int32(3) - (x ^ y))
    store(row(to, 1), choose(x < y, least(x, y), most(x, wholes(np.int32(7)))))
    store(row(to, 2), ((x & y) | np.int32(8)) >> np.int32(3))
    store(row(to, 3), (x << np.int32(2)) + choose(x == y, x, y))
    pack(flat(low), x)
    bits = bits_in((x <= y) & (y > np.int32(0)))
    return counted(x <= y), summed(x), dotted(x, y), smallest(x), largest(y), bits


@given(rows, rows)
def test_whole_numbers_are_those_of_numpy(a: np.ndarray, b: np.ndarray) -> None:
    out, low = np.zeros((4, LANES), np.int32), np.zeros(LANES, np.uint16)
    *found, bits = whole_kernel(a, b, out, low)
    assert np.array_equal(out[0], (a + b) * np.int32(3) - (a ^ b))
    assert np.array_equal(out[1], np.where(a < b, np.minimum(a, b), np.maximum(a, 7)))
    assert np.array_equal(out[2], ((a & b) | np.int32(8)) >> np.int32(3))
    assert np.array_equal(out[3], (a << np.int32(2)) + np.where(a == b, a, b))
    assert np.array_equal(low, a.astype(np.uint16))
    assert bits == sum(1 << i for i in np.flatnonzero((a <= b) & (b > 0)).tolist())
    wide_a, wide_b = a.astype(np.int64).astype(object), b.astype(object)
    whole = int((wide_a * wide_b).sum())
    assert found[:2] == [(a <= b).sum(), a.sum(dtype=np.int64)]
    assert (found[2] - whole) % 2**64 == 0
    assert found[3:] == [a.min(), b.max()]


def looks(entries: int) -> Any:
    """A kernel that looks up in tables, compiled as the module now is."""
    picked = {16: vectors.intrinsic(vectors._picked(16)), 32: vectors.intrinsic(vectors._picked(32))}[entries]
    gather = vectors.intrinsic(vectors._gathered)

    @njit
    def look_kernel(table: Any, long: Any, places: Any, reals_out: Any, out: Any, few: Any) -> None:
        store(flat(reals_out), picked(flat(table), load(flat(places))))
        store(flat(out), gather(flat(long), load(flat(places))))
        store(flat(few), picked(flat(long), load(flat(places))))

    return look_kernel


@pytest.mark.parametrize("permutes", [True, False])
@pytest.mark.parametrize("entries", [16, 32])
def test_looking_up_is_the_same_with_and_without_the_instruction(
    monkeypatch: pytest.MonkeyPatch, entries: int, permutes: bool
) -> None:
    if permutes and not vectors._permutes():
        pytest.skip("this processor has no such instruction")
    monkeypatch.setattr(vectors, "_permutes", lambda: permutes)
    places = np.random.default_rng(1).integers(0, 500, LANES).astype(np.int32)
    table, long = np.arange(entries, dtype=np.float32) * 1.5, np.arange(500, dtype=np.int32) * -7
    found, whole, few = np.zeros(LANES, np.float32), np.zeros(LANES, np.int32), np.zeros(LANES, np.int32)
    looks(entries)(table, long, places, found, whole, few)
    assert np.array_equal(found, table[places % entries])
    assert np.array_equal(whole, long[places])
    assert np.array_equal(few, long[places % entries])


@njit
def real_kernel(a: Any, b: Any, table: Any, out: Any, wholes_out: Any) -> None:
    x, y, to, whole = load(flat(a)), load(flat(b)), flat(out), flat(wholes_out)
    store(row(to, 0), mixed(x, y, reals(np.float32(0.5))))
    store(row(to, 1), rooted(x * x) / (y * y + np.float32(1)))
    store(row(to, 2), real_with(bits_of(least(x, y))) - most(x, y))
    store(row(to, 3), real_of(whole_of(x)) + picked16(flat(table), whole_of(x)))
    store(row(to, 4), picked32(flat(table), whole_of(y)))
    store(row(whole, 0), whole_of(y))
    store(row(whole, 1), shared_out(whole_of(x * np.float32(1000)), 1 / 60))


def test_reals_are_those_of_numpy() -> None:
    rng = np.random.default_rng(2)
    a, b = (rng.normal(size=(2, LANES)) * 40).astype(np.float32)
    table = rng.normal(size=32).astype(np.float32)
    out, whole = np.zeros((5, LANES), np.float32), np.zeros((2, LANES), np.int32)
    real_kernel(a, b, table, out, whole)
    assert np.array_equal(out[0], (a.astype(np.float64) * b + 0.5).astype(np.float32))
    assert np.array_equal(out[1], np.sqrt(a * a) / (b * b + np.float32(1)))
    assert np.array_equal(out[2], np.minimum(a, b) - np.maximum(a, b))
    assert np.array_equal(out[3], np.trunc(a) + table[a.astype(np.int32) & 15])
    assert np.array_equal(out[4], table[b.astype(np.int32) & 31])
    assert np.array_equal(whole[0], b.astype(np.int32))
    thousand = (a * np.float32(1000)).astype(np.int32)
    assert np.array_equal(whole[1], ((thousand + 0.5) / 60).astype(np.int32))


@njit
def bare_kernel(draw: Any) -> Any:
    bare = flats(draw)
    return bare.key[1] + bare.trials + bare.directions[3]


def test_tuples_keep_their_names_when_arrays_become_pointers() -> None:
    draw = Draw(np.array([1, 20], np.uint32), 0, 300, np.arange(4, dtype=np.uint32).reshape(2, 2) * 1000)
    assert bare_kernel(draw) == 20 + 300 + 3000


def test_rows_begin_where_a_line_does() -> None:
    found = aligned((3, LANES))
    assert found.ctypes.data % LINE == 0
    assert found.shape == (3, LANES)
    assert found.flags.c_contiguous
    assert not found.any()
