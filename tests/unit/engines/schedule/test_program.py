"""What no trial changes: order, links as operations, bounds, and what is refused with its activity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from networks import portfolio

from torap.engines.errors import EngineInputError
from torap.engines.schedule import program as module
from torap.engines.schedule.clocks import ALWAYS
from torap.engines.schedule.columns import Columns, columns_of
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Plan
from torap.engines.schedule.program import (
    DIRECT,
    DONE,
    FAR,
    POINT,
    SHAPING,
    WORK,
    Program,
    program_like,
    program_of,
)
from torap.engines.schedule.uncertain import RiskPlan
from torap.engines.schedule.worktime import MOST_MINUTES
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task

MONDAY = at("2026-01-05 08:00")
EFFORT = Activity(id="L", kind=Kind.LEVEL_OF_EFFORT)


def program(made: Plan) -> Program:
    return program_of(columns_of(RiskPlan(plan=made)))


def ids(found: Program) -> list[str]:
    return [found.columns.ids[row] for row in found.nodes.activity.tolist() if row >= 0]


def test_nodes_come_after_what_they_wait_for() -> None:
    found = program(plan(task("C"), task("B"), task("A"), links=(link("A FS B"), link("B FS C"))))
    assert ids(found) == ["A", "B", "C"]
    assert found.nodes.first_in.tolist() == [0, 0, 1, 2]
    assert found.nodes.first_out.tolist() == [0, 1, 2, 2]


def test_a_loop_is_named() -> None:
    columns = columns_of(RiskPlan(plan=plan(task("A"), task("B"), links=(link("A FS B"),))))
    looped = replace(
        columns, predecessor=np.array([0, 1], np.int32), successor=np.array([1, 0], np.int32),
        link_type=np.zeros(2, np.int8), lag=np.zeros(2, np.int64), lag_unit=np.zeros(2, np.int8),
    )  # fmt: skip
    with pytest.raises(EngineInputError) as refused:
        program_of(looped)
    assert (refused.value.code, sorted(refused.value.params["loop"])) == ("loop", ["A", "B"])


def test_links_in_one_time_only_add_and_others_go_through_the_instant() -> None:
    rows = (task("A"), task("B"), task("C", calendar="six"))
    links = (link("A FS B", DAY), link("A SS C"), link("B FF C", 60, unit=LagUnit.ELAPSED))
    found = program(plan(*rows, links=links)).links
    assert found.clock[0] == DIRECT
    assert (found.clock[1:] != DIRECT).all()
    assert found.clock[2] == ALWAYS
    assert (found.end.tolist(), found.to.tolist()) == ([1, 0, 1], [0, 0, 1])
    assert found.simple.tolist() == [True, False, False]


def test_a_share_of_a_duration_is_no_lag() -> None:
    found = program(plan(task("A"), task("B"), links=(link("A FS B", 2_500, unit=LagUnit.PERCENT),))).links
    assert (found.lag.tolist(), found.percent.tolist()) == ([0], [2_500])


def test_kinds_of_nodes_and_the_fixed_start_of_what_has_begun() -> None:
    begun = task("A", 4, actual_start=MONDAY, remaining=2 * DAY)
    done = task("D", actual_start=MONDAY, actual_finish=MONDAY + 60)
    found = program(plan(begun, task("B"), milestone("M"), done, links=(link("A SS B"),)))
    assert found.nodes.activity[0] == -1
    assert found.nodes.floor[0] == MONDAY
    modes = dict(zip(ids(found), found.nodes.mode[1:].tolist(), strict=True))
    assert modes == {"A": WORK, "B": WORK, "M": POINT, "D": DONE}
    assert found.links.source.tolist() == [0]


def test_bounds_of_constraints_and_deadlines() -> None:
    later = MONDAY + 7 * 1440
    rows = (
        task("A", constraint=Constraint.START_NOT_BEFORE, constraint_at=later),
        task("B", constraint=Constraint.FINISH_NOT_AFTER, constraint_at=later, deadline=later - 1440),
        task("C", constraint=Constraint.MUST_FINISH, constraint_at=later),
        task("D", constraint=Constraint.START_NOT_AFTER, constraint_at=later),
    )
    nodes = program(plan(*rows)).nodes
    assert nodes.floor.tolist() == [later, MONDAY, MONDAY, MONDAY]
    assert nodes.floor_finish.tolist() == [-FAR, -FAR, later, -FAR]
    assert nodes.cap.tolist() == [FAR, later - 1440, later, FAR]
    assert nodes.cap_start.tolist() == [FAR, FAR, FAR, later]


def test_levels_of_effort_and_summaries_stand_apart() -> None:
    rows = (
        Activity(id="S", kind=Kind.SUMMARY), task("A", parent="S"), task("B", parent="S"),
        EFFORT,
    )  # fmt: skip
    found = program(plan(*rows, links=(link("A SS L"), link("L FF B"))))
    assert found.summaries == ((0, (1, 2)),)
    assert found.efforts == ((3, (0, 1)),)
    assert ids(found) == ["A", "B"]
    assert found.rows.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("rows", "links", "where", "what"),
    [
        ((task("A"), task("B", 2_912_000)), (), "B", "duration"),
        ((task("A"), task("B", deadline=FAR + 1)), (), "B", "deadline"),
        ((task("A"), task("B")), (link("A FS B", FAR),), "A -> B", "lag"),
        ((task("A"), EFFORT), (link("A FS L", FAR + 1),), "A -> L", "lag"),
        ((task("A"), replace(EFFORT, minutes=MOST_MINUTES + 1)), (), "L", "duration"),
    ],
)  # fmt: skip
def test_what_the_trials_cannot_count_is_refused_by_its_name(
    rows: tuple[Activity, ...], links: tuple[object, ...], where: str, what: str
) -> None:
    with pytest.raises(EngineInputError) as refused:
        program(plan(*rows, links=links))
    assert (refused.value.code, refused.value.where) == ("time_out_of_range", where)
    assert refused.value.params["what"] == what


def test_where_only_lengths_causes_or_owners_differ_the_program_serves_again() -> None:
    columns = portfolio(4, 50)
    before = program_of(columns)
    slower = replace(
        columns, left=columns.left * 2, probability=columns.probability / 2, owner_names=["x"] * 20,
        goals=columns.goals[:1],
    )  # fmt: skip
    found, wanted = program_like(before, slower), program_of(slower)
    assert found.nodes is before.nodes
    assert found.columns is slower
    for part in ("nodes", "links"):
        assert all(map(np.array_equal, getattr(found, part), getattr(wanted, part)))


@pytest.mark.parametrize("name", sorted(SHAPING))
def test_where_the_network_differs_a_program_is_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = portfolio(4, 50)
    before, value = program_of(columns), getattr(columns, name)
    made: list[Columns] = []

    def made_of(own: Columns) -> Program:
        made.append(own)
        return before

    monkeypatch.setattr(module, "program_of", made_of)
    program_like(before, replace(columns, **{name: value.copy() if isinstance(value, np.ndarray) else value}))
    assert not made
    if isinstance(value, np.ndarray):
        other = value.copy()
        other.flat[0] = not other.flat[0] if other.dtype == np.bool_ else other.flat[0] + 1
    else:
        other = np.zeros(200, np.int32) if value is None else (value, "other")
    program_like(before, replace(columns, **{name: other}))
    assert len(made) == 1


def test_a_length_that_cannot_be_counted_is_refused_in_a_changed_plan_too() -> None:
    columns = portfolio(1, 50)
    before, left = program_of(columns), columns.left.copy()
    left[3] = MOST_MINUTES + 1
    with pytest.raises(EngineInputError) as refused:
        program_like(before, replace(columns, left=left))
    assert refused.value.where == columns.ids[3]
