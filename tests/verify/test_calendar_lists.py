"""The calendars of 2024, 2025 and 2026, day by day, against lists written here a second time."""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits
from torap.rules.calendar import build_calendar
from torap.rules.calendar_seed import seed_year

TODAY = dt.date(2026, 11, 21)
BEFORE_CHANGE = dt.date(2026, 3, 17)
WEEKDAYS_OFF = {
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 07-08 08-30 10-25 12-16",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16",
}
WORKING_WEEKENDS = {2024: "05-04", 2025: "01-05", 2026: ""}
TOTALS = {2024: 249, 2025: 246, 2026: 247}


def listed(year, text):
    return {dt.date.fromisoformat(f"{year}-{day}") for day in text.split()}


def by_hand(year, day):
    if day in listed(year, WORKING_WEEKENDS[year]):
        return True
    return day.weekday() < 5 and day not in listed(year, WEEKDAYS_OFF[year])


def days_of(year):
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_calendar_day_by_day(year):
    calendar = build_calendar(load_calendar_edits(), known_on=TODAY)
    assert [d for d in days_of(year) if calendar.is_working(d) != by_hand(year, d)] == []
    assert calendar.working_days_in(year) == TOTALS[year]


def test_calendar_published_totals():
    calendar = build_calendar(load_calendar_edits(), known_on=TODAY)
    assert sum(not calendar.is_working(day) for day in days_of(2024)) == 117
    assert calendar.working_days_in(2026, 1) == 19
    assert sum(calendar.working_days_in(2025, month) for month in range(1, 13)) == 246


def test_calendar_of_2026_before_the_change_has_one_day_less():
    old = build_calendar(load_calendar_edits(), known_on=BEFORE_CHANGE)
    new = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 3, 18))
    assert old.working_days_in(2026) == 246
    assert [d for d in days_of(2026) if old.is_working(d) != new.is_working(d)] == [dt.date(2026, 8, 31)]
    assert old.reason(dt.date(2026, 8, 31))[0] == "shifted_holiday:constitution"


@pytest.mark.parametrize(
    ("known_on", "day", "working"),
    [
        ("2024-04-16", "2024-05-08", True),
        ("2024-04-17", "2024-05-08", False),
        ("2024-04-16", "2024-05-04", False),
        ("2024-04-17", "2024-05-04", True),
        ("2024-11-20", "2025-01-03", True),
        ("2024-11-21", "2025-01-03", False),
        ("2024-11-21", "2025-01-05", True),
        ("2026-03-17", "2027-03-15", True),
        ("2026-03-18", "2027-03-15", False),
        ("2026-03-17", "2027-08-30", False),
        ("2026-03-18", "2027-08-30", True),
    ],
)
def test_calendar_knows_an_order_only_from_its_day(known_on, day, working):
    calendar = build_calendar(load_calendar_edits(), known_on=dt.date.fromisoformat(known_on))
    assert calendar.is_working(dt.date.fromisoformat(day)) is working


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_official_lists_agree_with_the_seed_library(year):
    """A second source: the library knows the same weekdays off, whatever its version says of weekends."""
    days = seed_year("KZ", year).items()
    seed = {day for day, row in days if not row.working and day.weekday() < 5}
    assert seed == listed(year, WEEKDAYS_OFF[year])


def test_year_without_official_list_comes_from_the_seed():
    calendar = build_calendar(load_calendar_edits(), known_on=TODAY)
    assert not calendar.is_official(2027)
    assert calendar.reason(dt.date(2027, 1, 4)) == ("shifted_holiday:new_year", "seed")
    assert calendar.reason(dt.date(2023, 7, 7))[0] == "moved_rest_day"
    assert calendar.is_working(dt.date(2027, 1, 5))
