"""What the history of promises shows: for each promise when it was reached, or until when it was not.

A promise whose milestone is not known to be reached is a censored observation: nothing is known of it after
the last day somebody spoke of it as not reached. Silence is no news, neither good nor bad.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One promise. `until`: the day it was reached, or (not `done`) the last day it was heard of as not
    reached; never before `said`. `path`: codes of its classes, the narrowest first, `all` last.
    """

    key: str
    said: dt.date
    promised: dt.date
    until: dt.date
    done: bool
    path: tuple[str, ...]

    @property
    def lead_days(self) -> int:
        """Days from the saying to the date promised; not below zero."""
        return max(0, (self.promised - self.said).days)

    @property
    def slip_days(self) -> int:
        """Days from the date promised to the end of what is known; negative when before it."""
        return (self.until - self.promised).days


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSeen:
    """A promise of a history: when it was said (latest day) and for when (latest day)."""

    key: str
    said: dt.date
    promised: dt.date


def class_path(kind: str, type: str = "", subject_kind: str = "") -> tuple[str, ...]:
    """Codes of the classes of a thing, the narrowest first: kind.type.subject, kind.type, kind, all."""
    found = [ALL, kind]
    if type:
        found.append(f"{kind}.{type}")
        if subject_kind:
            found.append(f"{kind}.{type}.{subject_kind}")
    return tuple(reversed(found))


def observations_of(
    promises: Sequence[PromiseSeen],
    *,
    done: dt.date | None,
    heard: Iterable[dt.date],
    path: tuple[str, ...],
) -> list[Observation]:
    """One observation for each promise, in the order given.

    `done`: the day it was reached, none while it is not known to be. `heard`: days on which it was heard of
    as not reached; those before a promise say nothing of it. A promise made when it had been reached already
    is none.
    """
    days = list(heard)
    found = []
    for one in promises:
        if done is not None:
            if done >= one.said:
                found.append(_seen(one, done, True, path))
            continue
        until = max((day for day in days if day > one.said), default=one.said)
        found.append(_seen(one, until, False, path))
    return found


def _seen(one: PromiseSeen, until: dt.date, done: bool, path: tuple[str, ...]) -> Observation:
    return Observation(key=one.key, said=one.said, promised=one.promised, until=until, done=done, path=path)
