"""Without any spread each trial is the deterministic pass, to the minute."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, given, settings

from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Kind, Link, LinkType, Part, Plan
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, Settings
from unit.engines.schedule.random_plans import CALENDARS, START, plans


def test_a_summary_spans_the_actual_finish_of_a_level_of_effort() -> None:
    done = {"actual_start": START, "actual_finish": START + 100}
    rows = (
        Activity(id="S", kind=Kind.SUMMARY),
        Activity(id="A", minutes=480),
        Activity(id="L", kind=Kind.LEVEL_OF_EFFORT, minutes=960, parent="S", **done),
    )
    link = Link(predecessor="A", successor="L", type=LinkType.FF)
    made = Plan(start=START, activities=rows, links=(link,), calendars=CALENDARS, calendar="std")
    found = simulate(RiskPlan(plan=made, goals=("S",)), Settings(trials=3, threads=1))
    assert schedule(made).rows["S"].finish == START + 100
    assert set(found.goals["S"].finishes.tolist()) == {START + 100}


def test_a_part_that_begins_later_ends_later_in_the_trials_too() -> None:
    part = Part(calendar="std", minutes=960, remaining=960, offset=3 * 480)
    row = Activity(id="A", minutes=5 * 480, calendar="std", parts=(part,))
    made = Plan(start=START, activities=(row,), calendars=CALENDARS, calendar="std")
    found = simulate(RiskPlan(plan=made, goals=("A",)), Settings(trials=3, threads=1))
    assert schedule(made).finish == START + 4 * 1440 + 540  # Friday, 17:00
    assert set(found.goals["A"].finishes.tolist()) == {schedule(made).finish}


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(plans(split=True))
def test_a_plan_without_spread_has_the_dates_of_the_passes(plan: Plan) -> None:
    try:
        wanted = schedule(plan)
    except EngineInputError:
        assume(False)
    goals = tuple(wanted.rows)
    found = simulate(RiskPlan(plan=plan, goals=goals), Settings(trials=3, threads=1))
    assert found.ids == goals
    for i, (name, row) in enumerate(wanted.rows.items()):
        assert (name, set(found.start[i].tolist())) == (name, {row.start})
        assert (name, set(found.finish[i].tolist())) == (name, {row.finish})
        assert (name, found.critical[i]) == (name, float(row.critical))
        assert found.sd_finish[i] == 0
    assert found.plan_finish is not None
    assert set(found.plan_finish.finishes.tolist()) == {wanted.finish}
    dated = {
        row.id: row.deadline for row in plan.activities if row.deadline is not None and row.id in wanted.rows
    }
    assert found.meets == {name: float(wanted.rows[name].finish <= at) for name, at in dated.items()}
    assert np.all(found.cruciality == 0)
