"""Reading subjects of every kind: places, links, projects, organisations, programmes, indicators, regions.

With `known` only what was known on that day is listed; without it everything kept, for the forms. A thing
named by its code is found whatever the day: its page says that nothing was known of it yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet

from torap.common.errors import NotFound
from torap.common.together import together
from torap.ledger.memo import same_for_all, while_unchanged
from torap.ledger.selectors import changed_after, with_changed
from torap.registry.models import (
    Attribute,
    Crossing,
    Indicator,
    Link,
    Organisation,
    Place,
    PlacePoint,
    Programme,
    Project,
    Region,
    Subject,
    SubjectKind,
)
from torap.registry.selectors.known import subject_known_q
from torap.registry.selectors.revised import as_it_was, taken_back
from torap.rules.known import AsKnown

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilters:
    """What to list, by codes; empty fields do not narrow. `region` counts that of the place too."""

    type: str = ""
    place: str = ""
    region: str = ""
    programme: str = ""
    sector: str = ""
    invented: bool | None = None


def _then(known: AsKnown | None) -> Q:
    return subject_known_q(known) if known is not None else Q()


def _one(rows: QuerySet[Row] | list[Row], entity: str, code: str) -> Row:
    found = next(iter(rows), None) if isinstance(rows, list) else rows.filter(code=code).first()
    if found is None:
        raise NotFound(f"no_{entity}", field="code", value=code)
    return found


@while_unchanged
def subject_get(code: str) -> Subject:
    """A subject of any kind; NotFound when there is none."""
    return _one(Subject.objects.all(), "subject", code)


def subject_map(codes: Iterable[str]) -> dict[str, Subject]:
    """Subjects by code; codes that name nothing are left out."""
    return {row.code: row for row in Subject.objects.filter(code__in=set(codes))}


def subject_list(*, kind: str = "", ids: Iterable[int] | None = None) -> list[Subject]:
    """Subjects of a kind, or of given ids, by English name; an indicator's own columns come with it
    (`as_indicator`)."""
    rows = Subject.objects.select_related("as_indicator").order_by("name_en", "code")
    if kind:
        rows = rows.filter(kind=kind)
    if ids is not None:
        rows = rows.filter(pk__in=set(ids))
    return list(rows)


def subject_programmes(subject_id: int, known: AsKnown | None = None) -> list[Programme]:
    """The programmes a subject belongs to."""
    return list(Programme.objects.filter(_then(known), members=subject_id).order_by("name_en"))


def _places() -> QuerySet[Place]:
    return Place.objects.select_related("region", "parent", "managing_company")


@while_unchanged
def place_get(code: str, known: AsKnown | None = None) -> Place:
    """A place with its points (and their sources), crossings and parts, in the hands it was in on a day."""
    rows = _places().filter(code=code)
    found, *hanging = together(
        rows if known is None else with_changed(rows, "place", known),
        PlacePoint.objects.filter(place__code=code).select_related("source").order_by("pk"),
        Crossing.objects.filter(place__code=code).order_by("pk"),
        Place.objects.filter(_then(known), parent__code=code).order_by("pk"),
    )
    place: Place = _one(found if known is None else taken_back(found, "place", known), "place", code)
    kept = zip(("points", "crossings", "parts"), hanging, strict=True)
    place._prefetched_objects_cache = dict(kept)  # type: ignore[attr-defined]
    if known is not None and Place.objects.filter(changed_after(known, "place", "parent")).exists():
        moved = Q(parent=place.pk) | Q(changed_after(known, "place", "parent"))
        parts = as_it_was(Place.objects.filter(moved, _then(known)), "place", known)
        place._prefetched_objects_cache["parts"] = [row for row in parts if row.parent_id == place.pk]  # type: ignore[attr-defined]
    return place


@while_unchanged
def place_projects(place: Place, known: AsKnown) -> list[Project]:
    """The projects that were at a place on a day."""
    moved = Q(changed_after(known, "project", "place"))
    rows = as_it_was(Project.objects.filter(Q(place=place.pk) | moved, _then(known)), "project", known)
    return [row for row in rows if row.place_id == place.pk]


def body_relations(body: Organisation, known: AsKnown) -> tuple[list[Subject], list[Subject]]:
    """The places a body managed on a day, and the bodies under it; one query where nothing changed since."""
    changed = changed_after(known, "place", "managing_company")
    own = Q(as_organisation__parent=body.pk) | Q(as_place__managing_company=body.pk)
    rows: list[Any] = list(
        Subject.objects.annotate(changed=changed)
        .filter(own | Q(changed=True), _then(known))
        .order_by("name_en")
    )
    children = [row for row in rows if row.kind == SubjectKind.ORGANISATION]
    if any(row.changed for row in rows):
        return list(managed_places(body, known)), children
    return [row for row in rows if row.kind == SubjectKind.PLACE], children


@while_unchanged
def managed_places(body: Organisation, known: AsKnown) -> list[Place]:
    """The places a body managed on a day."""
    moved = Q(changed_after(known, "place", "managing_company"))
    rows = as_it_was(Place.objects.filter(Q(managing_company=body.pk) | moved, _then(known)), "place", known)
    return [row for row in rows if row.managing_company_id == body.pk]


def place_list(
    *, type: str | None = None, region: str | None = None, known: AsKnown | None = None
) -> list[Place]:
    """Places with their points, by English name; `region` is its code."""
    rows = _places().filter(_then(known)).prefetch_related("points").order_by("name_en", "code")
    if type:
        rows = rows.filter(type=type)
    found = as_it_was(rows, "place", known)
    return [row for row in found if not region or row.region_id == region]


def link_get(code: str) -> Link:
    """A railway, road or sea line."""
    return _one(Link.objects.all(), "link", code)


def link_list(*, type: str | None = None, known: AsKnown | None = None) -> list[Link]:
    """Links by English name."""
    rows = Link.objects.filter(_then(known)).order_by("name_en", "code")
    return list(rows.filter(type=type) if type else rows)


def _projects() -> QuerySet[Project]:
    return Project.objects.select_related("place__region", "region", "same_as")


def project_get(code: str, known: AsKnown | None = None) -> Project:
    """A project with its place, region and the project it repeats, as they were named on a day."""
    return _one(as_it_was(_projects().filter(code=code), "project", known), "project", code)


def project_list(filters: ProjectFilters | None = None, *, known: AsKnown) -> list[Project]:
    """Projects by English name, at the place and in the region they were in on a day."""
    wanted = filters or ProjectFilters()
    members: set[int] | None = None
    if wanted.programme:
        members = set(Subject.objects.filter(programmes__code=wanted.programme).values_list("pk", flat=True))
    return [
        row
        for row in _known_projects(known)
        if (not wanted.type or row.type == wanted.type)
        and (members is None or row.pk in members)
        and (not wanted.sector or row.sector == wanted.sector)
        and (wanted.invented is None or row.invented == wanted.invented)
        and _lies_in(row, wanted)
    ]


@same_for_all
def _known_projects(known: AsKnown) -> tuple[Project, ...]:
    """All projects known on a day, kept while nothing changes: a nation has too many to read them anew."""
    return tuple(as_it_was(_projects().filter(_then(known)).order_by("name_en", "code"), "project", known))


def _lies_in(project: Project, wanted: ProjectFilters) -> bool:
    place = project.place
    region = project.region_id or (place.region_id if place else None)
    here = place.code if place else ""
    return wanted.place in ("", here) and wanted.region in ("", region)


def organisation_get(code: str) -> Organisation:
    """An organisation with its region and the body above it."""
    rows = Organisation.objects.select_related("region", "parent")
    return _one(rows, "organisation", code)


def organisation_list(
    *,
    type: str | None = None,
    region: str | None = None,
    codes: Iterable[str] | None = None,
    known: AsKnown | None = None,
) -> list[Organisation]:
    """Organisations by English name."""
    rows = Organisation.objects.filter(_then(known)).select_related("region", "parent")
    rows = rows.order_by("name_en", "code")
    if type:
        rows = rows.filter(type=type)
    if region:
        rows = rows.filter(region=region)
    if codes is not None:
        rows = rows.filter(code__in=set(codes))
    return list(rows)


def programme_get(code: str, known: AsKnown | None = None) -> Programme:
    """A programme with its members and indicators."""
    rows = Programme.objects.prefetch_related(
        Prefetch("members", queryset=Subject.objects.filter(_then(known))),
        Prefetch("indicators", queryset=Indicator.objects.filter(_then(known))),
    )
    return _one(rows, "programme", code)


def programme_list(*, known: AsKnown | None = None) -> list[Programme]:
    """Programmes by English name; `programme_get` reads the members of one."""
    return list(Programme.objects.filter(_then(known)).order_by("name_en", "code"))


def indicator_get(code: str) -> Indicator:
    """An indicator with its programme."""
    return _one(Indicator.objects.select_related("programme"), "indicator", code)


def indicator_list(*, programme: str | None = None, known: AsKnown | None = None) -> list[Indicator]:
    """Indicators by English name; `programme` is its code."""
    rows = Indicator.objects.filter(_then(known)).select_related("programme").order_by("name_en", "code")
    return list(rows.filter(programme__code=programme) if programme else rows)


def region_list() -> list[Region]:
    """Regions by code."""
    return list(Region.objects.order_by("code"))


def attribute_list() -> list[Attribute]:
    """The catalogue of attributes by group and name."""
    return list(Attribute.objects.order_by("group", "name_en"))


def subject_counts(known: AsKnown | None = None) -> dict[str, int]:
    """How many real subjects of each kind were known; kinds without any count 0."""
    counts = dict.fromkeys(SubjectKind.values, 0)
    for kind in Subject.objects.filter(_then(known), invented=False).values_list("kind", flat=True):
        counts[kind] += 1
    return counts
