"""What a plan is put together from: the parts collected so far, and the few shapes they are added in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from torap.engines.schedule.plan import Activity, Kind, Link
from torap.engines.schedule.uncertain import Branch, Driver, RiskEvent, Spread
from torap.engines.schedule.worktime import ALWAYS, DAY, EPOCH, CalendarSpec


def end_of_day(day: dt.date) -> int:
    """The minute at which a day is over, since the epoch."""
    return ((day - EPOCH).days + 1) * DAY


def day_at(minute: int) -> dt.date:
    """The day on which something ended that ended at this minute; midnight belongs to the day it ends."""
    return EPOCH + dt.timedelta(days=(int(minute) - 1) // DAY)


@dataclass(slots=True)
class PlanParts:
    """Activities, links and what is uncertain about them, in the order they were added; one use."""

    activities: list[Activity] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    durations: dict[str, Spread] = field(default_factory=dict)
    branches: list[Branch] = field(default_factory=list)
    causes: list[Driver] = field(default_factory=list)
    events: list[RiskEvent] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    calendars: dict[str, CalendarSpec] = field(default_factory=lambda: {ALWAYS.id: ALWAYS})
    alike: dict[str, str] = field(default_factory=dict)

    def task(self, key: str, minutes: int, *, deadline: int | None = None) -> None:
        """An activity on a clock that never stops."""
        self.activities.append(
            Activity(id=key, kind=Kind.TASK, calendar=ALWAYS.id, minutes=minutes, deadline=deadline)
        )

    def reached(self, key: str, at: int) -> None:
        """A milestone that was reached at the minute `at`."""
        self.activities.append(
            Activity(
                id=key, kind=Kind.FINISH_MILESTONE, calendar=ALWAYS.id, actual_start=at, actual_finish=at
            )
        )

    def before(self, key: str, name: str, minutes: int) -> None:
        """What a node takes by itself, as an activity before it."""
        self.task(name, minutes)
        self.links.append(Link(predecessor=name, successor=key))

    def after(self, key: str, name: str, deadline: int) -> None:
        """One more deadline of a node."""
        self.task(name, 0, deadline=deadline)
        self.links.append(Link(predecessor=key, successor=name))

    def calendar_of(self, key: str, spec: CalendarSpec) -> str:
        """The calendar under which `spec` stands: that of an earlier schedule where both say the same.

        A nation works by a few calendars, and the trials keep tables for each.
        """
        said = repr((spec.week, sorted(spec.exceptions.items()), spec.minutes_per_day))
        if said not in self.alike:
            self.alike[said] = key
            self.calendars[key] = replace(spec, id=key)
        return self.alike[said]
