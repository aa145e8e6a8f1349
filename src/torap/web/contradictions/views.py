"""Contradictions: ask registry for those of figures and delivery for those of dates, render both."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from torap.delivery.selectors import contradictions_in, country_states
from torap.publish.tables import csv_response
from torap.registry.selectors import contradiction_list as contradictions_of_figures
from torap.web.contradictions import presenters
from torap.web.requests import KnownRequest

PAGE_SIZE = 40


def contradiction_list(request: KnownRequest) -> HttpResponse:
    """Everything said that cannot all be true; by kind."""
    known = request.known
    chosen = request.GET.get("kind", "")
    dates = contradictions_in(country_states(known).milestones)
    found = presenters.ordered(contradictions_of_figures(known), dates)
    picked = presenters.of_kind(found, chosen)
    if request.GET.get("format") == "csv":
        table = presenters.csv_rows(presenters.lines(picked, known))
        return csv_response("contradictions", presenters.CSV_HEADER, table)
    page = Paginator(picked, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = presenters.lines(page.object_list, known)
    counted = presenters.real_ones(found)
    context = {
        "page": page,
        "rows": rows,
        "total": len(counted),
        "figures": len(presenters.of_kind(counted, "figures")),
        "dates": len(presenters.of_kind(counted, "dates")),
        "tabs": presenters.tabs(counted, chosen, known),
        "invented_present": any(row.invented for row in rows),
    }
    return render(request, "torap/contradictions/list.html", context)
