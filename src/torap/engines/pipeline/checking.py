"""Refuses what cannot be computed, naming the row at fault, before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.pipeline.model import Amount, PipelineModel, Project, RateClass, Settings

YEARS_AT_MOST = 60
TRIALS_AT_MOST = 1_000_000


def check(model: PipelineModel, settings: Settings) -> None:
    """Raise `EngineInputError` (code, `where`: the row) for the first thing that cannot be computed."""
    if not 1 <= settings.trials <= TRIALS_AT_MOST:
        raise EngineInputError("trials_out_of_range", where="trials", value=settings.trials)
    if not 0 <= model.last_year - model.first_year < YEARS_AT_MOST:
        raise EngineInputError(
            "years_out_of_range", where="years", first=model.first_year, last=model.last_year
        )
    for name, value in (("pace", model.pace), ("fate", model.fate)):
        if not 0 <= value <= 1:
            raise EngineInputError("correlation_out_of_range", where=name, value=value)
    _positive(model.worth, "worth", "worth")
    _once([row.id for row in model.projects], "project_twice")
    _once([row.code for row in model.classes], "class_twice")
    _once([row.stage for row in model.assumptions], "assumption_twice")
    _classes(model)
    for project in model.projects:
        _project(project, model)
    for rows in (model.ready, model.finishes):
        _samples(rows, settings.trials)
    _targets(model)


def _project(row: Project, model: PipelineModel) -> None:
    if row.amount is not None:
        _amount(row.amount, row.id)
    if row.spent is not None and not 0 <= row.spent < math.inf:
        raise EngineInputError("spent_negative", where=row.id, value=row.spent)
    if row.spent and row.amount is not None and row.spent > row.amount.value:
        raise EngineInputError("spent_above_amount", where=row.id, spent=row.spent, amount=row.amount.value)
    _positive(row.length.median_years, row.id, "length")
    _not_negative(row.length.sigma, row.id, "sigma")
    if row.since is not None and row.since > model.base:
        raise EngineInputError("stage_in_the_future", where=row.id, since=row.since.isoformat())
    if row.rate_class and row.rate_class not in {one.code for one in model.classes}:
        raise EngineInputError("class_unknown", where=row.id, value=row.rate_class)


def _amount(amount: Amount, where: str) -> None:
    _positive(amount.value, where, "amount")
    _positive(amount.per_usd, where, "per_usd")


def _classes(model: PipelineModel) -> None:
    known = {row.code: row for row in model.classes}
    for row in model.classes:
        if row.parent and row.parent not in known:
            raise EngineInputError("class_unknown", where=row.code, value=row.parent)
        _no_loop(row, known)
        for passage in row.passages:
            lost = passage.lost or 0.0
            for name in ("passed", "exposure_years", "after_years"):
                _not_negative(getattr(passage, name), f"{row.code}/{passage.stage}", name)
            _not_negative(lost, f"{row.code}/{passage.stage}", "lost")
            if passage.passed + lost > 0 and passage.exposure_years == 0:
                raise EngineInputError("passages_without_time", where=f"{row.code}/{passage.stage}")
        _once([f"{row.code}/{one.stage}/{one.after_years:g}" for one in row.passages], "passage_twice")
    for one in model.assumptions:
        for name in ("pass_per_year", "lost_per_year"):
            _not_negative(getattr(one, name), one.stage, name)
        _positive(one.worth, one.stage, "worth")


def _no_loop(row: RateClass, known: Mapping[str, RateClass]) -> None:
    seen, code = {row.code}, row.parent
    while code:
        if code in seen:
            raise EngineInputError("class_loop", where=row.code, value=code)
        seen.add(code)
        code = known[code].parent if code in known else ""


def _samples(rows: Mapping[str, np.ndarray], trials: int) -> None:
    for key, samples in rows.items():
        if samples.shape != (trials,):
            raise EngineInputError("samples_of_other_trials", where=key, found=samples.shape, trials=trials)
        if not np.issubdtype(samples.dtype, np.integer):
            raise EngineInputError("samples_not_whole", where=key, found=str(samples.dtype))


def _targets(model: PipelineModel) -> None:
    _once([str(row.year) for row in model.targets], "target_twice")
    for row in model.targets:
        if not 0 <= row.low_usd <= row.high_usd < math.inf:
            raise EngineInputError(
                "target_out_of_range", where=str(row.year), low=row.low_usd, high=row.high_usd
            )
    goal = model.goal
    if goal is None:
        return
    _positive(goal.usd, "goal", "usd")
    if not model.first_year <= goal.from_year <= goal.by_year <= model.last_year:
        raise EngineInputError("goal_outside_years", where="goal", first=goal.from_year, last=goal.by_year)


def _once(names: Iterable[str], code: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise EngineInputError(code, where=name)
        seen.add(name)


def _positive(value: float, where: str, name: str) -> None:
    if not 0 < value < math.inf:
        raise EngineInputError("not_positive", where=where, field=name, value=value)


def _not_negative(value: float, where: str, name: str) -> None:
    if not 0 <= value < math.inf:
        raise EngineInputError("negative", where=where, field=name, value=value)
