"""What lies around one project of a Primavera XER file: the other projects it is tied to, and its WBS.

A project is scheduled by itself. What links to another project ask of it are dates that the file gives: of
the activity at the other end where it is in the file too, or the external dates P6 keeps when it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torap.engines.schedule.worktime import CalendarSpec, WorkTime
from torap.intake.schedules.xer_tables import XerTables

Cells = Mapping[str, str]
Read = Callable[[Cells, str], int | None]
NEVER, ALWAYS_BEFORE = 10**9, -(10**9)  # minutes: later and earlier than any date a file may name


def project_keys(tables: XerTables) -> list[str]:
    """The projects of a file that have activities, in its order."""
    with_tasks = {row.get("proj_id") for row in tables.rows("TASK")}
    return [row["proj_id"] for row in tables.rows("PROJECT") if row.get("proj_id") in with_tasks]


def external_dates(
    tables: XerTables,
    key: str,
    calendars: Mapping[str, CalendarSpec],
    *,
    moment: Read,
    hours: Read,
) -> dict[str, tuple[int, int]]:
    """(start not before, finish not after) that other projects ask, by task_id."""
    rows = {row["task_id"]: row for row in tables.rows("TASK")}
    options = next((row for row in tables.rows("SCHEDOPTIONS") if row.get("proj_id") == key), {})
    if options.get("sched_outer_depend_type") == "SD_None":
        return {}
    early: dict[str, int] = {}
    late: dict[str, int] = {}
    for name, row in rows.items():
        if row.get("proj_id") == key:
            _keep(early, name, moment(row, "external_early_start_date"), max)
            _keep(late, name, moment(row, "external_late_end_date"), min)
    for link in tables.rows("TASKPRED"):
        earlier, later = (rows.get(link.get(end, "")) for end in ("pred_task_id", "task_id"))
        if earlier is None or later is None or earlier.get("proj_id") == later.get("proj_id"):
            continue
        lag = hours(link, "lag_hr_cnt") or 0
        if later.get("proj_id") == key:
            asked = _asked(earlier, later, link.get("pred_type", ""), moment)
            _keep(early, later["task_id"], _moved(asked, lag, earlier, calendars), max)
        elif earlier.get("proj_id") == key and link.get("pred_type") in {"PR_FS", "PR_FF"}:
            end = "late_start_date" if link["pred_type"] == "PR_FS" else "late_end_date"
            _keep(late, earlier["task_id"], _moved(moment(later, end), -lag, earlier, calendars), min)
    return {name: (early.get(name, ALWAYS_BEFORE), late.get(name, NEVER)) for name in {*early, *late}}


def _asked(earlier: Cells, later: Cells, kind: str, moment: Read) -> int | None:
    """The start a link out of another project asks for; a finish is asked of milestones only."""
    started = moment(earlier, "act_start_date") or moment(earlier, "early_start_date")
    ended = moment(earlier, "act_end_date") or moment(earlier, "early_end_date")
    if kind == "PR_FS":
        return ended
    if kind == "PR_SS":
        return started
    point = later.get("task_type") in {"TT_Mile", "TT_FinMile"}
    if not point:
        return None
    return ended if kind == "PR_FF" else started


def _moved(at: int | None, lag: int, earlier: Cells, calendars: Mapping[str, CalendarSpec]) -> int | None:
    calendar = calendars.get(earlier.get("clndr_id", ""))
    if at is None or not lag or calendar is None or not any(calendar.week):
        return at
    return WorkTime(calendar, at, at).add(at, lag)


def _keep(found: dict[str, int], name: str, at: int | None, choose: Callable[[int, int], int]) -> None:
    if at is not None:
        found[name] = choose(found.get(name, at), at)


def summaries(tables: XerTables, key: str) -> dict[str, str]:
    """The WBS summary activity each activity lies under, both by task_id."""
    rows = [row for row in tables.rows("TASK") if row.get("proj_id") == key]
    at = {row.get("wbs_id", ""): row["task_id"] for row in rows if row.get("task_type") == "TT_WBS"}
    if not at:
        return {}
    above = {row.get("wbs_id", ""): row.get("parent_wbs_id", "") for row in tables.rows("PROJWBS")}
    found = {}
    for row in rows:
        wbs = row.get("wbs_id", "")
        if row.get("task_type") == "TT_WBS":
            wbs = above.get(wbs, "")
        seen: set[str] = set()
        while wbs and wbs not in at and wbs not in seen:
            seen.add(wbs)
            wbs = above.get(wbs, "")
        if wbs in at:
            found[row["task_id"]] = at[wbs]
    return found
