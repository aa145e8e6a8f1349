"""Scopes of figures in words: which part of a thing, or on which basis, a figure speaks of.

Scopes belong to a country's facts, so their words lie beside those facts in `countries/<cc>/scopes.yaml`;
a scope without words there is shown as its code, spelled out.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings

from torap.common.models import in_language
from torap.countries import load_yaml


@cache
def _table(country: str) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = load_yaml(country, "scopes.yaml")["scopes"]
    return rows


def scope_words(scope: str) -> str:
    """The words of a scope in the reader's language; empty for the whole thing."""
    if not scope:
        return ""
    words = _table(settings.COUNTRY).get(scope)
    if words is None:
        return scope.replace("_", " ")
    return in_language(words["en"], words.get("ru", ""), words.get("kk", ""))
