"""Who works on the tasks of a Microsoft Project XML file, when, and for how long.

Where resources decide the duration of a task, each assignment is a part of it: so many working minutes of the
resource's calendar, from so many minutes after the task begins. A split or a contour of work is nowhere said
but in the work by period (`TimephasedData`), so the length of a part is counted there, from the first period
with work to the last; the gaps between are kept and move with the task. Without periods the contour's own
average tells it. Overtime shortens a task: only regular work takes time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from torap.engines.schedule.plan import Part
from torap.engines.schedule.worktime import CalendarSpec, Shift, WorkTime
from torap.intake.schedules.mspdi_fields import ELAPSED, flag, number, stamp_tenths, text, units, whole_tenths

FIXED_DURATION = 1
WORKS = 1  # type of a resource that is people or machines, not material or cost
PLANNED, DONE = 1, 2  # kinds of periods: work that remains, work that is done
# Of every hundred minutes at full rate, how many a contour fills on average: flat, back loaded, front loaded,
# double peak, early peak, late peak, bell, turtle; a shape drawn by hand (8) is told by its periods alone.
CONTOUR_FILL = {0: 100, 1: 60, 2: 60, 3: 50, 4: 50, 5: 50, 6: 50, 7: 70}
TENTHS = 10  # of a minute
NEAR = 20  # tenths of a minute that hundredths of units or of hours may round away


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """One assignment: where its work lies, since the epoch, and its regular work at full rate; all in tenths
    of a minute, as the program counts.
    """

    calendar: str
    begins: int | None
    planned: tuple[int, int] | None
    done: tuple[int, int] | None
    minutes: int
    actual: int
    remaining: int


def parts_of(
    root: Element, tasks: list[Element], calendars: dict[str, CalendarSpec], default: str
) -> dict[str, tuple[Part, ...]]:
    """Parts by task. Calendars that a task and a resource share are added to `calendars`."""
    rows = {text(task, "UID"): task for task in tasks}
    resources = _resources(root, calendars)
    laid: dict[str, WorkTime] = {}
    found: dict[str, list[tuple[Worked, bool]]] = {}
    for row in root.iterfind("Assignments/Assignment"):
        task = rows.get(text(row, "TaskUID"))
        if task is None or flag(task, "Summary") or number(task, "DurationFormat", 7) in ELAPSED:
            continue
        resource = resources.get(text(row, "ResourceUID"), "")
        drives = bool(resource) and number(task, "Type", 0) != FIXED_DURATION
        calendar = _calendar(task, resource if drives else "", calendars, default)
        worked = _worked(row, calendar, drives=drives)
        if worked is not None:
            found.setdefault(text(task, "UID"), []).append((worked, drives))
    return {uid: parts for uid, some in found.items() if (parts := _parts(rows[uid], some, calendars, laid))}


def _parts(
    task: Element,
    some: list[tuple[Worked, bool]],
    calendars: dict[str, CalendarSpec],
    laid: dict[str, WorkTime],
) -> tuple[Part, ...]:
    whole = whole_tenths(task, "Duration")
    driving = [worked for worked, drives in some if drives and worked.minutes]
    if not driving:
        split = [worked for worked, _ in some if _length(worked, calendars, laid) > whole + NEAR]
        driving = split if whole else []
    starts = [worked.begins for worked in driving if worked.begins is not None]
    begun = stamp_tenths(task, "ActualStart")  # work may have been put off behind the start of the task
    first = min([*starts, begun] if starts and begun is not None else starts, default=None)
    return tuple(_part(worked, whole, first, calendars, laid) for worked in driving)


def _part(
    worked: Worked,
    whole: int,
    first: int | None,
    calendars: dict[str, CalendarSpec],
    laid: dict[str, WorkTime],
) -> Part:
    time = _time(worked.calendar, calendars, laid)
    minutes = _length(worked, calendars, laid) or worked.minutes
    offset = 0
    if first is not None and worked.begins is not None:
        offset = max(time.between(first, worked.begins), 0)
    if abs(minutes - whole) <= NEAR:
        minutes, offset = whole, offset if offset > NEAR else 0
    amounts = {
        "minutes": minutes,
        "actual": worked.actual if worked.done is None else time.between(*worked.done),
        "remaining": worked.remaining if worked.planned is None else time.between(*worked.planned),
        "offset": offset,
    }
    rounded = {name: round(value / TENTHS) for name, value in amounts.items()}
    beyond = {name: value - TENTHS * rounded[name] for name, value in amounts.items()}
    tenths = tuple((name, value) for name, value in beyond.items() if value)
    return Part(calendar=worked.calendar, **rounded, tenths=tenths)


def _length(worked: Worked, calendars: dict[str, CalendarSpec], laid: dict[str, WorkTime]) -> int:
    """Working time from the first period with work to the last; none when no period tells."""
    spans = [span for span in (worked.planned, worked.done) if span is not None]
    if not spans:
        return 0
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return _time(worked.calendar, calendars, laid).between(first, last)


def _time(key: str, calendars: dict[str, CalendarSpec], laid: dict[str, WorkTime]) -> WorkTime:
    if key not in laid:
        laid[key] = WorkTime(calendars[key], 0, 0, ticks=TENTHS)
    return laid[key]


def _worked(row: Element, calendar: str, *, drives: bool) -> Worked | None:
    at_units = units(row)
    if at_units <= 0:
        return None
    ends = stamp_tenths(row, "Finish")
    planned, done = _span(row, PLANNED, ends), _span(row, DONE, ends)
    begins = min((span[0] for span in (planned, done) if span), default=stamp_tenths(row, "Start"))
    if not drives:
        return Worked(
            calendar=calendar, begins=begins, planned=planned, done=done, minutes=0, actual=0, remaining=0
        )
    over = whole_tenths(row, "OvertimeWork")
    whole = max(whole_tenths(row, "Work") - over, 0)
    unsaid = max(whole_tenths(row, "Work") - whole_tenths(row, "ActualWork"), 0)
    left = whole_tenths(row, "RemainingWork", unsaid) - whole_tenths(row, "RemainingOvertimeWork")
    rate = at_units * CONTOUR_FILL.get(number(row, "WorkContour", 0), 100) / 100
    return Worked(
        calendar=calendar,
        begins=begins,
        planned=planned,
        done=done,
        minutes=round(whole / rate),
        actual=round(whole_tenths(row, "ActualWork") / rate),
        remaining=round(max(left, 0) / rate),
    )


def _span(row: Element, kind: int, ends: int | None) -> tuple[int, int] | None:
    """The start of the first period of a kind that holds work and the end of the last."""
    first: int | None = None
    last: int | None = None
    for item in row.iterfind("TimephasedData"):
        if number(item, "Type", 0) != kind or not any(
            letter in "123456789" for letter in text(item, "Value")
        ):
            continue
        start, finish = stamp_tenths(item, "Start"), stamp_tenths(item, "Finish")
        if start is None or finish is None:
            continue
        first = start if first is None else min(first, start)
        last = finish if last is None else max(last, finish)
    if first is None or last is None:
        return None
    return first, last if ends is None else max(min(last, ends), first)


def _resources(root: Element, calendars: dict[str, CalendarSpec]) -> dict[str, str]:
    """Calendars of the resources that work, by the resource."""
    found = {}
    for row in root.iterfind("Resources/Resource"):
        calendar = text(row, "CalendarUID")
        if number(row, "Type", WORKS) == WORKS and calendar in calendars:
            found[text(row, "UID")] = calendar
    return found


def _calendar(task: Element, resource: str, calendars: dict[str, CalendarSpec], default: str) -> str:
    """The calendar work is done in: the resource's, within the task's own where it has one."""
    own = text(task, "CalendarUID")
    own = own if own in calendars else ""
    if not resource or (own and flag(task, "IgnoreResourceCalendar")):
        return own or default
    if not own or own == resource:
        return resource
    key = f"{own}&{resource}"
    if key not in calendars:
        shared = _shared(key, calendars[own], calendars[resource])
        if not any(shared.week):
            return own
        calendars[key] = shared
    return key


def _shared(key: str, one: CalendarSpec, other: CalendarSpec) -> CalendarSpec:
    """Working time that two calendars have in common."""
    week = tuple(_common(one.week[day], other.week[day]) for day in range(7))
    days = sorted({*one.exceptions, *other.exceptions})
    exceptions = {day: _common(_of_day(one, day), _of_day(other, day)) for day in days}
    return CalendarSpec(id=key, name=key, week=week, exceptions=exceptions)


def _of_day(spec: CalendarSpec, day: int) -> tuple[Shift, ...]:
    return tuple(spec.exceptions[day] if day in spec.exceptions else spec.week[(day + 3) % 7])


def _common(one: Sequence[Shift], other: Sequence[Shift]) -> tuple[Shift, ...]:
    found = []
    for start, end in one:
        for lo, hi in other:
            if max(start, lo) < min(end, hi):
                found.append((max(start, lo), min(end, hi)))
    return tuple(sorted(found))
