"""Writing places, the organisations that run them, and the links between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torap.common.errors import BadInput
from torap.common.models import User
from torap.common.permissions import require
from torap.ledger.writing import (
    Texts,
    any_invented,
    find_or_none,
    texts,
    writing,
)
from torap.registry.kept import crossing_state, crossings_of, point_state, points_of
from torap.registry.models import Crossing, Link, Organisation, Place, PlacePoint, Region, Source, SubjectKind
from torap.registry.selectors.revised import DATED
from torap.registry.services.writing import (
    refuse_loop,
    save_row,
    subject_row,
    subject_values,
)

POINT_FIELDS = {"label", "lat", "lon", "accuracy_km", "approximate", "source", "note"}
CROSSING_FIELDS = {"name", "neighbour", "mode"}


def organisation_save(
    *,
    by: User,
    code: str,
    name: Texts,
    type: str,
    region: str | None = None,
    parent: str | None = None,
    country: str = "",
    aliases: Iterable[str] = (),
    note: Texts | None = None,
    invented: bool = False,
) -> Organisation:
    """Create or update an organisation; `region` and `parent` are codes."""
    require(by, "registry.edit")
    with writing():
        row = subject_row(Organisation, SubjectKind.ORGANISATION, code)
        above = find_or_none(Organisation, parent, field="parent")
        refuse_loop(row, above, field="parent")
        values = {
            **subject_values(name, aliases, note, invented or any_invented(above)),
            "type": type,
            "region": find_or_none(Region, region, field="region"),
            "parent": above,
            "country": country,
        }
        return save_row(row, by=by, target=f"organisation:{code}", values=values)


def place_save(
    *,
    by: User,
    code: str,
    name: Texts,
    type: str,
    region: str | None = None,
    district: str = "",
    parent: str | None = None,
    neighbours: Iterable[str] = (),
    managing_company: str | None = None,
    aliases: Iterable[str] = (),
    note: Texts | None = None,
    invented: bool = False,
    points: Iterable[Mapping[str, Any]] | None = None,
    crossings: Iterable[Mapping[str, Any]] | None = None,
    said: dt.date | None = None,
) -> Place:
    """Create or update a place.

    `region`, `parent`, `managing_company` are codes; `neighbours` ISO 3166-1. `points` [{label, lat, lon
    (degrees), accuracy_km, approximate, source, note}] and `crossings` [{name, neighbour, mode}] replace
    those there; None leaves them as they are. A new managing company, region or place around it counts from
    the day it was `said` (today): what is shown for earlier days stays.
    """
    require(by, "registry.edit")
    with writing():
        row = subject_row(Place, SubjectKind.PLACE, code)
        above = find_or_none(Place, parent, field="parent")
        refuse_loop(row, above, field="parent")
        company = find_or_none(Organisation, managing_company, field="managing_company")
        values = {
            **subject_values(name, aliases, note, invented or any_invented(above, company)),
            "type": type,
            "region": find_or_none(Region, region, field="region"),
            "district": district,
            "parent": above,
            "neighbours": [_country(item, "neighbours") for item in neighbours],
            "managing_company": company,
        }
        children: dict[str, Any] = {}
        if points is not None:
            children["points"] = _points(row, list(points))
        if crossings is not None:
            children["crossings"] = _crossings(row, list(crossings))
        return save_row(
            row,
            by=by,
            target=f"place:{code}",
            values=values,
            children=children,
            dated=DATED["place"],
            said=said,
        )


def link_save(
    *,
    by: User,
    code: str,
    name: Texts,
    type: str,
    line: Sequence[Sequence[float]] = (),
    line_note: str = "",
    aliases: Iterable[str] = (),
    note: Texts | None = None,
    invented: bool = False,
) -> Link:
    """Create or update a railway or road; `line` is [[lon, lat], …] in degrees, approximate."""
    require(by, "registry.edit")
    pairs = [[_degrees(lon, 180, "line"), _degrees(lat, 90, "line")] for lon, lat in line]
    if len(pairs) == 1:
        raise BadInput("line_of_one_point", field="line", value=code)
    with writing():
        row = subject_row(Link, SubjectKind.LINK, code)
        values = {
            **subject_values(name, aliases, note, invented),
            "type": type,
            "line": pairs,
            "line_note": line_note,
        }
        return save_row(row, by=by, target=f"link:{code}", values=values)


def _points(place: Place, rows: list[Mapping[str, Any]]) -> tuple[Any, Any, Any]:
    now = [] if place._state.adding else points_of(place)
    wanted = [_point(place, row) for row in rows]

    def write(saved: Place) -> None:
        saved.points.all().delete()
        PlacePoint.objects.bulk_create(wanted)

    return now, [point_state(point) for point in wanted], write


def _point(place: Place, row: Mapping[str, Any]) -> PlacePoint:
    _known_fields(row, POINT_FIELDS, "points")
    accuracy = row.get("accuracy_km")
    if accuracy is not None and not float(accuracy) >= 0:
        raise BadInput("negative", field="points.accuracy_km", value=accuracy)
    return PlacePoint(
        place=place,
        label=row.get("label") or "",
        lat=_degrees(row.get("lat"), 90, "points.lat"),
        lon=_degrees(row.get("lon"), 180, "points.lon"),
        accuracy_km=None if accuracy is None else float(accuracy),
        approximate=bool(row.get("approximate", True)),
        source=find_or_none(Source, row.get("source"), field="points.source"),
        note=row.get("note") or "",
    )


def _crossings(place: Place, rows: list[Mapping[str, Any]]) -> tuple[Any, Any, Any]:
    now = [] if place._state.adding else crossings_of(place)
    wanted = [_crossing(place, row) for row in rows]

    def write(saved: Place) -> None:
        saved.crossings.all().delete()
        Crossing.objects.bulk_create(wanted)

    return now, [crossing_state(crossing) for crossing in wanted], write


def _crossing(place: Place, row: Mapping[str, Any]) -> Crossing:
    _known_fields(row, CROSSING_FIELDS, "crossings")
    neighbour = row.get("neighbour") or ""
    return Crossing(
        place=place,
        neighbour=_country(neighbour, "crossings.neighbour") if neighbour else "",
        mode=row.get("mode") or "",
        **texts("name", row.get("name"), required=True),
    )


def _known_fields(row: Mapping[str, Any], allowed: set[str], field: str) -> None:
    unknown = sorted(set(row) - allowed)
    if unknown:
        raise BadInput("unknown_field", field=f"{field}.{unknown[0]}", allowed=", ".join(sorted(allowed)))


def _country(code: str, field: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isupper():
        raise BadInput("not_a_country_code", field=field, value=code)
    return code


def _degrees(value: Any, limit: int, field: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadInput("not_a_number", field=field, value=str(value)) from None
    if not -limit <= number <= limit:
        raise BadInput("degrees_outside", field=field, value=number, limit=limit)
    return number
