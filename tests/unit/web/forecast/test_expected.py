"""Broken promises to be expected, of the very rows of the list."""

import datetime as dt
from dataclasses import replace

import pytest

from torap.delivery.selectors import Ref
from torap.rules.known import AsKnown
from torap.runs.selectors import Cause
from torap.web.forecast import expected
from unit.web.presenters.test_forecasts import LINE

KNOWN = AsKnown(dt.date(2025, 11, 26))
MIN = Ref(kind="organisation", code="min", name="The ministry")
LINES = [
    replace(LINE, key="a", chance=0.1, holder=MIN),
    replace(LINE, key="b", chance=0.4, holder=MIN),
    replace(LINE, key="c", chance=None, holder=None),
]


def test_what_nobody_was_named_for_is_counted_too():
    rows = expected.expected_rows(LINES, KNOWN)
    assert [(row["name"], row["count"]) for row in rows] == [("The ministry", 2), ("Nobody was named", 1)]
    assert [row["expected"] for row in rows] == [pytest.approx(1.5), pytest.approx(1.0)]
    assert sum(row["count"] for row in rows) == len(LINES), "the rows of the list and no others"
    assert rows[1]["href"] == ""


def test_a_whole_is_not_counted_for_a_part_in_the_list():
    part = Cause(id="a", what="link", kind="part", share=0.8, late=0.5)
    whole = replace(LINES[1], causes=(part,))
    rows = expected.expected_rows([LINES[0], whole], KNOWN)
    assert rows[0]["expected"] == pytest.approx(0.9 + 0.1)
    assert expected.expected_rows([whole], KNOWN)[0]["expected"] == pytest.approx(0.6)


def test_chart_and_file_have_the_same_rows():
    rows = expected.expected_rows(LINES, KNOWN)
    chart = expected.expected_chart(rows, [], lambda _row: "")
    assert [row["value"] for row in chart["rows"]] == [1.5, 1.0]
    assert expected.csv_rows(rows)[0][:4] == ["min", "The ministry", 2, 1.5]
