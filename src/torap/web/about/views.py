"""The method: gather counts and gaps, render the text."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from torap.countries import load_procedures
from torap.registry import selectors as registry
from torap.web.about import presenters
from torap.web.presenters.invented import real
from torap.web.requests import KnownRequest


def about(request: KnownRequest) -> HttpResponse:
    """How things are counted here, where they come from, and what is not known."""
    known = request.known
    fresh = registry.freshness(known)
    counts = registry.subject_counts(known)
    indicators = real(registry.indicator_list(known=known))
    figures = registry.figures_many([row.pk for row in indicators], known)
    context = {
        "best": presenters.BEST_CLAIM,
        "classes": presenters.source_classes(),
        "subjects": presenters.subject_counts(counts),
        "all_subjects": sum(counts.values()),
        "fresh": fresh,
        "gaps": presenters.gaps(indicators, figures, known),
        "law": presenters.law_gaps(load_procedures(settings.COUNTRY)),
    }
    return render(request, "torap/about/about.html", context)
