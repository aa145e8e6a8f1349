"""From the ledger to a frozen input, from that to a plan, from its trials to forecasts."""

import datetime as dt
import hashlib

import numpy as np
import pytest

from torap.delivery import services as delivery
from torap.delivery.selectors import network
from torap.engines.reference.classes import classes_of
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.uncertain import Driver, RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, DAY, CalendarSpec, minutes
from torap.rules.known import AsKnown
from torap.runs.adapters import plan_bases
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.network import frozen_network
from torap.runs.adapters.observed import freeze_class, observed, path_of, thaw_class
from torap.runs.adapters.parts import upstream_part
from torap.runs.adapters.plan import told_plan
from torap.runs.adapters.plan_parts import day_at, end_of_day
from torap.runs.adapters.result import driving_shares
from torap.runs.changes import applied
from torap.runs.frozen import canonical

pytestmark = pytest.mark.django_db
DAY_KNOWN = dt.date(2026, 1, 15)
KNOWN = AsKnown(DAY_KNOWN)
HALL, OPEN = "milestone:hub-hall", "milestone:hub-open"
WORKDAYS = CalendarSpec(id="week")


@pytest.fixture
def content(country):
    return frozen_network(KNOWN)


@pytest.fixture
def attached(country):
    """A schedule of two activities below the hall: 10 and 20 working days, the second uncertain."""
    begin = minutes(dt.datetime(2026, 1, 5, 9))  # noqa: DTZ001
    plan = Plan(
        start=begin,
        data_date=begin,
        activities=(
            Activity(id="A", calendar="week", minutes=4800),
            Activity(id="B", calendar="week", minutes=9600),
        ),
        links=(Link(predecessor="A", successor="B"),),
        calendars={"week": WORKDAYS},
        calendar="week",
    )
    risk = RiskPlan(
        plan=plan,
        durations={"B": Spread(shape=Shape.TRIANGULAR, low=4800, mode=9600, high=24000)},
        drivers=(Driver(id="crew", loads={"B": 0.5}),),
        risks=(
            RiskEvent(
                id="frost",
                probability=0.1,
                activities=("B",),
                impact=Spread(shape=Shape.UNIFORM, low=0, high=4800),
            ),
        ),
    )
    return delivery.schedule_attach(
        by=country.by, milestone="hub-hall", plan=risk, file=b"{}", file_name="hall.json", format="json",
        profile="torap", finish_activity="B", said=dt.date(2026, 1, 6), key="hall-1",
    )  # fmt: skip


def row(content, key):
    return next(one for one in content["nodes"] if one["key"] == key)


def test_the_same_ledger_gives_the_same_bytes(content):
    assert canonical(frozen_network(KNOWN)) == canonical(content)
    assert content["known_on"] == "2026-01-15"
    assert [one["code"] for one in content["obstacles"]] == ["no-land"]
    assert row(content, HALL)["class"] == "milestone.complete.place"
    assert row(content, "milestone:hub-works")["done_on"] == "2023-11-15"
    assert row(content, HALL)["region"] == "KZ-47"


def test_an_earlier_day_knows_less(country):
    early = frozen_network(AsKnown(dt.date(2023, 6, 1)))
    assert not row(early, "milestone:hub-works")["done_on"]
    assert row(early, "milestone:hub-works")["class"] == ""  # nothing had been reached yet
    told = told_plan(early)
    assert set(told.basis.values()) == {"none"}
    found = computed(early, settings_of(10, 1, "plain"))
    assert found.result is None
    assert {one["basis"] for one in found.rows} == {"none"}


