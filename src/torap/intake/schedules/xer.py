"""A Primavera P6 schedule (XER) as a plan.

Fields and codes follow Oracle's XER import/export data map. Durations are hours, dates local without a zone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from torap.engines.schedule.plan import MILESTONES, Activity, Constraint, Kind, Link, LinkType, Part, Plan
from torap.engines.schedule.profiles import Float, LagCalendar, Progress
from torap.engines.schedule.worktime import EPOCH, CalendarSpec, Shift, minutes
from torap.intake.schedules.json_fields import LONGEST, in_range
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.shifts import hours, laid, over_midnight
from torap.intake.schedules.xer_around import external_dates, project_keys, summaries
from torap.intake.schedules.xer_tables import XerTables, calendar_nodes

Cells = Mapping[str, str]
KINDS = {
    "TT_Task": Kind.TASK,
    "TT_Rsrc": Kind.TASK,
    "TT_Mile": Kind.START_MILESTONE,
    "TT_FinMile": Kind.FINISH_MILESTONE,
    "TT_LOE": Kind.LEVEL_OF_EFFORT,
    "TT_WBS": Kind.SUMMARY,
}
CONSTRAINTS = {
    "CS_ALAP": Constraint.ALAP,
    "CS_MSO": Constraint.START_ON,
    "CS_MEO": Constraint.FINISH_ON,
    "CS_MSOA": Constraint.START_NOT_BEFORE,
    "CS_MSOB": Constraint.START_NOT_AFTER,
    "CS_MEOA": Constraint.FINISH_NOT_BEFORE,
    "CS_MEOB": Constraint.FINISH_NOT_AFTER,
    "CS_MANDSTART": Constraint.MUST_START,
    "CS_MANDFIN": Constraint.MUST_FINISH,
}
LINKS = {"PR_FS": LinkType.FS, "PR_SS": LinkType.SS, "PR_FF": LinkType.FF, "PR_SF": LinkType.SF}
LAG_CALENDARS = {
    "rcal_Predecessor": LagCalendar.PREDECESSOR,
    "rcal_Successor": LagCalendar.SUCCESSOR,
    "rcal_ProjDefault": LagCalendar.PLAN,
    "rcal_ProjectDefault": LagCalendar.PLAN,
    "rcal_24Hour": LagCalendar.ALWAYS,
    "rcal_TwentyFourHour": LagCalendar.ALWAYS,
}
FLOATS = {"FT_FF": Float.FINISH, "FT_SF": Float.START, "FT_MIN": Float.SMALLEST}
CLOCK = re.compile(r"(\d{1,2})(?::(\d{0,2}))?(?::\d\d)?(?:\s*([AaPp])\.?[Mm]\.?)?")
EXCEL_EPOCH = dt.date(1899, 12, 30)
# Tables whose content a plan does not keep; told once each.
LEFT_OUT = {
    "TASKACTV": "activity_codes",
    "UDFVALUE": "user_fields",
    "TASKMEMO": "notes",
    "TASKPROC": "steps",
    "PROJCOST": "expenses",
    "TASKRSRC": "costs_of_resources",
    "RISKTYPE": "risks",
    "RSRC": "resource_names",
    "PROJWBS": "wbs_levels",
}


def plan_of_xer(tables: XerTables, losses: Losses, *, project: str = "") -> Plan:
    """The plan of one project of a file; with several projects, `project` (short name or id) chooses."""
    for table in ("PROJECT", "CALENDAR", "TASK"):
        if table not in tables.tables:
            raise ScheduleFileError("xer_table_missing", where=f"table {table}", params={"value": table})
    chosen = _project(tables, project)
    key = chosen["proj_id"]
    calendars = {row["clndr_id"]: _calendar(row, tables, losses) for row in tables.rows("CALENDAR")}
    rows = [row for row in tables.rows("TASK") if row.get("proj_id") == key]
    ids = _ids(rows)
    options = _options(tables, chosen, key, losses)
    resources = {row["rsrc_id"]: row for row in tables.rows("RSRC")}
    parts = _parts(tables, key, resources, calendars)
    outside = external_dates(tables, key, calendars, moment=_moment, hours=_hours)
    above = {row: ids[summary] for row, summary in summaries(tables, key).items()}
    _check_calendars(rows, calendars)
    if "TASKPRED" not in tables.tables and len(rows) > 1:
        losses.add("no_links", where="TASKPRED")
    activities = tuple(
        replace(
            _activity(row, ids, parts, losses),
            parent=above.get(row["task_id"], ""),
            external=outside.get(row["task_id"]),
        )
        for row in rows
    )
    for table, code in LEFT_OUT.items():
        count = _left_out(tables, table, key, above)
        if count:
            losses.add(code, where=table, value=count)
    start = _moment(chosen, "plan_start_date")
    data_date = _moment(chosen, "last_recalc_date")
    default = chosen.get("clndr_id") or next(iter(calendars), "")
    if default not in calendars and calendars:
        losses.add("calendar_unknown", where=_at(chosen, "clndr_id"), value=default)
        default = next(iter(calendars))
    if start is None and data_date is None:
        raise ScheduleFileError("project_without_start", where=_at(chosen, "plan_start_date"))
    return Plan(
        name=chosen.get("proj_short_name", ""),
        start=start if start is not None else data_date or 0,
        data_date=data_date,
        must_finish=_moment(chosen, "plan_end_date"),
        activities=activities,
        links=tuple(_links(tables, key, ids, losses)),
        calendars=calendars,
        calendar=default,
        minutes_per_day=calendars[default].minutes_per_day if default in calendars else 480,
        options=options,
    )


def _left_out(tables: XerTables, table: str, key: str, above: Mapping[str, str]) -> int:
    """Rows of a table that are not kept: of the project where the table says of which they are. Of the work
    breakdown structure what stands in the plan as a summary is kept, and the project itself is no level.
    """
    rows = [row for row in tables.rows(table) if (row.get("proj_id") or key) == key]
    if table == "PROJWBS":
        return max(len([row for row in rows if row.get("proj_node_flag") != "Y"]) - len({*above.values()}), 0)
    return len(rows)


def lines_of(tables: XerTables, *, project: str = "") -> dict[str, str]:
    """The line each activity of a project stands on, by its id."""
    key = _project(tables, project)["proj_id"]
    rows = [row for row in tables.rows("TASK") if row.get("proj_id") == key]
    ids = _ids(rows)
    return {ids[row["task_id"]]: f"line {row.get('#line', '?')}" for row in rows}


def _check_calendars(rows: list[Cells], calendars: Mapping[str, CalendarSpec]) -> None:
    """Refuse a row that works by a calendar which is not in the file."""
    for row in rows:
        named = row.get("clndr_id", "")
        if named and named not in calendars:
            raise ScheduleFileError("calendar_unknown", where=_at(row, "clndr_id"), params={"value": named})


def _project(tables: XerTables, wanted: str) -> Cells:
    projects = [row for row in tables.rows("PROJECT") if row.get("proj_id")]
    with_tasks = {row.get("proj_id") for row in tables.rows("TASK")}
    if wanted:
        found = [row for row in projects if wanted in {row["proj_id"], row.get("proj_short_name")}]
    else:
        found = [row for row in projects if row["proj_id"] in with_tasks]
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(row.get("proj_short_name") or row["proj_id"] for row in projects))
    if not found:
        code = "no_such_project" if wanted else "no_activities"
        raise ScheduleFileError(code, where="PROJECT", params={"projects": names, "wanted": wanted})
    raise ScheduleFileError("several_projects", where="PROJECT", params={"projects": names})


def _ids(rows: list[Cells]) -> dict[str, str]:
    """Ids of activities as people know them, by the file's own keys; a code used twice keeps the key."""
    seen: set[str] = set()
    for row in rows:
        if row["task_id"] in seen:
            raise ScheduleFileError("id_twice", where=_at(row, "task_id"), params={"value": row["task_id"]})
        seen.add(row["task_id"])
    codes = [row.get("task_code") or row["task_id"] for row in rows]
    twice = {code for code, count in Counter(codes).items() if count > 1}
    return {
        row["task_id"]: f"{code}#{row['task_id']}" if code in twice else code
        for row, code in zip(rows, codes, strict=True)
    }


