"""Places and links: parse the address, ask registry and delivery, render."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.delivery.selectors import country_states, milestone_states
from torap.publish.tables import csv_response
from torap.registry import selectors as registry
from torap.registry.models import Place
from torap.web.places import presenters
from torap.web.places.ready import ready_of
from torap.web.presenters.invented import apart_lines, of_reality, real
from torap.web.presenters.links import known_link
from torap.web.presenters.percentiles import percentile_reasons
from torap.web.requests import KnownRequest
from torap.web.subjects.sections import sections_of

PAGE_SIZE = 200


def place_list(request: KnownRequest) -> HttpResponse:
    """All places with their state; filtered by type and region."""
    known = request.known
    type_, region = request.GET.get("type", ""), request.GET.get("region", "")
    places = registry.place_list(type=type_ or None, region=region or None, known=known)
    ids = [row.pk for row in places]
    states = country_states(known).milestones
    if request.GET.get("format") == "csv":
        rows = presenters.place_rows(places, states, registry.figures_many(ids, known), known)
        return csv_response("places", presenters.CSV_HEADER, presenters.csv_rows(rows))
    page = Paginator(places, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    figures = registry.figures_many([row.pk for row in shown], known)
    context = {
        "rows": presenters.place_rows(shown, states, figures, known),
        "page": page,
        "shown": len(places),
        "types": presenters.options(Place.Type.choices, type_),
        "regions": presenters.options([(row.code, row.name) for row in registry.region_list()], region),
        "filtered": bool(type_ or region),
        "total": len(real(places)),
        "late": presenters.late_count(real(places), states),
        "geojson": known_link(known, "map_data", format="geojson"),
        "invented_present": any(row.invented for row in places),
    }
    return render(request, "torap/places/list.html", context)


def place(request: KnownRequest, code: str) -> HttpResponse:
    """One place: what it is, its figures, promises, networks; with `?card=1` its card on the map."""
    known = request.known
    found = registry.place_get(code, known)
    if request.GET.get("card"):
        return render(request, "torap/places/card.html", _card(found, known))
    sections = sections_of(found, known)
    projects, parts = registry.place_projects(found, known), list(found.parts.all())
    foretold = ready_of(found, parts, known)
    networks = presenters.networks(
        registry.utility_balance(found.pk, known),
        known,
        foretold=foretold.networks,
        plot=found.type == Place.Type.PLOT,
    )
    context: dict[str, Any] = {
        "place": found,
        "sections": sections,
        "facts": presenters.facts(found, known),
        "neighbours": presenters.countries(found.neighbours),
        "crumbs": presenters.crumbs(found, known),
        "networks": networks,
        "is_plot": found.type == Place.Type.PLOT,
        "plots": foretold.plots,
        "network_forecasts": bool(foretold.networks),
        "reasons": percentile_reasons() if foretold.plots or foretold.networks else [],
        "projects": projects,
        "crossings": presenters.crossings(found),
        "parts": parts,
        "points": presenters.points(found, known),
        "map_url": known_link(known, "map_data"),
        "invented_present": sections.invented
        or any(row.invented for row in (*projects, *parts))
        or foretold.invented
        or any(row.get("invented") for row in networks),
    }
    return render(request, "torap/places/place.html", context)


def _card(found: Place, known: Any) -> dict[str, Any]:
    states = milestone_states(known, subject_ids=[found.pk])
    figures = registry.figures(found.pk, known)
    unreal = apart_lines(states, found.invented, known) or any(row.invented for row in figures)
    states = of_reality(states, found.invented)
    return {
        "apart": bool(unreal),
        "place": found,
        "row": presenters.place_rows([found], states, {found.pk: figures}, known)[0],
        "rows": presenters.card_milestones(states, known),
        "known": known,
    }


def link(request: KnownRequest, code: str) -> HttpResponse:
    """One railway or road: what was promised of it and what is said."""
    known = request.known
    found = registry.link_get(code)
    sections = sections_of(found, known)
    context = {
        "link": found,
        "sections": sections,
        "crumbs": [(_("Map"), known_link(known, "map"))],
        "invented_present": sections.invented,
    }
    return render(request, "torap/places/link.html", context)
