"""A second program for deadlines: it walks day by day over lists written here and knows no engine."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event
from verify.law_table import rows

TODAY = dt.date(2026, 11, 21)
OFF_TEXT = """
2024-01-01 2024-01-02 2024-03-08 2024-03-21 2024-03-22 2024-03-25 2024-05-01 2024-05-07 2024-05-08
2024-05-09 2024-07-08 2024-08-30 2024-10-25 2024-12-16
2025-01-01 2025-01-02 2025-01-03 2025-01-07 2025-03-10 2025-03-21 2025-03-24 2025-03-25 2025-05-01
2025-05-07 2025-05-09 2025-06-06 2025-07-07 2025-09-01 2025-10-27 2025-12-16
2026-01-01 2026-01-02 2026-01-07 2026-03-09 2026-03-23 2026-03-24 2026-03-25 2026-05-01 2026-05-07
2026-05-11 2026-05-27 2026-07-06 2026-10-26 2026-12-16
"""
OFF = {dt.date.fromisoformat(day) for day in OFF_TEXT.split()}
WORKED = {dt.date(2024, 5, 4), dt.date(2025, 1, 5)}
STARTS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30))
PARAMS = {("P04b", "iz"): {"zone": "industrial"}}
COUNTED = [row for row in rows() if row[2] is not None and row[3] in ("wd", "cd", "mo", "same_day")]


def works(day):
    return day in WORKED or (day.isoweekday() not in (6, 7) and day not in OFF)


def walk(start, value, unit):
    """The last day of a term, walked day by day; the start is never counted; the end must work."""
    day, left = start, value
    if unit == "mo":
        month = start.month + value
        year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
        number = start.day
        while True:
            try:
                day = dt.date(year, month, number)
                break
            except ValueError:
                number -= 1
        left = 0
    while left > 0:
        day = day + dt.timedelta(days=1)
        if unit == "cd" or works(day):
            left -= 1
    while not works(day):
        day = day + dt.timedelta(days=1)
    return day


@pytest.fixture(scope="module")
def calendar():
    return build_calendar(load_calendar_edits(), known_on=TODAY)


@pytest.mark.parametrize(("pid", "step", "value", "unit", "form", "event", "article", "confidence"), COUNTED)
@settings(max_examples=25, deadline=None)
@given(start=STARTS)
def test_due_day_agrees_with_the_walk(
    calendar, pid, step, value, unit, form, event, article, confidence, start
):
    edition = load_procedure(pid).editions[-1]
    params = PARAMS.get((pid, step), {})
    found = evaluate(edition, [Event(name=event, on=start)], calendar, known_on=TODAY, params=params).clock(
        step
    )
    base = start
    if (
        pid == "P08b" and event == "received"
    ):  # a request received on a rest day counts for the next working day
        while not works(base):
            base = base + dt.timedelta(days=1)
    assert found.due == walk(base, value, unit)


@settings(max_examples=200, deadline=None)
@given(start=STARTS, count=st.integers(1, 90))
def test_working_days_forward_and_back_agree_with_the_walk(start, count):
    calendar = build_calendar(load_calendar_edits(), known_on=TODAY)
    day, left = start, count
    while left:
        day += dt.timedelta(days=1)
        left -= works(day)
    assert calendar.add_working_days(start, count) == day
    assert calendar.working_days_between(start, day) == count
    if works(start):
        assert calendar.add_working_days(day, -count) == start


INSTRUCTION = load_procedure("P08").editions[0]


def co_days(kind, term):
    fixed = {"urgent": 3, "medium": 10, "long": 20}
    return fixed.get(kind, 3 if term <= 15 else 5)


@settings(max_examples=150, deadline=None)
@given(start=st.dates(dt.date(2024, 1, 3), dt.date(2026, 1, 31)).filter(works), length=st.integers(5, 280))
def test_instruction_with_a_deadline_agrees_with_the_walk(start, length):
    calendar = build_calendar(load_calendar_edits(), known_on=TODAY)
    said = start + dt.timedelta(days=length)
    effective = walk(said, 0, "cd")
    term = sum(works(start + dt.timedelta(days=n)) for n in range(1, (effective - start).days + 1))
    if term <= 3:
        control = "very_urgent"
    elif term <= 10:
        control = "urgent"
    elif said <= month_later(start, 1):
        control = "short"
    else:
        control = "medium" if said <= month_later(start, 6) else "long"
    found = evaluate(
        INSTRUCTION, [Event(name="received", on=start)], calendar, known_on=TODAY, params={"deadline": said}
    )
    assert found.clock("lead").due == effective
    assert found.params["control"] == control
    assert found.params["term_wd"] == term
    if control == "very_urgent":
        assert found.clock("co_executors").due == walk(start, 1, "wd")
    else:
        day, left = effective, co_days(control, term)
        while left:
            day -= dt.timedelta(days=1)
            left -= works(day)
        assert found.clock("co_executors").due == day


def month_later(day, months):
    while True:
        try:
            month = day.month + months
            return dt.date(day.year + (month - 1) // 12, (month - 1) % 12 + 1, day.day)
        except ValueError:
            day -= dt.timedelta(days=1)
