"""The room of a drawing is that of its rows, their names and its legend."""

import pytest

from torap.web.presenters import room

LABELS = {
    "first": "first", "due": "due", "band": "band", "p50": "P50", "open": "open", "driving": "driving",
    "task": "task", "done": "done", "today": "today", "last": "last",
}  # fmt: skip
NONE = dict.fromkeys(("start", "finish", "first", "due", "done", "p10", "p50", "p80"))


def bar(name="Gate", **more):
    return {**NONE, "name": name, "not_before": {}, "driving": False, **more}


def legend(*rows):
    return [kind for kind, _words in room.plan_room({"rows": rows, "labels": LABELS})["legend"]]


@pytest.mark.parametrize(
    ("words", "letters", "lines"),
    [
        ("", 10, 1),
        ("gate", 10, 1),
        ("the gate is", 10, 2),
        ("verylongwordindeed", 5, 1),
        ("aa bb cc dd", 5, 2),
    ],
)
def test_names_break_between_words(words, letters, lines):
    assert room._lines(words, letters) == lines


def test_works_that_are_folded_take_no_room():
    chart = {"rows": [bar(), bar("Works", under="x")], "labels": LABELS, "groups": [{"words": "2 works"}]}
    found = room.plan_room(chart)
    assert found["picks"] == ["2 works"]
    assert (found["wide"], found["narrow"]) == (30 + 56, 44 + 56)
    long = room.plan_room({"rows": [bar("word " * 30)], "labels": LABELS})
    assert (long["wide"], long["narrow"]) == (42 + 56, 72 + 56)


def test_the_legend_tells_what_stands_in_the_drawing():
    assert legend() == ["today"]
    assert legend(bar(first="2025-01-01", due="2025-01-01")) == ["first-due", "today"]
    assert legend(bar(first="2025-01-01", due="2026-01-01", p50="2027-01-01")) == [
        "first-due", "due", "band", "middle", "open", "today",
    ]  # fmt: skip
    assert legend(bar(not_before={"p50": "2027-01-01"})) == ["middle", "open", "today"]
    assert legend(bar(p80="2027-01-01", done="2025-01-01")) == ["done", "today"]
    assert legend(bar(p80="2027-01-01", driving=True)) == ["band", "middle", "driving", "today"]
    assert legend(bar(start="2025-01-01", finish="2026-01-01")) == ["task", "today"]


def test_dots_of_slips_have_two_marks():
    found = room.slip_room({"rows": [bar(), bar()], "labels": LABELS})
    assert found == {"wide": 104, "narrow": 132, "legend": [("first-dot", "first"), ("last-dot", "last")]}
