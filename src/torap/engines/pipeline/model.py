"""What the pipeline is told: projects at their stages, how such projects went on before, and the targets.

Nothing here computes. Money is in the currency it was named in, with the dated rate to the dollar; days are
calendar days; rates are per year of 365.25 days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

YEAR_DAYS = 365.25


class Stage(StrEnum):
    """How firm a project is, the least firm first. Spending begins with `disbursed`, ends with `realised`."""

    ANNOUNCED = "announced"
    AGREED = "agreed"
    COMMITTED = "committed"
    DISBURSED = "disbursed"
    REALISED = "realised"


STAGES = tuple(Stage)
WAITING = (Stage.ANNOUNCED, Stage.AGREED, Stage.COMMITTED)  # stages a project has to pass before it spends


class Profile(StrEnum):
    """How spending is laid over the time of building: the share spent by the share `x` of the time."""

    EVEN = "even"  # x
    S_CURVE = "s_curve"  # 3x² - 2x³
    EARLY = "early"  # 6x² - 8x³ + 3x⁴
    LATE = "late"  # 4x³ - 3x⁴


class Basis(StrEnum):
    """What a rate rests on."""

    OBSERVED = "observed"  # projects whose passages are recorded, of this class or of a broader one
    ASSUMED = "assumed"  # a declared assumption and nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum as it was named. `per_usd`: units of `currency` for one dollar at the rate of `rate_on`."""

    value: float
    currency: str = "USD"
    per_usd: float = 1.0
    rate_on: dt.date | None = None

    @property
    def usd(self) -> float:
        """Dollars at that rate."""
        return self.value / self.per_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long spending takes: lognormal, `median_years`, `sigma` the standard deviation of the logarithm."""

    median_years: float
    sigma: float = 0.0
    profile: Profile = Profile.S_CURVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project as one pool tells it. Projects of one `identity` are one project (the id where empty).

    `amount` None: nobody said. `spent`: how much of the amount was out by the base day, in its currency, the
    years of it unknown; None: nobody said, the curve tells. `since`: day of the present stage (of `realised`:
    the day it was done). `place`: key of `ready`; `finish`: key of `finishes`; `promised`: the day it is to
    be complete. `rate_class`: how such projects went on.
    """

    id: str
    amount: Amount | None
    stage: Stage | None
    length: Length
    rate_class: str
    identity: str = ""
    spent: float | None = None
    since: dt.date | None = None
    promised: dt.date | None = None
    place: str = ""
    finish: str = ""
    pools: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """By which it is counted once, and by which its random numbers are drawn."""
        return self.identity or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How projects left `stage` in its time after `after_years` in it (until the next such row of the stage):
    so many went on and so many were lost in so many project-years of waiting. `lost` None: nobody records it.
    """

    stage: Stage
    passed: float = 0.0
    lost: float | None = 0.0
    exposure_years: float = 0.0
    after_years: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RateClass:
    """A reference class; what it lacks is taken from `parent`, the broader one.

    The passages of a class are in its own row only: a broader one that held them too would count them twice.
    """

    code: str
    parent: str = ""
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A declared rate of leaving a stage, used below the broadest class; worth `worth` recorded passages."""

    stage: Stage
    pass_per_year: float = 0.0
    lost_per_year: float = 0.0
    worth: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTarget:
    """What a year is to bring [dollars]."""

    year: int
    low_usd: float
    high_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A sum by the end of a year, counted from the start of another [dollars]."""

    usd: float
    from_year: int
    by_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineModel:
    """Everything a forecast of investment rests on, as known on `base`.

    `ready`: place -> when its site is ready in every trial; `finishes`: key -> when the project is complete
    in every trial; both (trials,) int, minutes since 1970-01-01. `worth`: how many recorded passages the
    broader class counts for in a narrower one. `pace`, `fate`: correlation of how fast, and of whether,
    projects go on.
    """

    base: dt.date
    first_year: int
    last_year: int
    projects: tuple[Project, ...]
    classes: tuple[RateClass, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    worth: float = 2.0
    ready: Mapping[str, np.ndarray] = field(default_factory=dict)
    finishes: Mapping[str, np.ndarray] = field(default_factory=dict)
    targets: tuple[YearTarget, ...] = ()
    goal: Goal | None = None
    pace: float = 0.0
    fate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How many trials, from which seed, and whether rates are drawn or held at their mean."""

    trials: int = 10_000
    seed: int = 1
    rates_drawn: bool = True
