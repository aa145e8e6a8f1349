"""Fields of Torap's own schedule format: how a value is read, and what is said when it cannot be.

Every refusal carries `where`: the row and the id of the activity, link, calendar or risk, and the field.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from typing import Any

from torap.engines.schedule.worktime import EPOCH, minutes
from torap.intake.schedules.losses import ScheduleFileError

LENGTH = re.compile(r"\s*(-?\d{1,12}(?:\.\d{1,12})?)\s*(e?)(mo|m|h|d|w|%)?\s*")
LONGEST = 1 << 28  # minutes: some five hundred years
FIRST_YEAR, LAST_YEAR = 1900, 2299
DAYS_FIRST, DAYS_LAST = 1800, 4999  # years of the days of calendars, which programs write far off
ROWS = {
    "activities": "activity", "branches": "branch", "calendars": "calendar", "drivers": "driver",
    "risks": "risk",
}  # fmt: skip  # lists of a plan, and what one of their rows is called
NAME_LIMIT = 10_000
_CONSTANT = re.compile(r"\b(?:NaN|Infinity)\b")
# Neither XML nor a terminal can carry these: control characters, halves of a pair, no characters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def loaded(text: str) -> Mapping[str, Any]:
    """The object a text holds. Names given twice, NaN and infinity are refused, as is a broken text."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_NoNumber)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ScheduleFileError("broken_json", where=where, params={"reason": error.msg}) from None
    except RecursionError:
        raise ScheduleFileError("too_deep") from None
    except ValueError:  # a whole number of thousands of digits
        raise ScheduleFileError("bad_number", where="plan", params={"value": "a number too long"}) from None
    if not isinstance(data, dict):
        raise ScheduleFileError("not_a_plan", where="plan")
    if _CONSTANT.search(text):
        _refuse_constants(data)
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        about = found.get("id")
        where = f"the object with id {str(about)[:80]}" if about else "plan"
        raise ScheduleFileError("field_twice", where=where, params={"value": twice[:80]})
    return found


class _NoNumber:
    """NaN or infinity, kept until it can be told where it stands."""

    def __init__(self, name: str) -> None:
        self.name = name


def _refuse_constants(data: Mapping[str, Any]) -> None:
    """ScheduleFileError for the first value that is NaN or infinity, with its row and field."""
    todo: list[tuple[Any, tuple[str | int, ...]]] = [(data, ())]
    while todo:
        value, path = todo.pop()
        if isinstance(value, _NoNumber):
            raise ScheduleFileError("bad_number", where=_where(data, path), params={"value": value.name})
        rows: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, dict):
            rows = value.items()
        elif isinstance(value, list):
            rows = enumerate(value)
        todo += [(row, (*path, key)) for key, row in reversed(list(rows))]


def _where(data: Mapping[str, Any], path: tuple[str | int, ...]) -> str:
    """A path through the file as its readers tell it: "row 2, activity B, duration"."""
    first, rest = f"plan, {path[0]}", path[1:]
    if rest and isinstance(rest[0], int):
        row, what = data[str(path[0])][rest[0]], ROWS.get(str(path[0]))
        name = row.get("id") if isinstance(row, dict) else None
        known = what and isinstance(name, str | int)
        first = place(str(what), str(name)[:80], rest[0]) if known else f"{path[0]}[{rest[0]}]"
        rest = rest[1:]
    return first + "".join(f"[{key}]" if isinstance(key, int) else f", {key}" for key in rest)


def place(what: str, name: str, number: int) -> str:
    """Where a row of the file stands: its number as people count, and its id."""
    return f"row {number + 1}, {what} {name}"


def known(row: Mapping[str, Any], allowed: Set[str], where: str) -> None:
    """Refuse a field that is not among those allowed."""
    if row.keys() <= allowed:
        return
    unknown = sorted(set(row) - set(allowed))
    if unknown:
        params = {"value": unknown[0][:80], "known": ", ".join(sorted(allowed))}
        raise ScheduleFileError("unknown_field", where=where, params=params)


def an_object(row: Any, where: str) -> Mapping[str, Any]:
    """`row`, which must be an object."""
    if not isinstance(row, dict):
        raise ScheduleFileError("not_an_object", where=where)
    return row


def listed(row: Mapping[str, Any], name: str, where: str) -> list[Any]:
    """A field that is a list; empty when it is not there."""
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ScheduleFileError("not_a_list", where=f"{where}, {name}")
    return value


