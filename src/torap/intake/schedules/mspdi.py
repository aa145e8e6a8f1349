"""A Microsoft Project schedule (its XML interchange form, MSPDI) as a plan.

Element names and codes follow Microsoft's schema of Project XML. Durations are ISO periods of working time,
lags tenths of a minute, dates local without a zone. Hostile XML (entities, external references) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Part, Plan
from torap.engines.schedule.worktime import ALWAYS, DAY, CalendarSpec, WorkTime, moment
from torap.intake.schedules.losses import Losses, ScheduleFileError
from torap.intake.schedules.mspdi_calendars import calendars_of
from torap.intake.schedules.mspdi_fields import ELAPSED, flag, number, period, place, says_no, stamp, text
from torap.intake.schedules.mspdi_left_out import tell_left_out
from torap.intake.schedules.mspdi_tenths import tenths_of
from torap.intake.schedules.mspdi_work import parts_of

SPACE = "http://schemas.microsoft.com/project"  # and what newer ones add to it
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
SUMMARY_CONSTRAINTS = {
    Constraint.ASAP,
    Constraint.ALAP,
    Constraint.START_NOT_BEFORE,
    Constraint.FINISH_NOT_AFTER,
}
OF_DATES = ("Start", "Finish", "Duration")  # of a manual task also as words
LINKS = {0: LinkType.FF, 1: LinkType.FS, 2: LinkType.SF, 3: LinkType.SS}
SHARES = {19, 51}
SHARES_BY_THE_CLOCK = {20, 52}
DAY_MINUTES = 480  # where the file does not say
DEEPEST = 100  # levels of elements; Microsoft Project writes about ten
DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


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
    space, _, name = root.tag.rpartition("}")
    if name == "APIBusinessObjects":
        raise ScheduleFileError("primavera_xml", where=name)
    if name != "Project" or (space and not space[1:].startswith(SPACE)):
        raise ScheduleFileError("not_mspdi", where=root.tag)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(f"{space}}}" if space else "")
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
    start, must_finish = _ends(root)
    calendars = calendars_of(root, losses)
    default = _calendar(root, calendars, losses)
    calendars[ALWAYS.id] = ALWAYS
    tasks = [
        task for task in root.iterfind("Tasks/Task") if not flag(task, "IsNull") and text(task, "UID") != "0"
    ]
    _check_uids(tasks)
    _number(tasks)
    parts = parts_of(root, tasks, calendars, default)
    parents = _parents(tasks)
    holding = set(parents.values())
    usual = 0 if must_finish is None else 1
    activities = tuple(
        _activity(task, parents, holding, parts, calendars, losses, default, usual) for task in tasks
    )
    lasts = {row.id: row.minutes for row in activities}
    tell_left_out(root, losses)
    day = _day(root)
    return Plan(
        name=text(root, "Title") or text(root, "Name"),
        start=start,
        data_date=stamp(root, "StatusDate"),
        must_finish=must_finish,
        activities=activities,
        links=tuple(_links(tasks, lasts, losses)),
        calendars=calendars,
        calendar=default,
        minutes_per_day=day,
        options=_options(root, day),
    )


def rows_of(root: Element) -> dict[str, str]:
    """Where each task stands, by its UID: the number of its row in the program, where the file has it."""
    return {
        text(task, "UID"): f"row {text(task, 'ID')}"
        for task in root.iterfind("Tasks/Task")
        if text(task, "ID")
    }


def _ends(root: Element) -> tuple[int, int | None]:
    """(start of the plan, the finish it is scheduled from, where it is)."""
    start = stamp(root, "StartDate")
    backwards = says_no(root, "ScheduleFromStart")
    finish = stamp(root, "FinishDate") if backwards or start is None else None
    if not backwards:
        start, finish = finish if start is None else start, None
    elif finish is None:
        raise ScheduleFileError("project_without_finish", where="Project, FinishDate")
    if start is None:
        start = finish
    if start is None:
        raise ScheduleFileError("project_without_start", where="Project, StartDate")
    return start, finish


def _options(root: Element, day: int) -> dict[str, object]:
    """What the file says of how it was scheduled, by the names of `profiles.Profile`."""
    limit = number(root, "CriticalSlackLimit", 0)
    found: dict[str, object] = {"critical_at": limit * day} if limit else {}
    if says_no(root, "HonorConstraints"):
        found["links_win"] = True
    if says_no(root, "ScheduleFromStart"):
        found["from_finish"] = True
    if flag(root, "MultipleCriticalPaths"):
        found["open_ends_critical"] = True
    return found


def _day(root: Element) -> int:
    """Minutes that a day of durations stands for."""
    found = number(root, "MinutesPerDay", DAY_MINUTES)
    if not 1 <= found <= DAY:
        params = {"value": found, "low": 1, "high": DAY}
        raise ScheduleFileError("number_out_of_range", where=place(root, "MinutesPerDay"), params=params)
    return found


def _calendar(root: Element, calendars: dict[str, CalendarSpec], losses: Losses) -> str:
    """The calendar of the project; one that the file does not name, or does not have, is the standard one."""
    named = text(root, "CalendarUID")
    if named in calendars:
        return named
    if named not in {"", "-1"}:
        losses.add("calendar_unknown", where="Project", value=named)
    standard = next((key for key, spec in calendars.items() if spec.name == "Standard"), "")
    if not standard:
        standard = "standard"
        calendars[standard] = CalendarSpec(id=standard, name="Standard")
    return standard


def _check_uids(tasks: list[Element]) -> None:
    """Every task has a UID of its own."""
    seen: set[str] = set()
    for row, task in enumerate(tasks, 1):
        uid = text(task, "UID")
        if not uid:
            raise ScheduleFileError("missing", where=f"task {row} ({text(task, 'Name')[:60]}), UID")
        if uid in seen:
            where = f"task {row} ({text(task, 'Name')[:60]}), UID"
            raise ScheduleFileError("id_twice", where=where, params={"value": uid})
        seen.add(uid)
    if not tasks:
        raise ScheduleFileError("no_activities", where="Project, Tasks")


def _number(tasks: list[Element]) -> None:
    """Give a task that does not say its row its place among the tasks: errors name it."""
    for row, task in enumerate(tasks, 1):
        if not text(task, "ID"):
            SubElement(task, "ID").text = str(row)


def _parents(tasks: list[Element]) -> dict[str, str]:
    """The summary above each task, from the levels of the outline."""
    above: list[tuple[int, str]] = []
    found: dict[str, str] = {}
    for task in tasks:
        level, uid = number(task, "OutlineLevel", 1), text(task, "UID")
        while above and above[-1][0] >= level:
            above.pop()
        found[uid] = above[-1][1] if above else ""
        above.append((level, uid))
    return found


def _activity(
    task: Element,
    parents: dict[str, str],
    holding: set[str],
    parts: Mapping[str, tuple[Part, ...]],
    calendars: Mapping[str, CalendarSpec],
    losses: Losses,
    default: str,
    usual: int,
) -> Activity:
    """One task. `default`: the plan's calendar; `usual`: the constraint of a task that names none."""
    uid = text(task, "UID")
    whole = period(task, "Duration")
    ended = stamp(task, "ActualFinish")
    begun = stamp(task, "ActualStart")
    unsaid = max(whole - period(task, "ActualDuration"), 0)
    left = 0 if ended is not None else period(task, "RemainingDuration", unsaid)
    elapsed = number(task, "DurationFormat", 7) in ELAPSED
    calendar = text(task, "CalendarUID")
    own = calendar if calendar in calendars else ""
    if calendar not in {"", "-1", "0"} and not own:
        losses.add("calendar_unknown", where=uid, value=calendar)
    code = number(task, "ConstraintType", usual)
    if code not in CONSTRAINTS:
        losses.add("constraint_unknown", where=uid, value=code)
    constraint = CONSTRAINTS.get(code, Constraint.ASAP)
    at = stamp(task, "ConstraintDate")
    if constraint not in {Constraint.ASAP, Constraint.ALAP} and at is None:
        losses.add("constraint_without_date", where=uid, value=code)
        constraint = Constraint.ASAP
    summary = uid in holding  # as the program itself tells it: by the outline
    if summary and constraint not in SUMMARY_CONSTRAINTS:
        losses.add("constraint_of_summary", where=uid, value=str(constraint))
    row = Activity(
        id=uid,
        name=text(task, "Name"),
        kind=Kind.SUMMARY if summary else _kind(whole),
        calendar=ALWAYS.id if elapsed else own,
        minutes=whole,
        remaining=left,
        actual=_done(task, whole, left),
        parent=parents.get(uid, ""),
        constraint=constraint,
        constraint_at=at if constraint not in {Constraint.ASAP, Constraint.ALAP} else None,
        deadline=stamp(task, "Deadline"),
        actual_start=begun,
        actual_finish=ended,
        resumed_at=_resumed(task, calendars[ALWAYS.id if elapsed else own or default], losses, parts),
        levelling_delay=number(task, "LevelingDelay", 0) // 10,
        manual=_manual(task, calendars[ALWAYS.id if elapsed else own or default], whole),
        active=not says_no(task, "Active"),
        external=_elsewhere(task, uid in holding),
        parts=parts.get(uid, ()),
        undated=flag(task, "Manual") and any(task.find(f"{name}Text") is not None for name in OF_DATES),
    )
    beyond = tenths_of(task, row)
    return replace(row, tenths=beyond) if beyond else row


