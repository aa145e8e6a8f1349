"""Three statuses that must never be mixed: what is said, what evidence supports, how it stands against the
first promise.

Everything here is computed from facts known on a day; nothing is stored. The rules are written out for
readers in docs/engines/statuses.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from torap.rules.intervals import months_between

NO_WORD = "no_word"
DONE = "done"
# Of two reports of one day the less advanced one stands: good news needs a day of its own.
PROGRESS = {"not_reached": 0, "not_started": 1, "under_way": 2, "part_done": 3, DONE: 4}
CONFLICT_WINDOW_DAYS = 60
VERIFIED_DONE = frozenset({"done_on_time", "done_late", "done_no_promise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFact:
    """A date or period somebody named; `earliest=None` means "by `latest`". `speaker`: who said it."""

    key: str
    latest: dt.date
    said_from: dt.date
    said_to: dt.date
    earliest: dt.date | None = None
    speaker: str = ""
    yardstick: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFact:
    """Somebody said how far it is; `done_from` to `done_to` is the day it was done, as said."""

    key: str
    state: str
    said_from: dt.date
    said_to: dt.date
    done_from: dt.date | None = None
    done_to: dt.date | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFact:
    """What a body found on looking at a piece of evidence."""

    accepted: bool
    organisation: str
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFact:
    """A piece of evidence, the state of which day it shows, who gave it, and the verdicts on it."""

    key: str
    shows_on: dt.date
    given_by: str
    verdicts: tuple[VerdictFact, ...] = ()
    same_file_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidStatus:
    """The newest word. `code` is a report state or `no_word`.

    `said_from` to `said_on` is when it was said; `age_days` counts from the earliest day, as of all news.
    """

    code: str
    key: str = ""
    said_from: dt.date | None = None
    said_on: dt.date | None = None
    done_on: dt.date | None = None
    age_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceStatus:
    """`accepted`, `offered` (nobody else looked yet), `rejected` or `none`; counts of pieces in each state.

    `shown_on`: the earliest day whose state accepted evidence shows. `reused`: keys whose file serves twice.
    """

    code: str
    accepted: int = 0
    offered: int = 0
    rejected: int = 0
    shown_on: dt.date | None = None
    reused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleStatus:
    """How it stands against the first promise. `days`: late when positive, left or early when negative."""

    code: str
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The yardstick, the promise in force, how often it moved, and the slip between the first and the last
    date.

    `slip_months` ends at `slip_to`: the promise in force, the day said as done, or the day evidence shows
    (`slip_basis`: promise, said_done, evidence). None when there is nothing to compare.
    """

    first: PromiseFact | None
    current: PromiseFact | None
    moves: int
    slip_months: int | None
    slip_to: dt.date | None
    slip_basis: str
    schedule: ScheduleStatus
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusConflict:
    """Sayings about one milestone that cannot all be true. `low`, `high`: the dates that stand apart."""

    kind: str
    members: tuple[str, ...]
    low: dt.date
    high: dt.date

    @property
    def days(self) -> int:
        """Days between the two dates."""
        return (self.high - self.low).days


Row = TypeVar("Row", PromiseFact, ReportFact)


def order_promises(promises: Iterable[PromiseFact]) -> tuple[PromiseFact, ...]:
    """Promises as they were said; of one day, the strictest first. The order of storing plays no part."""
    return tuple(
        sorted(promises, key=lambda p: (p.said_to, p.said_from, p.latest, p.earliest or dt.date.min, p.key))
    )


def said_status(reports: Iterable[ReportFact], day: dt.date) -> SaidStatus:
    """The newest report by the day it was said; of one day the least advanced."""
    newest = max(
        reports,
        key=lambda r: (r.said_to, r.said_from, -PROGRESS.get(r.state, 0), r.key),
        default=None,
    )
    if newest is None:
        return SaidStatus(code=NO_WORD)
    return SaidStatus(
        code=newest.state,
        key=newest.key,
        said_from=newest.said_from,
        said_on=newest.said_to,
        done_on=(newest.done_to or newest.said_to) if newest.state == DONE else None,
        age_days=(day - newest.said_from).days,
    )


