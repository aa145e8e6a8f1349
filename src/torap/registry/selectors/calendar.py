"""The working calendar as known on a day: the country's file, and the edits people entered since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.db.models import QuerySet

from torap.common.known import in_time, stored_before
from torap.countries import load_calendar_edits
from torap.registry.models import CalendarEdit
from torap.rules.calendar import CalendarEdit as EditRule
from torap.rules.calendar import WorkCalendar, build_calendar, edited
from torap.rules.known import AsKnown


def calendar_edits(known: AsKnown) -> list[CalendarEdit]:
    """Edits entered in this system and known on that day, by day, then by when they became known."""
    return list(edits_known(known))


def edits_known(known: AsKnown) -> QuerySet[CalendarEdit]:
    """The question for `calendar_edits`, to be asked together with others."""
    rows = CalendarEdit.objects.order_by("day", "known_from", "pk")
    if known.clock == "recorded":
        return rows.filter(recorded_at__lt=stored_before(known))
    return rows.filter(in_time(known), known_from__lte=known.day)


def work_calendar(known: AsKnown, edits: Iterable[CalendarEdit] | None = None) -> WorkCalendar:
    """The calendar every clock of that day is counted with. One query, none where the
    `edits` known on it are given."""
    entered = tuple(edit_rule(row) for row in (calendar_edits(known) if edits is None else edits))
    return _built(settings.COUNTRY, entered, known.day)


@lru_cache(maxsize=32)
def _built(country: str, entered: tuple[EditRule, ...], day: dt.date) -> WorkCalendar:
    """A calendar depends on nothing else, and every page counts with one."""
    edits = load_calendar_edits(country)
    return build_calendar(edited(edits, list(entered)), known_on=day)


def edit_rule(row: CalendarEdit) -> EditRule:
    """An entered edit as the rules of the calendar read it."""
    return EditRule(
        day=row.day,
        working=row.working,
        known_from=row.known_from,
        kind=row.kind,
        title=row.title_en,
        source=row.source_title,
        confidence=row.confidence,
    )
