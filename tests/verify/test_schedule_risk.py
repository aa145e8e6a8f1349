"""Trials of a plan against a second simulation that shares no code: random networks with all in them."""

from __future__ import annotations

import random
from dataclasses import replace
from math import ceil, log2, sqrt

import numpy as np
import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Plan
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import (
    SHARES,
    Branch,
    Driver,
    RiskEvent,
    RiskPlan,
    Sampling,
    Settings,
    Shape,
    Spread,
)
from torap.engines.schedule.worktime import ALWAYS, STANDARD_WEEK, CalendarSpec
from verify.risk_by_hand import outcome

START = 29460000  # 2026-01-05 08:00
DAY = 480
OURS, THEIRS = 6_000, 24_000
SIGMAS = 5.0  # of some hundred comparisons of a network
CALENDARS = {
    "std": CalendarSpec(id="std", week=STANDARD_WEEK, exceptions=dict.fromkeys(range(20_470, 20_478), ())),
    "six": CalendarSpec(id="six", week=(((420, 1140),),) * 6 + ((),)),
    ALWAYS.id: ALWAYS,
}


def random_spread(rng: random.Random, minutes: int) -> Spread:
    low, mode, high = (round(minutes * share) for share in (0.6, rng.uniform(0.7, 1.4), 2.0))
    shape = rng.choice(list(Shape))
    if shape == Shape.LOGNORMAL:
        return Spread(shape=shape, median=minutes, spread=rng.uniform(0.1, 0.6))
    if shape == Shape.EMPIRICAL:
        return Spread(shape=shape, values=tuple(rng.randint(low, high) for _ in range(rng.randint(1, 9))))
    return Spread(shape=shape, low=low, mode=0 if shape == Shape.UNIFORM else mode, high=high)


def random_risk(seed: int) -> RiskPlan:
    """Twenty activities with all link types, lags, calendars, constraints, drivers, risks and a branch."""
    rng = random.Random(seed)
    rows, links, durations = [], [], {}
    for i in range(20):
        key = f"a{i}"
        kind = Kind.FINISH_MILESTONE if i and rng.random() < 0.1 else Kind.TASK
        minutes = 0 if kind != Kind.TASK else rng.choice([1, 2, 3, 5, 8]) * DAY + rng.choice([0, 0, 90])
        calendar = rng.choice(["", "", "six", ALWAYS.id])
        held = {}
        if rng.random() < 0.15:
            kinds = [Constraint.START_NOT_BEFORE, Constraint.FINISH_NOT_BEFORE]
            held = {"constraint": rng.choice(kinds), "constraint_at": START + rng.randint(1, 30) * 1440}
        rows.append(Activity(id=key, kind=kind, minutes=minutes, calendar=calendar, **held))
        if minutes and rng.random() < 0.8:
            durations[key] = random_spread(rng, minutes)
        for before in rng.sample(range(i), min(i, rng.choice([0, 1, 1, 2, 3]))):
            unit = rng.choice([LagUnit.WORK, LagUnit.WORK, LagUnit.ELAPSED, LagUnit.PERCENT])
            lag = rng.choice([0, 0, 0, 240, DAY, 3 * DAY, -DAY]) if unit != LagUnit.PERCENT else 2500
            links.append(
                Link(
                    predecessor=f"a{before}",
                    successor=key,
                    type=rng.choice([LinkType.FS, LinkType.FS, *LinkType]),
                    lag=lag,
                    unit=unit,
                )
            )
    plan = Plan(start=START, activities=tuple(rows), links=tuple(links), calendars=CALENDARS, calendar="std")
    found = schedule(plan)
    goals = sorted(found.rows, key=lambda key: found.rows[key].finish)[-3:]
    rows = [
        replace(row, deadline=found.rows[row.id].finish + rng.randint(-2, 6) * 1440)
        if row.id in goals
        else row
        for row in rows
    ]
    some = [f"a{i}" for i in rng.sample(range(20), 10)]
    return RiskPlan(
        plan=replace(plan, activities=tuple(rows)),
        durations=durations,
        drivers=(
            Driver(id="winter", loads=dict.fromkeys(some[:7], 0.7)),
            Driver(id="body", loads=dict.fromkeys(some[4:], -0.5)),
        ),
        risks=(
            RiskEvent(
                id="flood",
                probability=0.35,
                activities=tuple(some[:3]),
                impact=Spread(shape=Shape.TRIANGULAR, low=DAY, mode=2 * DAY, high=6 * DAY),
            ),
            RiskEvent(
                id="price",
                probability=0.6,
                activities=tuple(some[2:6]),
                impact=Spread(shape=Shape.UNIFORM, low=500, high=4000),
                relative=True,
            ),
        ),
        branches=(
            Branch(id="route", ways={"land": 0.7, "sea": 0.3}, activities={some[8]: "land", some[9]: "sea"}),
        ),
        goals=tuple(goals),
    )


