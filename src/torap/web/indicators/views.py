"""National figures: parse the address, ask the registry, render."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.common.errors import NotFound
from torap.publish.tables import csv_response
from torap.registry import selectors as registry
from torap.rules.known import AsKnown
from torap.runs.selectors import PipelineView, pipeline_codes, pipeline_view
from torap.web.indicators import presenters
from torap.web.presenters import pipeline
from torap.web.presenters.figures import figure_groups
from torap.web.presenters.invented import real
from torap.web.presenters.links import known_link
from torap.web.presenters.targets import LIST_HEADER, targets_for
from torap.web.requests import KnownRequest


def indicator_list(request: KnownRequest) -> HttpResponse:
    """All national figures, by programme: the newest measurement beside the next target."""
    known = request.known
    indicators = registry.indicator_list(known=known)
    rows = presenters.indicator_rows(
        indicators, registry.figures_many([row.pk for row in indicators], known), known
    )
    targets = targets_for(known)
    if request.GET.get("format") == "csv" and request.GET.get("part") == "targets":
        return csv_response("targets", LIST_HEADER, targets.csv)
    if request.GET.get("format") == "csv":
        return csv_response("figures", presenters.LIST_HEADER, presenters.list_csv(rows))
    context = {
        "groups": presenters.by_programme(rows),
        "count": len(real(rows)),
        "targets": targets,
        "unmeasured": sum(1 for row in real(rows) if row.observed is None),
        "invented_present": any(row.invented for row in rows),
    }
    return render(request, "torap/indicators/list.html", context)


def indicator(request: KnownRequest, code: str) -> HttpResponse:
    """One national figure year by year, its targets as they changed, and every other claim about it."""
    known = request.known
    series = registry.indicator_series(code, known)
    rows = presenters.year_rows(series, known)
    targets = targets_for(known, presenters.subjects_of(series))
    if request.GET.get("format") == "csv" and request.GET.get("part") == "targets":
        return csv_response(f"targets-{code}", LIST_HEADER, targets.csv)
    if request.GET.get("format") == "csv":
        return csv_response(f"figure-{code}", presenters.SERIES_HEADER, presenters.series_csv(series))
    context: dict[str, Any] = {
        "indicator": series.indicator,
        "series": series,
        "gap": presenters.gap_of_series(series),
        "rows": rows,
        "chart": presenters.target_chart(series, known),
        "chart_words": presenters.chart_words(series),
        "aims": presenters.aim_rows(series, known),
        "groups": figure_groups(presenters.measured_others(series), known),
        "pipeline": _pipeline(code, known),
        "targets": targets,
        "newest": presenters.newest(series),
        "crumbs": [(_("National figures"), known_link(known, "indicator_list"))],
        "invented_present": series.indicator.invented or any(row.invented for row in series.others),
    }
    return render(request, "torap/indicators/indicator.html", context)


def indicator_pipeline(request: KnownRequest, code: str) -> HttpResponse:
    """How the target of investment may be reached: projects, measured years, and what nobody said.

    `?invented=1`: the projects of the invented network, apart, against no target.
    """
    known, unreal = request.known, request.GET.get("invented") == "1"
    view = _view_of(code, known, invented=unreal)
    if view is None:
        raise NotFound("not_found", field="code", entity="pipeline", value=code)
    if request.GET.get("format") == "csv":
        return csv_response(f"pipeline-{code}", pipeline.CSV_HEADER, pipeline.pipeline_csv(view))
    assumed = request.GET.get("assumed") != "no"
    below = view.below if assumed else view.recorded
    shown = registry.indicator_get(code)
    context: dict[str, Any] = {
        "indicator": shown,
        "measured": shown if view.measured_code in ("", code) else registry.indicator_get(view.measured_code),
        "view": view,
        "pipeline": pipeline.section(view, known, code, assumed=assumed),
        "parts": pipeline.part_rows(below, known),
        "parts_left": max(len(below.parts) - pipeline.PARTS_SHOWN, 0),
        "rates": pipeline.rate_rows(below.rates),
        "unknown": pipeline.unknown_rows(below, view, known),
        "crumbs": [
            (_("National figures"), known_link(known, "indicator_list")),
            (shown.name, known_link(known, "indicator", code)),
        ],
        "invented_present": unreal,
    }
    return render(request, "torap/indicators/pipeline.html", context)


def _view_of(code: str, known: AsKnown, *, invented: bool = False) -> PipelineView | None:
    """The pipeline an indicator is the target or the measure of; None for any other."""
    if code not in pipeline_codes():
        return None
    view = pipeline_view(known, invented=invented)
    aimed = view is not None and (invented or code in (view.target_code, view.measured_code))
    return view if aimed else None


def _pipeline(code: str, known: AsKnown) -> dict[str, Any] | None:
    view = _view_of(code, known)
    return pipeline.section(view, known, code) if view is not None else None
