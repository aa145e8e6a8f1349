"""The words of the law engine: what a procedure edition demands, what happened, and what follows.

All of it is frozen data. Nothing here is computed and nothing computed is ever stored: a clock is made anew
from an edition, the events, a calendar and the day as of which one asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

ParamValue = str | int | bool | Decimal | dt.date | tuple[str, ...] | tuple[dt.date, ...] | None


class Unit(StrEnum):
    """Units of a limit. `same_day` is a limit of zero days."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "cd"
    MONTHS = "mo"
    YEARS = "y"
    HOURS = "h"
    SAME_DAY = "same_day"


class State(StrEnum):
    """States of an obligation.

    `done` without a verdict: the limit is not known, or may not raise a breach.
    """

    NOT_YET_TRIGGERED = "not_yet_triggered"
    RUNNING = "running"
    PAUSED = "paused"
    EXTENDED = "extended"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    VOID = "void"


OPEN_STATES = frozenset({State.RUNNING, State.PAUSED, State.EXTENDED, State.OVERDUE})
DONE_STATES = frozenset({State.DONE, State.DONE_IN_TIME, State.DONE_LATE})
CONFIDENCES = ("high", "medium", "low", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """An act: title, number, date, the articles read, the source and how far the text was read."""

    key: str
    title: str
    number: str | None = None
    date: dt.date | None = None
    articles: str | None = None
    in_force: dt.date | None = None
    read_as_of: dt.date | None = None
    source: str = ""
    confidence: str = "high"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A term. `value=None` with no dates: the texts read do not give it.

    `before`: counted backwards from the base day. `form`: within, not_less_than (may not act earlier), every.
    `dates`: fixed (month, day) of each year. `date_param`: the date is given by a parameter of the case.
    `unit_stated=False`: the act gives a number without saying which days; `unit` is then our reading.
    """

    value: int | None = None
    unit: Unit | None = None
    before: bool = False
    form: str = "within"
    dates: tuple[tuple[int, int], ...] = ()
    date_param: str | None = None
    unit_stated: bool = True

    @property
    def is_known(self) -> bool:
        """True when a day can be computed from it."""
        return self.value is not None or bool(self.dates) or self.date_param is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What starts a clock: an event, the due day of another step, or a date given as parameter.

    An event may stand beside `due_of` or `param`: it counts once it came, until then the other does.
    `fallback`: another event that starts the clock when `event` was not given.
    `after`: the step whose doing brings the event about; used to project a day while the event has not come.
    `stated=False`: the text read does not name the trigger; counting from this event is our reading.
    `original`: with `due_of`, the due day as it was before any extension.
    """

    event: str | None = None
    after: str | None = None
    due_of: str | None = None
    param: str | None = None
    stated: bool = True
    original: bool = False
    fallback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another limit, trigger or article for cases that meet `when`; the first that is met stands."""

    when: Mapping[str, Any]
    limit: Limit
    trigger: Trigger | None = None
    article: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One step of a procedure: who owes what to whom, from which event, within which limit.

    `implies`: steps that must have been done when this one is, though no event names their day.
    """

    step: str
    id: str
    holder: str
    creditor: str | None
    action: str
    limit: Limit
    trigger: Trigger | None
    variants: tuple[Variant, ...]
    article: str | None
    act: str
    confidence: str
    done_by: tuple[str, ...]
    group: str | None = None
    when: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "duty"  # duty, right (lapses, never overdue), document (an act outside any limit)
    start: str | None = None  # exclude, include; None: the edition's rule
    roll: str | None = None  # forward, none; None: the edition's rule
    extendable: bool = False
    suspensions: tuple[str, ...] = ()
    silence: str | None = None
    notes: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How terms of an edition are counted, and where that is written (None: the engine's default, not read in
    law).
    """

    start: str = "exclude"
    roll: str = "forward"
    start_article: str | None = None
    roll_article: str | None = None
    month_rule_ambiguous: str | None = None  # article whose wording allows two readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Receipt outside working time counts for the next working day.

    `plain_days=False`: a day without a time counts as said, also a rest day; only a time shifts it.
    """

    events: tuple[str, ...]
    until: dt.time | None
    article: str
    hours_stated: bool = True
    plain_days: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """An event that ends a case and, under `when`, also is the doing of `steps`."""

    event: str
    when: Mapping[str, Any]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec:
    """An event an edition knows, with the other names people use for it. `repeats`: may happen many times."""

    name: str
    title: str
    also: tuple[str, ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamSpec:
    """A parameter of a case. `kind`: money, number, bool, date, dates, choice, text.

    `low`, `high`: the numbers allowed, both included; `whole`: no fractions.
    """

    name: str
    kind: str
    title: str
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    default: ParamValue = None
    low: Decimal = Decimal(0)
    high: Decimal | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A procedure as the law had it from a day to a day. `closing_events` end the whole case."""

    procedure: str
    id: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    read_as_of: dt.date | None
    acts: tuple[Basis, ...]
    confidence: str
    counting: Counting
    intake: Intake | None
    events: Mapping[str, EventSpec]
    params: Mapping[str, ParamSpec]
    obligations: tuple[Obligation, ...]
    decisions: tuple[Mapping[str, Any], ...]
    closing_events: tuple[str, ...]
    facts: tuple[Mapping[str, Any], ...]
    unknown: tuple[Mapping[str, Any], ...]
    about: Mapping[str, Any]
    executed: Executed | None = None

    @property
    def first_day(self) -> dt.date | None:
        """The first day it can apply: as said, else the day the oldest of its acts came."""
        if self.valid_from is not None:
            return self.valid_from
        days = [act.in_force or act.date for act in self.acts]
        return min((day for day in days if day is not None), default=None)

    def act(self, key: str) -> Basis:
        """The act of this key; the parser has checked that it exists."""
        return next(act for act in self.acts if act.key == key)

    def obligation(self, step: str) -> Obligation:
        """The obligation of this step; the parser has checked the references."""
        return next(row for row in self.obligations if row.step == step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A procedure with all its editions, oldest first."""

    id: str
    name: str
    confidence: str
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened (or is planned) in a case. `until`: new date of an extension; `holder`: who has
    the case during a pause; `ground`: why it was paused or closed.
    """

    name: str
    on: dt.date
    at: dt.time | None = None
    until: dt.date | None = None
    holder: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One line of an explanation: a code with its parameters, its day, the article it rests on."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    day: dt.date | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What follows for one obligation as of one day.

    Days are calendar days unless the name says otherwise.
    """

    obligation: Obligation
    limit: Limit
    article: str | None
    state: State
    started_on: dt.date | None = None
    nominal: dt.date | None = None  # before rolling to a working day
    due: dt.date | None = None
    original_due: dt.date | None = None  # before any extension
    due_at: dt.datetime | None = None  # limits in hours, when the time of the trigger is known
    dates: tuple[dt.date, ...] = ()  # the next fixed dates, due one first
    done_on: dt.date | None = None
    ended_on: dt.date | None = None  # day a void or done clock stopped occupying its holder
    days_left: int | None = None
    working_days_left: int | None = None
    days_paused: int = 0
    projected: bool = False
    binding: bool = False
    past_due_not_binding: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A computed decision that is not a clock: a pool, a control type, an eligibility.

    `value=None`: not known.
    """

    code: str
    value: Any
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Who held the case from a day to a day [calendar days, end excluded]."""

    holder: str
    step: str | None
    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """Length in calendar days."""
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that follows from an edition and the events of a case, as known on a day."""

    procedure: str
    edition: Edition
    known_on: dt.date
    clocks: tuple[Clock, ...]
    findings: tuple[Finding, ...]
    notes: tuple[Reason, ...]
    spans: tuple[Span, ...]
    params: Mapping[str, ParamValue]

    def clock(self, step: str) -> Clock:
        """The clock of one step; `KeyError` when the edition has no such step."""
        for clock in self.clocks:
            if clock.obligation.step == step:
                return clock
        raise KeyError(step)

    @property
    def held_by(self) -> Span | None:
        """Who holds the case now, and since when; None before the first event."""
        return self.spans[-1] if self.spans else None
