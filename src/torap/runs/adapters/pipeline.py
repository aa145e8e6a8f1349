"""A frozen pipeline through its engine, and the answer as plain values: what a run keeps and pages show."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from torap.engines.pipeline.extrapolate import Extrapolation, extrapolate
from torap.engines.pipeline.model import (
    Amount,
    Assumption,
    Goal,
    Length,
    Passage,
    PipelineModel,
    Profile,
    Project,
    RateClass,
    Settings,
    Stage,
    YearTarget,
)
from torap.engines.pipeline.rates import StageRates
from torap.engines.pipeline.simulate import Contribution, Fan, PipelineResult, simulate_pipeline
from torap.runs.adapters.pipeline_input import node_keys
from torap.runs.frozen import day_of

PLACES = 6  # figures after the point of what is kept, in billions: the same on every machine
BILLION = 1e9
OTHERS = "other_than_"

__all__ = ["pipeline_goals", "pipeline_model", "pipeline_output"]


def pipeline_goals(frozen: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the nodes whose every trial the pipeline would like: when projects are complete."""
    return node_keys(frozen)


def pipeline_model(
    frozen: Mapping[str, Any],
    *,
    finishes: Mapping[str, np.ndarray],
    trials: int,
    with_assumptions: bool = True,
) -> PipelineModel:
    """The engine's model. `finishes`: node -> (S,) minutes. The broader class of a type is all the others."""
    types = sorted({row["class"] for row in frozen["projects"]})
    classes = [
        RateClass(code=code, parent=f"{OTHERS}{code}", passages=_passages(frozen, [code])) for code in types
    ]
    classes += [
        RateClass(
            code=f"{OTHERS}{code}", passages=_passages(frozen, [other for other in types if other != code])
        )
        for code in types
    ]
    goal = frozen["goal"]
    return PipelineModel(
        base=dt.date.fromisoformat(frozen["known_on"]),
        first_year=frozen["first_year"],
        last_year=frozen["last_year"],
        projects=tuple(_project(row) for row in frozen["projects"]),
        classes=tuple(classes),
        assumptions=tuple(_assumption(row) for row in frozen["assumptions"]) if with_assumptions else (),
        worth=frozen["worth"],
        ready=_ready(frozen, finishes, trials),
        finishes=dict(finishes),
        targets=tuple(
            YearTarget(year=year, low_usd=low * BILLION, high_usd=high * BILLION)
            for year, low, high in frozen["targets"]
        ),
        goal=Goal(usd=goal["value"] * BILLION, from_year=goal["from_year"], by_year=goal["by_year"])
        if goal
        else None,
        pace=frozen["pace"],
        fate=frozen["fate"],
    )


def pipeline_output(
    frozen: Mapping[str, Any],
    *,
    trials: int,
    seed: int,
    finishes: Mapping[str, np.ndarray] | None = None,
) -> dict[str, Any]:
    """The forecast from below (with the declared assumptions and without) and from above, in billions of
    dollars.

    `finishes`: node key -> (S,) minutes, from the network's own trials; what is not there is not waited for,
    and counted as not known.
    """
    settings = Settings(trials=trials, seed=seed)
    given = finishes or {}
    known = {key: given[key].astype(np.int64) for key in node_keys(frozen) if key in given}
    model = pipeline_model(frozen, finishes=known, trials=trials)
    strict = pipeline_model(frozen, finishes=known, trials=trials, with_assumptions=False)
    below, recorded = simulate_pipeline(model, settings), simulate_pipeline(strict, settings)
    above = extrapolate(
        {int(year): value for year, value in frozen["measured"].items()},
        first_year=model.first_year,
        last_year=model.last_year,
        settings=settings,
        targets=tuple(
            YearTarget(year=year, low_usd=low, high_usd=high) for year, low, high in frozen["targets"]
        ),
        goal=Goal(usd=goal["value"], from_year=goal["from_year"], by_year=goal["by_year"])
        if (goal := frozen["goal"])
        else None,
    )
    return {
        "trials": trials,
        "seed": seed,
        "below": _below(below),
        "recorded": _below(recorded),
        "above": _above(above) if above is not None else None,
        "no_exchange": [row["id"] for row in frozen["projects"] if row.get("no_exchange")],
    }


def _project(row: Mapping[str, Any]) -> Project:
    amount, length = row["amount"], row["length"]
    return Project(
        id=row["id"],
        identity=row["identity"],
        amount=Amount(
            value=amount["value"],
            currency=amount["currency"],
            per_usd=amount["per_usd"],
            rate_on=day_of(amount["rate_on"]),
        )
        if amount
        else None,
        spent=row["spent"],
        stage=Stage(row["stage"]) if row["stage"] else None,
        since=day_of(row["since"]),
        promised=day_of(row["promised"]),
        finish=row["finish"],
        place=row["ready"],
        pools=tuple(row["pools"]),
        rate_class=row["class"],
        length=Length(
            median_years=length["median_years"], sigma=length["sigma"], profile=Profile(length["profile"])
        ),
    )


