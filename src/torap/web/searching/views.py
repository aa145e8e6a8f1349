"""Search: parse the words, ask for what is found, render."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from torap.web.requests import KnownRequest
from torap.web.searching import presenters

LONGEST = 200


def search(request: KnownRequest) -> HttpResponse:
    """Everything whose name, number or date is that of `q`, grouped by kind; with `kind` all of one kind."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    hits = presenters.all_hits(asked, request.known)
    kind = request.GET.get("kind", "")
    kind = kind if any(hit.kind == kind for hit in hits) else ""
    context = {
        "asked": asked,
        "kind": kind,
        "groups": presenters.groups(hits, request.known, kind=kind),
        "total": sum(1 for hit in hits if not hit.invented),
        "invented_present": any(hit.invented for hit in hits),
    }
    return render(request, "torap/searching/search.html", context)
