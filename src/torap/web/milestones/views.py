"""Milestones: parse the address, ask delivery, render."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.delivery.selectors import (
    around,
    country_states,
    milestone_of,
    moved_of,
    states_beside,
)
from torap.publish.tables import csv_response
from torap.web.forecast.detail import section
from torap.web.milestones import presenters
from torap.web.milestones.network import network_context, schedule_lines
from torap.web.presenters import milestones as rows_of
from torap.web.presenters import statuses
from torap.web.presenters.earlier import forecasts_now, milestone_dues
from torap.web.presenters.invented import apart_lines, of_reality, real, row_lines
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.percentiles import percentile_reasons
from torap.web.presenters.said import said_html
from torap.web.requests import KnownRequest

PAGE_SIZE = 100


def promise_list(request: KnownRequest) -> HttpResponse:
    """All milestones with their first and present promise; filtered by the status against the first."""
    known = request.known
    states = list(country_states(known).milestones)
    chosen = request.GET.get("status", "")
    wanted = presenters.having_status(states, chosen)
    if request.GET.get("format") == "csv":
        lines = presenters.csv_rows(rows_of.milestone_rows(wanted, known))
        return csv_response("promises", presenters.CSV_HEADER, lines)
    page = Paginator(wanted, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_of.milestone_rows(page.object_list, known)
    counted = real(states)
    moved, dated = moved_of(counted)
    context = {
        "tabs": presenters.status_tabs(counted, chosen, known),
        "rows": rows,
        "forecasts": forecasts_now(milestone_dues(rows), known),
        "reasons": percentile_reasons(),
        "page": page,
        "total": len(wanted),
        "count": len(counted),
        "moved": len(moved),
        "dated": len(dated),
        "undated": len(counted) - len(dated),
        "passed": sum(1 for state in counted if state.passed),
        "chart": presenters.slip_chart(counted, known),
        "chart_rows": presenters.slipped(counted),
        "slipped_rows": rows_of.milestone_rows(presenters.slipped(counted), known),
        "invented_present": any(state.invented or state.apart for state in states),
    }
    return render(request, "torap/milestones/list.html", context)


def milestone(request: KnownRequest, code: str) -> HttpResponse:
    """One milestone: every promise, report and piece of evidence, and what contradicts what."""
    known = request.known
    around_it = states_beside(code, known)
    state = milestone_of(around_it, code)
    subject = state.subject
    promises = rows_of.promise_lines(state, known)
    if request.GET.get("format") == "csv":
        lines = [*promises, *rows_of.promise_lines(state, known, apart=True)]
        return csv_response(f"promises-{code}", presenters.PROMISE_HEADER, presenters.promise_csv(lines))
    obstacles = list(around_it.obstacles)
    near = around(code, subject.code, known, invented=state.invented)
    apart = [*row_lines(state.apart), *apart_lines(obstacles, state.invented, known)]
    due = state.current.latest if state.current else None
    shown = state.evidenced.code == "accepted"
    context: dict[str, Any] = {
        "state": state,
        "row": rows_of.milestone_row(state, known),
        "crumbs": [
            (_("Promises"), known_link(known, "promise_list")),
            (subject.name, subject_link(known, subject.kind, subject.code)),
        ],
        "promises": [line | {"original": said_html(line["said"], quote=True)} for line in promises],
        "reports": rows_of.report_lines(state, known),
        "corrected": rows_of.corrected_lines(state, known),
        "evidence": rows_of.evidence_lines(state, known),
        "conflicts": rows_of.conflict_lines(state.conflicts, known),
        "chart": rows_of.trend_chart(state, known),
        "chart_words": rows_of.trend_words(state),
        "triple": statuses.triple(state.said, state.evidenced, state.schedule, state.slip_months),
        "network": network_context(near, known, request.user, state),
        "schedules": schedule_lines(near.schedules, state.invented),
        "obstacles": of_reality(obstacles, state.invented),
        "apart": apart,
        "invented_present": state.invented or bool(apart),
    } | section("milestone", code, known, due, invented=state.invented, shown=shown)
    return render(request, "torap/milestones/milestone.html", context)
