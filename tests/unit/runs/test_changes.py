"""Changes of a scenario on a copy: each does its one thing, each refusal names the change and the field."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torap.common.errors import BadInput
from torap.common.refusals import has_words
from torap.runs.changes import FIELDS, OPERATIONS, applied, checked
from torap.runs.frozen import canonical


def node(key, **more):
    return {
        "key": key,
        "subject": "hub",
        "due": "2026-12-31",
        "done_on": None,
        "least_days": 40,
        "names": [key.upper(), "", ""],
        **more,
    }


@pytest.fixture
def content():
    return {
        "known_on": "2026-01-15",
        "nodes": [node("a"), node("b"), node("c"), node("past", done_on="2025-01-01")],
        "links": [{"from": "a", "to": "b", "type": "FS", "lag_minutes": 0, "origin": "said", "why": ""}],
        "obstacles": [{"code": "no-land", "text": "", "holder": "", "blocks": ["b", "past"]}],
        "risks": [],
    }


def row(content, key):
    return next(one for one in content["nodes"] if one["key"] == key)


def test_the_input_itself_stays_as_it_is(content):
    before = copy.deepcopy(content)
    applied(
        content, [{"op": "delay", "node": "a", "days": 10}, {"op": "drop_link", "before": "a", "after": "b"}]
    )
    assert content == before


def test_delay_in_days_and_months(content):
    found = applied(
        content, [{"op": "delay", "node": "a", "days": 10}, {"op": "delay", "node": "a", "months": 6}]
    )
    assert row(found, "a")["shift_days"] == 10 + 181  # to 30 June, the last of that month
    assert found["changes"][0] == {"op": "delay", "node": "a", "days": 10}


def test_speed_up_by_days_and_percent(content):
    found = applied(
        content, [{"op": "speed_up", "node": "a", "days": 30}, {"op": "speed_up", "node": "b", "percent": 50}]
    )
    assert (row(found, "a")["shift_days"], row(found, "a")["least_days"]) == (-30, 10)
    assert (row(found, "b")["factor"], row(found, "b")["least_days"]) == (0.5, 20)


def test_a_date_set(content):
    assert (
        row(applied(content, [{"op": "set_date", "node": "c", "day": "2027-03-01"}]), "c")["fixed_on"]
        == "2027-03-01"
    )


def test_more_money_shortens_by_the_elasticity_given(content):
    change = {"op": "budget", "subject": "hub", "percent": 100, "elasticity": 1}
    found = applied(content, [change])
    assert [row(found, key).get("factor") for key in ("a", "b", "c", "past")] == [0.5, 0.5, 0.5, None]
    none = applied(content, [{**change, "elasticity": 0}])
    assert row(none, "a")["factor"] == 1.0


def test_links_dropped_and_added(content):
    assert applied(content, [{"op": "drop_link", "before": "a", "after": "b"}])["links"] == []
    found = applied(content, [{"op": "add_link", "before": "b", "after": "c", "lag_days": 5}])
    assert found["links"][-1]["lag_minutes"] == 5 * 1440
    assert found["links"][-1]["origin"] == "scenario"


def test_a_risk_added(content):
    change = {
        "op": "add_risk", "name": "Flood", "probability": 0.2,
        "low_days": 10, "mode_days": 20, "high_days": 90, "nodes": ["a", "b"],
    }  # fmt: skip
    (risk,) = applied(content, [change])["risks"]
    assert (risk["id"], risk["name"], risk["nodes"]) == ("scenario:1", "Flood", ["a", "b"])


def test_an_obstacle_removed(content):
    found = applied(content, [{"op": "remove_obstacle", "obstacle": "no-land", "days": 60}])
    assert found["obstacles"] == []
    assert row(found, "b")["shift_days"] == -60
    assert "shift_days" not in row(found, "past")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"op": "wish"}, "unknown_choice", "op"),
        ({"op": "delay", "node": "z", "days": 1}, "unknown_reference", "node"),
        ({"op": "delay", "node": "past", "days": 1}, "done_already", "node"),
        ({"op": "delay", "node": "a", "days": 0}, "out_of_range", "days"),
        ({"op": "delay", "node": "a"}, "not_a_number", "days"),
        ({"op": "delay", "node": "a", "days": float("nan")}, "out_of_range", "days"),
        ({"op": "speed_up", "node": "a", "percent": 101}, "out_of_range", "percent"),
        ({"op": "set_date", "node": "a", "day": "soon"}, "not_a_day", "day"),
        ({"op": "set_date", "node": "a", "day": "2026-01-15"}, "not_after", "day"),
        ({"op": "set_date", "node": "a", "day": "2066-01-07"}, "out_of_range", "day"),
        ({"op": "delay", "node": "a", "days": 14_600}, "out_of_range", "days"),
        ({"op": "delay", "node": "a", "months": 470 + 10}, "out_of_range", "months"),
        ({"op": "budget", "subject": "moon", "percent": 1, "elasticity": 1}, "unknown_reference", "subject"),
        ({"op": "budget", "node": "a", "percent": 1}, "not_a_number", "elasticity"),
        ({"op": "drop_link", "before": "b", "after": "a"}, "no_such_link", "before"),
        ({"op": "add_link", "before": "b", "after": "a"}, "closes_loop", "after"),
        ({"op": "add_link", "before": "a", "after": "a"}, "link_to_itself", "after"),
        ({"op": "add_link", "before": "a", "after": "b"}, "link_there_already", "before"),
        ({"op": "add_link", "before": "a", "after": "c", "type": "XX"}, "unknown_choice", "type"),
        ({"op": "add_risk", "probability": 0.5, "nodes": []}, "missing", "nodes"),
        (
            {
                "op": "add_risk",
                "nodes": ["a"],
                "probability": 0.5,
                "low_days": 5,
                "mode_days": 1,
                "high_days": 9,
            },
            "out_of_order",
            "mode_days",
        ),
        (
            {
                "op": "add_risk",
                "nodes": ["a"],
                "probability": 2,
                "low_days": 1,
                "mode_days": 1,
                "high_days": 9,
            },
            "out_of_range",
            "probability",
        ),
        ({"op": "remove_obstacle", "obstacle": "none", "days": 1}, "unknown_reference", "obstacle"),
    ],
)
def test_refusals_name_the_change_and_the_field(content, change, code, field):
    with pytest.raises(BadInput) as refused:
        checked(content, [{"op": "delay", "node": "a", "days": 1}, change])
    assert (refused.value.code, refused.value.field, refused.value.params["change"]) == (code, field, 2)


def test_a_loop_is_named_node_by_node(content):
    changes = [
        {"op": "add_link", "before": "b", "after": "c"},
        {"op": "add_link", "before": "c", "after": "a"},
    ]
    with pytest.raises(BadInput) as refused:
        applied(content, changes)
    assert sorted(refused.value.params["loop"].split(" → ")[1:]) == ["A", "B", "C"]


def test_an_activity_of_a_schedule_moves_with_its_schedule(content):
    content["nodes"].append(node("act", kind="activity"))
    content["links"].append(
        {"from": "act", "to": "c", "type": "FS", "lag_minutes": 0, "origin": "schedule", "why": ""}
    )
    for change in (
        {"op": "delay", "node": "act", "days": 5},
        {"op": "speed_up", "node": "act", "days": 5},
        {"op": "speed_up", "node": "act", "percent": 5},
        {"op": "set_date", "node": "act", "day": "2027-01-01"},
        {"op": "budget", "node": "act", "percent": 5, "elasticity": 1},
    ):
        with pytest.raises(BadInput) as refused:
            applied(content, [change])
        assert (refused.value.code, refused.value.field) == ("part_of_schedule", "node")
    with pytest.raises(BadInput) as refused:
        applied(content, [{"op": "drop_link", "before": "act", "after": "c"}])
    assert refused.value.code == "link_of_schedule"
    money = applied(content, [{"op": "budget", "subject": "hub", "percent": 100, "elasticity": 1}])
    assert "factor" not in row(money, "act")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"op": ["delay"]}, "text_expected", "op"),
        ({"op": "delay", "node": {"a": 1}, "days": 1}, "text_expected", "node"),
        ({"op": "delay", "node": "a", "days": 10**400}, "out_of_range", "days"),
        ({"op": "delay", "node": "a", "days": True}, "not_a_number", "days"),
        ({"op": "delay", "node": "a", "days": [1]}, "text_expected", "days"),
        ({"op": "delay", "node": "a", "days": 1, "weeks": 2}, "unknown_field", "weeks"),
        ({"op": "set_date", "node": "a", "day": "9999-12-31"}, "out_of_range", "day"),
        ({"op": "add_risk", "nodes": 5}, "list_expected", "nodes"),
        ({"op": "add_risk", "nodes": "a"}, "list_expected", "nodes"),
        ({"op": "add_risk", "nodes": [["a"]]}, "text_expected", "nodes"),
        ({"op": "add_risk", "nodes": ["a"] * 1001}, "too_many", "nodes"),
        ({"op": "add_risk", "nodes": ["a"], "name": "\ud800"}, "bad_characters", "name"),
        ({"op": "add_link", "before": "b", "after": "c", "why": "x" * 401}, "invalid.max_length", "why"),
    ],
)
def test_what_is_no_plain_change_is_refused_in_words(content, change, code, field):
    with pytest.raises(BadInput) as refused:
        checked(content, [change])
    assert (refused.value.code, refused.value.field) == (code, field)


def test_more_changes_than_anybody_writes_are_refused(content):
    with pytest.raises(BadInput) as refused:
        applied(content, [{"op": "delay", "node": "a", "days": 1}] * 201)
    assert refused.value.code == "too_many"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["a", "b", "c", "past"])
VALUES = ANY_JSON | NAMES | st.lists(NAMES, max_size=2) | st.integers(-10, 400) | st.just("2027-01-01")


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_whatever_is_written_applies_or_is_refused_in_words(content, data):
    """Also what a page could not send: a change comes from an address that anybody may write."""
    op = data.draw(st.sampled_from(sorted(OPERATIONS)))
    fields = data.draw(st.dictionaries(st.sampled_from(sorted(FIELDS[op])), VALUES, max_size=7))
    change = {"op": op, **fields} if data.draw(st.booleans()) else fields
    assert outcome(content, change)


def outcome(content, change):
    """Whether a change gives an input that can be kept, or a refusal that has words."""
    try:
        return canonical(applied(content, [change]))
    except BadInput as refused:
        return has_words(refused.code)


def test_every_operation_is_tried_here():
    assert set(OPERATIONS) == {
        "delay", "speed_up", "set_date", "budget", "drop_link", "add_link", "add_risk", "remove_obstacle",
    }  # fmt: skip
