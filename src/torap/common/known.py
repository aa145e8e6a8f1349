"""The one filter by which every table is looked at as known on a day, by either of the two clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.utils import timezone

from torap.rules.known import AsKnown

Row = TypeVar("Row", bound=Model)


def known_q(known: AsKnown, prefix: str = "") -> Q:
    """The condition "known on that day" for a row with both clocks; `prefix` is a relation with its `__`."""
    if known.clock == "recorded":
        return Q(**{f"{prefix}recorded_at__lt": stored_before(known)})
    return Q(**{f"{prefix}said_to__lte": known.day}) & in_time(known, prefix)


def in_time(known: AsKnown, prefix: str = "") -> Q:
    """The condition "stored before the moment the question was asked at"; none for what is asked just now."""
    return Q(**{f"{prefix}recorded_at__lt": known.until}) if known.until else Q()


def visible(rows: QuerySet[Row], known: AsKnown) -> QuerySet[Row]:
    """Rows known on that day and not hidden behind a correction that was known on it as well.

    The corrections are asked for once: joined row by row they cost the square of the table's length wherever
    a database holds the index on corrections for useless, as nearly all rows correct nothing.
    """
    corrections = rows.model._base_manager.filter(known_q(known), corrects__isnull=False)
    return rows.filter(known_q(known)).exclude(pk__in=corrections.values("corrects"))


def day_asked(text: str, today: dt.date) -> tuple[dt.date, str]:
    """The day to look at the country on, and what is wrong with the one asked for: the one rule of all doors.

    Codes: "" (nothing, or no day was asked for), `not_a_day`, `in_the_future`; today is meant with both.
    """
    if not text.strip():
        return today, ""
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        return today, "not_a_day"
    return (day, "") if day <= today else (today, "in_the_future")


def with_corrections(
    rows: QuerySet[Row], known: AsKnown, *, corrected_by: str = "corrected_by"
) -> QuerySet[Row]:
    """Rows known on that day, marked `corrected` where a correction known on it puts them right."""
    mark = Case(
        When(known_q(known, f"{corrected_by}__"), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    marked: QuerySet[Any] = rows.filter(known_q(known)).annotate(corrected=mark)
    return marked


def stored_before(known: AsKnown) -> dt.datetime:
    """The moment before which a row was stored that our books held on the day, as the question has it."""
    end = end_of(known.day)
    return min(end, known.until) if known.until else end


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after `day` in the country's time zone."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
