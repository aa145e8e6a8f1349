"""Bodies: parse the address, ask registry and delivery, render."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.delivery.selectors import (
    country_states,
    holder_board,
)
from torap.publish.tables import csv_response
from torap.registry import selectors as registry
from torap.web.instructions import presenters as board
from torap.web.organisations import presenters
from torap.web.presenters.earlier import forecasts_now, held_dues, milestone_dues
from torap.web.presenters.figures import figure_groups
from torap.web.presenters.invented import apart_lines, of_reality
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest


def organisation_list(request: KnownRequest) -> HttpResponse:
    """All bodies with what they hold now; filtered by kind."""
    known = request.known
    type_ = request.GET.get("type", "")
    held = holder_board(known)
    rows = presenters.body_rows(registry.organisation_list(type=type_ or None, known=known), held, known)
    if request.GET.get("format") == "csv":
        return csv_response("bodies", presenters.CSV_HEADER, presenters.csv_rows(rows))
    context = {
        "rows": rows,
        "types": presenters.type_options(type_),
        "filtered": bool(type_),
        "busy": sum(1 for row in rows if row.holds),
        "late": sum(1 for row in rows if row.overdue),
        "invented_present": any(row.invented for row in rows),
    }
    return render(request, "torap/organisations/list.html", context)


def organisation(request: KnownRequest, code: str) -> HttpResponse:
    """One body: whose turn is its, what it owes, what is late, what waits on it."""
    known = request.known
    body = registry.organisation_get(code)
    whole = country_states(known)
    states = [row for row in whole.instructions if code in {one.organisation.code for one in row.executors}]
    promised, obstacles = list(whole.milestones), list(whole.obstacles)
    if request.GET.get("format") == "csv":
        held = presenters.line_of(code, states, promised, obstacles, known.day)
        rows = board.holder_rows([held] if held is not None else [], known)
        return csv_response(f"body-{code}", board.HOLDER_HEADER, board.holder_csv(rows))
    apart = apart_lines(presenters.concerning(body, states, promised, obstacles), body.invented, known)
    states, promised = of_reality(states, body.invented), of_reality(promised, body.invented)
    obstacles = of_reality(obstacles, body.invented)
    held = presenters.line_of(code, states, promised, obstacles, known.day)
    duties = presenters.duties(body, states, promised, obstacles, held, known)
    figures, related = registry.figures(body.pk, known), presenters.related(body, known)
    dues = held_dues(held.items if held is not None else ()) | milestone_dues(duties.milestones)
    context: dict[str, Any] = {
        "body": body,
        "duties": duties,
        "forecasts": forecasts_now(dues, known),
        "facts": presenters.facts(body, known),
        "related": related,
        "apart": apart,
        "groups": figure_groups(figures, known),
        "crumbs": [(_("Organisations"), known_link(known, "organisation_list"))],
        "nothing": not (duties.holds or states or duties.milestones or duties.obstacles),
        "invented_present": body.invented
        or bool(apart)
        or any(row.invented for row in figures)
        or any(row["invented"] for rows in related.values() for row in rows),
    }
    return render(request, "torap/organisations/organisation.html", context)
