"""Changes in the address of a page and in words; rubbish never breaks the page."""

import pytest

from torap.web.scenarios.changes import MOST, change_words, nodes_of, read_changes, write_changes
from torap.web.scenarios.forms import FORMS

NAMES = {"milestone:a": "Hub opened", "milestone:b": "Rail built", "dust": "Dust"}


def test_an_address_is_read_as_it_was_written():
    changes = [{"op": "delay", "node": "milestone:a", "days": 30}]
    assert read_changes(write_changes(changes)) == changes
    assert write_changes([]) == ""


@pytest.mark.parametrize("text", ["", "x", "{}", "[1]", '"a"', "[" * 70_000])
def test_rubbish_is_no_change(text):
    assert read_changes(text) == []


def test_more_than_an_address_holds_is_cut():
    assert len(read_changes(write_changes([{"op": "delay"}] * 100))) == MOST


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"op": "delay", "node": "milestone:a", "months": 1}, "Hub opened: 1 month later"),
        ({"op": "delay", "node": "milestone:x", "days": 2}, "milestone:x: 2 days later"),
        ({"op": "speed_up", "node": "milestone:a", "days": 2}, "Hub opened: 2 days shorter"),
        ({"op": "set_date", "node": "milestone:a", "day": "never"}, "Hub opened: ready by itself on never"),
        ({"op": "drop_link", "before": "milestone:b", "after": "milestone:a"}, "Hub opened: no longer waits for Rail built"),
        ({"op": "remove_obstacle", "obstacle": "dust", "days": 1}, "Obstacle removed: Dust; what it blocks comes 1 day sooner"),
        ({"op": "add_risk", "nodes": 7}, ": in … of 100 cases “” costs None to None days"),
        ({"op": "odd"}, "odd"),
        ({}, ""),
    ],
)  # fmt: skip
def test_every_change_has_words(change, words):
    assert change_words(change, NAMES) == words


def test_nodes_are_named_once():
    changes = [{"node": "a", "before": "b"}, {"nodes": ["a", "c", 3]}, {"after": None}]
    assert nodes_of(changes) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("op", "data", "change"),
    [
        ("delay", {"amount": "6", "unit": "months"}, {"op": "delay", "node": "n", "months": 6}),
        ("speed_up", {"amount": "20", "unit": "percent"}, {"op": "speed_up", "node": "n", "percent": 20}),
        ("set_date", {"day": "2027-03-01"}, {"op": "set_date", "node": "n", "day": "2027-03-01"}),
        (
            "budget",
            {"percent": "10", "elasticity": "1"},
            {"op": "budget", "node": "n", "percent": 10, "elasticity": 1.0},
        ),
        ("drop_link", {"before": "b"}, {"op": "drop_link", "before": "b", "after": "n"}),
    ],
)
def test_fields_become_a_change(op, data, change):
    form = FORMS[op](data, choices=[("b", "B")])
    assert form.is_valid(), form.errors
    assert form.change("n") == change


@pytest.mark.parametrize(
    ("op", "data", "field"),
    [
        ("delay", {"amount": "241", "unit": "months"}, "amount"),
        ("speed_up", {"amount": "101", "unit": "percent"}, "amount"),
        ("add_risk", {"name": "x", "chance": "5", "low_days": "9", "mode_days": "1", "high_days": "3"}, "mode_days"),
        ("drop_link", {"before": "other"}, "before"),
        ("budget", {"percent": "0", "elasticity": "3"}, "percent"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(op, data, field):
    form = FORMS[op](data, choices=[("b", "B")])
    assert field in form.errors
