"""Who held a case, from when to when.

The age of a case is cut at every day something happened; each piece belongs to one holder. The pieces
therefore sum to the age of the case, with no gap and no overlap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from torap.rules.obligations.model import Clock, Event, Span
from torap.rules.obligations.timeline import Timeline

NOBODY = "nobody"
PAUSED = "paused"


def spans(clocks: Sequence[Clock], timeline: Timeline, closing: Sequence[str]) -> tuple[Span, ...]:
    """Spans from the first event to the closing event, or to the day one asks about.

    Empty before the first event.
    """
    happened = [event for event in timeline.events if event.on <= timeline.known_on]
    if not happened:
        return ()
    first = happened[0].on
    end = min((event.on for event in happened if event.name in closing), default=timeline.known_on)
    pauses, still_open = timeline.pauses(planned=False)
    breaks = {first, end}
    for clock in clocks:
        breaks |= {day for day in (clock.started_on, clock.ended_on) if day is not None}
    breaks |= {event.on for event in happened} | {day for pause in pauses for day in pause}
    days = sorted(day for day in breaks if first <= day <= end)
    if still_open is not None:
        pauses = [*pauses, (still_open, dt.date.max)]
    found: list[Span] = []
    for since, until in zip(days, days[1:], strict=False):
        holder, step = _holder(clocks, since, pauses, happened)
        if found and (found[-1].holder, found[-1].step) == (holder, step):
            since = found.pop().since
        found.append(Span(holder=holder, step=step, since=since, until=until))
    return tuple(found)


def _holder(
    clocks: Sequence[Clock], day: dt.date, pauses: Sequence[tuple[dt.date, dt.date]], events: Sequence[Event]
) -> tuple[str, str | None]:
    for start, end in pauses:
        if start <= day < end:
            named = [event.holder for event in events if event.name == "paused" and event.on == start]
            return next((name for name in named if name), PAUSED), None
    held = [clock for clock in clocks if _occupies(clock, day)]
    if not held:
        return NOBODY, None
    first = min(held, key=lambda clock: clock.due or dt.date.max)
    return first.obligation.holder, first.obligation.step


def _occupies(clock: Clock, day: dt.date) -> bool:
    """A part owed before a deadline is held beside the case, never instead of the one who owes the case."""
    if clock.projected or clock.started_on is None or clock.obligation.kind != "duty" or clock.limit.before:
        return False
    if clock.limit.form == "not_less_than" or clock.limit.dates or clock.limit.form == "every":
        return False
    return clock.started_on <= day and (clock.ended_on is None or day < clock.ended_on)


def totals(found: Sequence[Span]) -> dict[str, int]:
    """Calendar days by holder; their sum is the age of the case."""
    sums: dict[str, int] = {}
    for span in found:
        sums[span.holder] = sums.get(span.holder, 0) + span.days
    return sums
