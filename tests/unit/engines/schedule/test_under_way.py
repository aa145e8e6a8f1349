"""Work under way in a plan without a data date: when what is left goes on."""

from __future__ import annotations

from dataclasses import replace

from torap.engines.schedule.plan import Kind, Part
from torap.engines.schedule.under_way import going_on, left_of, resumed
from unit.engines.schedule.cases import DAY, at, plan, task, text

BEGUN = {"actual_start": at("2026-01-06 08:00"), "remaining": 2 * DAY, "actual": 3 * DAY}


def test_what_is_left_goes_on_after_what_is_done() -> None:
    done = task("D", 1, actual_start=at("2026-01-05 08:00"), actual_finish=at("2026-01-05 17:00"))
    below = task("B", 5, parent="S", **BEGUN)
    made = plan(task("A", 5, **BEGUN), below, task("S", 0, kind=Kind.SUMMARY), task("C", 1), done)
    assert {name: text(when) for name, when in going_on(made).items()} == dict.fromkeys(
        ["A", "B"], "2026-01-09 08:00"
    )
    assert going_on(replace(made, data_date=at("2026-01-12 08:00"))) == {}
    assert going_on(plan(task("C", 1), done)) == {}


def test_the_later_of_both_days_counts() -> None:
    row = task("A", 5, **BEGUN)
    assert resumed(row, {}) is None
    assert resumed(row, {"A": 7}) == 7
    assert resumed(replace(row, resumed_at=5), {"A": 7}) == 7
    assert resumed(replace(row, resumed_at=9), {}) == 9


def test_with_parts_the_longest_rest_is_left() -> None:
    parts = (
        Part(calendar="std", minutes=4 * DAY, actual=2 * DAY, remaining=2 * DAY),
        Part(calendar="std", minutes=4 * DAY, actual=3 * DAY, remaining=DAY),
    )
    row = task("A", 5, parts=parts, **BEGUN)
    assert left_of(row) == 2 * DAY
    assert text(going_on(plan(row))["A"]) == "2026-01-08 08:00"
