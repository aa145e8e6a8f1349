"""Fields of an element of a Microsoft Project XML file, refused with their place when they make no sense."""

from __future__ import annotations

import datetime as dt
import math
import re
from xml.etree.ElementTree import Element

from torap.engines.schedule.worktime import minutes
from torap.intake.schedules.json_fields import LONGEST, in_range
from torap.intake.schedules.losses import ScheduleFileError

ELAPSED = frozenset({4, 6, 8, 10, 12, 36, 38, 40, 42, 44})  # elapsed minutes to months, estimated ones too
PERIOD = re.compile(
    r"(-)?P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?"
)
NUMBER_LIMIT = 10 * LONGEST  # lags are tenths of a minute


def text(row: Element, name: str) -> str:
    """What an element says, without the blanks around it; empty when it is not there."""
    return (row.findtext(name) or "").strip()


def flag(row: Element, name: str) -> bool:
    """An element that says yes."""
    return text(row, name).lower() in {"1", "true"}


def says_no(row: Element, name: str) -> bool:
    """An element that says no; one that is not there says nothing."""
    return text(row, name).lower() in {"0", "false"}


def number(row: Element, name: str, default: int, *, far: str = "bad_number") -> int:
    """A whole number; a fraction is cut off. `far`: the error of one that is too large."""
    value = text(row, name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not abs(found) <= NUMBER_LIMIT:
        code = "bad_number" if math.isnan(found) else far
        raise ScheduleFileError(code, where=place(row, name), params={"value": value[:80]})
    return int(found)


def units(row: Element) -> float:
    """The units of an assignment, one when it names none."""
    value = text(row, "Units") or "1"
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not abs(found) <= NUMBER_LIMIT:
        raise ScheduleFileError("bad_number", where=place(row, "Units"), params={"value": value[:80]})
    return max(found, 0.001) if found > 0 else 0.0


def stamp(row: Element, name: str) -> int | None:
    """A local date-time in minutes since the epoch; a zone is left out, since the plan has none."""
    value = text(row, name)
    if not value or value == "NA":
        return None
    try:
        found = dt.datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        raise ScheduleFileError("bad_date", where=place(row, name), params={"value": value[:80]}) from None
    in_range(found, value, place(row, name))
    return minutes(found)


def period(row: Element, name: str, default: int = 0) -> int:
    """An ISO period in minutes; seconds are rounded, since the program works in minutes."""
    value = text(row, name)
    if not value:
        return default
    found = PERIOD.fullmatch(value)
    if found is None:
        raise ScheduleFileError("bad_duration", where=place(row, name), params={"value": value[:80]})
    sign, years, months, days, hours, mins, secs = found.groups()
    if int(years or 0) or int(months or 0):  # nobody can say how much work that is
        raise ScheduleFileError("bad_duration", where=place(row, name), params={"value": value[:80]})
    total = int(days or 0) * 1440 + int(hours or 0) * 60 + int(mins or 0) + round(int(secs or 0) / 60)
    if total > LONGEST:
        raise ScheduleFileError("too_long", where=place(row, name), params={"value": value[:80]})
    if sign and total:
        raise ScheduleFileError("duration_negative", where=place(row, name), params={"value": value[:80]})
    return total


def period_tenths(row: Element, name: str) -> int:
    """Tenths of a minute by which an ISO period is longer than `period` says, which may round up."""
    found = PERIOD.fullmatch(text(row, name))
    secs = int((found and found[7]) or 0)
    return round(secs / 6) - 10 * round(secs / 60)


def instant_tenths(row: Element, name: str) -> int:
    """Tenths of a minute that `stamp` cuts off a date-time."""
    value = text(row, name)
    return dt.datetime.fromisoformat(value).second // 6 if value and value != "NA" else 0


def whole_tenths(row: Element, name: str, default: int = 0) -> int:
    """An ISO period in tenths of a minute; `default` in the same."""
    return 10 * period(row, name) + period_tenths(row, name) if text(row, name) else default


def stamp_tenths(row: Element, name: str) -> int | None:
    """A local date-time in tenths of a minute since the epoch."""
    at = stamp(row, name)
    return None if at is None else 10 * at + instant_tenths(row, name)


def place(row: Element, name: str) -> str:
    """Where a field stands, as people are told."""
    uid, called = text(row, "UID"), text(row, "Name")
    number = text(row, "ID") if row.tag == "Task" else ""
    known = f"{row.tag} UID {uid}" if uid else row.tag
    known = f"row {number}, {known}" if number else known
    return f"{known} ({called[:60]}), {name}" if called else f"{known}, {name}"
