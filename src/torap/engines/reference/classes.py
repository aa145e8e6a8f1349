"""The tree of reference classes, and what a class says of one promise that is not reached yet.

The measure is the axis on which promises of different length are laid over one another: days after the date
promised, multiples of the lead time promised, or the even mixture of both.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.reference.curve import Curve, even_odds, kaplan_meier, late_rate, leaning, with_tail
from torap.engines.reference.observe import ALL, Observation

SHORTEST_LEAD = 30  # days: a lead time promised shorter than this counts as this long
PRIOR_WEIGHT = 10.0  # promises that the broader class weighs
EVEN_WEIGHT = 2.0  # promises that "even odds on the date promised" weigh before anything is known


class Measure(StrEnum):
    """How promises are laid over one another."""

    DAYS = "days"
    RATIO = "ratio"
    MIXTURE = "mixture"


_SINGLE = (Measure.DAYS, Measure.RATIO)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceClass:
    """A class: its own promises and the curves (by measure) that lean on its `parent` ("" for the root).

    `own`: curves from its own promises alone.
    """

    code: str
    parent: str
    n: int
    events: int
    lead_days: int  # median lead time promised
    curves: Mapping[Measure, Curve]
    behind: int  # promises known to be reached in the broadest class
    own: Mapping[Measure, Curve] = field(default_factory=dict)

    @property
    def censored(self) -> int:
        """Promises not known to be reached."""
        return self.n - self.events

    @property
    def says_something(self) -> bool:
        """Whether any promise behind the class is known to have been reached."""
        return self.behind > 0


def coordinates(rows: Sequence[Observation], measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    """Where each promise ends in a single measure (n,) float64, and whether it was reached (n,) bool."""
    done = np.array([row.done for row in rows], dtype=bool)
    if measure is Measure.DAYS:
        return np.array([row.slip_days for row in rows], dtype=np.float64), done
    lead = np.array([max(row.lead_days, SHORTEST_LEAD) for row in rows], dtype=np.float64)
    spent = np.array([(row.until - row.said).days for row in rows], dtype=np.float64)
    return spent / lead, done


def due_at(measure: Measure) -> float:
    """Where the date promised lies in a single measure."""
    return 0.0 if measure is Measure.DAYS else 1.0


def classes_of(
    observations: Iterable[Observation], *, weight: float = PRIOR_WEIGHT
) -> dict[str, ReferenceClass]:
    """Every class that has a promise, by code; each leans on the next broader one of its promises' paths.

    EngineInputError where a class has two parents, or a path does not end with `all`. No observations: none.
    """
    rows: dict[str, list[Observation]] = defaultdict(list)
    parents: dict[str, str] = {}
    for one in observations:
        if not one.path or one.path[-1] != ALL:
            raise EngineInputError("path_without_all", where=one.key, path=list(one.path))
        for code, parent in zip(one.path, (*one.path[1:], ""), strict=True):
            if parents.setdefault(code, parent) != parent:
                raise EngineInputError("class_with_two_parents", where=code, one=parents[code], other=parent)
            rows[code].append(one)
    found: dict[str, ReferenceClass] = {}
    for code in sorted(rows, key=lambda name: _depth(name, parents)):
        found[code] = _class(code, found.get(parents[code]), rows[code], weight)
    return found


def _depth(code: str, parents: Mapping[str, str]) -> tuple[int, str]:
    depth, name = 0, code
    while parents.get(name):
        name = parents[name]
        depth += 1
    return depth, code


def _class(
    code: str, parent: ReferenceClass | None, rows: Sequence[Observation], weight: float
) -> ReferenceClass:
    curves, own = {}, {}
    for measure in _SINGLE:
        x, done = coordinates(rows, measure)
        due = due_at(measure)
        if parent is None:
            events, time = late_rate(x, done, due=due)
            curve = leaning(x, done, even_odds(due), weight=EVEN_WEIGHT)
            curves[measure] = with_tail(curve, start=due, events=events, time=time)
        else:
            above = parent.curves[measure]
            curve = leaning(x, done, above, weight=weight)
            tail = (above.tail_events, above.tail_time)
            curves[measure] = with_tail(curve, start=above.tail_from, events=tail[0], time=tail[1])
        own[measure] = kaplan_meier(x, done)
    return ReferenceClass(
        code=code,
        parent=parent.code if parent else "",
        n=len(rows),
        events=sum(row.done for row in rows),
        lead_days=int(np.median([row.lead_days for row in rows])),
        curves=curves,
        behind=parent.behind if parent else sum(row.done for row in rows),
        own=own,
    )


def class_for(path: Iterable[str], classes: Mapping[str, ReferenceClass]) -> ReferenceClass | None:
    """The narrowest class there is for a path; None where nothing behind it was ever reached."""
    found = next((classes[code] for code in path if code in classes), None)
    return found if found is not None and found.says_something else None


def not_reached(
    reference: ReferenceClass, days: np.ndarray, *, lead_days: int, measure: Measure
) -> np.ndarray:
    """Share of promises of this lead time not yet reached `days` (any shape) after they were said."""
    if measure is Measure.MIXTURE:
        both = [not_reached(reference, days, lead_days=lead_days, measure=one) for one in _SINGLE]
        return np.asarray((both[0] + both[1]) / 2.0)
    asked = np.asarray(days, dtype=np.float64)
    if measure is Measure.DAYS:
        return reference.curves[measure].shares(asked - lead_days)
    return reference.curves[measure].shares(asked / max(lead_days, SHORTEST_LEAD))


def days_left(
    reference: ReferenceClass,
    shares: np.ndarray,
    *,
    lead_days: int,
    age_days: int,
    measure: Measure,
    horizon_days: int,
    silent_days: int = 0,
) -> np.ndarray:
    """Days until reached, at each of `shares` (0 to 1), from the day `silent_days` after the one it was last
    heard of as not reached, `age_days` after the saying; int64, 0 at least, 1 at least without silence.

    Given that it was not reached by `age_days`: the smallest d with 1 - S(age + d) / S(age) >= share. What
    lies within the silence may have been reached already: it is 0. Beyond `horizon_days` it is
    `horizon_days`; so is everything where the class says nothing.
    """
    asked = np.asarray(shares, dtype=np.float64)
    last = horizon_days + silent_days  # as told from the last day heard
    where = {"lead_days": lead_days, "age_days": age_days, "horizon_days": last}
    if measure is Measure.MIXTURE:
        found = _searched(reference, asked, **where)
    else:
        found = _turned(reference, asked, measure=measure, **where)
    return np.asarray(np.maximum(np.clip(found, 1, last) - silent_days, 0), dtype=np.int64)


def _turned(
    reference: ReferenceClass,
    shares: np.ndarray,
    *,
    lead_days: int,
    age_days: int,
    measure: Measure,
    horizon_days: int,
) -> np.ndarray:
    """As `days_left` for a single measure: its curve turned around."""
    at_age = np.array([float(age_days)])
    left = float(not_reached(reference, at_age, lead_days=lead_days, measure=measure)[0])
    if left <= 0.0:  # everything like it was reached sooner: the class has nothing to say any more
        return np.full(shares.shape, horizon_days)
    places = reference.curves[measure].reached_at(left * (1.0 - shares))
    scale = max(lead_days, SHORTEST_LEAD) if measure is Measure.RATIO else 1
    return np.ceil(places * scale + (lead_days if measure is Measure.DAYS else 0) - 1e-6) - age_days


def _searched(
    reference: ReferenceClass, shares: np.ndarray, *, lead_days: int, age_days: int, horizon_days: int
) -> np.ndarray:
    """As `days_left` for the mixture, day by day: it has no curve of its own to turn around."""
    ages = np.arange(age_days, age_days + horizon_days + 1, dtype=np.float64)
    left = not_reached(reference, ages, lead_days=lead_days, measure=Measure.MIXTURE)
    if left[0] <= 0.0:
        return np.full(shares.shape, horizon_days)
    return np.searchsorted(1.0 - left / left[0], shares - 1e-12, side="left")


def chance_by(
    reference: ReferenceClass, *, by_days: int, lead_days: int, age_days: int, measure: Measure
) -> float:
    """Chance to be reached by `by_days` after the saying, given that it was not by `age_days`, the last day
    it was heard of."""
    if by_days <= age_days:
        return 0.0
    left = not_reached(
        reference, np.array([age_days, by_days], dtype=np.float64), lead_days=lead_days, measure=measure
    )
    return float(1.0 - left[1] / left[0]) if left[0] > 0 else 0.0


def share_seen(reference: ReferenceClass, *, lead_days: int, age_days: int, measure: Measure) -> float:
    """Share of the outcomes still to come, given not reached by `age_days`, that lie before the tail: before
    the last promise known to have been reached. Zero where the tail has begun."""
    return chance_by(
        reference,
        by_days=seen_until(reference, lead_days=lead_days, measure=measure),
        lead_days=lead_days,
        age_days=age_days,
        measure=measure,
    )


def seen_until(reference: ReferenceClass, *, lead_days: int, measure: Measure) -> int:
    """Days after the saying at which the tail begins: no promise of this lead time is known to have been
    reached later."""
    ends = {
        Measure.DAYS: reference.curves[Measure.DAYS].tail_from + lead_days,
        Measure.RATIO: reference.curves[Measure.RATIO].tail_from * max(lead_days, SHORTEST_LEAD),
    }
    return math.floor(max(ends.values()) if measure is Measure.MIXTURE else ends[measure])


def draws(
    reference: ReferenceClass,
    *,
    count: int,
    lead_days: int,
    age_days: int,
    measure: Measure,
    horizon_days: int,
    silent_days: int = 0,
) -> np.ndarray:
    """`count` equally likely numbers of days left, int64, rising: the middles of `count` equal shares. As
    `days_left`."""
    shares = (np.arange(count) + 0.5) / count
    return days_left(
        reference,
        shares,
        lead_days=lead_days,
        age_days=age_days,
        measure=measure,
        horizon_days=horizon_days,
        silent_days=silent_days,
    )