def mapped(row: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    """A field that is an object; empty when it is not there."""
    value = row.get(name)
    return {} if value is None else an_object(value, f"{where}, {name}")


def text_of(row: Mapping[str, Any], name: str, where: str) -> str:
    """A field of text: what a terminal and XML can carry, or a whole number as its digits."""
    value = row.get(name)
    if value is None:
        return ""
    if type(value) is str and len(value) <= NAME_LIMIT and value.isprintable():
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ScheduleFileError("not_a_text", where=f"{where}, {name}")
    found = str(value)
    bad = FORBIDDEN.search(found)
    if bad is not None:
        params = {"value": f"U+{ord(bad[0]):04X}", "at": bad.start() + 1}
        raise ScheduleFileError("bad_character", where=f"{where}, {name}", params=params)
    if len(found) > NAME_LIMIT:
        params = {"value": found[:40], "limit": NAME_LIMIT}
        raise ScheduleFileError("text_too_long", where=f"{where}, {name}", params=params)
    return found


def id_of(row: Any, where: str) -> str:
    """The id of a row, without blanks around it."""
    found = text_of(an_object(row, where), "id", where).strip()
    if not found:
        raise ScheduleFileError("missing", where=f"{where}, id")
    return found


def choice(kind: Any, value: Any, where: str) -> Any:
    """`value` as a member of an enumeration of text."""
    try:
        return kind._value2member_map_[value if type(value) is str else str(value)]
    except KeyError:
        params = {"value": str(value)[:80], "known": ", ".join(kind)}
        raise ScheduleFileError("unknown_choice", where=where, params=params) from None


def flag(row: Mapping[str, Any], name: str, where: str, *, default: bool) -> bool:
    """A field that is true or false."""
    value = row.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise ScheduleFileError("not_a_flag", where=f"{where}, {name}", params={"value": str(value)[:80]})
    return value


def number(value: Any, where: str, *, low: float, high: float) -> float:
    """A number from `low` to `high`; a text with % is hundredths."""
    found: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value) if abs(value) < 10**15 else math.inf
    elif isinstance(value, str) and (parts := re.fullmatch(r"\s*(-?\d{1,12}(?:\.\d{1,12})?)\s*%\s*", value)):
        found = float(parts[1]) / 100
    if found is None:
        raise ScheduleFileError("bad_number", where=where, params={"value": str(value)[:80]})
    if not low <= found <= high:
        params = {"value": str(value)[:80], "low": f"{low:g}", "high": f"{high:g}"}
        raise ScheduleFileError("number_out_of_range", where=where, params=params)
    return found


def instant(row: Mapping[str, Any], name: str, where: str) -> int | None:
    """A field that is a local date or date-time, as minutes since the epoch."""
    value = row.get(name)
    if value is None or value == "":
        return None
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise _bad_date(value, f"{where}, {name}") from None
    if found.tzinfo is not None:
        raise ScheduleFileError("zone_given", where=f"{where}, {name}", params={"value": str(value)[:80]})
    in_range(found, value, f"{where}, {name}")
    return minutes(found)


def day_of(value: Any, where: str) -> int:
    """A date of a calendar as days since the epoch."""
    try:
        found = dt.date.fromisoformat(str(value))
    except ValueError:
        raise _bad_date(value, where) from None
    in_range(found, value, where, first=DAYS_FIRST, last=DAYS_LAST)
    return (found - EPOCH).days


def in_range(
    found: dt.date, value: Any, where: str, *, first: int = FIRST_YEAR, last: int = LAST_YEAR
) -> None:
    """Refuse a date of another age."""
    if not first <= found.year <= last:
        params = {"value": str(value)[:80], "first": first, "last": last}
        raise ScheduleFileError("date_out_of_range", where=where, params=params)


def _bad_date(value: Any, where: str) -> ScheduleFileError:
    return ScheduleFileError("bad_date", where=where, params={"value": str(value)[:80]})


def length(value: Any, day: int, where: str) -> tuple[int, bool]:
    """A duration as (minutes, whether by the clock): 5, "5d", "8h", "2w", "1mo" (20 days), "3ed", "30m"."""
    found = None if isinstance(value, bool) else usual_length(str(value), day)
    if found is None:
        raise ScheduleFileError("bad_duration", where=where, params={"value": str(value)[:80]})
    if abs(found[0]) > LONGEST:
        raise ScheduleFileError("too_long", where=where, params={"value": str(value)[:80]})
    return found


@lru_cache(maxsize=4096)
def usual_length(text: str, day: int) -> tuple[int, bool] | None:
    """A text as `length` reads it; None when it is no duration. Not yet checked against LONGEST."""
    found = LENGTH.fullmatch(text)
    if found is None or found[3] == "%":
        return None
    amount, elapsed, unit = float(found[1]), bool(found[2]), found[3] or "d"
    whole = 1440 if elapsed else day
    scale = {
        "m": 1,
        "h": 60,
        "d": whole,
        "w": whole * (7 if elapsed else 5),
        "mo": whole * (30 if elapsed else 20),
    }
    return round(amount * scale[unit]), elapsed


def share(value: Any, where: str) -> int | None:
    """A text with % as hundredths of a percent; None when it is no share."""
    if type(value) is not str or "%" not in value:
        return None
    hundredths = share_of_text(value)
    if hundredths is None:
        raise ScheduleFileError("bad_duration", where=where, params={"value": value[:80]})
    if abs(hundredths) > LONGEST:
        raise ScheduleFileError("too_long", where=where, params={"value": value[:80]})
    return hundredths


@lru_cache(maxsize=4096)
def share_of_text(text: str) -> int | None:
    """A text with % as hundredths of a percent; None when it is none. Not yet checked against LONGEST."""
    found = LENGTH.fullmatch(text)
    return None if found is None or found[2] or found[3] != "%" else round(float(found[1]) * 100)
