"""The events of a case, seen from one day: what has happened, what is only planned.

Events after the day one asks about start planned clocks; they never change what had happened by that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from torap.rules.errors import BadValue
from torap.rules.obligations.counting import Pause, pair_pauses
from torap.rules.obligations.model import Event, ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Events under canonical names, sorted, and the day as of which they are seen."""

    events: tuple[Event, ...]
    known_on: dt.date

    def named(self, names: Iterable[str], *, planned: bool) -> list[Event]:
        """Events of these names, oldest first; with `planned` also those after `known_on`."""
        wanted = set(names)
        return [e for e in self.events if e.name in wanted and (planned or e.on <= self.known_on)]

    def first(self, names: Iterable[str], *, planned: bool = False) -> Event | None:
        """The oldest event of these names."""
        found = self.named(names, planned=planned)
        return found[0] if found else None

    def last(self, name: str) -> Event | None:
        """The newest event that has happened; when none has, the first that is planned."""
        happened = self.named([name], planned=False)
        return happened[-1] if happened else self.first([name], planned=True)

    def pauses(self, *, planned: bool) -> tuple[list[Pause], dt.date | None]:
        """Closed pauses, and the first day of a pause still open."""
        paused = [e.on for e in self.named(["paused"], planned=planned)]
        resumed = [e.on for e in self.named(["resumed"], planned=planned)]
        try:
            return pair_pauses(paused, resumed)
        except ValueError as error:
            raise BadValue(
                f"{error}; give each pause its first and last day, and end one before the next begins.",
                event="resumed",
            ) from None

    def extensions(self, *, planned: bool) -> list[Event]:
        """Extensions, oldest first."""
        return self.named(["extended"], planned=planned)


def with_extension_dates(
    events: Sequence[Event], until: ParamValue, *, fallback: dt.date
) -> tuple[Event, ...]:
    """Give each `extended` event without a date the next date of the parameter `extended_to`.

    A date left over means an extension whose own day was not given: it is taken as made on `fallback`.
    """
    dates = list(until) if isinstance(until, tuple) else []
    done: list[Event] = []
    for event in events:
        if event.name == "extended" and event.until is None and dates:
            event = replace(event, until=_as_date(dates.pop(0)))
        done.append(event)
    done.extend(Event(name="extended", on=fallback, until=_as_date(day)) for day in dates)
    return tuple(sorted(done, key=lambda e: (e.on, e.at or dt.time.min, e.name, str(e.until))))


def _as_date(value: object) -> dt.date:
    if not isinstance(value, dt.date):
        raise BadValue("extended_to takes dates; write YYYY-MM-DD.", parameter="extended_to")
    return value
