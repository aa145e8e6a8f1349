"""From the frozen network to a plan with its uncertainty, as the schedule engine takes it.

A node is a point in time. What it takes by itself stands before it as an activity of its own: `class:KEY` by
its reference class, `by:KEY` by its attached schedule, `least:KEY` the shortest its missing stages can take,
`fixed:KEY` a date set by hand. `first:KEY` carries the first promise as a second deadline, `told:KEY` the
known day: what ends on it may have been reached already.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from torap.delivery.plans import risk_of
from torap.engines.reference.classes import Measure, ReferenceClass, draws, seen_until
from torap.engines.schedule.plan import Activity, Kind, LagUnit, Link, LinkType, Plan
from torap.engines.schedule.uncertain import Branch, Driver, DriverKind, RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, DAY, EPOCH, CalendarSpec
from torap.runs.adapters.observed import thaw_classes
from torap.runs.adapters.pace import paced
from torap.runs.adapters.silence import Silence, Silences, heard_on, least_left

GOALS = 400  # up to so many open nodes the trials of each are kept, with what moves it
NEXT_DUE = 60  # of a larger network those of so many: what moves a node costs time and memory
HORIZON = "horizon"  # the point that stands for the last day told


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The plan and which nodes are in it. `basis`: node -> what its forecast rests on; those it says `none`
    of are not in the plan. `silent`: the nodes that may have been reached already. `beyond`: whether any
    pace rests on the rule for the tail of its class. `risk_plan` is empty once the trials were made: a
    nation's is large, and nobody asks for it again."""

    risk_plan: RiskPlan
    basis: Mapping[str, str]
    data_date: int
    silent: Mapping[str, Silence] = field(default_factory=dict)
    beyond: bool = False


def end_of_day(day: dt.date) -> int:
    """The minute at which a day is over, since the epoch."""
    return ((day - EPOCH).days + 1) * DAY


