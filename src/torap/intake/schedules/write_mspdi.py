"""Writes a plan with its dates as Microsoft Project XML, and says what that format cannot hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from torap.engines.schedule.dates import Row, Schedule
from torap.engines.schedule.network import lasts
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Plan
from torap.engines.schedule.uncertain import RiskPlan
from torap.engines.schedule.worktime import ALWAYS, DAY, CalendarSpec, Shift, moment
from torap.intake.schedules.json_fields import FORBIDDEN
from torap.intake.schedules.losses import Losses
from torap.intake.schedules.shifts import clock

CONSTRAINTS = {
    Constraint.ASAP: 0,
    Constraint.ALAP: 1,
    Constraint.MUST_START: 2,
    Constraint.MUST_FINISH: 3,
    Constraint.START_NOT_BEFORE: 4,
    Constraint.START_NOT_AFTER: 5,
    Constraint.FINISH_NOT_BEFORE: 6,
    Constraint.FINISH_NOT_AFTER: 7,
    # Softer in P6: here they hold.
    Constraint.START_ON: 2,
    Constraint.FINISH_ON: 3,
}
LINKS = {LinkType.FF: 0, LinkType.FS: 1, LinkType.SF: 2, LinkType.SS: 3}
LAG_FORMATS = {LagUnit.WORK: 5, LagUnit.ELAPSED: 6, LagUnit.PERCENT: 19}


def mspdi_of(plan: Plan, found: Schedule, losses: Losses) -> bytes:
    """The file's bytes (UTF-8). Rows of level of effort become plain tasks at their dates."""
    root = Element("Project", xmlns="http://schemas.microsoft.com/project")
    calendars = {key: i for i, key in enumerate(plan.calendars, 1)}
    uids = {row.id: i for i, row in enumerate(plan.activities, 1)}
    _put(
        root,
        SaveVersion=14,
        Name=_clean(plan.name or "plan", losses),
        Title=_clean(plan.name, losses),
        ScheduleFromStart=int(not found.profile.from_finish),
        StartDate=_iso(_begins(plan, found)),
        FinishDate=_iso(found.finish),
        CalendarUID=calendars[plan.calendar],
        MinutesPerDay=plan.minutes_per_day,
        StatusDate=_iso(plan.data_date) if plan.data_date is not None else None,
        MultipleCriticalPaths=int(found.profile.open_ends_critical),
        HonorConstraints=int(not found.profile.links_win) if found.profile.hard_limits else None,
    )
    _calendars(SubElement(root, "Calendars"), plan, calendars, losses)
    tasks = SubElement(root, "Tasks")
    depth: dict[str, int] = {}
    incoming: dict[str, list[Link]] = {}
    for link in plan.links:
        incoming.setdefault(link.successor, []).append(link)
    for row in _outline(plan):
        depth[row.id] = depth.get(row.parent, 0) + 1
        task = SubElement(tasks, "Task")
        _task(task, row, uids[row.id], depth[row.id], calendars, losses)
        if row.id in found.rows:
            _dates(task, found.rows[row.id])
        for link in incoming.get(row.id, ()):
            _link(SubElement(task, "PredecessorLink"), link, uids, losses)
    if plan.must_finish is not None and not found.profile.from_finish:
        losses.add("must_finish", where="plan", value=_iso(plan.must_finish))
    for name, value in plan.options.items():
        if not _written(name, found):
            losses.add("option", where="plan", value=f"{name}: {value}")
    if any(str(uids[row.id]) != row.id for row in plan.activities):
        losses.add("ids", where="plan")
    indent(root)
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + body


def _begins(plan: Plan, found: Schedule) -> int:
    """The start of the plan: of one scheduled from its finish, that of its first activity."""
    starts = [row.start for row in found.rows.values()] if found.profile.from_finish else []
    return min(starts, default=plan.start)


def _written(option: str, found: Schedule) -> bool:
    """The file says this option of the schedule too."""
    return option == "open_ends_critical" or (
        found.profile.hard_limits and option in {"links_win", "from_finish"}
    )


def tell_uncertainty(risk: RiskPlan, losses: Losses) -> None:
    """Note what of the uncertainty of a plan this format cannot hold: all of it."""
    for code, rows in (
        ("uncertainty", risk.durations),
        ("drivers", [row.id for row in risk.drivers]),
        ("risk_events", [row.id for row in risk.risks]),
        ("branches", [row.id for row in risk.branches]),
        ("goals", risk.goals),
        ("owners", risk.owners),
    ):
        for name in rows:
            losses.add(code, where=name)


def _outline(plan: Plan) -> list[Activity]:
    """Activities so that what lies below a summary follows it, as the levels of the outline need it."""
    below: dict[str, list[Activity]] = {}
    for row in plan.activities:
        below.setdefault(row.parent, []).append(row)
    found: list[Activity] = []
    todo = below.get("", [])[::-1]
    while todo:
        row = todo.pop()
        found.append(row)
        todo.extend(below.get(row.id, [])[::-1])
    return found


def _clean(text: str, losses: Losses) -> str:
    """A text without the characters that XML cannot hold."""
    found = FORBIDDEN.sub("", text)
    if found != text:
        losses.add("characters", where=found[:60])
    return found


