"""Rest days of a year from the `holidays` library: the seed under the official calendar edits.

The library is loaded on first use only: years with an official list never need it, and a command line answer
should not wait for it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

_SUFFIX = re.compile(r" \((observed|estimated|observed, estimated)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedDay:
    """A day that differs from the plain week. `kind`: holiday, shifted_holiday, or a whole reason code."""

    working: bool
    kind: str
    name: str = ""  # in the library's English

    def code(self, names: Mapping[str, str]) -> str:
        """Its reason code; `names` gives the library's holidays the country's own codes."""
        if not self.name:
            return self.kind
        return f"{self.kind}:{names.get(self.name) or _slug(self.name)}"


@lru_cache(maxsize=256)
def seed_year(country: str, year: int) -> Mapping[dt.date, SeedDay]:
    """Days of `year` that differ from the plain five-day week."""
    library = importlib.import_module("holidays")
    known = library.country_holidays(country, years=year, language="en_US")
    marks: dict[dt.date, SeedDay] = {}
    for day, name in known.items():
        if day.year == year:
            marks[day] = _rest_day(name)
    for day in known.weekend_workdays:
        if day.year == year:
            marks[day] = SeedDay(working=True, kind="working_weekend")
    return MappingProxyType(marks)


def _rest_day(name: str) -> SeedDay:
    first = name.split(";")[0].strip()
    if first.startswith("Day off"):
        return SeedDay(working=False, kind="moved_rest_day")
    kind = "shifted_holiday" if "observed" in first else "holiday"
    return SeedDay(working=False, kind=kind, name=_SUFFIX.sub("", first))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