def _passages(frozen: Mapping[str, Any], types: Sequence[str]) -> tuple[Passage, ...]:
    """What was seen of these types of project together. Losses are not recorded: nothing is said of them."""
    passed: dict[str, float] = defaultdict(float)
    years: dict[str, float] = defaultdict(float)
    for code in types:
        for row in frozen["passages"].get(code, ()):
            passed[row["stage"]] += row["passed"]
            years[row["stage"]] += row["exposure_years"]
    return tuple(
        Passage(stage=Stage(stage), passed=passed[stage], lost=None, exposure_years=years[stage])
        for stage in sorted(years)
        if years[stage] > 0
    )


def _ready(
    frozen: Mapping[str, Any], finishes: Mapping[str, np.ndarray], trials: int
) -> dict[str, np.ndarray]:
    """When each site works, in every trial: since ever where it does already, else by the first of its
    milestones that is there; sites nobody knows of are left out.
    """
    found = {}
    for code, site in frozen["sites"].items():
        samples = [finishes[key] for key in site["keys"] if key in finishes]
        if site["since"]:
            found[code] = np.zeros(trials, dtype=np.int64)
        elif samples:
            found[code] = np.minimum.reduce(samples)
    return found


def _assumption(row: Mapping[str, Any]) -> Assumption:
    return Assumption(
        stage=Stage(row["stage"]),
        pass_per_year=row["pass_per_year"],
        lost_per_year=row["lost_per_year"],
        worth=row["worth"],
    )


def _below(found: PipelineResult) -> dict[str, Any]:
    return {
        "years": found.years.tolist(),
        "yearly": _fan(found.yearly),
        "cumulative": _fan(found.cumulative),
        "chances": [{"year": row.year, "low": row.low, "high": row.high} for row in found.chances],
        "goal": found.goal,
        "named": _bn(found.named_usd),
        "projects": found.projects,
        "counted": [_contribution(row) for row in found.contributions],
        "pools": [
            {"pools": list(pools), "years": [_bn(value) for value in years]}
            for pools, years in found.by_pool.items()
        ],
        "rates": [
            _rates(row) for row in found.rates if row.rate_class and not row.rate_class.startswith(OTHERS)
        ],
        "unknown": {
            name: list(getattr(found.unknown, name))
            for name in (
                "no_amount",
                "no_stage",
                "no_rate",
                "no_since",
                "no_promise",
                "no_site",
                "only_announced",
                "undated",
            )
        }
        | {"undated_sum": _bn(found.unknown.undated_usd)},
    }


def _fan(fan: Fan) -> dict[str, list[float]]:
    return {
        name: [_bn(value) for value in getattr(fan, name)] for name in ("p10", "p20", "p50", "p80", "mean")
    }


def _contribution(row: Contribution) -> dict[str, Any]:
    return {
        "id": row.project.id,
        "stage": str(row.project.stage),
        "amount": _bn(row.usd),
        "years": [_bn(value) for value in row.years],
        "earlier": _bn(row.earlier),
        "later": _bn(row.later),
        "dropped": _bn(row.dropped),
        "never": _bn(row.never),
        "unspent": _bn(row.unspent),
        "undated": _bn(row.spent_undated),
        "starts": round(row.starts, PLACES),
        "basis": str(row.basis) if row.basis else "",
    }


def _rates(row: StageRates) -> dict[str, Any]:
    piece = row.pieces[0]
    return {
        "class": row.rate_class,
        "stage": str(row.stage),
        "passes": _rate(piece.passes),
        "lost": _rate(piece.lost),
    }


def _rate(rate: Any) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {
        "mean": round(rate.mean, PLACES),
        "low": round(rate.low, PLACES),
        "high": round(rate.high, PLACES),
        "n": rate.n,
        "exposure_years": round(rate.exposure_years, PLACES),
        "basis": str(rate.basis),
    }


def _above(found: Extrapolation) -> dict[str, Any]:
    def row(values: np.ndarray) -> list[float]:
        return [round(float(value), PLACES) for value in values]

    return {
        "years": found.years.tolist(),
        "n": found.n,
        "measured": {str(year): value for year, value in sorted(found.measured.items())},
        "p10": row(found.p10),
        "p20": row(found.p20),
        "p50": row(found.p50),
        "p80": row(found.p80),
        "chances": [{"year": one.year, "low": one.low, "high": one.high} for one in found.chances],
        "goal": found.goal,
        "goal_years": found.goal_years.tolist(),
        "goal_p10": row(found.goal_p10),
        "goal_p20": row(found.goal_p20),
        "goal_p50": row(found.goal_p50),
        "goal_p80": row(found.goal_p80),
    }


def _bn(usd: float) -> float:
    return round(float(usd) / BILLION, PLACES)
