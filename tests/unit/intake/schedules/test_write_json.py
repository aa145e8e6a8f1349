"""A plan written as Torap JSON reads back the same, whatever it was read from."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.schedule.plan import (
    DATED,
    Activity,
    Constraint,
    Kind,
    LagUnit,
    Link,
    LinkType,
    Part,
    Plan,
)
from torap.engines.schedule.profiles import LagCalendar, Progress
from torap.engines.schedule.tenths import NAMES as NAMES_OF_TENTHS
from torap.engines.schedule.tenths import OF_PART
from torap.engines.schedule.uncertain import (
    Branch,
    Driver,
    DriverKind,
    RiskEvent,
    RiskPlan,
    Shape,
    Spread,
)
from torap.engines.schedule.worktime import ALWAYS, CalendarSpec, minutes, moment
from torap.intake.schedules.assumed import shares_of, with_spread
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.write_json import data_of, json_of

MONDAY = 29459520  # 2026-01-05 00:00
INSTANTS = st.integers(MONDAY, MONDAY + 5_000_000)
LENGTHS = st.integers(0, 500_000)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
IDS = ["a", "б 2", "c/3", "d"]
CALENDAR = CalendarSpec(
    id="сайт",
    name="Site",
    week=(((480, 720), (780, 1440)),) * 6 + ((),),
    exceptions={20_500: (), 20_501: (), 20_502: ((0, 60),), 20_600: ()},
    minutes_per_day=465,
)


@st.composite
def spreads(draw: Any) -> Spread:
    shape = draw(st.sampled_from(Shape))
    if shape == Shape.LOGNORMAL:
        return Spread(shape=shape, median=draw(st.integers(1, 10**6)), spread=draw(st.floats(0, 4)))
    if shape == Shape.EMPIRICAL:
        return Spread(shape=shape, values=tuple(draw(st.lists(LENGTHS, min_size=1, max_size=4))))
    low, mode, high = sorted(draw(st.tuples(LENGTHS, LENGTHS, LENGTHS)))
    return Spread(shape=shape, low=low, mode=0 if shape == Shape.UNIFORM else mode, high=high)


@st.composite
def held(draw: Any) -> tuple[Constraint, int | None]:
    kind = draw(st.sampled_from([Constraint.ASAP, Constraint.ALAP, *sorted(DATED)]))
    return kind, draw(INSTANTS) if kind in DATED else None


def tenths_for(names: Collection[str]) -> st.SearchStrategy[tuple[tuple[str, int], ...]]:
    """Tenths beyond the minutes of some of these fields."""
    pair = st.tuples(st.sampled_from(sorted(names)), st.integers(-9, 9))
    return st.lists(pair, max_size=2, unique_by=lambda one: one[0]).map(tuple)


@st.composite
def activities(draw: Any, name: str) -> Activity:
    constraint, at = draw(held())
    pair = st.none() | st.tuples(INSTANTS, LENGTHS).map(lambda two: (two[0], two[0] + two[1]))
    part = st.builds(
        Part,
        calendar=st.just("сайт"),
        minutes=LENGTHS,
        actual=LENGTHS,
        remaining=LENGTHS,
        offset=LENGTHS,
        tenths=tenths_for(OF_PART),
    )
    return Activity(
        id=name,
        name=draw(NAMES),
        kind=draw(st.sampled_from(Kind)),
        calendar=draw(st.sampled_from(["", "сайт", "24h"])),
        minutes=draw(LENGTHS),
        remaining=draw(st.none() | LENGTHS),
        actual=draw(LENGTHS),
        constraint=constraint,
        constraint_at=at,
        deadline=draw(st.none() | INSTANTS),
        suspended_at=draw(st.none() | INSTANTS),
        resumed_at=draw(st.none() | INSTANTS),
        expected_finish=draw(st.none() | INSTANTS),
        levelling_delay=draw(LENGTHS),
        manual=draw(pair),
        external=draw(pair),
        active=draw(st.booleans()),
        undated=draw(st.booleans()),
        parts=tuple(draw(st.lists(part, max_size=2))),
        tenths=draw(tenths_for(NAMES_OF_TENTHS)),
    )


@st.composite
def risk_plans(draw: Any) -> RiskPlan:
    rows = [draw(activities(name)) for name in IDS]
    links = st.builds(
        Link,
        predecessor=st.sampled_from(IDS),
        successor=st.sampled_from(IDS),
        type=st.sampled_from(LinkType),
        lag=st.integers(-(10**6), 10**6),
        unit=st.sampled_from(LagUnit),
        lag_tenths=st.integers(-9, 9),
    )
    plan = Plan(
        name=draw(NAMES),
        start=draw(INSTANTS),
        data_date=draw(st.none() | INSTANTS),
        must_finish=draw(st.none() | INSTANTS),
        activities=tuple(rows),
        links=tuple(draw(st.lists(links, max_size=4))),
        calendars={ALWAYS.id: ALWAYS, "сайт": CALENDAR},
        calendar=draw(st.sampled_from(["24h", "сайт"])),
        minutes_per_day=draw(st.sampled_from([465, 480, 1440])),
        options=draw(st.sampled_from([{}, {"critical_at": 60, "progress": Progress.OVERRIDE}])),
    )
    uncertain = [
        row.id for row in rows if row.kind == Kind.TASK and row.actual_finish is None and not row.parts
    ]
    impact = draw(spreads())
    return RiskPlan(
        plan=plan,
        durations={name: draw(spreads()) for name in uncertain},
        drivers=(
            Driver(id="d1", kind=DriverKind.WINTER, loads={"a": 0.6, "d": -0.25}),
            Driver(id="d2", name=draw(NAMES), loads={"a": draw(st.floats(-0.7, 0.7))}),
        ),
        risks=(
            RiskEvent(
                id="r",
                probability=draw(st.floats(0, 1)),
                activities=("a", "б 2"),
                impact=impact,
                relative=draw(st.booleans()),
                owner=draw(NAMES),
            ),
        ),
        branches=(Branch(id="f", ways={"x": 0.25, "y": 0.75}, activities={"c/3": "x", "d": "y"}),),
        goals=("d",),
        owners={"a": "akimat"},
    )


@settings(max_examples=80, deadline=None)
@given(risk_plans())
def test_what_is_written_reads_back_the_same(risk: RiskPlan) -> None:
    text = json_of(risk, profile="p6")  # which takes constraints that no date keeps
    again = read_bytes(text.encode())
    assert again.risk == risk
    assert json_of(again.risk, profile="p6") == text


def test_every_field_of_a_plan_is_written() -> None:
    """A field added to the plan must be added to the format, or the what-if would lose it."""
    own = {
        Plan: {"start", "activities", "links", "calendars", "calendar", "data_date", "must_finish"}
        | {"minutes_per_day", "name", "options"},
        Activity: {"id", "name", "kind", "calendar", "minutes", "remaining", "actual", "parent", "constraint"}
        | {"constraint_at", "second", "second_at", "deadline", "actual_start", "actual_finish"}
        | {"suspended_at", "resumed_at", "expected_finish", "levelling_delay", "manual", "active"}
        | {"external", "parts", "undated", "tenths"},
        Part: {"calendar", "minutes", "actual", "remaining", "offset", "tenths"},
        Link: {"predecessor", "successor", "type", "lag", "unit", "lag_tenths"},
        RiskPlan: {"plan", "durations", "drivers", "risks", "branches", "goals", "owners"}
        | {"watched"},  # what a program wants to see of a run; no file says it
        RiskEvent: {"id", "name", "probability", "activities", "impact", "relative", "owner"},
        Spread: {"shape", "low", "mode", "high", "median", "spread", "values"},
    }
    for kind, names in own.items():
        assert {field.name for field in fields(kind)} == names


def test_progress_options_and_a_plan_by_the_clock() -> None:
    begun = minutes(moment(MONDAY).replace(hour=8))
    rows = (
        Activity(id="S", kind=Kind.SUMMARY),
        Activity(id="A", parent="S", minutes=600, actual=100, remaining=500, actual_start=begun),
        Activity(id="B", minutes=60, actual_start=begun, actual_finish=begun + 60),
    )
    plan = Plan(
        start=begun,
        activities=rows,
        calendars={ALWAYS.id: ALWAYS},
        calendar=ALWAYS.id,
        minutes_per_day=1440,
        options={"lag_calendar": LagCalendar.ALWAYS, "critical_longest": True},
    )
    text = json_of(RiskPlan(plan=plan))
    assert read_bytes(text.encode()).plan == plan
    assert "calendars" not in json.loads(text)


def test_long_runs_of_exceptions_and_those_of_another_age_are_read_again() -> None:
    spec = CalendarSpec(id="c", exceptions=dict.fromkeys([-25_569, *range(0, 80_000)], ()))
    plan = Plan(start=0, activities=(Activity(id="A"),), calendars={"c": spec}, calendar="c")
    found = data_of(RiskPlan(plan=plan))["calendars"][0]["exceptions"]
    assert [list(row) for row in found] == [["date"], ["from", "to"]]
    assert read_bytes(json_of(RiskPlan(plan=plan)).encode()).plan.calendars["c"].exceptions == spec.exceptions


@pytest.mark.parametrize(
    "text", ["90,100", "100,90,130", "a,b,c", "90,100,1e9", "-1,1,2", "nan,1,2", "0,0,0"]
)
def test_a_default_spread_that_is_none(text: str) -> None:
    with pytest.raises(Exception, match="bad_spread"):
        shares_of(text)


def test_a_default_spread_leaves_what_has_one_and_what_has_no_duration() -> None:
    own = Spread(shape=Shape.UNIFORM, low=1, high=2)
    rows = (
        Activity(id="A", minutes=1000),
        Activity(id="B", minutes=1000),
        Activity(id="M", kind=Kind.FINISH_MILESTONE),
        Activity(id="D", minutes=1000, actual_start=0, actual_finish=10),
    )
    plan = Plan(start=0, activities=rows, calendars={ALWAYS.id: ALWAYS}, calendar=ALWAYS.id)
    risk, assumed = with_spread(
        RiskPlan(plan=plan, durations={"B": own}), shares_of("90,100,130%"), Shape.PERT
    )
    assert assumed == 1
    assert risk.durations == {"A": Spread(shape=Shape.PERT, low=900, mode=1000, high=1300), "B": own}
