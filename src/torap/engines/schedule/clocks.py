"""Calendars as tables that a kernel reads: instant to working minutes, working minutes to instant.

A calendar is cut into slots of `slot` minutes, in each of which all time is working time or none is; its
working time
into pieces of `piece` minutes, each of which lies within one shift. Both are the largest that divide all
shifts, so
both ways are one look-up and exact. `worktime` says what the instants mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from torap.engines.errors import EngineInputError
from torap.engines.schedule.worktime import DAY, LIMIT_DAYS, CalendarSpec

ALWAYS = -1  # the clock itself: no table
HORIZON = 1 << 30  # instants lie within this many minutes of the epoch, so that int32 sums never overflow


class Clocks(NamedTuple):
    """Tables of all calendars, laid end to end. `slots`: working minutes before a slot, doubled, odd where
    the slot
    works; `pieces`: the instant at which a piece begins, less the working minutes before it.
    """

    slots: np.ndarray  # int32
    pieces: np.ndarray  # int32
    numbers: (
        np.ndarray
    )  # (C+1, 7) int64: first and last slot, minutes of a slot; the same of pieces; first instant
    shares: np.ndarray  # (C, 2) float64: 1 / slot, 1 / piece
    # the last row of `numbers` counts look-ups below and above the tables


def always(spec: CalendarSpec) -> bool:
    """A calendar in which all time is working time."""
    return not spec.exceptions and all(tuple(day) == ((0, DAY),) for day in spec.week)


def clocks_of(calendars: Sequence[CalendarSpec], first: int, last: int) -> Clocks:
    """Tables from the day of instant `first` to the day of `last`."""
    day, end = first // DAY, last // DAY + 1
    if end - day > LIMIT_DAYS or abs(first) > HORIZON or abs(last) > HORIZON:
        raise EngineInputError("time_out_of_range", where="plan", days=end - day)
    slots, pieces, slot, piece = [], [], [], []
    for spec in calendars:
        g, p = _steps(spec)
        works = _working(spec, day, end, g)
        cum = np.concatenate([[0], np.cumsum(works, dtype=np.int64)[:-1]]) * g
        slots.append((cum * 2 + works).astype(np.int32))
        starts = day * DAY + np.flatnonzero(works)[:: p // g] * g
        pieces.append((starts - np.arange(len(starts)) * p).astype(np.int32))
        slot.append(g)
        piece.append(p)
    numbers = np.zeros((len(slot) + 1, 7), np.int64)
    for c, (own_slots, own_pieces) in enumerate(zip(slots, pieces, strict=True)):
        before = sum(map(len, slots[:c])), sum(map(len, pieces[:c]))
        numbers[c] = (
            before[0], len(own_slots) - 1, slot[c], before[1], len(own_pieces) - 1, piece[c], day * DAY
        )  # fmt: skip
    return Clocks(
        slots=np.concatenate([*slots, np.zeros(1, np.int32)]),
        pieces=np.concatenate([*pieces, np.zeros(1, np.int32)]),
        numbers=numbers,
        shares=1.0 / np.array([slot, piece], np.float64).T.reshape(-1, 2),
    )


def _steps(spec: CalendarSpec) -> tuple[int, int]:
    """Slot and piece: the largest that divide all shifts' ends, and all their lengths."""
    shifts = [pair for day in (*spec.week, *spec.exceptions.values()) for pair in day]
    return gcd(DAY, *(end for pair in shifts for end in pair)), gcd(*(end - start for start, end in shifts))


def _working(spec: CalendarSpec, first: int, last: int, slot: int) -> np.ndarray:
    """Which slots work: (days * slots of a day,) bool."""

    def day_of(shifts: Sequence[tuple[int, int]]) -> np.ndarray:
        row = np.zeros(DAY // slot, np.bool_)
        for start, end in shifts:
            row[start // slot : end // slot] = True
        return row

    week = np.array([day_of(shifts) for shifts in spec.week])
    days = week[(np.arange(first, last) + 3) % 7]
    for day, shifts in spec.exceptions.items():
        if first <= day < last:
            days[day - first] = day_of(shifts)
    return days.reshape(-1)


def _bare(typing: Any, array: Any) -> Any:
    """The same array without its owner: kernels pass it on without counting references, which would cost
    more than the
    work on a row. The caller keeps the owner alive.
    """

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        view = make_array(signature.args[0])(context, builder, args[0])
        view.meminfo = cgutils.get_null_value(view.meminfo.type)
        return view._getvalue()

    return array(array), code


bare: Any = intrinsic(_bare)


@njit(cache=True, nogil=True, error_model="numpy")
def position_row(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, c: Any, x: np.ndarray, k: Any
) -> None:
    """Turn the instants of row `k` of `x` into working minutes of calendar `c` from the beginning of its
    table."""
    first, most, slot, origin = (
        numbers[c, 0],
        np.int32(numbers[c, 1]),
        np.int32(numbers[c, 2]),
        np.int32(numbers[c, 6]),
    )
    share = shares[c, 0]
    below, above = np.int32(0), np.int32(0)
    for i in range(x.shape[1]):
        t = np.int32(x[k, i] - origin)
        s = np.int32((np.float64(t) + 0.5) * share)
        below += np.int32(t < 0)
        above += np.int32(s > most)
        s = np.int32(min(max(s, np.int32(0)), most))
        packed = slots[first + s]
        x[k, i] = np.int32(packed >> np.int32(1)) + np.int32(packed & np.int32(1)) * np.int32(t - s * slot)
    numbers[-1, 0] += below
    numbers[-1, 1] += above


@njit(cache=True, nogil=True, error_model="numpy")
def instant_row(
    numbers: np.ndarray, shares: np.ndarray, pieces: np.ndarray, c: Any, x: np.ndarray, k: Any, e: Any
) -> None:
    """Turn working minutes of row `k` of `x` into instants: of what ends there where row `e` is 1, else
    begins."""
    first, most = numbers[c, 3], np.int32(numbers[c, 4])
    share = shares[c, 1]
    below, above = np.int32(0), np.int32(0)
    for i in range(x.shape[1]):
        p = np.int32(x[k, i] - x[e, i])
        s = np.int32((np.float64(p) + 0.5) * share)
        below += np.int32(p < 0)
        above += np.int32(s > most)
        s = np.int32(min(max(s, np.int32(0)), most))
        x[k, i] += pieces[first + s]
    numbers[-1, 0] += below
    numbers[-1, 1] += above


@njit(cache=True, nogil=True)
def add_row(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, c: Any,
    x: np.ndarray, k: Any, w: Any, spare: Any,
) -> None:  # fmt: skip
    """Move the instants of row `k` by the working minutes of row `w`, as WorkTime.add and subtract do; rows
    `spare`
    and the next are used up.
    """
    if c == ALWAYS:
        for i in range(x.shape[1]):
            x[k, i] += x[w, i]
        return
    for i in range(x.shape[1]):
        x[spare, i] = x[k, i]
    position_row(numbers, shares, slots, c, x, spare)
    for i in range(x.shape[1]):
        x[spare, i] += x[w, i]
        x[spare + 1, i] = 1 if x[w, i] > 0 else 0
    instant_row(numbers, shares, pieces, c, x, spare, spare + 1)
    for i in range(x.shape[1]):
        x[k, i] = x[spare, i] if x[w, i] != 0 else x[k, i]


__all__ = [
    "ALWAYS",
    "HORIZON",
    "Clocks",
    "add_row",
    "always",
    "bare",
    "clocks_of",
    "instant_row",
    "position_row",
]
