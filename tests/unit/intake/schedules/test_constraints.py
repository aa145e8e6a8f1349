"""Constraints that no date keeps: what is done about them in each format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torap.engines.schedule.plan import Activity, Constraint, Kind, Plan
from torap.engines.schedule.worktime import ALWAYS
from torap.intake.schedules.constraints import (
    judge_constraints,
    not_used,
    refuse_impossible,
    refuse_loose,
    tell_impossible,
)
from torap.intake.schedules.losses import Losses, ScheduleFileError

C = Constraint


def plan(first: Constraint, at: int | None, second: Constraint, other: int | None, **more: object) -> Plan:
    more = {"minutes": 60, **more}
    row = Activity(id="A", constraint=first, constraint_at=at, second=second, second_at=other, **more)  # type: ignore[arg-type]
    return Plan(start=0, data_date=500, activities=(row,), calendars={ALWAYS.id: ALWAYS}, calendar=ALWAYS.id)


@pytest.mark.parametrize(
    ("made", "code", "field"),
    [
        (plan(C.START_NOT_BEFORE, 900, C.START_NOT_AFTER, 800), "constraint_impossible", "second_constraint"),
        (plan(C.START_NOT_BEFORE, 800, C.START_NOT_AFTER, 800), "", ""),
        (
            plan(C.START_NOT_BEFORE, 800, C.MUST_FINISH, 850),
            "constraints_and_duration",
            "second_constraint",
        ),
        (plan(C.MUST_FINISH, 59, C.ASAP, None), "constraint_before_plan", "constraint"),
        (plan(C.ASAP, None, C.FINISH_NOT_AFTER, 59), "constraint_before_plan", "second_constraint"),
        (plan(C.MUST_FINISH, 60, C.ASAP, None), "", ""),  # late, as of the data date: told with the dates
        (
            plan(C.MUST_FINISH, 400, C.ASAP, None, actual_start=450),
            "constraint_before_actual_start",
            "constraint",
        ),
        (plan(C.MUST_START, 400, C.ASAP, None, actual_start=450), "", ""),
    ],
)
def test_what_is_impossible_in_itself_is_refused_or_told(made: Plan, code: str, field: str) -> None:
    losses = Losses()
    judge_constraints(made, "p6", losses)
    assert [row.code for row in losses] == ([code] if code and code != "constraint_before_plan" else [])
    if not code:
        refuse_impossible(made)
        return
    with pytest.raises(ScheduleFileError) as caught:
        judge_constraints(made, "torap", losses)
    assert (caught.value.code, caught.value.where) == (code, f"row 1, activity A, {field}")


def test_a_refusal_says_what_could_be_kept() -> None:
    with pytest.raises(ScheduleFileError) as caught:
        refuse_impossible(plan(C.MUST_FINISH, 30, C.ASAP, None, minutes=90))
    assert caught.value.params == {
        "value": "must_finish 1970-01-01 00:30",
        "hours": "1.5",
        "start": "1970-01-01 00:00",
        "earliest": "1970-01-01 01:30",
    }


def test_a_plan_that_ends_before_it_begins_is_refused() -> None:
    made = replace(plan(C.ASAP, None, C.ASAP, None), start=100, must_finish=99)
    with pytest.raises(ScheduleFileError, match="plan_ends_before_start at plan, must_finish"):
        refuse_impossible(made)
    refuse_impossible(replace(made, must_finish=100))


def test_a_note_names_the_activity_and_its_row() -> None:
    losses = Losses()
    made = plan(C.START_NOT_BEFORE, 900, C.START_NOT_AFTER, 800, name="Quay wall")
    tell_impossible(made, losses, {"A": "line 7"})
    assert [row.where for row in losses] == ["A (Quay wall, line 7)"]


def test_a_plan_from_its_finish_is_told_where_dates_are_counted_from_its_start() -> None:
    made = replace(plan(C.ASAP, None, C.ASAP, None), options={"from_finish": True})
    assert [row.code for row in not_used(made, "torap")] == ["from_finish"]
    assert [row.code for row in not_used(made, "msproject", "p6")] == ["from_finish"]
    assert not list(not_used(made, "msproject"))
    assert not list(not_used(replace(made, options={}), "torap"))


@pytest.mark.parametrize(
    ("parent", "kind", "code"),
    [("S", Kind.TASK, "parent_not_summary"), ("Z", Kind.SUMMARY, "parent_unknown"), ("S", Kind.SUMMARY, "")],
)
def test_a_parent_is_a_summary_of_the_plan(parent: str, kind: Kind, code: str) -> None:
    rows = Activity(id="S", kind=kind), Activity(id="A", minutes=60, parent=parent)
    made = replace(plan(C.ASAP, None, C.ASAP, None), activities=rows)
    if not code:
        refuse_loose(made)
        return
    with pytest.raises(ScheduleFileError, match=f"{code} at row 2, activity A, parent"):
        refuse_loose(made)
