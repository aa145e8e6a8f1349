"""Calendars as tables that a kernel reads: instant to working minutes, working minutes to instant.

A calendar is cut into slots of `slot` minutes, in each of which all time is working time or none is; its working time
into pieces of `piece` minutes, each of which lies within one shift. Both are the largest that divide all shifts, so
both ways are one look-up and exact. `worktime` says what the instants mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

import numpy as np
from numba import njit

from torap.engines.errors import EngineInputError
from torap.engines.schedule.worktime import DAY, LIMIT_DAYS, CalendarSpec

ALWAYS = -1  # the clock itself: no table
HORIZON = 1 << 30  # instants lie within this many minutes of the epoch, so that int32 sums never overflow


class Clocks(NamedTuple):
    """Tables of all calendars, laid end to end. `slots`: working minutes before a slot, doubled, odd where the slot
    works; `pieces`: the instant at which a piece begins, less the working minutes before it.
    """

    origin: int
    slots: np.ndarray  # int32
    slot_from: np.ndarray  # (C+1,) int64
    slot_share: np.ndarray  # (C,) float64: 1 / slot
    slot: np.ndarray  # (C,) int32
    pieces: np.ndarray  # int32
    piece_from: np.ndarray  # (C+1,) int64
    piece_share: np.ndarray  # (C,) float64: 1 / piece
    piece: np.ndarray  # (C,) int32
    bad: np.ndarray  # (2,) int64: look-ups below and above the tables, counted by the kernels


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
    return Clocks(
        origin=day * DAY,
        slots=np.concatenate([*slots, np.zeros(1, np.int32)]),
        slot_from=np.cumsum([0, *map(len, slots)]),
        slot_share=1.0 / np.array(slot, np.float64),
        slot=np.array(slot, np.int32),
        pieces=np.concatenate([*pieces, np.zeros(1, np.int32)]),
        piece_from=np.cumsum([0, *map(len, pieces)]),
        piece_share=1.0 / np.array(piece, np.float64),
        piece=np.array(piece, np.int32),
        bad=np.zeros(2, np.int64),
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


@njit(cache=True, nogil=True)
def position(clocks: Clocks, calendar: int, at: int) -> int:
    """Working minutes of a calendar before instant `at`, from the beginning of the tables."""
    x = at - clocks.origin
    k = np.int64((np.float64(x) + 0.5) * clocks.slot_share[calendar])
    most = clocks.slot_from[calendar + 1] - clocks.slot_from[calendar] - 1
    if x < 0:
        clocks.bad[0] += 1
        k = 0
        x = 0
    elif k > most:
        clocks.bad[1] += 1
        k = most
        x = k * clocks.slot[calendar]
    packed = clocks.slots[clocks.slot_from[calendar] + k]
    return np.int32((packed >> 1) + (packed & 1) * (x - k * clocks.slot[calendar]))


@njit(cache=True, nogil=True)
def instant(clocks: Clocks, calendar: int, work: int, ends: int) -> int:
    """The instant at position `work`: of something that ends there (`ends` 1) or begins there (0)."""
    p = work - ends
    k = np.int64((np.float64(p) + 0.5) * clocks.piece_share[calendar])
    most = clocks.piece_from[calendar + 1] - clocks.piece_from[calendar] - 1
    if p < 0:
        clocks.bad[0] += 1
        k = 0
    elif k > most:
        clocks.bad[1] += 1
        k = most
    return np.int32(clocks.pieces[clocks.piece_from[calendar] + k] + work)


@njit(cache=True, nogil=True)
def add(clocks: Clocks, calendar: int, at: int, work: int) -> int:
    """`at` moved by working minutes, as WorkTime.add and subtract do."""
    if work == 0:
        return np.int32(at)
    if calendar == ALWAYS:
        return np.int32(at + work)
    p = position(clocks, calendar, at) + work
    return instant(clocks, calendar, p, 1 if work > 0 else 0)


__all__ = ["ALWAYS", "HORIZON", "Clocks", "add", "always", "clocks_of", "instant", "position"]
