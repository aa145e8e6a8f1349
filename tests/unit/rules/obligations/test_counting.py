"""Counting of terms: units, backwards, rolling, pauses."""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits
from torap.rules.calendar import build_calendar
from torap.rules.obligations.counting import Rule, count_term, fixed_dates, pair_pauses
from torap.rules.obligations.model import Limit, Unit

CALENDAR = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 11, 21))


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "value", "unit", "nominal", "due"),
    [
        ("2026-03-02", 10, "wd", "2026-03-17", "2026-03-17"),
        ("2026-04-17", 14, "cd", "2026-05-01", "2026-05-04"),
        ("2026-03-02", 0, "same_day", "2026-03-02", "2026-03-02"),
        ("2026-03-07", 0, "same_day", "2026-03-07", "2026-03-10"),
        ("2026-01-31", 1, "mo", "2026-02-28", "2026-03-02"),
        ("2025-11-26", 1, "mo", "2025-12-26", "2025-12-26"),
        ("2024-02-29", 1, "y", "2025-02-28", "2025-02-28"),
    ],
)
def test_forward(start, value, unit, nominal, due):
    count = count_term(CALENDAR, day(start), Limit(value=value, unit=Unit(unit)), Rule())
    assert (count.nominal, count.due) == (day(nominal), day(due))


@pytest.mark.parametrize(
    ("base", "value", "unit", "due", "note"),
    [
        ("2025-12-22", 5, "wd", "2025-12-12", False),
        ("2025-12-22", 3, "cd", "2025-12-19", False),
        ("2025-12-22", 1, "cd", "2025-12-21", True),
        ("2051-12-31", 3, "mo", "2051-09-30", True),
    ],
)
def test_backward_never_rolls_into_the_protected_time(base, value, unit, due, note):
    count = count_term(CALENDAR, day(base), Limit(value=value, unit=Unit(unit), before=True), Rule())
    assert count.due == day(due)
    assert ("backward_end_on_rest_day" in [reason.code for reason in count.reasons]) is note


def test_pause_is_not_counted_from_its_first_day_until_the_day_it_ends():
    rule = Rule(pauses=[(day("2026-03-04"), day("2026-03-06"))])
    count = count_term(CALENDAR, day("2026-03-02"), Limit(value=3, unit=Unit.WORKING_DAYS), rule)
    assert (count.due, count.paused_days) == (day("2026-03-10"), 2)
    months = count_term(CALENDAR, day("2026-03-02"), Limit(value=1, unit=Unit.MONTHS), rule)
    assert (months.nominal, months.paused_days) == (day("2026-04-04"), 2)


def test_overlapping_pauses_count_once():
    rule = Rule(pauses=[(day("2026-03-04"), day("2026-03-06")), (day("2026-03-05"), day("2026-03-06"))])
    assert (
        count_term(CALENDAR, day("2026-03-02"), Limit(value=3, unit=Unit.WORKING_DAYS), rule).paused_days == 2
    )


def test_fixed_dates_are_strictly_after_and_roll():
    limit = Limit(dates=((7, 25), (1, 25)))
    found = fixed_dates(CALENDAR, day("2025-07-25"), limit, "forward", 3)
    assert [(count.nominal, count.due) for count in found] == [
        (day("2026-01-25"), day("2026-01-26")),
        (day("2026-07-25"), day("2026-07-27")),
        (day("2027-01-25"), day("2027-01-25")),
    ]


def test_pauses_pair_by_rank():
    a, b, c = day("2026-03-01"), day("2026-03-05"), day("2026-03-09")
    assert pair_pauses([b, a], [c, b]) == ([(a, b), (b, c)], None)
    assert pair_pauses([a], [a]) == ([], None)
    assert pair_pauses([a, b], [b]) == ([(a, b)], b)
    for paused, resumed in (([], [a]), ([b], [a])):
        with pytest.raises(ValueError, match="resumed"):
            pair_pauses(paused, resumed)


def test_limit_without_value_cannot_be_counted():
    with pytest.raises(ValueError, match="value"):
        count_term(CALENDAR, day("2026-03-02"), Limit(), Rule())
