"""Counting of terms: from a base day and a limit to the last day, with every day that was not counted.

The rules (exclude or include the first day, roll or not) are arguments, because the acts differ or are
silent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from torap.rules.calendar import DAY, WorkCalendar, add_months
from torap.rules.obligations.model import Limit, Reason, Unit

Pause = tuple[dt.date, dt.date]  # [first day not counted, first day counted again)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How an obligation is counted: first day, rolling of the end, spans that do not count."""

    start: str = "exclude"
    roll: str = "forward"
    pauses: Sequence[Pause] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Result: the day the term ends by itself, the day it ends after rolling, and why."""

    nominal: dt.date
    due: dt.date
    paused_days: int = 0
    reasons: tuple[Reason, ...] = ()


def count_term(calendar: WorkCalendar, base: dt.date, limit: Limit, rule: Rule) -> Count:
    """The last day of `limit` counted from `base` (before it when the limit says so).

    Forward: the end rolls to a working day when `rule.roll` is "forward". Backward: nothing rolls, because
    rolling forward would eat into the time the limit protects; a rest day is only reported.
    """
    if limit.value is None or limit.unit is None:
        raise ValueError("count_term needs a limit with value and unit")
    if limit.before:
        return _backward(calendar, base, limit)
    counted = _forward(calendar, base, limit, rule)
    return roll_end(calendar, counted, rule.roll)


def roll_end(calendar: WorkCalendar, count: Count, roll: str) -> Count:
    """The count with its end moved to the next working day, and the reasons of every day passed over."""
    if calendar.is_working(count.nominal):
        return count
    if roll != "forward":
        code, source = calendar.reason(count.nominal)
        kept = Reason(code="not_rolled", params={"reason": code, "source": source}, day=count.nominal)
        return replace(count, reasons=(*count.reasons, kept))
    due = calendar.roll_forward(count.nominal)
    skipped = [_skip(calendar, count.nominal)]
    skipped += [_skip(calendar, day.day) for day in calendar.skipped(count.nominal, due)]
    rolled = Reason(code="rolled_forward", params={"from": count.nominal, "to": due}, day=due)
    return replace(count, due=due, reasons=(*count.reasons, *skipped, rolled))


def _skip(calendar: WorkCalendar, day: dt.date) -> Reason:
    mark = calendar.mark(day)
    params = {"reason": mark.code, "source": mark.source, "title": mark.title}
    return Reason(code="skipped_day", params=params, day=day)


def _is_paused(day: dt.date, pauses: Sequence[Pause]) -> bool:
    return any(first <= day < end for first, end in pauses)


def _forward(calendar: WorkCalendar, base: dt.date, limit: Limit, rule: Rule) -> Count:
    if limit.unit in (Unit.MONTHS, Unit.YEARS):
        return _months(base, limit, rule)
    if limit.value == 0 or limit.unit in (Unit.SAME_DAY, Unit.HOURS):
        return Count(nominal=base, due=base)
    return _days(calendar, base, limit, rule)


def _days(calendar: WorkCalendar, base: dt.date, limit: Limit, rule: Rule) -> Count:
    working_only = limit.unit is Unit.WORKING_DAYS
    day = base - DAY if rule.start == "include" else base
    left, paused, reasons = limit.value or 0, 0, []
    while left:
        day += DAY
        if _is_paused(day, rule.pauses):
            paused += 1
        elif working_only and not calendar.is_working(day):
            reasons.append(_skip(calendar, day))
        else:
            left -= 1
    return Count(nominal=day, due=day, paused_days=paused, reasons=tuple(reasons))


def _months(base: dt.date, limit: Limit, rule: Rule) -> Count:
    months = (limit.value or 0) * (12 if limit.unit is Unit.YEARS else 1)
    day = add_months(base, months)
    if rule.start == "include":
        day -= DAY
    paused, probe = 0, base
    while probe < day:
        probe += DAY
        if _is_paused(probe, rule.pauses):
            paused += 1
            day += DAY
    return Count(nominal=day, due=day, paused_days=paused)


def _backward(calendar: WorkCalendar, base: dt.date, limit: Limit) -> Count:
    value = limit.value or 0
    if limit.unit is Unit.WORKING_DAYS:
        day = calendar.add_working_days(base, -value)
        passed = [row for row in calendar.skipped(day, base) if row.day < base]
        return Count(nominal=day, due=day, reasons=tuple(_skip(calendar, row.day) for row in passed))
    if limit.unit in (Unit.MONTHS, Unit.YEARS):
        day = add_months(base, -value * (12 if limit.unit is Unit.YEARS else 1))
    else:
        day = base - value * DAY
    return Count(nominal=day, due=day, reasons=_rest_day_note(calendar, day))


def _rest_day_note(calendar: WorkCalendar, day: dt.date) -> tuple[Reason, ...]:
    if calendar.is_working(day):
        return ()
    code, source = calendar.reason(day)
    params = {"reason": code, "source": source, "safe_day": calendar.roll_back(day)}
    return (Reason(code="backward_end_on_rest_day", params=params, day=day),)


def fixed_dates(calendar: WorkCalendar, after: dt.date, limit: Limit, roll: str, amount: int) -> list[Count]:
    """The next `amount` fixed dates after the day `after`, each rolled by the rule."""
    found: list[Count] = []
    year = after.year
    while len(found) < amount and year < calendar.last_year:
        for month, day_number in sorted(limit.dates):
            day = dt.date(year, month, day_number)
            if day > after and len(found) < amount:
                found.append(roll_end(calendar, Count(nominal=day, due=day), roll))
        year += 1
    return found


def pair_pauses(paused: Sequence[dt.date], resumed: Sequence[dt.date]) -> tuple[list[Pause], dt.date | None]:
    """Pauses from their first and last days, the k-th with the k-th; and the first day of one still open.

    Pairing by rank makes the order of events of one day irrelevant. `ValueError` when a resumption has no
    pause, or a pause begins before the one before it ended.
    """
    first, last = sorted(paused), sorted(resumed)
    if len(last) > len(first) or any(end < start for start, end in zip(first, last, strict=False)):
        raise ValueError("an event 'resumed' has no 'paused' before it")
    overlapping = [day for day, end in zip(first[1:], last, strict=False) if day < end]
    if overlapping or len(first) > len(last) + 1:
        again = overlapping[0] if overlapping else first[len(last) + 1]
        raise ValueError(f"a second 'paused' on {again.isoformat()} comes before 'resumed'")
    still_open = first[len(last)] if len(first) > len(last) else None
    return [(start, end) for start, end in zip(first, last, strict=False) if end > start], still_open
