"""What is uncertain about a plan in Torap's own schedule format: spreads, drivers, risks, branches, goals.

Durations of an activity are minutes of its own calendar and stand for what is left of it; a share (90%) is of
what is left. Every refusal names the row, the activity, driver, risk or branch, the field and the repair.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from torap.engines.schedule.plan import MILESTONES, Activity, Kind, Plan
from torap.engines.schedule.uncertain import Branch, Driver, DriverKind, RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, DAY
from torap.intake.schedules.json_fields import (
    an_object,
    choice,
    id_of,
    known,
    length,
    listed,
    mapped,
    number,
    share,
    text_of,
)
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.own_json import place

NEEDED = {
    Shape.UNIFORM: ("low", "high"),
    Shape.TRIANGULAR: ("low", "mode", "high"),
    Shape.PERT: ("low", "mode", "high"),
    Shape.LOGNORMAL: ("median", "spread"),
    Shape.EMPIRICAL: ("values",),
}
FIELDS = {shape: frozenset({"shape", *names}) for shape, names in NEEDED.items()}
UNCERTAIN_FIELDS = {"uncertainty", "owner"}
DRIVER_FIELDS = {"id", "name", "kind", "loads"}
RISK_FIELDS = {"id", "name", "probability", "activities", "impact", "owner"}
BRANCH_FIELDS = {"id", "ways", "activities"}
VALUES_LIMIT = 100_000
SPREAD_LIMIT = 4.0  # a logarithm's standard deviation: e^4 is fifty-five times
ROUNDING = 1e-6
WITHOUT_DURATION = MILESTONES | {Kind.SUMMARY, Kind.LEVEL_OF_EFFORT}


def risk_plan_of_data(data: Mapping[str, Any], plan: Plan, losses: Losses) -> RiskPlan:
    """The uncertainty in a JSON object whose plan was read; ScheduleFileError names the first mistake."""
    rows = listed(data, "activities", "plan")
    activities = {row.id: row for row in plan.activities}
    durations: dict[str, Spread] = {}
    owners: dict[str, str] = {}
    for i, (row, activity) in enumerate(zip(rows, plan.activities, strict=True)):
        if row.keys().isdisjoint(UNCERTAIN_FIELDS):
            continue
        where = place("activity", activity.id, i)
        spread = _uncertainty(row, activity, plan, where)
        if spread is not None and activity.actual_finish is not None:
            losses.add("uncertainty_of_finished", where=activity.id)
        elif spread is not None:
            durations[activity.id] = spread
        if owner := text_of(row, "owner", where):
            owners[activity.id] = owner
    taken: set[str] = set()
    return RiskPlan(
        plan=plan,
        durations=durations,
        drivers=_drivers(data, rows, plan, taken),
        risks=tuple(risks_of(data, plan, activities, taken, losses)),
        branches=tuple(branches_of(data, activities, taken)),
        goals=goals_of(data, activities),
        owners=owners,
    )


def _uncertainty(row: Mapping[str, Any], activity: Activity, plan: Plan, where: str) -> Spread | None:
    value = row.get("uncertainty")
    if value is None:
        return None
    where = f"{where}, uncertainty"
    if activity.kind in WITHOUT_DURATION:
        raise ScheduleFileError("uncertainty_without_duration", where=where, params={"kind": activity.kind})
    clock = activity.calendar == ALWAYS.id
    day = DAY if clock else plan.calendars[activity.calendar or plan.calendar].minutes_per_day

    def minutes_of(text: Any, at: str) -> int:
        part = share(text, at)
        return _amount(text, day, clock, at) if part is None else round(activity.left * part / 10_000)

    return _spread(value, minutes_of, where)


def _amount(text: Any, day: int, clock: bool, where: str) -> int:
    """A length in minutes; one by the clock only where the activity counts by the clock."""
    found, elapsed = length(text, day, where)
    if elapsed and not clock:
        raise ScheduleFileError("clock_in_working_time", where=where, params={"value": str(text)[:80]})
    return found


def _spread(value: Any, minutes_of: Any, where: str) -> Spread:
    """A spread; `minutes_of(value, where)` reads one of its lengths."""
    row = an_object(value, where)
    shape = choice(Shape, row.get("shape"), f"{where}, shape")
    known(row, FIELDS[shape], where)
    for name in NEEDED[shape]:
        if row.get(name) is None:
            params = {"value": name, "shape": str(shape), "known": ", ".join(NEEDED[shape])}
            raise ScheduleFileError("spread_incomplete", where=where, params=params)
    if shape == Shape.EMPIRICAL:
        values = [
            minutes_of(one, f"{where}, values[{i}]") for i, one in enumerate(listed(row, "values", where))
        ]
        if not values or len(values) > VALUES_LIMIT:
            raise ScheduleFileError("values_count", where=where, params={"limit": VALUES_LIMIT})
        _rising(values[:1] if min(values) >= 0 else [min(values)], where)
        return Spread(shape=shape, values=tuple(values))
    if shape == Shape.LOGNORMAL:
        median = minutes_of(row["median"], f"{where}, median")
        _rising([median - 1], f"{where}, median")
        wide = number(row["spread"], f"{where}, spread", low=0, high=SPREAD_LIMIT)
        return Spread(shape=shape, median=median, spread=wide)
    found = {name: minutes_of(row[name], f"{where}, {name}") for name in NEEDED[shape]}
    _rising(list(found.values()), where)
    return Spread(shape=shape, **found)


def _rising(values: list[int], where: str) -> None:
    if values[0] < 0 or values != sorted(values):
        raise ScheduleFileError("spread_order", where=where)


def _drivers(
    data: Mapping[str, Any], rows: list[Mapping[str, Any]], plan: Plan, taken: set[str]
) -> tuple[Driver, ...]:
    """Drivers with the loads they name themselves and those their activities name."""
    loads: dict[str, dict[str, float]] = {}
    about: dict[str, tuple[str, DriverKind]] = {}
    ids = {row.id for row in plan.activities}
    for i, row in enumerate(listed(data, "drivers", "plan")):
        name = named_once(row, "driver", f"drivers[{i}]", i, taken)
        where = place("driver", name, i)
        known(row, DRIVER_FIELDS, where)
        kind = choice(DriverKind, row.get("kind") or "other", f"{where}, kind")
        about[name] = (text_of(row, "name", where), kind)
        loads[name] = {}
        for activity, value in mapped(row, "loads", where).items():
            if activity not in ids:
                raise _unknown_activity(activity, f"{where}, loads")
            loads[name][activity] = number(value, f"{where}, loads, {activity}", low=-1, high=1)
    for i, (row, activity_row) in enumerate(zip(rows, plan.activities, strict=True)):
        if "drivers" not in row:
            continue
        where = f"{place('activity', activity_row.id, i)}, drivers"
        for name, value in mapped(row, "drivers", place("activity", activity_row.id, i)).items():
            if name not in loads:
                params = {"value": name[:80], "known": ", ".join(sorted(loads)[:20]) or "none"}
                raise ScheduleFileError("driver_unknown", where=where, params=params)
            if activity_row.id in loads[name]:
                raise ScheduleFileError("load_twice", where=where, params={"value": name[:80]})
            loads[name][activity_row.id] = number(value, f"{where}, {name}", low=-1, high=1)
    _check_loads(loads, plan)
    return tuple(
        Driver(id=name, name=about[name][0], kind=about[name][1], loads=loads[name]) for name in loads
    )


def _check_loads(loads: Mapping[str, Mapping[str, float]], plan: Plan) -> None:
    """The squares of the loads on one activity add to one at most."""
    sums: dict[str, float] = {}
    for by_activity in loads.values():
        for name, value in by_activity.items():
            sums[name] = sums.get(name, 0.0) + value * value
    for i, row in enumerate(plan.activities):
        if sums.get(row.id, 0.0) > 1 + ROUNDING:
            where = f"{place('activity', row.id, i)}, drivers"
            raise ScheduleFileError("loads_too_high", where=where, params={"sum": f"{sums[row.id]:.4g}"})


def risks_of(
    data: Mapping[str, Any], plan: Plan, activities: Mapping[str, Activity], taken: set[str], losses: Losses
) -> Iterator[RiskEvent]:
    """The risk events; of `activities` only calendars are read."""
    for i, row in enumerate(listed(data, "risks", "plan")):
        name = named_once(row, "risk", f"risks[{i}]", i, taken)
        where = place("risk", name, i)
        known(row, RISK_FIELDS, where)
        touched = [str(one).strip() for one in listed(row, "activities", where)]
        for one in touched:
            if one not in activities:
                raise _unknown_activity(one, f"{where}, activities")
        if not touched or len(set(touched)) < len(touched):
            raise ScheduleFileError("risk_activities", where=f"{where}, activities")
        for field in ("probability", "impact"):
            if row.get(field) is None:
                raise ScheduleFileError("missing_field", where=where, params={"value": field})
        impact, relative = _impact(row["impact"], plan, [activities[one] for one in touched], where, losses)
        yield RiskEvent(
            id=name,
            name=text_of(row, "name", where),
            probability=number(row["probability"], f"{where}, probability", low=0, high=1),
            activities=tuple(touched),
            impact=impact,
            relative=relative,
            owner=text_of(row, "owner", where),
        )


def _impact(
    value: Any, plan: Plan, touched: list[Activity], where: str, losses: Losses
) -> tuple[Spread, bool]:
    """What a risk adds to each activity it touches, and whether as a share of its duration."""
    where = f"{where}, impact"
    clock = all(row.calendar == ALWAYS.id for row in touched)
    day = DAY if clock else plan.minutes_per_day
    days = {DAY if row.calendar == ALWAYS.id else _day_of(plan, row) for row in touched}
    shares: set[bool] = set()

    def amount_of(text: Any, at: str) -> int:
        part = share(text, at)
        shares.add(part is not None)
        if len(shares) > 1:
            raise ScheduleFileError("shares_and_lengths", where=where)
        return _amount(text, day, clock, at) if part is None else part

    if isinstance(value, dict):
        found = _spread(value, amount_of, where)
    else:
        fixed = amount_of(value, where)
        _rising([fixed], where)
        found = Spread(shape=Shape.EMPIRICAL, values=(fixed,))
    relative = True in shares
    if not relative and days != {day}:
        losses.add("impact_days_differ", where=where)
    return found, relative


def _day_of(plan: Plan, row: Activity) -> int:
    return plan.calendars[row.calendar or plan.calendar].minutes_per_day


def branches_of(
    data: Mapping[str, Any], activities: Mapping[str, Activity], taken: set[str]
) -> Iterator[Branch]:
    """The forks."""
    member: dict[str, str] = {}
    for i, row in enumerate(listed(data, "branches", "plan")):
        name = named_once(row, "branch", f"branches[{i}]", i, taken)
        where = place("branch", name, i)
        known(row, BRANCH_FIELDS, where)
        ways = {
            str(way): number(value, f"{where}, ways, {way}", low=0, high=1)
            for way, value in mapped(row, "ways", where).items()
        }
        if not math.isclose(sum(ways.values()), 1, abs_tol=ROUNDING):
            raise ScheduleFileError(
                "ways_not_one", where=f"{where}, ways", params={"sum": f"{sum(ways.values()):g}"}
            )
        belongs = {}
        for one, way in mapped(row, "activities", where).items():
            at = f"{where}, activities"
            if one not in activities:
                raise _unknown_activity(one, at)
            if not isinstance(way, str) or way not in ways:
                params = {"value": str(way)[:80], "known": ", ".join(ways)}
                raise ScheduleFileError("unknown_choice", where=f"{at}, {one}", params=params)
            if one in member:
                raise ScheduleFileError(
                    "in_two_branches", where=f"{at}, {one}", params={"other": member[one]}
                )
            member[one], belongs[one] = name, way
        yield Branch(id=name, ways=ways, activities=belongs)


def goals_of(data: Mapping[str, Any], activities: Mapping[str, Activity]) -> tuple[str, ...]:
    """The ids of the goals, each once."""
    goals = [str(one).strip() for one in listed(data, "goals", "plan")]
    for one in goals:
        if one not in activities:
            raise _unknown_activity(one, "plan, goals")
    return tuple(dict.fromkeys(goals))


def named_once(row: Any, what: str, where: str, i: int, taken: set[str]) -> str:
    """The id of a driver, risk or branch: one and the same id names one thing, since it keys its numbers."""
    name = id_of(row, where)
    if name in taken:
        raise ScheduleFileError("id_twice", where=place(what, name, i), params={"value": name})
    taken.add(name)
    return name


def _unknown_activity(name: str, where: str) -> ScheduleFileError:
    return ScheduleFileError("names_no_activity", where=where, params={"value": str(name)[:80]})
