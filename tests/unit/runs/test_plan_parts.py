"""The pieces a plan is put together from: days, calendars, bases, goals, what is shared."""

import datetime as dt

from torap.engines.schedule.worktime import ALWAYS, DAY, CalendarSpec
from torap.runs.adapters import plan_bases
from torap.runs.adapters.plan_bases import bases_of, goals_of
from torap.runs.adapters.plan_parts import PlanParts, day_at, end_of_day
from torap.runs.adapters.plan_shared import drivers_of, risks_of

KNOWN = dt.date(2026, 1, 15)


def row(key, **more):
    base = {"key": key, "kind": "milestone", "done_on": None, "class": "", "due": None, "holder": "",
            "region": "", "type": "", "subject": ""}  # fmt: skip
    return base | more


def rows(*found):
    return {one["key"]: one for one in found}


def links(*pairs):
    return {"links": [{"from": before, "to": after} for before, after in pairs], "known_on": "2026-01-15"}


def test_midnight_belongs_to_the_day_it_ends():
    assert day_at(end_of_day(KNOWN)) == KNOWN
    assert day_at(end_of_day(KNOWN) + 1) == KNOWN + dt.timedelta(days=1)


def test_a_pace_stands_before_a_node_and_a_deadline_after_it():
    parts = PlanParts()
    parts.task("a", 0, deadline=9)
    parts.before("a", "class:a", DAY)
    parts.after("a", "first:a", 7)
    parts.reached("b", 5)
    assert [(one.id, one.minutes, one.deadline) for one in parts.activities[:3]] == [
        ("a", 0, 9), ("class:a", DAY, None), ("first:a", 0, 7),
    ]  # fmt: skip
    assert parts.activities[3].actual_finish == 5
    assert [(one.predecessor, one.successor) for one in parts.links] == [("class:a", "a"), ("a", "first:a")]


def test_calendars_that_say_the_same_are_one():
    parts = PlanParts()
    assert parts.calendar_of("x/week", CalendarSpec(id="week")) == "x/week"
    assert parts.calendar_of("y/five", CalendarSpec(id="five")) == "x/week"
    assert set(parts.calendars) == {ALWAYS.id, "x/week"}


def test_a_node_rests_on_its_own_else_on_what_it_waits_for():
    nodes = rows(
        row("a", **{"class": "all"}), row("b"), row("c"), row("d", done_on="2025-01-01"), row("e"),
        row("f", fixed_on="2027-01-01"), row("g", **{"class": "all"}), row("h"),
        row("activity:s/1", kind="activity"),
    )  # fmt: skip
    content = links(("a", "b"), ("b", "c"), ("d", "e"))
    found = bases_of(content, nodes, {"g": "x", "h": "y"})
    assert found == {
        "a": "class", "b": "links", "c": "links", "d": "done", "e": "none", "f": "links", "g": "blend",
        "h": "schedule", "activity:s/1": "schedule",
    }  # fmt: skip


def test_a_long_chain_is_no_trouble():
    names = [f"n{number:05d}" for number in range(20_000)]
    nodes = rows(row(names[0], **{"class": "all"}), *(row(name) for name in names[1:]))
    found = bases_of(links(*zip(names, names[1:], strict=False)), nodes, {})
    assert set(found.values()) == {"class", "links"}


def test_of_a_large_network_what_falls_due_next_is_followed(monkeypatch):
    monkeypatch.setattr(plan_bases, "GOALS", 1)
    nodes = rows(row("a", due="2026-03-01"), row("b"), row("c", due="2025-01-01"))
    basis = {"a": "class", "b": "class", "c": "class"}
    assert goals_of(links(("b", "a")), nodes, basis) == ["a", "b"]
    monkeypatch.setattr(plan_bases, "NEXT_DUE", 1)
    assert goals_of(links(("b", "a")), nodes, basis) == []


def test_nodes_share_their_body_class_winter_and_thing():
    nodes = rows(
        row("a", holder="min", region="KZ-47", type="start", subject="hub", **{"class": "all"}),
        row("b", holder="min", type="open", **{"class": "all"}),
        row("c", holder="min"),
    )
    assumed = {"loads": {"body": 0.3, "class": 0.2, "winter": 0.0, "thing": 0.7}, "winter_types": ["start"]}
    found = {one.id: dict(one.loads) for one in drivers_of(assumed, nodes, dict.fromkeys("ab", "class"))}
    assert found == {
        "body:min": {"class:a": 0.3, "class:b": 0.3},
        "class:all": {"class:a": 0.2, "class:b": 0.2},
        "thing:hub": {"class:a": 0.7},
    }


def test_a_risk_touches_what_is_in_the_plan():
    risk = {"id": "r", "name": "R", "probability": 0.5, "nodes": ["a", "x"], "low_days": 1, "mode_days": 2,
            "high_days": 3}  # fmt: skip
    (found,) = risks_of({"risks": [risk, risk | {"nodes": ["x"]}]}, {"a"})
    assert (found.activities, found.impact.low, found.impact.high) == (("a",), DAY, 3 * DAY)
