"""What was known of a promise on the day it was made, and what became of it: the back-test's two questions.

Everything is computed from histories of sayings, filtered by the day the world could know them; nothing that
was said later reaches a forecast of an earlier day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from torap.engines.reference.classes import (
    Measure,
    ReferenceClass,
    chance_by,
    class_for,
    classes_of,
    days_left,
    seen_until,
)
from torap.engines.reference.observe import Observation, PromiseSeen, observations_of
from torap.engines.reference.score import JUDGED, Judged
from torap.rules.statuses import (
    EvidenceStatus,
    PromiseFact,
    ReportFact,
    order_promises,
    said_status,
    standing,
)
from torap.runs.frozen import HORIZON_DAYS

ENDED = frozenset({"said_done", "evidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that was ever said of a milestone. `shown`: (day known, day shown) of accepted evidence."""

    key: str
    path: tuple[str, ...]
    holder: str
    promises: tuple[PromiseFact, ...]
    reports: tuple[ReportFact, ...]
    shown: tuple[tuple[dt.date, dt.date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A history as known on a day: promises that count, the first, the one in force, done or last heard."""

    promises: tuple[PromiseFact, ...]
    first: PromiseFact | None
    current: PromiseFact | None
    done: dt.date | None
    heard: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How classes are made and used: of first promises only or of every one, the measure, the weight."""

    every: bool
    measure: Measure
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A promise replayed as of its day, with what the class of that day said (None: nothing)."""

    key: str
    said: dt.date
    promised: dt.date
    class_code: str
    class_n: int
    class_events: int
    holder: str
    judged: Judged | None
    outcome: Observation


def as_known(history: History, day: dt.date) -> Standing:
    """What was known of a milestone on `day`, by the rules of the three statuses."""
    promises = [one for one in history.promises if one.said_to <= day]
    reports = [one for one in history.reports if one.said_to <= day]
    shown = [when for known, when in history.shown if known <= day]
    evidence = (
        EvidenceStatus(code="accepted", accepted=len(shown), shown_on=min(shown))
        if shown
        else EvidenceStatus(code="none")
    )
    found = standing(promises, said_status(reports, day), evidence, day)
    heard = [one.said_from for one in promises]
    heard += [one.said_from for one in reports if one.state != "done"]
    return Standing(
        promises=tuple(one for one in order_promises(promises) if one.yardstick),
        first=found.first,
        current=found.current,
        done=found.slip_to if found.slip_basis in ENDED else None,
        heard=tuple(heard),
    )


def observed_on(histories: Iterable[History], day: dt.date, *, every: bool) -> list[Observation]:
    """What the histories showed by `day`: of first promises, or of every one."""
    found: list[Observation] = []
    for history in histories:
        known = as_known(history, day)
        counted = known.promises if every else ((known.first,) if known.first else ())
        found += observations_of(
            [PromiseSeen(key=one.key, said=one.said_to, promised=one.latest) for one in counted],
            done=known.done,
            heard=known.heard,
            path=history.path,
        )
    return found


def replay(
    histories: Sequence[History], today: dt.date, choice: Choice, *, hindsight: bool = False
) -> list[Case]:
    """Every promise as of the day it was made, the oldest first; `hindsight`: with the class of today.

    A promise of a thing that had been reached already, and one that a stricter one of its day replaces, are
    not replayed.
    """
    if not hindsight:
        return replays(histories, today, [choice])[0]
    classes = _classes(histories, today, [choice])
    return [
        _case(history, outcome, classes[choice.every, choice.weight], choice)
        for _day, rows in promises_by_day(histories, today)
        for history, outcome in rows
    ]


def replays(
    histories: Sequence[History],
    today: dt.date,
    choices: Sequence[Choice],
    progress: Callable[[float], None] | None = None,
) -> list[list[Case]]:
    """The same for several choices: what was known on a day is worked out once for all of them, and let go
    before the next day."""
    found: list[list[Case]] = [[] for _choice in choices]
    days = promises_by_day(histories, today)
    for number, (day, rows) in enumerate(days, start=1):
        classes = _classes(histories, day, choices)
        for cases, choice in zip(found, choices, strict=True):
            own = classes[choice.every, choice.weight]
            cases += [_case(history, outcome, own, choice) for history, outcome in rows]
        if progress is not None:
            progress(number / len(days))
    return found


def promises_by_day(
    histories: Iterable[History], today: dt.date
) -> list[tuple[dt.date, list[tuple[History, Observation]]]]:
    """The promises to be replayed by the day they were made, each with what became of it by today."""
    found: dict[dt.date, list[tuple[History, Observation]]] = defaultdict(list)
    for history in histories:
        now = as_known(history, today)
        for day in sorted({one.said_to for one in history.promises if one.said_to <= today}):
            current = as_known(history, day).current
            if current is None or current.said_to != day:
                continue
            seen = PromiseSeen(key=current.key, said=current.said_to, promised=current.latest)
            ends = observations_of([seen], done=now.done, heard=now.heard, path=history.path)
            if ends:
                found[day].append((history, ends[0]))
    return sorted(found.items())


def _classes(
    histories: Sequence[History], day: dt.date, choices: Iterable[Choice]
) -> dict[tuple[bool, float], Mapping[str, ReferenceClass]]:
    """The classes of a day by whether every promise counts and what the broader class weighs."""
    wanted = sorted({(choice.every, choice.weight) for choice in choices})
    seen = {every: observed_on(histories, day, every=every) for every in {every for every, _ in wanted}}
    return {(every, weight): classes_of(seen[every], weight=weight) for every, weight in wanted}


def _case(
    history: History,
    outcome: Observation,
    classes: Mapping[str, ReferenceClass],
    choice: Choice,
) -> Case:
    reference = class_for(history.path, classes)
    return Case(
        key=history.key,
        said=outcome.said,
        promised=outcome.promised,
        class_code=reference.code if reference else "",
        class_n=reference.n if reference else 0,
        class_events=reference.events if reference else 0,
        holder=history.holder,
        judged=judged_by(reference, outcome, choice.measure) if reference else None,
        outcome=outcome,
    )


def judged_by(reference: ReferenceClass, outcome: Observation, measure: Measure) -> Judged:
    """What a class says of a promise on the day it is made, and what came."""
    lead = outcome.lead_days
    left = days_left(
        reference,
        np.array(JUDGED),
        lead_days=lead,
        age_days=0,
        measure=measure,
        horizon_days=HORIZON_DAYS,
    )
    due = (outcome.promised - outcome.said).days
    end = seen_until(reference, lead_days=lead, measure=measure)
    return Judged(
        quantiles={share: float(min(one, max(end, 0))) for share, one in zip(JUDGED, left, strict=True)},
        bounds=frozenset(share for share, one in zip(JUDGED, left, strict=True) if one > end),
        chance=chance_by(reference, by_days=due, lead_days=lead, age_days=0, measure=measure),
        due_days=float(due),
        outcome_days=float((outcome.until - outcome.said).days),
        done=outcome.done,
        node=outcome.key,
    )


def at_its_word(judged: Judged) -> Judged:
    """The same promise taken at its word: reached on the day promised, for certain."""
    due = judged.due_days or 0.0
    return replace(judged, quantiles=dict.fromkeys(JUDGED, due), chance=1.0, bounds=frozenset())
