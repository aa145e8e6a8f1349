"""Writing what claims rest on: the catalogue of attributes, and sources."""

from __future__ import annotations

from torap.common.errors import BadInput
from torap.common.models import User
from torap.common.permissions import require
from torap.ledger.writing import (
    Days,
    Texts,
    days,
    texts,
    writing,
)
from torap.registry.models import Attribute, Region, Source
from torap.registry.services.writing import (
    save_row,
)
from torap.rules.units import UNITS


def region_save(*, by: User, code: str, name: Texts) -> Region:
    """Create or update a region by its ISO 3166-2 code."""
    require(by, "registry.edit")
    with writing():
        row = Region.objects.filter(code=code).first() or Region(code=code)
        return save_row(row, by=by, target=f"region:{code}", values=texts("name", name, required=True))


def attribute_save(
    *,
    by: User,
    code: str,
    name: Texts,
    kind: str,
    unit: str = "",
    tolerance: float = 0.02,
    window_days: int = 400,
    group: str = "",
) -> Attribute:
    """Create or update a row of the catalogue.

    `unit` must stand in rules.units; `tolerance` is a relative difference, `window_days` in days.
    """
    require(by, "registry.edit")
    if unit and unit not in UNITS:
        raise BadInput("unknown_unit", field="unit", value=unit)
    if not 0 <= tolerance < 1:
        raise BadInput("tolerance_outside", field="tolerance", value=tolerance)
    with writing():
        row = Attribute.objects.filter(code=code).first() or Attribute(code=code)
        values = {
            **texts("name", name, required=True),
            "kind": kind,
            "unit": unit,
            "tolerance": float(tolerance),
            "window_days": window_days,
            "group": group,
        }
        return save_row(row, by=by, target=f"attribute:{code}", values=values)


def source_add(
    *,
    by: User,
    code: str,
    publisher: str,
    source_class: str,
    url: str = "",
    title: str = "",
    language: str = "",
    published: Days | None = None,
    date_note: str = "",
    invented: bool = False,
) -> Source:
    """Add a source (whoever may claim may), or mend what is known of it (the editors of the registry)."""
    with writing():
        row = Source.objects.select_for_update().filter(code=code).first() or Source(code=code)
        require(by, "source.add" if row._state.adding else "registry.edit")
        if not url and not title:
            raise BadInput("source_unnamed", field="url", value=code)
        span = days("published", published) or (None, None)
        values = {
            "publisher": publisher,
            "source_class": source_class,
            "url": url,
            "title": title,
            "language": language,
            "published_from": span[0],
            "published_to": span[1],
            "date_note": date_note,
            "invented": invented,
        }
        return save_row(row, by=by, target=f"source:{code}", values=values)