def test_an_instruction_promises_its_due_day(country):
    delivery.instruction_save(
        by=country.by, code="I-1", text="Order", issuer="prime_minister", given=dt.date(2025, 11, 25),
        deadline_kind="date", deadline_on=dt.date(2025, 12, 20), source="paper", said=dt.date(2025, 11, 26),
        executors=[("ministry", "lead")], law_params={"kind": "minutes"},
    )  # fmt: skip
    found = row(frozen_network(KNOWN), "instruction:I-1")
    assert (found["said_on"], found["due"], found["holder"]) == ("2025-11-25", "2025-12-22", "ministry")
    assert found["class"].startswith("instruction")
    answered = dt.date(2026, 1, 10)
    delivery.instruction_event_add(
        by=country.by, instruction="I-1", type="answered", happened=answered, organisation="ministry",
        said=answered,
    )  # fmt: skip
    assert row(frozen_network(KNOWN), "instruction:I-1")["done_on"] == "2026-01-10"


def test_classes_come_back_as_they_were_frozen(country):
    nodes = network(KNOWN).nodes.values()
    seen = observed(nodes, invented=False)
    assert {one.key for one in seen} == {node.key for node in nodes}
    assert observed(nodes, invented=True) == []
    assert all(one.path == path_of(node) for one, node in zip(seen, nodes, strict=True))
    for reference in classes_of(seen).values():
        back = thaw_class(freeze_class(reference))
        assert freeze_class(back) == freeze_class(reference)
        assert back.censored == reference.censored


def test_a_node_waits_for_its_class_and_its_links(content):
    told = told_plan(content)
    plan = told.risk_plan.plan
    ids = {one.id for one in plan.activities}
    assert {HALL, f"class:{HALL}"} <= ids
    assert plan.data_date == end_of_day(DAY_KNOWN)
    values = told.risk_plan.durations[f"class:{HALL}"].values
    assert len(values) == 400
    assert min(values) >= DAY
    assert told.risk_plan.owners[HALL] == "builder"
    kinds = {one.id for one in told.risk_plan.drivers}
    assert {"body:builder", "winter:KZ-47", "class:milestone.complete.place", "thing:hub"} <= kinds


def test_of_a_large_network_the_next_due_are_kept_with_what_they_wait_for(content, monkeypatch):
    monkeypatch.setattr(plan_bases, "GOALS", 3)
    monkeypatch.setattr(plan_bases, "NEXT_DUE", 3)
    goals = told_plan(content).risk_plan.goals
    assert HALL in goals  # due first of what is still to come
    assert "milestone:hub-gas" in goals  # it waits for this
    assert len(goals) <= 3
    assert told_plan(content, goals=[OPEN]).risk_plan.goals == (OPEN,)


def test_loads_can_be_set_to_nothing(country):
    bare = frozen_network(KNOWN, assumptions={"loads": {}})
    assert told_plan(bare).risk_plan.drivers == ()


def test_schedule_and_class_share_the_trials(attached):
    content = frozen_network(KNOWN)
    told = told_plan(content)
    assert told.basis[HALL] == "blend"
    (branch,) = told.risk_plan.branches
    assert branch.ways == {"schedule": 0.5, "class": 0.5}
    assert branch.activities == {f"by:{HALL}": "schedule", f"class:{HALL}": "class"}
    calendars = told.risk_plan.plan.calendars
    assert calendars["hall-1/week"].week == WORKDAYS.week
    assert calendars[ALWAYS.id] == ALWAYS
    assert told.risk_plan.durations["activity:hall-1/B"].high == 24000
    assert [one.id for one in told.risk_plan.risks] == ["activity:hall-1/frost"]
    assert told.risk_plan.drivers[0].loads == {"activity:hall-1/B": 0.5}
    rows = {one["key"]: one for one in computed(content, settings_of(2000, 3, "plain")).rows}
    assert rows[HALL]["basis"] == "blend"
    assert rows["activity:hall-1/B"]["basis"] == "schedule"
    soonest = rows["activity:hall-1/B"]["p10"]
    assert DAY_KNOWN < soonest < dt.date(2026, 4, 1)
    only = frozen_network(KNOWN, assumptions={"schedule_weight": 1.0})
    certain = {one["key"]: one for one in computed(only, settings_of(2000, 3, "plain")).rows}
    assert certain[HALL]["p80"] < rows[HALL]["p80"]


