"""Investment by year as a distribution: what named projects will have spent, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.pipeline.checking import check
from torap.engines.pipeline.merging import merged
from torap.engines.pipeline.model import STAGES, WAITING, Basis, PipelineModel, Project, Settings, Stage
from torap.engines.pipeline.rates import RateTable, StageRates, rate_table
from torap.engines.pipeline.spending import Common, Course, common_draws, course, yearly

FAN = (10, 20, 50, 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """A quantity by year. All (Y,) float64 dollars; percentile: not exceeded in so many of 100."""

    p10: np.ndarray
    p20: np.ndarray
    p50: np.ndarray
    p80: np.ndarray
    mean: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class YearChance:
    """How likely a year brings at least the lower and at least the upper end of its target, 0 to 1."""

    year: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one project brings [dollars, means over the trials].

    `years`: (Y,); `earlier`, `later`: outside the years; `dropped`: not spent because the project is lost;
    `never`: not spent because it never goes on; `unspent`: left over of a project whose work is finished.
    Together with `spent_undated` they make up the amount.
    `native`: the mean of the years in the currency of the amount. `starts`: chance that money flows.
    """

    project: Project
    usd: float
    years: np.ndarray
    earlier: float
    later: float
    dropped: float
    never: float
    unspent: float
    spent_undated: float
    native: np.ndarray
    starts: float
    basis: Basis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Projects by what nobody said of them, as ids. The first three are in no sum.

    `no_rate`: nothing is known, and nothing assumed, of how such projects go on. `no_since`: the day of the
    present stage; `no_promise`: when it is to be complete; `no_site`: when its site is ready.
    `only_announced`: nothing firmer. `undated`: part of the amount was spent in years nobody named.
    """

    no_amount: tuple[str, ...] = ()
    no_stage: tuple[str, ...] = ()
    no_rate: tuple[str, ...] = ()
    no_since: tuple[str, ...] = ()
    no_promise: tuple[str, ...] = ()
    no_site: tuple[str, ...] = ()
    only_announced: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    undated_usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineResult:
    """The answer. `years` (Y,) int64; `samples` (S, Y) float64 dollars by trial, so that two answers compare
    trial by trial; `named_usd`: the amounts of all counted projects; `goal`: chance of the goal's sum.
    """

    settings: Settings
    years: np.ndarray
    yearly: Fan
    cumulative: Fan
    chances: tuple[YearChance, ...]
    goal: float | None
    goal_fan: Fan | None
    contributions: tuple[Contribution, ...]
    by_pool: dict[tuple[str, ...], np.ndarray]
    rates: tuple[StageRates, ...]
    unknown: Unknown
    projects: int
    named_usd: float
    samples: np.ndarray


def simulate_pipeline(model: PipelineModel, settings: Settings) -> PipelineResult:
    """Draw how every project goes on and add up what it spends. `EngineInputError` names a row at fault.

    Each identity is counted once, whatever number of pools tell of it.
    """
    check(model, settings)
    projects = merged(model.projects)
    table = rate_table(model)
    counted = [row for row in projects if _counted(row, table)]
    common = common_draws(model, table, settings)
    years = np.arange(model.first_year, model.last_year + 1)
    samples = np.zeros((settings.trials, years.size))
    contributions = []
    for row in counted:
        one, drawn = _contribution(row, model, table, common, settings)
        samples += drawn.T
        contributions.append(one)
    goal, goal_fan = _goal(model, years, samples)
    return PipelineResult(
        settings=settings,
        years=years,
        yearly=_fan(samples),
        cumulative=_fan(np.cumsum(samples, axis=1)),
        chances=_chances(model, years, samples),
        goal=goal,
        goal_fan=goal_fan,
        contributions=tuple(contributions),
        by_pool=_by_pool(contributions, years.size),
        rates=tuple(table.values()),
        unknown=_unknown(projects, model, table),
        projects=len(projects),
        named_usd=sum(one.usd for one in contributions),
        samples=samples,
    )


def _counted(row: Project, table: RateTable) -> bool:
    return row.amount is not None and row.stage is not None and not _no_rate(row, table)


def _ahead(row: Project, table: RateTable) -> list[StageRates]:
    """The rates a project still depends on before its money flows."""
    if row.stage is None or row.stage not in WAITING:
        return []
    return [table[row.rate_class, stage] for stage in WAITING[STAGES.index(row.stage) :]]


def _no_rate(row: Project, table: RateTable) -> bool:
    return any(not rates.known for rates in _ahead(row, table))


def _contribution(
    row: Project, model: PipelineModel, table: RateTable, common: Common, settings: Settings
) -> tuple[Contribution, np.ndarray]:
    """One project over the trials, and its (Y, S) dollars."""
    amount = row.amount
    if amount is None:
        raise EngineInputError("amount_missing", where=row.id)
    usd = amount.usd
    spent = None if row.spent is None else row.spent / amount.per_usd
    found = course(row, model, table, common, settings)
    drawn = yearly(row, found, model, usd, spent)
    means = drawn.mean(axis=1)
    never = _never(found, usd - (spent or 0.0))
    unspent = _unspent(found, usd - (spent or 0.0), drawn)
    ahead = _ahead(row, table)
    one = Contribution(
        project=row,
        usd=usd,
        years=means[1:-1],
        earlier=float(means[0]),
        later=float(means[-1]),
        dropped=usd - (spent or 0.0) - float(means.sum()) - never - unspent,
        never=never,
        unspent=unspent,
        spent_undated=spent or 0.0,
        native=means[1:-1] * amount.per_usd,
        starts=float(np.mean(np.isfinite(found.start))),
        basis=(Basis.ASSUMED if any(rates.assumed for rates in ahead) else Basis.OBSERVED) if ahead else None,
    )
    return one, drawn[1:-1]


def _never(found: Course, usd: float) -> float:
    return float(usd * np.mean(~np.isfinite(found.start) & ~found.lost))


def _unspent(found: Course, usd: float, drawn: np.ndarray) -> float:
    """What is left [dollars, mean] in the trials whose work ended as it should: it was over by the base day,
    and less than the amount had been spent."""
    ended = np.isfinite(found.start) & ~found.lost
    return float(np.where(ended, (usd - drawn.sum(axis=0)).clip(min=0.0), 0.0).mean())


def _fan(samples: np.ndarray) -> Fan:
    p10, p20, p50, p80 = np.percentile(samples, FAN, axis=0)
    return Fan(p10=p10, p20=p20, p50=p50, p80=p80, mean=samples.mean(axis=0))


def _chances(model: PipelineModel, years: np.ndarray, samples: np.ndarray) -> tuple[YearChance, ...]:
    found = []
    for target in sorted(model.targets, key=lambda row: row.year):
        if years[0] <= target.year <= years[-1]:
            of_year = samples[:, target.year - years[0]]
            low, high = (float(np.mean(of_year >= end)) for end in (target.low_usd, target.high_usd))
            found.append(YearChance(year=target.year, low=low, high=high))
    return tuple(found)


def _goal(model: PipelineModel, years: np.ndarray, samples: np.ndarray) -> tuple[float | None, Fan | None]:
    """The chance of the goal, and the sum since its first year as a fan over the years up to its last."""
    goal = model.goal
    if goal is None:
        return None, None
    inside = samples[:, (years >= goal.from_year) & (years <= goal.by_year)]
    sums = np.cumsum(inside, axis=1)
    return float(np.mean(sums[:, -1] >= goal.usd)), _fan(sums)


def _by_pool(rows: list[Contribution], years: int) -> dict[tuple[str, ...], np.ndarray]:
    """Means by year by set of pools: a project of two pools stands once, under both names."""
    found: dict[tuple[str, ...], np.ndarray] = {}
    for row in rows:
        pools = row.project.pools
        found[pools] = found.get(pools, np.zeros(years)) + row.years
    return dict(sorted(found.items()))


def _unknown(projects: tuple[Project, ...], model: PipelineModel, table: RateTable) -> Unknown:
    waiting = [row for row in projects if row.stage in WAITING]
    open_ones = [row for row in projects if row.stage != Stage.REALISED]
    undated = [row for row in projects if row.spent and row.amount is not None]
    return Unknown(
        no_amount=_ids(row for row in projects if row.amount is None),
        no_stage=_ids(row for row in projects if row.stage is None),
        no_rate=_ids(row for row in waiting if _no_rate(row, table)),
        no_since=_ids(row for row in projects if row.stage is not None and row.since is None),
        no_promise=_ids(
            row for row in open_ones if row.promised is None and row.finish not in model.finishes
        ),
        no_site=_ids(row for row in waiting if row.place not in model.ready),
        only_announced=_ids(row for row in projects if row.stage == Stage.ANNOUNCED),
        undated=_ids(undated),
        undated_usd=sum((row.spent or 0.0) / row.amount.per_usd for row in undated if row.amount is not None),
    )


def _ids(rows: Iterable[Project]) -> tuple[str, ...]:
    return tuple(row.id for row in rows)
