"""Calendars as tables that a kernel reads: instant to working minutes, working minutes to instant.

A calendar is cut into slots of `slot` minutes, each of which is idle or of the calendar's one shape: days,
where all working days are alike, else the largest slots that divide all shifts. The shape tells the working
minutes before each of its steps. The working time is cut into pieces of `piece` minutes, each of which lies
within one shift. So both ways are look-ups and exact, and what dates of many trials look up lies near
together: a line of the cache holds sixteen days. `worktime` says what the instants mean.
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
    picked32,
    shared_out,
    store,
    wholes,
)

ALWAYS = -1  # the clock itself: no table
HORIZON = 1 << 30  # instants lie within this many minutes of the epoch, so that int32 sums never overflow


ZERO, ONE = np.int32(0), np.int32(1)


class Clocks(NamedTuple):
    """Tables of all calendars, laid end to end. `slots`: working minutes before a slot, doubled, odd where
    the slot works; `steps`: the same of the steps of a shape; `pieces`: the instant at which a piece begins,
    less the working minutes before it.
    """

    slots: np.ndarray  # int32
    steps: np.ndarray  # int32
    pieces: np.ndarray  # int32
    numbers: np.ndarray  # (C+1, WIDTH) int64; the last row counts look-ups below and above the tables
    shares: np.ndarray  # (C, 2) float64: 1 / slot, 1 / piece


# Columns of `numbers`: the first slot and minutes of one; the first piece, how many follow, minutes of one;
# the instant at which the tables begin and their last minute after it; the first step of the shape, minutes
# of one, and what a minute is multiplied with and shifted by to find its step.
SLOT, MINUTES, PIECE, PIECES, PIECE_MINUTES, ORIGIN, LAST, STEP, STEP_MINUTES, TIMES, BY = range(11)
WIDTH = 11
PICKED = 32  # entries of a table that is looked up in registers
FEWEST = DAY // PICKED  # minutes of a step from which on a day has no more of them
EXACT = 20  # bits that the share of a step in a day is multiplied with, at least


def clocks_of(calendars: Sequence[CalendarSpec], first: int, last: int) -> Clocks:
    """Tables from the day of instant `first` to the day of `last`."""
    day, end = first // DAY, last // DAY + 1
    if end - day > LIMIT_DAYS or abs(first) > HORIZON or abs(last) > HORIZON:
        raise EngineInputError("time_out_of_range", where="plan", days=end - day)
    tables: tuple[list[np.ndarray], ...] = ([], [], [])
    numbers = np.zeros((len(calendars) + 1, WIDTH), np.int64)
    for c, spec in enumerate(calendars):
        step, piece = _steps(spec)
        works = _working(spec, day, end, step)
        slot, shape, busy = _shape(works, step)
        cum = np.concatenate([[0], np.cumsum(busy, dtype=np.int64)[:-1]]) * int(shape.sum()) * step
        inner_cum = np.concatenate([[0], np.cumsum(shape, dtype=np.int64)[:-1]]) * step
        starts = day * DAY + np.flatnonzero(works)[:: piece // step] * step
        by = EXACT + step.bit_length() - 1
        first_slot, first_step, first_piece = (sum(map(len, rows)) for rows in tables)
        numbers[c] = (
            first_slot, slot, first_piece, len(starts) - 1, piece, day * DAY, len(busy) * slot - 1,
            first_step, step, -(-(1 << by) // step), by,
        )  # fmt: skip
        own = (cum * 2 + busy, inner_cum * 2 + shape, starts - np.arange(len(starts)) * piece)
        for rows, values in zip(tables, own, strict=True):
            rows.append(values.astype(np.int32))
    slots, steps, pieces = (np.concatenate([*rows, np.zeros(PICKED, np.int32)]) for rows in tables)
    shares = 1.0 / np.stack([numbers[:-1, MINUTES], numbers[:-1, PIECE_MINUTES]], axis=1).astype(np.float64)
    return Clocks(slots, steps, pieces, numbers, shares)


def _shape(works: np.ndarray, step: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Minutes of a slot, which steps of a working one work, and which slots work, of a calendar of which
    `works` tells all steps.
    """
    days = works.reshape(-1, DAY // step)
    busy = np.asarray(days.any(axis=1))
    alike = days[busy]
    if len(alike) and (alike == alike[0]).all():
        return DAY, alike[0], busy
    return step, np.ones(1, np.bool_), works


def _steps(spec: CalendarSpec) -> tuple[int, int]:
    """Step and piece: the largest that divide all shifts' ends, and all their lengths."""
    shifts = [pair for day in (*spec.week, *spec.exceptions.values()) for pair in day]
    return gcd(DAY, *(end for pair in shifts for end in pair)), gcd(*(end - start for start, end in shifts))


def _working(spec: CalendarSpec, first: int, last: int, step: int) -> np.ndarray:
    """Which steps work: (days * steps of a day,) bool."""

    def day_of(shifts: Sequence[tuple[int, int]]) -> np.ndarray:
        row = np.zeros(DAY // step, np.bool_)
        for start, end in shifts:
            row[start // step : end // step] = True
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
    steps: Any
    pieces: Any
    numbers: Any
    shares: Any
    missed: Any


@inner
def tables_of(clocks: Clocks) -> Any:
    """The tables for a kernel."""
    missed = clocks.numbers[clocks.numbers.shape[0] - 1 :]
    return Tables(
        flat(clocks.slots), flat(clocks.steps), flat(clocks.pieces), flat(clocks.numbers),
        flat(clocks.shares), flat(missed),
    )  # fmt: skip


def positions(clocks: Clocks, c: int, instants: np.ndarray) -> np.ndarray:
    """Working minutes of calendar `c` before instants: as `position_row`, for constants. (n,) int32."""
    own = clocks.numbers[c].tolist()
    t = instants.astype(np.int64) - own[ORIGIN]
    clocks.numbers[-1, :2] += (t < 0).sum(), (t > own[LAST]).sum()
    t = np.clip(t, 0, own[LAST])
    s, minute = t // own[MINUTES], t % own[MINUTES]
    step = minute // own[STEP_MINUTES]
    packed, within = (
        row.astype(np.int64) for row in (clocks.slots[own[SLOT] + s], clocks.steps[own[STEP] + step])
    )
    found = (within >> 1) + (within & 1) * (minute - step * own[STEP_MINUTES])
    told: np.ndarray = ((packed >> 1) + (packed & 1) * found).astype(np.int32)
    return told


@inner
def position(tables: Any, c: Any, x: Any) -> Any:
    """Working minutes of calendar `c` since its table begins, of a row of instants."""
    wide()
    own = at(tables.numbers, c * WIDTH)
    last = np.int32(own[LAST])
    t = x - np.int32(own[ORIGIN])
    if counted((t < ZERO) | (t > last)) > 0:
        tables.missed[0] += counted(t < ZERO)
        tables.missed[1] += counted(t > last)
        t = least(most(t, wholes(ZERO)), wholes(last))
    s = shared_out(t, tables.shares[2 * c])
    packed = gathered(at(tables.slots, own[SLOT]), s)
    minute = t - s * np.int32(own[MINUTES])
    if own[MINUTES] > own[STEP_MINUTES]:
        step = (minute * np.int32(own[TIMES])) >> np.int32(own[BY])
        steps = at(tables.steps, own[STEP])
        found = picked32(steps, step) if own[STEP_MINUTES] >= FEWEST else gathered(steps, step)
        partly = (minute - step * np.int32(own[STEP_MINUTES])) & (wholes(ZERO) - (found & ONE))
        minute = (found >> ONE) + partly
    return (packed >> ONE) + (minute & (wholes(ZERO) - (packed & ONE)))


@inner
def instant(tables: Any, c: Any, x: Any, ends: Any) -> Any:
    """Instants of a row of working minutes of calendar `c`: of what ends where `ends` is 1, else begins."""
    wide()
    own = at(tables.numbers, c * WIDTH)
    p, most_piece = x - ends, np.int32(own[PIECES])
    s = shared_out(p, tables.shares[2 * c + 1])
    if counted((p < ZERO) | (s > most_piece)) > 0:
        tables.missed[0] += counted(p < ZERO)
        tables.missed[1] += counted(s > most_piece)
        s = least(most(s, wholes(ZERO)), wholes(most_piece))
    return x + gathered(at(tables.pieces, own[PIECE]), s)


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
