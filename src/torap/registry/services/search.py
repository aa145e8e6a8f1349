"""The search index: every service that writes something to be found keeps it fresh; it can be built anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from django.conf import settings
from django.db import transaction
from django.db.models import Model
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


_followers: list[Callable[[int], Iterable[SearchRow]]] = []


def search_rebuild(*, by: User, extra: Iterable[SearchRow] = ()) -> int:
    """Build the index anew and return its size; `extra` are rows of other applications."""
    require(by, "facts.load")
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        beside = _words_beside()
        entries = [
            *(_entry(_subject(row, beside.get(row.pk, ()))) for row in Subject.objects.order_by("code")),
            *(_entry(_source(row)) for row in Source.objects.order_by("code")),
            *(_entry(row) for row in extra),
        ]
        SearchEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def search_follow(rows: Callable[[int], Iterable[SearchRow]]) -> None:
    """Register what else is called by the name of a subject (id), entered anew when that name changes."""
    _followers.append(rows)


def search_renamed(subject: Subject) -> None:
    """Enter anew what is called by the name of `subject`."""
    search_put(*(row for rows in _followers for row in rows(subject.pk)))


def search_put(*rows: SearchRow) -> None:
    """Enter things, or what they are called now, in the transaction of the service that wrote them."""
    columns = ("name_en", "name_ru", "name_kk", "folded", "weight")
    SearchEntry.objects.bulk_create(
        map(_entry, rows), update_conflicts=True, unique_fields=["kind", "code"], update_fields=columns
    )


def search_row(row: Model) -> SearchRow | None:
    """A subject or a source as something to be found; None for what has no page of its own."""
    if isinstance(row, Subject):
        return _subject(row, _words_beside(row.pk).get(row.pk, ()))
    return _source(row) if isinstance(row, Source) else None


def _subject(row: Subject, beside: Iterable[str]) -> SearchRow:
    return SearchRow(
        kind=row.kind,
        code=row.code,
        name_en=row.name_en,
        name_ru=row.name_ru,
        name_kk=row.name_kk,
        words=(*row.aliases, *beside),
        weight=WEIGHTS.get(row.kind, 0),
    )


def _words_beside(only: int | None = None) -> dict[int, list[str]]:
    """Words a subject is found by besides its names: of a place its type, region, crossings and neighbours,
    of a project its region, investor, sector and countries. `only`: of this subject."""
    found: dict[int, list[str]] = defaultdict(list)
    one = {} if only is None else {"pk": only}
    crossings = Crossing.objects.all() if only is None else Crossing.objects.filter(place=only)
    for crossing in crossings.order_by("pk"):
        found[crossing.place_id] += _names(crossing)
    for place in Place.objects.filter(**one).select_related("region").order_by("pk"):
        found[place.pk] += [*_names(place.region), *_said(place.district), *_countries(place.neighbours)]
        found[place.pk] += _in_all_languages(Place.Type(place.type).label)
    for project in Project.objects.filter(**one).select_related("region").order_by("pk"):
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


def _source(row: Source) -> SearchRow:
    return SearchRow(
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
