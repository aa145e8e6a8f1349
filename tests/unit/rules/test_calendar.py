"""The working calendar as a value: marks, counting, months, changes, and the file it is read from."""

import datetime as dt

import pytest

from torap.rules.calendar import (
    CalendarEdit,
    CalendarEdits,
    add_months,
    build_calendar,
    calendar_changes,
    edited,
    parse_edits,
)
from torap.rules.errors import BadLawFile, OutOfRange

KNOWN = dt.date(2030, 1, 1)


def edit(day, working, known_from=None, kind="holiday:x"):
    return CalendarEdit(
        day=dt.date.fromisoformat(day),
        working=working,
        known_from=dt.date.fromisoformat(known_from) if known_from else None,
        kind=kind,
        title="",
        source="T",
        confidence="high",
    )


EDITS = CalendarEdits(
    country="KZ",
    edits=(edit("2026-03-09", False), edit("2026-03-14", True, "2026-01-10", "working_weekend")),
    official_years={2026: "T"},
    seed_names={"New Year's Day": "new_year"},
)


@pytest.fixture
def calendar():
    return build_calendar(EDITS, known_on=KNOWN)


def test_marks_of_week_holiday_and_worked_saturday(calendar):
    assert calendar.reason(dt.date(2026, 3, 7)) == ("weekend", "week")
    assert calendar.reason(dt.date(2026, 3, 9)) == ("holiday:x", "T")
    assert calendar.is_working(dt.date(2026, 3, 14))
    assert calendar.reason(dt.date(2026, 3, 10)) == ("workday", "week")


def test_counting_forward_backward_and_between(calendar):
    friday = dt.date(2026, 3, 6)
    assert calendar.add_working_days(friday, 1) == dt.date(2026, 3, 10)
    assert calendar.add_working_days(dt.date(2026, 3, 10), -1) == friday
    assert calendar.add_working_days(friday, 0) == friday
    assert calendar.working_days_between(friday, dt.date(2026, 3, 14)) == 5
    assert calendar.working_days_between(dt.date(2026, 3, 14), friday) == -5
    assert calendar.next_working_day(friday) == dt.date(2026, 3, 10)
    assert calendar.roll_forward(dt.date(2026, 3, 7)) == dt.date(2026, 3, 10)
    assert calendar.roll_back(dt.date(2026, 3, 9)) == friday
    assert [row.code for row in calendar.skipped(friday, dt.date(2026, 3, 10))] == [
        "weekend",
        "weekend",
        "holiday:x",
    ]


def test_edit_known_later_stands_over_an_earlier_one():
    both = edited(EDITS, [edit("2026-03-09", True, "2026-02-01", "workday")])
    before = build_calendar(both, known_on=dt.date(2026, 1, 31))
    after = build_calendar(both, known_on=dt.date(2026, 2, 1))
    assert not before.is_working(dt.date(2026, 3, 9))
    assert after.is_working(dt.date(2026, 3, 9))
    (change,) = calendar_changes(before, after, dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    assert (change.day, change.was_working, change.code_after) == (dt.date(2026, 3, 9), False, "workday")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-15", 3, "2027-02-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_add_months_keeps_the_day_or_takes_the_last(day, months, expected):
    assert add_months(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(expected)


def test_day_outside_the_years_is_refused_with_the_years():
    calendar = build_calendar(EDITS, known_on=KNOWN, first_year=2026, last_year=2026)
    with pytest.raises(OutOfRange, match="2026 to 2026"):
        calendar.is_working(dt.date(2027, 1, 1))


def test_first_year_of_the_range_can_be_counted():
    calendar = build_calendar(EDITS, known_on=KNOWN, first_year=2026, last_year=2026)
    assert calendar.working_days_in(2026) == 261


def test_file_with_an_unknown_field_names_the_day():
    row = {"day": dt.date(2026, 1, 1), "working": False, "kind": "x", "title": "", "source": "T", "oops": 1}
    with pytest.raises(BadLawFile, match=r"2026.*oops"):
        parse_edits({"country": "KZ", "official_years": [], "seed_names": {}, "edits": [row]}, where="f.yaml")
    with pytest.raises(BadLawFile, match="official_years"):
        parse_edits({"country": "KZ", "edits": []}, where="f.yaml")
