"""Projects and programmes: parse the address, ask registry and delivery, render."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from torap.delivery.selectors import country_states, milestone_states
from torap.publish.tables import csv_response
from torap.registry import selectors as registry
from torap.registry.models import Project
from torap.web.places.presenters import late_count, options
from torap.web.presenters import money
from torap.web.presenters.invented import of_reality, real
from torap.web.projects import presenters
from torap.web.requests import KnownRequest
from torap.web.subjects.sections import sections_of

PAGE_SIZE = 100


def project_list(request: KnownRequest) -> HttpResponse:
    """All projects with their money at its firmest stage; totals never across stages."""
    known = request.known
    filters = presenters.filters(request.GET)
    projects = registry.project_list(filters, known=known)
    ids = [row.pk for row in projects]
    states = country_states(known).milestones
    if request.GET.get("format") == "csv":
        rows = presenters.project_rows(projects, registry.money_of(ids, known), states, known)
        return csv_response("projects", presenters.CSV_HEADER, presenters.csv_rows(rows))
    page = Paginator(projects, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    amounts = registry.money_of([row.pk for row in shown], known)
    counted = real(projects)
    named = registry.with_money((row.pk for row in counted), known)
    context = {
        "rows": presenters.project_rows(shown, amounts, states, known),
        "page": page,
        "total": len(counted),
        "shown": len(projects),
        "late": late_count(counted, states),
        "without_money": len(counted) - len(named),
        "totals": money.totals(registry.money_totals(known)),
        "types": options(Project.Type.choices, filters.type),
        "regions": options([(row.code, row.name) for row in registry.region_list()], filters.region),
        "filtered": bool(filters.type or filters.region or filters.programme),
        "invented_present": any(row.invented for row in projects),
    }
    return render(request, "torap/projects/list.html", context)


def project(request: KnownRequest, code: str) -> HttpResponse:
    """One project: money by stage, its pool and why, figures, promises; with `?card=1` its card."""
    known = request.known
    found = registry.project_get(code, known)
    amounts = registry.money_of([found.pk], known)[found.pk]
    sections = sections_of(found, known, amounts=amounts)
    pool = registry.pool_of(found, known, amounts=amounts)
    programmes = registry.subject_programmes(found.pk, known)
    context: dict[str, Any] = {
        "project": found,
        "sections": sections,
        "facts": presenters.facts(found, known),
        "crumbs": presenters.crumbs(known),
        "money": money.stage_rows(amounts, known),
        "pool": money.pool_words(pool),
        "programmes": programmes,
        "invented_present": sections.invented
        or any(row.invented for row in amounts)
        or any(row.invented for row in programmes),
    }
    return render(request, "torap/projects/project.html", context)


def programme(request: KnownRequest, code: str) -> HttpResponse:
    """One programme: its own promises and figures, its members with their state, its indicators."""
    known = request.known
    found = registry.programme_get(code, known)
    members, indicators = list(found.members.all()), list(found.indicators.all())
    states = milestone_states(known, subject_ids=[found.pk, *(row.pk for row in members)])
    own = [row for row in states if row.milestone.subject_id == found.pk]
    sections = sections_of(found, known, states=own)
    context: dict[str, Any] = {
        "programme": found,
        "sections": sections,
        "members": presenters.member_rows(members, states, known),
        "member_count": len(of_reality(members, found.invented)),
        "indicators": indicators,
        "invented_present": sections.invented or any(row.invented for row in (*members, *indicators)),
    }
    return render(request, "torap/projects/programme.html", context)
