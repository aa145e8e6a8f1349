"""From a code alone to the page of the thing, whatever kind it is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from torap.delivery.selectors import milestone_states
from torap.publish.tables import csv_response
from torap.registry.selectors import subject_get
from torap.web.milestones import presenters
from torap.web.presenters import milestones
from torap.web.presenters.links import SUBJECT_PAGES, known_params
from torap.web.requests import KnownRequest


def subject(request: KnownRequest, code: str) -> HttpResponse:
    """Send the reader to the page of the subject, on the same day."""
    found = subject_get(code)
    address = reverse(SUBJECT_PAGES[found.kind], args=[code])
    query = "&".join(f"{key}={value}" for key, value in known_params(request.known).items())
    return redirect(f"{address}?{query}" if query else address)


def promises(request: KnownRequest, code: str) -> HttpResponse:
    """Every promise of a subject's milestones as a download: the table beside its chart, whole."""
    found = subject_get(code)
    states = milestone_states(request.known, subject_ids=[found.pk])
    rows = [
        [state.code, state.milestone.name, *row]
        for state in states
        for row in presenters.promise_csv(milestones.promise_lines(state, request.known))
    ]
    return csv_response(f"promises-{code}", ("milestone", "name", *presenters.PROMISE_HEADER), rows)