def day_at(minute: int) -> dt.date:
    """The day on which something ended that ended at this minute; midnight belongs to the day it ends."""
    return EPOCH + dt.timedelta(days=(int(minute) - 1) // DAY)


def told_plan(
    content: Mapping[str, Any],
    *,
    goals: Iterable[str] | None = None,
    watched: Iterable[str] = (),
    seen_only: bool = False,
) -> Told:
    """The plan of a frozen input. `goals`: nodes whose trials are kept with what moves them; all open ones of
    a small network. `watched`: nodes whose trials are kept besides, as far as they can be told.

    `seen_only`: what a class gives only by the rule for its tail lies where that begins, so that every date
    is the earliest that what was seen allows.
    """
    return _Builder(content, seen_only=seen_only).build(goals, watched)


class _Builder:
    """Collects activities, links and spreads; one use."""

    def __init__(self, content: Mapping[str, Any], *, seen_only: bool = False) -> None:
        self.content = content
        self.seen_only, self.beyond = seen_only, False
        self.known = dt.date.fromisoformat(content["known_on"])
        self.data_date = end_of_day(self.known)
        self.assumed = content["assumptions"]
        self.classes = thaw_classes(content["classes"])
        self.nodes = {row["key"]: row for row in content["nodes"]}
        self.scheduled: dict[str, str] = {}  # node -> the activity that stands for it
        self.activities: list[Activity] = []
        self.links: list[Link] = []
        self.durations: dict[str, Spread] = {}
        self.branches: list[Branch] = []
        self.causes: list[Driver] = []
        self.events: list[RiskEvent] = []
        self.owners: dict[str, str] = {}
        self.calendars = {ALWAYS.id: ALWAYS}
        self.alike: dict[str, str] = {}
        self.drawn: dict[tuple[str, int, int, int, float, int], tuple[int, ...]] = {}
        self.silent: dict[str, Silence] = {}

    def build(self, goals: Iterable[str] | None, watched: Iterable[str]) -> Told:
        """The whole plan."""
        for row in self.content["schedules"]:
            self._schedule(row)
        if self.activities:
            self._horizon()
        basis = self._bases()
        silences = Silences(self.content, self.nodes, basis, self.classes)
        for key, found in basis.items():
            if found != "none" and key.partition(":")[0] != "activity":
                if found != "done" and (silence := silences.of(key)) is not None:
                    self.silent[key] = silence
                self._node(self.nodes[key], found)
        self._network_links(basis)
        open_nodes = [key for key, found in basis.items() if found not in {"none", "done"}]
        wanted = list(goals) if goals is not None else self._goals(open_nodes)
        there = {row.id for row in self.activities}
        finished = [row.actual_finish for row in self.activities if row.actual_finish is not None]
        plan = Plan(
            start=min([self.data_date, *finished]),
            data_date=self.data_date,
            activities=tuple(self.activities),
            links=tuple(self.links),
            calendars=self.calendars,
            calendar=ALWAYS.id,
            minutes_per_day=DAY,
            name=f"torap {self.content['known_on']}",
        )
        risk_plan = RiskPlan(
            plan=plan,
            durations=self.durations,
            drivers=(*self.causes, *self._drivers(basis)),
            risks=(*self.events, *self._risks(there)),
            branches=tuple(self.branches),
            goals=tuple(key for key in wanted if key in there),
            watched=tuple(key for key in dict.fromkeys(watched) if key in there),
            owners=self.owners,
        )
        return Told(
            risk_plan=risk_plan,
            basis=basis,
            data_date=self.data_date,
            silent=self.silent,
            beyond=self.beyond,
        )

    def _goals(self, open_nodes: list[str]) -> list[str]:
        """All open nodes of a small network; of a large one those that fall due next, each with what it waits
        for, as far as there is room."""
        if len(open_nodes) <= GOALS:
            return open_nodes
        there, known = set(open_nodes), self.content["known_on"]
        into = self._into()
        coming = sorted((self.nodes[key]["due"] or "", key) for key in open_nodes)
        found: dict[str, None] = {}
        for due, key in coming:
            if due < known:
                continue
            more = [key, *(one for one in into.get(key, ()) if one in there)]
            if len(found.keys() | set(more)) > NEXT_DUE:
                break
            found |= dict.fromkeys(more)
        return list(found)

    def _into(self) -> dict[str, list[str]]:
        into: dict[str, list[str]] = defaultdict(list)
        for link in self.content["links"]:
            into[link["to"]].append(link["from"])
        return into

    def _bases(self) -> dict[str, str]:
        """What each node's forecast rests on; a node without anything of its own rests on what it waits
        for, if that can be told."""
        into = self._into()
        found: dict[str, str] = {}
        for key in self.nodes:
            todo = [key]
            while todo:  # depth first without recursion: a chain of nodes may be long
                node = todo[-1]
                missing = [one for one in into[node] if one in self.nodes and one not in found]
                if node not in found and missing and self._own(node) == "none":
                    todo.extend(missing)
                    continue
                todo.pop()
                if node not in found:
                    told = any(found.get(one, "none") not in {"none", "done"} for one in into[node])
                    own = self._own(node)
                    found[node] = "links" if own == "none" and told else own
        return found

    def _own(self, key: str) -> str:
        row = self.nodes[key]
        if row["done_on"]:
            return "done"
        if row["kind"] == "activity":
            return "schedule"
        if row.get("fixed_on"):
            return "links"
        if key in self.scheduled:
            return "blend" if row["class"] else "schedule"
        return "class" if row["class"] else "none"

    def _node(self, row: Mapping[str, Any], basis: str) -> None:
        key = row["key"]
        if row["holder"]:
            self.owners[key] = row["holder"]
        if basis == "done":
            at = end_of_day(dt.date.fromisoformat(row["done_on"]))
            self.activities.append(
                Activity(
                    id=key,
                    kind=Kind.FINISH_MILESTONE,
                    calendar=ALWAYS.id,
                    actual_start=at,
                    actual_finish=at,
                )
            )
            return
        shift = max(0, int(row.get("shift_days", 0)))
        due = end_of_day(dt.date.fromisoformat(row["due"])) if row["due"] else None
        if key in self.silent and (due is None or due < self.data_date):
            due = self.data_date  # the date itself is judged by the curve
        self.activities.append(_task(key, shift * DAY, deadline=due))
        if row.get("fixed_on"):
            left = (dt.date.fromisoformat(row["fixed_on"]) - self.known).days
            self._before(key, f"fixed:{key}", max(0, left) * DAY)
        else:
            self._pace(row, basis)
        if not row.get("fixed_on") and (least := least_left(row, self.known)):
            self._before(key, f"least:{key}", least * DAY)
        if row["first_due"] and row["first_due"] != row["due"]:
            self._after(key, f"first:{key}", end_of_day(dt.date.fromisoformat(row["first_due"])))
        if key in self.silent and self.silent[key].by != key:
            self._after(key, self.silent[key].by, self.data_date)

    def _pace(self, row: Mapping[str, Any], basis: str) -> None:
        """What the node takes by itself: by its class, by its schedule, or one of them in each trial."""
        key = row["key"]
        if basis in {"class", "blend"}:
            values = self._values(row)
            name = f"class:{key}"
            self._before(key, name, values[len(values) // 2])
            self.durations[name] = Spread(shape=Shape.EMPIRICAL, values=values)
            if row["holder"]:
                self.owners[name] = row["holder"]
        if basis in {"schedule", "blend"}:
            self._before(key, f"by:{key}", 0)
            sooner = max(0, -int(row.get("shift_days", 0))) * DAY
            self.links.append(
                Link(
                    predecessor=self.scheduled[key],
                    successor=f"by:{key}",
                    lag=-sooner,
                    unit=LagUnit.ELAPSED if sooner else LagUnit.WORK,
                )
            )
        if basis == "blend":
            weight = float(self.assumed["schedule_weight"])
            self.branches.append(
                Branch(
                    id=f"blend:{key}",
                    ways={"schedule": weight, "class": 1.0 - weight},
                    activities={f"by:{key}": "schedule", f"class:{key}": "class"},
                )
            )

    def _values(self, row: Mapping[str, Any]) -> tuple[int, ...]:
        """Equally likely minutes left by the node's class, given that it was not reached when last heard of;
        zero where it may have been reached by the known day."""
        said, promised = dt.date.fromisoformat(row["said_on"]), dt.date.fromisoformat(row["promised"])
        heard = heard_on(row, self.known)
        lead, age, silent = max(0, (promised - said).days), (heard - said).days, (self.known - heard).days
        reference: ReferenceClass = self.classes[row["class"]]
        measure = Measure(self.assumed["measure"])
        if measure is Measure.DAYS:  # only how long ago the date promised was plays a part
            lead, age = (0, age - lead) if age >= lead else (lead - age, 0)
        factor, sooner = float(row.get("factor", 1.0)), max(0, -int(row.get("shift_days", 0)))
        slot = (row["class"], lead, age, silent, factor, sooner)
        if slot not in self.drawn:
            found = draws(
                reference,
                count=int(self.assumed["draws"]),
                lead_days=lead,
                age_days=age,
                measure=measure,
                horizon_days=int(self.content["horizon_days"]),
                silent_days=silent,
            )
            last = max(0, seen_until(reference, lead_days=lead, measure=measure) - age - silent)
            self.beyond = self.beyond or bool((found > last).any())
            if self.seen_only:
                found = np.minimum(found, last)
            days = np.maximum(1, np.rint(found * factor).astype(np.int64) - sooner) * (found > 0)
            self.drawn[slot] = tuple((days * DAY).tolist())
        return self.drawn[slot]

    def _before(self, key: str, name: str, minutes: int) -> None:
        self.activities.append(_task(name, minutes))
        self.links.append(Link(predecessor=name, successor=key))

    def _after(self, key: str, name: str, deadline: int) -> None:
        """One more deadline of a node."""
        self.activities.append(_task(name, 0, deadline=deadline))
        self.links.append(Link(predecessor=key, successor=name))

    def _network_links(self, basis: Mapping[str, str]) -> None:
        for link in self.content["links"]:
            if link["origin"] == "schedule":  # stands in the plan as by:KEY
                continue
            if any(basis.get(link[end], "none") == "none" for end in ("from", "to")):
                continue
            if basis[link["to"]] == "done":  # the past waits for nothing
                continue
            self.links.append(
                Link(
                    predecessor=link["from"],
                    successor=link["to"],
                    type=LinkType(link["type"]),
                    lag=int(link["lag_minutes"]),
                )
            )

    def _calendar_of(self, key: str, spec: CalendarSpec) -> str:
        """The calendar under which `spec` stands: that of an earlier schedule where both say the same.

        A nation works by a few calendars, and the trials keep tables for each.
        """
        said = repr((spec.week, sorted(spec.exceptions.items()), spec.minutes_per_day))
        if said not in self.alike:
            self.alike[said] = key
            self.calendars[key] = replace(spec, id=key)
        return self.alike[said]

    def _schedule(self, row: Mapping[str, Any]) -> None:
        """A schedule's activities and what is uncertain about them, under the names of the network, in their
        own calendars; what is left of them times the factor of the node they stand for."""
        factor = float(self.nodes.get(row["to"], {}).get("factor", 1.0))
        risk, prefix = paced(risk_of(row["plan"]), factor), f"activity:{row['key']}/"
        plan = risk.plan
        if row["to"] in self.nodes:
            self.scheduled[row["to"]] = prefix + row["finish"]
        calendars = {
            name: self._calendar_of(f"{row['key']}/{name}", spec) for name, spec in plan.calendars.items()
        }
        for one in plan.activities:
            parts = tuple(replace(part, calendar=calendars[part.calendar]) for part in one.parts)
            self.activities.append(
                replace(
                    one,
                    id=prefix + one.id,
                    parent=prefix + one.parent if one.parent else "",
                    calendar=calendars[one.calendar or plan.calendar],
                    parts=parts,
                )
            )
        for link in plan.links:
            ends = (prefix + link.predecessor, prefix + link.successor)
            self.links.append(replace(link, predecessor=ends[0], successor=ends[1]))
        self.durations |= {prefix + name: spread for name, spread in risk.durations.items()}
        self.owners |= {prefix + name: owner for name, owner in risk.owners.items()}
        for driver in risk.drivers:
            loads = {prefix + name: load for name, load in driver.loads.items()}
            self.causes.append(replace(driver, id=prefix + driver.id, loads=loads))
        for event in risk.risks:
            touched = tuple(prefix + name for name in event.activities)
            self.events.append(replace(event, id=prefix + event.id, activities=touched))
        for branch in risk.branches:
            members = {prefix + name: way for name, way in branch.activities.items()}
            self.branches.append(replace(branch, id=prefix + branch.id, activities=members))

    def _horizon(self) -> None:
        """A point that nothing waits for, with the last day that is told as its deadline: so the calendars'
        tables reach that far from the start, and the trials need not be made twice."""
        last = self.data_date + int(self.content["horizon_days"]) * DAY
        self.activities.append(_task(HORIZON, 0, deadline=last))

    def _drivers(self, basis: Mapping[str, str]) -> Iterable[Driver]:
        """What nodes share when they slip together. A cause of one node alone is kept too: the numbers of a
        part of the network are those of the whole."""
        loads = self.assumed["loads"]
        winter = set(self.assumed["winter_types"])
        shared: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, found in basis.items():
            if found not in {"class", "blend"}:
                continue
            row = self.nodes[key]
            if row["holder"]:
                shared["body", row["holder"]].append(f"class:{key}")
            if row["region"] and row["type"] in winter:
                shared["winter", row["region"]].append(f"class:{key}")
            if row["class"]:
                shared["class", row["class"]].append(f"class:{key}")
        for (kind, name), names in sorted(shared.items()):
            load = float(loads.get(kind, 0.0))
            if load:
                yield Driver(
                    id=f"{kind}:{name}",
                    name=name,
                    kind=DriverKind(kind),
                    loads=dict.fromkeys(names, load),
                )

    def _risks(self, there: set[str]) -> Iterable[RiskEvent]:
        for row in self.content["risks"]:
            touched = tuple(key for key in row["nodes"] if key in there)
            low, mode, high = (int(row[name]) * DAY for name in ("low_days", "mode_days", "high_days"))
            if touched:
                yield RiskEvent(
                    id=row["id"],
                    name=row["name"],
                    probability=float(row["probability"]),
                    activities=touched,
                    impact=Spread(shape=Shape.TRIANGULAR, low=low, mode=mode, high=high),
                    owner=row.get("owner", ""),
                )


def _task(key: str, minutes: int, *, deadline: int | None = None) -> Activity:
    return Activity(id=key, kind=Kind.TASK, calendar=ALWAYS.id, minutes=minutes, deadline=deadline)
