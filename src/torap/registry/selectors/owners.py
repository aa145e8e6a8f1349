"""Which bodies a subject belongs to: decides who may add claims, money and capacity to it."""

from __future__ import annotations

from collections.abc import Iterable

from torap.ledger.memo import while_unchanged
from torap.registry.models import Organisation, Place, Project, Subject, SubjectKind

DEPTH = 8  # places nest: hub, zone, terminal, plot


def subject_owners(subject: Subject) -> set[str]:
    """Codes of the bodies answerable for one subject; see `subject_owners_many`."""
    return subject_owners_many([subject])[subject.pk]


@while_unchanged
def owners_of(code: str) -> frozenset[str]:
    """Codes of the bodies answerable for the subject of that code; none for a code that names none."""
    subject = Subject.objects.filter(code=code).first()
    return frozenset(subject_owners(subject)) if subject is not None else frozenset()


def subject_owners_many(subjects: Iterable[Subject]) -> dict[int, set[str]]:
    """Codes of the bodies answerable for each subject, by its id.

    An organisation answers for itself; a place answers to its managing company (or that of the place around
    it) and to the akimat of its region; a project to those of its place and region. Links, programmes and
    indicators belong to no single body.
    """
    rows = list(subjects)
    owners: dict[int, set[str]] = {row.pk: set() for row in rows}
    places: dict[int, int] = {}
    regions: dict[int, set[str]] = {row.pk: set() for row in rows}
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.pk)
        if row.kind == SubjectKind.ORGANISATION:
            owners[row.pk].add(row.code)
    for pk in by_kind.get(SubjectKind.PLACE, []):
        places[pk] = pk
    if ids := by_kind.get(SubjectKind.PROJECT):
        for pk, place, region in Project.objects.filter(pk__in=ids).values_list(
            "pk", "place_id", "region_id"
        ):
            if place:
                places[pk] = place
            if region:
                regions[pk].add(region)
    _add_places(places, owners, regions)
    _add_akimats(regions, owners, unreal={row.pk for row in rows if row.invented})
    return owners


def _add_places(places: dict[int, int], owners: dict[int, set[str]], regions: dict[int, set[str]]) -> None:
    """Climb from each place until a managing company is found; collect regions on the way."""
    climbing = dict(places)
    for _level in range(DEPTH):
        if not climbing:
            return
        found = {
            pk: (company, region, parent)
            for pk, company, region, parent in Place.objects.filter(
                pk__in=set(climbing.values())
            ).values_list("pk", "managing_company__code", "region_id", "parent_id")
        }
        upper: dict[int, int] = {}
        for subject, place in climbing.items():
            company, region, parent = found[place]
            if region:
                regions[subject].add(region)
            if company:
                owners[subject].add(company)
            elif parent:
                upper[subject] = parent
        climbing = upper


def _add_akimats(regions: dict[int, set[str]], owners: dict[int, set[str]], *, unreal: set[int]) -> None:
    """An invented akimat answers for what is invented (`unreal`) only."""
    wanted = set().union(*regions.values()) if regions else set()
    if not wanted:
        return
    akimats: dict[tuple[str, bool], set[str]] = {}
    rows = Organisation.objects.filter(type=Organisation.Type.AKIMAT, region__in=wanted)
    for code, region, invented in rows.values_list("code", "region_id", "invented"):
        akimats.setdefault((str(region), invented), set()).add(code)
    for subject, codes in regions.items():
        for region in codes:
            owners[subject] |= akimats.get((region, False), set())
            if subject in unreal:
                owners[subject] |= akimats.get((region, True), set())
