"""A changed plan from the run before it: the same bits as from nothing, whatever changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from networks import portfolio

from torap.engines.errors import EngineInputError
from torap.engines.lanes import LANES
from torap.engines.schedule import again, borders, simulate
from torap.engines.schedule.blocks import TALLIED
from torap.engines.schedule.columns import Columns
from torap.engines.schedule.plan import Activity, Kind, Link, LinkType, Plan
from torap.engines.schedule.uncertain import (
    Branch,
    Driver,
    RiskEvent,
    RiskPlan,
    RiskResult,
    Settings,
    Shape,
    Spread,
)
from unit.engines.schedule.random_plans import lengths, plans

TRIALS = Settings(trials=130, threads=1)
FIGURES = ("start", "finish", "mean_finish", "sd_finish", "critical", "cruciality")


def differences(a: RiskResult, b: RiskResult) -> list[str]:
    """What differs in any bit."""
    found = [name for name in FIGURES if not np.array_equal(getattr(a, name), getattr(b, name))]
    goals = [*zip(a.goals.values(), b.goals.values(), strict=True), (a.plan_finish, b.plan_finish)]
    for one, other in goals:
        assert one is not None
        assert other is not None
        if not np.array_equal(one.finishes, other.finishes) or not np.array_equal(one.counts, other.counts):
            found.append(f"finishes of {one.id}")
        if one.effects != other.effects:
            found.append(f"effects on {one.id}")
    same = all(np.array_equal(a.watched[name], b.watched[name]) for name in a.watched)
    return found + ["meets"] * (a.meets != b.meets) + ["watched"] * (not same) + ["ids"] * (a.ids != b.ids)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clusters of one to three activities, so that small plans have many."""
    monkeypatch.setattr(borders, "SMALL", 1)
    monkeypatch.setattr(borders, "LARGE", 3)
    monkeypatch.setattr(again, "MOST", 1.0)


def plain(plan: Plan) -> Plan:
    """The same plan without summaries and levels of effort, which are run from nothing."""
    rows = tuple(
        replace(row, parent="")
        for row in plan.activities
        if row.kind not in {Kind.SUMMARY, Kind.LEVEL_OF_EFFORT}
    )
    names = {row.id for row in rows}
    links = tuple(link for link in plan.links if {link.predecessor, link.successor} <= names)
    return replace(plan, activities=rows, links=links)


@st.composite
def risk_plans(draw: Any) -> RiskPlan:
    """A random plan with spreads, a driver, a risk event and a branch."""
    plan = plain(draw(plans(most=12)))
    names = [row.id for row in plan.activities]
    assume(names)
    some = st.lists(st.sampled_from(names), max_size=4, unique=True)
    active = [row.id for row in plan.activities if row.active]
    low, wide = draw(lengths), draw(lengths)
    return RiskPlan(
        plan=plan,
        durations={name: Spread(shape=Shape.UNIFORM, low=low, high=low + wide) for name in draw(some)},
        drivers=(Driver(id="d", loads=dict.fromkeys(draw(some), 0.6)),),
        risks=(
            RiskEvent(id="r", probability=0.4, activities=tuple(draw(some)),
                      impact=Spread(shape=Shape.UNIFORM, low=0, high=900)),
        ),
        branches=(Branch(id="x", ways={"a": 0.5, "b": 0.5}, activities=dict.fromkeys(draw(some), "a")),),
        goals=tuple(active[-1:]), watched=tuple(active[:2]), owners={names[0]: "somebody"},
    )  # fmt: skip


def longer(row: Activity, by: int) -> Activity:
    more: dict[str, Any] = {"minutes": row.minutes + by}
    if row.remaining is not None:
        more["remaining"] = row.remaining + by
    return replace(row, **more)