def _done(task: Element, whole: int, left: int) -> int:
    """Minutes done; where that and what is left do not make the duration, the duration is right."""
    done = period(task, "ActualDuration")
    under_way = bool(text(task, "ActualStart")) and not text(task, "ActualFinish")
    return max(whole - left, 0) if under_way and abs(done + left - whole) > 1 else done


def _resumed(
    task: Element, spec: CalendarSpec, losses: Losses, parts: Mapping[str, tuple[Part, ...]]
) -> int | None:
    """When what is left of suspended work goes on. A file that does not say whether that date counts means
    it where work lies between it and the date it stopped; where the file says no, such a date is told.
    """
    at, stopped = stamp(task, "Resume"), stamp(task, "Stop")
    if at is None or flag(task, "ResumeValid"):
        return at
    under_way = bool(text(task, "ActualStart")) and not text(task, "ActualFinish")
    if not under_way or stopped is None or not any(spec.week):
        return None
    if WorkTime(spec, min(stopped, at), max(stopped, at)).between(stopped, at) <= 0:
        return None
    if not text(task, "ResumeValid"):
        return at
    if text(task, "UID") not in parts:
        losses.add("resume_not_valid", where=text(task, "UID"), value=f"{moment(at):%Y-%m-%d %H:%M}")
    return None


