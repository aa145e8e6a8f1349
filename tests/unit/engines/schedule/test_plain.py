"""The plain convention by hand: what binds early dates from below and late dates from above."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.network import Network
from torap.engines.schedule.plain import passes
from torap.engines.schedule.plan import Activity, Constraint, Link
from torap.engines.schedule.profiles import Progress, profile_of
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task, text

C = Constraint
MONDAY = "2026-01-05 08:00"


def dates(*rows: Activity, links: tuple[Link, ...] = (), **more: Any) -> dict[str, tuple[str, str, str, str]]:
    """Early start and finish, late start and finish, by activity."""
    made = plan(*rows, links=links, **more)
    net = Network(made, profile_of(made, "torap"))
    passes(net)
    return {
        name: tuple(map(text, (one.early_start, one.early_finish, one.late_start, one.late_finish)))
        for name, one in net.dates.items()
    }  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "lag", "starts", "latest"),
    [
        ("FS", 0, "2026-01-08 08:00", "2026-01-08 17:00"),
        ("SS", DAY, "2026-01-06 08:00", "2026-01-07 17:00"),
        ("FF", DAY, "2026-01-08 08:00", "2026-01-08 17:00"),
        ("SF", 4 * DAY, "2026-01-08 08:00", "2026-01-08 17:00"),
    ],
)
def test_every_type_of_link_in_both_directions(kind: str, lag: int, starts: str, latest: str) -> None:
    found = dates(task("A", 3), task("B", 1), links=(link(f"A {kind} B", lag),))
    assert found["B"][0] == starts
    assert found["B"][3] == latest
    assert found["A"][0] == MONDAY


def test_a_chain_has_late_dates_that_are_its_early_ones() -> None:
    found = dates(task("A", 3), task("B", 2), task("C", 1), links=(link("A FS B"), link("A FS C")))
    assert found["A"] == (MONDAY, "2026-01-07 17:00", MONDAY, "2026-01-07 17:00")
    assert found["C"] == ("2026-01-08 08:00", "2026-01-08 17:00", "2026-01-09 08:00", "2026-01-09 17:00")


@pytest.mark.parametrize(
    ("kind", "when", "early", "late"),
    [
        (C.START_NOT_BEFORE, "2026-01-07 08:00", "2026-01-07 08:00", "2026-01-16 17:00"),
        (C.FINISH_NOT_BEFORE, "2026-01-07 17:00", "2026-01-07 08:00", "2026-01-16 17:00"),
        (C.START_NOT_AFTER, "2026-01-07 08:00", MONDAY, "2026-01-07 17:00"),
        (C.FINISH_NOT_AFTER, "2026-01-07 17:00", MONDAY, "2026-01-07 17:00"),
        (C.START_ON, "2026-01-07 08:00", "2026-01-07 08:00", "2026-01-07 17:00"),
        (C.MUST_START, "2026-01-07 08:00", "2026-01-07 08:00", "2026-01-07 17:00"),
        (C.FINISH_ON, "2026-01-07 17:00", "2026-01-07 08:00", "2026-01-07 17:00"),
        (C.MUST_FINISH, "2026-01-07 17:00", "2026-01-07 08:00", "2026-01-07 17:00"),
        (C.ALAP, "", MONDAY, "2026-01-16 17:00"),
    ],
)
@pytest.mark.parametrize("second", [False, True])
def test_constraints_bind_from_below_and_from_above(
    kind: C, when: str, early: str, late: str, second: bool
) -> None:
    date = at(when) if when else None
    more = {"second": kind, "second_at": date} if second else {"constraint": kind, "constraint_at": date}
    found = dates(task("A", 1, **more), task("L", 10))
    assert (found["A"][0], found["A"][3]) == (early, late)


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize(
    ("kind", "when", "holds", "early"),
    [
        (C.MUST_START, "2026-01-07 08:00", "must", "2026-01-07 08:00"),
        (C.MUST_FINISH, "2026-01-07 17:00", "must", "2026-01-06 08:00"),
        (C.MUST_START, "2026-01-07 08:00", "none", "2026-01-12 08:00"),
        (C.START_NOT_AFTER, "2026-01-07 08:00", "must", "2026-01-12 08:00"),
        (C.START_NOT_AFTER, "2026-01-07 08:00", "all", "2026-01-07 08:00"),
        (C.START_ON, "2026-01-10 08:00", "all", "2026-01-12 08:00"),  # a Saturday
        (C.FINISH_NOT_AFTER, "2026-01-08 17:00", "all", "2026-01-07 08:00"),
        (C.FINISH_ON, "2026-01-08 17:00", "all", "2026-01-07 08:00"),
        (C.START_NOT_BEFORE, "2026-01-07 08:00", "all", "2026-01-12 08:00"),
        (C.START_NOT_AFTER, "2026-01-14 08:00", "all", "2026-01-12 08:00"),
    ],
)
def test_constraints_that_win_over_links_hold_early_dates(
    kind: C, when: str, holds: str, early: str, second: bool
) -> None:
    date = at(when)
    more = {"second": kind, "second_at": date} if second else {"constraint": kind, "constraint_at": date}
    rows = task("A", 5), task("B", 2, **more), task("C", 1)
    found = dates(*rows, links=(link("A FS B"), link("B FS C")), options={"holds": holds})
    assert found["B"][0] == early
    begun = task("B", 2, actual_start=at(MONDAY), **more)
    assert (
        dates(rows[0], begun, links=(link("A FS B"),), options={"holds": holds})["B"][0] == "2026-01-12 08:00"
    )


def test_a_deadline_and_the_finish_of_the_plan_bind_late_dates() -> None:
    rows = task("A", 1, deadline=at("2026-01-06 17:00")), task("L", 2)
    found = dates(*rows, must_finish=at("2026-01-09 17:00"))
    assert (found["A"][3], found["L"][3]) == ("2026-01-06 17:00", "2026-01-09 17:00")


def test_nothing_that_is_open_lies_before_the_data_date() -> None:
    data_date = at("2026-01-12 08:00")
    done = task("A", 1, actual_start=at(MONDAY), actual_finish=at("2026-01-06 12:00"))
    begun = task("B", 3, actual_start=at(MONDAY), remaining=DAY)
    found = dates(done, begun, task("C"), links=(link("A FS C"),), data_date=data_date)
    assert found["A"][:2] == ("2026-01-06 12:00", "2026-01-06 12:00")
    assert found["B"][:2] == found["C"][:2] == ("2026-01-12 08:00", "2026-01-12 17:00")


@pytest.mark.parametrize(
    ("rule", "starts"),
    [(Progress.RETAINED_LOGIC, "2026-01-08 08:00"), (Progress.OVERRIDE, "2026-01-06 08:00")],
)
def test_work_out_of_sequence_waits_or_does_not(rule: Progress, starts: str) -> None:
    begun = task("B", 2, actual_start=at(MONDAY), remaining=DAY)
    more = {"data_date": at("2026-01-06 08:00"), "options": {"progress": rule}}
    found = dates(task("A", 2), begun, links=(link("A FS B"),), **more)
    assert found["B"][0] == starts
    assert found["A"][0] == "2026-01-06 08:00"


def test_resumed_work_waits_for_its_day() -> None:
    begun = task("A", 2, actual_start=at(MONDAY), remaining=DAY, resumed_at=at("2026-01-08 13:00"))
    assert dates(begun)["A"][:2] == ("2026-01-08 13:00", "2026-01-09 12:00")


def test_a_milestone_stands_where_its_links_put_it() -> None:
    found = dates(task("A"), milestone("M"), task("B"), links=(link("A FS M"), link("M FS B")))
    assert found["M"][:2] == ("2026-01-05 17:00", "2026-01-05 17:00")
    assert found["B"][0] == "2026-01-06 08:00"


def test_a_longer_task_may_start_earlier_behind_a_finish_link() -> None:
    short = dates(task("A", 5), task("B", 1), links=(link("A FF B"),))["B"]
    long = dates(task("A", 5), task("B", 4), links=(link("A FF B"),))["B"]
    assert (short[0], long[0]) == ("2026-01-09 08:00", "2026-01-06 08:00")


UNDER_WAY = {"actual_start": at("2026-01-06 08:00"), "remaining": 4 * DAY, "actual": 3 * DAY}


@pytest.mark.parametrize("profile", ["torap", "p6", "msproject"])
def test_without_a_data_date_what_is_left_follows_what_is_done(profile: str) -> None:
    made = plan(task("A", 7, **UNDER_WAY), task("B", 1), links=(link("A FS B"),))
    rows = schedule(made, profile=profile).rows
    assert [text(rows["A"].start), text(rows["A"].finish)] == ["2026-01-06 08:00", "2026-01-14 17:00"]
    assert text(rows["B"].finish) == "2026-01-15 17:00"
    dated = schedule(replace(made, data_date=at("2026-01-12 08:00")), profile=profile).rows["A"]
    assert text(dated.finish) == ("2026-01-14 17:00" if profile == "msproject" else "2026-01-15 17:00")


@pytest.mark.parametrize("profile", ["torap", "msproject"])
@pytest.mark.parametrize(
    ("planned", "finish"), [(5, "2026-01-14 17:00"), (9, "2026-01-14 17:00"), (7, "2026-01-14 17:00")]
)
def test_work_under_way_lasts_what_is_done_and_what_is_left(planned: int, finish: str, profile: str) -> None:
    made = plan(task("A", planned, **UNDER_WAY))
    assert text(schedule(made, profile=profile).rows["A"].finish) == finish


def test_suspended_work_goes_on_no_sooner_than_it_is_resumed() -> None:
    later = task("A", 7, resumed_at=at("2026-01-19 08:00"), **UNDER_WAY)
    assert dates(later)["A"][1] == "2026-01-22 17:00"
    assert dates(replace(later, resumed_at=at("2026-01-07 08:00")))["A"][1] == "2026-01-14 17:00"
