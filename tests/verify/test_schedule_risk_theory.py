"""Trials of a plan against closed forms: sums, maxima, moments, correlation, events, forks, sampling."""

from __future__ import annotations

from math import asin, comb, erf, exp, factorial, floor, pi, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.simulate import simulate
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
from torap.engines.schedule.worktime import ALWAYS

TRIALS = 40_000
UNIT = 1 << 20  # minutes that stand for one: rounding to minutes is nothing beside it
SIGMAS = 4.5
UNIFORM = Spread(shape=Shape.UNIFORM, low=0, high=UNIT)


def plan(names: list[str], links: list[tuple[str, str]], **minutes: int) -> Plan:
    """Activities by the clock from the epoch on."""
    return Plan(
        start=0,
        activities=tuple(Activity(id=name, minutes=minutes.get(name, UNIT)) for name in names),
        links=tuple(Link(predecessor=before, successor=later) for before, later in links),
        calendars={ALWAYS.id: ALWAYS},
        calendar=ALWAYS.id,
        minutes_per_day=1440,
    )


def chain(count: int) -> Plan:
    names = [f"a{i}" for i in range(count)]
    return plan(names, list(zip(names, names[1:], strict=False)))


def finishes(risk: RiskPlan, trials: int = TRIALS, **more: Any) -> np.ndarray:
    """The finish of the plan in every trial, in units: (trials,)."""
    found = simulate(risk, Settings(trials=trials, **more)).plan_finish
    assert found is not None
    return found.finishes.astype(np.float64) / UNIT


def check_mean(values: np.ndarray, mean: float, variance: float) -> None:
    """The mean and the variance are those of theory but for chance."""
    assert abs(values.mean() - mean) < SIGMAS * sqrt(variance / len(values)) + 2 / UNIT
    fourth = ((values - values.mean()) ** 4).mean()
    assert abs(values.var() - variance) < SIGMAS * sqrt((fourth - variance**2) / len(values)) + 4 / UNIT


def check_share(values: np.ndarray, at: float, share: float) -> None:
    """So many trials end by then, but for chance."""
    assert abs((values <= at).mean() - share) < SIGMAS * sqrt(max(share * (1 - share), 1e-6) / len(values))


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_a_sum_of_uniforms_is_irwin_hall(count: int) -> None:
    network = chain(count)
    values = finishes(
        RiskPlan(plan=network, durations={row.id: UNIFORM for row in network.activities}), seed=count
    )
    check_mean(values, count / 2, count / 12)
    for at in np.linspace(count * 0.25, count * 0.8, 7):
        share = sum((-1) ** k * comb(count, k) * (at - k) ** count for k in range(floor(at) + 1))
        check_share(values, at, share / factorial(count))


@pytest.mark.parametrize("paths", [2, 5, 20])
def test_merge_bias_of_equal_paths(paths: int) -> None:
    """The largest of k uniforms has mean k / (k + 1), and each path is critical in one of k trials."""
    names = [f"a{i}" for i in range(paths)]
    network = plan([*names, "end"], [(name, "end") for name in names], end=0)
    risk = RiskPlan(plan=network, durations=dict.fromkeys(names, UNIFORM))
    result = simulate(risk, Settings(trials=TRIALS, seed=paths))
    assert result.plan_finish is not None
    values = result.plan_finish.finishes / UNIT
    check_mean(values, paths / (paths + 1), paths / ((paths + 1) ** 2 * (paths + 2)))
    for at in (0.5, 0.8, 0.95):
        check_share(values, at, at**paths)
    for name in names:
        share = float(result.critical[result.ids.index(name)])
        assert abs(share - 1 / paths) < SIGMAS * sqrt(1 / paths / TRIALS)
    assert float(result.critical[result.ids.index("end")]) == 1.0


def test_the_later_of_two_long_paths_is_clark() -> None:
    """Sums of 24 uniforms are as good as normal: the mean of the larger is m + s / sqrt(pi), Clark 1961."""
    count = 24
    names = [f"{side}{i}" for side in "ab" for i in range(count)]
    links = [(f"{side}{i}", f"{side}{i + 1}") for side in "ab" for i in range(count - 1)]
    links += [(f"{side}{count - 1}", "end") for side in "ab"]
    network = plan([*names, "end"], links, end=0)
    values = finishes(RiskPlan(plan=network, durations=dict.fromkeys(names, UNIFORM)))
    deviation = sqrt(count / 12)
    check_mean(values, count / 2 + deviation / sqrt(pi), deviation**2 * (1 - 1 / pi))
    middle = count / 2 + 0.5 * deviation
    check_share(values, middle, ((1 + erf(0.5 / sqrt(2))) / 2) ** 2)


