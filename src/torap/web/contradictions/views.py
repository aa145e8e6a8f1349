"""Contradictions: ask registry for those of figures and delivery for those of dates, render both."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from torap.delivery.selectors import promise_contradictions
from torap.publish.tables import csv_response
from torap.registry.selectors import contradiction_list as contradictions_of_figures
from torap.web.contradictions import presenters
from torap.web.requests import KnownRequest

PAGE_SIZE = 40


def contradiction_list(request: KnownRequest) -> HttpResponse:
    """Everything said that cannot all be true; by kind."""
    known = request.known
    chosen = request.GET.get("kind", "")
    dates = presenters.of_dates(promise_contradictions(known), known)
    figures = presenters.of_figures(contradictions_of_figures(known), known)
    conflicts = [line for line in figures if line.kind != "restated"]
    restated = [line for line in figures if line.kind == "restated"]
    lines = [*conflicts, *dates, *restated]
    picked = presenters.of_kind(lines, chosen)
    if request.GET.get("format") == "csv":
        return csv_response("contradictions", presenters.CSV_HEADER, presenters.csv_rows(picked))
    page = Paginator(picked, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "total": len(lines),
        "figures": len(conflicts),
        "dates": len(dates),
        "tabs": presenters.tabs(lines, chosen, known),
        "invented_present": any(line.invented for line in page.object_list),
    }
    return render(request, "torap/contradictions/list.html", context)
