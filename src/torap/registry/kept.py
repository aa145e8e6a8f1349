"""Which tables of the registry the ledger speaks of. The search index is not: it is computed anew."""

from __future__ import annotations

from typing import Any

from torap.ledger.records import Kept, keep
from torap.registry.models import (
    Attribute,
    CalendarEdit,
    Claim,
    Crossing,
    Indicator,
    Link,
    MoneyEntry,
    Organisation,
    Place,
    PlacePoint,
    Programme,
    Project,
    Region,
    Source,
    Utility,
    UtilityEntry,
)


def point_state(point: PlacePoint) -> dict[str, Any]:
    """A point of a place as it stands in the ledger."""
    return {
        "label": point.label,
        "lat": point.lat,
        "lon": point.lon,
        "accuracy_km": point.accuracy_km,
        "approximate": point.approximate,
        "source": point.source.code if point.source else None,
        "note": point.note,
    }


def crossing_state(crossing: Crossing) -> dict[str, str]:
    """A crossing of a place as it stands in the ledger."""
    names = ("name_en", "name_ru", "name_kk", "neighbour", "mode")
    return {name: getattr(crossing, name) for name in names}


def points_of(place: Place) -> list[dict[str, Any]]:
    """The points of a place in the order they were given."""
    return [point_state(point) for point in sorted(place.points.all(), key=lambda one: one.pk)]


def crossings_of(place: Place) -> list[dict[str, str]]:
    """The crossings of a place in the order they were given."""
    return [crossing_state(crossing) for crossing in sorted(place.crossings.all(), key=lambda one: one.pk)]


def members_of(programme: Programme) -> list[str]:
    """Codes of what belongs to a programme."""
    return sorted(member.code for member in programme.members.all())


def _saved(*models: type[Any], **more: Any) -> list[Kept]:
    """Tables whose rows are known by a code and may change."""
    return [
        Kept(model=model, key=("code",), kinds=(f"{name}.added", f"{name}.changed"), **more)
        for model in models
        if (name := model._meta.model_name)
    ]


def _said(model: type[Any], *kinds: str, **more: Any) -> Kept:
    """A table whose rows are known by a key and never change."""
    return Kept(model=model, key=("key",), kinds=kinds, **more)


keep(
    *_saved(Region, Attribute, Source, Organisation, Link, Indicator, Project),
    *_saved(
        Place, parts={"points": points_of, "crossings": crossings_of}, related=("points__source", "crossings")
    ),
    *_saved(Programme, parts={"members": members_of}, related=("members",)),
    _said(Claim, "claim.added", "claim.corrected"),
    _said(MoneyEntry, "money.added"),
    _said(
        UtilityEntry,
        "utility.added",
        left_out=frozenset({"utility"}),
        parts={"place": lambda entry: entry.utility.place.code, "kind": lambda entry: entry.utility.kind},
        related=("utility__place",),
    ),
    Kept(model=Utility, key=("place", "kind"), kinds=("network.added",)),
    Kept(model=CalendarEdit, key=("day", "known_from"), kinds=("calendar.edited",)),
)
