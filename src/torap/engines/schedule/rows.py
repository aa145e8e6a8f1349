"""Operations on one row of trials: a node's dates in all trials of a block. Small loops, a few vectors each.

A row is a pointer to LANES int32. Rows of scratch have names: a value; a second one; a lag or duration;
whether a date is the end of work; from BEGIN on the start, finish and float of what spans
others; the plan's finish less a constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from torap.engines.compiling import inner
from torap.engines.lanes import LANES, row, wide
from torap.engines.schedule.clocks import HORIZON, position_row
from torap.engines.schedule.program import POINT
from torap.engines.vectors import choose, load, store, wholes

LOWEST = np.int32(-HORIZON)
HIGHEST = np.int32(HORIZON)
WHOLE = np.int64(10_000)
ZERO, ON, OFF = np.int32(0), np.int32(1), np.int32(-1)
VALUE, OTHER, MOVE, ENDS, BEGIN = 0, 1, 2, 3, 4
PLAN_END, ROWS = 7, 8


@inner
def fill_row(x: Any, value: Any) -> None:
    """Put one value in a row."""
    wide()
    store(x, wholes(value))


@inner
def copy_row(a: Any, x: Any) -> None:
    """Copy row `a` to row `x`."""
    wide()
    store(x, load(a))


@inner
def sum_row(a: Any, b: Any, sign: Any, x: Any) -> None:
    """Put in row `x` row `a` plus `sign` times row `b`."""
    wide()
    store(x, load(a) + load(b) if sign == ON else load(a) - load(b))


@inner
def taken(way: Any, branch: Any, own: Any, value: Any, x: Any) -> Any:
    """`x`, but `value` where branch `branch` took another way than `own`."""
    wide()
    if branch < 0:
        return x
    return choose(load(row(way, branch)) == own, x, wholes(value))


@inner
def blank_row(way: Any, branch: Any, own: Any, value: Any, x: Any) -> None:
    """Put `value` in the row `x` where branch `branch` took another way than `own`."""
    store(x, taken(way, branch, own, value, load(x)))


@inner
def lag_row(percent: Any, lag: Any, extra: Any, duration: Any, sign: Any, x: Any) -> None:
    """The lag of a link in each trial, times `sign`; a share of the duration is rounded half to even, as
    Python does.
    """
    if percent == 0:
        fill_row(x, np.int32(lag * sign))
        return
    for i in range(LANES):
        product = (np.int64(extra) + np.int64(duration[i])) * np.int64(percent)
        whole = product // WHOLE
        rest = (product - whole * WHOLE) * 2
        up = rest > WHOLE or (rest == WHOLE and whole & 1 == 1)
        x[i] = np.int32((whole + (1 if up else 0)) * sign)


@inner
def ends_row(duration: Any, x: Any) -> None:
    """1 where a finish is the end of work: of something that takes time."""
    wide()
    store(x, choose(load(duration) > ZERO, wholes(ON), wholes(ZERO)))


@inner
def late_ends_row(duration: Any, finishes: Any, x: Any) -> None:
    """1 where a late date is the end of work: a finish, or the start of something that takes no time."""
    wide()
    for i in range(LANES):
        x[i] = ON if finishes or duration[i] == 0 else ZERO


@inner
def slack_row(tables: Any, mode: Any, calendar: Any, late: Any, finish: Any, value: Any, other: Any) -> None:
    """Put in row `value` the total float in working minutes of a node with such late and early finishes."""
    if mode == POINT:
        copy_row(late, value)
        copy_row(finish, other)
        position_row(tables, calendar, value)
        position_row(tables, calendar, other)
        sum_row(value, other, OFF, value)
    else:
        sum_row(late, finish, OFF, value)


__all__ = [
    "blank_row",
    "copy_row",
    "ends_row",
    "fill_row",
    "lag_row",
    "late_ends_row",
    "slack_row",
    "sum_row",
    "taken",
]
