"""Operations on one row of trials: a node's dates in all trials of a block. Small loops that compile to a
few vectors.

Rows of scratch have names: a value, a second one, a lag or duration, whether a date is the end of work, two
spare ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from torap.engines.schedule.clocks import HORIZON, position_row
from torap.engines.schedule.program import POINT

LOWEST = np.int32(-HORIZON)
HIGHEST = np.int32(HORIZON)
WHOLE = np.int64(10_000)
VALUE, OTHER, MOVE, ENDS, SPARE, ROWS = 0, 1, 2, 3, 4, 6


@njit(cache=True, nogil=True)
def fill_row(x: np.ndarray, k: Any, value: Any) -> None:
    """Put one value in a row."""
    for i in range(x.shape[1]):
        x[k, i] = value


@njit(cache=True, nogil=True)
def copy_row(a: np.ndarray, n: Any, x: np.ndarray, k: Any) -> None:
    """Copy row `n` of `a` to row `k` of `x`."""
    for i in range(x.shape[1]):
        x[k, i] = a[n, i]


@njit(cache=True, nogil=True)
def negate_row(x: np.ndarray, k: Any) -> None:
    """Change the sign of row `k`."""
    for i in range(x.shape[1]):
        x[k, i] = -x[k, i]


@njit(cache=True, nogil=True)
def max_row(a: np.ndarray, n: Any, more: Any, x: np.ndarray, k: Any) -> None:
    """Raise row `k` of `x` to row `n` of `a` plus `more`."""
    for i in range(x.shape[1]):
        x[k, i] = max(x[k, i], np.int32(a[n, i] + more))


@njit(cache=True, nogil=True)
def min_row(a: np.ndarray, n: Any, less: Any, x: np.ndarray, k: Any) -> None:
    """Lower row `k` of `x` to row `n` of `a` less `less`."""
    for i in range(x.shape[1]):
        x[k, i] = min(x[k, i], np.int32(a[n, i] - less))


@njit(cache=True, nogil=True)
def blank_row(way: np.ndarray, branch: Any, own: Any, value: Any, x: np.ndarray, k: Any) -> None:
    """Put `value` where branch `branch` took another way than `own`."""
    if branch >= 0:
        for i in range(x.shape[1]):
            x[k, i] = x[k, i] if way[branch, i] == own else value


@njit(cache=True, nogil=True)
def lag_row(percent: Any, lag: Any, extra: Any, duration: np.ndarray, n: Any, x: np.ndarray, k: Any) -> None:
    """The lag of a link in each trial; a share of the duration is rounded half to even, as Python does."""
    if percent == 0:
        fill_row(x, k, lag)
        return
    for i in range(x.shape[1]):
        product = (np.int64(extra) + np.int64(duration[n, i])) * np.int64(percent)
        whole = product // WHOLE
        rest = (product - whole * WHOLE) * 2
        up = rest > WHOLE or (rest == WHOLE and whole & 1 == 1)
        x[k, i] = np.int32(whole + (1 if up else 0))


@njit(cache=True, nogil=True)
def ends_row(duration: np.ndarray, n: Any, finishes: Any, x: np.ndarray, k: Any) -> None:
    """1 where an early date is the end of work: a finish of something that takes time."""
    for i in range(x.shape[1]):
        x[k, i] = 1 if finishes and duration[n, i] > 0 else 0


@njit(cache=True, nogil=True)
def late_ends_row(duration: np.ndarray, n: Any, finishes: Any, x: np.ndarray, k: Any) -> None:
    """1 where a late date is the end of work: a finish, or the start of something that takes no time."""
    for i in range(x.shape[1]):
        x[k, i] = 1 if finishes or duration[n, i] == 0 else 0


@njit(cache=True, nogil=True)
def slack_row(
    mode: np.ndarray, calendar: np.ndarray, numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray,
    finish: np.ndarray, late: np.ndarray, n: Any, x: np.ndarray,
) -> None:  # fmt: skip
    """Put in row VALUE the total float of node `n` in working minutes."""
    if mode[n] != POINT:
        for i in range(x.shape[1]):
            x[VALUE, i] = late[n, i] - finish[n, i]
        return
    copy_row(late, n, x, VALUE)
    copy_row(finish, n, x, OTHER)
    position_row(numbers, shares, slots, calendar[n], x, VALUE)
    position_row(numbers, shares, slots, calendar[n], x, OTHER)
    for i in range(x.shape[1]):
        x[VALUE, i] -= x[OTHER, i]


@njit(cache=True, nogil=True)
def earlier_row(ends: np.ndarray, e: Any, duration: np.ndarray, start: np.ndarray, n: Any) -> None:
    """Raise the start of node `n` to what binds its finish (row `e`) less its duration."""
    for i in range(start.shape[1]):
        start[n, i] = max(start[n, i], np.int32(ends[e, i] - duration[n, i]))


@njit(cache=True, nogil=True)
def finish_row(start: np.ndarray, duration: np.ndarray, finish: np.ndarray, n: Any) -> None:
    """The finish of node `n`, cut at the horizon."""
    for i in range(start.shape[1]):
        finish[n, i] = min(np.int32(start[n, i] + duration[n, i]), HIGHEST)


@njit(cache=True, nogil=True)
def later_row(ends: np.ndarray, e: Any, duration: np.ndarray, late: np.ndarray, n: Any) -> None:
    """Lower the late finish of node `n` to what binds its start (row `e`) and its duration."""
    for i in range(late.shape[1]):
        late[n, i] = min(late[n, i], np.int32(ends[e, i] + duration[n, i]))


@njit(cache=True, nogil=True)
def late_start_row(late: np.ndarray, duration: np.ndarray, late_start: np.ndarray, n: Any) -> None:
    """The late start of node `n`, its late finish cut at the horizon."""
    for i in range(late.shape[1]):
        late[n, i] = max(late[n, i], LOWEST)
        late_start[n, i] = late[n, i] - duration[n, i]


__all__ = [
    "blank_row",
    "copy_row",
    "earlier_row",
    "ends_row",
    "fill_row",
    "finish_row",
    "lag_row",
    "late_ends_row",
    "late_start_row",
    "later_row",
    "max_row",
    "min_row",
    "negate_row",
    "slack_row",
]
