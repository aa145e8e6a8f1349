"""Makes everything loaded findable, the registry's rows with the instructions and milestones above it, and
finds it as known on a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone

from torap.common.models import User
from torap.delivery.selectors import (
    instruction_states,
    instructions_known,
    milestone_states,
    milestones_known,
)
from torap.registry.selectors import Hit, known_codes, search
from torap.registry.services import SearchRow, search_rebuild
from torap.rules.known import AsKnown


def search_refresh(*, by: User) -> int:
    """Build the search index anew and return how many entries it has."""
    return search_rebuild(by=by, extra=[*_instructions(), *_milestones()])


def search_known(query: str, known: AsKnown) -> list[Hit]:
    """What the words find of the things known on that day, the closest first; what is invented is marked."""
    hits = search(query)
    by_kind = {kind: [hit.code for hit in hits if hit.kind == kind] for kind in ("instruction", "milestone")}
    there = known_codes(hits, known)
    for code, invented in instructions_known(by_kind["instruction"], known).items():
        there["instruction", code] = invented
    for code, invented in milestones_known(by_kind["milestone"], known).items():
        there["milestone", code] = invented
    return [replace(hit, invented=there[hit.kind, hit.code]) for hit in hits if (hit.kind, hit.code) in there]


def _instructions() -> Iterator[SearchRow]:
    for state in instruction_states(_now()):
        row = state.instruction
        yield SearchRow(
            kind="instruction",
            code=row.code,
            name_en=row.text_en,
            name_ru=row.text_ru,
            name_kk=row.text_kk,
            words=(row.session_en, row.session_ru, row.session_kk),
            weight=45,
        )


def _milestones() -> Iterator[SearchRow]:
    for state in milestone_states(_now()):
        row = state.milestone
        yield SearchRow(
            kind="milestone",
            code=row.code,
            name_en=f"{state.subject.name_en}: {row.name_en}",
            name_ru=f"{state.subject.name_ru or state.subject.name_en}: {row.name_ru or row.name_en}",
            name_kk=f"{state.subject.name_kk or state.subject.name_en}: {row.name_kk or row.name_en}",
            weight=20,
        )


def _now() -> AsKnown:
    return AsKnown(timezone.localdate(), "recorded")