@st.composite
def changed(draw: Any, risk: RiskPlan) -> RiskPlan:
    """The plan with one change: a duration, a spread, a link, a date, a risk event, a load."""
    plan = risk.plan
    i = draw(st.integers(0, len(plan.activities) - 1))
    row = plan.activities[i]
    what = draw(st.sampled_from(["length", "spread", "link", "no link", "deadline", "risk", "load", "owner"]))
    if what == "length" and row.kind == Kind.TASK:
        rows = (*plan.activities[:i], longer(row, draw(lengths)), *plan.activities[i + 1 :])
        return replace(risk, plan=replace(plan, activities=rows))
    if what == "spread":
        spread = Spread(shape=Shape.EMPIRICAL, values=(60, 500, draw(lengths)))
        return replace(risk, durations={**risk.durations, row.id: spread})
    if what == "deadline":
        at = plan.start + draw(lengths)
        rows = (*plan.activities[:i], replace(row, deadline=at), *plan.activities[i + 1 :])
        return replace(risk, plan=replace(plan, activities=rows))
    if what == "link":
        other = plan.activities[draw(st.integers(0, len(plan.activities) - 1))]
        link = Link(predecessor=row.id, successor=other.id, type=draw(st.sampled_from(sorted(LinkType))))
        return replace(risk, plan=replace(plan, links=(*plan.links, link)))
    if what == "no link":
        return replace(risk, plan=replace(plan, links=plan.links[1:]))
    if what == "risk":
        other_risk = replace(risk.risks[0], id="q", activities=(row.id,), probability=0.7)
        return replace(risk, risks=(*risk.risks, other_risk))
    if what == "load":
        return replace(risk, drivers=(replace(risk.drivers[0], loads={row.id: -0.5}),))
    return replace(risk, owners={row.id: "another"})


@pytest.mark.usefixtures("small")
@settings(
    deadline=None, max_examples=60, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture,
                           HealthCheck.filter_too_much],
)  # fmt: skip
@given(st.data())
def test_any_change_gives_the_bits_of_a_run_from_nothing(data: Any) -> None:
    risk = data.draw(risk_plans())
    other = data.draw(changed(risk))
    try:
        before = simulate.simulate(risk, TRIALS, keep=True)
        wanted = simulate.simulate(other, TRIALS)
    except EngineInputError:
        assume(False)
    assert differences(wanted, simulate.simulate(other, TRIALS, previous=before)) == []


def slower(columns: Columns, rows: slice, by: float = 1.5) -> Columns:
    """The same network with some activities slower."""
    scale = np.ones(len(columns.ids))
    scale[rows] = by
    spreads = columns.spreads
    scaled = replace(spreads, low=spreads.low * scale, mode=spreads.mode * scale, high=spreads.high * scale)
    return replace(columns, left=(columns.left * scale).astype(np.int64), spreads=scaled)


@pytest.mark.parametrize(("calendars", "trials"), [(False, TALLIED * LANES + 70), (True, 700)])
def test_a_change_in_one_project_passes_through_little(
    calendars: bool, trials: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = portfolio(60, 50, calendars=calendars, across=1)
    some = Settings(trials=trials, threads=2)
    before = simulate.simulate(columns, some, keep=True)
    after = slower(columns, slice(1530, 1531))
    wanted = simulate.simulate(after, some)
    passed: list[float] = []
    part = again.part_prepared

    def seen(whole: Any, inside: Any, *rest: Any) -> Any:
        passed.append(float(inside.mean()))
        return part(whole, inside, *rest)

    monkeypatch.setattr(again, "part_prepared", seen)
    monkeypatch.setattr(simulate, "_whole", None)  # a run from nothing would fail
    found = simulate.simulate(after, some, previous=before)
    assert differences(wanted, found) == []
    assert 0 < max(passed) < 0.2
    assert before.again.bytes > 0
    assert found.again is None
    same = simulate.simulate(replace(columns, owner_names=["x"] * 20), some, previous=before)
    assert np.array_equal(same.finish, before.finish)


def test_what_moves_the_end_of_the_plan_is_run_from_nothing() -> None:
    columns = portfolio(20, 50)
    some = Settings(trials=130, threads=1)
    before = simulate.simulate(columns, some, keep=True)
    after = slower(columns, slice(0, 1000), 2.0)
    wanted = simulate.simulate(after, some)
    assert differences(wanted, simulate.simulate(after, some, previous=before)) == []
    assert simulate.simulate(columns, some, previous=before) is before
