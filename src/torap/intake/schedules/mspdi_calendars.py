"""Calendars of a Microsoft Project XML file: weeks, what they inherit, and single or recurring exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from dateutil import rrule

from torap.engines.schedule.worktime import EPOCH, STANDARD_WEEK, CalendarSpec, Shift
from torap.intake.schedules.json_fields import DAYS_FIRST, DAYS_LAST, in_range
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.mspdi_fields import flag, says_no, text
from torap.intake.schedules.shifts import hours, laid, over_midnight

# Kinds of a recurring exception.
DAILY, YEARLY, YEARLY_AT, MONTHLY, MONTHLY_AT, WEEKLY, EVERY = 1, 2, 3, 4, 5, 6, 7
WEEKDAYS = (rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA)
SPAN_LIMIT = 60 * 366
Shifts = tuple[Shift, ...]


def calendars_of(root: Element, losses: Losses) -> dict[str, CalendarSpec]:
    """Every calendar by its UID, or by its place where it has none. One that is based on another takes from
    it what it does not say itself.
    """
    listed = enumerate(root.iterfind("Calendars/Calendar"), 1)
    rows = {text(row, "UID") or f"calendar {number}": row for number, row in listed}
    found = {}
    for uid, row in rows.items():
        try:
            found[uid] = _spec(uid, rows, losses)
        except ScheduleFileError as error:
            error.where = f"calendar UID {uid} ({text(row, 'Name')[:60]}), {error.where}"
            raise
    return found


def _spec(uid: str, rows: dict[str, Element], losses: Losses) -> CalendarSpec:
    chain: list[Element] = []
    at = uid
    while at in rows and rows[at] not in chain:
        chain.append(rows[at])
        at = text(rows[at], "BaseCalendarUID")
    week: list[Shifts] = list(STANDARD_WEEK)
    exceptions: dict[int, Shifts] = {}
    for row in reversed(chain):
        for day in row.iterfind("WeekDays/WeekDay"):
            number = _whole(day, "DayType")
            if number:
                week[(number + 5) % 7] = _shifts(day)
            else:
                exceptions |= dict.fromkeys(_period_days(day, losses), _shifts(day))
        exceptions |= _work_weeks(row, losses)
        for exception in row.iterfind("Exceptions/Exception"):
            exceptions |= dict.fromkeys(_recurring(exception, losses), _shifts(exception))
    name = text(rows[uid], "Name")
    for shifts in (*week, *exceptions.values()):
        for shift in shifts:
            if over_midnight(shift):
                losses.add("shift_over_midnight", where=name, value=hours(shift))
    usual, other = laid(week, exceptions)
    return CalendarSpec(id=uid, name=name, week=usual, exceptions=other)


def _work_weeks(row: Element, losses: Losses) -> dict[int, Shifts]:
    """Weeks that differ for a while, as exceptions of their days."""
    found: dict[int, Shifts] = {}
    for week in row.iterfind("WorkWeeks/WorkWeek"):
        days = {_whole(day, "DayType"): _shifts(day) for day in week.iterfind("WeekDays/WeekDay")}
        for at in _period_days(week, losses):
            number = (at + 4) % 7 + 1  # 1970-01-01 was a Thursday, day 5 of a week that begins on Sunday
            if number in days:
                found[at] = days[number]
    return found


def _recurring(row: Element, losses: Losses) -> Iterator[int]:
    """Days of an exception, by its rule."""
    kind = _whole(row, "Type") or DAILY
    if kind == DAILY:
        yield from _period_days(row, losses)
        return
    first, last = _ends(row)
    every = max(_whole(row, "Period"), 1)
    count = _whole(row, "Occurrences")
    limit: dict[str, Any] = (
        {"count": count} if count and text(row, "EnteredByOccurrences") in {"1", "true"} else {"until": last}
    )
    rule = rrule.rrule(dtstart=first, **_rule(row, kind, every), **limit)
    for number, moment in enumerate(rule):
        if number >= SPAN_LIMIT:
            losses.add("exceptions_cut", where=text(row, "Name"), value=SPAN_LIMIT)
            return
        yield (moment.date() - EPOCH).days


def _rule(row: Element, kind: int, every: int) -> dict[str, Any]:
    month, day = _whole(row, "Month", high=11) + 1, _whole(row, "MonthDay", high=31) or 1
    if kind == EVERY:
        return {"freq": rrule.DAILY, "interval": every}
    if kind == WEEKLY:
        bits = _whole(row, "DaysOfWeek", high=127)
        days = [WEEKDAYS[i] for i in range(7) if bits >> i & 1]
        return {"freq": rrule.WEEKLY, "interval": every, "byweekday": days, "wkst": rrule.SU}
    if kind == MONTHLY:
        return {"freq": rrule.MONTHLY, "interval": every, "bymonthday": day}
    if kind == MONTHLY_AT:
        return {"freq": rrule.MONTHLY, "interval": every, **_position(row)}
    if kind == YEARLY:
        return {"freq": rrule.YEARLY, "bymonth": month, "bymonthday": day}
    if kind == YEARLY_AT:
        return {"freq": rrule.YEARLY, "bymonth": month, **_position(row)}
    raise ScheduleFileError("exception_type_unknown", where=text(row, "Name"), params={"value": kind})


def _position(row: Element) -> dict[str, object]:
    """First to fourth or last: day, weekday, weekend day, or a day of the week."""
    item, place = _whole(row, "MonthItem", high=9), _whole(row, "MonthPosition", high=4)
    nth = -1 if place == 4 else place + 1
    if item == 0:
        return {"bymonthday": nth}
    if item == 1:
        return {"byweekday": WEEKDAYS[1:6], "bysetpos": nth}
    if item == 2:
        return {"byweekday": (WEEKDAYS[0], WEEKDAYS[6]), "bysetpos": nth}
    return {"byweekday": WEEKDAYS[item - 3](nth)}


def _ends(row: Element) -> tuple[dt.datetime, dt.datetime]:
    period = row.find("TimePeriod")
    if period is None:
        raise ScheduleFileError("exception_without_dates", where=text(row, "Name"))
    try:
        ends = [text(period, name) for name in ("FromDate", "ToDate")]
        first, last = (dt.datetime.fromisoformat(end).replace(tzinfo=None) for end in ends)
    except ValueError:
        where = f"exception {text(row, 'Name')}"
        raise ScheduleFileError("bad_date", where=where, params={"value": " to ".join(ends)[:80]}) from None
    for end in (first, last):
        in_range(end, end, f"exception {text(row, 'Name')}", first=DAYS_FIRST, last=DAYS_LAST)
    return first.replace(hour=0, minute=0, second=0), last


def _period_days(row: Element, losses: Losses) -> range:
    first, last = _ends(row)
    start, end = ((moment.date() - EPOCH).days for moment in (first, last))
    if end - start > SPAN_LIMIT:
        losses.add("exceptions_cut", where=text(row, "Name"), value=SPAN_LIMIT)
        end = start + SPAN_LIMIT
    return range(start, end + 1)


def _shifts(row: Element) -> Shifts:
    """Working times of a day; none on a day off, the usual ones of a working day that names none."""
    if says_no(row, "DayWorking"):
        return ()
    if flag(row, "DayWorking") and row.find("WorkingTimes/WorkingTime") is None:
        return STANDARD_WEEK[0]
    found = []
    for time in row.iterfind("WorkingTimes/WorkingTime"):
        start, end = text(time, "FromTime"), text(time, "ToTime")
        if start and end:
            where = f"working times of {row.tag} {text(row, 'Name') or text(row, 'DayType')}"
            found.append((_clock(start, where), _clock(end, where) or 1440))
    return tuple(sorted(pair for pair in found if pair[0] != pair[1]))


def _clock(value: str, where: str) -> int:
    try:
        hours, minutes, *_ = value.split(":")
        found = int(hours) * 60 + int(minutes)
    except ValueError:
        found = -1
    if not 0 <= found <= 1440:
        raise ScheduleFileError("bad_shift", where=where, params={"value": value[:40]})
    return found


def _whole(row: Element, name: str, *, high: int = 100_000) -> int:
    """A whole number from zero up to `high`; zero when it is not there."""
    value = text(row, name)
    if not value:
        return 0
    found = int(value) if value.isdecimal() and len(value) < 10 else -1
    if not 0 <= found <= high:
        where = f"{row.tag} {text(row, 'Name')}, {name}"
        raise ScheduleFileError("bad_number", where=where, params={"value": value[:80]})
    return found
