"""The same small plan by the conventions of both programs: what each is known to do, worked out by hand.

The plan starts on Monday 5 January 2026 at 08:00; days are 08:00 to 17:00 with an hour off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from torap.engines.schedule.dates import Schedule, schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link
from torap.engines.schedule.profiles import LagCalendar, Progress
from torap.engines.schedule.worktime import ALWAYS
from unit.engines.schedule.cases import DAY, at, link, plan, task, text

C = Constraint
HOUR = 60
L = task("L", 10)  # holds the plan open up to Friday 16 January 17:00
DATA_DATE = at("2026-01-12 08:00")
Rows = tuple[Activity, ...]


def found(profile: str, *rows: Activity, links: tuple[Link, ...] = (), **more: Any) -> Schedule:
    made = plan(*rows, links=links, **more)
    return schedule(replace(made, calendars={**made.calendars, ALWAYS.id: ALWAYS}), profile=profile)


def held(name: str, kind: Constraint, when: str = "", days: float = 1) -> Activity:
    return task(name, days, constraint=kind, constraint_at=at(when) if when else None)


def clock(name: str, hours: int) -> Activity:
    return Activity(id=name, minutes=hours * HOUR, calendar=ALWAYS.id)


BOTH = ("msproject", "p6")
LAGS = [
    # days of A, lag, unit, start of B
    (5, -2 * DAY, LagUnit.WORK, "2026-01-08 08:00"),  # within the week
    (6, -2 * DAY, LagUnit.WORK, "2026-01-09 08:00"),  # back over the weekend
    (5, 5000, LagUnit.PERCENT, "2026-01-14 13:00"),  # two and a half days
    (5, -2000, LagUnit.PERCENT, "2026-01-09 08:00"),
    (1, 1440, LagUnit.ELAPSED, "2026-01-07 08:00"),  # Tuesday 17:00, after work
    (5, 2880, LagUnit.ELAPSED, "2026-01-12 08:00"),  # Sunday
    (6, -1440, LagUnit.ELAPSED, "2026-01-12 08:00"),  # Sunday too: on the very day A ends
]


@pytest.mark.parametrize("profile", BOTH)
@pytest.mark.parametrize(("days", "lag", "unit", "starts"), LAGS)
def test_lags_of_every_unit(profile: str, days: int, lag: int, unit: LagUnit, starts: str) -> None:
    rows = found(profile, task("A", days), task("B", 1), links=(link("A FS B", lag, unit=unit),)).rows
    assert text(rows["B"].start) == starts


@pytest.mark.parametrize("profile", BOTH)
def test_a_lead_leaves_the_float_that_it_overlaps(profile: str) -> None:
    rows = found(profile, task("A", 5), task("B", 1), links=(link("A FS B", -2 * DAY),)).rows
    assert (rows["A"].total_float, rows["B"].total_float) == (0, DAY)


@pytest.mark.parametrize("profile", BOTH)
def test_a_chain_as_late_as_possible(profile: str) -> None:
    rows = found(profile, L, held("A", C.ALAP), held("B", C.ALAP), links=(link("A FS B"),)).rows
    assert text(rows["A"].start) == "2026-01-15 08:00"
    assert text(rows["B"].start) == "2026-01-16 08:00"


def test_what_follows_what_is_as_late_as_possible() -> None:
    """Microsoft Project lets it take all float and pushes what follows; Primavera only the free float."""
    rows = found("msproject", L, held("A", C.ALAP), task("B", 1), links=(link("A FS B"),)).rows
    assert [text(rows[name].start) for name in "AB"] == ["2026-01-15 08:00", "2026-01-16 08:00"]
    rows = found("p6", L, held("A", C.ALAP), task("B", 1), links=(link("A FS B"),)).rows
    assert [text(rows[name].start) for name in "AB"] == ["2026-01-05 08:00", "2026-01-06 08:00"]
    links = link("A FS B"), link("P FS B")
    rows = found("p6", held("A", C.ALAP), task("B", 1), task("P", 4), links=links).rows
    assert text(rows["A"].start) == "2026-01-08 08:00"


SOFT = [
    held("B", C.START_NOT_AFTER, "2026-01-07 08:00"),
    held("B", C.FINISH_NOT_AFTER, "2026-01-07 17:00"),
]
MUST = [held("B", C.MUST_START, "2026-01-07 08:00"), held("B", C.MUST_FINISH, "2026-01-07 17:00")]


@pytest.mark.parametrize("broken", SOFT + MUST)
def test_microsoft_project_honours_a_constraint_against_the_links(broken: Activity) -> None:
    rows = found("msproject", task("A", 5), broken, task("D", 1), links=(link("A FS B"), link("B FS D"))).rows
    assert (text(rows["B"].start), text(rows["D"].start)) == ("2026-01-07 08:00", "2026-01-08 08:00")
    assert (rows["A"].total_float, rows["B"].total_float) == (-3 * DAY, -3 * DAY)
    assert rows["B"].critical


@pytest.mark.parametrize("broken", SOFT + MUST)
def test_a_file_may_let_the_links_win(broken: Activity) -> None:
    """The option "tasks will always honor their constraint dates" is switched off."""
    links = link("A FS B"), link("B FS D")
    rows = found(
        "msproject", task("A", 5), broken, task("D", 1), links=links, options={"links_win": True}
    ).rows
    assert (text(rows["B"].start), text(rows["D"].start)) == ("2026-01-12 08:00", "2026-01-13 08:00")
    assert (rows["A"].total_float, rows["B"].total_float) == (-3 * DAY, -3 * DAY)
    assert rows["B"].driver == "FS"


@pytest.mark.parametrize("kind", [C.MUST_START, C.START_NOT_BEFORE])
def test_a_constraint_later_than_the_links_holds_all_the_same(kind: Constraint) -> None:
    row = held("B", kind, "2026-01-14 08:00")
    rows = found("msproject", task("A", 5), row, links=(link("A FS B"),), options={"links_win": True}).rows
    assert text(rows["B"].start) == "2026-01-14 08:00"
    row = held("B", C.MUST_FINISH, "2026-01-14 17:00")
    rows = found("msproject", task("A", 5), row, links=(link("A FS B"),), options={"links_win": True}).rows
    assert text(rows["B"].finish) == "2026-01-14 17:00"


@pytest.mark.parametrize("broken", SOFT)
def test_primavera_keeps_to_the_links_and_shows_negative_float(broken: Activity) -> None:
    rows = found("p6", task("A", 5), broken, links=(link("A FS B"),)).rows
    assert text(rows["B"].start) == "2026-01-12 08:00"
    assert (rows["A"].total_float, rows["B"].total_float) == (-3 * DAY, -3 * DAY)


@pytest.mark.parametrize("broken", MUST)
def test_primavera_lets_a_mandatory_date_break_the_logic(broken: Activity) -> None:
    rows = found("p6", task("A", 5), broken, links=(link("A FS B"),)).rows
    assert text(rows["B"].start) == "2026-01-07 08:00"
    assert (rows["A"].total_float, rows["B"].total_float) == (-3 * DAY, 0)


def test_a_deadline_gives_negative_float_and_moves_nothing() -> None:
    rows = found(
        "msproject", task("A", 5, deadline=at("2026-01-07 17:00")), task("B"), links=(link("A FS B"),)
    ).rows
    assert text(rows["B"].start) == "2026-01-12 08:00"
    assert (rows["A"].total_float, rows["B"].total_float) == (-2 * DAY, 0)


def test_a_calendar_of_all_hours_beside_one_of_eight() -> None:
    rows = clock("A", 24), task("B", 1), clock("D", 10)
    links = link("A FS B"), link("B FS D", DAY)
    # B ends on Tuesday 17:00: eight hours of the successor's clock, or of the predecessor's days.
    assert text(found("msproject", *rows, links=links).rows["D"].start) == "2026-01-07 01:00"
    assert text(found("p6", *rows, links=links).rows["D"].start) == "2026-01-07 17:00"


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        (LagCalendar.PREDECESSOR, "2026-01-12 17:00"),
        (LagCalendar.SUCCESSOR, "2026-01-10 01:00"),
        (LagCalendar.PLAN, "2026-01-12 17:00"),
        (LagCalendar.ALWAYS, "2026-01-10 01:00"),
    ],
)
def test_primavera_has_four_calendars_for_lags(rule: LagCalendar, starts: str) -> None:
    options = {"lag_calendar": rule}
    rows = found("p6", task("A", 5), clock("B", 8), links=(link("A FS B", DAY),), options=options).rows
    assert text(rows["B"].start) == starts


def test_milestones_at_the_end_of_a_day_and_at_the_start_of_the_next() -> None:
    ends, starts = Activity(id="E", kind=Kind.FINISH_MILESTONE), Activity(id="S", kind=Kind.START_MILESTONE)
    links = link("A FS E"), link("A FS S"), link("E FS B")
    rows = found("p6", task("A"), ends, starts, task("B"), links=links).rows
    assert [text(rows[name].start) for name in "ESB"] == [
        "2026-01-05 17:00",
        "2026-01-06 08:00",
        "2026-01-06 08:00",
    ]
    rows = found("msproject", task("A"), ends, starts, task("B"), links=links).rows
    assert [text(rows[name].start) for name in "ESB"] == [
        "2026-01-05 17:00",
        "2026-01-05 17:00",
        "2026-01-06 08:00",
    ]


OUT_OF_SEQUENCE = (
    task("A", 8, actual_start=at("2026-01-05 08:00"), actual=5 * DAY, remaining=3 * DAY),
    task("B", 4, actual_start=at("2026-01-08 08:00"), actual=2 * DAY, remaining=2 * DAY),
)


@pytest.mark.parametrize(
    ("rule", "ends"),
    [(Progress.RETAINED_LOGIC, "2026-01-16 17:00"), (Progress.OVERRIDE, "2026-01-13 17:00")],
)
def test_work_out_of_sequence(rule: Progress, ends: str) -> None:
    """A goes on until Wednesday 14 January; B, begun, waits for it or goes on at the data date."""
    links, options = (link("A FS B"),), {"progress": rule}
    rows = found("p6", *OUT_OF_SEQUENCE, links=links, data_date=DATA_DATE, options=options).rows
    assert (text(rows["B"].start), text(rows["B"].finish)) == ("2026-01-08 08:00", ends)


@pytest.mark.parametrize("begun", [True, False])
def test_an_expected_finish_stretches_what_is_left(begun: bool) -> None:
    more: dict[str, Any] = {"actual_start": at("2026-01-05 08:00"), "actual": 5 * DAY, "remaining": 5 * DAY}
    row = task("A", 10, expected_finish=at("2026-01-14 17:00"), **(more if begun else {}))
    rows = found("p6", row, task("B"), links=(link("A FS B"),), data_date=DATA_DATE).rows
    assert (text(rows["A"].finish), text(rows["B"].start)) == ("2026-01-14 17:00", "2026-01-15 08:00")


def test_work_that_was_suspended_goes_on_when_it_is_resumed() -> None:
    more = {"suspended_at": at("2026-01-06 08:00"), "resumed_at": at("2026-01-19 08:00")}
    row = task("A", 5, actual_start=at("2026-01-05 08:00"), actual=DAY, remaining=4 * DAY, **more)
    rows = found("p6", row, task("B"), links=(link("A FS B"),), data_date=DATA_DATE).rows
    assert (text(rows["A"].finish), text(rows["B"].start)) == ("2026-01-22 17:00", "2026-01-23 08:00")


def test_a_level_of_effort_spans_its_neighbours_and_drives_nothing() -> None:
    effort = Activity(id="E", kind=Kind.LEVEL_OF_EFFORT, minutes=DAY)
    links = link("A FS B"), link("A SS E", DAY), link("E FF B")
    rows = found("p6", task("A", 2), task("B", 3), effort, links=links).rows
    assert (text(rows["E"].start), text(rows["E"].finish)) == ("2026-01-06 08:00", "2026-01-09 17:00")
    assert text(rows["B"].start) == "2026-01-07 08:00"


def test_of_a_lag_that_began_before_the_data_date_the_rest_counts() -> None:
    done = task("A", 1, actual_start=at("2026-01-05 08:00"), actual_finish=at("2026-01-09 17:00"), actual=DAY)
    rows = found("p6", done, task("B"), links=(link("A FS B", 5 * DAY),), data_date=DATA_DATE).rows
    assert text(rows["B"].start) == "2026-01-19 08:00"
    begun = task("A", 5, actual_start=at("2026-01-08 08:00"), actual=2 * DAY, remaining=3 * DAY)
    rows = found("p6", begun, task("B"), links=(link("A SS B", 4 * DAY),), data_date=DATA_DATE).rows
    assert text(rows["B"].start) == "2026-01-14 08:00"  # two of the four days have passed


def test_a_plan_that_must_finish_too_early_has_negative_float_all_along() -> None:
    limits = {"must_finish": at("2026-01-09 17:00")}
    rows = found("p6", task("A", 5), task("B", 2), task("D"), links=(link("A FS B"),), **limits).rows
    assert [rows[name].total_float for name in "ABD"] == [-2 * DAY, -2 * DAY, 4 * DAY]
    assert [rows[name].critical for name in "ABD"] == [True, True, False]
    longest = {"critical_longest": True}
    rows = found("p6", task("A", 5), task("B", 2), task("D"), links=(link("A FS B"),), options=longest).rows
    assert [rows[name].critical for name in "ABD"] == [True, True, False]


def test_a_start_to_finish_link_and_one_between_finishes() -> None:
    row = held("A", C.START_NOT_BEFORE, "2026-01-08 08:00")
    for profile in BOTH:
        assert (
            text(found(profile, row, task("B"), links=(link("A SF B"),)).rows["B"].finish)
            == "2026-01-08 08:00"
        )
        rows = found(profile, task("A", 5), task("B"), links=(link("A FF B"),)).rows
        assert text(rows["B"].start) == "2026-01-09 08:00"


def test_dates_before_the_start_of_the_plan() -> None:
    early, must = (
        held("A", C.START_NOT_BEFORE, "2026-01-01 08:00"),
        held("B", C.MUST_START, "2026-01-01 08:00"),
    )
    rows = found("p6", early, must).rows
    assert [text(rows[name].start) for name in "AB"] == ["2026-01-05 08:00", "2026-01-05 08:00"]
    assert rows["B"].total_float == -2 * DAY  # Thursday and Friday lie between
    assert text(found("msproject", early).rows["A"].start) == "2026-01-01 08:00"


def test_a_working_saturday_and_a_day_cut_in_three() -> None:
    days = {
        at("2026-01-10 00:00") // 1440: ((480, 720),),
        at("2026-01-12 00:00") // 1440: ((480, 540), (600, 660), (900, 1020)),
    }
    made = plan(task("A", 5), task("B", 1), links=(link("A FS B"),))
    odd = replace(made.calendars["std"], exceptions=days)
    rows = schedule(replace(made, calendars={"std": odd}), profile="p6").rows
    # Four hours on Saturday, one, one and two on Monday.
    assert (text(rows["B"].start), text(rows["B"].finish)) == ("2026-01-10 08:00", "2026-01-12 17:00")
