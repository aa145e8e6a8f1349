"""The map and what it draws; the same data as GeoJSON for everybody else's maps."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from torap.delivery.selectors import country_states
from torap.registry import selectors as registry
from torap.web.maps import presenters
from torap.web.places.presenters import place_rows
from torap.web.presenters.invented import real
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest


def map_page(request: KnownRequest) -> HttpResponse:
    """The map with the table of its places beside it."""
    known = request.known
    places = registry.place_list(known=known)
    ids = [row.pk for row in places]
    links = registry.link_list(known=known)
    states = country_states(known).milestones
    rows = place_rows(places, states, registry.figures_many(ids, known), known)
    context = {
        "rows": rows,
        "programmes": registry.programme_list(known=known),
        "links": presenters.link_rows(links, states, known),
        "map_url": known_link(known, "map_data"),
        "csv": known_link(known, "place_list", format="csv"),
        "geojson": known_link(known, "map_data", format="geojson"),
        "total": len(real(rows)),
        "late": sum(1 for row in real(rows) if row.mark == "late"),
        "without_point": sum(1 for row in real(rows) if row.point is None),
        "invented_present": any(row.invented for row in rows),
    }
    return render(request, "torap/maps/map.html", context)


def map_data(request: KnownRequest) -> HttpResponse:
    """Places, links and regions; `?format=geojson` gives one feature collection to download."""
    known = request.known
    places = registry.place_list(known=known)
    links = registry.link_list(known=known)
    states = country_states(known).milestones
    data = presenters.map_data(places, links, states, registry.region_list(), known)
    if request.GET.get("format") == "geojson":
        answer = JsonResponse(presenters.feature_collection(data), json_dumps_params={"ensure_ascii": False})
        answer.headers["Content-Type"] = "application/geo+json"
        answer.headers["Content-Disposition"] = 'attachment; filename="torap.geojson"'
        return answer
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