def test_what_a_schedule_gives_can_be_speeded_up(attached):
    only = frozen_network(KNOWN, assumptions={"schedule_weight": 1.0})
    free = [
        {"op": "drop_link", "before": link["from"], "after": HALL}
        for link in only["links"]
        if link["to"] == HALL and link["origin"] != "schedule"
    ]

    def days(*changes):
        rows = computed(applied(only, [*free, *changes]), settings_of(800, 3, "plain")).rows
        return {one["key"]: one["p50"] for one in rows}

    before = days()
    assert days({"op": "speed_up", "node": HALL, "days": 7})[HALL] == before[HALL] - dt.timedelta(days=7)
    half = days({"op": "speed_up", "node": HALL, "percent": 50})
    assert half[HALL] < before[HALL] - dt.timedelta(days=14)
    assert half["activity:hall-1/B"] < before["activity:hall-1/B"]
    assert days({"op": "budget", "node": HALL, "percent": 100, "elasticity": 1})[HALL] == half[HALL]


def test_a_schedule_is_in_the_part_upstream(attached):
    part = upstream_part(frozen_network(KNOWN), [OPEN])
    assert [one["key"] for one in part["schedules"]] == ["hall-1"]
    assert told_plan(part).basis[HALL] == "blend"


def test_shares_of_what_drives_add_up_to_one_with_its_own(content):
    found = computed(content, settings_of(1000, 1, "plain"))
    shares = driving_shares(content, found.told, found.result)
    assert all(0 < sum(one.values()) <= 1 + 1e-6 for one in shares.values())
    goal = found.result.goals[OPEN].finishes.astype(np.int64)
    hall = found.result.goals[HALL].finishes.astype(np.int64)
    assert (hall <= goal).all()


def test_a_fixed_date_holds_and_what_waits_still_waits(content):
    set_day = [{"op": "set_date", "node": HALL, "day": "2026-06-01"}]
    rows = {one["key"]: one for one in computed(applied(content, set_day), settings_of(500, 1, "plain")).rows}
    assert rows[HALL]["p50"] >= dt.date(2026, 6, 1)
    into = [link["from"] for link in content["links"] if link["to"] == HALL]
    free = [*set_day, *({"op": "drop_link", "before": key, "after": HALL} for key in into)]
    rows = {one["key"]: one for one in computed(applied(content, free), settings_of(500, 1, "plain")).rows}
    assert {rows[HALL][name] for name in ("p10", "p50", "p90")} == {dt.date(2026, 6, 1)}
    assert rows[HALL]["chance"] == 1.0


def test_speed_money_risks_and_obstacles_move_the_right_way(content):
    def p50(changes):
        rows = computed(applied(content, changes), settings_of(800, 1, "plain")).rows
        return {one["key"]: one["p50"] for one in rows}

    before = p50([])
    gas = "milestone:hub-gas"
    assert p50([{"op": "speed_up", "node": gas, "percent": 50}])[gas] < before[gas]
    assert p50([{"op": "speed_up", "node": gas, "days": 10}])[gas] == before[gas] - dt.timedelta(days=10)
    assert p50([{"op": "budget", "subject": "hub", "percent": 50, "elasticity": 1}])[gas] < before[gas]
    assert p50([{"op": "budget", "subject": "hub", "percent": 50, "elasticity": 0}]) == before
    assert p50([{"op": "remove_obstacle", "obstacle": "no-land", "days": 20}])[gas] < before[gas]
    risk = {
        "op": "add_risk", "name": "Flood", "probability": 1, "low_days": 90, "mode_days": 90, "high_days": 90,
        "nodes": [gas],
    }  # fmt: skip
    assert p50([risk])[gas] == before[gas] + dt.timedelta(days=90)


