"""A plan kept as JSON is the plan that was read: every field comes back."""

import dataclasses
import json

from hypothesis import given
from hypothesis import strategies as st

from torap.delivery.plans import content_of, plan_of
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Part, Plan
from torap.engines.schedule.worktime import ALWAYS, CalendarSpec

MINUTES = st.integers(0, 10**6)
MAYBE = st.none() | MINUTES
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
    parts=st.lists(st.builds(Part, calendar=st.just("std"), minutes=MINUTES, actual=MINUTES), max_size=2).map(
        tuple
    ),
)
LINKS = st.builds(
    Link,
    predecessor=st.text(max_size=3),
    successor=st.text(max_size=3),
    type=st.sampled_from(LinkType),
    lag=st.integers(-1000, 1000),
    unit=st.sampled_from(LagUnit),
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


@given(plan=PLANS)
def test_every_plan_comes_back_as_it_was(plan):
    kept = json.loads(json.dumps(content_of(plan)))
    assert plan_of(kept) == plan


def test_no_field_of_the_engine_is_forgotten():
    """A field added to the engine's plan must be drawn above, or it would be lost unseen."""
    drawn = {
        Activity: 23,
        Link: 5,
        Plan: 10,
        CalendarSpec: 5,
        Part: 4,
    }
    assert {kind: len(dataclasses.fields(kind)) for kind in drawn} == drawn