MOMENTS = [
    (Spread(shape=Shape.TRIANGULAR, low=UNIT, mode=2 * UNIT, high=6 * UNIT), 3, 21 / 18),
    (Spread(shape=Shape.TRIANGULAR, low=UNIT, mode=UNIT, high=4 * UNIT), 2, 9 / 18),
    (Spread(shape=Shape.PERT, low=UNIT, mode=2 * UNIT, high=6 * UNIT), 15 / 6, (1.5 * 3.5) / 7),
    (Spread(shape=Shape.PERT, low=0, mode=0, high=6 * UNIT), 1, 5 / 7),
    (Spread(shape=Shape.PERT, low=0, mode=3 * UNIT, high=6 * UNIT), 3, 9 / 7),
    (
        Spread(shape=Shape.LOGNORMAL, median=UNIT, spread=0.5),
        exp(0.125),
        (exp(0.25) - 1) * exp(0.25),
    ),
    (Spread(shape=Shape.LOGNORMAL, median=3 * UNIT, spread=0.0), 3, 0),
    (Spread(shape=Shape.EMPIRICAL, values=(UNIT, 2 * UNIT, 2 * UNIT, 7 * UNIT)), 3, 5.5),
]


@pytest.mark.parametrize(("spread", "mean", "variance"), MOMENTS)
@pytest.mark.parametrize("sampling", list(Sampling))
def test_moments_of_each_family(spread: Spread, mean: float, variance: float, sampling: Sampling) -> None:
    risk = RiskPlan(plan=chain(1), durations={"a0": spread})
    check_mean(finishes(risk, sampling=sampling), mean, variance)


def test_quantiles_of_each_family() -> None:
    """Shares below a point, by the distribution itself."""
    triangular = RiskPlan(plan=chain(1), durations={"a0": MOMENTS[0][0]})
    values = finishes(triangular)
    check_share(values, 2, 1 / 5)
    check_share(values, 4, 1 - 4 / 20)
    lognormal = finishes(RiskPlan(plan=chain(1), durations={"a0": MOMENTS[5][0]}))
    for z in (-1.2816, 0.0, 0.8416, 2.3263):
        check_share(lognormal, exp(0.5 * z), (1 + erf(z / sqrt(2))) / 2)
    pert = finishes(RiskPlan(plan=chain(1), durations={"a0": MOMENTS[4][0]}))
    check_share(pert, 3, 0.5)
    # Beta(3, 3): x^3 (10 - 15 x + 6 x^2)
    check_share(pert, 1.8, 0.3**3 * (10 - 15 * 0.3 + 6 * 0.09))


@pytest.mark.parametrize(("one", "other"), [(0.9, 0.9), (0.7, 0.7), (0.5, 0.8), (0.9, -0.6), (0.0, 0.9)])
@pytest.mark.parametrize("sampling", list(Sampling))
def test_rank_correlation_of_what_shares_a_driver(one: float, other: float, sampling: Sampling) -> None:
    """Normal factors of correlation r give ranks of correlation 6 / pi asin(r / 2), whatever the families."""
    risk = RiskPlan(
        plan=plan(["a", "b"], []),
        durations={"a": MOMENTS[0][0], "b": MOMENTS[5][0]},
        drivers=(Driver(id="d", loads={"a": one, "b": other}),),
        goals=("a", "b"),
    )
    found = simulate(risk, Settings(trials=TRIALS, sampling=sampling)).goals
    ranks = spearmanr(found["a"].finishes, found["b"].finishes).statistic
    assert abs(ranks - 6 / pi * asin(one * other / 2)) < SIGMAS / sqrt(TRIALS)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_risk_adds_its_impact_as_often_as_it_happens(share: float) -> None:
    """Mean p m, variance p (v + m^2) - p^2 m^2; one draw hits both activities."""
    impact = Spread(shape=Shape.UNIFORM, low=UNIT, high=3 * UNIT)
    risk = RiskPlan(
        plan=chain(2),
        risks=(RiskEvent(id="r", probability=share, activities=("a0", "a1"), impact=impact),),
    )
    values = finishes(risk) - 2
    check_share(values, 0.5, 1 - share)
    mean, variance = 2 * 2, 4 * 4 / 12
    check_mean(values, share * mean, share * (variance + mean**2) - share**2 * mean**2)


