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

from torap.engines.compiling import inner
from torap.engines.errors import EngineInputError
from torap.engines.lanes import at, flat, wide
from torap.engines.schedule.worktime import DAY, LIMIT_DAYS, CalendarSpec
from torap.engines.vectors import (
    choose,
    counted,
    gathered,
    least,
    load,
    most,
    shared_out,
    store,
    wholes,
)

ALWAYS = -1  # the clock itself: no table
HORIZON = 1 << 30  # instants lie within this many minutes of the epoch, so that int32 sums never overflow


ZERO, ONE = np.int32(0), np.int32(1)


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


@inner
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


@inner
def position(tables: Any, c: Any, x: Any) -> Any:
    """Working minutes of calendar `c` since its table begins, of a row of instants."""
    wide()
    own = c * 7
    most_slot, slot = np.int32(tables.numbers[own + 1]), np.int32(tables.numbers[own + 2])
    t = x - np.int32(tables.numbers[own + 6])
    s = shared_out(t, tables.shares[2 * c])
    tables.missed[0] += counted(t < ZERO)
    tables.missed[1] += counted(s > most_slot)
    s = least(most(s, wholes(ZERO)), wholes(most_slot))
    packed = gathered(at(tables.slots, tables.numbers[own]), s)
    return (packed >> ONE) + ((t - s * slot) & (wholes(ZERO) - (packed & ONE)))


@inner
def instant(tables: Any, c: Any, x: Any, ends: Any) -> Any:
    """Instants of a row of working minutes of calendar `c`: of what ends where `ends` is 1, else begins."""
    wide()
    own = c * 7 + 3
    p, most_piece = x - ends, np.int32(tables.numbers[own + 1])
    s = shared_out(p, tables.shares[2 * c + 1])
    tables.missed[0] += counted(p < ZERO)
    tables.missed[1] += counted(s > most_piece)
    s = least(most(s, wholes(ZERO)), wholes(most_piece))
    return x + gathered(at(tables.pieces, tables.numbers[own]), s)


@inner
def position_row(tables: Any, c: Any, x: Any) -> None:
    """Turn the instants of the row `x` into working minutes of calendar `c` since its table begins."""
    store(x, position(tables, c, load(x)))


@inner
def instant_row(tables: Any, c: Any, x: Any, ends: Any) -> None:
    """Turn working minutes of the row `x` into instants: of what ends where `ends` is 1, else begins."""
    store(x, instant(tables, c, load(x), load(ends)))


@inner
def added(tables: Any, c: Any, old: Any, by: Any) -> Any:
    """A row of instants, moved by working minutes as WorkTime.add and subtract do."""
    wide()
    if c == ALWAYS:
        return old + by
    ends = choose(by > ZERO, wholes(ONE), wholes(ZERO))
    new = instant(tables, c, position(tables, c, old) + by, ends)
    return choose(by == ZERO, old, new)


@inner
def add_row(tables: Any, c: Any, x: Any, w: Any) -> None:
    """Move the instants of the row `x` by the working minutes of `w`."""
    store(x, added(tables, c, load(x), load(w)))


__all__ = [
    "ALWAYS",
    "HORIZON",
    "Clocks",
    "add_row",
    "added",
    "clocks_of",
    "instant",
    "instant_row",
    "position",
    "position_row",
    "positions",
    "tables_of",
]