def test_time_of_stages_nobody_named_is_told_where_it_binds(content):
    found = computed(content, settings_of(400, 1, "plain"))
    links = {(row["from"], row["to"]): row for row in content["links"] if row["why"] == "stages"}
    told = {
        (cause["id"], row["key"]): cause
        for row in found.rows
        for cause in row["drivers"]
        if cause["what"] == "assumed"
    }
    assert told
    for (before, after), cause in told.items():
        assert cause["share"] > 0
        if before == f"least:{after}":
            continue
        assert cause["days"] == links[before, after]["lag_minutes"] // DAY
        drives = [
            one["share"] for one in _drivers(found, after) if one["what"] == "link" and one["id"] == before
        ]
        assert drives == [cause["share"]]


def _drivers(found, key):
    return next(row["drivers"] for row in found.rows if row["key"] == key)


def test_the_least_time_of_missing_stages_is_told_where_nothing_else_is_later(content):
    row = next(one for one in content["nodes"] if one["key"] == HALL)
    changed = content | {
        "nodes": [one | {"least_days": 9_000} if one is row else one for one in content["nodes"]]
    }
    causes = _drivers(computed(changed, settings_of(200, 1, "plain")), HALL)
    (least,) = [one for one in causes if one["id"] == f"least:{HALL}"]
    assert least["what"] == "assumed"
    assert least["share"] > 0.5
    assert least["days"] == 9_000 - (DAY_KNOWN - dt.date.fromisoformat(row["said_on"])).days


def test_what_milestones_of_one_thing_share_does_not_count_their_lateness_twice(country):
    """The opening waits for the hall, whose lateness its own class has seen already. Its chance lies between
    that of independent luck and that of its class alone; the marginal pace stays what it was."""
    chances, paces = [], set()
    for load in (0.0, 0.7, 0.95):
        content = frozen_network(KNOWN, assumptions={"loads": {"thing": load}})
        found = computed(content, settings_of(4_000, 1, "plain"))
        row = next(one for one in found.rows if one["key"] == OPEN)
        chances.append(row["chance"])
        paces.add(told_plan(content).risk_plan.durations[f"class:{OPEN}"].values)
    content = frozen_network(KNOWN)
    alone = content | {"links": []}
    own = next(row for row in computed(alone, settings_of(4_000, 1, "plain")).rows if row["key"] == OPEN)
    assert chances[0] < chances[1] < chances[2] <= own["chance"] + 0.02
    assert len(paces) == 1


EVERY_CHANGE = [
    {"op": "delay", "node": OPEN, "days": 30},
    {"op": "speed_up", "node": "milestone:hub-full", "days": 20},
    {"op": "set_date", "node": "milestone:hub-gas", "day": "2026-09-30"},
    {
        "op": "add_risk", "nodes": [HALL, OPEN], "probability": 0.3, "low_days": 5, "mode_days": 10,
        "high_days": 60, "name": "Flood",
    },
]  # fmt: skip
GOLDEN = "61bdc468dff1c98c96118b6dbf189a8f4c7c70c2502c54704d908883f3c5aa9b"


def hash_of_plan(told):
    """The SHA-256 of all that a plan holds, in its order."""
    risk, plan = told.risk_plan, told.risk_plan.plan
    held = (
        plan.activities, plan.links, sorted(plan.calendars), plan.start, plan.data_date, risk.durations,
        risk.drivers, risk.risks, risk.branches, risk.goals, risk.watched, risk.owners, told.basis,
        told.silent, told.beyond,
    )  # fmt: skip
    return hashlib.sha256(repr(held).encode()).hexdigest()


def test_the_same_input_makes_the_same_plan_as_ever(attached):
    """Where a change of the plan is meant, count PLAN up in `compute` and write the new hash here."""
    loads = {"body": 0.3, "winter": 0.2, "class": 0.3}
    content = applied(frozen_network(KNOWN, assumptions={"loads": loads}), EVERY_CHANGE)
    assert told_plan(content).basis[HALL] == "blend"
    assert hash_of_plan(told_plan(content)) == GOLDEN
    assert hash_of_plan(told_plan(content, seen_only=True)) != GOLDEN


