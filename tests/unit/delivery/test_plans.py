"""A plan kept as JSON is the plan that was read: every field comes back."""

import dataclasses
import json

from hypothesis import given
from hypothesis import strategies as st

from torap.delivery.plans import content_of, plan_of, risk_content_of, risk_of
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Part, Plan
from torap.engines.schedule.uncertain import Branch, Driver, DriverKind, RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, CalendarSpec

MINUTES = st.integers(0, 10**6)
MAYBE = st.none() | MINUTES
TENTHS = st.lists(st.tuples(st.sampled_from(["minutes", "remaining"]), st.integers(-9, 9)), max_size=2).map(
    tuple
)
SHIFTS = st.sampled_from([(), ((480, 720),), ((480, 720), (780, 1020))])
CALENDARS = st.builds(
    CalendarSpec,
    id=st.sampled_from(["std", "six"]),
    name=st.text(max_size=5),
    week=st.lists(SHIFTS, min_size=7, max_size=7).map(tuple),
    exceptions=st.dictionaries(st.integers(18000, 22000), SHIFTS, max_size=3),
    minutes_per_day=st.integers(60, 1440),
)
ACTIVITIES = st.builds(
    Activity,
    id=st.text(min_size=1, max_size=4),
    name=st.text(max_size=4),
    kind=st.sampled_from(Kind),
    calendar=st.sampled_from(["", "std"]),
    minutes=MINUTES,
    remaining=MAYBE,
    actual=MINUTES,
    parent=st.text(max_size=2),
    constraint=st.sampled_from(Constraint),
    constraint_at=MAYBE,
    second=st.sampled_from(Constraint),
    second_at=MAYBE,
    deadline=MAYBE,
    actual_start=MAYBE,
    actual_finish=MAYBE,
    suspended_at=MAYBE,
    resumed_at=MAYBE,
    expected_finish=MAYBE,
    levelling_delay=MINUTES,
    manual=st.none() | st.tuples(MINUTES, MINUTES),
    active=st.booleans(),
    external=st.none() | st.tuples(MINUTES, MINUTES),
    undated=st.booleans(),
    parts=st.lists(
        st.builds(
            Part, calendar=st.just("std"), minutes=MINUTES, actual=MINUTES, offset=MINUTES, tenths=TENTHS
        ),
        max_size=2,
    ).map(tuple),
    tenths=TENTHS,
)
LINKS = st.builds(
    Link,
    predecessor=st.text(max_size=3),
    successor=st.text(max_size=3),
    type=st.sampled_from(LinkType),
    lag=st.integers(-1000, 1000),
    unit=st.sampled_from(LagUnit),
    lag_tenths=st.integers(-9, 9),
)
PLANS = st.builds(
    Plan,
    start=MINUTES,
    activities=st.lists(ACTIVITIES, max_size=4).map(tuple),
    links=st.lists(LINKS, max_size=4).map(tuple),
    calendars=CALENDARS.map(lambda spec: {spec.id: spec, ALWAYS.id: ALWAYS}),
    calendar=st.just("24h"),
    data_date=MAYBE,
    must_finish=MAYBE,
    minutes_per_day=st.integers(60, 1440),
    name=st.text(max_size=5),
    options=st.dictionaries(
        st.text(max_size=4), st.booleans() | st.integers() | st.text(max_size=3), max_size=2
    ),
)


SPREADS = st.builds(
    Spread,
    shape=st.sampled_from(Shape),
    low=MINUTES,
    mode=MINUTES,
    high=MINUTES,
    median=MINUTES,
    spread=st.floats(0, 5),
    values=st.lists(MINUTES, max_size=3).map(tuple),
)
NAMES = st.text(min_size=1, max_size=3)
RISKS = st.builds(
    RiskPlan,
    plan=PLANS,
    durations=st.dictionaries(NAMES, SPREADS, max_size=3),
    drivers=st.lists(
        st.builds(Driver, id=NAMES, name=NAMES, kind=st.sampled_from(DriverKind),
                  loads=st.dictionaries(NAMES, st.floats(-1, 1), max_size=2)), max_size=2).map(tuple),
    risks=st.lists(
        st.builds(RiskEvent, id=NAMES, name=NAMES, probability=st.floats(0, 1), impact=SPREADS,
                  activities=st.lists(NAMES, max_size=2).map(tuple), relative=st.booleans(), owner=NAMES),
        max_size=2).map(tuple),
    branches=st.lists(
        st.builds(Branch, id=NAMES, ways=st.dictionaries(NAMES, st.floats(0, 1), max_size=2),
                  activities=st.dictionaries(NAMES, NAMES, max_size=2)), max_size=2).map(tuple),
    goals=st.lists(NAMES, max_size=2).map(tuple),
    watched=st.lists(NAMES, max_size=2).map(tuple),
    owners=st.dictionaries(NAMES, NAMES, max_size=2),
)  # fmt: skip


@given(risk=RISKS)
def test_every_doubt_comes_back_as_it_was(risk):
    assert risk_of(json.loads(json.dumps(risk_content_of(risk)))) == risk
    assert risk_of(json.loads(json.dumps(content_of(risk.plan)))) == RiskPlan(plan=risk.plan)


@given(plan=PLANS)
def test_every_plan_comes_back_as_it_was(plan):
    kept = json.loads(json.dumps(content_of(plan)))
    assert plan_of(kept) == plan


def test_no_field_of_the_engine_is_forgotten():
    """A field added to the engine's plan must be drawn above, or it would be lost unseen."""
    drawn = {
        Activity: 25,
        Link: 6,
        Plan: 10,
        CalendarSpec: 5,
        Part: 6,
        RiskPlan: 8,
        Spread: 7,
        Driver: 4,
        RiskEvent: 7,
        Branch: 3,
    }
    assert {kind: len(dataclasses.fields(kind)) for kind in drawn} == drawn
