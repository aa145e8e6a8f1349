"""Which working calendar the law commands count with: as on the pages, the database's where there is one.

Without a database, or without Django, the country's own file counts; the answer says which it was, and why.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from torap.cli.telling import open_rooms, tables_ready
from torap.conf import env
from torap.countries import load_calendar_edits
from torap.rules.calendar import WorkCalendar, build_calendar
from torap.rules.known import AsKnown

DATABASE = "database"
COUNTRY_FILE = "country_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarUsed:
    """A calendar, where it is kept, and how many edits people entered or loaded beside the country's file.

    `note`: why a database that is there was not asked.
    """

    days: WorkCalendar
    kept_in: str
    entered: int = 0
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """What the JSON answers say of it."""
        note = {"note": self.note} if self.note else {}
        return {"kept_in": self.kept_in, "edits_entered": self.entered, **note}

    def as_text(self) -> str:
        """The line the text answers say of it."""
        if self.kept_in == DATABASE:
            edits = "edit" if self.entered == 1 else "edits"
            return f"Calendar: the database's ({self.entered} {edits} beside the country's file)"
        return f"Calendar: the country's file{'; ' if self.note else ''}{self.note}"


def calendar_known(known_on: dt.date) -> CalendarUsed:
    """The working calendar as known on a day."""
    note = ""
    if env.database_there():
        found, note = _of_database(AsKnown(known_on))
        if found is not None:
            return found
    days = build_calendar(load_calendar_edits(), known_on=known_on)
    return CalendarUsed(days=days, kept_in=COUNTRY_FILE, note=note)


def _of_database(known: AsKnown) -> tuple[CalendarUsed | None, str]:
    try:
        opened = open_rooms()
    except ModuleNotFoundError as error:
        return None, f"the database was not asked: the package {error.name} is not installed"
    try:
        if not tables_ready():
            return None, "the database was not asked: it is not ready for this version; run `torap seed`"
        entered = len(opened.registry.calendar_edits(known))
        days = opened.registry.work_calendar(known)
    except opened.DatabaseError as error:
        return None, f"the database cannot be read: {str(error).splitlines()[0]}"
    return CalendarUsed(days=days, kept_in=DATABASE, entered=entered), ""
