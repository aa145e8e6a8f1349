"""Invented portfolios for benchmarks: as many projects and activities as asked, linked within and between
projects.

The measured portfolio W1 is `portfolio(1000, 50)`: 100,000 links, of which four in five are
finish-to-start, one in
ten start-to-start, eight in a hundred finish-to-finish and two start-to-finish, a quarter with lags of -2
to +10 days,
6,000 between projects; 40 drivers, 3,000 risk events. All of it follows from the seed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from torap.engines.schedule.columns import (
    CONSTRAINTS,
    KINDS,
    LINK_TYPES,
    NONE,
    SHAPES,
    UNITS,
    Columns,
    Spreads,
    no_spreads,
)
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Plan
from torap.engines.schedule.uncertain import Driver, RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, DAY, STANDARD_WEEK, CalendarSpec

START = 29_455_680 - 29_455_680 % DAY  # early in 2026
DAYS = 480
WINTER = tuple(range(START // DAY + 300, START // DAY + 390)) + tuple(
    range(START // DAY + 665, START // DAY + 755)
)
CALENDARS = (
    CalendarSpec(id="std"),
    CalendarSpec(id="six", week=(*(STANDARD_WEEK[:1] * 6), ())),
    CalendarSpec(id="two shifts", week=(*((((360, 1320),),) * 6), ())),
    CalendarSpec(id="no winter", exceptions={day: () for day in WINTER}),
)


def portfolio(
    projects: int = 1000,
    activities: int = 50,
    seed: int = 1,
    *,
    calendars: bool = False,
    links: int = 100,
    across: int = 6,
    drivers: int = 40,
    risks: int = 3,
    shapes: tuple[Shape, ...] = (Shape.TRIANGULAR, Shape.PERT, Shape.UNIFORM, Shape.LOGNORMAL),
) -> Columns:
    """A portfolio as columns. `links`, `across`, `risks`: per project; `calendars`: one of four per
    activity, else all
    work by the clock.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    count = projects * activities
    ids = [f"p{p}-a{a}" for p in range(projects) for a in range(activities)]
    before, after = _ends(rng, projects, activities, links - across, across)
    types = rng.choice(
        [LinkType.FS, LinkType.SS, LinkType.FF, LinkType.SF], len(before), p=[0.8, 0.1, 0.08, 0.02]
    )
    lag = np.where(rng.random(len(before)) < 0.25, rng.integers(-2, 11, len(before)), 0) * DAYS
    mode = rng.integers(2, 40, count) * DAYS
    own = np.sqrt(rng.uniform(0.1, 0.5, (count, 2)) / 1.0)
    goals = np.arange(activities - 1, count, activities)[:: max(1, projects // 10)][:10]
    return Columns(
        ids=ids,
        kind=np.full(count, KINDS.index(Kind.TASK), np.int8),
        calendar=(rng.integers(0, 4, count) if calendars else np.zeros(count)).astype(np.int32),
        left=mode, extra=np.zeros(count, np.int64), milestone=np.zeros(count, np.bool_),
        active=np.ones(count, np.bool_), parent=np.full(count, -1, np.int32),
        constraint=np.full((count, 2), CONSTRAINTS.index(Constraint.ASAP), np.int8),
        constraint_at=np.full((count, 2), NONE), deadline=np.full(count, NONE),
        actual_start=np.full(count, NONE), actual_finish=np.full(count, NONE), resumed_at=np.full(count,
        NONE),
        predecessor=before.astype(np.int32), successor=after.astype(np.int32),
        link_type=np.array([LINK_TYPES.index(LinkType(kind)) for kind in types], np.int8),
        lag=lag, lag_unit=np.full(len(before), UNITS.index(LagUnit.WORK), np.int8),
        calendars=CALENDARS if calendars else (ALWAYS,), plan_calendar=0, start=START,
        spreads=_spreads(rng, mode, shapes),
        driver_ids=[f"d{d}" for d in range(drivers)], driver_kinds=["body"] * drivers,
        load_driver=rng.integers(0, max(drivers, 1), count if drivers else 0).astype(np.int32),
        load_activity=np.arange(count if drivers else 0, dtype=np.int32),
        load=own[: count if drivers else 0, 0],
        goals=goals.astype(np.int32),
        owner_names=[f"o{o}" for o in range(20)], owner=rng.integers(0, 20, count).astype(np.int32),
        **_risks(rng, projects * risks, count),
    )  # fmt: skip


def _ends(
    rng: np.random.Generator, projects: int, activities: int, inside: int, across: int
) -> tuple[np.ndarray, np.ndarray]:
    """Links from earlier to later activities: a chain of each project, others inside it, others between
    projects."""
    first = np.repeat(np.arange(projects) * activities, inside)
    later = np.tile(np.arange(inside), projects)
    step = np.where(later < activities - 1, 1, rng.integers(1, 12, len(later)))
    after = np.where(later < activities - 1, later + 1, rng.integers(1, activities, len(later)))
    before = np.maximum(after - step, 0)
    a, b = rng.integers(0, projects, (2, projects * across if projects > 1 else 0))
    a, b = np.minimum(a, b), np.maximum(a, b)
    b = np.where(a == b, np.minimum(b + 1, projects - 1), b)
    keep = a < b
    ends = rng.integers(0, activities, (2, len(a)))
    return (
        np.concatenate([first + before, (a * activities + ends[0])[keep]]),
        np.concatenate([first + after, (b * activities + ends[1])[keep]]),
    )


def _spreads(rng: np.random.Generator, mode: np.ndarray, shapes: tuple[Shape, ...]) -> Spreads:
    count = len(mode)
    chosen = np.array([SHAPES.index(shape) for shape in shapes], np.int8)[rng.integers(0, len(shapes), count)]
    low, high = mode * rng.uniform(0.6, 0.95, count), mode * rng.uniform(1.1, 2.2, count)
    return replace(
        no_spreads(count), shape=chosen, low=np.floor(low), mode=mode.astype(np.float64),
        high=np.floor(high), sigma=rng.uniform(0.1, 0.5, count),
    )  # fmt: skip


def _risks(rng: np.random.Generator, risks: int, count: int) -> dict[str, Any]:
    """Risk events that hit three activities each."""
    low = rng.integers(1, 10, risks) * DAYS
    impacts = replace(
        no_spreads(risks), shape=np.full(risks, SHAPES.index(Shape.TRIANGULAR), np.int8),
        low=low.astype(np.float64), mode=low * 2.0, high=low * 5.0,
    )  # fmt: skip
    hit = np.unique(
        np.stack([np.repeat(np.arange(risks), 3), rng.integers(0, count, risks * 3)], axis=1), axis=0
    )
    return {
        "risk_ids": [f"r{r}" for r in range(risks)], "risk_owner": [""] * risks,
        "probability": rng.uniform(0.02, 0.4, risks), "relative": np.zeros(risks, np.bool_),
        "impacts": impacts,
        "risk_of": hit[:, 0].astype(np.int32), "risk_activity": hit[:, 1].astype(np.int32),
    }  # fmt: skip


def as_plan(columns: Columns) -> RiskPlan:
    """The same portfolio as objects (without owners and deadlines left out)."""
    rows = tuple(
        Activity(id=name, minutes=int(columns.left[i]), calendar=columns.calendars[columns.calendar[i]].id)
        for i, name in enumerate(columns.ids)
    )
    links = tuple(
        Link(predecessor=columns.ids[a], successor=columns.ids[b], type=LINK_TYPES[kind], lag=lag)
        for a, b, kind, lag in zip(
            columns.predecessor.tolist(), columns.successor.tolist(), columns.link_type.tolist(),
            columns.lag.tolist(), strict=True,
        )
    )  # fmt: skip
    loads: list[dict[str, float]] = [{} for _ in columns.driver_ids]
    for d, i, load in zip(
        columns.load_driver.tolist(), columns.load_activity.tolist(), columns.load.tolist(), strict=True
    ):
        loads[d][columns.ids[i]] = load
    hits: list[list[str]] = [[] for _ in columns.risk_ids]
    for r, i in zip(columns.risk_of.tolist(), columns.risk_activity.tolist(), strict=True):
        hits[r].append(columns.ids[i])
    impacts = columns.impacts or no_spreads(0)
    owner = columns.owner if columns.owner is not None else np.full(len(columns.ids), -1)
    return RiskPlan(
        plan=Plan(
            start=columns.start, activities=rows, links=links, calendar=columns.calendars[0].id,
            calendars={spec.id: spec for spec in columns.calendars},
        ),
        durations={name: _spread(columns.spreads, i) for i, name in enumerate(columns.ids)},
        drivers=tuple(Driver(id=name, loads=loads[d]) for d, name in enumerate(columns.driver_ids)),
        risks=tuple(
            RiskEvent(
                id=name, probability=float(columns.probability[r]), activities=tuple(hits[r]),
                impact=_spread(impacts, r)
            )
            for r, name in enumerate(columns.risk_ids)
        ),
        goals=tuple(columns.ids[i] for i in columns.goals.tolist()),
        owners={name: columns.owner_names[owner[i]] for i, name in enumerate(columns.ids) if owner[i] >= 0},
    )  # fmt: skip


def _spread(spreads: Spreads, i: int) -> Spread:
    shape = SHAPES[spreads.shape[i]]
    low, mode, high = int(spreads.low[i]), int(spreads.mode[i]), int(spreads.high[i])
    if shape == Shape.LOGNORMAL:
        return Spread(shape=shape, median=mode, spread=float(spreads.sigma[i]))
    return Spread(shape=shape, low=low, mode=mode, high=high)


__all__ = ["as_plan", "portfolio"]
