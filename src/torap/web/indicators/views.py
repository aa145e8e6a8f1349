"""National figures: parse the address, ask the registry, render."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.publish.tables import csv_response
from torap.registry import selectors as registry
from torap.web.indicators import presenters
from torap.web.presenters.figures import figure_groups
from torap.web.presenters.invented import real
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest


def indicator_list(request: KnownRequest) -> HttpResponse:
    """All national figures, by programme: the newest measurement beside the next target."""
    known = request.known
    indicators = registry.indicator_list(known=known)
    rows = presenters.indicator_rows(
        indicators, registry.figures_many([row.pk for row in indicators], known), known
    )
    if request.GET.get("format") == "csv":
        return csv_response("figures", presenters.LIST_HEADER, presenters.list_csv(rows))
    context = {
        "groups": presenters.by_programme(rows),
        "count": len(real(rows)),
        "unmeasured": sum(1 for row in real(rows) if row.observed is None),
        "invented_present": any(row.invented for row in rows),
    }
    return render(request, "torap/indicators/list.html", context)


def indicator(request: KnownRequest, code: str) -> HttpResponse:
    """One national figure year by year, its targets as they changed, and every other claim about it."""
    known = request.known
    series = registry.indicator_series(code, known)
    rows = presenters.year_rows(series, known)
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
        "newest": presenters.newest(series),
        "crumbs": [(_("National figures"), known_link(known, "indicator_list"))],
        "invented_present": series.indicator.invented or any(row.invented for row in series.others),
    }
    return render(request, "torap/indicators/indicator.html", context)
