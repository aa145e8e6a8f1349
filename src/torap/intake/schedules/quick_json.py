"""A large file of Torap's own format straight into the arrays that trials run on.

`quick_columns` gives the very arrays that `columns_of` makes of the plan that the careful readers read, some
ten times as quickly, or None: then something is wrong or strange, and the careful readers tell what. Plain
activities are read in bulk (`quick_rows`); the others, such as those with progress, by the careful readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.schedule.columns import NONE, Columns, Spreads, columns_of, spreads_of
from torap.engines.schedule.plan import Activity, Plan
from torap.engines.schedule.profiles import Profile, profile_of
from torap.engines.schedule.risk_check import check, check_branches, check_risks
from torap.engines.schedule.uncertain import DriverKind, Settings
from torap.intake.schedules.constraints import judge_constraints, not_used
from torap.intake.schedules.json_fields import choice, known, listed, mapped, number, text_of
from torap.intake.schedules.losses import Loss, Losses, ScheduleFileError
from torap.intake.schedules.own_json import activity_of, convention_of, plan_of_data
from torap.intake.schedules.own_json_risk import (
    DRIVER_FIELDS,
    branches_of,
    goals_of,
    named_once,
    risk_plan_of_data,
    risks_of,
)
from torap.intake.schedules.quick_rows import (
    NotPlainError,
    PlainRows,
    ids_of,
    link_columns,
    plain_rows,
    texts_of,
)

TOLERANCE = 1e-9  # the engine's, of squares of loads
AS_ROWS = (
    "kind", "calendar", "left", "extra", "milestone", "active", "constraint", "constraint_at", "deadline",
    "actual_start", "actual_finish", "resumed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Quick:
    """The arrays of a plan, the names of its activities, its own name, whose dates it follows and what was
    lost, of which `not_used` is what the plain convention leaves out. `rules`: that convention.
    """

    columns: Columns
    names: Sequence[str]
    name: str
    profile: str
    rules: Profile
    losses: tuple[Loss, ...]


def quick_columns(data: Mapping[str, Any], goals: Sequence[str] = ()) -> Quick | None:
    """The arrays of a file that was parsed, with further `goals`; None when it must be read carefully."""
    try:
        return _read(data, goals)
    except (
        NotPlainError, ScheduleFileError, EngineInputError, KeyError, TypeError, ValueError, OverflowError
    ):  # fmt: skip
        return None


def _read(data: Mapping[str, Any], goals: Sequence[str]) -> Quick:
    rows = listed(data, "activities", "plan")
    place = ids_of(rows)
    names = [row.get("name") or "" for row in rows]
    texts_of(names)
    if any(row.get("name") is not None and type(row["name"]) is not str for row in rows):
        raise NotPlainError
    plan = plan_of_data({**data, "activities": rows[:1], "links": []})
    plain = plain_rows(rows, plan)
    losses = Losses()
    convention = convention_of(data) or "torap"
    odd, base = _odd_rows(rows, plain, plan, losses, convention)
    found: dict[str, Any] = {
        "ids": tuple(place),
        **_activity_columns(plain, odd, base, len(rows)),
        **link_columns(listed(data, "links", "plan"), place, plan.minutes_per_day),
        **_owners(rows),
        **_causes(data, rows, plan, place, _stand_ins(plain, odd, place), losses, goals),
    }
    columns = replace(base, **found)
    unused = not_used(replace(plan, activities=odd.activities), "torap")
    return Quick(
        columns=columns, names=names, name=plan.name, profile=convention,
        rules=profile_of(plan, convention), losses=(*losses, *unused),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Odd:
    """Activities that were read carefully, and their places in the file."""

    at: np.ndarray  # (n,) int64
    activities: tuple[Activity, ...]


def _odd_rows(
    rows: Sequence[Mapping[str, Any]], plain: PlainRows, plan: Plan, losses: Losses, convention: str
) -> tuple[_Odd, Columns]:
    """The other activities with their arrays, which carry what is said of the plan as a whole too."""
    rest = np.ones(len(rows), np.bool_)
    rest[plain.at] = False
    at = np.flatnonzero(rest)
    read = tuple(activity_of(rows[i], i, plan.calendars, plan.calendar) for i in at.tolist())
    some = replace(plan, activities=read)
    given = [{name: row for name, row in rows[i].items() if name != "drivers"} for i in at.tolist()]
    risk = risk_plan_of_data({"activities": given}, some, losses)
    judge_constraints(some, convention, losses)
    check(risk, Settings())
    return _Odd(at=at, activities=read), columns_of(risk)


def _activity_columns(plain: PlainRows, odd: _Odd, base: Columns, count: int) -> dict[str, Any]:
    """Arrays of all activities: what plain ones are, and what the others say."""
    found: dict[str, np.ndarray] = {}
    for name in AS_ROWS:
        theirs = getattr(base, name)
        blank = NONE if theirs.dtype == np.int64 and name not in {"left", "extra"} else 0
        found[name] = np.full((count, *theirs.shape[1:]), blank, theirs.dtype)
        found[name][odd.at] = theirs
    found["calendar"][plain.at] = plain.calendar
    found["left"][plain.at] = plain.minutes
    found["milestone"][plain.at] = plain.minutes == 0
    found["active"][plain.at] = True
    parent = np.full(count, -1, np.int32)
    if len(odd.at):
        parent[odd.at] = np.where(base.parent >= 0, odd.at[base.parent], -1)
    return {**found, "parent": parent, "spreads": _spreads(plain, odd, base.spreads, count)}


def _spreads(plain: PlainRows, odd: _Odd, theirs: Spreads, count: int) -> Spreads:
    """Spreads of all activities; plain ones have no values of their own, so the pool is the others'."""
    found = {}
    for name in ("shape", "low", "mode", "high", "sigma", "count"):
        other = getattr(theirs, name)
        found[name] = np.full(count, -1 if name == "shape" else 0, other.dtype)
        found[name][odd.at] = other
        if hasattr(plain, name):
            found[name][plain.at] = getattr(plain, name)
    before = np.cumsum(found["count"]) - found["count"]
    found["first"] = np.where(found["shape"] >= 0, before, 0)
    return Spreads(**found, pool=theirs.pool)


