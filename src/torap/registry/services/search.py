"""The search index: every service that writes something to be found keeps it fresh; it can be built anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Model

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
        entries = [
            *(_entry(_subject(row)) for row in Subject.objects.order_by("code")),
            *(_entry(_source(row)) for row in Source.objects.order_by("code")),
            *(_entry(row) for row in extra),
        ]
        SearchEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def search_put(row: SearchRow) -> None:
    """Enter a thing, or what it is called now, in the transaction of the service that wrote it."""
    entry = _entry(row)
    columns = ("name_en", "name_ru", "name_kk", "folded", "weight")
    SearchEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["kind", "code"], update_fields=columns
    )


def search_row(row: Model) -> SearchRow | None:
    """A subject or a source as something to be found; None for what has no page of its own."""
    if isinstance(row, Subject):
        return _subject(row)
    return _source(row) if isinstance(row, Source) else None


def _subject(row: Subject) -> SearchRow:
    return SearchRow(
        kind=row.kind,
        code=row.code,
        name_en=row.name_en,
        name_ru=row.name_ru,
        name_kk=row.name_kk,
        words=tuple(row.aliases),
        weight=WEIGHTS.get(row.kind, 0),
    )


def _source(row: Source) -> SearchRow:
    return SearchRow(
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