def verdict_of(item: EvidenceFact) -> str:
    """`accepted`, `rejected` or `offered`: the newest verdict of a body other than the giver counts.

    Where the giver is not known nobody can be shown to be another body: the evidence stays offered.
    """
    others = [v for v in item.verdicts if item.given_by and v.organisation != item.given_by]
    if not others:
        return "offered"
    newest = max(others, key=lambda v: (v.at, not v.accepted))
    return "accepted" if newest.accepted else "rejected"


def evidence_status(items: Iterable[EvidenceFact]) -> EvidenceStatus:
    """What the evidence supports: one accepted piece is enough, whatever is still waiting."""
    rows = list(items)
    verdicts = [verdict_of(row) for row in rows]
    counts = {code: verdicts.count(code) for code in ("accepted", "offered", "rejected")}
    code = next((name for name, count in counts.items() if count), "none")
    shown = [row.shows_on for row, verdict in zip(rows, verdicts, strict=True) if verdict == "accepted"]
    return EvidenceStatus(
        code=code,
        **counts,
        shown_on=min(shown, default=None),
        reused=tuple(row.key for row in rows if row.same_file_as),
    )


def standing(
    promises: Iterable[PromiseFact], said: SaidStatus, evidence: EvidenceStatus, day: dt.date
) -> Standing:
    """First promise, promise in force, moves, slip and schedule status as of `day`.

    Promises that are no yardstick (horizons, forecasts of an industry note) count nowhere here.
    """
    steps = _steps(order_promises(p for p in promises if p.yardstick))
    if not steps:
        return Standing(
            first=None,
            current=None,
            moves=0,
            slip_months=None,
            slip_to=None,
            slip_basis="",
            schedule=_without_promise(said, evidence),
            passed=False,
        )
    first, current = steps[0], steps[-1]
    moves = sum(1 for old, new in zip(steps, steps[1:], strict=False) if old.latest != new.latest)
    ended, basis = _ended(current, said, evidence)
    slip_to = ended or (current.latest if len(steps) > 1 else None)
    return Standing(
        first=first,
        current=current,
        moves=moves,
        slip_months=months_between(first.latest, slip_to) if slip_to else None,
        slip_to=slip_to,
        slip_basis=basis if slip_to else "",
        schedule=_schedule(first, current, ended, basis, day),
        passed=current.latest < day and basis != "evidence",
    )


def _steps(ordered: Sequence[PromiseFact]) -> list[PromiseFact]:
    """One promise for each day of saying: the strictest. Two dates named on one day are a conflict, not a
    move."""
    steps: list[PromiseFact] = []
    for promise in ordered:
        if not steps or promise.said_to != steps[-1].said_to:
            steps.append(promise)
        elif promise.latest < steps[-1].latest:
            steps[-1] = promise
    return steps


def _ended(current: PromiseFact, said: SaidStatus, evidence: EvidenceStatus) -> tuple[dt.date | None, str]:
    """The day it was reached and what that rests on; a date promised again after "done" takes the word
    back."""
    if evidence.code == "accepted":
        return evidence.shown_on, "evidence"
    if said.code == DONE and said.said_on is not None and current.said_to <= said.said_on:
        return said.done_on, "said_done"
    return None, "promise"


def _schedule(
    first: PromiseFact, current: PromiseFact, ended: dt.date | None, basis: str, day: dt.date
) -> ScheduleStatus:
    if ended is not None:
        days = (ended - first.latest).days
        if basis == "said_done":
            return ScheduleStatus(code="done_said", days=days)
        return ScheduleStatus(code="done_late" if days > 0 else "done_on_time", days=days)
    days = (day - first.latest).days
    if days > 0:
        return ScheduleStatus(code="late", days=days)
    if current.latest == first.latest:
        return ScheduleStatus(code="on_first_promise", days=days)
    return ScheduleStatus(code="moved" if current.latest > first.latest else "earlier", days=days)


