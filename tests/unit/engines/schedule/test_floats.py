"""Floats, worked out by hand."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Constraint, Plan
from unit.engines.schedule.cases import DAY, at, link, plan, task

MONDAY = at("2026-01-05 08:00")


def two_paths(**more: object) -> Plan:
    """A, then B and C side by side, then D: C has three days of float."""
    links = (link("A FS B"), link("A FS C"), link("B FS D"), link("C FS D"))
    return plan(task("A"), task("B", 5), task("C", 2, **more), task("D"), links=links)


@pytest.mark.parametrize("profile", ["torap", "msproject", "p6"])
def test_total_and_free_float(profile: str) -> None:
    rows = schedule(two_paths(), profile=profile).rows
    assert [rows[name].total_float for name in "ABCD"] == [0, 0, 3 * DAY, 0]
    assert [rows[name].free_float for name in "ABCD"] == [0, 0, 3 * DAY, 0]


def test_free_float_stops_at_the_next_activity_and_total_float_does_not() -> None:
    links = (link("A FS B"), link("C FS D"), link("D FS B"))
    rows = schedule(plan(task("A", 5), task("B"), task("C"), task("D"), links=links)).rows
    assert (rows["C"].total_float, rows["C"].free_float) == (3 * DAY, 0)
    assert (rows["D"].total_float, rows["D"].free_float) == (3 * DAY, 3 * DAY)


@pytest.mark.parametrize(("profile", "wanted"), [("torap", None), ("msproject", 0), ("p6", None)])
def test_of_finished_work(profile: str, wanted: int | None) -> None:
    done = task("A", actual_start=MONDAY, actual_finish=at("2026-01-05 17:00"))
    row = schedule(plan(done, task("B"), links=(link("A FS B"),)), profile=profile).rows["A"]
    assert (row.total_float, row.free_float) == (wanted, None)


def test_a_deadline_takes_float_away_below_zero() -> None:
    rows = schedule(two_paths(deadline=at("2026-01-06 17:00"))).rows
    assert rows["C"].total_float == -DAY
    assert rows["C"].critical


def test_what_is_as_late_as_possible_has_no_float_for_microsoft() -> None:
    rows = schedule(two_paths(constraint=Constraint.ALAP), profile="msproject").rows
    assert rows["C"].total_float == 0


def test_an_expected_finish_takes_free_float_only_where_it_is_used() -> None:
    made = two_paths(expected_finish=at("2026-01-08 17:00"))
    assert schedule(made, profile="p6").rows["C"].free_float == 0
    assert schedule(made).rows["C"].free_float == 3 * DAY
