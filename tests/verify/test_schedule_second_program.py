"""Dates of random plans against the schedulers of MPXJ, a second program that reproduces both tools.

It needs Java and the `verify` extra; without them these tests are left out. Progress is in sequence and as
far as
the data date tells: of remaining work that lies before the data date the second program is not sure itself.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
from dataclasses import replace
from typing import Any

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import DATED, Activity, Constraint, Kind, Link, LinkType, Plan
from torap.engines.schedule.worktime import DAY, CalendarSpec, WorkTime, minutes, moment

pytest.importorskip("jpype", reason="the verify extra is not installed")
if shutil.which("java") is None:
    pytest.skip("no Java", allow_module_level=True)

START = minutes(dt.datetime.fromisoformat("2025-04-11T08:00"))
C = Constraint
PLANS = 60
CASES: dict[str, dict[str, Any]] = {
    "finish to start": {},
    "every link": {"types": "FS SS FF SF"},
    "lags": {"types": "FS SS FF", "lags": 0.5},
    "milestones": {"types": "FS SS FF", "milestones": 0.3},
    "two calendars": {"types": "FS SS FF", "six": True},
    "constraints": {"held": 0.3, "constraints": DATED - {C.START_ON, C.FINISH_ON}},
    "as late as possible": {"held": 0.3, "constraints": {C.ALAP}},
    "progress": {"progress": True},
}


@pytest.fixture(scope="module")
def java() -> Any:
    """The second program's classes."""
    jpype = pytest.importorskip("jpype")
    pytest.importorskip("mpxj")  # puts its jars on the class path

    if not jpype.isJVMStarted():
        jpype.startJVM()
    return jpype.JPackage("org").mpxj, jpype.JPackage("java").time


