"""Quality of a schedule: fourteen checks in the manner of the DCMA assessment, each naming what fails.

Thresholds: DCMA-EA PAM 200.1 (2012), section 4. A check counts over the activities that are not finished,
save where it says otherwise; `limit` is a share, or an index for the last two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torap.engines.schedule.dates import Row, Schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, Link, LinkType, Plan
from torap.engines.schedule.worktime import WorkTime

HARD = {
    Constraint.START_NOT_AFTER,
    Constraint.FINISH_NOT_AFTER,
    Constraint.MUST_START,
    Constraint.MUST_FINISH,
}
HIGH_DAYS = 44
DATES = {"constraint", "levelling", "manual", "external"}  # drivers that are no link


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: how many of how many fail, the share allowed, and the ids (of links: both ends) that fail.

    `value`: the measured share or index; None when there is nothing to count, which is neither good nor bad.
    """

    code: str
    failed: int
    of: int
    value: float | None
    limit: float
    passed: bool | None
    names: tuple[str, ...]


def assess(plan: Plan, found: Schedule) -> tuple[Check, ...]:
    """All checks of a plan whose dates were computed."""
    work = [
        row for row in plan.activities if row.kind not in {Kind.SUMMARY, Kind.LEVEL_OF_EFFORT} and row.active
    ]
    open_rows = [row for row in work if row.actual_finish is None]
    ids = {row.id for row in open_rows}
    links = [link for link in plan.links if link.successor in ids]
    day = plan.minutes_per_day
    rows = found.rows
    return (
        _missing_logic(plan, open_rows),
        _links("leads", links, lambda link: link.lag < 0, limit=0.0),
        _links("lags", links, lambda link: link.lag > 0, limit=0.05),
        _links("link_types", links, lambda link: link.type != LinkType.FS, limit=0.10),
        _rows(
            "hard_constraints", open_rows, lambda row: bool({row.constraint, row.second} & HARD), limit=0.05
        ),
        _rows(
            "high_float", open_rows, lambda row: (rows[row.id].total_float or 0) > HIGH_DAYS * day, limit=0.05
        ),
        _rows("negative_float", open_rows, lambda row: (rows[row.id].total_float or 0) < 0, limit=0.0),
        _rows("high_duration", open_rows, lambda row: row.left > HIGH_DAYS * day, limit=0.05),
        _rows("invalid_dates", work, lambda row: _invalid(row, rows[row.id], plan), limit=0.0),
        _rows("no_resources", open_rows, lambda row: not row.milestone and not row.parts, limit=1.0),
        _rows("missed_deadlines", work, lambda row: _missed(row, rows[row.id]), limit=0.05),
        _critical_path_test(plan, found, open_rows),
        _path_length_index(plan, found, open_rows),
        _execution_index(plan, work),
    )


def _check(code: str, names: list[str], of: int, limit: float) -> Check:
    value = len(names) / of if of else None
    passed = None if value is None else value <= limit
    return Check(
        code=code, failed=len(names), of=of, value=value, limit=limit, passed=passed, names=tuple(names)
    )


def _rows(code: str, rows: list[Activity], fails: Callable[[Activity], bool], *, limit: float) -> Check:
    return _check(code, [row.id for row in rows if fails(row)], len(rows), limit)


def _links(code: str, links: list[Link], fails: Callable[[Link], bool], *, limit: float) -> Check:
    names = [f"{link.predecessor} -> {link.successor}" for link in links if fails(link)]
    return _check(code, names, len(links), limit)


def _missing_logic(plan: Plan, rows: list[Activity]) -> Check:
    """Activities without a predecessor or without a successor; one of each is a plan's first and last."""
    after = {link.successor for link in plan.links}
    before = {link.predecessor for link in plan.links}
    no_start = [row.id for row in rows if row.id not in after]
    no_end = [row.id for row in rows if row.id not in before]
    loose = sorted({*(no_start if len(no_start) > 1 else ()), *(no_end if len(no_end) > 1 else ())})
    return _check("missing_logic", loose, len(rows), 0.05)


def _invalid(row: Activity, dates: Row, plan: Plan) -> bool:
    """Something has happened after the data date, or is still to come before it."""
    if plan.data_date is None:
        return False
    happened = [at for at in (row.actual_start, row.actual_finish) if at is not None]
    if any(at > plan.data_date for at in happened):
        return True
    return row.actual_finish is None and dates.early_finish < plan.data_date


def _missed(row: Activity, dates: Row) -> bool:
    return row.deadline is not None and dates.finish > row.deadline


def _critical_path_test(plan: Plan, found: Schedule, rows: list[Activity]) -> Check:
    """The critical path leads without a gap from what finishes last back to a start: names what breaks it.

    Followed back along what drives each start. It breaks at an activity that is not critical, and at one
    whose start a date decides though it waits for something that is not done.
    """
    last = _last(found, rows)
    unfinished = {row.id for row in rows}
    waits = {link.successor for link in plan.links if link.predecessor in unfinished}
    todo = [row.id for row in rows if found.rows[row.id].early_finish == last]
    seen: set[str] = set()
    broken: list[str] = []
    while todo:
        name = todo.pop(0)
        if name in seen or name not in unfinished:
            continue
        seen.add(name)
        one = found.rows[name]
        if not one.critical or (one.driver in DATES and name in waits):
            broken.append(name)
        elif one.driven_by:
            todo.append(one.driven_by)
    return _check("critical_path_broken", broken, len(seen), 0.0)


def _last(found: Schedule, rows: list[Activity]) -> int:
    """When the last of `rows` finishes; that of the plan may be a date it is held to."""
    return max((found.rows[row.id].early_finish for row in rows), default=found.finish)


def _path_length_index(plan: Plan, found: Schedule, rows: list[Activity]) -> Check:
    """(length of the critical path + its float) / its length, from the data date; 1.0 or more is in order."""
    if plan.must_finish is None or not rows:
        return _index("path_length_index", None, 0.95)
    start = plan.data_date if plan.data_date is not None else plan.start
    last = _last(found, rows)
    time = WorkTime(plan.calendars[plan.calendar], start, max(last, plan.must_finish))
    length, slack = time.between(start, last), time.between(last, plan.must_finish)
    return _index("path_length_index", (length + slack) / length if length > 0 else None, 0.95)


def _execution_index(plan: Plan, rows: list[Activity]) -> Check:
    """Finished activities to those whose deadline has come; None without deadlines before the data date."""
    at = plan.data_date
    due = [row for row in rows if at is not None and row.deadline is not None and row.deadline <= at]
    done = [row for row in due if row.actual_finish is not None]
    return _index("execution_index", len(done) / len(due) if due else None, 0.95)


def _index(code: str, value: float | None, limit: float) -> Check:
    passed = None if value is None else value >= limit
    return Check(
        code=code,
        failed=0 if passed is not False else 1,
        of=1,
        value=value,
        limit=limit,
        passed=passed,
        names=(),
    )
