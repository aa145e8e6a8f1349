"""Plain activities and links of Torap's own format as arrays, without an object for each.

Nothing here refuses: rows that are not plain, or that anything could be said against, are left to the
careful readers of `own_json`, which name what is wrong. What is found here is what they would have found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from torap.engines.schedule.columns import LINK_TYPES, SHAPES, UNITS
from torap.engines.schedule.plan import LagUnit, LinkType, Plan
from torap.engines.schedule.uncertain import Shape
from torap.engines.schedule.worktime import ALWAYS, DAY
from torap.intake.schedules.json_fields import (
    FORBIDDEN,
    LONGEST,
    NAME_LIMIT,
    length,
    number,
    share,
    share_of_text,
    usual_length,
)
from torap.intake.schedules.own_json import PLAIN_LINK_FIELDS
from torap.intake.schedules.own_json_risk import FIELDS, NEEDED, SPREAD_LIMIT

PLAIN = frozenset({"id", "name", "duration", "calendar", "owner", "uncertainty", "drivers"})
MINUTES = re.compile(r"(?:[0-9]{1,12}m\n)+")
ODD = -1  # minutes of a length that the careful reader must look at
BULK: dict[Any, int] = {str(shape): len(row) for shape, row in FIELDS.items() if shape != Shape.EMPIRICAL}
Array = np.ndarray


class NotPlainError(Exception):
    """The file says something that only the careful readers may judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRows:
    """Activities that say nothing but a duration and its spread. n rows, places `at` in the file.

    `shape`: place in SHAPES, -1: none. `low`, `mode`, `high`: minutes, a lognormal's median in `mode`.
    """

    at: Array  # (n,) int64
    named: Sequence[str]  # the calendar each names, "" for the plan's
    minutes: Array  # (n,) int64
    calendar: Array  # (n,) int32 place in the plan's calendars
    shape: Array  # (n,) int8
    low: Array  # (n,) float64
    mode: Array  # (n,) float64
    high: Array  # (n,) float64
    sigma: Array  # (n,) float64


def texts_of(values: Sequence[Any]) -> None:
    """Refuse, with NotPlainError, what is no text that a careful reader takes as it stands."""
    together = "".join(values)  # TypeError where one is no text
    if not together.isprintable() and FORBIDDEN.search(together):
        raise NotPlainError
    if len(max(values, key=len, default="")) > NAME_LIMIT:
        raise NotPlainError


def ids_of(rows: Sequence[Any]) -> dict[str, int]:
    """The place of each id; NotPlainError where ids are missing, blank, twice or strange."""
    if set(map(type, rows)) != {dict}:
        raise NotPlainError
    ids = [row["id"] for row in rows]
    texts_of(ids)
    place = dict(zip(ids, range(len(ids)), strict=True))
    if len(place) < len(ids) or any(not name or name != name.strip() for name in ids):
        raise NotPlainError
    return place


def plain_rows(rows: Sequence[Mapping[str, Any]], plan: Plan) -> PlainRows:
    """The plain ones of `rows`; `plan` tells the calendars. NotPlainError when a calendar is unknown."""
    at = np.array([i for i, row in enumerate(rows) if row.keys() <= PLAIN], np.int64)
    picked = rows if len(at) == len(rows) else [rows[i] for i in at.tolist()]
    named = _calendars(picked, plan)
    days = {name: spec.minutes_per_day for name, spec in plan.calendars.items()}
    days[""] = days[plan.calendar]
    minutes, elapsed = _lengths([row.get("duration", "0m") for row in picked], named, days)
    if elapsed:
        named = [ALWAYS.id if by_clock else name for name, by_clock in zip(named, elapsed, strict=True)]
    days[ALWAYS.id] = DAY  # of what may last so long; durations themselves are counted in the calendar's
    whole = np.array(minutes, np.int64)
    spreads = _Spreads([row.get("uncertainty") for row in picked], whole, named, days)
    kept = (whole >= 0) & (whole <= LONGEST) & ~spreads.odd
    places = {name: i for i, name in enumerate(plan.calendars)}
    places[""] = places[plan.calendar]
    calendar = np.fromiter(map(places.__getitem__, named), np.int32, len(named))
    for used in set(calendar[kept].tolist()):
        if not any(list(plan.calendars.values())[used].week):
            raise NotPlainError
    return PlainRows(
        at=at[kept], named=[named[i] for i in np.flatnonzero(kept).tolist()],
        minutes=whole[kept], calendar=calendar[kept], shape=spreads.shape[kept],
        low=spreads.low[kept], mode=spreads.mode[kept], high=spreads.high[kept], sigma=spreads.sigma[kept],
    )  # fmt: skip


def _calendars(rows: Sequence[Mapping[str, Any]], plan: Plan) -> list[str]:
    given = [row.get("calendar") for row in rows]
    if not set(map(type, given)) <= {str, type(None)}:
        raise NotPlainError
    named = [name or "" for name in given]
    if not set(named) - {""} <= plan.calendars.keys():
        raise NotPlainError
    return named


def _minutes(values: Sequence[Any]) -> list[int] | None:
    """Lengths that are all written as whole minutes, such as 480m; None when one is not."""
    if not values or set(map(type, values)) != {str}:
        return None
    lines = "\n".join(values) + "\n"
    if lines.count("\n") != len(values) or not MINUTES.fullmatch(lines):
        return None
    return list(map(int, lines[:-2].split("m\n")))