def _options(tables: XerTables, project: Cells, key: str, losses: Losses) -> dict[str, object]:
    found = next((row for row in tables.rows("SCHEDOPTIONS") if row.get("proj_id") == key), {})
    options: dict[str, object] = {}
    lag = found.get("sched_calendar_on_relationship_lag", "")
    if lag in LAG_CALENDARS:
        options["lag_calendar"] = LAG_CALENDARS[lag]
    if found.get("sched_float_type") in FLOATS:
        options["float_of"] = FLOATS[found["sched_float_type"]]
    if found.get("sched_progress_override") == "Y":
        options["progress"] = Progress.OVERRIDE
    elif found.get("sched_retained_logic") == "N":
        options["progress"] = Progress.ACTUAL
    if found.get("sched_use_project_end_date_for_float") == "N" and len(project_keys(tables)) > 1:
        losses.add("float_of_all_projects", where="SCHEDOPTIONS")
    if lag and lag not in LAG_CALENDARS:
        losses.add("option", where="SCHEDOPTIONS", value=f"sched_calendar_on_relationship_lag: {lag}")
    options["use_expected_finish"] = found.get("sched_use_expect_end_flag", "Y") != "N"
    options["lag_from_actual"] = found.get("sched_lag_early_start_flag") == "N"
    options["open_ends_critical"] = found.get("sched_open_critical_flag") == "Y"
    if project.get("critical_path_type") == "CT_DrivPath":
        options["critical_longest"] = True
    limit = _hours(project, "critical_drtn_hr_cnt")
    if limit is not None:
        options["critical_at"] = limit
    return options


