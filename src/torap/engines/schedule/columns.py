"""A plan and its uncertainty as arrays: what the trials run on. Loaders of large networks build it directly.

`columns_of` turns a RiskPlan into it. T activities, L links, D drivers, R risk events, B branches, G goals.
Instants
are whole minutes since the epoch, durations whole minutes of the activity's calendar, NONE where there is
no value.
Loads, risks and members of branches are lists of pairs, in any order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from torap.engines.rng import streams_of
from torap.engines.schedule.plan import Constraint, Kind, LagUnit, LinkType, Plan
from torap.engines.schedule.profiles import Holds, LagCalendar, Profile, profile_of
from torap.engines.schedule.uncertain import DriverKind, RiskPlan, Settings, Shape, Spread
from torap.engines.schedule.under_way import going_on, left_of, resumed
from torap.engines.schedule.worktime import CalendarSpec

NONE = np.iinfo(np.int64).min
KINDS = list(Kind)
CONSTRAINTS = list(Constraint)
LINK_TYPES = list(LinkType)
UNITS = list(LagUnit)
SHAPES = list(Shape)
FIXED = -1  # no spread: the duration is what the plan says

Array = np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """Spreads as arrays (n,). `shape`: place in SHAPES, FIXED where there is none. `low`, `mode`, `high`:
    minutes or
    hundredths of a percent; a lognormal has its median in `mode` and its spread in `sigma`. Values of an
    empirical
    one: sorted `pool[first : first + count]`.
    """

    shape: Array  # int8
    low: Array  # float64
    mode: Array  # float64
    high: Array  # float64
    sigma: Array  # float64
    first: Array  # int64
    count: Array  # int64
    pool: Array  # int64, of all empirical spreads


@dataclass(frozen=True, kw_only=True)
class Columns:
    """See above. `extra`: minutes of the whole duration beyond what is left, for lags that are a share of
    it."""

    ids: Sequence[str]
    kind: Array  # (T,) int8, place in KINDS
    calendar: Array  # (T,) int32, place in calendars
    left: Array  # (T,) int64 minutes still to be done
    extra: Array  # (T,) int64 minutes
    milestone: Array  # (T,) bool: its start is not moved to the next working minute
    active: Array  # (T,) bool
    parent: Array  # (T,) int32, -1: none
    constraint: Array  # (T, 2) int8, place in CONSTRAINTS
    constraint_at: Array  # (T, 2) int64
    deadline: Array  # (T,) int64
    actual_start: Array  # (T,) int64
    actual_finish: Array  # (T,) int64
    resumed_at: Array  # (T,) int64
    predecessor: Array  # (L,) int32
    successor: Array  # (L,) int32
    link_type: Array  # (L,) int8, place in LINK_TYPES
    lag: Array  # (L,) int64 minutes or hundredths of a percent
    lag_unit: Array  # (L,) int8, place in UNITS
    calendars: tuple[CalendarSpec, ...]
    plan_calendar: int
    start: int
    data_date: int | None = None
    must_finish: int | None = None
    retained: bool = True
    lag_calendar: LagCalendar = LagCalendar.PREDECESSOR
    critical_at: int = 0
    holds: str = Holds.NONE  # which constraints win over links
    spreads: Spreads  # (T,)
    driver_ids: Sequence[str] = ()
    driver_kinds: Sequence[str] = ()
    load_driver: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    load_activity: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    load: Array = field(default_factory=lambda: np.zeros(0))
    risk_ids: Sequence[str] = ()
    risk_owner: Sequence[str] = ()
    probability: Array = field(default_factory=lambda: np.zeros(0))  # (R,) float64
    relative: Array = field(default_factory=lambda: np.zeros(0, np.bool_))  # (R,)
    impacts: Spreads | None = None  # (R,)
    risk_of: Array = field(default_factory=lambda: np.zeros(0, np.int32))  # pairs: risk, activity
    risk_activity: Array = field(default_factory=lambda: np.zeros(0, np.int32))
    branch_ids: Sequence[str] = ()
    way_names: Sequence[Sequence[str]] = ()
    way_probability: Sequence[Sequence[float]] = ()
    branch: Array | None = None  # (T,) int32, -1: none
    way: Array | None = None  # (T,) int32
    goals: Array = field(default_factory=lambda: np.zeros(0, np.int32))  # (G,)
    watched: Array = field(default_factory=lambda: np.zeros(0, np.int32))  # (W,)
    owner_names: Sequence[str] = ()
    owner: Array | None = None  # (T,) int32, -1: nobody

    @cached_property
    def streams(self) -> Array:
        """The random stream of each activity: (T, 2) uint32."""
        return named_streams("activity", tuple(self.ids))

    def fingerprint(self, settings: Settings) -> str:
        """A sha256 of everything a run of this plan is made from, threads left out."""
        asked = (settings.trials, settings.seed, str(settings.sampling), settings.brief)
        found = hashlib.sha256(repr(asked).encode())
        for part in (self, self.spreads, self.impacts):
            for one in fields(part) if part is not None else ():
                value = getattr(part, one.name)
                if isinstance(value, np.ndarray):
                    found.update(f"{one.name}{value.dtype}{value.shape}".encode() + value.tobytes())
                elif not isinstance(value, Spreads):
                    found.update(f"{one.name}{value!r}".encode())
        return found.hexdigest()

    @property
    def lowest(self) -> int:
        """The instant before which nothing that is open starts."""
        return self.start if self.data_date is None else max(self.data_date, self.start)

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each activity by its id."""
        return {name: i for i, name in enumerate(self.ids)}


