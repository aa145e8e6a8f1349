"""What a simulation refuses, with the row at fault."""

from __future__ import annotations

from typing import Any

import pytest

from torap.engines.errors import EngineInputError
from torap.engines.schedule.plan import Activity, Kind, Part
from torap.engines.schedule.risk_check import check, check_settings, check_spread
from torap.engines.schedule.uncertain import Branch, Driver, RiskEvent, RiskPlan, Settings, Shape, Spread
from unit.engines.schedule.cases import plan, task

ROWS = (task("A"), task("B"), Activity(id="L", kind=Kind.LEVEL_OF_EFFORT))
DAY = Spread(shape=Shape.UNIFORM, low=0, high=480)


def uniform(low: int, high: int) -> Spread:
    return Spread(shape=Shape.UNIFORM, low=low, high=high)


def risk(**more: Any) -> RiskEvent:
    return RiskEvent(**{"id": "r", "probability": 0.5, "activities": ("A",), "impact": DAY, **more})


def refusal(**more: Any) -> tuple[str, str]:
    with pytest.raises(EngineInputError) as refused:
        check(RiskPlan(plan=plan(*ROWS), **more), Settings())
    return refused.value.code, refused.value.where


def test_a_sound_plan_passes() -> None:
    branch = Branch(id="f", ways={"x": 0.5, "y": 0.5}, activities={"A": "x"})
    driver = Driver(id="d", loads={"A": 0.6})
    shorter = risk(id="s", impact=uniform(-10_000, 0), relative=True)
    check(
        RiskPlan(
            plan=plan(*ROWS), durations={"A": DAY}, drivers=(driver,), risks=(risk(), shorter),
            branches=(branch,), goals=("B",), owners={"A": "us"},
        ),
        Settings(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "where"),
    [
        ({"durations": {"Z": DAY}}, "activity_unknown", "durations"),
        ({"durations": {"L": DAY}}, "spread_needs_a_task", "L"),
        ({"durations": {"A": uniform(-1, 5)}}, "duration_negative", "A"),
        ({"drivers": (Driver(id="d"), Driver(id="d"))}, "driver_twice", "d"),
        ({"drivers": (Driver(id="d", loads={"A": 1.5}),)}, "load_out_of_range", "driver d"),
        ({"drivers": tuple(Driver(id=name, loads={"A": 0.8}) for name in "de")}, "loads_above_one", "A"),
        ({"risks": (risk(), risk())}, "risk_twice", "r"),
        ({"risks": (risk(probability=float("nan")),)}, "probability_out_of_range", "risk r"),
        ({"risks": (risk(activities=("A", "A")),)}, "activity_twice", "risk r"),
        ({"risks": (risk(impact=uniform(-10_001, 0), relative=True),)}, "impact_below_all", "risk r"),
        (
            {"risks": (risk(impact=Spread(shape=Shape.EMPIRICAL, values=(-2_000_000, 0)), relative=True),)},
            "impact_below_all",
            "risk r",
        ),
        (
            {"risks": tuple(risk(id=name, impact=uniform(-(1 << 27) - 1, 0)) for name in "rs")},
            "time_out_of_range",
            "risk s",
        ),
        ({"branches": (Branch(id="f", ways={"x": 0.4}),)}, "ways_not_one", "branch f"),
        ({"branches": (Branch(id="f", ways={"x": 1.0}, activities={"A": "y"}),)}, "way_unknown", "branch f"),
        ({"goals": ("Z",)}, "activity_unknown", "goals"),
        ({"owners": {"Z": "us"}}, "activity_unknown", "owners"),
    ],
)  # fmt: skip
def test_what_is_refused(more: dict[str, Any], code: str, where: str) -> None:
    assert refusal(**more) == (code, where)


@pytest.mark.parametrize(
    ("spread", "code"),
    [
        (Spread(shape=Shape.EMPIRICAL), "spread_without_values"),
        (Spread(shape=Shape.LOGNORMAL, median=5, spread=5.0), "lognormal_out_of_range"),
        (uniform(2, 1), "spread_out_of_order"),
        (Spread(shape=Shape.PERT, low=1, mode=9, high=5), "spread_out_of_order"),
        (uniform(0, (1 << 28) + 1), "time_out_of_range"),
    ],
)
def test_spreads_that_are_none(spread: Spread, code: str) -> None:
    with pytest.raises(EngineInputError) as refused:
        check_spread(spread, "A")
    assert (refused.value.code, refused.value.where) == (code, "A")


def test_parts_in_another_calendar_are_refused() -> None:
    part = Part(calendar="six", minutes=480)
    with pytest.raises(EngineInputError, match="parts_in_other_calendars at A"):
        check(RiskPlan(plan=plan(task("A", parts=(part,)))), Settings())


@pytest.mark.parametrize(
    ("more", "code"), [({"trials": 0}, "trials_out_of_range"), ({"threads": -1}, "threads_negative")]
)
def test_settings_that_mean_nothing(more: dict[str, int], code: str) -> None:
    with pytest.raises(EngineInputError, match=code):
        check_settings(Settings(**more))  # type: ignore[arg-type]
