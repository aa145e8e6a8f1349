"""What is drawn for which node, before a number is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from torap.engines.schedule.chance import chance_of, random_rows
from torap.engines.schedule.columns import columns_of
from torap.engines.schedule.uncertain import (
    Branch,
    Driver,
    RiskEvent,
    RiskPlan,
    Sampling,
    Settings,
    Shape,
    Spread,
)
from unit.engines.schedule.cases import DAY, at, plan, task

MONDAY = at("2026-01-05 08:00")
HIT = Spread(shape=Shape.UNIFORM, low=0, high=DAY)
ROWS = (
    task("A", 2), task("B", 3), task("C", 4, actual_start=MONDAY, actual_finish=MONDAY + DAY), task("D", 5),
)  # fmt: skip
RISK = RiskPlan(
    plan=plan(*ROWS),
    durations={
        "B": Spread(shape=Shape.UNIFORM, low=DAY, high=2 * DAY),
        "D": Spread(shape=Shape.TRIANGULAR, low=DAY, mode=2 * DAY, high=9 * DAY),
        "C": Spread(shape=Shape.UNIFORM, low=DAY, high=2 * DAY),
    },
    drivers=(Driver(id="d", loads={"B": 0.6}), Driver(id="e", loads={"B": 0.3, "D": 0.8})),
    risks=(RiskEvent(id="r", probability=0.25, activities=("A", "C"), impact=HIT),),
    branches=(Branch(id="f", ways={"x": 0.25, "y": 0.75}, activities={"A": "x"}),),
)


def chance(sampling: Sampling = Sampling.PLAIN):
    columns = columns_of(RISK)
    return chance_of(columns, np.array([-1, 0, 1, 2, 3]), Settings(sampling=sampling))


def test_what_is_fixed_lasts_what_is_left_and_what_is_done_lasts_nothing() -> None:
    assert chance().causes.base.tolist() == [0, 2 * DAY, 3 * DAY, 0, 5 * DAY]


def test_what_differs_between_trials() -> None:
    assert random_rows(chance()).tolist() == [False, True, True, False, True]


def test_what_drivers_leave_to_an_activity_itself() -> None:
    causes = chance().causes
    assert np.diff(causes.load_from).tolist() == [0, 0, 2, 0, 1]
    assert causes.load_driver.tolist() == [0, 1, 1]
    assert causes.load == pytest.approx([0.6, 0.3, 0.8])
    assert causes.own[[1, 2, 4]] == pytest.approx([1.0, np.sqrt(1 - 0.36 - 0.09), 0.6])


def test_risks_hit_what_is_not_done() -> None:
    causes = chance().causes
    assert np.diff(causes.hit_from).tolist() == [0, 1, 0, 0, 0]
    assert causes.hit.tolist() == [0]
    assert causes.threshold.tolist() == [1 << 30]


def test_ways_are_shares_of_all_words() -> None:
    causes = chance().causes
    assert causes.way_from.tolist() == [0, 2]
    assert causes.way_below.tolist() == [1 << 30, 1 << 32]


def test_sobol_gives_its_first_dimensions_to_drivers_forks_risks_and_the_widest_spreads() -> None:
    causes = chance(Sampling.SOBOL).causes
    assert (causes.driver_dimension.tolist(), causes.fork_dimension.tolist()) == ([0, 1], [2])
    assert causes.risk_dimension.tolist() == [3]
    assert causes.dimension.tolist() == [-1, -1, 5, -1, 4]
    assert (chance().causes.dimension == -1).all()