def test_a_relative_impact_is_a_share_of_each_duration() -> None:
    risk = RiskPlan(
        plan=chain(2),
        durations={"a0": UNIFORM},
        risks=(
            RiskEvent(
                id="r",
                probability=0.25,
                activities=("a0", "a1"),
                impact=Spread(shape=Shape.EMPIRICAL, values=(5000,)),
                relative=True,
            ),
        ),
    )
    # (U + 1) (1 + B / 2) with B one in a quarter of the trials
    first, second = 1.5, 1.5**2 + 1 / 12
    grown, squared = 0.75 + 0.25 * 1.5, 0.75 + 0.25 * 2.25
    check_mean(finishes(risk), first * grown, second * squared - (first * grown) ** 2)


def test_a_fork_mixes_its_ways() -> None:
    """Mean and shares of a mixture; the way not taken lasts no time and binds nothing."""
    network = plan(
        ["start", "land", "sea", "end"],
        [("start", "land"), ("start", "sea"), ("land", "end"), ("sea", "end")],
        start=0,
        end=0,
    )
    risk = RiskPlan(
        plan=network,
        durations={"land": UNIFORM, "sea": Spread(shape=Shape.UNIFORM, low=2 * UNIT, high=4 * UNIT)},
        branches=(Branch(id="f", ways={"land": 0.7, "sea": 0.3}, activities={"land": "land", "sea": "sea"}),),
    )
    values = finishes(risk)
    mean = 0.7 * 0.5 + 0.3 * 3
    check_mean(values, mean, 0.7 / 3 + 0.3 * (9 + 1 / 3) - mean**2)
    check_share(values, 1.5, 0.7)
    check_share(values, 0.5, 0.35)
    check_share(values, 3, 0.85)


def test_a_way_not_taken_does_not_hold_up_the_plan() -> None:
    """Neither what it waits for nor how long it waits counts where it is not taken."""
    network = plan(["a", "x"], [])
    late = (Link(predecessor="a", successor="x", lag=3 * UNIT),)
    network = Plan(
        start=0, activities=network.activities, links=late, calendars=network.calendars, calendar=ALWAYS.id
    )
    risk = RiskPlan(
        plan=network, branches=(Branch(id="f", ways={"with": 0.4, "without": 0.6}, activities={"x": "with"}),)
    )
    values = finishes(risk)
    assert set(values.tolist()) == {1.0, 5.0}
    check_share(values, 1.0, 0.6)


def test_chance_of_a_deadline_is_its_share() -> None:
    network = plan(["a"], [])
    deadline = round(0.37 * UNIT)
    rows = (Activity(id="a", minutes=UNIT, deadline=deadline),)
    risk = RiskPlan(
        plan=Plan(start=0, activities=rows, calendars=network.calendars, calendar=ALWAYS.id),
        durations={"a": UNIFORM},
    )
    chance = simulate(risk, Settings(trials=TRIALS)).meets["a"]
    assert abs(chance - 0.37) < SIGMAS * sqrt(0.37 * 0.63 / TRIALS)


@pytest.mark.parametrize(("sampling", "gain"), [(Sampling.LATIN, 2.0), (Sampling.SOBOL, 2.0)])
def test_stratified_trials_need_fewer(sampling: Sampling, gain: float) -> None:
    """The error of mean and P80 over 40 seeds is less than half of that of plain trials."""
    network = chain(6)
    risk = RiskPlan(plan=network, durations={row.id: UNIFORM for row in network.activities})
    exact = np.array([3.0, 3.60700])  # of six uniforms: mean, P80 of Irwin and Hall
    errors = {}
    for way in (Sampling.PLAIN, sampling):
        found = []
        for seed in range(40):
            values = finishes(risk, trials=512, seed=seed, sampling=way)
            found.append([values.mean(), np.quantile(values, 0.8)])
        errors[way] = np.sqrt(((np.array(found) - exact) ** 2).mean(axis=0))
    assert (errors[sampling][0] * gain < errors[Sampling.PLAIN][0]).all()
    assert errors[sampling][1] < errors[Sampling.PLAIN][1]