def _without_promise(said: SaidStatus, evidence: EvidenceStatus) -> ScheduleStatus:
    if evidence.code == "accepted":
        return ScheduleStatus(code="done_no_promise")
    return ScheduleStatus(code="done_said" if said.code == DONE else "no_promise")


def find_conflicts(
    promises: Iterable[PromiseFact], reports: Iterable[ReportFact]
) -> tuple[StatusConflict, ...]:
    """Promises and reports of one milestone that contradict one another, each kind grouped by what hangs
    together."""
    ordered = order_promises(p for p in promises if p.yardstick)
    said = sorted(reports, key=lambda r: (r.said_to, r.said_from, PROGRESS.get(r.state, 0), r.key))
    found = [
        *_grouped("promise_conflict", ordered, _promises_differ, lambda p: p.latest),
        *_grouped("done_date_conflict", said, _done_dates_differ, lambda r: r.done_to or r.said_to),
    ]
    taken_back = _taken_back(said, ordered)
    if taken_back:
        found.append(taken_back)
    return tuple(found)


def _promises_differ(a: PromiseFact, b: PromiseFact) -> bool:
    """Said by different speakers within the window, for periods that do not overlap.

    "By 2030" names a deadline: it is read as the year that ends with it, or any earlier date would agree.
    """
    apart = (max(a.said_from, b.said_from) - min(a.said_to, b.said_to)).days
    overlap = _begins(a) <= b.latest and _begins(b) <= a.latest
    return not overlap and apart <= CONFLICT_WINDOW_DAYS and _speaker(a.speaker) != _speaker(b.speaker)


def _begins(promise: PromiseFact) -> dt.date:
    return promise.earliest or promise.latest - dt.timedelta(days=365)


def _done_dates_differ(a: ReportFact, b: ReportFact) -> bool:
    if a.state != DONE or b.state != DONE or a.done_to is None or b.done_to is None:
        return False
    return (a.done_from or a.done_to) > b.done_to or (b.done_from or b.done_to) > a.done_to


def _speaker(name: str) -> str:
    return " ".join(name.casefold().split())


def _grouped(
    kind: str, rows: Sequence[Row], differ: Callable[[Row, Row], bool], date_of: Callable[[Row], dt.date]
) -> list[StatusConflict]:
    """One conflict for each set of rows joined by contradicting pairs."""
    groups: list[set[int]] = []
    for i, a in enumerate(rows):
        for j in range(i + 1, len(rows)):
            if differ(a, rows[j]):
                touched = [g for g in groups if g & {i, j}]
                groups = [g for g in groups if g not in touched] + [set().union({i, j}, *touched)]
    found = []
    for group in groups:
        members = [rows[i] for i in sorted(group)]
        dates = sorted(date_of(row) for row in members)
        found.append(
            StatusConflict(kind=kind, members=tuple(m.key for m in members), low=dates[0], high=dates[-1])
        )
    return found


def _taken_back(reports: Sequence[ReportFact], promises: Sequence[PromiseFact]) -> StatusConflict | None:
    """Done was said, and then (or the same day) that it is not, or a day still to come was promised."""
    done = next((r for r in reports if r.state == DONE), None)
    if done is None:
        return None
    later: list[ReportFact | PromiseFact] = [
        r for r in reports if r.state != DONE and r.said_from >= done.said_to
    ]
    later += [p for p in promises if p.said_from > done.said_to and p.latest > done.said_to]
    if not later:
        return None
    later.sort(key=lambda row: (row.said_to, row.key))
    return StatusConflict(
        kind="status_conflict",
        members=(done.key, *(row.key for row in later)),
        low=done.said_to,
        high=later[-1].said_to,
    )
