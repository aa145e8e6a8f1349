"""What the database holds, summed up for the checks: rows loaded from files, and rows written otherwise."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.utils import timezone

from torap.delivery import selectors as delivery
from torap.intake.graph import Ident
from torap.intake.known import SUBJECTS, AttributeFact, Known, PublisherFact
from torap.intake.models import LoadedRow
from torap.intake.readers.rows import SUBJECT_SECTIONS
from torap.intake.readers.values import Interval
from torap.registry import selectors as registry
from torap.rules.known import AsKnown

_SUMMED = ("attributes", "indicators", "publishers", "sources")
# A subject's kind in the registry, for each section of subjects.
_KINDS = {section: section.removesuffix("s") for section in SUBJECT_SECTIONS}


def applied_rows() -> dict[Ident, LoadedRow]:
    """Every row as last applied, by section and key."""
    return {(row.kind, row.key): row for row in LoadedRow.objects.all()}


def known_from(rows: Mapping[Ident, LoadedRow]) -> Known:
    """What rows loaded from files tell the checks."""
    codes: dict[str, set[str]] = defaultdict(set)
    for section, key in rows:
        codes[section].add(key)
    of = {section: {k: row.data for (s, k), row in rows.items() if s == section} for section in _SUMMED}
    return Known(
        codes={section: frozenset(keys) for section, keys in codes.items()},
        attributes={
            code: AttributeFact(kind=data["kind"], unit=data.get("unit", ""))
            for code, data in of["attributes"].items()
        },
        indicator_units={code: data["unit"] for code, data in of["indicators"].items()},
        publishers={
            code: PublisherFact(
                name=data["name"]["en"],
                source_class=data["source_class"],
                domains=tuple(data.get("domains", ())),
            )
            for code, data in of["publishers"].items()
        },
        published={code: Interval.model_validate(data["published"]) for code, data in of["sources"].items()},
    )


def widened(known: Known, missing: Iterable[Ident]) -> Known | None:
    """`known` with those of the `missing` rows that were written by hand, not loaded; None if there are none.

    Asked only for what the files name in vain, so that a load costs the same however much is written by hand.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for section, code in missing:
        wanted[section].add(code)
    found = {section: _SEEK[section](codes) for section, codes in wanted.items() if section in _SEEK}
    for kind_section in SUBJECT_SECTIONS:
        subjects = registry.subject_map(wanted.get(kind_section, set()) | wanted.get(SUBJECTS, set()))
        found[kind_section] = {c for c, row in subjects.items() if row.kind == _KINDS[kind_section]}
    if not any(found.values()):
        return None
    codes = dict(known.codes)
    for section, keys in found.items():
        codes[section] = codes.get(section, frozenset()) | keys
    units = {row.code: row.unit for row in registry.indicator_list() if row.code in found["indicators"]}
    return dataclasses.replace(
        known,
        codes=codes,
        attributes={**known.attributes, **_attributes(found.get("attributes", set()))},
        indicator_units={**known.indicator_units, **units},
        published={**known.published, **_published(found.get("sources", set()))},
    )


def _attributes(codes: set[str]) -> dict[str, AttributeFact]:
    rows = registry.attribute_list() if codes else []
    return {row.code: AttributeFact(kind=row.kind, unit=row.unit) for row in rows if row.code in codes}


def _published(codes: set[str]) -> dict[str, Interval]:
    rows = registry.source_map(codes) if codes else {}
    return {
        code: Interval(start=row.published_from, end=row.published_to)
        for code, row in rows.items()
        if row.published_from and row.published_to
    }


def _milestones(codes: set[str]) -> set[str]:
    return {state.milestone.code for state in delivery.milestone_states(_stored(), codes=codes)}


def _instructions(codes: set[str]) -> set[str]:
    return {state.instruction.code for state in delivery.instruction_states(_stored(), codes=codes)}


def _obstacles(codes: set[str]) -> set[str]:
    return {state.obstacle.code for state in delivery.obstacle_states(_stored(), codes=codes)}


def _stored() -> AsKnown:
    """Everything stored by now, whenever it was said."""
    return AsKnown(timezone.localdate(), "recorded")


_SEEK: dict[str, Callable[[set[str]], set[str]]] = {
    "regions": lambda codes: codes & {row.code for row in registry.region_list()},
    "attributes": lambda codes: codes & {row.code for row in registry.attribute_list()},
    "sources": lambda codes: set(registry.source_map(codes)),
    "milestones": _milestones,
    "instructions": _instructions,
    "obstacles": _obstacles,
}
