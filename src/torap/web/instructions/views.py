"""Instructions: parse the address, ask delivery, render."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.delivery.selectors import country_states, holder_board, instruction_get
from torap.publish.tables import csv_response
from torap.publish.wording import issuer_words
from torap.web import formats
from torap.web.forecast.detail import section
from torap.web.instructions import presenters
from torap.web.law import presenters as law
from torap.web.presenters import instructions as lines
from torap.web.presenters import milestones
from torap.web.presenters.earlier import forecasts_now
from torap.web.presenters.invented import real, row_lines
from torap.web.presenters.links import known_link
from torap.web.presenters.sources import source_chip
from torap.web.requests import KnownRequest

HEADING_LENGTH = 140
HELD_SHOWN = 8  # of each body on the board; the rest stands on its own page
# Shown beside the clock already, or nothing a reader of one instruction asks for.
_LEFT_OUT = ("control", "nominal_deadline", "term_working_days", "closes_by_fact")


def instruction_board(request: KnownRequest) -> HttpResponse:
    """The board: by due day, overdue, by holder, settled; filtered by body, giver and control type."""
    known = request.known
    view = request.GET.get("view", "due")
    view = view if view in presenters.VIEWS else "due"
    filters = presenters.BoardFilters(
        body=request.GET.get("body", ""),
        issuer=request.GET.get("issuer", ""),
        control=request.GET.get("control", ""),
    )
    if view == "holder":
        return _by_holder(request)
    states = list(country_states(known).instructions)
    picked = presenters.chosen(states, view, filters)
    if request.GET.get("format") == "csv":
        return csv_response("instructions", presenters.CSV_HEADER, presenters.csv_rows(picked, known))
    rows = presenters.board_rows(picked, known)
    real_rows = [row for row in rows if not row.line.invented]
    found = presenters.counts(real(states))
    context = {
        "view": view,
        "counts": found,
        "total": len(states),
        "tabs": presenters.tabs(found, view, filters, known),
        "rows": rows,
        "forecasts": forecasts_now({f"instruction:{row.line.code}": row.line.due for row in rows}, known),
        "filters": filters,
        "filtered": filters != presenters.BoardFilters(),
        "options": presenters.options(states, filters),
        "chart": presenters.board_chart(real_rows, picked, known.day),
        "next": next(
            (row for row in real_rows if row.line.days_left is not None and row.line.days_left >= 0), None
        ),
        "invented_present": any(state.invented or state.apart for state in picked),
    }
    return render(request, "torap/instructions/board.html", context)


def _by_holder(request: KnownRequest) -> HttpResponse:
    known = request.known
    board = holder_board(known)
    if request.GET.get("format") == "csv":
        table = presenters.holder_csv(presenters.holder_rows(board, known))
        return csv_response("holders", presenters.HOLDER_HEADER, table)
    rows = presenters.holder_rows(board, known, limit=HELD_SHOWN)
    context = {
        "tabs": presenters.tabs({}, "holder", presenters.BoardFilters(), known),
        "rows": rows,
        "late": sum(1 for row in rows if row["overdue"]),
    }
    return render(request, "torap/instructions/holders.html", context)


def instruction(request: KnownRequest, code: str) -> HttpResponse:
    """One instruction: text, executors, its clock with every reason, what happened, evidence."""
    known = request.known
    state = instruction_get(code, known)
    found = state.control.evaluation
    row = state.instruction
    rows = law.clock_rows(found, applying=True) if found is not None else []
    if request.GET.get("format") == "csv":
        return csv_response(
            f"instruction-{code}", (*law.CLOCK_HEADER, "invented"), law.clock_csv(rows, invented=row.invented)
        )
    context: dict[str, Any] = {
        "state": state,
        "line": lines.instruction_line(state, known),
        "heading": formats.shortened(row.text, HEADING_LENGTH),
        "cut": len(row.text) > HEADING_LENGTH,
        "crumbs": [(_("Instructions"), known_link(known, "instruction_board"))],
        "facts": presenters.clock_facts(state),
        "why": presenters.explanation(state),
        "warnings": presenters.warnings(state),
        "executors": presenters.executor_rows(state, known),
        "turns": presenters.turn_rows(state, known),
        "events": presenters.event_rows(state, known),
        "subjects": presenters.subject_rows(state, known),
        "evidence": milestones.evidence_lines(state, known),
        "clocks": rows,
        "chart": law.clock_chart(rows, known.day),
        "findings": law.finding_rows(found, leave_out=_LEFT_OUT) if found is not None else [],
        "issuer": issuer_words(row.issuer),
        "source": source_chip(known, row.source, row),
        "law_url": known_link(known, "law", found.procedure) if found is not None else "",
        "apart": row_lines(state.apart),
        "invented_present": row.invented or bool(state.apart),
    } | section("instruction", code, known, state.control.due, invented=row.invented, shown=state.done)
    return render(request, "torap/instructions/instruction.html", context)
