"""Writing programmes, the indicators they are measured by, and projects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from torap.common.errors import BadInput
from torap.common.models import User
from torap.common.permissions import require
from torap.ledger.writing import (
    Texts,
    any_invented,
    find_or_none,
    texts,
    writing,
)
from torap.registry.kept import members_of
from torap.registry.models import Indicator, Place, Programme, Project, Region, Subject, SubjectKind
from torap.registry.selectors.revised import DATED
from torap.registry.services.writing import (
    refuse_loop,
    save_row,
    subject_row,
    subject_values,
)
from torap.rules.units import UNITS


def programme_save(
    *,
    by: User,
    code: str,
    name: Texts,
    members: Iterable[str] | None = None,
    aliases: Iterable[str] = (),
    note: Texts | None = None,
    invented: bool = False,
) -> Programme:
    """Create or update a programme; `members` (codes of subjects) replace those there, None leaves them."""
    require(by, "registry.edit")
    with writing():
        row = subject_row(Programme, SubjectKind.PROGRAMME, code)
        children = {}
        if members is not None:
            wanted = sorted(set(members))
            now = [] if row._state.adding else members_of(row)
            found = dict(Subject.objects.filter(code__in=wanted).values_list("code", "id"))
            for member in wanted:
                if member not in found or member == code:
                    raise BadInput("unknown_reference", field="members", value=member, entity="subject")

            def write(saved: Programme) -> None:
                saved.members.set(found.values())

            children["members"] = (now, wanted, write)
        values = subject_values(name, aliases, note, invented)
        return save_row(row, by=by, target=f"programme:{code}", values=values, children=children)


def indicator_save(
    *,
    by: User,
    code: str,
    name: Texts,
    unit: str,
    programme: str | None = None,
    higher_is_better: bool = True,
    gap: Texts | None = None,
    aliases: Iterable[str] = (),
    note: Texts | None = None,
    invented: bool = False,
) -> Indicator:
    """Create or update an indicator; `unit` stands in rules.units, `gap` says what is known to be missing."""
    require(by, "registry.edit")
    if unit not in UNITS:
        raise BadInput("unknown_unit", field="unit", value=unit)
    with writing():
        row = subject_row(Indicator, SubjectKind.INDICATOR, code)
        above = find_or_none(Programme, programme, field="programme")
        values = {
            **subject_values(name, aliases, note, invented or any_invented(above)),
            **texts("gap", gap),
            "unit": unit,
            "programme": above,
            "higher_is_better": higher_is_better,
        }
        return save_row(row, by=by, target=f"indicator:{code}", values=values)


def project_save(
    *,
    by: User,
    code: str,
    name: Texts,
    type: str,
    place: str | None = None,
    place_note: str = "",
    region: str | None = None,
    investor: str = "",
    countries: Iterable[str] = (),
    sector: str = "",
    isic: str = "",
    same_as: str | None = None,
    aliases: Iterable[str] = (),
    note: Texts | None = None,
    invented: bool = False,
    said: dt.date | None = None,
) -> Project:
    """Create or update a project; `place`, `region`, `same_as` (the project this one repeats) are codes.

    A change of these three counts from the day it was `said` (today): what is shown for earlier days stays.
    """
    require(by, "registry.edit")
    with writing():
        row = subject_row(Project, SubjectKind.PROJECT, code)
        twin = find_or_none(Project, same_as, field="same_as")
        refuse_loop(row, twin, field="same_as")
        at = find_or_none(Place, place, field="place")
        values = {
            **subject_values(name, aliases, note, invented or any_invented(at, twin)),
            "type": type,
            "place": at,
            "place_note": place_note,
            "region": find_or_none(Region, region, field="region"),
            "investor": investor,
            "countries": list(countries),
            "sector": sector,
            "isic": isic,
            "same_as": twin,
        }
        return save_row(
            row,
            by=by,
            target=f"project:{code}",
            values=values,
            dated=DATED["project"],
            said=said,
        )
