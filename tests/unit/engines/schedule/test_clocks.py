"""Tables of calendars against the calendars themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba import njit

from torap.engines.errors import EngineInputError
from torap.engines.lanes import LANES, flat
from torap.engines.schedule.clocks import (
    ALWAYS,
    EXACT,
    HORIZON,
    MINUTES,
    PIECE_MINUTES,
    STEP_MINUTES,
    Clocks,
    add_row,
    clocks_of,
    positions,
    tables_of,
)
from torap.engines.schedule.worktime import DAY, CalendarSpec, WorkTime
from unit.engines.schedule.random_plans import FIRST_DAY, ODD, START

QUARTERS = CalendarSpec(id="quarters", week=(*((((495, 720), (765, 1020)),) * 5), (), ()))
SPECS = (CalendarSpec(id="std", exceptions={FIRST_DAY + 7: ()}), ODD, QUARTERS)
FIRST, LAST = START - 30 * DAY, START + 90 * DAY


@njit
def _added(clocks: Clocks, c: int, x: Any, w: Any) -> None:
    add_row(tables_of(clocks), c, flat(x), flat(w))


def added(clocks: Clocks, c: int, instants: list[int], minutes: list[int]) -> list[int]:
    rows = [np.zeros(LANES, np.int32) for _ in range(2)]
    rows[0][:] = START
    rows[0][: len(instants)], rows[1][: len(minutes)] = instants, minutes
    _added(clocks, c, *rows)
    found: list[int] = rows[0][: len(instants)].tolist()
    return found


@pytest.mark.parametrize("c", [0, 1, 2])
def test_positions_are_working_minutes(c: int) -> None:
    clocks = clocks_of(SPECS, FIRST, LAST)
    time = WorkTime(SPECS[c], FIRST, LAST)
    instants = np.arange(START, START + 40 * DAY, 97)
    found = positions(clocks, c, instants)
    assert (np.diff(found) >= 0).all()
    wanted = [time.between(START, int(at)) for at in instants]
    assert (found - found[0]).tolist() == wanted
    assert not clocks.numbers[-1].any()


@pytest.mark.parametrize("c", [0, 1, 2])
def test_a_row_moves_as_the_calendar_moves_an_instant(c: int) -> None:
    clocks = clocks_of(SPECS, FIRST, LAST)
    time = WorkTime(SPECS[c], FIRST, LAST)
    instants = [START + 313 * i for i in range(LANES)]
    minutes = [(i - 20) * 61 for i in range(LANES)]
    wanted = [time.add(at, work) for at, work in zip(instants, minutes, strict=True)]
    assert added(clocks, c, instants, minutes) == wanted
    assert added(clocks, ALWAYS, instants, minutes) == (np.array(instants) + minutes).tolist()


def test_look_ups_outside_the_tables_are_counted() -> None:
    clocks = clocks_of(SPECS[:1], FIRST, LAST)
    positions(clocks, 0, np.array([FIRST - 2 * DAY, START, LAST + 2 * DAY, LAST + 3 * DAY]))
    assert clocks.numbers[-1, :2].tolist() == [1, 2]


def test_steps_and_pieces_are_the_largest_that_divide_all_shifts() -> None:
    clocks = clocks_of(SPECS, FIRST, LAST)
    columns = [MINUTES, STEP_MINUTES, PIECE_MINUTES]
    assert clocks.numbers[0, columns].tolist() == [DAY, 60, 240]  # 8 to 12 and 13 to 17, all days alike
    assert clocks.numbers[1, columns].tolist() == [1, 1, 1]  # days differ
    assert clocks.numbers[2, columns].tolist() == [DAY, 15, 15]


@pytest.mark.parametrize("step", [1, 5, 7, 30, 60, 97, 480, 720, 1440])
def test_the_step_of_a_minute_is_found_by_multiplying(step: int) -> None:
    by = EXACT + step.bit_length() - 1
    minutes = np.arange(DAY, dtype=np.int64)
    products = minutes * -(-(1 << by) // step)
    assert products.max() < 1 << 31
    assert ((products >> by) == minutes // step).all()


def test_days_without_end_are_refused() -> None:
    with pytest.raises(EngineInputError, match="time_out_of_range"):
        clocks_of(SPECS, 0, HORIZON + 1)
