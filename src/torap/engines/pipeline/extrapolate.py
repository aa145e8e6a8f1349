"""From above: what the measured years alone say of the years to come, with nothing known of projects.

Years are taken as exchangeable around one level: the logarithms of the measured values are normal with
unknown mean and spread (flat before in the mean and in the logarithm of the spread). So few years never give
more than they hold: with n of them, a coming year follows a Student t of n - 1 degrees. No trend is fitted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from torap.engines.errors import EngineInputError
from torap.engines.pipeline.draws import normals, uniforms
from torap.engines.pipeline.model import Goal, Settings, YearTarget
from torap.engines.pipeline.simulate import FAN, YearChance

YEARS_AT_LEAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Extrapolation:
    """Years not measured yet, from the measured ones. `p10`, `p20`, `p50`, `p80`: (Y,) in the unit of the
    values; there is no mean (the t has none after the exponential). `n`: measured years. `goal_p10`, …: the
    sum since the goal's first year, measured years as they were. `measured`: by year, what is not drawn but
    known.
    """

    years: np.ndarray
    n: int
    measured: dict[int, float]
    p10: np.ndarray
    p20: np.ndarray
    p50: np.ndarray
    p80: np.ndarray
    chances: tuple[YearChance, ...]
    goal: float | None
    goal_years: np.ndarray
    goal_p10: np.ndarray
    goal_p20: np.ndarray
    goal_p50: np.ndarray
    goal_p80: np.ndarray


def extrapolate(
    measured: Mapping[int, float],
    *,
    first_year: int,
    last_year: int,
    settings: Settings,
    targets: tuple[YearTarget, ...] = (),
    goal: Goal | None = None,
) -> Extrapolation | None:
    """Years `first_year` to `last_year` from the `measured` ones; None with fewer than three measured years.

    `EngineInputError` names a year without a positive value.
    """
    for year, value in measured.items():
        if not 0 < value < math.inf:
            raise EngineInputError("not_positive", where=str(year), field="measured", value=value)
    if first_year > last_year:
        raise EngineInputError("years_out_of_range", where="years", first=first_year, last=last_year)
    if len(measured) < YEARS_AT_LEAST:
        return None
    first = min(first_year, goal.from_year) if goal else first_year
    last = max(last_year, goal.by_year) if goal else last_year
    samples = _samples(measured, first, last, settings)
    years = np.arange(first, last + 1)
    shown = (years >= first_year) & (years <= last_year)
    p10, p20, p50, p80 = np.percentile(samples[:, shown], FAN, axis=0)
    sums, chance, span = _sums(samples, years, goal)
    s10, s20, s50, s80 = np.percentile(sums, FAN, axis=0) if span.size else (np.zeros(0),) * 4
    return Extrapolation(
        years=years[shown],
        n=len(measured),
        measured=dict(measured),
        p10=p10,
        p20=p20,
        p50=p50,
        p80=p80,
        chances=_chances(samples, years, measured, targets),
        goal=chance,
        goal_years=span,
        goal_p10=s10,
        goal_p20=s20,
        goal_p50=s50,
        goal_p80=s80,
    )


def _samples(measured: Mapping[int, float], first: int, last: int, settings: Settings) -> np.ndarray:
    """(S, Y): measured years as they were, the others drawn around a level and spread drawn once a trial."""
    logs = np.log(np.array([measured[year] for year in sorted(measured)]))
    n = logs.size
    squares = float(np.sum((logs - logs.mean()) ** 2))
    drawn = uniforms(settings.seed, "extrapolate", "spread", settings.trials)
    spread = np.sqrt(squares / (2 * gammaincinv((n - 1) / 2, drawn)))
    level = logs.mean() + spread / math.sqrt(n) * normals(
        settings.seed, "extrapolate", "level", settings.trials
    )
    rows = []
    for year in range(first, last + 1):
        if year in measured:
            rows.append(np.full(settings.trials, measured[year]))
            continue
        own = normals(settings.seed, "extrapolate", str(year), settings.trials)
        rows.append(np.exp(np.clip(level + spread * own, -700, 700)))
    return np.stack(rows, axis=1)


def _sums(
    samples: np.ndarray, years: np.ndarray, goal: Goal | None
) -> tuple[np.ndarray, float | None, np.ndarray]:
    if goal is None:
        return np.zeros((samples.shape[0], 0)), None, np.zeros(0, dtype=np.int64)
    inside = (years >= goal.from_year) & (years <= goal.by_year)
    sums = np.cumsum(samples[:, inside], axis=1)
    return sums, float(np.mean(sums[:, -1] >= goal.usd)), years[inside]


def _chances(
    samples: np.ndarray, years: np.ndarray, measured: Mapping[int, float], targets: tuple[YearTarget, ...]
) -> tuple[YearChance, ...]:
    found = []
    for target in sorted(targets, key=lambda row: row.year):
        if years[0] <= target.year <= years[-1] and target.year not in measured:
            of_year = samples[:, target.year - years[0]]
            low, high = (float(np.mean(of_year >= end)) for end in (target.low_usd, target.high_usd))
            found.append(YearChance(year=target.year, low=low, high=high))
    return tuple(found)
