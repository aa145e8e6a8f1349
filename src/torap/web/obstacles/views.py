"""Obstacles: parse the address, ask delivery, render."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.delivery.selectors import milestone_states, obstacle_get, obstacle_states
from torap.publish.tables import csv_response
from torap.web import formats
from torap.web.obstacles import presenters
from torap.web.presenters.invented import real, row_lines
from torap.web.presenters.links import known_link
from torap.web.presenters.milestones import milestone_rows
from torap.web.requests import KnownRequest

HEADING_LENGTH = 140


def obstacle_list(request: KnownRequest) -> HttpResponse:
    """Obstacles with their age, what they hold up, and who must remove them."""
    known = request.known
    view = request.GET.get("view", "open")
    view = view if view in presenters.VIEWS else "open"
    states = obstacle_states(known)
    rows = [presenters.obstacle_row(state, known) for state in presenters.shown(states, view)]
    if request.GET.get("format") == "csv":
        return csv_response("obstacles", presenters.CSV_HEADER, presenters.csv_rows(rows))
    counted = real(states)
    open_ones = [state for state in counted if state.open]
    context = {
        "rows": rows,
        "view": view,
        "tabs": presenters.tabs(counted, view, known),
        "total": len(states),
        "open": len(open_ones),
        "blocked": len({code for state in open_ones for code in state.blocked}),
        "nobody": sum(1 for state in open_ones if state.obstacle.holder is None),
        "invented_present": any(state.invented or state.apart for state in states),
    }
    return render(request, "torap/obstacles/list.html", context)


def obstacle(request: KnownRequest, code: str) -> HttpResponse:
    """One obstacle: what it holds up, the ladder, what happened."""
    known = request.known
    state = obstacle_get(code, known)
    blocked = milestone_states(known, codes=state.blocked) if state.blocked else []
    text = state.obstacle.text
    context = {
        "state": state,
        "row": presenters.obstacle_row(state, known),
        "heading": formats.shortened(text, HEADING_LENGTH),
        "cut": len(text) > HEADING_LENGTH,
        "ladder": presenters.ladder_rows(state),
        "events": presenters.event_rows(state, known),
        "milestones": milestone_rows(blocked, known),
        "apart": row_lines(state.apart),
        "crumbs": [(_("Obstacles"), known_link(known, "obstacle_list"))],
        "invented_present": state.invented or bool(state.apart),
    }
    return render(request, "torap/obstacles/obstacle.html", context)
