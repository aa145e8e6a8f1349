"""Constraints that contradict one another: which pairs, and what is done about them in each format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torap.engines.schedule.plan import Activity, Constraint, Kind, Plan
from torap.engines.schedule.worktime import ALWAYS
from torap.intake.schedules.constraints import (
    held_in_the_past,
    not_used,
    refuse_impossible,
    refuse_loose,
    tell_impossible,
)
from torap.intake.schedules.losses import Losses, ScheduleFileError

C = Constraint


def plan(first: Constraint, at: int | None, second: Constraint, other: int | None, **more: object) -> Plan:
    row = Activity(
        id="A", minutes=60, constraint=first, constraint_at=at, second=second, second_at=other, **more
    )  # type: ignore[arg-type]
    return Plan(start=0, data_date=500, activities=(row,), calendars={ALWAYS.id: ALWAYS}, calendar=ALWAYS.id)


@pytest.mark.parametrize(
    ("first", "at", "second", "other", "impossible"),
    [
        (C.START_NOT_BEFORE, 900, C.START_NOT_AFTER, 800, True),
        (C.START_NOT_BEFORE, 800, C.START_NOT_AFTER, 800, False),
        (C.START_NOT_BEFORE, 900, C.FINISH_NOT_AFTER, 800, True),
        (C.FINISH_NOT_AFTER, 800, C.MUST_START, 900, True),
        (C.FINISH_NOT_BEFORE, 900, C.FINISH_ON, 800, True),
        # Long work begins before one date and ends after another.
        (C.FINISH_NOT_BEFORE, 900, C.START_NOT_AFTER, 800, False),
        (C.MUST_FINISH, 900, C.START_ON, 800, False),
        (C.ALAP, None, C.FINISH_NOT_AFTER, 800, False),
        (C.START_NOT_BEFORE, 900, C.ASAP, None, False),
    ],
)
def test_which_pairs_no_date_keeps(
    first: Constraint, at: int | None, second: Constraint, other: int | None, impossible: bool
) -> None:
    losses = Losses()
    tell_impossible(plan(first, at, second, other), losses)
    assert [row.where for row in losses] == (["A"] if impossible else [])
    if impossible:
        with pytest.raises(ScheduleFileError) as caught:
            refuse_impossible(plan(first, at, second, other))
        assert caught.value.where == "row 1, activity A, second_constraint"
    else:
        refuse_impossible(plan(first, at, second, other))


def test_what_is_finished_cannot_be_impossible_any_more() -> None:
    losses = Losses()
    done = {"actual_start": 0, "actual_finish": 60}
    tell_impossible(plan(C.START_NOT_BEFORE, 900, C.START_NOT_AFTER, 800, **done), losses)
    assert list(losses) == []


def test_what_is_held_to_the_past() -> None:
    late = plan(C.MUST_START, 400, C.FINISH_NOT_AFTER, 300)
    assert [words.split()[0] for _, words in held_in_the_past(late)] == ["must_start", "finish_not_after"]
    assert list(held_in_the_past(plan(C.START_NOT_BEFORE, 400, C.ASAP, None))) == []
    assert list(held_in_the_past(plan(C.MUST_START, 600, C.ASAP, None))) == []
    assert list(held_in_the_past(plan(C.MUST_START, 400, C.ASAP, None, actual_start=450))) == []


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
