"""A year of the working calendar as months of weeks, and every official edit of it with its source."""

from __future__ import annotations

import calendar as month_table
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel.dates import get_day_names, get_month_names

from torap.common.models import in_language
from torap.registry.models import CalendarEdit as EnteredEdit
from torap.rules.calendar import DAY, FIRST_YEAR, LAST_YEAR, CalendarEdit, DayMark, WorkCalendar, days_after
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.law import words
from torap.web.presenters.links import known_link

CSV_HEADER = ("day", "working", "kind", "why", "known_from", "source", "confidence")
_WEEK = "week"


def year_of(raw: str, known: AsKnown) -> int:
    """The year asked for, within the years of the calendar; that of the day looked at by default."""
    try:
        year = int(raw)
    except ValueError:
        year = known.day.year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def months(days: WorkCalendar, year: int, today: dt.date) -> list[dict[str, Any]]:
    """The twelve months of a year: name, working days, weeks from Monday; days of other months are None."""
    names = get_month_names("wide", context="stand-alone", locale=formats.reader_locale())
    table = month_table.Calendar(firstweekday=0)
    return [
        {
            "name": names[month].capitalize(),
            "working": days.working_days_in(year, month),
            "weeks": [
                [_cell(days, day, today) if day.month == month else None for day in week]
                for week in table.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _cell(days: WorkCalendar, day: dt.date, today: dt.date) -> dict[str, Any]:
    mark = days.mark(day)
    plain = mark.source == _WEEK
    return {
        "day": day,
        "number": day.day,
        "kind": "" if plain and mark.working else cell_kind(mark),
        "why": "" if plain else words.day_kind(mark.code, mark.title),
        "today": day == today,
    }


def cell_kind(mark: DayMark) -> str:
    """How a day is drawn: weekend, holiday, moved (off by an order), worked (a weekend day that counts)."""
    if mark.working:
        return "worked" if mark.code == "working_weekend" else "changed"
    if mark.code == "weekend":
        return "weekend"
    return "moved" if mark.code == "moved_rest_day" else "holiday"


def weekdays() -> list[dict[str, str]]:
    """Names of the days of the week from Monday, short and whole."""
    locale = formats.reader_locale()
    short = get_day_names("short", context="stand-alone", locale=locale)
    wide = get_day_names("wide", context="stand-alone", locale=locale)
    return [{"short": short[day], "name": wide[day]} for day in range(7)]


def special_days(days: WorkCalendar, year: int) -> list[dict[str, Any]]:
    """Every day that differs from the plain week, with the reason and who says so."""
    first, last = dt.date(year, 1, 1) - DAY, dt.date(year, 12, 31)
    marks = ((day, days.mark(day)) for day in days_after(first, last))
    return [_special(day, mark) for day, mark in marks if mark.source != _WEEK]


def _special(day: dt.date, mark: DayMark) -> dict[str, Any]:
    return {
        "day": day,
        "weekday": get_day_names("wide", locale=formats.reader_locale())[day.weekday()],
        "working": mark.working,
        "why": words.day_kind(mark.code, mark.title),
        "detail": words.law_text(mark.title) if mark.code == "workday" else "",
        "known_from": mark.known_from,
        "computed": mark.source == "seed",
        "kind": cell_kind(mark),
    }


def edit_rows(
    carried: Iterable[CalendarEdit], entered: Iterable[EnteredEdit], known: AsKnown, year: int
) -> list[dict[str, Any]]:
    """The edits of a year known on that day that somebody made: those of orders, and those entered here."""
    rows = [
        _carried(edit)
        for edit in carried
        if edit.day.year == year and edit.known_from is not None and edit.known_from <= known.day
    ]
    rows += [_entered(edit) for edit in entered if edit.day.year == year]
    return sorted(rows, key=lambda row: (row["day"], row["known_from"]))


def _carried(edit: CalendarEdit) -> dict[str, Any]:
    source = words.law_source(edit.source)
    return {
        "day": edit.day,
        "working": edit.working,
        "why": words.day_kind(edit.kind) if edit.kind != "workday" else words.law_text(edit.title),
        "known_from": edit.known_from,
        "source": source["title"] if source else edit.source,
        "url": source["url"] if source else "",
        "confidence": str(words.CONFIDENCES.get(edit.confidence, edit.confidence)),
        "entered": False,
    }


def _entered(edit: EnteredEdit) -> dict[str, Any]:
    return {
        "day": edit.day,
        "working": edit.working,
        "why": in_language(edit.title_en, edit.title_ru, edit.title_kk),
        "known_from": edit.known_from,
        "source": edit.source_title,
        "url": edit.source_url,
        "confidence": str(words.CONFIDENCES.get(edit.confidence, edit.confidence)),
        "entered": True,
    }


def year_links(official: Mapping[int, str], year: int, known: AsKnown) -> list[dict[str, Any]]:
    """Tabs: the years with an official list, the year shown, and the one after the last."""
    years: Sequence[int] = sorted({*official, year, max(official, default=year) + 1})
    return [
        {"label": str(number), "url": known_link(known, "calendar", year=number), "current": number == year}
        for number in years
        if FIRST_YEAR <= number <= LAST_YEAR
    ]


def csv_rows(days: WorkCalendar, year: int) -> list[list[Any]]:
    """All days of a year as rows of a download."""
    first, last = dt.date(year, 1, 1) - DAY, dt.date(year, 12, 31)
    return [
        [
            day,
            mark.working,
            mark.code,
            words.day_kind(mark.code, mark.title),
            mark.known_from,
            mark.source,
            mark.confidence,
        ]
        for day, mark in ((day, days.mark(day)) for day in days_after(first, last))
    ]
