"""How subjects hang together, and what is said of their networks: lean rows for the delivery network.

Whole tables in one query each, however large; no model instances.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torap.common.known import known_q
from torap.registry.models import Subject, UtilityEntry
from torap.registry.selectors.known import subject_known_q
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFact:
    """A subject with what structure asks of it. `place`: where a project stands, or the place around a place.

    `programmes`: those it is a member of; `programme`: the one an indicator measures.
    """

    id: int
    code: str
    kind: str
    type: str
    names: tuple[str, str, str]
    invented: bool
    place: str = ""
    programmes: tuple[str, ...] = ()
    programme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkWord:
    """One saying that a network gets capacity: at a place, of a kind, from a day, promised or evidenced."""

    place: str
    kind: str
    evidenced: bool
    day: dt.date
    said_from: dt.date
    said_to: dt.date
    key: str
    source: str
    invented: bool


_COLUMNS = (
    "pk",
    "code",
    "kind",
    "name_en",
    "name_ru",
    "name_kk",
    "invented",
    "as_place__type",
    "as_link__type",
    "as_project__type",
    "as_organisation__type",
    "as_project__place__code",
    "as_place__parent__code",
    "as_indicator__programme__code",
    "programmes__code",
)


def subject_facts(
    known: AsKnown, *, before: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None
) -> dict[str, SubjectFact]:
    """All subjects known on the day by code, in one query. `before`: what fields of places and projects were
    on the day where they changed since, by kind and code.
    """
    found: dict[str, SubjectFact] = {}
    rows = Subject.objects.filter(subject_known_q(known)).order_by("code", "programmes__code")
    for row in rows.values_list(*_COLUMNS):
        code, programme = row[1], row[14]
        if code in found:
            had = found[code]
            if programme and programme not in had.programmes:
                found[code] = replace(had, programmes=(*had.programmes, programme))
            continue
        found[code] = SubjectFact(
            id=row[0],
            code=code,
            kind=row[2],
            type=row[7] or row[8] or row[9] or row[10] or "",
            names=(row[3], row[4], row[5]),
            invented=row[6],
            place=row[11] or row[12] or "",
            programmes=(programme,) if programme else (),
            programme=row[13] or "",
        )
    return _as_it_was(found, before or {})


def _as_it_was(
    found: dict[str, SubjectFact], before: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, SubjectFact]:
    for kind, field in (("place", "parent"), ("project", "place")):
        for code, was in before.get(kind, {}).items():
            if code in found and field in was:
                found[code] = replace(found[code], place=was[field] or "")
    return found


def network_words(known: AsKnown, *, places: Collection[str] | None = None) -> list[NetworkWord]:
    """Everything said of capacity added to networks, or to those of some places, oldest saying first. One
    query; none for no places."""
    if places is not None and not places:
        return []
    rows = UtilityEntry.objects.filter(known_q(known), move=UtilityEntry.Move.ADDED)
    if places is not None:
        rows = rows.filter(utility__place__code__in=places)
    columns = (
        "utility__place__code",
        "utility__kind",
        "basis",
        "effective_from",
        "said_from",
        "said_to",
        "key",
        "source__code",
        "invented",
    )
    return [
        NetworkWord(
            place=row[0],
            kind=row[1],
            evidenced=row[2] == UtilityEntry.Basis.EVIDENCED,
            day=row[3],
            said_from=row[4],
            said_to=row[5],
            key=row[6],
            source=row[7],
            invented=row[8],
        )
        for row in rows.order_by("said_to", "said_from", "effective_from", "key").values_list(*columns)
    ]
