"""Computing a frozen input: the same input, seed, trials and sampling give the same rows, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torap import __version__
from torap.engines.schedule.columns import Columns, columns_of
from torap.engines.schedule.draws import DRAWS
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.results import FIGURED
from torap.engines.schedule.risk_check import check
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, RiskResult, Sampling, Settings
from torap.engines.schedule.worktime import ALWAYS
from torap.runs.adapters.plan import Told, told_plan
from torap.runs.adapters.result import forecast_rows
from torap.runs.adapters.wholes import wholes_watched

PLAN = 6  # counts up whenever the same frozen input becomes another plan, or tells other causes
ENGINE = f"torap {__version__} plan {PLAN} draws {DRAWS} figures {FIGURED}"
WATCHED = 1_000  # of up to so many nodes every trial is kept, so that their percentiles are exact
HALF = 0.6  # share of the work that the first of two sets of trials is
OPEN = frozenset({"class", "schedule", "blend", "links"})
NO_PLAN = Plan(start=0, activities=(), links=(), calendars={ALWAYS.id: ALWAYS}, calendar=ALWAYS.id)
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The rows of a run, and what they came from; `result` is None where nothing was open. `bounds`: the same
    trials with every pace that only the rule for a tail gives put where that begins; None where none is."""

    rows: list[dict[str, Any]]
    told: Told
    result: RiskResult | None
    bounds: RiskResult | None = None


def settings_of(trials: int, seed: int, sampling: str) -> Settings:
    """How the trials are made."""
    return Settings(trials=trials, seed=seed, sampling=Sampling(sampling))


def computed(
    content: Mapping[str, Any],
    settings: Settings,
    *,
    progress: Progress | None = None,
    previous: Computed | None = None,
    goals: Iterable[str] | None = None,
    watched: Iterable[str] = (),
) -> Computed:
    """Simulate a frozen input. EngineInputError names the node at fault.

    `previous`: what another input with the same settings gave; where both make one plan its trials are given
    back, else all are made anew: keeping the dates between parts of the plan was measured to gain nothing
    here, for a network ends in one point that nearly every change moves. `watched`: nodes whose every trial
    is wanted without what moves it; those of wholes and what they wait for are kept besides.
    """
    keys = [row["key"] for row in content["nodes"]]
    kept = keys if len(keys) <= WATCHED else []
    of_wholes = [] if kept else wholes_watched(content)
    told = told_plan(content, goals=goals, watched=[*watched, *kept, *of_wholes])
    if not any(found in OPEN for found in told.basis.values()):
        return Computed(rows=forecast_rows(content, told, None), told=told, result=None)
    share = HALF if told.beyond else 1.0
    columns, told = _columns(told, settings)
    result = simulate(
        columns,
        settings,
        progress=_part(progress, 0.0, share),
        previous=previous.result if previous is not None else None,
    )
    bounds = None
    if told.beyond:
        seen = told_plan(content, goals=(), watched=kept or [*(goals or ())], seen_only=True)
        columns, seen = _columns(seen, settings)
        bounds = simulate(
            columns,
            settings,
            progress=_part(progress, share, 1.0),
            previous=previous.bounds if previous is not None else None,
        )
    rows = forecast_rows(content, told, result, bounds)
    return Computed(rows=rows, told=told, result=result, bounds=bounds)


def _columns(told: Told, settings: Settings) -> tuple[Columns, Told]:
    """The plan as arrays, and what was told without it: nobody holds a nation's plan while it is computed."""
    check(told.risk_plan, settings)
    return columns_of(told.risk_plan), replace(told, risk_plan=RiskPlan(plan=NO_PLAN))


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Tells the shares of a part of the work as shares of the whole."""
    return None if progress is None else lambda share: progress(start + share * (end - start))
