"""The engine against a second program that walks day by day, on random starts."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event
from verify.day_walk import months_later, walk, walk_back, works
from verify.law_table import rows

TODAY = dt.date(2026, 11, 21)
STARTS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30))
PARAMS = {("P04b", "iz"): {"zone": "industrial"}}
IN_FORCE = {"P05b": dt.date(2026, 1, 1), ("P10", "consent"): dt.date(2026, 3, 27)}
COUNTED = [row for row in rows() if row[2] is not None and row[3] in ("wd", "cd", "mo", "same_day")]


@pytest.fixture(scope="module")
def calendar():
    return build_calendar(load_calendar_edits(), known_on=TODAY)


@pytest.mark.parametrize(("pid", "step", "value", "unit", "form", "event", "article", "confidence"), COUNTED)
@settings(max_examples=25, deadline=None)
@given(start=STARTS)
def test_due_day_agrees_with_the_walk(
    calendar, pid, step, value, unit, form, event, article, confidence, start
):
    start = max(start, IN_FORCE.get((pid, step), IN_FORCE.get(pid, start)))
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
    elif said <= months_later(start, 1):
        control = "short"
    else:
        control = "medium" if said <= months_later(start, 6) else "long"
    found = evaluate(
        INSTRUCTION, [Event(name="received", on=start)], calendar, known_on=TODAY, params={"deadline": said}
    )
    assert found.clock("lead").due == effective
    assert found.params["control"] == control
    assert found.params["term_wd"] == term
    if control == "very_urgent":
        assert found.clock("co_executors").due == walk(start, 1, "wd")
    else:
        assert found.clock("co_executors").due == walk_back(effective, co_days(control, term))
