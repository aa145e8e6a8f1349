"""A plan made ready for passing through: order, links by activity, calendars laid out, lags counted.

Summaries are no activities here: what hangs on a summary hangs on the activities below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from torap.engines.schedule.plan import Activity, Kind, LagUnit, Link, LinkType, Plan, check, order
from torap.engines.schedule.profiles import LagCalendar, Profile
from torap.engines.schedule.summaries import leaves_of, spread
from torap.engines.schedule.worktime import ALWAYS, WorkTime

PERCENT = 10_000


@dataclass(slots=True)
class Dates:
    """Early and late dates of what is left of an activity, filled by the passes; minutes since the epoch.

    `against`: working minutes by which a constraint puts the start before what the links ask for, as
    Microsoft Project counts them in floats. `pushed`: the same in every convention, of a link out of
    `pushed_by`.
    """

    early_start: int = 0
    early_finish: int = 0
    late_start: int = 0
    late_finish: int = 0
    driver: str = "start"
    driven_by: str = ""
    against: int = 0
    pushed: int = 0
    pushed_by: str = ""


class Network:
    """Activities in working order with their links; `dates` is what the passes fill."""

    def __init__(self, plan: Plan, profile: Profile, *, ticks: int = 1) -> None:
        """`ticks` of a minute: what durations and instants of `plan` are counted in."""
        check(plan)
        self.plan = plan
        self.ticks = ticks
        self.profile = profile
        self.everything = {row.id: row for row in plan.activities}
        self.children: dict[str, list[str]] = defaultdict(list)
        for row in plan.activities:
            if row.parent:
                self.children[row.parent].append(row.id)
        self.activities = {row.id: row for row in plan.activities if row.kind != Kind.SUMMARY and row.active}
        self.anchors = self._with_dates_of_their_own() if profile.hard_limits else {}
        self.activities |= self.anchors
        self.efforts = {i for i, row in self.activities.items() if row.kind == Kind.LEVEL_OF_EFFORT}
        links = self._among_activities()
        self.links = [link for link in links if {link.predecessor, link.successor} <= self.activities.keys()]
        self.linked = {
            end for link in self.links for end in (link.predecessor, link.successor)
        } & self.anchors.keys()
        self.first_of = self._started_by()
        self.into_summary = self._within_summary() if profile.hard_limits else set()
        logic = [row for row in self.links if not {row.predecessor, row.successor} & self.efforts]
        self.of_effort = self._of_efforts()
        self.into: dict[str, list[Link]] = defaultdict(list)  # as the plan has them
        for link in plan.links:
            self.into[link.successor].append(link)
        self.before: dict[str, list[Link]] = defaultdict(list)
        self.after: dict[str, list[Link]] = defaultdict(list)
        for link in logic:
            self.before[link.successor].append(link)
            self.after[link.predecessor].append(link)
        working = [name for name in self.activities if name not in self.efforts]
        self.order = order(working, [(link.predecessor, link.successor) for link in logic])
        self.dates = {name: Dates() for name in self.activities}
        self.begin = plan.start  # no activity begins before it
        self.finish = plan.start
        self.asked = ""  # whose working time was asked for last: the one at fault when it has no end
        self.remaining: dict[str, int] = {}
        self.data_date = max(plan.start, plan.data_date if plan.data_date is not None else plan.start)
        self._calendars = self._laid_out()
        self.always = WorkTime(ALWAYS, plan.start, plan.start, ticks=ticks)

    def _with_dates_of_their_own(self) -> dict[str, Activity]:
        """Manual summaries, which stand where they stand whatever lies below them."""
        return {
            row.id: replace(row, external=row.manual)
            for row in self.plan.activities
            if row.kind == Kind.SUMMARY and row.active and row.manual is not None
        }

    def _among_activities(self) -> list[Link]:
        """Links of summaries as links of the activities below them."""
        summaries = {name for name in self.everything if self._spans(name)}
        links = self.plan.links
        ends = [(link.predecessor, link.successor) for link in links]
        return [
            links[i] if ends[i] == (before, later) else replace(links[i], predecessor=before, successor=later)
            for i, before, later in spread(ends, summaries.__contains__, self._stands_for, str)
        ]

    def _started_by(self) -> dict[tuple[str, str, LinkType], str]:
        """Links out of the start of a summary, by (activity below it, successor, type): the summary."""
        found: dict[tuple[str, str, LinkType], str] = {}
        for link in self.plan.links:
            if self._spans(link.predecessor) and link.type in {LinkType.SS, LinkType.SF}:
                for before in self._stands_for(link.predecessor):
                    for later in self._stands_for(link.successor):
                        found[before, later, link.type] = link.predecessor
        return found

    def _of_efforts(self) -> dict[str, list[Link]]:
        """The links that give each level of effort its dates: those to what is none itself."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            before, later = link.predecessor in self.efforts, link.successor in self.efforts
            if before != later:
                found[link.predecessor if before else link.successor].append(link)
        return found

    def _within_summary(self) -> set[tuple[str, str, LinkType]]:
        """Links into a summary, by (predecessor, activity below the summary, type)."""
        return {
            (before, later, link.type)
            for link in self.plan.links
            if self._spans(link.successor)
            for before in self._stands_for(link.predecessor)
            for later in self._stands_for(link.successor)
        }

    def _spans(self, name: str) -> bool:
        """A summary whose dates are those of what lies below it."""
        return self.everything[name].kind == Kind.SUMMARY and name not in self.anchors

    def leaves(self, name: str) -> list[str]:
        """The activities below a summary, however deep; an activity stands for itself."""
        return leaves_of(self.children, self.activities, name)

    def _stands_for(self, name: str) -> list[str]:
        """The activities that a link of an activity or a summary binds."""
        return [name] if name in self.anchors else self.below(name)

    def below(self, name: str) -> list[str]:
        """What a summary spans: the activities below it; a summary with dates of its own hides what it
        holds.
        """
        if not self.anchors:
            return self.leaves(name)
        held = {key: below for key, below in self.children.items() if key == name or key not in self.anchors}
        return leaves_of(held, self.activities, name)

    def anchor(self, row: Activity) -> Activity | None:
        """The nearest summary above an activity that has dates of its own."""
        return next((above for above in self.above(row) if above.id in self.anchors), None)

    def above(self, row: Activity) -> Iterator[Activity]:
        """The summaries an activity lies under, from the nearest up."""
        seen = {row.id}
        while row.parent and row.parent not in seen:
            seen.add(row.parent)
            row = self.everything[row.parent]
            yield row

    def calendar(self, row: Activity) -> WorkTime:
        """The working time of an activity."""
        self.asked = row.id
        return self._calendars[row.calendar or self.plan.calendar]

    def lag(self, link: Link, at: int, *, back: bool = False, less: int = 0) -> int:
        """`at` moved by the lag of `link` (less what of it has passed already), forward or `back`."""
        amount = self.lag_minutes(link) - less
        if amount == 0:
            return at
        time = self.lag_time(link)
        return time.add(at, -amount) if back else time.add(at, amount)

    def lag_minutes(self, link: Link) -> int:
        """The lag in minutes; a share is of the predecessor's whole duration."""
        if link.unit == LagUnit.PERCENT:
            return round(self.everything[link.predecessor].minutes * link.lag / PERCENT)
        return link.lag

    def lag_time(self, link: Link) -> WorkTime:
        """Whose time the lag is counted in, by the convention; also of a link of a task made inactive."""
        if link.unit == LagUnit.ELAPSED or self.profile.lag_calendar == LagCalendar.ALWAYS:
            return self.always
        by_the_clock = self.everything[link.predecessor].calendar == ALWAYS.id
        if link.unit == LagUnit.PERCENT and by_the_clock and self.profile.hard_limits:
            return self.always  # Microsoft Project: a share of a duration by the clock
        if self.profile.lag_calendar == LagCalendar.PLAN:
            return self._calendars[self.plan.calendar]
        end = link.predecessor if self.profile.lag_calendar == LagCalendar.PREDECESSOR else link.successor
        return self.calendar(self.everything[end])

    def finish_from(self, row: Activity, start: int, minutes: int) -> int:
        """When `minutes` of the whole duration of an activity that starts at `start` are done; with parts,
        when the last part is.
        """
        if not row.parts:
            return self.calendar(row).add(start, minutes)
        return self._last_end(start, _whole(row, minutes))

    def start_from(self, row: Activity, finish: int, minutes: int) -> int:
        """When an activity must start for `minutes` of its whole duration to be done at `finish`."""
        if not row.parts:
            return self.calendar(row).subtract(finish, minutes)
        return self._first_start(finish, _whole(row, minutes))

    def finish_of_left(self, row: Activity, start: int) -> int:
        """When what is left of an activity is done, if it starts at `start`."""
        if not row.parts:
            return self.calendar(row).add(start, self.left(row))
        return self._last_end(start, rest_of(row, self.left(row)))

    def start_of_left(self, row: Activity, finish: int) -> int:
        """When what is left of an activity must start to be done at `finish`."""
        if not row.parts:
            return self.calendar(row).subtract(finish, self.left(row))
        return self._first_start(finish, rest_of(row, self.left(row)))

    def lasts(self, row: Activity) -> int:
        """Minutes of the whole duration, as progress tells it."""
        return lasts(row, near=2 * self.ticks)

    def goes_on(self, row: Activity) -> int | None:
        """Where what is left of work under way goes on in a plan without a data date: after what is done of
        it, counted from its actual start. None elsewhere: there the data date tells.
        """
        if self.plan.data_date is not None or row.actual_start is None or row.actual_finish is not None:
            return None
        return self.start_of_left(row, self.finish_from(row, row.actual_start, self.lasts(row)))

    def finish_of_done(self, row: Activity, start: int) -> int:
        """Up to when what is done of an activity has lasted that began at `start`."""
        if not row.parts:
            return self.calendar(row).add(start, row.actual)
        return self._last_end(start, [(part.calendar, part.actual, part.offset) for part in row.parts])

    def _last_end(self, start: int, parts: list[tuple[str, int, int]]) -> int:
        ends = []
        for calendar, work, offset in parts:
            time = self._calendars[calendar]
            ends.append(time.add(time.add(start, offset), work))
        return max(ends)

    def _first_start(self, finish: int, parts: list[tuple[str, int, int]]) -> int:
        return min(
            self._calendars[calendar].subtract(finish, work + offset) for calendar, work, offset in parts
        )

    def left(self, row: Activity) -> int:
        """Minutes still to be done; an expected finish may have changed them."""
        return self.remaining.get(row.id, row.left)

    def times_of(self, row: Activity) -> list[WorkTime]:
        """The calendars that decide when an activity can be worked on."""
        if not row.parts:
            return [self.calendar(row)]
        return [self._calendars[part.calendar] for part in row.parts]

    def times_of_left(self, row: Activity) -> list[WorkTime]:
        """The calendars of the parts that have work left; of all when none has."""
        left = [self._calendars[part.calendar] for part in row.parts if part.remaining]
        return left or self.times_of(row)

    def _laid_out(self) -> dict[str, WorkTime]:
        first = min(
            [self.plan.start, *(row.actual_start or self.plan.start for row in self.activities.values())]
        )
        total = sum(row.minutes for row in self.activities.values())
        last = max(self.plan.start, self.plan.data_date or 0) + min(3 * total, 10_000 * 1440 * self.ticks)
        used = {self.plan.calendar, *(row.calendar for row in self.plan.activities)}
        used |= {part.calendar for row in self.plan.activities for part in row.parts}
        return {
            key: WorkTime(spec, first, last, ticks=self.ticks)
            for key, spec in self.plan.calendars.items()
            if key in used
        }


