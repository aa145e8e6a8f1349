"""Places and links as GeoJSON (longitude, latitude), with the words the map shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import MilestoneState
from torap.publish.wording import fact_words
from torap.registry.models import Link, Place, Region
from torap.rules.known import AsKnown
from torap.web.places.presenters import place_mark, place_words
from torap.web.presenters.invented import real
from torap.web.presenters.links import known_link

# Kinds whose names are read from far.
_FAR = frozenset({Place.Type.HUB, Place.Type.PORT})


def map_data(
    places: Sequence[Place],
    links: Iterable[Link],
    states: Iterable[MilestoneState],
    regions: Iterable[Region],
    known: AsKnown,
) -> dict[str, Any]:
    """What the map draws: places, links, and a line about each region; of a real place only what is real."""
    own: dict[int, list[MilestoneState]] = defaultdict(list)
    links = list(links)
    whose = {row.pk: row.invented for row in (*places, *links)}
    for state in states:
        if state.invented == whose.get(state.milestone.subject_id):
            own[state.milestone.subject_id].append(state)
    return {
        "places": _collection([_place(row, own[row.pk], known) for row in places]),
        "links": _collection([_link(row, own[row.pk], known) for row in links]),
        "regions_summary": _regions(regions, real(places), own, known),
    }


def link_rows(
    links: Iterable[Link], states: Iterable[MilestoneState], known: AsKnown
) -> list[dict[str, Any]]:
    """The railways and roads as a list beside the map; `drawn`: its course is known."""
    own: dict[int, list[MilestoneState]] = defaultdict(list)
    for state in states:
        own[state.milestone.subject_id].append(state)
    return [
        {
            "name": row.name,
            "href": known_link(known, "link", row.code),
            "kind": row.get_type_display(),
            "mark": place_mark(own[row.pk]),
            "words": place_words(own[row.pk]),
            "drawn": len(row.line) > 1,
            "invented": row.invented,
        }
        for row in links
    ]


def feature_collection(data: Mapping[str, Any]) -> dict[str, Any]:
    """Places and links in one collection, as other programs read it."""
    return _collection([*data["places"]["features"], *data["links"]["features"]])


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _place(place: Place, states: Sequence[MilestoneState], known: AsKnown) -> dict[str, Any]:
    point = next(iter(place.points.all()), None)
    mark = place_mark(states)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]} if point else None,
        "properties": {
            "code": place.code,
            "name": place.name,
            "kind": place.type,
            "kind_label": str(Place.Type(place.type).label),
            "status": mark,
            "status_label": place_words(states),
            "href": known_link(known, "place", place.code),
            "accuracy_km": point.accuracy_km if point else None,
            "approximate": point.approximate if point else None,
            "invented": place.invented,
            "level": 1 if place.type in _FAR and place.parent_id is None else 2,
        },
    }


def _link(link: Link, states: Sequence[MilestoneState], known: AsKnown) -> dict[str, Any]:
    mark = place_mark(states)
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": link.line} if len(link.line) > 1 else None,
        "properties": {
            "code": link.code,
            "name": link.name,
            "kind": link.type,
            "kind_label": str(Link.Type(link.type).label),
            "status": mark,
            "status_label": place_words(states),
            "href": known_link(known, "link", link.code),
            "approximate": True,
            "note": fact_words(link.line_note),
            "invented": link.invented,
        },
    }


def _regions(
    regions: Iterable[Region],
    places: Iterable[Place],
    states: Mapping[int, Sequence[MilestoneState]],
    known: AsKnown,
) -> dict[str, Any]:
    inside: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.region_id:
            inside[place.region_id].append(place)
    return {
        region.code: {
            "name": region.name,
            "href": known_link(known, "place_list", region=region.code),
            "text": _summary(inside[region.code], states),
        }
        for region in regions
    }


def _summary(places: Sequence[Place], states: Mapping[int, Sequence[MilestoneState]]) -> str:
    if not places:
        return _("no place is known here")
    late = sum(1 for place in places if place_mark(states.get(place.pk, ())) == "late")
    words = ngettext("%(count)s place", "%(count)s places", len(places)) % {"count": len(places)}
    return (
        _("%(places)s, %(late)s behind a first promise") % {"places": words, "late": late} if late else words
    )
