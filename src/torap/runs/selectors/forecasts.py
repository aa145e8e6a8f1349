"""Forecasts beside the dates of a page, and lists of them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, DurationField, ExpressionWrapper, F, Q, QuerySet, When

from torap.common.errors import BadInput
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.runs.model import ORDERS, ForecastFilters, ForecastLine, ForecastPage
from torap.runs.models import Basis, Forecast
from torap.runs.selectors.lines import forecast_lines
from torap.runs.selectors.runs import newest_run, run_get


def forecast_of(keys: Collection[str], known: AsKnown) -> dict[str, ForecastLine]:
    """Forecasts of these nodes (`milestone:CODE`, `instruction:CODE`, …) by key; those without are left out.

    Real nodes from the newest real run, invented ones from the newest invented run. At most six queries.
    """
    return dict(_forecast_of(tuple(sorted(set(keys))), known))


@while_unchanged
def _forecast_of(keys: tuple[str, ...], known: AsKnown) -> dict[str, ForecastLine]:
    found: dict[str, ForecastLine] = {}
    for invented in (False, True):
        run = newest_run(known, invented=invented) if keys else None
        if run is not None:
            rows = Forecast.objects.filter(run__code=run.code, key__in=keys, invented=invented)
            found |= {line.key: line for line in forecast_lines(rows, run)}
    return found


@while_unchanged
def forecast_list(
    known: AsKnown,
    filters: ForecastFilters | None = None,
    order: str = "chance",
    offset: int = 0,
    limit: int = 50,
) -> ForecastPage:
    """Part of the list of the newest run, or of the run asked for: NotFound where a page of that day may not
    show it. Orders: chance (worst first), due, p80, late (against the date due, most first), name. BadInput
    for another. At most four queries."""
    if order not in ORDERS:
        raise BadInput("unknown_choice", field="order", value=order, allowed=", ".join(ORDERS))
    wanted = filters or ForecastFilters()
    run = run_get(wanted.run, known) if wanted.run else newest_run(known, invented=wanted.invented)
    if run is None:
        return ForecastPage(run=None, rows=(), total=0, offset=offset)
    rows = _wanted(Forecast.objects.filter(run__code=run.code), wanted)
    total = rows.count()
    part = _ordered(rows, order)[offset : offset + limit]
    return ForecastPage(run=run, rows=tuple(forecast_lines(part, run)), total=total, offset=offset)


def _wanted(rows: QuerySet[Forecast], wanted: ForecastFilters) -> QuerySet[Forecast]:
    same = {name: getattr(wanted, name) for name in ("kind", "holder", "subject", "region", "basis")}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if wanted.open_only and wanted.basis != Basis.DONE:
        rows = rows.exclude(basis=Basis.DONE)
    if wanted.below is not None:
        rows = rows.filter(chance__lt=wanted.below)
    if wanted.due_to is not None:
        rows = rows.filter(due__lte=wanted.due_to)
    for word in wanted.words.split():
        names = Q()
        for name in ("name_en", "name_ru", "name_kk", "code", "subject"):
            names |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(names)
    return rows


def _ordered(rows: QuerySet[Forecast], order: str) -> QuerySet[Forecast]:
    if order == "name":
        return rows.order_by("name_en", "key")
    if order == "due":
        return rows.order_by(F("due").asc(nulls_last=True), "key")
    if order == "p80":  # beyond the horizon is later than any day; what has no forecast comes last
        known = Case(When(basis=Basis.NONE, then=2), When(p80__isnull=True, then=1), default=0)
        return rows.order_by(known, F("p80").asc(nulls_last=True), "key")
    if order == "late":
        late = ExpressionWrapper(F("p50") - F("due"), output_field=DurationField())
        return rows.annotate(late=late).order_by(F("late").desc(nulls_last=True), "key")
    return rows.order_by(F("chance").asc(nulls_last=True), F("due").asc(nulls_last=True), "key")
