"""The small values rows are made of: texts in three languages, dates that may be imprecise, exact numbers.

Each is read from what people write (`2025-07`, a bare string) and refused with a code otherwise.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"(\d{4})")
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Texts(BaseModel):
    """A text for readers. English is always there; an empty Russian or Kazakh falls back to it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    en: Annotated[str, StringConstraints(min_length=1)]
    ru: str = ""
    kk: str = ""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        if isinstance(value, bool) or value is None or isinstance(value, list):
            raise PydanticCustomError("text_expected", "text or {en, ru, kk} expected")
        if isinstance(value, Mapping | BaseModel):
            return value
        return {"en": str(value)}


class Interval(BaseModel):
    """Days from `start` to `end`, both inside, equal for a precise date; `note` says why they differ."""

    model_config = ConfigDict(frozen=True)

    start: dt.date
    end: dt.date
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping) and "start" in value else read_interval(value)


def read_interval(value: Any) -> dict[str, Any]:
    """Read `2025-11-26`, `2025-07`, `2025` or `{from, to, note}` (each end of the same three forms)."""
    if not isinstance(value, Mapping):
        start, end = day_range(value)
        return {"start": start, "end": end}
    if unknown := sorted(set(value) - {"from", "to", "note"}):
        raise PydanticCustomError(
            "unknown_field", "unknown field", {"name": unknown[0], "known": "from, to, note"}
        )
    if value.get("from") is None or value.get("to") is None:
        raise PydanticCustomError("interval_open", "both from and to are needed")
    start, end = day_range(value["from"])[0], day_range(value["to"])[1]
    if start > end:
        raise PydanticCustomError(
            "interval_reversed", "from is later than to", {"start": start.isoformat(), "end": end.isoformat()}
        )
    return {"start": start, "end": end, "note": str(value.get("note") or "")}


def day_range(value: Any) -> tuple[dt.date, dt.date]:
    """First and last day meant by `2025-11-26`, `2025-07` or `2025`; otherwise an error, bad_date."""
    if isinstance(value, dt.date):
        return value, value
    text = str(value).strip()
    try:
        if match := _DAY.fullmatch(text):
            day = dt.date(*map(int, match.groups()))
            return _sensible(day, day, text)
        if match := _MONTH.fullmatch(text):
            year, month = map(int, match.groups())
            return _sensible(
                dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), text
            )
        if match := _YEAR.fullmatch(text):
            year = int(text)
            return _sensible(dt.date(year, 1, 1), dt.date(year, 12, 31), text)
    except ValueError:  # 2025-02-30, and month 13 (calendar's own error is a ValueError too)
        pass
    raise _bad_date(text)


def _sensible(start: dt.date, end: dt.date, text: str) -> tuple[dt.date, dt.date]:
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise _bad_date(text)
    return start, end


def _bad_date(text: str) -> PydanticCustomError:
    return PydanticCustomError("bad_date", "not a date", {"value": text[:60]})


def _one_day(value: Any) -> dt.date:
    start, end = day_range(value)
    if start != end:
        raise PydanticCustomError("day_expected", "a day is needed", {"value": str(value)[:60]})
    return start


def _one_text(value: Any) -> str:
    """A field that holds one text only; of three languages English is kept (check warns of it)."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return Texts.model_validate(value).en
    if isinstance(value, bool | list):
        raise PydanticCustomError("text_expected", "text expected")
    return str(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticCustomError("number_expected", "a number is needed", {"value": str(value)[:60]})
    return Decimal(str(value))


def number_text(value: Decimal) -> str:
    """A number as one spelling, so that 1.50 and 1.5 are the same value."""
    return format(value.normalize(), "f")


Day = Annotated[dt.date, BeforeValidator(_one_day)]
OneText = Annotated[str, BeforeValidator(_one_text)]
Number = Annotated[Decimal, BeforeValidator(_number), PlainSerializer(number_text, return_type=str)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]
LongCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=120)]
RowId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", max_length=160)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=1500)]
