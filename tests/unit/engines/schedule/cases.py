"""Small plans for the tests of the schedule engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from torap.engines.schedule.plan import Activity, Kind, Link, LinkType, Plan
from torap.engines.schedule.worktime import CalendarSpec, minutes, moment

DAY = 480
STANDARD = CalendarSpec(id="std")
SIX = CalendarSpec(id="six", week=(((480, 720), (780, 1020)),) * 6 + ((),))
CALENDARS = {"std": STANDARD, "six": SIX}


def at(text: str) -> int:
    """Minutes of "2026-01-05 08:00"."""
    return minutes(dt.datetime.fromisoformat(text))


def text(value: int) -> str:
    """The instant in words."""
    return f"{moment(value):%Y-%m-%d %H:%M}"


def task(name: str, days: float = 1, **more: Any) -> Activity:
    """A task of so many days."""
    return Activity(id=name, minutes=round(days * DAY), **more)


def milestone(name: str, **more: Any) -> Activity:
    """A finish milestone."""
    return Activity(id=name, kind=Kind.FINISH_MILESTONE, **more)


def link(words: str, lag: int = 0, **more: Any) -> Link:
    """A link from "A FS B"."""
    before, kind, later = words.split()
    return Link(predecessor=before, successor=later, type=LinkType(kind), lag=lag, **more)


def plan(*activities: Activity, links: tuple[Link, ...] = (), **more: Any) -> Plan:
    """A plan that starts on Monday 5 January 2026."""
    more.setdefault("start", at("2026-01-05 08:00"))
    return Plan(activities=activities, links=links, calendars=CALENDARS, calendar="std", **more)
