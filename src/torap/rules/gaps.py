"""What was noted as not known when facts were collected, and whether it still is."""

from __future__ import annotations

import re
from collections.abc import Collection

_YEARS = re.compile(r"\b((?:19|20)\d\d)(?:\s*[-–—]\s*((?:19|20)\d\d))?\b")


def years_named(text: str) -> set[int]:
    """Calendar years a note names, one by one or as a range: "2015-2017 and 2020" names four."""
    found: set[int] = set()
    for first, last in _YEARS.findall(text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def gap_stands(text: str, measured: Collection[int]) -> bool:
    """Whether a note of missing years still holds: none of the years it names has been measured since."""
    return bool(text) and not years_named(text) & set(measured)