def _activity(
    row: Cells, ids: Mapping[str, str], parts: Mapping[str, list[Part]], losses: Losses
) -> Activity:
    name = ids[row["task_id"]]
    kind = KINDS.get(row.get("task_type", ""))
    if kind is None:
        losses.add("activity_type_unknown", where=name, value=row.get("task_type", ""))
        kind = Kind.TASK
    planned = _positive(row, "target_drtn_hr_cnt", "duration_negative") or 0
    remaining = _positive(row, "remain_drtn_hr_cnt", "remaining_negative")
    begun = _moment(row, "act_start_date")
    ended = _moment(row, "act_end_date")
    if begun is None and kind in MILESTONES:
        begun = ended  # a point in time, of which other programs write the one date only
    left = planned if remaining is None else remaining
    first, first_at = _constraint(row, "cstr_type", "cstr_date", name, losses)
    second, second_at = _constraint(row, "cstr_type2", "cstr_date2", name, losses)
    resource_driven = row.get("task_type") == "TT_Rsrc"
    return Activity(
        id=name,
        name=row.get("task_name", ""),
        kind=kind,
        calendar=row.get("clndr_id", ""),
        minutes=planned if begun is not None else left,
        remaining=left,
        actual=max(planned - left, 0) if begun is not None else 0,
        constraint=first,
        constraint_at=first_at,
        second=second,
        second_at=second_at,
        actual_start=begun,
        actual_finish=ended,
        suspended_at=_moment(row, "suspend_date"),
        resumed_at=_moment(row, "resume_date"),
        expected_finish=_moment(row, "expect_end_date"),
        parts=tuple(parts.get(row["task_id"], ())) if resource_driven else (),
    )


def _constraint(row: Cells, kind: str, date: str, name: str, losses: Losses) -> tuple[Constraint, int | None]:
    code = row.get(kind, "")
    if not code:
        return Constraint.ASAP, None
    if code not in CONSTRAINTS:
        losses.add("constraint_unknown", where=name, value=code)
        return Constraint.ASAP, None
    at = _moment(row, date)
    found = CONSTRAINTS[code]
    if at is None and found != Constraint.ALAP:
        losses.add("constraint_without_date", where=name, value=code)
        return Constraint.ASAP, None
    return found, at


