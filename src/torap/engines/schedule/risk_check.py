"""What a simulation refuses before it draws a number: codes with the row at fault."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from torap.engines.errors import EngineInputError
from torap.engines.schedule.plan import Activity, Kind, Plan
from torap.engines.schedule.plan import check as check_plan
from torap.engines.schedule.uncertain import Branch, Driver, RiskEvent, RiskPlan, Settings, Shape, Spread
from torap.engines.schedule.worktime import MOST_MINUTES

TOLERANCE = 1e-9
WHOLE = 10_000  # hundredths of a percent
MOST_TRIALS = 1 << 26


def check(risk: RiskPlan, settings: Settings) -> None:
    """Refuse what cannot be simulated; EngineInputError names the activity, driver, risk, branch or
    setting."""
    check_settings(settings)
    check_plan(risk.plan)
    _check_parts(risk.plan)
    rows = {row.id: row for row in risk.plan.activities}
    for name, spread in risk.durations.items():
        _known(rows, name, "durations")
        if rows[name].kind in {Kind.SUMMARY, Kind.LEVEL_OF_EFFORT}:
            raise EngineInputError("spread_needs_a_task", where=name, kind=str(rows[name].kind))
        check_spread(spread, name)
        if _lowest(spread) < 0:
            raise EngineInputError("duration_negative", where=name, minutes=_lowest(spread))
    _check_drivers(risk.drivers, rows)
    check_risks(risk.risks, rows)
    check_branches(risk.branches, rows)
    for where in ("goals", "watched", "owners"):
        for name in getattr(risk, where):
            _known(rows, name, where)


def check_settings(settings: Settings) -> None:
    """Refuse settings that mean nothing."""
    if not 1 <= settings.trials <= MOST_TRIALS:
        raise EngineInputError(
            "trials_out_of_range", where="settings", trials=settings.trials, most=MOST_TRIALS
        )
    if settings.threads < 0:
        raise EngineInputError("threads_negative", where="settings", threads=settings.threads)


def check_spread(spread: Spread, where: str) -> None:
    """Refuse a spread that is none."""
    if spread.shape == Shape.EMPIRICAL:
        if not spread.values:
            raise EngineInputError("spread_without_values", where=where)
    elif spread.shape == Shape.LOGNORMAL:
        if spread.median < 0 or not 0 <= spread.spread < 5:
            raise EngineInputError(
                "lognormal_out_of_range", where=where, median=spread.median, spread=spread.spread
            )
    elif spread.low > spread.high or (
        spread.shape != Shape.UNIFORM and not spread.low <= spread.mode <= spread.high
    ):
        raise EngineInputError(
            "spread_out_of_order", where=where, low=spread.low, mode=spread.mode, high=spread.high
        )
    largest = max(map(abs, (spread.low, spread.mode, spread.high, spread.median, *spread.values)))
    if largest > MOST_MINUTES:
        raise EngineInputError("time_out_of_range", where=where, minutes=largest)


def _check_parts(plan: Plan) -> None:
    """Parts must work in their activity's own time: a draw is not shared out over several calendars."""
    for row in plan.activities:
        if row.actual_finish is not None or not row.active:
            continue
        own = plan.calendars[row.calendar or plan.calendar]
        for part in row.parts:
            other = plan.calendars[part.calendar]
            if (own.week, own.exceptions) != (other.week, other.exceptions):
                raise EngineInputError("parts_in_other_calendars", where=row.id, calendar=part.calendar)


def _lowest(spread: Spread) -> int:
    if spread.shape == Shape.EMPIRICAL:
        return min(spread.values)
    return 0 if spread.shape == Shape.LOGNORMAL else spread.low


def _known(rows: Mapping[str, Activity], name: str, where: str) -> None:
    if name not in rows:
        raise EngineInputError("activity_unknown", where=where, activity=name)


def _check_drivers(drivers: tuple[Driver, ...], rows: Mapping[str, Activity]) -> None:
    squares: dict[str, float] = defaultdict(float)
    seen: set[str] = set()
    for driver in drivers:
        _once(seen, driver.id, "driver_twice")
        for name, load in driver.loads.items():
            _known(rows, name, f"driver {driver.id}")
            if not -1 <= load <= 1:
                raise EngineInputError(
                    "load_out_of_range", where=f"driver {driver.id}", activity=name, load=load
                )
            squares[name] += load * load
            if squares[name] > 1 + TOLERANCE:
                raise EngineInputError("loads_above_one", where=name, squares=squares[name])


def check_risks(risks: tuple[RiskEvent, ...], rows: Mapping[str, Activity]) -> None:
    """Refuse risk events that mean nothing; of `rows` only the ids are asked."""
    seen: set[str] = set()
    shorter: dict[str, int] = defaultdict(int)  # minutes that all risks together may take away
    for risk in risks:
        _once(seen, risk.id, "risk_twice")
        _probability(risk.probability, f"risk {risk.id}")
        check_spread(risk.impact, f"risk {risk.id}")
        if risk.relative and _lowest(risk.impact) < -WHOLE:
            percent = _lowest(risk.impact) / 100
            raise EngineInputError("impact_below_all", where=f"risk {risk.id}", percent=f"{percent:g}")
        hit: set[str] = set()
        for name in risk.activities:
            _known(rows, name, f"risk {risk.id}")
            if name in hit:
                raise EngineInputError("activity_twice", where=f"risk {risk.id}", activity=name)
            hit.add(name)
            shorter[name] -= 0 if risk.relative else max(-_lowest(risk.impact), 0)
            if shorter[name] < -MOST_MINUTES:
                raise EngineInputError(
                    "time_out_of_range", where=f"risk {risk.id}", activity=name, minutes=shorter[name]
                )


def check_branches(branches: tuple[Branch, ...], rows: Mapping[str, Activity]) -> None:
    """Refuse forks that mean nothing; of `rows` only the ids are asked."""
    seen: set[str] = set()
    taken: set[str] = set()
    for branch in branches:
        _once(seen, branch.id, "branch_twice")
        for way, share in branch.ways.items():
            _probability(share, f"branch {branch.id} way {way}")
        total = sum(branch.ways.values())
        if abs(total - 1) > 1e-6:
            raise EngineInputError("ways_not_one", where=f"branch {branch.id}", total=total)
        for name, way in branch.activities.items():
            _known(rows, name, f"branch {branch.id}")
            if way not in branch.ways:
                raise EngineInputError("way_unknown", where=f"branch {branch.id}", activity=name, way=way)
            if name in taken:
                raise EngineInputError("activity_in_two_branches", where=name, branch=branch.id)
            taken.add(name)


def _once(seen: set[str], name: str, code: str) -> None:
    if name in seen:
        raise EngineInputError(code, where=name)
    seen.add(name)


def _probability(value: float, where: str) -> None:
    if math.isnan(value) or not 0 <= value <= 1:
        raise EngineInputError("probability_out_of_range", where=where, probability=value)


__all__ = ["check", "check_branches", "check_risks", "check_settings", "check_spread"]
