"""Rebuilding the search index from the registry and from what the rooms above hand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from torap.common.models import User
from torap.common.permissions import require
from torap.registry.models import SearchEntry, Source, Subject
from torap.rules.fold import fold

WEIGHTS = {
    "place": 50,
    "link": 45,
    "programme": 40,
    "indicator": 40,
    "organisation": 35,
    "project": 30,
    "source": 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """Something to be found: its page (`kind`, `code`), its names, and other words it is found by."""

    kind: str
    code: str
    name_en: str
    name_ru: str = ""
    name_kk: str = ""
    words: tuple[str, ...] = ()
    weight: int = 0


def search_rebuild(*, by: User, extra: Iterable[SearchRow] = ()) -> int:
    """Build the index anew and return its size; `extra` are rows of other applications."""
    require(by, "facts.load")
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        entries = [_entry(row) for row in [*_subjects(), *_sources(), *extra]]
        SearchEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def _subjects() -> Iterable[SearchRow]:
    for row in Subject.objects.order_by("code"):
        yield SearchRow(
            kind=row.kind,
            code=row.code,
            name_en=row.name_en,
            name_ru=row.name_ru,
            name_kk=row.name_kk,
            words=tuple(row.aliases),
            weight=WEIGHTS.get(row.kind, 0),
        )


def _sources() -> Iterable[SearchRow]:
    for row in Source.objects.order_by("code"):
        yield SearchRow(
            kind="source",
            code=row.code,
            name_en=row.title or f"{row.publisher}: {row.code}",
            words=(row.publisher,),
            weight=WEIGHTS["source"],
        )


def _entry(row: SearchRow) -> SearchEntry:
    parts = [row.name_en, row.name_ru, row.name_kk, *row.words, row.code.replace("_", " ").replace("-", " ")]
    folded = dict.fromkeys(word for part in parts for word in fold(part).split())
    return SearchEntry(
        kind=row.kind,
        code=row.code,
        name_en=row.name_en[:400],
        name_ru=row.name_ru[:400],
        name_kk=row.name_kk[:400],
        folded=f" {' '.join(folded)} ",
        weight=row.weight,
    )