@lru_cache(maxsize=12)
def named_streams(kind: str, names: tuple[str, ...]) -> Array:
    """`streams_of` of the names of a network, which runs of its changes ask for again."""
    return streams_of(kind, names)


def no_spreads(count: int) -> Spreads:
    """Spreads of `count` rows, all fixed."""
    zero = np.zeros(count)
    none = np.zeros(count, np.int64)
    return Spreads(
        shape=np.full(count, FIXED, np.int8), low=zero, mode=zero, high=zero, sigma=zero,
        first=none, count=none, pool=np.zeros(0, np.int64),
    )  # fmt: skip


def spreads_of(rows: Sequence[Spread | None]) -> Spreads:
    """Spreads as arrays; None is a fixed duration."""
    found = no_spreads(len(rows))
    found = replace(
        found, **{k: getattr(found, k).copy() for k in ("low", "mode", "high", "sigma", "first", "count")}
    )
    pool: list[int] = []
    place = {shape: i for i, shape in enumerate(SHAPES)}
    for i, row in enumerate(rows):
        if row is None:
            continue
        found.shape[i] = place[row.shape]
        found.low[i], found.high[i], found.sigma[i] = row.low, row.high, row.spread
        found.mode[i] = row.median if row.shape == Shape.LOGNORMAL else row.mode
        found.first[i], found.count[i] = len(pool), len(row.values)
        pool += sorted(row.values)
    return replace(found, pool=np.array(pool, np.int64))


def columns_of(risk: RiskPlan, *, profile: str = "torap") -> Columns:
    """The arrays of a plan that `check` has let pass."""
    plan = risk.plan
    rules = profile_of(plan, profile)
    place = {row.id: i for i, row in enumerate(plan.activities)}
    return Columns(
        ids=tuple(place),
        **_activity_columns(plan, place),
        **_link_columns(plan, place),
        **_plan_columns(plan, rules),
        **_cause_columns(risk, place),
    )


def certain(columns: Columns) -> Columns:
    """The same plan without anything uncertain, nor goals."""
    causes = (
        "driver_ids", "driver_kinds", "load_driver", "load_activity", "load", "risk_ids", "risk_owner",
        "probability", "relative", "impacts", "risk_of", "risk_activity", "branch_ids", "way_names",
        "way_probability", "branch", "way", "goals", "watched", "owner_names", "owner",
    )  # fmt: skip
    kept = {row.name: getattr(columns, row.name) for row in fields(columns) if row.name not in causes}
    return Columns(**{**kept, "spreads": no_spreads(len(columns.ids))})


def _array(values: Iterable[int], kind: type) -> Array:
    return np.fromiter(values, kind)


def _instants(values: Iterable[int | None]) -> Array:
    return np.fromiter((NONE if value is None else value for value in values), np.int64)


