"""What silence leaves open: a node last heard of before the known day may have been reached since.

A promise is known not to be reached only up to the day it was last heard of, so its pace is counted from
there. What would end before the known day is put on it in the trials; dates that have passed by then are
judged here, from the curve and without the trials.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torap.engines.reference.classes import Measure, ReferenceClass, chance_by
from torap.engines.schedule.worktime import DAY

CURVED = frozenset({"class", "blend"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Of a node that may have been reached already. `by`: the activity of the plan that is met in the trials
    in which it may; `chance`, `chance_first`: to have held a date before the known day (None: not such a
    date)."""

    by: str
    chance: float | None = None
    chance_first: float | None = None


def heard_on(row: Mapping[str, Any], known: dt.date) -> dt.date:
    """The last day a frozen node was heard of as not reached: its newest word or the saying of its promise,
    the known day where nothing was ever said."""
    days = [dt.date.fromisoformat(day) for day in (row["heard"], row["said_on"]) if day]
    return min(max(days), known) if days else known


def least_left(row: Mapping[str, Any], known: dt.date) -> int:
    """Days after the known day before which its missing stages cannot be over: they too may have gone on in
    silence."""
    return max(0, int(row["least_days"]) - (known - heard_on(row, known)).days)


class Silences:
    """What may have been reached by a day not after the known day, of one frozen input.

    `basis`: node -> what its forecast rests on. One use; answers are kept.
    """

    def __init__(
        self,
        content: Mapping[str, Any],
        nodes: Mapping[str, Mapping[str, Any]],
        basis: Mapping[str, str],
        classes: Mapping[str, ReferenceClass],
    ) -> None:
        self.known = dt.date.fromisoformat(content["known_on"])
        self.nodes, self.basis, self.classes = nodes, basis, classes
        self.weight = 1.0 - float(content["assumptions"]["schedule_weight"])
        self.measure = Measure(content["assumptions"]["measure"])
        self.into: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for link in content["links"]:
            if link["origin"] != "schedule":
                self.into[link["to"]].append((link["from"], -(-int(link["lag_minutes"]) // DAY)))
        self.own: dict[tuple[str, dt.date], float] = {}

    def chance(self, key: str, day: dt.date) -> float:
        """At most this chance a node was reached by `day`: the least of its own pace's and of those of all it
        waits for, each by as much sooner as the links say."""
        least, todo = 1.0, [(key, day)]
        asked: dict[str, dt.date] = {}
        while todo and least > 0.0:
            name, by = todo.pop()
            if self.basis.get(name, "none") == "none" or (name in asked and asked[name] <= by):
                continue
            asked[name] = by
            least = min(least, self._own(name, by))
            if self.basis[name] != "done":
                by -= dt.timedelta(days=max(0, int(self.nodes[name].get("shift_days", 0))))
                todo += [(one, by - dt.timedelta(days=lag)) for one, lag in self.into.get(name, ())]
        return least

    def _own(self, key: str, day: dt.date) -> float:
        if (key, day) not in self.own:
            self.own[key, day] = self._of(self.nodes[key], self.basis[key], day)
        return self.own[key, day]

    def _of(self, row: Mapping[str, Any], basis: str, day: dt.date) -> float:
        if basis == "done":
            return float(dt.date.fromisoformat(row["done_on"]) <= day)
        day -= dt.timedelta(days=max(0, int(row.get("shift_days", 0))))
        heard = heard_on(row, self.known)
        if basis == "schedule" or row.get("fixed_on") or day < heard + dt.timedelta(int(row["least_days"])):
            return 0.0
        if basis not in CURVED:
            return 1.0
        said, promised = dt.date.fromisoformat(row["said_on"]), dt.date.fromisoformat(row["promised"])
        found = chance_by(
            self.classes[row["class"]],
            by_days=(day - said).days,
            lead_days=max(0, (promised - said).days),
            age_days=(heard - said).days,
            measure=self.measure,
        )
        return found * (self.weight if basis == "blend" else 1.0)

    def of(self, key: str) -> Silence | None:
        """What silence leaves open of a node; None where it cannot have been reached by the known day."""
        if self.chance(key, self.known) <= 0.0:
            return None
        row = self.nodes[key]
        due = dt.date.fromisoformat(row["due"]) if row["due"] else None
        return Silence(
            by=f"told:{key}" if due is not None and due > self.known else key,
            chance=self._passed(key, row["due"]),
            chance_first=self._passed(key, row["first_due"]),
        )

    def _passed(self, key: str, day: str | None) -> float | None:
        if not day or dt.date.fromisoformat(day) >= self.known:
            return None
        return self.chance(key, dt.date.fromisoformat(day))