def hung(country, *rows, links=(), start="2026-01-05", data_date=None, **given):
    """A schedule below the hall whose activity B stands for it."""
    plan = Plan(
        start=at(start), data_date=at(data_date) if data_date else None, activities=rows, links=links,
        calendars={"week": WORKDAYS}, calendar="week",
    )  # fmt: skip
    return delivery.schedule_attach(
        by=country.by, milestone="hub-hall", plan=RiskPlan(plan=plan), file=repr(given).encode(),
        file_name="hall.json",
        format="json", profile="torap", finish_activity="B",
        **{"key": "hall-1", "said": dt.date(2026, 1, 6)} | given,
    )  # fmt: skip


def at(day):
    return minutes(dt.datetime.fromisoformat(f"{day}T08:00"))


def finishes(content, *names):
    """The last minute of some activities where nothing is uncertain and only the schedule speaks."""
    plan = told_plan(content, watched=names).risk_plan.plan
    found = schedule(plan)
    return [day_at(found.rows[name].early_finish).isoformat() for name in names]


def test_what_is_open_of_a_schedule_starts_no_earlier_than_the_schedule(country):
    week = 5 * 480
    hung(
        country,
        Activity(id="A", minutes=week),
        Activity(id="B", minutes=week),
        Activity(id="C", minutes=week),
        links=(Link(predecessor="A", successor="B"),),
        start="2027-06-01",
    )
    content = frozen_network(KNOWN)
    names = [f"activity:hall-1/{one}" for one in "ABC"]
    assert finishes(content, *names) == ["2027-06-07", "2027-06-14", "2027-06-07"]
    assert finishes(content, f"by:{HALL}") == ["2027-06-14"]


def test_what_has_begun_goes_on_from_the_day_the_schedule_speaks_of(country):
    begun = Activity(id="B", minutes=5 * 480, remaining=4 * 480, actual=480, actual_start=at("2026-01-05"))
    hung(country, begun, start="2027-06-01")
    assert finishes(frozen_network(KNOWN), "activity:hall-1/B") == ["2026-01-21"]
    hung(country, begun, data_date="2026-02-02", key="hall-2", said=dt.date(2026, 1, 7))
    assert finishes(frozen_network(KNOWN), "activity:hall-2/B") == ["2026-02-05"]


def test_without_a_data_date_what_is_left_follows_what_the_schedule_says_is_done(country):
    begun = {"minutes": 5 * 480, "remaining": 2 * 480, "actual": 3 * 480}
    hung(country, Activity(id="B", actual_start=at("2026-02-02"), **begun))
    assert finishes(frozen_network(KNOWN), "activity:hall-1/B") == ["2026-02-06"]
    earlier = Activity(id="B", actual_start=at("2026-01-05"), **begun)
    hung(country, earlier, key="hall-2", said=dt.date(2026, 1, 7))
    assert finishes(frozen_network(KNOWN), "activity:hall-2/B") == ["2026-01-19"]


def test_a_schedule_is_a_word_about_its_milestone(country, attached):
    assert row(frozen_network(KNOWN), HALL)["heard"] == "2026-01-05"
    assert row(frozen_network(AsKnown(dt.date(2026, 1, 5))), HALL)["heard"] < "2026-01-05"


def test_what_a_schedule_says_has_ended_is_said_to_be_done(country):
    ended = {"actual_start": at("2025-12-01"), "minutes": 480}
    hung(country, Activity(id="B", actual_finish=at("2025-12-10"), **ended))
    content = frozen_network(KNOWN)
    found = row(content, HALL)
    assert (found["done_on"], found["done_by"], found["class"]) == ("2025-12-10", "said", "")
    assert row(content, "activity:hall-1/B")["done_on"] == "2025-12-10"
    told = told_plan(content)
    assert told.basis[HALL] == "done"
    assert finishes(content, HALL) == ["2025-12-10"]


def test_what_a_schedule_says_will_have_ended_is_not_done(country):
    hung(
        country, Activity(id="B", actual_start=at("2026-01-14"), actual_finish=at("2026-02-10"), minutes=480)
    )
    assert row(frozen_network(KNOWN), HALL)["done_on"] is None
