"""A Microsoft Project schedule (its XML interchange form, MSPDI) as a plan.

Element names and codes follow Microsoft's schema of Project XML. Durations are ISO periods of working time,
lags tenths of a minute, dates local without a zone. Hostile XML (entities, external references) is refused.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Part, Plan
from torap.engines.schedule.worktime import ALWAYS, CalendarSpec, minutes
from torap.intake.schedules.json_fields import LONGEST, in_range
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.mspdi_calendars import calendars_of

SPACE = "{http://schemas.microsoft.com/project}"
CONSTRAINTS = {
    0: Constraint.ASAP,
    1: Constraint.ALAP,
    2: Constraint.MUST_START,
    3: Constraint.MUST_FINISH,
    4: Constraint.START_NOT_BEFORE,
    5: Constraint.START_NOT_AFTER,
    6: Constraint.FINISH_NOT_BEFORE,
    7: Constraint.FINISH_NOT_AFTER,
}
LINKS = {0: LinkType.FF, 1: LinkType.FS, 2: LinkType.SF, 3: LinkType.SS}
ELAPSED = {4, 6, 8, 10, 12, 36, 38, 40, 42, 44}  # formats of elapsed minutes to months, estimated ones too
SHARES = {19, 20, 51, 52}
PERIOD = re.compile(
    r"(-)?P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?"
)
FIXED_DURATION = 1
DEEPEST = 100  # levels of elements; Microsoft Project writes about ten
NUMBER_LIMIT = 10 * LONGEST  # lags are tenths of a minute
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
LEFT_OUT = {
    "ExtendedAttribute": "user_fields",
    "OutlineCode": "outline_codes",
    "Notes": "notes",
    "Baseline": "baselines",
}


class _Builder(TreeBuilder):
    """Builds the tree, and stops at a depth no schedule has."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ScheduleFileError("too_deep", where=f"element {str(tag)[:80]}")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse_mspdi(data: bytes, encoding: str = "utf-8") -> Element:
    """The root element of a file; ScheduleFileError for XML that is broken, hostile or something else.

    `encoding`: what the first bytes look like, to tell a text in another encoding from broken XML.
    """
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        _check_encoding(data, encoding)
        line, column = error.position
        raise ScheduleFileError("broken_xml", where=f"line {line}, column {column}") from None
    except DefusedXmlException as error:
        raise ScheduleFileError("hostile_xml", params={"what": type(error).__name__}) from None
    except (LookupError, ValueError, UnicodeError):
        raise _unknown_encoding(data) from None
    if root.tag not in {f"{SPACE}Project", "Project"}:
        raise ScheduleFileError("not_mspdi", where=root.tag)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(SPACE)
    return root


