"""In which region a subject lies: one lean query for all of them."""

from __future__ import annotations

from torap.registry.models import Subject


def subject_regions() -> dict[str, str]:
    """Codes of regions by code of the subject: of places, of projects (their own, else of their place), of
    bodies. Those without one are left out. One query."""
    rows = Subject.objects.values_list(
        "code",
        "as_place__region_id",
        "as_project__region_id",
        "as_project__place__region_id",
        "as_organisation__region_id",
    )
    found = {code: next((one for one in regions if one), "") for code, *regions in rows.iterator()}
    return {code: region for code, region in found.items() if region}
