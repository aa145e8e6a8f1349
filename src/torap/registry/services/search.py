"""Rebuilding the search index from the registry and from what the rooms above hand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from torap.common.models import Named, User
from torap.common.permissions import require
from torap.countries import load_said
from torap.registry.models import Crossing, Place, Project, SearchEntry, Source, Subject
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
    beside = _words_beside()
    for row in Subject.objects.order_by("code"):
        yield SearchRow(
            kind=row.kind,
            code=row.code,
            name_en=row.name_en,
            name_ru=row.name_ru,
            name_kk=row.name_kk,
            words=(*row.aliases, *beside.get(row.pk, ())),
            weight=WEIGHTS.get(row.kind, 0),
        )


def _words_beside() -> dict[int, list[str]]:
    """Words a subject is found by besides its names: of a place its type, region, crossings and neighbours,
    of a project its region, investor, sector and countries."""
    found: dict[int, list[str]] = defaultdict(list)
    for crossing in Crossing.objects.order_by("pk"):
        found[crossing.place_id] += _names(crossing)
    for place in Place.objects.select_related("region").order_by("pk"):
        found[place.pk] += [*_names(place.region), *_said(place.district), *_countries(place.neighbours)]
        found[place.pk] += _in_all_languages(Place.Type(place.type).label)
    for project in Project.objects.select_related("region").order_by("pk"):
        found[project.pk] += [*_names(project.region), *_countries(project.countries)]
        for text in (project.investor, project.sector, project.place_note):
            found[project.pk] += _said(text)
    return found


def _names(row: Named | None) -> list[str]:
    return [row.name_en, row.name_ru, row.name_kk] if row is not None else []


def _countries(codes: Iterable[str]) -> list[str]:
    """Names of countries by ISO 3166-1 code in every language of the pages."""
    names = [Locale.parse(language).territories for language, _label in settings.LANGUAGES]
    return [territories[code] for code in codes for territories in names if code in territories]


def _in_all_languages(label: Any) -> list[str]:
    """A label of the code in every language of the pages."""
    found = []
    for language, _label in settings.LANGUAGES:
        with override(language):
            found.append(str(label))
    return found


def _said(text: str) -> list[str]:
    """A short string of the facts in every language it is told in."""
    return [text, *load_said(settings.COUNTRY).get(text, {}).values()]


def _sources() -> Iterable[SearchRow]:
    for row in Source.objects.order_by("code"):
        yield SearchRow(
            kind="source",
            code=row.code,
            name_en=row.title or f"{row.publisher}: {row.code}",
            words=(*_said(row.publisher), urlsplit(row.url).netloc),
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
