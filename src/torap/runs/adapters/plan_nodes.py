"""The nodes of the network in the plan: reached, with a pace of their own, or only waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from torap.engines.reference.classes import Measure, ReferenceClass, draws, seen_until
from torap.engines.schedule.plan import LagUnit, Link, LinkType
from torap.engines.schedule.uncertain import Branch, Shape, Spread
from torap.engines.schedule.worktime import DAY
from torap.runs.adapters.plan_parts import PlanParts, end_of_day
from torap.runs.adapters.silence import Silence, heard_on, least_left

Row = Mapping[str, Any]
Slot = tuple[str, int, int, int, float, int]


class Paces:
    """How long nodes still take by their classes; answers are kept, for many are asked the same.

    `beyond`: whether any of them rests on the rule for the tail of its class. `seen_only`: such ones lie
    where the tail begins.
    """

    def __init__(self, content: Row, classes: Mapping[str, ReferenceClass], *, seen_only: bool) -> None:
        self.classes, self.seen_only, self.beyond = classes, seen_only, False
        self.known = dt.date.fromisoformat(content["known_on"])
        self.measure = Measure(content["assumptions"]["measure"])
        self.count = int(content["assumptions"]["draws"])
        self.horizon = int(content["horizon_days"])
        self.drawn: dict[Slot, tuple[int, ...]] = {}

    def of(self, row: Row) -> tuple[int, ...]:
        """Equally likely minutes left by the node's class, given that it was not reached when last heard of;
        zero where it may have been reached by the known day."""
        said, promised = dt.date.fromisoformat(row["said_on"]), dt.date.fromisoformat(row["promised"])
        heard = heard_on(row, self.known)
        lead, age, silent = max(0, (promised - said).days), (heard - said).days, (self.known - heard).days
        if self.measure is Measure.DAYS:  # only how long ago the date promised was plays a part
            lead, age = (0, age - lead) if age >= lead else (lead - age, 0)
        factor, sooner = float(row.get("factor", 1.0)), max(0, -int(row.get("shift_days", 0)))
        slot = (row["class"], lead, age, silent, factor, sooner)
        if slot not in self.drawn:
            self.drawn[slot] = self._drawn(slot)
        return self.drawn[slot]

    def _drawn(self, slot: Slot) -> tuple[int, ...]:
        code, lead, age, silent, factor, sooner = slot
        reference = self.classes[code]
        found = draws(
            reference,
            count=self.count,
            lead_days=lead,
            age_days=age,
            measure=self.measure,
            horizon_days=self.horizon,
            silent_days=silent,
        )
        last = max(0, seen_until(reference, lead_days=lead, measure=self.measure) - age - silent)
        self.beyond = self.beyond or bool((found > last).any())
        if self.seen_only:
            found = np.minimum(found, last)
        days = np.maximum(1, np.rint(found * factor).astype(np.int64) - sooner) * (found > 0)
        return tuple((days * DAY).tolist())


class Nodes:
    """Adds nodes and their links to a plan. `scheduled`: node -> the activity that stands for it; `silent`:
    the nodes that may have been reached already; `weight`: the share of trials that follow a schedule where a
    class speaks too."""

    def __init__(
        self,
        parts: PlanParts,
        paces: Paces,
        *,
        scheduled: Mapping[str, str],
        silent: Mapping[str, Silence],
        weight: float,
    ) -> None:
        self.parts, self.paces, self.known = parts, paces, paces.known
        self.scheduled, self.silent, self.weight = scheduled, silent, weight

    def add(self, row: Row, basis: str) -> None:
        """One node with what it takes by itself and what its dates are judged by."""
        key, parts, data_date = row["key"], self.parts, end_of_day(self.known)
        if row["holder"]:
            parts.owners[key] = row["holder"]
        if basis == "done":
            parts.reached(key, end_of_day(dt.date.fromisoformat(row["done_on"])))
            return
        due = end_of_day(dt.date.fromisoformat(row["due"])) if row["due"] else None
        if key in self.silent and (due is None or due < data_date):
            due = data_date  # the date itself is judged by the curve
        parts.task(key, max(0, int(row.get("shift_days", 0))) * DAY, deadline=due)
        if row.get("fixed_on"):
            left = (dt.date.fromisoformat(row["fixed_on"]) - self.known).days
            parts.before(key, f"fixed:{key}", max(0, left) * DAY)
        else:
            self._pace(row, basis)
        if not row.get("fixed_on") and (least := least_left(row, self.known)):
            parts.before(key, f"least:{key}", least * DAY)
        if row["first_due"] and row["first_due"] != row["due"]:
            parts.after(key, f"first:{key}", end_of_day(dt.date.fromisoformat(row["first_due"])))
        if key in self.silent and self.silent[key].by != key:
            parts.after(key, self.silent[key].by, data_date)

    def _pace(self, row: Row, basis: str) -> None:
        """What the node takes by itself: by its class, by its schedule, or one of them in each trial."""
        key, parts = row["key"], self.parts
        if basis in {"class", "blend"}:
            values = self.paces.of(row)
            name = f"class:{key}"
            parts.before(key, name, values[len(values) // 2])
            parts.durations[name] = Spread(shape=Shape.EMPIRICAL, values=values)
            if row["holder"]:
                parts.owners[name] = row["holder"]
        if basis in {"schedule", "blend"}:
            self._by_schedule(row)
        if basis == "blend":
            parts.branches.append(
                Branch(
                    id=f"blend:{key}",
                    ways={"schedule": self.weight, "class": 1.0 - self.weight},
                    activities={f"by:{key}": "schedule", f"class:{key}": "class"},
                )
            )

    def _by_schedule(self, row: Row) -> None:
        key = row["key"]
        self.parts.before(key, f"by:{key}", 0)
        sooner = max(0, -int(row.get("shift_days", 0))) * DAY
        self.parts.links.append(
            Link(
                predecessor=self.scheduled[key],
                successor=f"by:{key}",
                lag=-sooner,
                unit=LagUnit.ELAPSED if sooner else LagUnit.WORK,
            )
        )

    def link(self, link: Row, basis: Mapping[str, str]) -> None:
        """One link of the network, where it binds: both ends can be told, the past waits for nothing. That to
        an attached schedule stands in the plan as by:KEY."""
        ends = [basis.get(link[end], "none") for end in ("from", "to")]
        if link["origin"] == "schedule" or "none" in ends or ends[1] == "done":
            return
        self.parts.links.append(
            Link(
                predecessor=link["from"],
                successor=link["to"],
                type=LinkType(link["type"]),
                lag=int(link["lag_minutes"]),
            )
        )
