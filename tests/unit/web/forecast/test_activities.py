"""Dates of an attached schedule by its own convention, and how far they lie from those the trials follow."""

import datetime as dt
from types import SimpleNamespace

from django.utils import translation

from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.worktime import ALWAYS, CalendarSpec, minutes
from torap.web.forecast.activities import activity_rows, convention_words, planned_days

WEEK = CalendarSpec(id="week")


def plan(lag=0, calendar="week"):
    begin = minutes(dt.datetime(2026, 1, 5, 8))  # noqa: DTZ001
    return Plan(
        start=begin,
        activities=(
            Activity(id="A", calendar="week", minutes=2400),
            Activity(id="B", calendar=calendar, minutes=2400),
        ),
        links=(Link(predecessor="A", successor="B", lag=lag),),
        calendars={"week": WEEK, ALWAYS.id: ALWAYS},
        calendar="week",
    )


def attached(profile):
    return SimpleNamespace(key="s", profile=profile, finish_activity="B", invented=False)


def test_the_convention_of_the_trials_itself_needs_no_note():
    assert convention_words(plan(), attached("torap")) == ""


def test_a_note_says_whether_and_how_far_the_conventions_differ():
    with translation.override("en"):
        same = convention_words(plan(), attached("msproject"))
    assert same.startswith("Shown by Microsoft Project;")
    assert "all works end on the same days" in same


def test_a_lag_that_counts_by_another_calendar_moves_what_follows():
    """Five working days after A on Friday: Friday again by A's calendar, Sunday by B's, which never rests."""
    found = plan(lag=2400, calendar=ALWAYS.id)
    ends = {name: activity_rows(found, attached(name))[-1]["last_day"] for name in ("msproject", "torap")}
    gap = (ends["torap"] - ends["msproject"]).days
    assert gap > 0
    with translation.override("en"):
        words = convention_words(found, attached("msproject"))
    assert "1 of 2 works end on another day" in words
    assert words.endswith(f"the one that stands for the milestone: +{gap} days.")


def test_too_large_a_plan_is_not_computed_twice(monkeypatch):
    monkeypatch.setattr("torap.web.forecast.activities.MOST_COMPARED", 1)
    assert convention_words(plan(), attached("p6")) == ""


def test_the_day_a_schedule_in_force_gives_is_that_of_its_milestone(monkeypatch):
    monkeypatch.setattr(
        "torap.web.forecast.activities.schedule_plans", lambda keys: dict.fromkeys(keys, plan())
    )
    given = dict(profile="torap", finish_activity="B", invented=False)
    rows = [
        SimpleNamespace(key=key, current=current, activities=count, **given)
        for key, current, count in (("s", True, 2), ("old", False, 2), ("large", True, 5_001))
    ]
    assert planned_days(rows) == {"s": dt.date(2026, 1, 16)}
    assert planned_days([]) == {}
