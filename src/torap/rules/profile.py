"""A country's profile: its money, its time, which of its procedures answers which question, who gives orders.

Code asks here instead of naming a procedure, a currency or an office of one country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from torap.rules.errors import BadLawFile, listed

Names = Mapping[str, str]  # by language: en, ru, kk
FIELDS = {
    "currency", "currency_name", "time_zone", "utc_offset_hours", "procedures", "control", "issuers",
}  # fmt: skip
QUESTIONS = {"control", "pool", "calendar"}
CONTROL_FIELDS = {"lead", "co_executors", "reports"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSteps:
    """The steps of the procedure that controls instructions: the answer, and what is owed before it."""

    lead: str
    co_executors: tuple[str, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryProfile:
    """What the product has to know of a country beside its law and its facts.

    `currency`: ISO 4217. `utc_offset_hours`: the one offset of its civil time. `procedures`: code of the
    procedure for each of the questions control, pool, calendar. `issuers`: offices that give instructions,
    in the order lists show them, with their names.
    """

    currency: str
    currency_name: Names
    time_zone: str
    utc_offset_hours: int
    procedures: Mapping[str, str]
    control: ControlSteps
    issuers: Mapping[str, Names]


def parse_profile(data: Mapping[str, Any], *, where: str) -> CountryProfile:
    """A profile from its YAML form. `BadLawFile` names the file, the field and the repair."""
    _check(data, FIELDS, where)
    _check(data["procedures"], QUESTIONS, f"{where}: procedures")
    _check(data["control"], CONTROL_FIELDS, f"{where}: control")
    for code, names in data["issuers"].items():
        _check(names, {"en", "ru", "kk"}, f"{where}: issuers: {code}")
    steps = data["control"]
    return CountryProfile(
        currency=str(data["currency"]),
        currency_name=MappingProxyType(dict(data["currency_name"])),
        time_zone=str(data["time_zone"]),
        utc_offset_hours=int(data["utc_offset_hours"]),
        procedures=MappingProxyType(dict(data["procedures"])),
        control=ControlSteps(
            lead=str(steps["lead"]),
            co_executors=tuple(steps["co_executors"]),
            reports=tuple(steps["reports"]),
        ),
        issuers=MappingProxyType({str(code): dict(names) for code, names in data["issuers"].items()}),
    )


def _check(row: Mapping[str, Any], fields: set[str], where: str) -> None:
    if set(row) != fields:
        missing, unknown = listed(fields - set(row)), listed(set(row) - fields)
        raise BadLawFile(
            f"{where}: missing {missing}; unknown {unknown}; give exactly {listed(fields)}.", file=where
        )
