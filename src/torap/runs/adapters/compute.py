"""Computing a frozen input: the same input, seed, trials and sampling give the same rows, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torap import __version__
from torap.engines.schedule.columns import columns_of
from torap.engines.schedule.draws import DRAWS
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.risk_check import check
from torap.engines.schedule.simulate import simulate
from torap.engines.schedule.uncertain import RiskPlan, RiskResult, Sampling, Settings
from torap.engines.schedule.worktime import ALWAYS
from torap.runs.adapters.plan import Told, told_plan
from torap.runs.adapters.result import forecast_rows

PLAN = 2  # counts up whenever the same frozen input becomes another plan
ENGINE = f"torap {__version__} plan {PLAN} draws {DRAWS}"
OPEN = frozenset({"class", "schedule", "blend", "links"})
NO_PLAN = Plan(start=0, activities=(), links=(), calendars={ALWAYS.id: ALWAYS}, calendar=ALWAYS.id)
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The rows of a run, and what they came from; `result` is None where nothing was open."""

    rows: list[dict[str, Any]]
    told: Told
    result: RiskResult | None


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
) -> Computed:
    """Simulate a frozen input. `previous`: what another input with the same settings gave; only what a change
    can reach is computed anew. EngineInputError names the node at fault."""
    told = told_plan(content, goals=goals)
    if not any(found in OPEN for found in told.basis.values()):
        return Computed(rows=forecast_rows(content, told, None), told=told, result=None)
    before = previous.result if previous is not None else None
    check(told.risk_plan, settings)
    columns = columns_of(told.risk_plan)
    told = replace(told, risk_plan=RiskPlan(plan=NO_PLAN))
    result = simulate(columns, settings, progress=progress, previous=before)
    return Computed(rows=forecast_rows(content, told, result), told=told, result=result)