def _activity_columns(plan: Plan, place: Mapping[str, int]) -> dict[str, Any]:
    rows, going = plan.activities, going_on(plan)
    kinds = {kind: i for i, kind in enumerate(KINDS)}
    held = {constraint: i for i, constraint in enumerate(CONSTRAINTS)}
    calendars = {name: i for i, name in enumerate(plan.calendars)}
    pairs = [(held[row.constraint], held[row.second]) for row in rows]
    dates = [(_or_none(row.constraint_at), _or_none(row.second_at)) for row in rows]
    return {
        "kind": _array((kinds[row.kind] for row in rows), np.int8),
        "calendar": _array((calendars[row.calendar or plan.calendar] for row in rows), np.int32),
        "left": _array((left_of(row) for row in rows), np.int64),
        "extra": _array((row.minutes - left_of(row) for row in rows), np.int64),
        "milestone": _array((row.milestone for row in rows), np.bool_),
        "active": _array((row.active for row in rows), np.bool_),
        "parent": _array((place[row.parent] if row.parent else -1 for row in rows), np.int32),
        "constraint": np.array(pairs, np.int8).reshape(-1, 2),
        "constraint_at": np.array(dates, np.int64).reshape(-1, 2),
        "deadline": _instants(row.deadline for row in rows),
        "actual_start": _instants(row.actual_start for row in rows),
        "actual_finish": _instants(row.actual_finish for row in rows),
        "resumed_at": _instants(resumed(row, going) for row in rows),
    }


def _or_none(value: int | None) -> int:
    return NONE if value is None else value


def _link_columns(plan: Plan, place: Mapping[str, int]) -> dict[str, Any]:
    types = {kind: i for i, kind in enumerate(LINK_TYPES)}
    units = {unit: i for i, unit in enumerate(UNITS)}
    links = plan.links
    return {
        "predecessor": _array((place[link.predecessor] for link in links), np.int32),
        "successor": _array((place[link.successor] for link in links), np.int32),
        "link_type": _array((types[link.type] for link in links), np.int8),
        "lag": _array((link.lag for link in links), np.int64),
        "lag_unit": _array((units[link.unit] for link in links), np.int8),
    }


def _plan_columns(plan: Plan, rules: Profile) -> dict[str, Any]:
    return {
        "calendars": tuple(plan.calendars.values()),
        "plan_calendar": list(plan.calendars).index(plan.calendar),
        "start": plan.start,
        "data_date": plan.data_date,
        "must_finish": plan.must_finish,
        "retained": rules.retained,
        "lag_calendar": rules.lag_calendar,
        "critical_at": rules.critical_at,
        "holds": rules.holds,
    }


def _cause_columns(risk: RiskPlan, place: Mapping[str, int]) -> dict[str, Any]:
    loads = [(d, place[name], load) for d, row in enumerate(risk.drivers) for name, load in row.loads.items()]
    hits = [(r, place[name]) for r, row in enumerate(risk.risks) for name in row.activities]
    branch, way = np.full(len(place), -1, np.int32), np.zeros(len(place), np.int32)
    for b, fork in enumerate(risk.branches):
        names = list(fork.ways)
        for name, taken in fork.activities.items():
            branch[place[name]], way[place[name]] = b, names.index(taken)
    owners = sorted({owner for owner in risk.owners.values() if owner})
    rank = {owner: i for i, owner in enumerate(owners)}
    owner = np.full(len(place), -1, np.int32)
    for name, who in risk.owners.items():
        owner[place[name]] = rank.get(who, -1)
    return {
        "spreads": spreads_of([risk.durations.get(name) for name in place]),
        "driver_ids": tuple(row.id for row in risk.drivers),
        "driver_kinds": tuple(str(DriverKind(row.kind)) for row in risk.drivers),
        "load_driver": _array((row[0] for row in loads), np.int32),
        "load_activity": _array((row[1] for row in loads), np.int32),
        "load": np.array([row[2] for row in loads], np.float64),
        "risk_ids": tuple(row.id for row in risk.risks),
        "risk_owner": tuple(row.owner for row in risk.risks),
        "probability": np.array([row.probability for row in risk.risks], np.float64),
        "relative": _array((row.relative for row in risk.risks), np.bool_),
        "impacts": spreads_of([row.impact for row in risk.risks]),
        "risk_of": _array((row[0] for row in hits), np.int32),
        "risk_activity": _array((row[1] for row in hits), np.int32),
        "branch_ids": tuple(row.id for row in risk.branches),
        "way_names": tuple(tuple(row.ways) for row in risk.branches),
        "way_probability": tuple(tuple(row.ways.values()) for row in risk.branches),
        "branch": branch,
        "way": way,
        "goals": _array((place[name] for name in risk.goals), np.int32),
        "watched": _array((place[name] for name in risk.watched), np.int32),
        "owner_names": tuple(owners),
        "owner": owner,
    }


__all__ = ["Columns", "Spreads", "certain", "columns_of", "named_streams", "no_spreads", "spreads_of"]