def lasts(row: Activity, *, near: int = 2) -> int:
    """Minutes of the whole duration: of work under way what is done and what is left, where they tell more or
    less than was planned; `near` minutes may be rounding.
    """
    under_way = row.actual_start is not None and row.actual_finish is None
    if not under_way or row.remaining is None or row.parts:
        return row.minutes
    told = row.actual + row.remaining
    return told if abs(told - row.minutes) > near else row.minutes


def _whole(row: Activity, minutes: int) -> list[tuple[str, int, int]]:
    """What each part does of `minutes` of the whole duration: calendar, minutes, how much later it begins."""
    return _scaled([(part.calendar, part.minutes, part.offset) for part in row.parts], minutes, row.minutes)


def rest_of(row: Activity, minutes: int) -> list[tuple[str, int, int]]:
    """The same of what is left; once work has begun, all that is left of the parts goes on together."""
    if row.left == row.minutes:
        return _whole(row, minutes)
    begun = row.actual_start is not None
    parts = [(part.calendar, part.remaining, 0 if begun else part.offset) for part in row.parts]
    return _scaled(parts, minutes, row.left)


def _scaled(parts: list[tuple[str, int, int]], minutes: int, of: int) -> list[tuple[str, int, int]]:
    """Parts that take `of` minutes together, as they are when it takes `minutes`."""
    if minutes == of:
        return parts
    if not of:
        return [(calendar, minutes, 0) for calendar, *_ in parts]
    return [
        (calendar, round(work * minutes / of), round(offset * minutes / of))
        for calendar, work, offset in parts
    ]
