"""Places and projects as they were answered for on a day: their dated fields taken back where they changed
since."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet

from torap.ledger.selectors import unknown_yet, with_changed
from torap.registry.models import Organisation, Place, Project, Region, Subject
from torap.rules.known import AsKnown

S = TypeVar("S", bound=Subject)
# Kind -> its fields that name another row, on which owners, lists or totals hang.
DATED: dict[str, dict[str, Any]] = {
    "place": {"managing_company": Organisation, "region": Region, "parent": Place},
    "project": {"place": Place, "region": Region, "same_as": Project},
}


def as_it_was(rows: QuerySet[S], kind: str, known: AsKnown | None) -> list[S]:
    """The rows, changed in memory to how they stood on the day (None: today). One query and those of
    `taken_back`."""
    if known is None:
        return list(rows)
    return taken_back(list(with_changed(rows, kind, known)), kind, known)


def taken_back(found: list[S], kind: str, known: AsKnown) -> list[S]:
    """These rows, read by `with_changed`, changed in memory to how they stood on the day.

    No query; where a field changed since, one for what it was, and one for each kind of row it named.
    """
    before = unknown_yet(known, kind, [row.code for row in found if row.changed])  # type: ignore[attr-defined]
    for field, model in DATED[kind].items():
        old = {code: fields[field] for code, fields in before.items() if field in fields}
        named = {value for value in old.values() if value}
        there = {row.code: row for row in model.objects.filter(code__in=named)} if named else {}
        for row in found:
            if row.code in old:
                setattr(row, field, there.get(old[row.code]))
    return found
