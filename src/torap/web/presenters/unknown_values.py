"""Values of an address that no filter knows: left out and told, so that an empty list never reassures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from torap.web import formats

LONGEST = 60  # letters of a value that are shown


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a page: its name in the address, its words on the page, the values it knows."""

    name: str
    words: Any
    values: Collection[str]


def unknown_values(query: Mapping[str, str], filters: Iterable[Filter]) -> dict[str, str]:
    """A sentence for each filter that is asked for what it does not know, by its name in the address."""
    return {
        one.name: unknown_sentence(one.words, query[one.name])
        for one in filters
        if query.get(one.name) and query[one.name] not in one.values
    }


def unknown_sentence(words: Any, value: str) -> str:
    """That a value is not known and does not narrow the list."""
    return _("“%(filter)s” has no “%(value)s”: the list is not narrowed by it.") % {
        "filter": words,
        "value": formats.shortened(value, LONGEST),
    }


def known_query(query: Mapping[str, str], unknown: Mapping[str, str]) -> dict[str, str]:
    """The address without what is not known."""
    return {name: query[name] for name in query if name not in unknown}
