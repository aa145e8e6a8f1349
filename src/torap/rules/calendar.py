"""The working calendar: which days count, and since when that was known.

Every clock of the law stands on it. A day has a *validity time* (the day itself) and a *knowledge time* (when
the edit that changed it became known); asking "as known on" another day may give another calendar.
"""

from __future__ import annotations

import calendar as month_table
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from torap.rules.calendar_seed import seed_year
from torap.rules.errors import BadLawFile, OutOfRange

FIRST_YEAR = 2000
LAST_YEAR = 2060
SATURDAY = 5
DAY = dt.timedelta(days=1)
EDIT_FIELDS = {"day", "working", "known_from", "kind", "title", "source", "confidence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEdit:
    """One official statement about one day.

    `known_from=None`: the day follows from the law, known at all times.
    """

    day: dt.date
    working: bool
    known_from: dt.date | None
    kind: str
    title: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEdits:
    """All edits of a country, and the years whose list of rest days is complete."""

    country: str
    edits: tuple[CalendarEdit, ...]
    official_years: Mapping[int, str]  # year -> source of its complete list
    seed_names: Mapping[str, str]  # name of a holiday in the library -> its code here


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMark:
    """What the calendar says of one day, and who says so (`source` is "week" for the plain five-day week)."""

    working: bool
    code: str
    source: str
    title: str = ""
    confidence: str = "high"
    known_from: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A day that was not counted, with the reason code and its source."""

    day: dt.date
    code: str
    source: str


_WEEKDAY = DayMark(working=True, code="workday", source="week")
_WEEKEND = DayMark(working=False, code="weekend", source="week")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The working calendar of one country as known on one day."""

    country: str
    known_on: dt.date
    first_year: int
    last_year: int
    official_years: Mapping[int, str]
    marks: Mapping[dt.date, DayMark] = field(repr=False)
    seed_names: Mapping[str, str] = field(repr=False)
    # Working days up to each day of a year, filled when first asked: long spans are counted often.
    _counted: dict[int, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def mark(self, day: dt.date) -> DayMark:
        """What is said of `day`: an official edit, else (outside official years) the seed, else the week."""
        if not self.first_year <= day.year <= self.last_year:
            raise OutOfRange(
                f"{day.isoformat()} is outside the working calendar ({self.first_year} to {self.last_year}); "
                f"choose a day within these years.",
                day=day.isoformat(),
            )
        found = self.marks.get(day)
        if found is not None:
            return found
        if day.year not in self.official_years:
            seeded = seed_year(self.country, day.year).get(day)
            if seeded is not None:
                code = seeded.code(self.seed_names)
                return DayMark(working=seeded.working, code=code, source="seed", confidence="low")
        return _WEEKEND if day.weekday() >= SATURDAY else _WEEKDAY

    def is_working(self, day: dt.date) -> bool:
        """True when `day` is a working day of the five-day week."""
        return self.mark(day).working

    def reason(self, day: dt.date) -> tuple[str, str]:
        """(reason code, source id): `workday`, `weekend`, `holiday:<code>`, `moved_rest_day`,
        `working_weekend`…
        """
        mark = self.mark(day)
        return mark.code, mark.source

    def is_official(self, year: int) -> bool:
        """True when the complete list of rest days of `year` is carried with a source."""
        return year in self.official_years

    def next_working_day(self, day: dt.date) -> dt.date:
        """The first working day after `day`."""
        return self.roll_forward(day + DAY)

    def roll_forward(self, day: dt.date) -> dt.date:
        """`day` itself when it is a working day, else the next one."""
        while not self.is_working(day):
            day += DAY
        return day

    def roll_back(self, day: dt.date) -> dt.date:
        """`day` itself when it is a working day, else the one before."""
        while not self.is_working(day):
            day -= DAY
        return day

    def add_working_days(self, start: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `start` (before it when negative); `start` does not count."""
        step = DAY if count >= 0 else -DAY
        day, left = start, abs(count)
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end` [days]; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        first, total = start + DAY, 0
        for year in range(first.year, end.year + 1):
            counts = self._counts(year)
            until = counts[end.timetuple().tm_yday] if year == end.year else counts[-1]
            since = counts[first.timetuple().tm_yday - 1] if year == first.year else 0
            total += until - since
        return total

    def _counts(self, year: int) -> tuple[int, ...]:
        """Entry n: working days among the first n days of `year`."""
        if year not in self._counted:
            days = days_after(dt.date(year, 1, 1) - DAY, dt.date(year, 12, 31))
            self._counted[year] = tuple(accumulate((int(self.is_working(day)) for day in days), initial=0))
        return self._counted[year]

    def skipped(self, start: dt.date, end: dt.date) -> tuple[Skipped, ...]:
        """Days after `start` up to and including `end` that are not working days, each with its reason."""
        marks = ((day, self.mark(day)) for day in days_after(start, end))
        return tuple(Skipped(day=d, code=m.code, source=m.source) for d, m in marks if not m.working)

    def working_days_in(self, year: int, month: int | None = None) -> int:
        """Number of working days of a year, or of one month of it."""
        first = dt.date(year, month or 1, 1)
        last = _last_day(year, month or 12)
        return self.working_days_between(first - DAY, last)


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, month_table.monthrange(year, month)[1])


def days_after(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Every day after `start` up to and including `end`."""
    for offset in range(1, (end - start).days + 1):
        yield start + dt.timedelta(days=offset)


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day number `months` later (earlier when negative), or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = month_table.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def build_calendar(
    edits: CalendarEdits,
    *,
    known_on: dt.date,
    first_year: int = FIRST_YEAR,
    last_year: int = LAST_YEAR,
) -> WorkCalendar:
    """The calendar as known on `known_on`: of several edits of one day, the one that became known last
    stands.
    """
    chosen: dict[dt.date, CalendarEdit] = {}
    for edit in sorted(edits.edits, key=lambda row: row.known_from or dt.date.min):
        if edit.known_from is None or edit.known_from <= known_on:
            chosen[edit.day] = edit
    marks = {
        day: DayMark(
            working=edit.working,
            code=edit.kind,
            source=edit.source,
            title=edit.title,
            confidence=edit.confidence,
            known_from=edit.known_from,
        )
        for day, edit in chosen.items()
        if first_year <= day.year <= last_year
    }
    return WorkCalendar(
        country=edits.country,
        known_on=known_on,
        first_year=first_year,
        last_year=last_year,
        official_years=edits.official_years,
        marks=MappingProxyType(marks),
        seed_names=edits.seed_names,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """One day that is working in one calendar and not in another."""

    day: dt.date
    was_working: bool
    is_working: bool
    code_before: str
    code_after: str
    source: str


def calendar_changes(
    before: WorkCalendar, after: WorkCalendar, first: dt.date, last: dt.date
) -> list[DayChange]:
    """Days from `first` to `last` whose nature differs between two calendars."""
    changes = []
    for day in days_after(first - DAY, last):
        old, new = before.mark(day), after.mark(day)
        if old.working != new.working:
            changes.append(
                DayChange(
                    day=day,
                    was_working=old.working,
                    is_working=new.working,
                    code_before=old.code,
                    code_after=new.code,
                    source=new.source,
                )
            )
    return changes


def parse_edits(data: Mapping[str, Any], *, where: str) -> CalendarEdits:
    """Calendar edits from their YAML form; `where` names the file in errors."""
    for name in ("country", "official_years", "seed_names", "edits"):
        if name not in data:
            raise BadLawFile(f"{where}: field '{name}' is missing; add it.", file=where, field=name)
    rows = tuple(_parse_edit(row, where) for row in data["edits"])
    official = {int(row["year"]): str(row["source"]) for row in data["official_years"]}
    return CalendarEdits(
        country=str(data["country"]),
        edits=rows,
        official_years=MappingProxyType(official),
        seed_names=MappingProxyType(dict(data["seed_names"])),
    )


def _parse_edit(row: Mapping[str, Any], where: str) -> CalendarEdit:
    day = row.get("day")
    missing = EDIT_FIELDS - {"known_from"} - set(row)
    extra = set(row) - EDIT_FIELDS
    if missing or extra or type(day) is not dt.date:
        raise BadLawFile(
            f"{where}: edit of day {day!r}: a row takes exactly {', '.join(sorted(EDIT_FIELDS))}, "
            f"with day as YYYY-MM-DD; missing {sorted(missing)}, unknown {sorted(extra)}.",
            file=where,
            day=str(day),
        )
    return CalendarEdit(**{"known_from": None, **row})


def edited(edits: CalendarEdits, extra: Iterable[CalendarEdit]) -> CalendarEdits:
    """The same edits with more rows: what a newly published order would make of the calendar."""
    return replace(edits, edits=(*edits.edits, *extra))