def _lengths(
    values: Sequence[Any], named: Sequence[str], days: Mapping[str, int]
) -> tuple[list[int], list[bool]]:
    """Durations in minutes, ODD where the careful reader must look, whether by the clock (empty: none)."""
    whole = _minutes(values)
    if whole is not None:
        return whole, []
    found, elapsed = [], []
    for value, name in zip(values, named, strict=True):
        read = (0, False) if value is None else _length(value, days[name])
        found.append(read[0])
        elapsed.append(read[1])
    return found, elapsed


def _length(value: Any, day: int) -> tuple[int, bool]:
    read = usual_length(str(value), day) if type(value) in {str, int, float} else None
    return (ODD, False) if read is None else read


class _Spreads:
    """Spreads of n durations as arrays; `odd`: those the careful reader must look at."""

    def __init__(
        self, values: Sequence[Any], left: Array, named: Sequence[str], days: Mapping[str, int]
    ) -> None:
        count = len(values)
        self.left, self.named, self.days = left, named, days
        self.shape = np.full(count, -1, np.int8)
        self.low, self.mode, self.high, self.sigma = (np.zeros(count) for _ in range(4))
        self.odd = np.zeros(count, np.bool_)
        of_shape: dict[str, list[int]] = {name: [] for name in BULK}
        for i, value in enumerate(values):
            if value is None:
                continue
            shape: Any = value.get("shape") if type(value) is dict else None
            if len(value) == BULK.get(shape):  # and its fields are looked up: so it has no others
                of_shape[shape].append(i)
            else:
                self.odd[i] = True
        for name, places in of_shape.items():
            if places:
                self._take(Shape(name), [values[i] for i in places], np.array(places, np.int64))

    def _take(self, shape: Shape, rows: list[Mapping[str, Any]], places: Array) -> None:
        self.shape[places] = SHAPES.index(shape)
        if shape == Shape.LOGNORMAL:
            self.mode[places] = self._amounts(rows, "median", places)
            self.odd[places] |= self.mode[places] < 1
            self.sigma[places] = [number(row["spread"], "", low=0, high=SPREAD_LIMIT) for row in rows]
        else:
            low, *mode, high = (self._amounts(rows, name, places) for name in NEEDED[shape])
            self.low[places], self.high[places] = low, high
            steps = [low, *mode, high]
            for name in mode:
                self.mode[places] = name
            for before, later in zip(steps, steps[1:], strict=False):
                self.odd[places] |= (before < 0) | (later < before)
        for amounts in (self.mode, self.high):
            self.odd[places] |= amounts[places] > LONGEST

    def _amounts(self, rows: list[Mapping[str, Any]], name: str, places: Array) -> Array:
        """One length of each spread in minutes, ODD where the careful reader must look: (rows,) int64."""
        values = [row[name] for row in rows]
        found = _minutes(values)
        if found is None:
            found = [self._amount(value, i) for value, i in zip(values, places.tolist(), strict=True)]
        return np.array(found, np.int64)

    def _amount(self, value: Any, i: int) -> int:
        name = self.named[i]
        if type(value) is str and "%" in value:
            part = share_of_text(value)
            return ODD if part is None or part > LONGEST else round(int(self.left[i]) * part / 10_000)
        found, elapsed = _length(value, self.days[name])
        return ODD if elapsed and name != ALWAYS.id else found


def link_columns(rows: Sequence[Any], place: Mapping[str, int], day: int) -> dict[str, Array]:
    """Links as the arrays of `Columns`; NotPlainError, or a refusal of a single field, where one is wrong."""
    if not set(map(type, rows)) <= {dict} or not all(row.keys() <= PLAIN_LINK_FIELDS for row in rows):
        raise NotPlainError
    before, after = (
        np.fromiter(map(place.__getitem__, map(itemgetter(end), rows)), np.int32, len(rows))
        for end in ("from", "to")
    )
    if (before == after).any():
        raise NotPlainError
    given = [row.get("type") for row in rows]
    values = [row.get("lag") for row in rows]
    if not set(map(type, values)) <= {str, int, float, type(None)}:
        raise NotPlainError
    kinds = _looked_up(given, lambda kind: (_type(kind),), 1)
    lags = _looked_up(values, lambda lag: _lag(lag, day), 2)
    return {
        "predecessor": before, "successor": after, "link_type": kinds[:, 0].astype(np.int8),
        "lag": lags[:, 0].copy(), "lag_unit": lags[:, 1].astype(np.int8),
    }  # fmt: skip


def _looked_up(values: Sequence[Any], read: Callable[[Any], tuple[int, ...]], width: int) -> Array:
    """What `read` says of each value, (n, width) int64; it is asked once for values that are alike."""
    alike = {value: i for i, value in enumerate(dict.fromkeys(values))}
    table = np.array([read(value) for value in alike], np.int64).reshape(-1, width)
    return table[np.fromiter(map(alike.__getitem__, values), np.int64, len(values))]


def _type(value: Any) -> int:
    """The place of a type of link in LINK_TYPES; ValueError where it is none."""
    return LINK_TYPES.index(LinkType(value or "FS"))


def _lag(value: Any, day: int) -> tuple[int, int]:
    """A lag and the place of its unit in UNITS."""
    part = share(value, "")
    if part is not None:
        return part, UNITS.index(LagUnit.PERCENT)
    lag, elapsed = length(0 if value is None else value, day, "")
    return lag, UNITS.index(LagUnit.ELAPSED if elapsed else LagUnit.WORK)
