"""Search: parse the words, ask the index and the law, render."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from torap.countries import load_procedures
from torap.registry.selectors import search as find
from torap.web.requests import KnownRequest
from torap.web.searching import presenters

LIMIT = 60
LONGEST = 200


def search(request: KnownRequest) -> HttpResponse:
    """Everything whose name holds the words of `q`, grouped by kind."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    hits = find(asked, limit=LIMIT) if asked else []
    hits = [*hits, *presenters.procedures_found(asked, load_procedures(settings.COUNTRY))]
    context = {
        "asked": asked,
        "groups": presenters.groups(hits, request.known),
        "total": len(hits),
        "more": len(hits) >= LIMIT,
    }
    return render(request, "torap/searching/search.html", context)
