"""Finding things by name in any of the three languages and alphabets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from torap.registry.models import SearchEntry, Source, Subject
from torap.registry.selectors.known import source_known_q, subject_known_q
from torap.rules.fold import fold
from torap.rules.known import AsKnown

CANDIDATES = 400  # rows ranked in memory; a search that matches more is too short to rank


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind and code, its name in the reader's language, and which page shows it."""

    kind: str
    code: str
    name: str
    url_kind: str


def search(query: str, *, limit: int = 30) -> list[Hit]:
    """Entries with words that begin with those of `query`, else that hold them; the closest first.

    The index knows no days: `known_codes` tells which of them were known, and which are invented.
    """
    tokens = fold(query).split()
    if not tokens:
        return []
    found = list(_holding(tokens, " ")[:CANDIDATES]) or list(_holding(tokens, "")[:CANDIDATES])
    ranked = sorted(found, key=lambda entry: _rank(entry, tokens))
    return [Hit(entry.kind, entry.code, entry.name, entry.kind) for entry in ranked[:limit]]


def known_codes(found: Iterable[Hit], known: AsKnown) -> dict[tuple[str, str], bool]:
    """Of these the subjects and sources known on that day, by kind and code: whether each is invented."""
    codes = {hit.code for hit in found}
    if not codes:
        return {}
    subjects = Subject.objects.filter(subject_known_q(known), code__in=codes)
    sources = Source.objects.filter(source_known_q(known), code__in=codes)
    return {
        **{(kind, code): unreal for kind, code, unreal in subjects.values_list("kind", "code", "invented")},
        **{("source", code): unreal for code, unreal in sources.values_list("code", "invented")},
    }


def _holding(tokens: list[str], before: str) -> QuerySet[SearchEntry]:
    rows = SearchEntry.objects.order_by("-weight", "code")
    for token in tokens:
        rows = rows.filter(folded__contains=f"{before}{token}")
    return rows


def _rank(entry: SearchEntry, tokens: list[str]) -> tuple[int, int, int, str]:
    """Names that are the query, then those beginning with it, then whole words; then weight, shortness."""
    asked = " ".join(tokens)
    names = [fold(name) for name in (entry.name_en, entry.name_ru, entry.name_kk) if name]
    if asked in names:
        level = 0
    elif any(name.startswith(asked) for name in names):
        level = 1
    elif all(f" {token} " in entry.folded for token in tokens):
        level = 2
    else:
        level = 3
    return level, -entry.weight, len(entry.name_en), entry.code
