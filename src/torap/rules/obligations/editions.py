"""Which text of the law rules a case: every caller asks here, so that a page and a command agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from torap.rules.errors import NoEdition
from torap.rules.obligations.inputs import typed_params
from torap.rules.obligations.model import Edition, Event, Procedure


def edition_for(procedure: Procedure, day: dt.date) -> Edition:
    """The edition in force on `day`. `NoEdition` names the days that are covered."""
    for edition in procedure.editions:
        first = edition.first_day
        if (first is None or first <= day) and (edition.valid_to is None or day <= edition.valid_to):
            return edition
    covered = "; ".join(f"{e.id}: {e.first_day or '…'} to {e.valid_to or '…'}" for e in procedure.editions)
    oldest = procedure.editions[0].first_day
    early = oldest is not None and day < oldest
    why = f" The rules read came into force on {oldest.isoformat()}." if oldest and early else ""
    raise NoEdition(
        f"{procedure.id} has no edition in force on {day.isoformat()}.{why} Editions: {covered}. "
        f"Choose a day within one of them.",
        procedure=procedure.id,
        day=day.isoformat(),
    )


def chosen_edition(
    procedure: Procedure, events: Sequence[Event], params: Mapping[str, Any], day: dt.date
) -> Edition:
    """The edition of the first event; without events that of the `date` or `year` given, else of `day`.

    `NoEdition` when no text that was read was in force then; `BadValue` for a parameter that cannot be read.
    """
    if events:
        return edition_for(procedure, min(event.on for event in events))
    given = typed_params(procedure.editions[-1], params)
    named, year = given.get("date"), given.get("year")
    if isinstance(named, dt.date):
        return edition_for(procedure, named)
    if year is not None and not isinstance(year, tuple):
        return edition_for(procedure, dt.date(int(str(year)), 12, 31))
    return edition_for(procedure, day)
