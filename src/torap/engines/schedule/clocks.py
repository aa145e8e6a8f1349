"""Calendars as tables that a kernel reads: instant to working minutes, working minutes to instant.

A calendar is cut into slots of `slot` minutes, in each of which all time is working time or none is; its
working time into pieces of `piece` minutes, each of which lies within one shift. Both are the largest that
divide all shifts, so both ways are one look-up and exact. `worktime` says what the instants mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.errors import EngineInputError
from torap.engines.lanes import LANES, flat, wide
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
        shares=1.0 / np.stack([np.array(slot, np.float64), np.array(piece, np.float64)], axis=1),
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


class Tables(NamedTuple):
    """Pointers to what `Clocks` holds; `missed`: the row of `numbers` that counts look-ups outside the
    tables.
    """

    slots: Any
    pieces: Any
    numbers: Any
    shares: Any
    missed: Any


@njit(nogil=True)
def tables_of(clocks: Clocks) -> Any:
    """The tables for a kernel."""
    missed = clocks.numbers[clocks.numbers.shape[0] - 1 :]
    return Tables(
        flat(clocks.slots), flat(clocks.pieces), flat(clocks.numbers), flat(clocks.shares), flat(missed)
    )


def positions(clocks: Clocks, c: int, instants: np.ndarray) -> np.ndarray:
    """Working minutes of calendar `c` before instants: as `position_row`, for constants. (n,) int32."""
    first, most, slot, *_, origin = clocks.numbers[c].tolist()
    t = instants.astype(np.int64) - origin
    clocks.numbers[-1, :2] += (t < 0).sum(), (t > most * slot + slot - 1).sum()
    s = np.clip(t // slot, 0, most)
    packed = clocks.slots[first + s].astype(np.int64)
    found: np.ndarray = ((packed >> 1) + (packed & 1) * (t - s * slot)).astype(np.int32)
    return found


@njit(nogil=True, error_model="numpy")
def position_row(tables: Any, c: Any, x: Any) -> None:
    """Turn the instants of the row `x` into working minutes of calendar `c` since its table begins."""
    wide()
    own, slots, share = c * 7, tables.slots, tables.shares[2 * c]
    first, most = tables.numbers[own], np.int32(tables.numbers[own + 1])
    slot, origin = np.int32(tables.numbers[own + 2]), np.int32(tables.numbers[own + 6])
    below, above = np.int32(0), np.int32(0)
    for i in range(LANES):
        t = np.int32(x[i] - origin)
        s = np.int32((np.float64(t) + 0.5) * share)
        below = np.int32(below + np.int32(t < 0))
        above = np.int32(above + np.int32(s > most))
        s = np.int32(min(max(s, np.int32(0)), most))
        packed = slots[first + s]
        x[i] = np.int32((packed >> np.int32(1)) + np.int32((packed & np.int32(1)) * np.int32(t - s * slot)))
    tables.missed[0] += below
    tables.missed[1] += above


@njit(nogil=True, error_model="numpy")
def instant_row(tables: Any, c: Any, x: Any, ends: Any) -> None:
    """Turn working minutes of the row `x` into instants: of what ends where `ends` is 1, else begins."""
    wide()
    pieces, share = tables.pieces, tables.shares[2 * c + 1]
    first, most = tables.numbers[c * 7 + 3], np.int32(tables.numbers[c * 7 + 4])
    below, above = np.int32(0), np.int32(0)
    for i in range(LANES):
        p = np.int32(x[i] - ends[i])
        s = np.int32((np.float64(p) + 0.5) * share)
        below = np.int32(below + np.int32(p < 0))
        above = np.int32(above + np.int32(s > most))
        s = np.int32(min(max(s, np.int32(0)), most))
        x[i] = np.int32(x[i] + pieces[first + s])
    tables.missed[0] += below
    tables.missed[1] += above


@njit(nogil=True)
def add_row(tables: Any, c: Any, x: Any, w: Any, spare: Any, ends: Any) -> None:
    """Move the instants of the row `x` by the working minutes of `w`, as WorkTime.add and subtract do;
    `spare` and `ends` are used up.
    """
    wide()
    if c == ALWAYS:
        for i in range(LANES):
            x[i] = np.int32(x[i] + w[i])
        return
    for i in range(LANES):
        spare[i] = x[i]
    position_row(tables, c, spare)
    for i in range(LANES):
        spare[i] = np.int32(spare[i] + w[i])
        ends[i] = np.int32(1) if w[i] > 0 else np.int32(0)
    instant_row(tables, c, spare, ends)
    for i in range(LANES):
        x[i] = spare[i] if w[i] != 0 else x[i]


__all__ = [
    "ALWAYS",
    "HORIZON",
    "Clocks",
    "add_row",
    "clocks_of",
    "instant_row",
    "position_row",
    "positions",
    "tables_of",
]