def _owners(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    given = [row.get("owner") for row in rows]
    if not set(map(type, given)) <= {str, type(None)}:
        raise NotPlainError
    names = sorted({name for name in given if name})
    texts_of(names)
    rank: dict[str | None, int] = {name: i for i, name in enumerate(names)}
    owner = np.fromiter((rank.get(name, -1) for name in given), np.int32, len(given))
    return {"owner_names": tuple(names), "owner": owner}


def _causes(
    data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], plan: Plan, place: Mapping[str, int],
    activities: Mapping[str, Activity], losses: Losses, goals: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Drivers, risk events, forks and goals as arrays."""
    taken: set[str] = set()
    drivers = _drivers(data, rows, place, taken)
    risks = tuple(risks_of(data, plan, activities, taken, losses))
    branches = tuple(branches_of(data, activities, taken))
    check_risks(risks, activities)
    check_branches(branches, activities)
    wanted = tuple(dict.fromkeys([*goals_of(data, activities), *goals]))
    hits = [(r, place[name]) for r, row in enumerate(risks) for name in row.activities]
    pairs = np.array(hits, np.int32).reshape(-1, 2)
    branch, way = np.full(len(place), -1, np.int32), np.zeros(len(place), np.int32)
    for b, fork in enumerate(branches):
        order = list(fork.ways)
        for name, taken_way in fork.activities.items():
            branch[place[name]], way[place[name]] = b, order.index(taken_way)
    return {
        **drivers,
        "risk_ids": tuple(row.id for row in risks),
        "risk_owner": tuple(row.owner for row in risks),
        "probability": np.array([row.probability for row in risks], np.float64),
        "relative": np.array([row.relative for row in risks], np.bool_),
        "impacts": spreads_of([row.impact for row in risks]),
        "risk_of": pairs[:, 0].copy(),
        "risk_activity": pairs[:, 1].copy(),
        "branch_ids": tuple(row.id for row in branches),
        "way_names": tuple(tuple(row.ways) for row in branches),
        "way_probability": tuple(tuple(row.ways.values()) for row in branches),
        "branch": branch,
        "way": way,
        "goals": np.array([place[name] for name in wanted], np.int32),
        "watched": np.zeros(0, np.int32),
    }


def _stand_ins(plain: PlainRows, odd: _Odd, place: Mapping[str, int]) -> dict[str, Activity]:
    """Activities that carry a calendar, which is all that a risk event asks of them."""
    of_calendar = {name: Activity(id="", calendar=name) for name in set(plain.named)}
    found = dict(zip(odd.at.tolist(), odd.activities, strict=True))
    found.update(zip(plain.at.tolist(), map(of_calendar.__getitem__, plain.named), strict=True))
    return {name: found[i] for name, i in place.items()}


def _drivers(
    data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], place: Mapping[str, int], taken: set[str]
) -> dict[str, Any]:
    """Drivers with the loads they name themselves and those their activities name."""
    loads: dict[str, dict[int, float]] = {}
    kinds = []
    for i, row in enumerate(listed(data, "drivers", "plan")):
        name = named_once(row, "driver", "", i, taken)
        known(row, DRIVER_FIELDS, "")
        kinds.append(str(choice(DriverKind, row.get("kind") or "other", "")))
        text_of(row, "name", "")
        given = mapped(row, "loads", "")
        if not set(map(type, given.values())) <= {int, float}:
            raise NotPlainError
        loads[name] = dict(zip(map(place.__getitem__, given), map(float, given.values()), strict=True))
    for i, row in enumerate(rows):
        if "drivers" not in row:
            continue
        for name, value in mapped(row, "drivers", "").items():
            if i in loads[name]:
                raise NotPlainError
            loads[name][i] = number(value, "", low=-1, high=1)
    return {"driver_ids": tuple(loads), "driver_kinds": tuple(kinds), **_pairs(loads, len(rows))}


def _pairs(loads: Mapping[str, Mapping[int, float]], count: int) -> dict[str, np.ndarray]:
    """Loads as pairs; NotPlainError when one is out of range or those of an activity are too much."""
    sizes = [len(row) for row in loads.values()]
    activity = np.fromiter(_chained(loads), np.int32, sum(sizes))
    load = np.array([value for row in loads.values() for value in row.values()], np.float64)
    if not (np.abs(load) <= 1).all():
        raise NotPlainError
    if (np.bincount(activity, weights=load * load, minlength=count) > 1 + TOLERANCE / 2).any():
        raise NotPlainError
    return {
        "load_driver": np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        "load_activity": activity,
        "load": load,
    }


def _chained(loads: Mapping[str, Mapping[int, float]]) -> Iterator[int]:
    for row in loads.values():
        yield from row


__all__ = ["Quick", "quick_columns"]
