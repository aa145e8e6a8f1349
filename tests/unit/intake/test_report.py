"""The report of a load adds up, whatever the fate of its rows."""

from __future__ import annotations

import json

import pytest

from torap.intake.report import COLUMNS, origin_counts
from torap.intake.services import facts_apply

pytestmark = pytest.mark.django_db


def test_the_columns_add_up(write, base, coordinator):
    base["claims"] = [
        {"id": f"c{n}", "subject": "hub", "attribute": "area", "value": n, "unit": unit, "source": "s1"}
        for n, unit in enumerate(["ha", "km2", "km", "bushels"])
    ]
    report = facts_apply(by=coordinator, files=[("a.yaml", write(**base))]).report
    for row in [*report["sections"], report["totals"]]:
        assert row["in_files"] == sum(row[name] for name in COLUMNS if name != "in_files")
    assert report["totals"]["refused"] == 2
    assert report["files"][0]["rows"] == report["totals"]["in_files"]
    assert report["files"][0]["fit"] == report["totals"]["in_files"] - 2
    assert report["problems_in_all"] == len(report["problems"]) == 2
    json.dumps(report)


def test_an_origin_counts_once():
    rows = [
        ("claims", ["a[0]", "a[1]"], {}),
        ("promises", ["a[1]"], {}),
        ("left_out", ["a[2]"], {"why": "no date"}),
    ]
    assert origin_counts(rows) == {"carried": 2, "left_out": {"a[2]": "no date"}}
