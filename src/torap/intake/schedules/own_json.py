"""Torap's own schedule format (JSON) as a plan. The format stands in docs/reference/schedule-format.md.

Every refusal names the activity, link or calendar, the field and what would be right.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Plan
from torap.engines.schedule.worktime import ALWAYS, EPOCH, STANDARD_WEEK, CalendarSpec, Shift, minutes
from torap.intake.schedules.losses import Losses, ScheduleFileError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LENGTH = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(e?)(mo|m|h|d|w|%)?\s*$")
PLAN_FIELDS = {
    "name",
    "start",
    "data_date",
    "must_finish",
    "calendar",
    "calendars",
    "activities",
    "links",
    "options",
}
ACTIVITY_FIELDS = {
    "id", "name", "duration", "calendar", "type", "parent", "constraint", "second_constraint", "deadline",
    "actual_start", "actual_finish", "actual", "remaining", "expected_finish", "uncertainty", "drivers",
}  # fmt: skip
LINK_FIELDS = {"from", "to", "type", "lag"}
RISK_FIELDS = {"risks", "drivers", "branches", "goals"}


def plan_of_json(text: str, losses: Losses) -> Plan:
    """The plan a file holds; ScheduleFileError names the first thing that is wrong."""
    data = _loaded(text)
    _known(data, PLAN_FIELDS | RISK_FIELDS, "plan")
    calendars = {ALWAYS.id: ALWAYS}
    for row in _list(data, "calendars", "plan"):
        spec = _calendar(row)
        calendars[spec.id] = spec
    if len(calendars) == 1:
        calendars["standard"] = CalendarSpec(
            id="standard", name="Monday to Friday, 8 to 17", week=STANDARD_WEEK
        )
    default = str(data.get("calendar") or next(key for key in calendars if key != ALWAYS.id))
    if default not in calendars:
        raise ScheduleFileError("calendar_unknown", where="plan, calendar", params={"value": default})
    start = _moment(data, "start", "plan")
    if start is None:
        raise ScheduleFileError("project_without_start", where="plan, start")
    activities = tuple(
        _activity(row, i, calendars, default) for i, row in enumerate(_list(data, "activities", "plan"))
    )
    if not activities:
        raise ScheduleFileError("no_activities", where="plan, activities")
    ids = {row.id for row in activities}
    day = calendars[default].minutes_per_day
    return Plan(
        name=str(data.get("name") or ""),
        start=start,
        data_date=_moment(data, "data_date", "plan"),
        must_finish=_moment(data, "must_finish", "plan"),
        activities=activities,
        links=tuple(_link(row, i, ids, day) for i, row in enumerate(_list(data, "links", "plan"))),
        calendars=calendars,
        calendar=default,
        minutes_per_day=day,
        options=dict(data.get("options") or {}),
    )


def _loaded(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ScheduleFileError("broken_json", where=where, params={"reason": error.msg}) from None
    except RecursionError:
        raise ScheduleFileError("too_deep") from None
    if not isinstance(data, dict):
        raise ScheduleFileError("not_a_plan", where="plan")
    return data


def _activity(row: Any, number: int, calendars: Mapping[str, CalendarSpec], default: str) -> Activity:
    where = f"activities[{number}]"
    if not isinstance(row, dict) or not str(row.get("id") or "").strip():
        raise ScheduleFileError("missing", where=f"{where}, id")
    name = str(row["id"]).strip()
    where = f"activity {name}"
    _known(row, ACTIVITY_FIELDS, where)
    calendar = str(row.get("calendar") or "")
    if calendar and calendar not in calendars:
        raise ScheduleFileError("calendar_unknown", where=f"{where}, calendar", params={"value": calendar})
    day = calendars[calendar or default].minutes_per_day
    whole, elapsed = length(row.get("duration", 0), day, f"{where}, duration")
    if whole < 0:
        raise ScheduleFileError(
            "duration_negative", where=f"{where}, duration", params={"value": row["duration"]}
        )
    first, first_at = _constraint(row.get("constraint"), f"{where}, constraint")
    second, second_at = _constraint(row.get("second_constraint"), f"{where}, second_constraint")
    left = (
        length(row["remaining"], day, f"{where}, remaining")[0] if row.get("remaining") is not None else None
    )
    done = length(row["actual"], day, f"{where}, actual")[0] if row.get("actual") is not None else None
    if left is not None and left < 0:
        raise ScheduleFileError(
            "remaining_negative", where=f"{where}, remaining", params={"value": row["remaining"]}
        )
    return Activity(
        id=name,
        name=str(row.get("name") or ""),
        kind=_choice(Kind, row.get("type") or "task", f"{where}, type"),
        calendar=ALWAYS.id if elapsed else calendar,
        minutes=whole,
        remaining=left,
        actual=done if done is not None else max(whole - left, 0) if left is not None else 0,
        parent=str(row.get("parent") or ""),
        constraint=first,
        constraint_at=first_at,
        second=second,
        second_at=second_at,
        deadline=_moment(row, "deadline", where),
        actual_start=_moment(row, "actual_start", where),
        actual_finish=_moment(row, "actual_finish", where),
        expected_finish=_moment(row, "expected_finish", where),
    )


def _link(row: Any, number: int, ids: set[str], day: int) -> Link:
    where = f"links[{number}]"
    if not isinstance(row, dict):
        raise ScheduleFileError("not_an_object", where=where)
    _known(row, LINK_FIELDS, where)
    before, later = str(row.get("from") or ""), str(row.get("to") or "")
    for end, name in ((before, "from"), (later, "to")):
        if end not in ids:
            params = {"predecessor": before, "successor": later, "value": end}
            raise ScheduleFileError("link_to_nothing", where=f"{where}, {name}", params=params)
    kind = _choice(LinkType, row.get("type") or "FS", f"{where}, type")
    text = str(row.get("lag", 0))
    if text.strip().endswith("%"):
        share = LENGTH.match(text)
        if share is None:
            raise ScheduleFileError("bad_duration", where=f"{where}, lag", params={"value": text})
        return Link(
            predecessor=before,
            successor=later,
            type=kind,
            lag=round(float(share[1]) * 100),
            unit=LagUnit.PERCENT,
        )
    lag, elapsed = length(row.get("lag", 0), day, f"{where}, lag")
    unit = LagUnit.ELAPSED if elapsed else LagUnit.WORK
    return Link(predecessor=before, successor=later, type=kind, lag=lag, unit=unit)


def length(value: Any, day: int, where: str) -> tuple[int, bool]:
    """A duration as (minutes, whether by the clock): 5, "5d", "8h", "2w", "1mo" (20 days), "3ed", "30m"."""
    if isinstance(value, bool):
        raise ScheduleFileError("bad_duration", where=where, params={"value": value})
    found = LENGTH.match(str(value))
    if found is None or found[3] == "%":
        raise ScheduleFileError("bad_duration", where=where, params={"value": str(value)[:80]})
    amount, elapsed, unit = float(found[1]), bool(found[2]), found[3] or "d"
    whole = 1440 if elapsed else day
    scale = {
        "m": 1,
        "h": 60,
        "d": whole,
        "w": whole * (7 if elapsed else 5),
        "mo": whole * (30 if elapsed else 20),
    }
    total = round(amount * scale[unit])
    if abs(total) > 10**9:
        raise ScheduleFileError("too_long", where=where, params={"value": str(value)[:80]})
    return total, elapsed


def _calendar(row: Any) -> CalendarSpec:
    if not isinstance(row, dict) or not row.get("id"):
        raise ScheduleFileError("missing", where="calendars, id")
    where = f"calendar {row['id']}"
    _known(row, {"id", "name", "week", "exceptions", "hours_per_day"}, where)
    week = list(STANDARD_WEEK)
    given = row.get("week")
    if given is not None:
        if not isinstance(given, dict):
            raise ScheduleFileError("not_an_object", where=f"{where}, week")
        _known(given, set(DAYS), f"{where}, week")
        week = [_shifts(given.get(day, []), f"{where}, {day}") for day in DAYS]
    exceptions: dict[int, tuple[Shift, ...]] = {}
    for i, exception in enumerate(_list(row, "exceptions", where)):
        exceptions |= _exception(exception, f"{where}, exceptions[{i}]")
    longest = max((sum(end - start for start, end in shifts) for shifts in week), default=0)
    hours = row.get("hours_per_day")
    return CalendarSpec(
        id=str(row["id"]),
        name=str(row.get("name") or ""),
        week=tuple(week),
        exceptions=exceptions,
        minutes_per_day=round(float(hours) * 60) if hours else longest or 480,
    )


def _exception(row: Any, where: str) -> dict[int, tuple[Shift, ...]]:
    """A day or a stretch of days with other hours; without hours nobody works."""
    if not isinstance(row, dict):
        raise ScheduleFileError("not_an_object", where=where)
    _known(row, {"date", "from", "to", "hours"}, where)
    first = _day(row.get("date") or row.get("from"), where)
    last = _day(row.get("date") or row.get("to"), where)
    if last < first or last - first > 36_600:
        raise ScheduleFileError(
            "bad_date", where=where, params={"value": f"{row.get('from')} to {row.get('to')}"}
        )
    return dict.fromkeys(range(first, last + 1), _shifts(row.get("hours", []), where))


def _shifts(rows: Any, where: str) -> tuple[Shift, ...]:
    if not isinstance(rows, list):
        raise ScheduleFileError("bad_shift", where=where, params={"value": str(rows)[:80]})
    found = []
    for text in rows:
        parts = re.fullmatch(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", str(text).replace(" ", ""))
        if parts is None:
            raise ScheduleFileError("bad_shift", where=where, params={"value": str(text)[:80]})
        start, end = int(parts[1]) * 60 + int(parts[2]), int(parts[3]) * 60 + int(parts[4])
        if not 0 <= start < end <= 1440:
            raise ScheduleFileError("bad_shift", where=where, params={"value": text})
        found.append((start, end))
    return tuple(sorted(found))


def _constraint(row: Any, where: str) -> tuple[Constraint, int | None]:
    if row is None:
        return Constraint.ASAP, None
    if isinstance(row, str):
        row = {"type": row}
    if not isinstance(row, dict):
        raise ScheduleFileError("not_an_object", where=where)
    _known(row, {"type", "date"}, where)
    kind = _choice(Constraint, row.get("type"), f"{where}, type")
    at = _moment(row, "date", where)
    if kind not in {Constraint.ASAP, Constraint.ALAP} and at is None:
        raise ScheduleFileError("constraint_without_date", where=where, params={"value": str(kind)})
    return kind, at


def _choice(kind: Any, value: Any, where: str) -> Any:
    try:
        return kind(str(value))
    except ValueError:
        params = {"value": str(value)[:80], "known": ", ".join(kind)}
        raise ScheduleFileError("unknown_choice", where=where, params=params) from None


def _moment(row: Mapping[str, Any], name: str, where: str) -> int | None:
    value = row.get(name)
    if value in (None, ""):
        return None
    try:
        return minutes(dt.datetime.fromisoformat(str(value)).replace(tzinfo=None))
    except ValueError:
        raise ScheduleFileError(
            "bad_date", where=f"{where}, {name}", params={"value": str(value)[:80]}
        ) from None


def _day(value: Any, where: str) -> int:
    try:
        return (dt.date.fromisoformat(str(value)) - EPOCH).days
    except ValueError:
        raise ScheduleFileError("bad_date", where=where, params={"value": str(value)[:80]}) from None


def _list(row: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise ScheduleFileError("not_a_list", where=f"{where}, {name}")
    return value


def _known(row: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    unknown = sorted(set(row) - set(allowed))
    if unknown:
        params = {"value": unknown[0], "known": ", ".join(sorted(allowed))}
        raise ScheduleFileError("unknown_field", where=where, params=params)
