"""Finding things by name in any of the three languages and alphabets, the nearest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max

from torap.common.models import in_language
from torap.ledger.memo import while_unchanged
from torap.registry.models import SearchEntry, Source, Subject
from torap.registry.selectors.known import source_known_q, subject_known_q
from torap.rules.finding import SAME, STEM, Vocabulary, asked_words, vocabulary
from torap.rules.fold import fold
from torap.rules.known import AsKnown

# How much of a name was asked for, most first; beside: the words stand in aliases, regions, publishers.
_WHOLE, _PART, _BESIDE = range(3)
# Weights from which an entry is a thing of its own, and from which it speaks of one: a source weighs less.
_OWN_PAGE, _SPEAKS = 10, 6


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind and code, its name in the reader's language, and which page shows it.

    `rank` orders hits of all kinds, the nearest first; `note` says what was found in it, where the name does
    not.
    """

    kind: str
    code: str
    name: str
    url_kind: str
    rank: tuple[int, ...] = ()
    note: str = ""
    invented: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the index, ready to be ranked: its names and aliases folded, and their words."""

    kind: str
    code: str
    name: str
    weight: int
    folded_code: str
    names: tuple[str, ...]
    name_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Index:
    """All rows, and for each word the rows that hold it."""

    entries: tuple[_Entry, ...]
    holding: Mapping[str, frozenset[int]]
    vocabulary: Vocabulary


def search(query: str, *, limit: int | None = None) -> list[Hit]:
    """Entries that hold every word of `query`, or one near it; the nearest first.

    A word counts as it stands, by its stem, as a beginning, and with one letter wrong; what is less near
    stands lower. Two queries, or four after a change.
    """
    tokens = asked_words(fold(query).split())
    if not tokens:
        return []
    size = SearchEntry.objects.aggregate(rows=Count("id"), newest=Max("id"))
    index = _index(size["rows"], size["newest"] or 0)
    near = [index.vocabulary.near(token) for token in tokens]
    found = _held(index, near)
    asked = fold(query)
    ranked = sorted((_rank(index.entries[at], asked, near), at) for at in found)
    return [_hit(index.entries[at], rank) for rank, at in ranked[:limit]]


@while_unchanged
def _index(_rows: int, _newest: int) -> _Index:
    """The index in memory, until a write or a rebuilding; the arguments only tell one state from another."""
    entries: list[_Entry] = []
    holding: dict[str, set[int]] = defaultdict(set)
    aliases = dict(Subject.objects.values_list("code", "aliases"))
    for at, row in enumerate(SearchEntry.objects.order_by("pk")):
        own = (row.name_en, row.name_ru, row.name_kk, *aliases.get(row.code, ()))
        names = tuple(dict.fromkeys(fold(name) for name in own if name))
        entries.append(
            _Entry(
                kind=row.kind,
                code=row.code,
                name=in_language(row.name_en, row.name_ru, row.name_kk),
                weight=row.weight,
                folded_code=fold(row.code),
                names=names,
                name_words=frozenset(word for name in names for word in name.split()),
            )
        )
        for word in row.folded.split():
            holding[word].add(at)
    return _Index(
        entries=tuple(entries),
        holding={word: frozenset(rows) for word, rows in holding.items()},
        vocabulary=vocabulary(holding),
    )


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


def _held(index: _Index, near: Iterable[Collection[str]]) -> set[int]:
    """Positions of the rows that hold a word near each of those asked for."""
    found: set[int] | None = None
    for words in near:
        rows: set[int] = set().union(*(index.holding[word] for word in words))
        found = rows if found is None else found & rows
    return found or set()


def _rank(entry: _Entry, asked: str, near: list[dict[str, int]]) -> tuple[int, ...]:
    """Nearness of the least near word, things before sources, whether the name holds all of them, weight,
    whether it begins with them, the very form of the word, length of the name.

    Cases of one word are equally near: who asks for "портов" means the port first.
    """
    nearness = [
        min((rank for word, rank in words.items() if word in entry.name_words), default=None)
        for words in near
    ]
    in_name = [rank for rank in nearness if rank is not None]
    if asked in (entry.folded_code, *entry.names):
        place, least = _WHOLE, SAME
    elif len(in_name) == len(near):
        place, least = _PART, max(in_name)
    else:
        place, least = _BESIDE, max(min(words.values()) for words in near)
    return (
        _level(least),
        0 if entry.weight >= _OWN_PAGE else 1 if entry.weight >= _SPEAKS else 2,
        place,
        -entry.weight,
        0 if any(name.startswith(asked) for name in entry.names) else 1,
        least,
        min(map(len, entry.names), default=0),
    )


def _level(nearness: int) -> int:
    return SAME if nearness == STEM else nearness


def _hit(entry: _Entry, rank: tuple[int, ...]) -> Hit:
    return Hit(entry.kind, entry.code, entry.name, entry.kind, rank)
