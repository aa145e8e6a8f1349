"""In which region a subject lay, as known on a day: one lean query for all of them."""

from __future__ import annotations

from torap.ledger.selectors import unknown_yet_of
from torap.registry.models import Subject
from torap.registry.selectors.known import subject_known_q
from torap.rules.known import AsKnown

_KINDS = ("place", "project", "organisation")


def subject_regions(known: AsKnown) -> dict[str, str]:
    """Codes of regions by code of the subject: of places, of projects (their own, else of their place), of
    bodies, as known on the day. Those without one are left out. One query, one more for an earlier day."""
    before = unknown_yet_of(known, _KINDS)
    found: dict[str, str] = {}
    stands: dict[str, str] = {}
    rows = Subject.objects.filter(subject_known_q(known)).values_list(
        "code",
        "kind",
        "as_place__region_id",
        "as_project__region_id",
        "as_organisation__region_id",
        "as_project__place__code",
    )
    for code, kind, *regions, place in rows.iterator():
        was = before.get(kind, {}).get(code, {})
        found[code] = was.get("region", next((one for one in regions if one), "")) or ""
        if kind == "project":
            stands[code] = was.get("place", place) or ""
    for code, place in stands.items():
        found[code] = found[code] or found.get(place, "")
    return {code: region for code, region in found.items() if region}
