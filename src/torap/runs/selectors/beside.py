"""The forecasts beside the dates of one page, in as few questions as can be: every page asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.model import ForecastLine, RunLine
from torap.runs.models import Forecast, Run, RunKind
from torap.runs.selectors.lines import forecast_lines, run_line
from torap.runs.selectors.runs import runs_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Forecasts by key, and the newest real run of that day; None without one."""

    lines: Mapping[str, ForecastLine]
    run: RunLine | None


def forecasts_beside(keys: Collection[str], known: AsKnown) -> Beside:
    """Forecasts of these nodes: real ones from the newest real run, invented ones from the newest invented
    run. Three queries, one without runs."""
    return _forecasts_beside(tuple(sorted(set(keys))), known)


@while_unchanged
def _forecasts_beside(keys: tuple[str, ...], known: AsKnown) -> Beside:
    newest = Q()
    for invented in (False, True):
        newest |= Q(pk=Subquery(_newest(known, invented=invented)))
    runs = {row.pk: run_line(row) for row in runs_shown(known).filter(newest)}
    real = next((run for run in runs.values() if not run.invented), None)
    if not runs or not keys:
        return Beside(lines={}, run=real)
    rows = list(Forecast.objects.filter(run__in=list(runs), key__in=keys, invented=F("run__invented")))
    found: dict[str, ForecastLine] = {}
    for pk, run in runs.items():
        found |= {line.key: line for line in forecast_lines((row for row in rows if row.run_id == pk), run)}
    return Beside(lines=found, run=real)


def _newest(known: AsKnown, *, invented: bool) -> QuerySet[Run, Any]:
    rows = runs_shown(known).filter(kind=RunKind.FORECAST, invented=invented, result__isnull=False)
    return rows.order_by("-known_on", "-pk").values("pk")[:1]
