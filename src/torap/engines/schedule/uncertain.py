"""What is uncertain about a plan: spreads of durations, what activities share, events, forks; what came out.

Nothing here computes. A duration left out of `durations` is fixed. All durations are whole minutes of the
activity's calendar and stand for what is left of it, as the passes do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from torap.engines.schedule.plan import Plan

if TYPE_CHECKING:
    import numpy as np

SHARES = (5, 10, 20, 25, 50, 75, 80, 90, 95)  # the percentiles a result carries


class Shape(StrEnum):
    """The family a duration is drawn from."""

    UNIFORM = "uniform"  # low, high
    TRIANGULAR = "triangular"  # low, mode, high
    PERT = "pert"  # low, mode, high; beta with weight four on the mode
    LOGNORMAL = "lognormal"  # median, spread: the standard deviation of the logarithm
    EMPIRICAL = "empirical"  # values, each as likely as the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something may take. Minutes, or hundredths of a percent where the owner says so."""

    shape: Shape
    low: int = 0
    mode: int = 0
    high: int = 0
    median: int = 0
    spread: float = 0.0
    values: tuple[int, ...] = ()


class DriverKind(StrEnum):
    """What activities share when they slip together."""

    BODY = "body"
    CONTRACTOR = "contractor"
    SUPPLY = "supply"
    BUDGET = "budget"
    WINTER = "winter"
    CLASS = "class"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A cause that several activities share. `loads`: activity -> correlation with it, -1 to 1.

    The squares of the loads on one activity add to one at most; the rest is the activity's own.
    """

    id: str
    name: str = ""
    kind: DriverKind = DriverKind.OTHER
    loads: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent:
    """Something that may happen. When it does, one `impact` is drawn and lengthens every activity it touches.

    `relative`: the impact is hundredths of a percent of each duration instead of minutes.
    """

    id: str
    name: str = ""
    probability: float = 0.0
    activities: tuple[str, ...] = ()
    impact: Spread
    relative: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A fork: in each trial one way is taken. `ways`: name -> probability, together one.

    An activity of a way not taken lasts no time and its links bind nothing in that trial.
    """

    id: str
    ways: Mapping[str, float] = field(default_factory=dict)
    activities: Mapping[str, str] = field(default_factory=dict)  # activity -> the way it belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPlan:
    """A plan and all that is uncertain about it. `goals`: activities whose every trial is kept, and which
    get a histogram, a tornado and the owners who can delay them. `watched`: activities whose every trial is
    kept and no more, which costs 4 bytes a trial and next to no time. `owners`: activity -> who answers for
    it.
    """

    plan: Plan
    durations: Mapping[str, Spread] = field(default_factory=dict)
    drivers: tuple[Driver, ...] = ()
    risks: tuple[RiskEvent, ...] = ()
    branches: tuple[Branch, ...] = ()
    goals: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)


class Sampling(StrEnum):
    """How the unit cube is filled."""

    PLAIN = "plain"
    LATIN = "latin"
    SOBOL = "sobol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a simulation is made; the result depends on trials, seed and sampling, never on threads."""

    trials: int = 10_000
    seed: int = 1
    sampling: Sampling = Sampling.PLAIN
    threads: int = 0  # 0: as many as there are processors
    brief: bool = False  # tell only the plan's finish, goals, what is watched, chances and criticality


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverEffect:
    """What one cause does to a goal. `low_minutes`, `high_minutes`: mean of the goal's finish in the trials
    where the cause was among its best and worst tenth (a risk event: did not happen, happened), against the
    mean of all; `share`: of the variance of the goal that goes with it, 0 to 1, none where it cannot be told.
    """

    id: str
    what: str  # driver, risk, activity, owner, branch
    low_minutes: float
    high_minutes: float
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalResult:
    """A goal: every trial's finish (minutes since the epoch), its histogram, and what moves it."""

    id: str
    finishes: np.ndarray  # (trials,) int32
    edges: np.ndarray  # (bins+1,) int64 minutes
    counts: np.ndarray  # (bins,) int64 trials
    effects: tuple[DriverEffect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskResult:
    """What the trials gave. T activities in the order of `ids`; instants: minutes since the epoch.

    Of a brief run only `critical` is of activities; the other arrays have no rows, and goals no effects.
    """

    settings: Settings
    ids: tuple[str, ...]
    start: np.ndarray  # (T, len(SHARES)) int64
    finish: np.ndarray  # (T, len(SHARES)) int64
    mean_finish: np.ndarray  # (T,) float64
    sd_finish: np.ndarray  # (T,) float64 minutes
    critical: np.ndarray  # (T,) float64 share of trials on a critical path
    cruciality: np.ndarray  # (T,) float64 rank of how far the plan's finish goes with its duration, -1 to 1
    meets: Mapping[str, float] = field(default_factory=dict)  # activity with a deadline -> chance
    goals: Mapping[str, GoalResult] = field(default_factory=dict)
    watched: Mapping[str, np.ndarray] = field(default_factory=dict)  # (trials,) int32 finishes
    plan_finish: GoalResult | None = None
    fingerprint: str = ""  # sha256 of all that the run was made from
    again: Any = field(default=None, repr=False, compare=False)  # what a changed plan need not compute again
