"""Fields of an element of a Microsoft Project XML file, each refused with its place when it makes no sense."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree.ElementTree import Element

from torap.engines.schedule.worktime import minutes
from torap.intake.schedules.losses import ScheduleFileError

ELAPSED = frozenset({4, 6, 8, 10, 12, 36, 38, 40, 42, 44})  # elapsed minutes to months, estimated ones too
PERIOD = re.compile(
    r"^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$"
)


def text(row: Element, name: str) -> str:
    """What an element says, without the blanks around it; empty when it is not there."""
    return (row.findtext(name) or "").strip()


def flag(row: Element, name: str) -> bool:
    """An element that says yes."""
    return text(row, name).lower() in {"1", "true"}


def number(row: Element, name: str, default: int) -> int:
    """A whole number; a fraction is cut off."""
    value = text(row, name)
    if not value:
        return default
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        raise ScheduleFileError("bad_number", where=place(row, name), params={"value": value[:80]}) from None


def stamp(row: Element, name: str) -> int | None:
    """A local date-time in minutes since the epoch; a zone is left out, since the plan has none."""
    value = text(row, name)
    if not value or value == "NA":
        return None
    try:
        return minutes(dt.datetime.fromisoformat(value).replace(tzinfo=None))
    except ValueError:
        raise ScheduleFileError("bad_date", where=place(row, name), params={"value": value[:80]}) from None


def period(row: Element, name: str, default: int = 0) -> int:
    """An ISO period in minutes; seconds are rounded, since the program works in minutes."""
    value = text(row, name)
    if not value:
        return default
    found = PERIOD.match(value)
    if found is None:
        raise ScheduleFileError("bad_duration", where=place(row, name), params={"value": value[:80]})
    sign, _years, _months, days, hours, mins, secs = found.groups()
    total = int(days or 0) * 1440 + int(hours or 0) * 60 + int(mins or 0) + round(int(secs or 0) / 60)
    if sign and total:
        raise ScheduleFileError("duration_negative", where=place(row, name), params={"value": value[:80]})
    return total


def place(row: Element, name: str) -> str:
    """Where a field stands, as people are told."""
    uid = text(row, "UID")
    return f"{row.tag} UID {uid}, {name}" if uid else f"{row.tag}, {name}"
