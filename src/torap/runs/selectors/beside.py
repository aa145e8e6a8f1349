"""The forecasts beside the dates of one page, in one question: every page asks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.model import ForecastLine
from torap.runs.models import Forecast, Run, RunKind
from torap.runs.selectors.lines import forecast_line, run_line
from torap.runs.selectors.runs import pictured, runs_shown

_RUN = ("run", "run__progress", "run__result", "run__scenario", "run__base")
_HEAVY = ("run__content", "run__result__content", "run__base__content")


def forecasts_beside(keys: Collection[str], known: AsKnown) -> dict[str, ForecastLine]:
    """Forecasts of these nodes by key: real ones from the run that pages of that day show, invented ones from
    the newest invented run; those without are left out. The bodies that owe them are not named: the page
    does. One query, none without keys."""
    return dict(_forecasts_beside(tuple(sorted(set(keys))), known)) if keys else {}


def forecasts_of_places(codes: Collection[str], known: AsKnown) -> list[ForecastLine]:
    """Forecasts of these places themselves, by key: of their networks, and of plots that they are ready. From
    the newest runs, as `forecasts_beside`. One query, none without codes."""
    return list(_forecasts_of_places(tuple(sorted(set(codes))), known)) if codes else []


@while_unchanged
def _forecasts_of_places(codes: tuple[str, ...], known: AsKnown) -> list[ForecastLine]:
    found = _lines(Q(subject__in=codes, kind__in=("utility", "plot")), known)
    return sorted(found.values(), key=lambda line: line.key)


@while_unchanged
def _forecasts_beside(keys: tuple[str, ...], known: AsKnown) -> dict[str, ForecastLine]:
    return _lines(Q(key__in=keys), known)


def _lines(wanted: Q, known: AsKnown) -> dict[str, ForecastLine]:
    newest = Q()
    for invented in (False, True):
        newest |= Q(run=Subquery(_newest(known, invented=invented)), invented=invented)
    rows = Forecast.objects.filter(newest, wanted, invented=F("run__invented"))
    return {
        row.key: forecast_line(row, {}, run_line(row.run))
        for row in rows.select_related(*_RUN).defer(*_HEAVY)
    }


def _newest(known: AsKnown, *, invented: bool) -> QuerySet[Run, Any]:
    rows = runs_shown(known).filter(kind=RunKind.FORECAST, invented=invented, result__isnull=False)
    return pictured(rows).values("pk")[:1]
