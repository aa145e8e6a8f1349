"""Working time: starts, finishes, sums and differences, against a minute-by-minute count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.schedule.worktime import ALWAYS, DAY, EPOCH, CalendarSpec, WorkTime
from unit.engines.schedule.cases import SIX, STANDARD, at, text

FRIDAY_17 = at("2026-01-09 17:00")
MONDAY_8 = at("2026-01-12 08:00")


def laid(spec: CalendarSpec = STANDARD) -> WorkTime:
    return WorkTime(spec, at("2026-01-05 08:00"), at("2026-02-05 08:00"))


def test_end_of_a_shift_is_a_finish_and_the_next_shift_a_start() -> None:
    time = laid()
    assert text(time.next_start(FRIDAY_17)) == "2026-01-12 08:00"
    assert text(time.previous_finish(MONDAY_8)) == "2026-01-09 17:00"
    assert time.previous_finish(FRIDAY_17) == FRIDAY_17
    assert time.next_start(MONDAY_8) == MONDAY_8
    assert time.between(FRIDAY_17, MONDAY_8) == 0
    assert time.same_finish(MONDAY_8) == FRIDAY_17
    assert time.same_start(FRIDAY_17) == MONDAY_8
    assert time.same_finish(at("2026-01-12 09:00")) == at("2026-01-12 09:00")


def test_work_added_ends_in_a_shift_and_taken_off_begins_in_one() -> None:
    time = laid()
    assert text(time.add(MONDAY_8, 480)) == "2026-01-12 17:00"
    assert text(time.add(at("2026-01-09 13:00"), 480)) == "2026-01-12 12:00"
    assert text(time.subtract(FRIDAY_17, 480)) == "2026-01-09 08:00"
    assert text(time.subtract(MONDAY_8, 480)) == "2026-01-09 08:00"
    assert time.add(FRIDAY_17, 0) == FRIDAY_17
    assert time.add(MONDAY_8, -60) == time.subtract(MONDAY_8, 60)


def test_exceptions_replace_the_hours_of_their_day() -> None:
    closed = (at("2026-01-12 00:00")) // DAY
    short = closed + 1
    spec = CalendarSpec(id="x", exceptions={closed: (), short: ((600, 660),)})
    time = laid(spec)
    assert text(time.next_start(at("2026-01-11 10:00"))) == "2026-01-13 10:00"
    assert time.between(at("2026-01-12 00:00"), at("2026-01-14 00:00")) == 60


def test_a_shift_over_midnight_is_one_stretch() -> None:
    night = CalendarSpec(id="night", week=(((0, 360), (1320, 1440)),) * 7)
    time = laid(night)
    assert time.add(at("2026-01-05 23:00"), 120) == at("2026-01-06 01:00")
    assert time.next_start(at("2026-01-06 00:00")) == at("2026-01-06 00:00")


def test_it_reaches_as_far_as_it_is_asked() -> None:
    time = laid()
    assert text(time.add(at("2026-01-05 08:00"), 480 * 5 * 52 * 30)).startswith("2055-11-26")
    assert time.next_start(at("1999-05-01 08:00")) == at("1999-05-03 08:00")


def test_a_slip_of_the_pen_is_refused() -> None:
    with pytest.raises(EngineInputError, match="time_out_of_range"):
        laid().add(at("2026-01-05 08:00"), 10**10)


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ((), "week_not_seven_days"),
        (((),) * 7, "no_working_time"),
        ((((600, 500),), (), (), (), (), (), ()), "bad_shift"),
        ((((480, 720), (700, 800)), (), (), (), (), (), ()), "bad_shift"),
    ],
)
def test_calendars_without_sense_are_refused(week: tuple[object, ...], code: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        laid(CalendarSpec(id="broken", week=week))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.where) == (code, "broken")


def _worked(spec: CalendarSpec, start: int, end: int) -> int:
    """Working minutes between two instants, counted one by one."""
    total = 0
    for minute in range(start, end):
        day, within = divmod(minute, DAY)
        weekday = (EPOCH.toordinal() + day - 1) % 7
        total += any(lo <= within < hi for lo, hi in spec.week[weekday])
    return total


@given(
    start=st.integers(0, 14 * DAY),
    work=st.integers(0, 3000),
    spec=st.sampled_from([STANDARD, SIX, ALWAYS]),
)
def test_added_work_is_what_is_counted(start: int, work: int, spec: CalendarSpec) -> None:
    begin = at("2026-01-05 00:00") + start
    time = WorkTime(spec, begin, begin + 60 * DAY)
    end = time.add(begin, work)
    assert time.between(begin, end) == work
    assert time.subtract(end, work) == time.next_start(begin) or work == 0
    if end - begin < 3 * DAY:
        assert _worked(spec, begin, end) == work


def test_days_that_differ_alike_stand_together() -> None:
    half = ((480, 720),)
    spec = CalendarSpec(id="x", exceptions={5: (), 3: (), 4: (), 6: half, 9: half})
    assert list(spec.exception_runs()) == [(3, 5, ()), (6, 6, half), (9, 9, half)]
    assert list(spec.exception_runs(2)) == [(3, 4, ()), (5, 5, ()), (6, 6, half), (9, 9, half)]
    assert list(CalendarSpec(id="y").exception_runs()) == []


def test_a_calendar_in_which_all_time_is_working_time() -> None:
    assert ALWAYS.always
    assert not CalendarSpec(id="x", week=ALWAYS.week, exceptions={3: ()}).always