# Plans in which the second program puts something before its FS predecessor is done, by case and seed. Files
# that Primavera P6 wrote keep the link, and so do we: what the link moves is not compared, the rest is.
BROKEN: dict[tuple[str, str, int], tuple[str, set[str]]] = {
    ("p6", "milestones", 58): ("a finish milestone after a start milestone stands a shift earlier", {"a10"}),
    ("p6", "constraints", 22): ("a start held to 08:00 of the day its predecessors end at 15:00", {"a2"}),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("profile", ["msproject", "p6"])
def test_random_plans_have_the_dates_of_the_second_program(java: Any, case: str, profile: str) -> None:
    for seed in range(PLANS):
        made = random_plan(random.Random(f"{case}{seed}"), **CASES[case], profile=profile)
        found = schedule(made, profile=profile)
        expected = second_program(java, made, profile)
        broken = BROKEN.get((profile, case, seed), ("", set()))[1]
        assert breaks_its_own_links(made, expected) == broken, (case, seed)
        moved = behind(made, broken)
        for row in made.activities:
            ours = found.rows[row.id]
            if row.id in moved:
                continue
            dates = ours.start, same_instant(made, row, ours.finish, expected[row.id][1])
            assert (row.id, *dates) == (row.id, *expected[row.id][:2]), (case, seed)
            if row.actual_finish is None and row.actual_start is None and not broken:
                *dates, slack = expected[row.id][2:]
                late = (ours.late_start, ours.late_finish, ours.total_float)
                if row.milestone and profile == "msproject":
                    # Files of Microsoft Project show the next shift, the second program the end of the last.
                    late = (
                        *(one_point(made, row, *pair) for pair in zip(late, dates, strict=False)),
                        late[2],
                    )
                slack -= held_against_links(made, row, expected) if profile == "msproject" else 0
                assert (row.id, *late) == (row.id, *dates, slack), (case, seed)


def breaks_its_own_links(made: Plan, expected: dict[str, Any]) -> set[str]:
    """What the second program starts before its predecessor is done, though nothing asks for it."""
    rows = {row.id: row for row in made.activities}
    return {
        link.successor
        for link in made.links
        if link.type == LinkType.FS
        and link.lag == 0
        and expected[link.successor][0] < expected[link.predecessor][1]
        and rows[link.successor].actual_start is None
        and rows[link.successor].constraint in {C.ASAP, C.START_NOT_BEFORE}
    }


def behind(made: Plan, names: set[str]) -> set[str]:
    """These activities and all that wait for them."""
    found = set(names)
    for row in made.activities:  # in the order of their links
        if any(link.successor == row.id and link.predecessor in found for link in made.links):
            found.add(row.id)
    return found


def held_against_links(made: Plan, row: Activity, expected: dict[str, Any]) -> int:
    """Minutes by which a constraint starts an activity before its FS predecessors are done.

    Microsoft Project counts them as negative float (a plan of its version 2003 in which a milestone must
    finish a day before the task it waits for shows -1 day), the second program takes late from early dates.
    """
    if row.constraint not in DATED - {C.START_NOT_BEFORE, C.FINISH_NOT_BEFORE}:
        return 0
    time = WorkTime(made.calendars[row.calendar or made.calendar], made.start, made.start)
    ends = [expected[link.predecessor][1] for link in made.links if link.successor == row.id]
    return max([time.between(expected[row.id][0], end) for end in ends] + [0])


def same_instant(made: Plan, row: Activity, ours: int, theirs: int) -> int:
    """What an SF link ends may be said to end at the end of one shift or at the start of the next, which is
    one point of working time: files of both tools name the start of the predecessor.
    """
    if not any(link.successor == row.id and link.type == LinkType.SF for link in made.links):
        return ours
    return one_point(made, row, ours, theirs)


def one_point(made: Plan, row: Activity, ours: int, theirs: int) -> int:
    """Theirs, where no work lies between the two."""
    time = WorkTime(made.calendars[row.calendar or made.calendar], ours, theirs)
    return theirs if time.between(ours, theirs) == 0 else ours


def random_plan(
    rng: random.Random,
    *,
    types: str = "FS",
    lags: float = 0,
    milestones: float = 0,
    six: bool = False,
    held: float = 0,
    constraints: Any = (),
    progress: bool = False,
    profile: str,
) -> Plan:
    """A plan of up to fourteen activities."""
    days = {START // DAY + rng.randint(2, 30): () for _ in range(2)}
    calendars = {"std": CalendarSpec(id="std", exceptions=days)}
    if six:
        calendars["six"] = CalendarSpec(id="six", week=(((480, 720), (780, 1020)),) * 6 + ((),))
    rows, links = [], []
    for i in range(rng.randint(3, 14)):
        kind, length = Kind.TASK, rng.choice([480, 960, 1440, 2400, 240, 600])
        if rng.random() < milestones:
            kind, length = rng.choice([Kind.START_MILESTONE, Kind.FINISH_MILESTONE]), 0
        more: dict[str, Any] = {}
        if rng.random() < held:
            more["constraint"] = rng.choice(sorted(constraints))
            if more["constraint"] in DATED:
                hour = 480 if "start" in more["constraint"] else 1020
                more["constraint_at"] = _working_day(rng, days) * DAY + hour
        calendar = rng.choice(sorted(calendars))
        rows.append(Activity(id=f"a{i}", kind=kind, minutes=length, calendar=calendar, **more))
        for before in rng.sample(range(i), min(i, rng.choice([0, 1, 1, 2]))):
            lag = rng.choice([480, 960, -480, 240]) if rng.random() < lags else 0
            kind_of_link = LinkType(rng.choice(types.split()))
            links.append(Link(predecessor=f"a{before}", successor=f"a{i}", type=kind_of_link, lag=lag))
    plan = Plan(start=START, activities=tuple(rows), links=tuple(links), calendars=calendars, calendar="std")
    return _progressed(plan, rng, _working_day(rng, days) * DAY + 1020, profile) if progress else plan


def _working_day(rng: random.Random, days: dict[int, Any]) -> int:
    day = START // DAY + rng.randint(1, 20)
    while (day + 3) % 7 >= 5 or day in days:
        day += 1
    return day


def _progressed(plan: Plan, rng: random.Random, data_date: int, profile: str) -> Plan:
    """The same plan after a while, in sequence."""
    found = schedule(plan, profile=profile)
    time = WorkTime(plan.calendars["std"], START, data_date)
    rows = []
    for row in plan.activities:
        dates = found.rows[row.id]
        if dates.early_finish <= data_date:
            done = {"actual_start": dates.start, "actual_finish": dates.finish, "actual": row.minutes}
            row = replace(row, remaining=0, **done)
        elif dates.early_start < data_date:
            done_minutes = time.between(dates.start, data_date)
            row = replace(
                row, actual_start=dates.start, actual=done_minutes, remaining=row.minutes - done_minutes
            )
        rows.append(row)
    return replace(plan, activities=tuple(rows), data_date=data_date)


def second_program(java: Any, plan: Plan, profile: str) -> dict[str, tuple[Any, ...]]:
    """(start, finish, late start, late finish, total float in minutes) of every activity by MPXJ."""
    mpxj, time = java
    file = mpxj.ProjectFile()
    calendar = file.addDefaultBaseCalendar()
    file.setDefaultCalendar(calendar)
    calendars = {"std": calendar}
    if "six" in plan.calendars:
        calendars["six"] = _six_days(java, file, calendar)
    for day in plan.calendars["std"].exceptions:
        at = moment(day * DAY)
        calendar.addCalendarException(time.LocalDate.of(at.year, at.month, at.day))
    properties = file.getProjectProperties()
    properties.setRelationshipLagCalendar(mpxj.RelationshipLagCalendar.PREDECESSOR)
    tasks = {row.id: _task(java, file, calendars, row, profile) for row in plan.activities}
    for link in plan.links:
        builder = mpxj.Relation.Builder().predecessorTask(tasks[link.predecessor])
        kind = {"FS": "FINISH_START", "SS": "START_START", "FF": "FINISH_FINISH", "SF": "START_FINISH"}
        builder = builder.type(getattr(mpxj.RelationType, kind[link.type]))
        tasks[link.successor].addPredecessor(builder.lag(_hours(mpxj, link.lag)))
    properties.setStartDate(_local(time, plan.start))
    if plan.data_date is not None:
        properties.setStatusDate(_local(time, plan.data_date))
    cpm = mpxj.cpm
    (cpm.PrimaveraScheduler() if profile == "p6" else cpm.MicrosoftScheduler()).schedule(
        file, _local(time, plan.start)
    )
    return {key: _dates(mpxj, file, task, profile) for key, task in tasks.items()}


def _six_days(java: Any, file: Any, calendar: Any) -> Any:
    mpxj, time = java
    six = file.addDefaultBaseCalendar()
    six.setName("six")
    six.setCalendarDayType(time.DayOfWeek.SATURDAY, mpxj.DayType.WORKING)
    hours = six.addCalendarHours(time.DayOfWeek.SATURDAY)
    for shift in calendar.getCalendarHours(time.DayOfWeek.MONDAY):
        hours.add(shift)
    return six


def _task(java: Any, file: Any, calendars: dict[str, Any], row: Activity, profile: str) -> Any:
    mpxj, time = java
    task = file.addTask()
    task.setName(row.id)
    for name, value in (("", row.minutes), ("Actual", row.actual), ("Remaining", row.left)):
        getattr(task, f"set{name}Duration")(_hours(mpxj, value))
    task.setType(mpxj.TaskType.FIXED_DURATION)
    task.setMilestone(row.minutes == 0)
    kinds = {Kind.TASK: "TASK_DEPENDENT", Kind.START_MILESTONE: "START_MILESTONE"}
    task.setActivityType(getattr(mpxj.ActivityType, kinds.get(row.kind, "FINISH_MILESTONE")))
    if profile == "p6" or row.calendar != "std":
        task.setCalendar(calendars[row.calendar])
    if row.constraint != Constraint.ASAP:
        task.setConstraintType(getattr(mpxj.ConstraintType, _CONSTRAINTS[row.constraint]))
    for name in ("constraint_at", "actual_start", "actual_finish"):
        value = getattr(row, name)
        if value is not None:
            setter = "ConstraintDate" if name == "constraint_at" else name.title().replace("_", "")
            getattr(task, f"set{setter}")(_local(time, value))
    return task


_CONSTRAINTS = {
    C.ALAP: "AS_LATE_AS_POSSIBLE",
    C.START_NOT_BEFORE: "START_NO_EARLIER_THAN",
    C.START_NOT_AFTER: "START_NO_LATER_THAN",
    C.FINISH_NOT_BEFORE: "FINISH_NO_EARLIER_THAN",
    C.FINISH_NOT_AFTER: "FINISH_NO_LATER_THAN",
    C.MUST_START: "MUST_START_ON",
    C.MUST_FINISH: "MUST_FINISH_ON",
}


def _dates(mpxj: Any, file: Any, task: Any, profile: str) -> tuple[Any, ...]:
    if profile == "p6":
        slack = mpxj.cpm.PrimaveraSlackCalculator(file).calculateFinishSlack(task)
    else:
        slack = task.getTotalSlack()
    found = (task.getStart(), task.getFinish(), task.getLateStart(), task.getLateFinish())
    return (*(_back(one) for one in found), None if slack is None else round(float(slack.getDuration()) * 60))


def _hours(mpxj: Any, value: int) -> Any:
    return mpxj.Duration.getInstance(value / 60.0, mpxj.TimeUnit.HOURS)


def _local(time: Any, value: int) -> Any:
    at = moment(value)
    return time.LocalDateTime.of(at.year, at.month, at.day, at.hour, at.minute)


def _back(value: Any) -> int | None:
    if value is None:
        return None
    return minutes(dt.datetime.fromisoformat(str(value)))
