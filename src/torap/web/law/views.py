"""The law: parse the address, ask the country's tables and the engine, render."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.common.errors import NotFound
from torap.countries import load_procedure, load_procedures
from torap.publish.tables import csv_response
from torap.rules.errors import UnknownProcedure
from torap.rules.obligations.model import Edition, Procedure
from torap.web.law import presenters, words
from torap.web.law.case import CaseForm
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest


def law_list(request: KnownRequest) -> HttpResponse:
    """All procedures with how sure each is."""
    rows = presenters.procedure_rows(load_procedures(settings.COUNTRY), request.known)
    if request.GET.get("format") == "csv":
        return csv_response("procedures", presenters.LIST_HEADER, presenters.list_csv(rows))
    context = {
        "rows": rows,
        "steps": sum(row["steps"] for row in rows),
        "timed": sum(row["timed"] for row in rows),
        "high": sum(1 for row in rows if row["confidence"] == "high"),
        "unknown": sum(row["unknown"] for row in rows),
    }
    return render(request, "torap/law/list.html", context)


def law(request: KnownRequest, pid: str) -> HttpResponse:
    """One procedure: obligations with term, start, article and confidence; acts; what is not known."""
    procedure = _procedure(pid)
    edition = _edition(procedure, request.GET.get("edition", ""))
    if request.GET.get("format") == "csv":
        return csv_response(f"procedure-{pid}", presenters.STEP_HEADER, presenters.step_csv(edition))
    context = {
        **_head(request, procedure),
        "edition": edition,
        "editions": _editions(procedure, edition, request),
        "steps": presenters.step_rows(edition),
        **presenters.edition_facts(edition),
        "form": CaseForm(procedure),
    }
    return render(request, "torap/law/procedure.html", context)


def law_explain(request: KnownRequest, pid: str) -> HttpResponse:
    """The calculator: events and parameters in, every due day with every reason out."""
    procedure = _procedure(pid)
    form = CaseForm(procedure, request.GET)
    asked = form.asked
    found = form.evaluated(procedure, request.known) if asked and form.is_valid() else None
    rows = presenters.clock_rows(found) if found is not None else []
    if found is not None and request.GET.get("format") == "csv":
        return csv_response(f"clocks-{pid}", presenters.CLOCK_HEADER, presenters.clock_csv(rows))
    context = {
        **_head(request, procedure),
        "form": form if asked else CaseForm(procedure),
        "asked": asked,
        "found": found,
        "edition_name": words.edition_words(found.edition) if found is not None else "",
        "rows": [row for row in rows if not row.void],
        "void": [row for row in rows if row.void],
        "dated": sum(1 for row in rows if row.due is not None and not row.void),
        "chart": presenters.clock_chart(rows, request.known.day),
        "findings": presenters.finding_rows(found) if found is not None else [],
        "holding": presenters.holding_rows(found) if found is not None else [],
        "notes": presenters.reason_lines(found.notes, found.edition) if found is not None else [],
    }
    return render(request, "torap/law/explain.html", context, status=422 if form.errors and asked else 200)


def _procedure(pid: str) -> Procedure:
    try:
        return load_procedure(pid, settings.COUNTRY)
    except UnknownProcedure as error:
        raise NotFound("not_found", field="procedure", entity="procedure", value=pid) from error


def _edition(procedure: Procedure, wanted: str) -> Edition:
    return next((row for row in procedure.editions if row.id == wanted), procedure.editions[-1])


def _editions(procedure: Procedure, current: Edition, request: KnownRequest) -> list[dict[str, Any]]:
    return [
        {
            "label": words.edition_words(row),
            "url": known_link(request.known, "law", procedure.id, edition=row.id),
            "current": row is current,
        }
        for row in procedure.editions
    ]


def _head(request: KnownRequest, procedure: Procedure) -> dict[str, Any]:
    known = request.known
    return {
        "procedure": procedure,
        "name": words.law_text(procedure.name),
        "confidence": str(words.CONFIDENCES[procedure.confidence]),
        "mark": presenters.confidence_mark(procedure.confidence),
        "crumbs": [(_("Law"), known_link(known, "law_list"))],
        "law_url": known_link(known, "law", procedure.id),
    }