def _links(tables: XerTables, key: str, ids: Mapping[str, str], losses: Losses) -> list[Link]:
    found = []
    everything = {row["task_id"] for row in tables.rows("TASK")}
    for row in tables.rows("TASKPRED"):
        later, before = row.get("task_id", ""), row.get("pred_task_id", "")
        # Other programs write no projects of links: a link is of the project of its successor.
        if (row.get("proj_id") or (key if later in ids or later not in everything else "")) != key:
            continue
        if before not in ids or later not in ids:
            other = (row.get("pred_proj_id") or key) != key
            if later in everything and (other or before in everything):
                if before not in everything:
                    losses.add("link_to_other_project", where=ids.get(later, later), value=before)
                continue
            raise ScheduleFileError(
                "link_to_nothing",
                where=_of_link(row, "pred_task_id", ids),
                params={"predecessor": ids.get(before, before), "successor": ids.get(later, later)},
            )
        kind = LINKS.get(row.get("pred_type", ""))
        if kind is None:
            raise ScheduleFileError(
                "link_type_unknown",
                where=_of_link(row, "pred_type", ids),
                params={"value": row.get("pred_type")},
            )
        found.append(
            Link(predecessor=ids[before], successor=ids[later], type=kind, lag=_hours(row, "lag_hr_cnt") or 0)
        )
    return found


def _parts(
    tables: XerTables, key: str, resources: Mapping[str, Cells], calendars: Mapping[str, CalendarSpec]
) -> dict[str, list[Part]]:
    """Work of labour resources by activity: the hours each takes at its rate."""
    parts: dict[str, list[Part]] = {}
    for row in tables.rows("TASKRSRC"):
        resource = resources.get(row.get("rsrc_id", ""))
        if row.get("proj_id") != key or resource is None or resource.get("rsrc_type") == "RT_Mat":
            continue
        calendar = resource.get("clndr_id", "")
        rate = _number(row, "target_qty_per_hr")
        if calendar not in calendars or not rate or rate < Decimal("0.001"):
            continue
        whole, left = _number(row, "target_qty") or 0, _number(row, "remain_qty") or 0
        remaining_rate = _number(row, "remain_qty_per_hr") or rate
        part = Part(
            calendar=calendar,
            minutes=round(whole / rate * 60),
            remaining=round(left / remaining_rate * 60),
            actual=round(max(whole - left, Decimal(0)) / rate * 60),
        )
        parts.setdefault(row["task_id"], []).append(part)
    return parts


def _calendar(row: Cells, tables: XerTables, losses: Losses) -> CalendarSpec:
    """A calendar from its nested data; one without data of its own takes those of the calendar it is based
    on.
    """
    source: Cells = row
    seen = {row["clndr_id"]}
    while not source.get("clndr_data", "").strip() and source.get("base_clndr_id"):
        base = next((r for r in tables.rows("CALENDAR") if r["clndr_id"] == source["base_clndr_id"]), None)
        if base is None or base["clndr_id"] in seen:
            break
        seen.add(base["clndr_id"])
        source = base
    week: list[list[Shift]] = [[] for _ in range(7)]
    exceptions: dict[int, list[Shift]] = {}
    section, day = "", -1
    for depth, name, arguments in calendar_nodes(source.get("clndr_data", "")):
        if name in {"DaysOfWeek", "Exceptions", "VIEW", "CalendarData"}:
            section = name
        elif section == "DaysOfWeek" and "s|" not in arguments and name.isdecimal() and depth <= 5:
            day = (int(name[:3]) + 5) % 7  # the file counts from Sunday = 1
        elif section == "Exceptions" and arguments.startswith("d|"):
            day = (EXCEL_EPOCH - EPOCH).days + _serial(arguments, row)
            exceptions[day] = []
        elif "s|" in arguments:
            shift = _shift(arguments, row, losses)
            if shift is not None and day >= 0:
                (week[day] if section == "DaysOfWeek" else exceptions.setdefault(day, [])).append(shift)
    # Days that are all off are an error of the plan; no data at all is read as the usual week.
    if not any(week) and "DaysOfWeek" not in source.get("clndr_data", ""):
        losses.add("calendar_without_hours", where=row.get("clndr_name", row["clndr_id"]))
        week = [[(480, 720), (780, 1020)] for _ in range(5)] + [[], []]
    usual, other = laid(week, exceptions)
    return CalendarSpec(
        id=row["clndr_id"],
        name=row.get("clndr_name", ""),
        week=usual,
        exceptions=other,
        minutes_per_day=_hours(row, "day_hr_cnt") or 480,
    )