def _task(
    task: Element, row: Activity, uid: int, level: int, calendars: dict[str, int], losses: Losses
) -> None:
    if row.kind == Kind.LEVEL_OF_EFFORT:
        losses.add("level_of_effort", where=row.id)
    if row.second != Constraint.ASAP:
        losses.add("second_constraint", where=row.id, value=str(row.second))
    if row.constraint in {Constraint.START_ON, Constraint.FINISH_ON}:
        losses.add("constraint_hardened", where=row.id, value=str(row.constraint))
    if row.expected_finish is not None:
        losses.add("expected_finish", where=row.id)
    if row.parts:
        losses.add("resources", where=row.id)
    if row.suspended_at is not None or row.resumed_at is not None:
        losses.add("suspension", where=row.id)
    if row.levelling_delay:
        losses.add("levelling_delay", where=row.id, value=row.levelling_delay)
    if row.external is not None:
        losses.add("external", where=row.id)
    elapsed = row.calendar == ALWAYS.id
    tenths, whole = dict(row.tenths), lasts(row)
    _put(
        task,
        UID=uid,
        ID=uid,
        Name=_clean(row.name or row.id, losses),
        WBS=_clean(row.id, losses),
        Active=int(row.active),
        Manual=int(row.manual is not None),
        Type=1,
        IsNull=0,
        OutlineLevel=level,
        Duration=_period(whole, tenths.get("minutes", 0) if whole == row.minutes else 0),
        DurationFormat=6 if elapsed else 5,
        Milestone=int(row.milestone),
        Summary=int(row.kind == Kind.SUMMARY),
        ActualStart=_moment(row.actual_start, tenths.get("actual_start", 0)),
        ActualFinish=_moment(row.actual_finish, tenths.get("actual_finish", 0)),
        ActualDuration=_period(row.actual, tenths.get("actual", 0)),
        RemainingDuration=_period(row.left, _left_tenths(row, tenths)),
        ConstraintType=CONSTRAINTS[row.constraint],
        ConstraintDate=_moment(row.constraint_at, tenths.get("constraint_at", 0)),
        Deadline=_moment(row.deadline, tenths.get("deadline", 0)),
        CalendarUID=calendars[row.calendar] if row.calendar and not elapsed else -1,
    )


def _dates(task: Element, row: Row) -> None:
    _put(
        task,
        Start=_iso(row.start),
        Finish=_iso(row.finish),
        EarlyStart=_iso(row.early_start),
        EarlyFinish=_iso(row.early_finish),
        LateStart=_iso(row.late_start),
        LateFinish=_iso(row.late_finish),
        TotalSlack=None if row.total_float is None else row.total_float * 10,
        FreeSlack=None if row.free_float is None else row.free_float * 10,
        Critical=int(row.critical),
    )


def _link(element: Element, link: Link, uids: dict[str, int], losses: Losses) -> None:
    lag = round(link.lag / 100) if link.unit == LagUnit.PERCENT else link.lag * 10 + link.lag_tenths
    if link.unit == LagUnit.PERCENT and link.lag % 100:
        losses.add("lag_rounded", where=f"{link.predecessor} -> {link.successor}", value=f"{link.lag / 100}%")
    _put(
        element,
        PredecessorUID=uids[link.predecessor],
        Type=LINKS[link.type],
        CrossProject=0,
        LinkLag=lag,
        LagFormat=LAG_FORMATS[link.unit],
    )


def _calendars(parent: Element, plan: Plan, calendars: dict[str, int], losses: Losses) -> None:
    for key, spec in plan.calendars.items():
        element = SubElement(parent, "Calendar")
        called = _clean(spec.name or key, losses)
        _put(element, UID=calendars[key], Name=called, IsBaseCalendar=1, BaseCalendarUID=-1)
        days = SubElement(element, "WeekDays")
        for number in range(1, 8):
            day = SubElement(days, "WeekDay")
            shifts = spec.week[(number + 5) % 7]
            _put(day, DayType=number, DayWorking=int(bool(shifts)))
            _shifts(day, shifts)
        _exceptions(element, spec)


def _exceptions(element: Element, spec: CalendarSpec) -> None:
    """Runs of days with the same hours as one exception each."""
    if not spec.exceptions:
        return
    rows = SubElement(element, "Exceptions")
    for first, last, shifts in spec.exception_runs():
        row = SubElement(rows, "Exception")
        _put(row, EnteredByOccurrences=0)
        period = SubElement(row, "TimePeriod")
        _put(period, FromDate=_iso(first * DAY), ToDate=_iso(last * DAY + DAY - 1))
        _put(row, Type=1, DayWorking=int(bool(shifts)))
        _shifts(row, shifts)


def _shifts(parent: Element, shifts: Sequence[Shift]) -> None:
    if not shifts:
        return
    times = SubElement(parent, "WorkingTimes")
    for start, end in shifts:
        _put(SubElement(times, "WorkingTime"), FromTime=f"{clock(start)}:00", ToTime=f"{clock(end % DAY)}:00")


def _put(parent: Element, **values: object) -> None:
    for name, value in values.items():
        if value is not None:
            SubElement(parent, name).text = str(value)


def _iso(at: int) -> str:
    return moment(at).isoformat(timespec="seconds")


def _moment(at: int | None, tenths: int) -> str | None:
    """An instant and so many tenths of a minute."""
    return (
        None if at is None else (moment(at) + dt.timedelta(seconds=6 * tenths)).isoformat(timespec="seconds")
    )


def _left_tenths(row: Activity, tenths: dict[str, int]) -> int:
    """Tenths of a minute beyond the minutes that are left."""
    if row.actual_finish is not None:
        return 0
    return tenths.get("minutes" if row.remaining is None else "remaining", 0)


def _period(minutes: int, tenths: int = 0) -> str:
    whole, beyond = divmod(minutes * 10 + tenths, 10)
    return f"PT{whole // 60}H{whole % 60}M{beyond * 6}S"
