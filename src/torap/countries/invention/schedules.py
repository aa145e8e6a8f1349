"""The schedule of each invented project in Torap's own JSON: activities, what is done, what is left."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torap.countries.invention.course import FIRST_YEAR, Course, courses
from torap.countries.invention.shape import Shape

WORK_SHARE = 5 / 7
PLANNED = 0.75  # what is left is planned shorter than it will turn out
TYPES = (("FS", 0.8), ("SS", 0.1), ("FF", 0.08), ("SF", 0.02))
LAGGED = 0.25
WEEK = {day: ["08:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
FINISH = "M"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFile:
    """A schedule for a milestone: the activity that stands for it, the body that gives it, the file."""

    milestone: str
    finish: str
    body: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    id: str
    name: str
    days: float  # working days it truly takes
    winter: bool
    links: tuple[tuple[int, str, int], ...]  # predecessor, type, lag in days


def schedule_files(shape: Shape, bodies: dict[int, str]) -> Iterator[ScheduleFile]:
    """One file for each project, below the milestone of its completion; `bodies`: project -> who gives it."""
    for one in courses(shape):
        goal = one.goal("complete")
        if goal.promises:
            yield ScheduleFile(
                milestone=goal.code,
                finish=FINISH,
                body=bodies[one.number],
                name=f"{one.code}.json",
                content=json.dumps(_schedule(shape, one), ensure_ascii=False).encode(),
            )


def _schedule(shape: Shape, one: Course) -> dict[str, Any]:
    tasks = _tasks(shape, one)
    label = shape.words["label"]["en"]
    return {
        "name": f"{label} {one.number:04d}: invented schedule",
        "start": _morning(_workday(one.announced)),
        "data_date": _morning(_workday(shape.as_of)),
        "calendar": "site",
        "calendars": [
            {"id": "site", "week": WEEK},
            {"id": "outdoor", "week": WEEK, "exceptions": list(_winters(shape))},
        ],
        "activities": [*_activities(shape, one, tasks), _end(shape, one)],
        "links": [*_links(tasks), {"from": tasks[-1].id, "to": FINISH}],
    }


def _tasks(shape: Shape, one: Course) -> list[_Task]:
    luck, count = shape.luck, shape.size.activities - 1
    found: list[_Task] = []
    for phase, upto in _phases(shape, count):
        while len(found) < upto:
            number = len(found)
            key = (one.code, number)
            found.append(
                _Task(
                    id=f"A{number + 1:03d}",
                    name=f"{phase['name']} {number + 1}",
                    days=luck.between(*phase["days"], *key, "days"),
                    winter=phase["winter"],
                    links=tuple(_befores(shape, number, key)),
                )
            )
    return found


def _phases(shape: Shape, count: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Each phase with the number of activities up to its end."""
    share = 0.0
    for phase in shape.words["schedule"]["phases"]:
        share += phase["share"]
        yield phase, min(round(share * count), count)


def _befores(shape: Shape, number: int, key: tuple[object, ...]) -> Iterator[tuple[int, str, int]]:
    """Links from the activity before, and from one a little further back every other time."""
    luck = shape.luck
    backs = [1] if number else []
    if number > 3:
        backs.append(luck.whole(2, 3, *key, "back"))
    for back in backs:
        lag = luck.whole(-2, 10, *key, "lag", back) if luck.chance(LAGGED, *key, "lagged", back) else 0
        yield number - back, _type(luck.share(*key, "type", back)) if back > 1 else "FS", lag


def _type(share: float) -> str:
    for name, part in TYPES:
        share -= part
        if share < 0:
            return name
    return TYPES[0][0]


def _activities(shape: Shape, one: Course, tasks: list[_Task]) -> Iterator[dict[str, Any]]:
    """What is done by the data date bears its days; what is under way what is left; the rest is planned."""
    spans, stretch = _spans(one, tasks)
    for task, (begin, end) in zip(tasks, spans, strict=True):
        planned = max(round(task.days * stretch * PLANNED), 1)
        row: dict[str, Any] = {"id": task.id, "name": task.name, "duration": f"{planned}d"}
        row["calendar"] = "outdoor" if task.winter else "site"
        if end < shape.as_of:
            row |= {"actual_start": _morning(_workday(begin)), "actual_finish": _evening(_workday(end))}
        elif begin < shape.as_of:
            left = max(round(task.days * stretch * PLANNED * _left(begin, end, shape.as_of)), 1)
            row |= {"actual_start": _morning(_workday(begin)), "remaining": f"{left}d"}
        yield row


def _end(shape: Shape, one: Course) -> dict[str, Any]:
    row: dict[str, Any] = {"id": FINISH, "name": "Complete", "type": "finish_milestone"}
    reached = one.goal("complete").reached
    if reached < shape.as_of:
        row |= {"actual_start": _evening(_workday(reached)), "actual_finish": _evening(_workday(reached))}
    return row


def _spans(one: Course, tasks: list[_Task]) -> tuple[list[tuple[dt.date, dt.date]], float]:
    """When each activity truly begins and ends, stretched so that the last ends on the true day."""
    begins: list[float] = []
    for task in tasks:
        begin = 0.0
        for before, kind, lag in task.links:
            base = begins[before] + (0.0 if kind in {"SS", "SF"} else tasks[before].days)
            begin = max(begin, base + lag - (task.days if kind in {"FF", "SF"} else 0.0))
        begins.append(begin)
    ends = [begin + task.days for begin, task in zip(begins, tasks, strict=True)]
    true_days = (one.goal("complete").reached - one.announced).days
    calendar = true_days / max(ends)
    days = [(round(begin * calendar), round(end * calendar)) for begin, end in zip(begins, ends, strict=True)]
    spans = [
        (one.announced + dt.timedelta(days=a), one.announced + dt.timedelta(days=max(b, a))) for a, b in days
    ]
    return spans, calendar * WORK_SHARE


def _left(begin: dt.date, end: dt.date, day: dt.date) -> float:
    return (end - day).days / max((end - begin).days, 1)


def _links(tasks: list[_Task]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        for before, kind, lag in task.links:
            row: dict[str, Any] = {"from": tasks[before].id, "to": task.id}
            if kind != "FS":
                row["type"] = kind
            if lag:
                row["lag"] = f"{lag}d"
            yield row


def _winters(shape: Shape) -> Iterator[dict[str, str]]:
    winter = shape.words["schedule"]["winter"]
    for year in range(FIRST_YEAR - 1, shape.as_of.year + 15):
        yield {"from": f"{year}-{winter['from']}", "to": f"{year + 1}-{winter['to']}"}


def _workday(day: dt.date) -> dt.date:
    """The day, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def _morning(day: dt.date) -> str:
    return f"{day}T08:00"


def _evening(day: dt.date) -> str:
    return f"{day}T17:00"