def _kind(whole: int) -> Kind:
    return Kind.FINISH_MILESTONE if whole == 0 else Kind.TASK


def _manual(task: Element, spec: CalendarSpec, whole: int) -> tuple[int, int] | None:
    """The dates of a manual task; one that says no finish ends after its duration."""
    if not flag(task, "Manual"):
        return None
    start, finish = (
        first if first is not None else stamp(task, f"Manual{end}")
        for end, first in ((end, stamp(task, end)) for end in ("Start", "Finish"))
    )
    if start is None:
        return None
    if finish is None and any(spec.week):
        finish = WorkTime(spec, start, start).add(start, whole)
    return None if finish is None else (start, finish)


def _elsewhere(task: Element, holds: bool) -> tuple[int, int] | None:
    """Dates of what another file schedules: a task of another project, or a project put in as one row."""
    if not flag(task, "ExternalTask") and (holds or not flag(task, "Summary")):
        return None
    start, finish = stamp(task, "Start"), stamp(task, "Finish")
    return None if start is None or finish is None else (start, finish)


def _links(tasks: list[Element], lasts: Mapping[str, int], losses: Losses) -> Iterator[Link]:
    """Every link. `lasts`: minutes of each task."""
    for task in tasks:
        for element in task.iterfind("PredecessorLink"):
            try:
                link = _link(element, text(task, "UID"), lasts, losses)
            except ScheduleFileError as error:
                error.where = place(task, error.where)
                raise
            if link is not None:
                yield link


def _link(link: Element, uid: str, lasts: Mapping[str, int], losses: Losses) -> Link | None:
    """A link to the task `uid`; none when it comes from another project."""
    before = text(link, "PredecessorUID")
    if before not in lasts:
        if flag(link, "CrossProject"):
            losses.add("link_to_other_project", where=uid, value=text(link, "CrossProjectName") or before)
            return None
        params = {"predecessor": before, "successor": uid}
        raise ScheduleFileError("link_to_nothing", where="PredecessorLink", params=params)
    kind = LINKS.get(number(link, "Type", 1))
    if kind is None:
        params = {"value": text(link, "Type")}
        raise ScheduleFileError("link_type_unknown", where="PredecessorLink, Type", params=params)
    form = number(link, "LagFormat", 7)
    lag = number(link, "LinkLag", 0, far="too_long")
    if form in SHARES_BY_THE_CLOCK:
        if lag:
            losses.add("share_by_the_clock", where=f"{before} -> {uid}", value=lag)
        minutes = round(lasts[before] * lag / 100)
        return Link(predecessor=before, successor=uid, type=kind, lag=minutes, unit=LagUnit.ELAPSED)
    if form in SHARES:
        return Link(predecessor=before, successor=uid, type=kind, lag=lag * 100, unit=LagUnit.PERCENT)
    unit = LagUnit.ELAPSED if form in ELAPSED else LagUnit.WORK
    minutes = round(lag / 10)
    beyond = lag - 10 * minutes
    return Link(predecessor=before, successor=uid, type=kind, lag=minutes, unit=unit, lag_tenths=beyond)
