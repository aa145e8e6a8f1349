"""Rest days of a year from the `holidays` library: the seed under the official calendar edits.

The library is loaded on first use only: years with an official list never need it, and a command line answer
should not wait for it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

NAME_CODES = {
    "New Year's Day": "new_year",
    "Orthodox Christmas": "orthodox_christmas",
    "International Women's Day": "womens_day",
    "Nowruz Holiday": "nauryz",
    "Kazakhstan's People Solidarity Holiday": "peoples_unity",
    "Defender of the Fatherland Day": "defender",
    "Victory Day": "victory",
    "Capital Day": "capital_day",
    "Constitution Day": "constitution",
    "Republic Day": "republic_day",
    "Independence Day": "independence",
    "First President Day": "first_president",
    "Eid al-Adha": "kurban_ait",
}
_SUFFIX = re.compile(r" \((observed|estimated|observed, estimated)\)$")


@lru_cache(maxsize=256)
def seed_year(country: str, year: int) -> Mapping[dt.date, tuple[bool, str]]:
    """Days of `year` that differ from the plain five-day week, each as (working, reason code)."""
    library = importlib.import_module("holidays")
    known = library.country_holidays(country, years=year, language="en_US")
    marks: dict[dt.date, tuple[bool, str]] = {}
    for day, name in known.items():
        if day.year == year:
            marks[day] = (False, _code(name))
    for day in known.weekend_workdays:
        if day.year == year:
            marks[day] = (True, "working_weekend")
    return MappingProxyType(marks)


def _code(name: str) -> str:
    first = name.split(";")[0].strip()
    if first.startswith("Day off"):
        return "moved_rest_day"
    shifted = "observed" in first
    plain = _SUFFIX.sub("", first)
    code = NAME_CODES.get(plain) or re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return f"shifted_holiday:{code}" if shifted else f"holiday:{code}"