def _check_encoding(data: bytes, encoding: str) -> None:
    """Refuse bytes that are not in the encoding the file declares, with the byte at fault."""
    declared = DECLARED.search(data[:200])
    name = declared[1].decode("ascii") if declared else encoding
    try:
        data.decode(name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        params = {"byte": error.start + 1, "value": f"0x{data[error.start]:02X}", "encoding": name.upper()}
        raise ScheduleFileError("wrong_encoding", where=f"line {line}", params=params) from None
    except LookupError:
        raise _unknown_encoding(data) from None


def _unknown_encoding(data: bytes) -> ScheduleFileError:
    declared = DECLARED.search(data[:200])
    value = declared[1].decode("ascii") if declared else "none"
    return ScheduleFileError("encoding_unknown", where="line 1", params={"value": value[:40]})


def plan_of_mspdi(root: Element, losses: Losses) -> Plan:
    """The plan a file holds."""
    start = _moment(root, "StartDate")
    if start is None:
        raise ScheduleFileError("project_without_start", where="Project, StartDate")
    if _number(root, "ScheduleFromStart", 1) == 0:
        losses.add("scheduled_from_finish", where="Project")
    calendars = calendars_of(root, losses)
    calendars[ALWAYS.id] = ALWAYS
    tasks = [
        task
        for task in root.iterfind("Tasks/Task")
        if not _flag(task, "IsNull") and _text(task, "UID") != "0"
    ]
    _check_uids(tasks)
    resources = _resources(root, calendars)
    parts = _parts(root, resources)
    parents = _parents(tasks)
    activities = tuple(_activity(task, parents, parts, calendars, losses) for task in tasks)
    known = {row.id for row in activities}
    for name, code in LEFT_OUT.items():
        count = sum(1 for _ in root.iter(name))
        if count:
            losses.add(code, where=name, value=count)
    limit = _number(root, "CriticalSlackLimit", 0)
    day = _number(root, "MinutesPerDay", 480)
    return Plan(
        name=_text(root, "Title") or _text(root, "Name"),
        start=start,
        data_date=_moment(root, "StatusDate"),
        activities=activities,
        links=tuple(_links(tasks, known, losses)),
        calendars=calendars,
        calendar=_text(root, "CalendarUID") or next(iter(calendars)),
        minutes_per_day=day,
        options={"critical_at": limit * day} if limit else {},
    )


def _check_uids(tasks: list[Element]) -> None:
    """Every task has a UID of its own."""
    seen: set[str] = set()
    for number, task in enumerate(tasks, 1):
        uid = _text(task, "UID")
        if not uid:
            raise ScheduleFileError("missing", where=f"task {number} ({_text(task, 'Name')[:60]}), UID")
        if uid in seen:
            where = f"task {number} ({_text(task, 'Name')[:60]}), UID"
            raise ScheduleFileError("id_twice", where=where, params={"value": uid})
        seen.add(uid)
    if not tasks:
        raise ScheduleFileError("no_activities", where="Project, Tasks")


def _parents(tasks: list[Element]) -> dict[str, str]:
    """The summary above each task, from the levels of the outline."""
    above: list[tuple[int, str]] = []
    found: dict[str, str] = {}
    for task in tasks:
        level, uid = _number(task, "OutlineLevel", 1), _text(task, "UID")
        while above and above[-1][0] >= level:
            above.pop()
        found[uid] = above[-1][1] if above else ""
        above.append((level, uid))
    return found


def _activity(
    task: Element,
    parents: dict[str, str],
    parts: dict[str, list[Part]],
    calendars: dict[str, CalendarSpec],
    losses: Losses,
) -> Activity:
    uid = _text(task, "UID")
    whole = _period(task, "Duration")
    ended = _moment(task, "ActualFinish")
    begun = _moment(task, "ActualStart")
    left = 0 if ended is not None else _period(task, "RemainingDuration", whole)
    elapsed = _number(task, "DurationFormat", 7) in ELAPSED
    calendar = _text(task, "CalendarUID")
    own = calendar if calendar in calendars else ""
    if calendar not in {"", "-1", "0"} and not own:
        losses.add("calendar_unknown", where=uid, value=calendar)
    code = _number(task, "ConstraintType", 0)
    constraint = CONSTRAINTS.get(code, Constraint.ASAP)
    at = _moment(task, "ConstraintDate")
    if constraint not in {Constraint.ASAP, Constraint.ALAP} and at is None:
        losses.add("constraint_without_date", where=uid, value=code)
        constraint = Constraint.ASAP
    summary = _flag(task, "Summary")
    if summary and constraint != Constraint.ASAP:
        losses.add("constraint_of_summary", where=uid, value=str(constraint))
    if any(True for _ in task.iterfind("TimephasedData")) and _flag(task, "IsSplit"):
        losses.add("split_task", where=uid)
    driven = [] if elapsed or summary or _number(task, "Type", 0) == FIXED_DURATION else parts.get(uid, [])
    return Activity(
        id=uid,
        name=_text(task, "Name"),
        kind=Kind.SUMMARY if summary else _kind(task, whole),
        calendar=ALWAYS.id if elapsed else own,
        minutes=whole,
        remaining=left,
        actual=_period(task, "ActualDuration"),
        parent=parents.get(uid, ""),
        constraint=constraint,
        constraint_at=at if constraint not in {Constraint.ASAP, Constraint.ALAP} else None,
        deadline=_moment(task, "Deadline"),
        actual_start=begun,
        actual_finish=ended,
        resumed_at=_moment(task, "Resume") if _flag(task, "ResumeValid") else None,
        levelling_delay=_number(task, "LevelingDelay", 0) // 10,
        manual=_manual(task),
        active=_text(task, "Active") != "0",
        parts=tuple(driven),
    )


def _kind(task: Element, whole: int) -> Kind:
    return Kind.FINISH_MILESTONE if whole == 0 or _flag(task, "Milestone") and whole == 0 else Kind.TASK


def _manual(task: Element) -> tuple[int, int] | None:
    if not _flag(task, "Manual"):
        return None
    start, finish = _moment(task, "Start"), _moment(task, "Finish")
    return None if start is None or finish is None else (start, finish)


def _links(tasks: list[Element], known: set[str], losses: Losses) -> Iterator[Link]:
    for task in tasks:
        uid = _text(task, "UID")
        for link in task.iterfind("PredecessorLink"):
            before = _text(link, "PredecessorUID")
            if before not in known:
                if _flag(link, "CrossProject"):
                    losses.add(
                        "link_to_other_project", where=uid, value=_text(link, "CrossProjectName") or before
                    )
                    continue
                raise ScheduleFileError(
                    "link_to_nothing",
                    where=f"Task UID {uid}",
                    params={"predecessor": before, "successor": uid},
                )
            kind = LINKS.get(_number(link, "Type", 1))
            if kind is None:
                raise ScheduleFileError(
                    "link_type_unknown", where=f"Task UID {uid}", params={"value": _text(link, "Type")}
                )
            form = _number(link, "LagFormat", 7)
            lag = _number(link, "LinkLag", 0)
            if form in SHARES:
                yield Link(predecessor=before, successor=uid, type=kind, lag=lag * 100, unit=LagUnit.PERCENT)
            else:
                unit = LagUnit.ELAPSED if form in ELAPSED else LagUnit.WORK
                yield Link(predecessor=before, successor=uid, type=kind, lag=round(lag / 10), unit=unit)


def _resources(root: Element, calendars: dict[str, CalendarSpec]) -> dict[str, str]:
    """Calendars of the resources that work, by the resource."""
    found = {}
    for row in root.iterfind("Resources/Resource"):
        calendar = _text(row, "CalendarUID")
        if _number(row, "Type", 1) == 1 and calendar in calendars:
            found[_text(row, "UID")] = calendar
    return found


def _parts(root: Element, resources: dict[str, str]) -> dict[str, list[Part]]:
    """Work of resources by task, as time at their units."""
    parts: dict[str, list[Part]] = {}
    for row in root.iterfind("Assignments/Assignment"):
        calendar = resources.get(_text(row, "ResourceUID"))
        units = _units(row)
        if calendar is None or units <= 0 or not row.findtext("Work"):
            continue
        part = Part(
            calendar=calendar,
            minutes=round(_period(row, "Work") / units),
            actual=round(_period(row, "ActualWork") / units),
            remaining=round(_period(row, "RemainingWork", _period(row, "Work")) / units),
        )
        parts.setdefault(_text(row, "TaskUID"), []).append(part)
    return parts


def _units(row: Element) -> float:
    text = _text(row, "Units") or "1"
    try:
        units = float(text)
    except ValueError:
        units = math.nan
    if not abs(units) <= NUMBER_LIMIT:
        raise ScheduleFileError("bad_number", where=_at(row, "Units"), params={"value": text[:80]})
    return max(units, 0.001) if units > 0 else 0.0


def _text(row: Element, name: str) -> str:
    return (row.findtext(name) or "").strip()


def _flag(row: Element, name: str) -> bool:
    return _text(row, name).lower() in {"1", "true"}


def _number(row: Element, name: str, default: int) -> int:
    text = _text(row, name)
    if not text:
        return default
    try:
        found = int(float(text))
    except (ValueError, OverflowError):
        found = NUMBER_LIMIT + 1
    if abs(found) > NUMBER_LIMIT:
        raise ScheduleFileError("bad_number", where=_at(row, name), params={"value": text[:80]})
    return found


def _moment(row: Element, name: str) -> int | None:
    text = _text(row, name)
    if not text or text == "NA":
        return None
    try:
        found = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise ScheduleFileError("bad_date", where=_at(row, name), params={"value": text[:80]}) from None
    in_range(found, text, _at(row, name))
    return minutes(found)


def _period(row: Element, name: str, default: int = 0) -> int:
    """An ISO period in minutes; seconds are rounded, since the program works in minutes."""
    text = _text(row, name)
    if not text:
        return default
    found = PERIOD.fullmatch(text)
    if found is None:
        raise ScheduleFileError("bad_duration", where=_at(row, name), params={"value": text[:80]})
    sign, _years, _months, days, hours, mins, secs = found.groups()
    total = int(days or 0) * 1440 + int(hours or 0) * 60 + int(mins or 0) + round(int(secs or 0) / 60)
    if total > LONGEST:
        raise ScheduleFileError("too_long", where=_at(row, name), params={"value": text[:80]})
    if sign and total:
        raise ScheduleFileError("duration_negative", where=_at(row, name), params={"value": text[:80]})
    return total


def _at(row: Element, name: str) -> str:
    uid, called = _text(row, "UID"), _text(row, "Name")
    known = f"{row.tag} UID {uid}" if uid else row.tag
    return f"{known} ({called[:60]}), {name}" if called else f"{known}, {name}"
