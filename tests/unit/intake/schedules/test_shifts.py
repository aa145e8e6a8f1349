"""Working times as other programs may write them."""

from __future__ import annotations

import pytest

from torap.engines.schedule.worktime import DAY
from torap.intake.schedules.shifts import Shifts, laid, over_midnight

NIGHT = (1320, 360)
OFF: Shifts = ()
WEEK = [(NIGHT,)] * 5 + [OFF, OFF]
MONDAY = 4  # 5 January 1970


def test_a_night_shift_goes_on_into_the_next_day() -> None:
    week, other = laid(WEEK, {})
    assert week[0] == ((1320, DAY),)  # nobody worked on Sunday night
    assert week[1] == ((0, 360), (1320, DAY))
    assert week[5] == ((0, 360),)
    assert (week[6], other) == ((), {})
    assert over_midnight(NIGHT)


def test_a_day_that_differs_carries_over_and_is_carried_nothing() -> None:
    _, other = laid(WEEK, {MONDAY + 1: OFF, MONDAY + 5: (NIGHT,)})
    assert other[MONDAY + 1] == ()
    assert other[MONDAY + 5] == ((1320, DAY),)
    assert other[MONDAY + 6] == ((0, 360),)


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([(780, 1020), (480, 720)], ((480, 720), (780, 1020))),
        ([(480, 720), (700, 900)], ((480, 900),)),
        ([(0, 720), (720, 1440)], ((0, 720), (720, 1440))),
    ],
)
def test_shifts_are_put_in_order_and_overlaps_together(
    shifts: list[tuple[int, int]], expected: Shifts
) -> None:
    week, _ = laid([shifts, *[OFF] * 6], {})
    assert week[0] == expected