def _serial(arguments: str, row: Cells) -> int:
    """The day of an exception, counted from the epoch of spreadsheets."""
    text = arguments.split("|")[1].strip()
    if not (text.isdecimal() and len(text) < 7):
        raise ScheduleFileError("bad_date", where=_at(row, "clndr_data"), params={"value": text[:80]})
    return int(text)


def _shift(arguments: str, row: Cells, losses: Losses) -> Shift | None:
    cells = arguments.split("|")
    try:
        found = dict(zip(cells[::2], cells[1::2], strict=False))
        start, end = _clock(found["s"]), _clock(found["f"])
    except (KeyError, ValueError):
        raise ScheduleFileError(
            "bad_shift", where=_at(row, "clndr_data"), params={"value": arguments}
        ) from None
    end = end or 1440
    if end == start:
        losses.add("shift_left_out", where=row.get("clndr_name", ""), value=arguments)
        return None
    if over_midnight((start, end)):
        losses.add("shift_over_midnight", where=row.get("clndr_name", ""), value=hours((start, end)))
    return start, end


def _clock(text: str) -> int:
    """Minutes from midnight of 17:00, or of 05:00 PM where the machine counts so; ValueError for others."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hour, half = int(found[1]), (found[3] or "").upper()
    if int(found[2] or 0) > 59 or (hour, int(found[2] or 0)) > (24, 0) or (half and not 1 <= hour <= 12):
        raise ValueError(text)
    if half:
        hour = hour % 12 + 12 * (half == "P")
    return hour * 60 + int(found[2] or 0)


def _moment(row: Cells, name: str) -> int | None:
    text = (row.get(name) or "").strip()
    if not text:
        return None
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        try:
            found = dt.datetime.strptime(text, form)  # noqa: DTZ007  local time of the plan
        except ValueError:
            continue
        in_range(found, text, _at(row, name))
        return minutes(found)
    raise ScheduleFileError("bad_date", where=_at(row, name), params={"value": text[:80]})


def _hours(row: Cells, name: str) -> int | None:
    """Hours as whole minutes, as the program itself works."""
    found = _number(row, name)
    return None if found is None else round(found * 60)


def _positive(row: Cells, name: str, code: str) -> int | None:
    """The same of hours that cannot be below zero."""
    found = _hours(row, name)
    if found is not None and found < 0:
        raise ScheduleFileError(code, where=_at(row, name), params={"value": row[name].strip()[:80]})
    return found


def _number(row: Cells, name: str) -> Decimal | None:
    text = (row.get(name) or "").strip()
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ScheduleFileError("bad_number", where=_at(row, name), params={"value": text[:80]}) from None
    if not found.is_finite() or not -LONGEST // 60 <= found <= LONGEST // 60:
        raise ScheduleFileError("bad_number", where=_at(row, name), params={"value": text[:80]})
    return found


def _of_link(row: Cells, name: str, ids: Mapping[str, str]) -> str:
    """Where a field of a link stands, with the activity that waits."""
    later = row.get("task_id", "")
    return _at({**row, "task_code": ids.get(later, later)}, name)


def _at(row: Cells, name: str) -> str:
    known = row.get("task_code") or row.get("clndr_name") or row.get("task_id") or ""
    called = row.get("task_name", "").strip()[:60]
    known = f"{known} ({called})" if called else known
    return f"line {row.get('#line', '?')}, {known + ', ' if known else ''}{name}"
