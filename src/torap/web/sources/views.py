"""Sources: parse the address, ask registry and delivery, render."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.delivery.selectors import (
    source_sayings,
)
from torap.publish.tables import csv_response
from torap.publish.wording import fact_words
from torap.registry import selectors as registry
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest
from torap.web.sources import presenters

PAGE_SIZE = 100


def source_list(request: KnownRequest) -> HttpResponse:
    """All sources known on the day, newest first; filtered by class and words."""
    filters = registry.SourceFilters(
        source_class=request.GET.get("class", ""),
        publisher=request.GET.get("publisher", ""),
        text=request.GET.get("text", ""),
    )
    known = request.known
    rows = presenters.source_rows(registry.source_list(filters, known=known), known)
    if request.GET.get("format") == "csv":
        return csv_response("sources", presenters.CSV_HEADER, presenters.csv_rows(rows))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    counted = [row for row in rows if not row["invented"]]
    context = {
        "page": page,
        "rows": page.object_list,
        "total": len(counted),
        "resting": sum(row["real_rows"] for row in counted),
        "publishers": len({row["publisher"] for row in counted}),
        "undated": sum(1 for row in counted if not row["published"]),
        "classes": presenters.class_options(filters.source_class),
        "filters": filters,
        "filtered": filters != registry.SourceFilters(),
        "newest": next((row["published_to"] for row in counted if row["published_to"]), None),
        "invented_present": any(row["invented"] for row in page.object_list),
    }
    return render(request, "torap/sources/list.html", context)


def source(request: KnownRequest, code: str) -> HttpResponse:
    """One source and everything that rests on it."""
    known = request.known
    rows = registry.source_rows(code, known)
    found = rows.source
    claims = presenters.claim_rows(rows, known)
    sayings = presenters.saying_rows(source_sayings(found.pk, known), known)
    others = presenters.other_rows(rows, known)
    if request.GET.get("format") == "csv":
        table = presenters.rows_csv(claims, sayings, others)
        return csv_response(f"source-{code}", presenters.ROWS_HEADER, table)
    context = {
        "source": found,
        "title": found.title or fact_words(found.publisher),
        "facts": presenters.facts(found),
        "known_then": presenters.known_then(found, known),
        "claims": claims,
        "sayings": sayings,
        "others": others,
        "total": len(claims) + len(sayings) + len(others),
        "crumbs": [(_("Sources"), known_link(known, "source_list"))],
        "by_publisher": known_link(known, "source_list", publisher=found.publisher),
        "invented_present": found.invented or any(item["invented"] for item in (*claims, *sayings, *others)),
    }
    return render(request, "torap/sources/source.html", context)
