"""Torap's own schedule format (JSON) as a plan. The format stands in docs/reference/schedule-format.md.

Every refusal names the row, the activity, link or calendar, the field and what would be right. What is
uncertain about the plan is read by `own_json_risk`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Part, Plan
from torap.engines.schedule.profiles import PROFILES, Float, Holds, LagCalendar, Progress
from torap.engines.schedule.tenths import NAMES, OF_PART
from torap.engines.schedule.worktime import ALWAYS, STANDARD_WEEK, CalendarSpec, Shift
from torap.intake.schedules.json_fields import (
    LONGEST,
    NAME_LIMIT,
    an_object,
    choice,
    day_of,
    flag,
    id_of,
    instant,
    known,
    length,
    listed,
    loaded,
    mapped,
    number,
    place,
    share,
    text_of,
    usual_length,
)
from torap.intake.schedules.json_tenths import tenth, tenths_in
from torap.intake.schedules.losses import ScheduleFileError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLAN_FIELDS = {
    "name", "start", "data_date", "must_finish", "calendar", "calendars", "hours_per_day", "activities",
    "links", "options", "convention",
}  # fmt: skip
ACTIVITY_FIELDS = {
    "id", "name", "duration", "calendar", "type", "parent", "constraint", "second_constraint", "deadline",
    "actual_start", "actual_finish", "actual", "remaining", "expected_finish", "suspended", "resumed",
    "levelling_delay", "manual", "undated", "external", "active", "parts", "owner", "uncertainty", "drivers",
    "tenths",
}  # fmt: skip
USUAL_FIELDS = {"id", "name", "duration", "owner", "uncertainty", "drivers"}
PLAIN_LINK_FIELDS = {"from", "to", "type", "lag"}
LINK_FIELDS = PLAIN_LINK_FIELDS | {"lag_tenths"}
LINK_TYPES: dict[Any, LinkType] = {str(kind): kind for kind in LinkType}
RISK_FIELDS = {"risks", "drivers", "branches", "goals"}
OPTION_CHOICES = {"lag_calendar": LagCalendar, "progress": Progress, "float_of": Float, "holds": Holds}
OPTION_FLAGS = {
    "critical_longest", "from_finish", "hard_limits", "lag_from_actual", "links_win", "open_ends_critical",
    "use_expected_finish",
}  # fmt: skip
DAYS_LIMIT = 1_000_000  # of exceptions in one calendar


def plan_of_json(text: str) -> Plan:
    """The plan a file holds; ScheduleFileError names the first thing that is wrong."""
    return plan_of_data(loaded(text))


def plan_of_data(data: Mapping[str, Any]) -> Plan:
    """The plan in a JSON object that was read."""
    known(data, PLAN_FIELDS | RISK_FIELDS, "plan")
    calendars = _calendars(data)
    default = text_of(data, "calendar", "plan") or next(key for key in calendars if key != ALWAYS.id)
    if default not in calendars:
        raise ScheduleFileError("calendar_unknown", where="plan, calendar", params={"value": default})
    start = instant(data, "start", "plan")
    if start is None:
        raise ScheduleFileError("project_without_start", where="plan, start")
    activities: dict[str, Activity] = {}
    for i, row in enumerate(listed(data, "activities", "plan")):
        activity = activity_of(row, i, calendars, default)
        if activity.id in activities:
            raise ScheduleFileError(
                "id_twice", where=place("activity", activity.id, i), params={"value": activity.id}
            )
        activities[activity.id] = activity
    if not activities:
        raise ScheduleFileError("no_activities", where="plan, activities")
    day = _day(data, "plan") or calendars[default].minutes_per_day
    return Plan(
        name=text_of(data, "name", "plan"),
        start=start,
        data_date=instant(data, "data_date", "plan"),
        must_finish=instant(data, "must_finish", "plan"),
        activities=tuple(activities.values()),
        links=tuple(_link(row, i, activities, day) for i, row in enumerate(listed(data, "links", "plan"))),
        calendars=calendars,
        calendar=default,
        minutes_per_day=day,
        options=_options(mapped(data, "options", "plan")),
    )


def convention_of(data: Mapping[str, Any]) -> str:
    """Whose dates the plan is scheduled by, when the file says so."""
    value = text_of(data, "convention", "plan")
    if value and value not in PROFILES:
        params = {"value": value[:80], "known": ", ".join(PROFILES)}
        raise ScheduleFileError("unknown_choice", where="plan, convention", params=params)
    return value


def _calendars(data: Mapping[str, Any]) -> dict[str, CalendarSpec]:
    calendars = {ALWAYS.id: ALWAYS}
    seen = set()
    for i, row in enumerate(listed(data, "calendars", "plan")):
        spec = _calendar(row, i)
        if spec.id in seen:
            raise ScheduleFileError(
                "id_twice", where=place("calendar", spec.id, i), params={"value": spec.id}
            )
        seen.add(spec.id)
        calendars[spec.id] = spec
    if not seen and data.get("calendar") != ALWAYS.id:
        calendars["standard"] = CalendarSpec(
            id="standard", name="Monday to Friday, 8 to 17", week=STANDARD_WEEK
        )
    return calendars


def _day(row: Mapping[str, Any], where: str) -> int:
    """Minutes of a day that durations are counted in; 0 when the row does not say."""
    hours = row.get("hours_per_day")
    if hours is None:
        return 0
    found = round(number(hours, f"{where}, hours_per_day", low=0, high=24) * 60)
    if not found:
        params = {"value": str(hours)[:80], "low": "1 minute", "high": "24"}
        raise ScheduleFileError("number_out_of_range", where=f"{where}, hours_per_day", params=params)
    return found


def _options(row: Mapping[str, Any]) -> dict[str, object]:
    """Options of the schedule by the names of `profiles.Profile`."""
    where = "plan, options"
    known(row, {*OPTION_CHOICES, *OPTION_FLAGS, "critical_at"}, where)
    found: dict[str, object] = {}
    for name, value in row.items():
        if name in OPTION_CHOICES:
            found[name] = choice(OPTION_CHOICES[name], value, f"{where}, {name}")
        elif name == "critical_at":
            found[name] = round(number(value, f"{where}, {name}", low=-LONGEST, high=LONGEST))
        else:
            found[name] = flag(row, name, where, default=False)
    return found


def activity_of(row: Any, i: int, calendars: Mapping[str, CalendarSpec], default: str) -> Activity:
    """Row `i` of the activities; ScheduleFileError names what is wrong with it."""
    return _usual_activity(row, calendars, default) or _careful_activity(row, i, calendars, default)


def _usual_activity(row: Any, calendars: Mapping[str, CalendarSpec], default: str) -> Activity | None:
    """A task of few fields without anything to complain of, read quickly."""
    if type(row) is not dict or not row.keys() <= USUAL_FIELDS:
        return None
    id_, name, value = row.get("id"), row.get("name", ""), row.get("duration", "0m")
    if type(id_) is not str or type(name) is not str or type(value) is not str:
        return None
    if not id_.isprintable() or not name.isprintable() or len(id_) + len(name) > NAME_LIMIT:
        return None
    span = usual_length(value, calendars[default].minutes_per_day)
    if span is None or not 0 <= span[0] <= LONGEST or not id_ or id_.strip() != id_:
        return None
    return Activity(id=id_, name=name, minutes=span[0], calendar=ALWAYS.id if span[1] else "")


def _careful_activity(row: Any, i: int, calendars: Mapping[str, CalendarSpec], default: str) -> Activity:
    name = id_of(row, f"activities[{i}]")
    where = place("activity", name, i)
    known(row, ACTIVITY_FIELDS, where)
    calendar = _calendar_named(row, calendars, where)
    day = calendars[calendar or default].minutes_per_day
    whole, elapsed = _span(row, "duration", day, where, 0)
    left = _span(row, "remaining", day, where, None)[0]
    done = _span(row, "actual", day, where, None)[0]
    first, first_at = _constraint(row.get("constraint"), f"{where}, constraint")
    second, second_at = _constraint(row.get("second_constraint"), f"{where}, second_constraint")
    return Activity(
        id=name,
        name=text_of(row, "name", where),
        kind=choice(Kind, row.get("type") or "task", f"{where}, type"),
        calendar=ALWAYS.id if elapsed else calendar,
        minutes=whole or 0,
        remaining=left,
        actual=done if done is not None else max((whole or 0) - left, 0) if left is not None else 0,
        parent=text_of(row, "parent", where),
        constraint=first,
        constraint_at=first_at,
        second=second,
        second_at=second_at,
        deadline=instant(row, "deadline", where),
        actual_start=instant(row, "actual_start", where),
        actual_finish=instant(row, "actual_finish", where),
        suspended_at=instant(row, "suspended", where),
        resumed_at=instant(row, "resumed", where),
        expected_finish=instant(row, "expected_finish", where),
        levelling_delay=_span(row, "levelling_delay", day, where, 0)[0] or 0,
        manual=_pair(row, "manual", where),
        external=_pair(row, "external", where),
        active=flag(row, "active", where, default=True),
        undated=flag(row, "undated", where, default=False),
        tenths=tenths_in(row, where, NAMES),
        parts=tuple(
            _part(part, calendars, f"{where}, parts[{i}]")
            for i, part in enumerate(listed(row, "parts", where))
        ),
    )


def _calendar_named(row: Mapping[str, Any], calendars: Mapping[str, CalendarSpec], where: str) -> str:
    calendar = text_of(row, "calendar", where)
    if calendar and calendar not in calendars:
        raise ScheduleFileError("calendar_unknown", where=f"{where}, calendar", params={"value": calendar})
    return calendar


def _span(
    row: Mapping[str, Any], name: str, day: int, where: str, default: int | None
) -> tuple[int | None, bool]:
    """A field that is a duration of zero or more, as (minutes, whether by the clock)."""
    value = row.get(name)
    if value is None:
        return default, False
    found, elapsed = length(value, day, f"{where}, {name}")
    if found < 0:
        code = "remaining_negative" if name == "remaining" else "duration_negative"
        raise ScheduleFileError(code, where=f"{where}, {name}", params={"value": str(value)[:80]})
    return found, elapsed


def _pair(row: Mapping[str, Any], name: str, where: str) -> tuple[int, int] | None:
    """A field with a start and a finish of its own."""
    if row.get(name) is None:
        return None
    pair = mapped(row, name, where)
    known(pair, {"start", "finish"}, f"{where}, {name}")
    start, finish = (instant(pair, end, f"{where}, {name}") for end in ("start", "finish"))
    if start is None or finish is None or finish < start:
        value = f"{pair.get('start')} to {pair.get('finish')}"
        raise ScheduleFileError("bad_date", where=f"{where}, {name}", params={"value": value[:80]})
    return start, finish


def _part(row: Any, calendars: Mapping[str, CalendarSpec], where: str) -> Part:
    """Work of a resource in its own calendar."""
    known(an_object(row, where), {"calendar", "duration", "actual", "remaining", "offset", "tenths"}, where)
    calendar = _calendar_named(row, calendars, where)
    if not calendar:
        raise ScheduleFileError("calendar_unknown", where=f"{where}, calendar", params={"value": ""})
    day = calendars[calendar].minutes_per_day
    whole, done, left, after = (
        _span(row, name, day, where, 0)[0] or 0 for name in ("duration", "actual", "remaining", "offset")
    )
    beyond = tenths_in(row, where, frozenset(OF_PART))
    return Part(calendar=calendar, minutes=whole, actual=done, remaining=left, offset=after, tenths=beyond)


def _link(row: Any, i: int, ids: Mapping[str, Activity], day: int) -> Link:
    return _usual_link(row, ids, day) or _careful_link(row, i, ids, day)


def _usual_link(row: Any, ids: Mapping[str, Activity], day: int) -> Link | None:
    """A link without anything to complain of, read quickly: plans have 100,000 of them."""
    if type(row) is not dict or not row.keys() <= PLAIN_LINK_FIELDS:
        return None
    before, later, kind = row.get("from"), row.get("to"), LINK_TYPES.get(str(row.get("type", "FS")))
    if type(before) is not str or type(later) is not str or before not in ids or later not in ids:
        return None
    value = row.get("lag", 0)
    lag = usual_length(value, day) if type(value) is str else (0, False) if value == 0 else None
    if kind is None or lag is None or abs(lag[0]) > LONGEST:
        return None
    unit = LagUnit.ELAPSED if lag[1] else LagUnit.WORK
    return Link(predecessor=before, successor=later, type=kind, lag=lag[0], unit=unit)


def _careful_link(row: Any, i: int, ids: Mapping[str, Activity], day: int) -> Link:
    where = f"links[{i}]"
    known(an_object(row, where), LINK_FIELDS, where)
    before, later = text_of(row, "from", where).strip(), text_of(row, "to", where).strip()
    for end, name in ((before, "from"), (later, "to")):
        if end not in ids:
            params = {"predecessor": before, "successor": later, "value": end}
            raise ScheduleFileError("link_to_nothing", where=f"{where}, {name}", params=params)
    kind = choice(LinkType, row.get("type") or "FS", f"{where}, type")
    value = row.get("lag")
    tenths = tenth(row.get("lag_tenths"), f"{where}, lag_tenths")
    part = share(value, f"{where}, lag")
    if part is not None:
        lag, unit = part, LagUnit.PERCENT
    else:
        lag, elapsed = length(0 if value is None else value, day, f"{where}, lag")
        unit = LagUnit.ELAPSED if elapsed else LagUnit.WORK
    return Link(predecessor=before, successor=later, type=kind, lag=lag, unit=unit, lag_tenths=tenths)


def _calendar(row: Any, i: int) -> CalendarSpec:
    name = id_of(row, f"calendars[{i}]")
    where = place("calendar", name, i)
    known(row, {"id", "name", "week", "exceptions", "hours_per_day"}, where)
    week = list(STANDARD_WEEK)
    if row.get("week") is not None:
        given = mapped(row, "week", where)
        known(given, set(DAYS), f"{where}, week")
        week = [_shifts(given.get(day), f"{where}, {day}") for day in DAYS]
    exceptions: dict[int, tuple[Shift, ...]] = {}
    laid = 0
    for j, exception in enumerate(listed(row, "exceptions", where)):
        days = _exception(exception, f"{where}, exceptions[{j}]")
        laid += len(days)
        if laid > DAYS_LIMIT:
            raise ScheduleFileError("too_many_days", where=where, params={"limit": DAYS_LIMIT})
        exceptions |= days
    longest = max((sum(end - start for start, end in shifts) for shifts in week), default=0)
    return CalendarSpec(
        id=name,
        name=text_of(row, "name", where),
        week=tuple(week),
        exceptions=exceptions,
        minutes_per_day=_day(row, where) or longest or 480,
    )


def _exception(row: Any, where: str) -> dict[int, tuple[Shift, ...]]:
    """A day or a stretch of days with other hours; without hours nobody works."""
    known(an_object(row, where), {"date", "from", "to", "hours"}, where)
    first = day_of(row.get("date") or row.get("from"), where)
    last = day_of(row.get("date") or row.get("to"), where)
    if last - first >= DAYS_LIMIT:
        raise ScheduleFileError("too_many_days", where=where, params={"limit": DAYS_LIMIT})
    if last < first:
        raise ScheduleFileError(
            "bad_date", where=where, params={"value": f"{row.get('from')} to {row.get('to')}"[:80]}
        )
    return dict.fromkeys(range(first, last + 1), _shifts(row.get("hours"), where))


def _shifts(rows: Any, where: str) -> tuple[Shift, ...]:
    if rows is None:
        return ()
    if not isinstance(rows, list):
        raise ScheduleFileError("bad_shift", where=where, params={"value": str(rows)[:80]})
    found: list[Shift] = []
    for text in rows:
        parts = re.fullmatch(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", str(text).replace(" ", ""))
        if parts is None:
            raise ScheduleFileError("bad_shift", where=where, params={"value": str(text)[:80]})
        start, end = int(parts[1]) * 60 + int(parts[2]), int(parts[3]) * 60 + int(parts[4])
        if not 0 <= start < end <= 1440:
            raise ScheduleFileError("bad_shift", where=where, params={"value": str(text)[:80]})
        found.append((start, end))
    found.sort()
    for before, later in zip(found, found[1:], strict=False):
        if later[0] < before[1]:
            raise ScheduleFileError("shifts_overlap", where=where, params={"value": str(rows)[:80]})
    return tuple(found)


def _constraint(row: Any, where: str) -> tuple[Constraint, int | None]:
    if row is None:
        return Constraint.ASAP, None
    if isinstance(row, str):
        row = {"type": row}
    known(an_object(row, where), {"type", "date"}, where)
    kind = choice(Constraint, row.get("type"), f"{where}, type")
    at = instant(row, "date", where)
    if kind not in {Constraint.ASAP, Constraint.ALAP} and at is None:
        raise ScheduleFileError("constraint_without_date", where=where, params={"value": str(kind)})
    return kind, at


__all__ = ["activity_of", "convention_of", "length", "place", "plan_of_data", "plan_of_json"]
