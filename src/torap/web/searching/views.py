"""Search: parse the words, ask the index and the law, render."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from torap.countries import load_procedures
from torap.intake.search import Found, search_known
from torap.web.requests import KnownRequest
from torap.web.searching import presenters

LIMIT = 60
LONGEST = 200


def search(request: KnownRequest) -> HttpResponse:
    """Everything whose name holds the words of `q`, grouped by kind."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = search_known(asked, request.known, limit=LIMIT) if asked else []
    procedures = presenters.procedures_found(asked, load_procedures(settings.COUNTRY))
    hits = [*found, *(Found(hit, False) for hit in procedures)]
    counted = [row for row in hits if not row.invented]
    context = {
        "asked": asked,
        "groups": presenters.groups(hits, request.known),
        "total": len(counted),
        "more": len(found) >= LIMIT,
        "invented_present": len(counted) < len(hits),
    }
    return render(request, "torap/searching/search.html", context)