def near(ours: float, theirs: float) -> bool:
    """Two shares of independent trials are the same but for chance."""
    middle = (ours * OURS + theirs * THEIRS) / (OURS + THEIRS)
    error = sqrt(max(middle * (1 - middle), 1 / OURS) * (1 / OURS + 1 / THEIRS))
    return abs(ours - theirs) <= SIGMAS * error


def width(dates: np.ndarray) -> int:
    """The bin of the histogram that percentiles of what is no goal are read from: a power of two minutes."""
    bins = float(dates.max() - dates.min()) * 9 / 8 / 1024
    return 1 << max(ceil(log2(bins)), 0) if bins > 0 else 0


def stands(at: float, share: float, dates: np.ndarray, wide: int) -> bool:
    """`at` is the percentile of the other program's dates, but for chance and the width of a bin.

    Where many trials end on one minute, the percentile lies anywhere between the shares before and upto it.
    """
    below, upto = float((dates < at - wide).mean()), float((dates <= at + wide).mean())
    return below <= share <= upto or near(share, below) or near(share, upto)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("sampling", [Sampling.PLAIN, Sampling.LATIN])
def test_percentiles_criticality_and_deadlines_agree_with_a_second_simulation(
    seed: int, sampling: Sampling
) -> None:
    risk = random_risk(seed)
    ours = simulate(risk, Settings(trials=OURS, seed=seed + 1, sampling=sampling))
    theirs = outcome(risk, THEIRS, seed + 1000)
    forked = {key for branch in risk.branches for key in branch.activities}
    for i, key in enumerate(ours.ids):
        assert near(float(ours.critical[i]), theirs.critical[key].mean()), (key, "critical")
        if key in forked:
            continue  # where it is not taken it has no date that means anything
        for name, table in (("start", ours.start), ("finish", ours.finish)):
            found = getattr(theirs, name)[key]
            bin_width = 0 if key in risk.goals and name == "finish" else width(found)
            for share in (10, 50, 80):
                at = int(table[i, SHARES.index(share)])
                assert stands(at, share / 100, found, bin_width), (key, name, share)
        mean, spread = theirs.finish[key].mean(), theirs.finish[key].std()
        error = spread * sqrt(1 / OURS + 1 / THEIRS)
        assert abs(float(ours.mean_finish[i]) - mean) <= SIGMAS * error + 1, (key, "mean")
        # The error of a deviation, for tails up to a kurtosis of ten.
        assert abs(float(ours.sd_finish[i]) - spread) <= SIGMAS * 1.5 * error + 1, (key, "sd")
    for row in risk.plan.activities:
        if row.deadline is not None and row.id not in forked:
            assert near(ours.meets[row.id], (theirs.finish[row.id] <= row.deadline).mean()), row.id
    assert ours.plan_finish is not None
    for share in (10, 50, 80):
        at = np.quantile(ours.plan_finish.finishes, share / 100, method="inverted_cdf")
        assert stands(float(at), share / 100, theirs.plan, 0), share


@pytest.mark.parametrize("seed", range(8))
def test_without_uncertainty_every_trial_is_the_deterministic_pass(seed: int) -> None:
    plan = random_risk(seed).plan
    found = schedule(plan)
    ours = simulate(RiskPlan(plan=plan), Settings(trials=70))
    assert ours.plan_finish is not None
    assert set(ours.plan_finish.finishes.tolist()) == {found.finish}
    for i, key in enumerate(ours.ids):
        row = found.rows[key]
        assert set(ours.start[i].tolist()) == {row.start}, key
        assert set(ours.finish[i].tolist()) == {row.finish}, key
        assert (float(ours.critical[i]), float(ours.sd_finish[i])) == (float(row.critical), 0.0), key


@pytest.mark.parametrize("seed", range(4))
def test_the_second_simulation_agrees_with_the_deterministic_pass(seed: int) -> None:
    """What judges is judged: without uncertainty it too gives the dates of the pass."""
    plan = random_risk(seed).plan
    found = schedule(plan)
    theirs = outcome(RiskPlan(plan=plan), 2, seed)
    for key, row in found.rows.items():
        assert (theirs.start[key][0], theirs.finish[key][0]) == (row.start, row.finish), key
        assert bool(theirs.critical[key][0]) == row.critical, key
