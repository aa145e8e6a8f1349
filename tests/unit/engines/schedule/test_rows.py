"""Operations on a row of trials against the same written in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from torap.engines.lanes import LANES, flat
from torap.engines.schedule import rows

whole = st.integers(-(10**6), 10**6)
amounts = st.lists(st.integers(0, 10**6), min_size=LANES, max_size=LANES)


@njit
def _lagged(percent: Any, lag: Any, extra: Any, duration: Any, sign: Any, x: Any) -> None:
    rows.lag_row(percent, lag, extra, flat(duration), sign, flat(x))


@njit
def _simple(a: Any, b: Any, x: Any) -> None:
    rows.fill_row(flat(x[0]), np.int32(7))
    rows.copy_row(flat(a), flat(x[1]))
    rows.sum_row(flat(a), flat(b), rows.ON, flat(x[2]))
    rows.sum_row(flat(a), flat(b), rows.OFF, flat(x[3]))
    rows.ends_row(flat(b), flat(x[4]))
    rows.late_ends_row(flat(b), False, flat(x[5]))
    rows.late_ends_row(flat(b), True, flat(x[6]))


@njit
def _blanked(way: Any, branch: Any, own: Any, value: Any, x: Any) -> None:
    rows.blank_row(flat(way), branch, own, value, flat(x))


def row(values: Any) -> np.ndarray:
    return np.array(values, np.int32)


@settings(max_examples=60, deadline=None)
@given(st.integers(-30_000, 30_000), whole, st.integers(0, 10**6), amounts, st.sampled_from([1, -1]))
def test_a_lag_is_rounded_as_python_rounds(
    percent: int, lag: int, extra: int, drawn: list[int], sign: int
) -> None:
    x = np.zeros(LANES, np.int32)
    _lagged(np.int32(percent), np.int32(lag), np.int32(extra), row(drawn), np.int32(sign), x)
    share = [round((extra + one) * percent / 10_000) for one in drawn] if percent else [lag] * LANES
    assert x.tolist() == [sign * one for one in share]


def test_halves_go_to_the_even_neighbour() -> None:
    x = np.zeros(LANES, np.int32)
    _lagged(np.int32(5000), np.int32(0), np.int32(0), row(range(LANES)), np.int32(1), x)
    assert x[:8].tolist() == [0, 0, 1, 2, 2, 2, 3, 4]


def test_values_copies_sums_and_ends() -> None:
    a, b = row(range(LANES)), row([i % 3 for i in range(LANES)])
    x = np.zeros((7, LANES), np.int32)
    _simple(a, b, x)
    assert (x[0] == 7).all()
    assert x[1].tolist() == a.tolist()
    assert x[2].tolist() == (a + b).tolist()
    assert x[3].tolist() == (a - b).tolist()
    assert x[4].tolist() == (b > 0).tolist()  # what takes time ends with its work
    assert x[5].tolist() == (b == 0).tolist()
    assert (x[6] == 1).all()


def test_a_way_not_taken_is_blank() -> None:
    way = row([[0] * LANES, [i % 2 for i in range(LANES)]])
    x = row([5] * LANES)
    _blanked(way, np.int64(-1), np.int32(1), np.int32(9), x)
    assert (x == 5).all()  # of no branch
    _blanked(way, np.int64(1), np.int32(1), np.int32(9), x)
    assert x.tolist() == [9 if i % 2 == 0 else 5 for i in range(LANES)]
