"""Which text of the law rules a case: every caller asks here, so that a page and a command agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from torap.rules.obligations.engine import edition_for
from torap.rules.obligations.inputs import typed_params
from torap.rules.obligations.model import Edition, Event, Procedure


def chosen_edition(
    procedure: Procedure, events: Sequence[Event], params: Mapping[str, str], day: dt.date
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
