"""The shape of the situation: plain frozen data, so that a page, a text and a JSON file say the same.

Names are in the language that was active when it was made; days are dates; a number nobody knows is None.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A door to something: what it is, its code, its name. `kind` "issuer" has no page, only a code."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """An instruction with its legal day. `days`: left, negative when past; `overdue` only when a breach by
    law.

    `step`: co_executors or report, when not the instruction as a whole. `executors`: the bodies that owe this
    line, `answered`: those of them that have answered; `co_executors`: how many bodies have a part in it
    besides the lead.
    """

    code: str
    text: str
    issuer: str
    given: dt.date
    step: str
    due: dt.date
    nominal: dt.date | None
    days: int
    working_days: int | None
    type: str
    overdue: bool
    said: str
    evidenced: str
    moved: int
    executors: tuple[Ref, ...]
    answered: tuple[Ref, ...]
    co_executors: int
    subjects: tuple[Ref, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A milestone's promise. `days`: left until the promise in force ends, negative when past.

    `slip_months` from the first promise to `slip_to` (`slip_basis`: promise, said_done, evidence).
    """

    code: str
    name: str
    subject: Ref
    holder: Ref | None
    first: dt.date
    first_as_said: str
    first_said_on: dt.date
    current: dt.date
    current_as_said: str
    current_said_on: dt.date
    source: str
    days: int
    moves: int
    slip_months: int | None
    slip_to: dt.date | None
    slip_basis: str
    schedule: str
    said: str
    evidenced: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What is late. `steps`: answers of co-executors and reports of instructions that are late themselves.

    `past_not_binding`: named days that have passed where the law read does not make it a breach.
    `said_done`: how many of the promises are said to be done without evidence; they stay late.
    """

    instructions: tuple[DutyLine, ...]
    past_not_binding: tuple[DutyLine, ...]
    steps: tuple[DutyLine, ...]
    promises: tuple[PromiseLine, ...]
    said_done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What falls due within the next days (`within_days`), the nearest first."""

    within_days: int
    instructions: tuple[DutyLine, ...]
    steps: tuple[DutyLine, ...]
    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """A body that has to act: what it holds, since when the oldest waits, what is due next."""

    holder: Ref
    instructions: int
    milestones: int
    obstacles: int
    overdue: int
    since: dt.date
    waiting_days: int
    next_due: dt.date | None
    next_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionLine:
    """Two sayings that cannot both be true: numbers with their unit, or days."""

    kind: str
    subject: Ref
    what: Ref
    low: Decimal | dt.date | None
    high: Decimal | dt.date | None
    unit: str
    members: int
    difference: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradictions:
    """How many, of which kind, and the widest."""

    total: int
    figures: int
    restated: int
    promises: int
    statuses: int
    top: tuple[ContradictionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentLine:
    """A milestone of which nobody has spoken since its promise passed."""

    code: str
    name: str
    subject: Ref
    promised: dt.date
    last_word: dt.date | None
    silent_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old the newest word is. `silent`: milestones without a word since their promise passed."""

    newest: dt.date | None
    newest_age_days: int | None
    newest_report: dt.date | None
    newest_report_age_days: int | None
    silent: tuple[SilentLine, ...]
    silent_total: int
    asked_for_word: tuple[Ref, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One figure as said: `low` and `high` are equal unless a range was said."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    qualifier: str
    nature: str
    scope: str
    claim: str
    said_on: dt.date
    contradicted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class YearValue:
    """A year of an indicator: the measured figure, the target, and whether a due measurement is missing."""

    year: int
    observed: Value | None
    target: Value | None
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A national figure against its target, year by year, in `unit`.

    `missing` counts ended years from `from_year` on without a measured figure. `per_year` is a target for
    every year alike; `goal` a sum to be reached by `goal_year`, towards which `counted` adds the measured
    years from `count_from` on (to `counted_to`, where a year was said as a range), as exactly as
    `counted_qualifier` allows; the value of the years `counted_contradicted` is contradicted by others.
    `count_missing` ended years are not in that sum, so it is never read as a
    total. `latest` is the newest measured figure, of whatever time.
    """

    section: str
    indicator: Ref
    target: Ref | None
    unit: str
    from_year: int
    to_year: int
    years: tuple[YearValue, ...]
    missing: int
    per_year: Value | None
    goal: Value | None
    goal_year: int | None
    count_from: int | None
    counted: Decimal | None
    counted_to: Decimal | None = None
    counted_qualifier: str = ""
    counted_contradicted: tuple[int, ...] = ()
    count_missing: int
    latest: YearValue | None
    gap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedLine:
    """Something in the way: what it blocks, who must remove it, how high it was taken."""

    code: str
    text: str
    subject: Ref
    holder: Ref | None
    days_open: int
    rung: str
    blocked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Totals of real data; a thing is done only by evidence. Every count of what is missing stands beside
    it.

    `promises_moved` of `promises_dated` moved at least once; `promises_comparable` have a second date or a
    word of being done, and only of these a shift in months can be told.
    """

    instructions: int = 0
    instructions_open: int = 0
    instructions_closed: int = 0
    instructions_permanent: int = 0
    instructions_without_known_deadline: int = 0
    instructions_overdue: int = 0
    instructions_done: int = 0
    milestones: int = 0
    milestones_done: int = 0
    milestones_said_done: int = 0
    milestones_without_promise: int = 0
    milestones_without_word: int = 0
    promises_overdue: int = 0
    promises_moved: int = 0
    promises_dated: int = 0
    promises_comparable: int = 0
    slip_median_months: float | None = None
    slip_max_months: int | None = None
    obstacles_open: int = 0
    evidence_waiting: int = 0
    files_used_twice: int = 0
    contradictions: int = 0
    invented_left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The one sentence that says the news: its code and what fills it."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The country as known on a day, in one look. `coming`: the promises that fall next, however far."""

    as_of: dt.date
    clock: str
    facts_newest: dt.date | None
    headline: Headline
    counts: Counts
    overdue: Overdue
    due_30: Due
    coming: tuple[PromiseLine, ...]
    slipped_most: tuple[PromiseLine, ...]
    whose_turn: tuple[TurnLine, ...]
    contradictions: Contradictions
    freshness: Freshness
    progress: tuple[Progress, ...]
    blocked_by: tuple[BlockedLine, ...]

    def section(self, name: str) -> Progress | None:
        """The national figure shown under a name of the country's list: investment, transit, corridor…"""
        return next((row for row in self.progress if row.section == name), None)
