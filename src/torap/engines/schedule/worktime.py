"""Working time of a calendar: when work may start, when it ends, how much lies between two instants.

An instant is a whole number of minutes since 1970-01-01 00:00 of the plan's local time. A shift is a
half-open
stretch [lo, hi) of working minutes. Work that ends with a shift ends at its `hi`; work that begins after it
begins at the next `lo`: the two instants are the same point of working time, and which one is meant depends
on whether something starts or finishes there.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from torap.engines.errors import EngineInputError

DAY = 1440
EPOCH = dt.date(1970, 1, 1)
# A calendar is laid out for the days asked of it and this many more on either side.
MARGIN_DAYS = 400
LIMIT_DAYS = 400_000  # some eleven hundred years: farther off, a duration or a date is a slip of the pen

MOST_MINUTES = 1 << 28  # some five hundred years: a longer duration is a slip of the pen

Shift = tuple[int, int]  # minutes from midnight: start, end (end may be 1440)


def minutes(moment: dt.datetime) -> int:
    """A local date-time as whole minutes since the epoch; seconds are cut off."""
    return (moment.date() - EPOCH).days * DAY + moment.hour * 60 + moment.minute


def moment(value: int) -> dt.datetime:
    """Minutes since the epoch as a local date-time."""
    return dt.datetime.combine(EPOCH, dt.time()) + dt.timedelta(minutes=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec:
    """Shifts of each weekday (Monday first) and of the days that differ (days since the epoch -> shifts)."""

    id: str
    name: str = ""
    week: Sequence[Sequence[Shift]] = field(default_factory=lambda: STANDARD_WEEK)
    exceptions: Mapping[int, Sequence[Shift]] = field(default_factory=dict)
    minutes_per_day: int = 480

    @property
    def always(self) -> bool:
        """All time is working time."""
        return not self.exceptions and all(tuple(day) == ((0, DAY),) for day in self.week)

    def exception_runs(self, longest: int = 0) -> Iterator[tuple[int, int, Sequence[Shift]]]:
        """(first day, last day, shifts) of days in a row that differ alike; `longest` days at most."""
        run: list[int] = []
        for day in sorted(self.exceptions):
            alike = run and day == run[-1] + 1 and self.exceptions[day] == self.exceptions[run[-1]]
            if run and (not alike or len(run) == longest):
                yield run[0], run[-1], self.exceptions[run[-1]]
                run = []
            run.append(day)
        if run:
            yield run[0], run[-1], self.exceptions[run[-1]]


STANDARD_WEEK: tuple[tuple[Shift, ...], ...] = (*((((480, 720), (780, 1020)),) * 5), (), ())
ALWAYS = CalendarSpec(id="24h", name="24 hours", week=(((0, DAY),),) * 7, minutes_per_day=DAY)


class WorkTime:
    """A calendar laid out as sorted shifts with the work done before each; it grows as far as it is asked.

    `ticks`: of a minute. All instants and lengths it is asked for and tells are in these.
    """

    __slots__ = ("_cum", "_day", "_first", "_hi", "_last", "_lo", "_ends", "_ticks", "spec", "always")

    def __init__(self, spec: CalendarSpec, first: int, last: int, *, ticks: int = 1) -> None:
        _check(spec)
        self._ticks = ticks
        self._day = DAY * ticks
        self.spec = spec
        self.always = spec.always
        self._first = self._last = 0
        self._lay(first // self._day - MARGIN_DAYS, last // self._day + MARGIN_DAYS)

    def next_start(self, at: int) -> int:
        """The first instant from `at` on at which work can start."""
        self._reach(at)
        i = bisect_right(self._lo, at) - 1
        if i >= 0 and at < self._hi[i]:
            return at
        while i + 1 >= len(self._lo):
            self._grow(after=True)
            i = bisect_right(self._lo, at) - 1
        return self._lo[i + 1]

    def previous_finish(self, at: int) -> int:
        """The last instant up to `at` at which work can finish."""
        self._reach(at)
        i = bisect_left(self._hi, at)
        if i < len(self._hi) and self._lo[i] < at:
            return at
        while i == 0:
            self._grow(after=False)
            i = bisect_left(self._hi, at)
        return self._hi[i - 1]

    def add(self, at: int, work: int) -> int:
        """The instant at which `work` minutes started at `at` are done; `at` itself when there is no work."""
        if work == 0:
            return at
        if work < 0:
            return self.subtract(at, -work)
        if self.always:
            return at + work
        self._reach(at)
        wanted = self._position(at) + work
        while not self._ends or wanted > self._ends[-1]:
            self._grow(after=True)
            wanted = self._position(at) + work
        i = bisect_left(self._ends, wanted)
        return self._lo[i] + wanted - self._cum[i]

    def subtract(self, at: int, work: int) -> int:
        """The instant at which `work` minutes must start to be done at `at`."""
        if work == 0:
            return at
        if work < 0:
            return self.add(at, -work)
        if self.always:
            return at - work
        self._reach(at)
        wanted = self._position(at) - work
        while not self._cum or wanted < self._cum[0]:
            self._grow(after=False)
            wanted = self._position(at) - work
        i = bisect_right(self._cum, wanted) - 1
        return self._lo[i] + wanted - self._cum[i]

    def between(self, start: int, end: int) -> int:
        """Working minutes from `start` to `end`; negative when `end` lies before."""
        if self.always:
            return end - start
        self._reach(start)
        self._reach(end)
        return self._position(end) - self._position(start)

    def same_finish(self, at: int) -> int:
        """`at` at the end of the shift before it, when no work lies between; otherwise `at`."""
        earlier = self.previous_finish(at)
        return earlier if self.between(earlier, at) == 0 else at

    def same_start(self, at: int) -> int:
        """`at` at the beginning of the shift after it, when no work lies between; otherwise `at`."""
        later = self.next_start(at)
        return later if self.between(at, later) == 0 else at

    def touches(self, at: int) -> bool:
        """`at` lies in a shift of its day, both ends of the shift included."""
        self._reach(at)
        i = bisect_right(self._lo, at) - 1
        return i >= 0 and at <= self._hi[i] and (at < self._hi[i] or at % self._day != 0)

    def _position(self, at: int) -> int:
        i = bisect_right(self._lo, at) - 1
        return 0 if i < 0 else self._cum[i] + min(at, self._hi[i]) - self._lo[i]

    def _reach(self, at: int) -> None:
        day = at // self._day
        if day < self._first or day >= self._last:
            self._lay(min(self._first, day - MARGIN_DAYS), max(self._last, day + MARGIN_DAYS))

    def _grow(self, *, after: bool) -> None:
        span = max(self._last - self._first, MARGIN_DAYS)
        if span > LIMIT_DAYS:
            raise EngineInputError("time_out_of_range", where=self.spec.id, days=LIMIT_DAYS)
        if after:
            self._lay(self._first, self._last + span)
        else:
            self._lay(self._first - span, self._last)

    def _lay(self, first: int, last: int) -> None:
        if last - first > 2 * LIMIT_DAYS:
            raise EngineInputError("time_out_of_range", where=self.spec.id, days=LIMIT_DAYS)
        self._first, self._last = first, last
        lo: list[int] = []
        hi: list[int] = []
        week, exceptions = self.spec.week, self.spec.exceptions
        for day in range(first, last):
            shifts = exceptions[day] if day in exceptions else week[(day + 3) % 7]
            for start, end in shifts:
                at, to = (day * DAY + start) * self._ticks, (day * DAY + end) * self._ticks
                if hi and hi[-1] == at:
                    hi[-1] = to
                else:
                    lo.append(at)
                    hi.append(to)
        cum, done = [], 0
        ends = []
        for start, end in zip(lo, hi, strict=True):
            cum.append(done)
            done += end - start
            ends.append(done)
        self._lo, self._hi, self._cum, self._ends = lo, hi, cum, ends


def _check(spec: CalendarSpec) -> None:
    if len(spec.week) != 7:
        raise EngineInputError("week_not_seven_days", where=spec.id, days=len(spec.week))
    for day, shifts in [*enumerate(spec.week), *spec.exceptions.items()]:
        before = 0
        for start, end in shifts:
            if not before <= start < end <= DAY:
                raise EngineInputError("bad_shift", where=spec.id, day=day, start=start, end=end)
            before = end
    if not any(spec.week):
        # Shifts on single days only would leave nothing to plan with once they are over.
        raise EngineInputError("no_working_time", where=spec.id)
