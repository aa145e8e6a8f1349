"""From the frozen network to a plan with its uncertainty, as the schedule engine takes it.

A node is a point in time. What it takes by itself stands before it as an activity of its own: `class:KEY` by
its reference class, `by:KEY` by its attached schedule, `least:KEY` the shortest its missing stages can take,
`fixed:KEY` a date set by hand. `first:KEY` carries the first promise as a second deadline, `told:KEY` the
known day: what ends on it may have been reached already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torap.engines.schedule.plan import Plan
from torap.engines.schedule.uncertain import RiskPlan
from torap.engines.schedule.worktime import ALWAYS, DAY
from torap.runs.adapters.observed import thaw_classes
from torap.runs.adapters.plan_bases import bases_of, goals_of
from torap.runs.adapters.plan_nodes import Nodes, Paces
from torap.runs.adapters.plan_parts import PlanParts, end_of_day
from torap.runs.adapters.plan_schedules import add_schedules
from torap.runs.adapters.plan_shared import drivers_of, risks_of
from torap.runs.adapters.silence import Silence, Silences

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
    nodes = {row["key"]: row for row in content["nodes"]}
    assumed, data_date = content["assumptions"], end_of_day(dt.date.fromisoformat(content["known_on"]))
    parts, classes = PlanParts(), thaw_classes(content["classes"])
    paces = Paces(content, classes, seen_only=seen_only)
    scheduled = add_schedules(content, nodes, parts, data_date)
    if parts.activities:
        _horizon(parts, data_date + int(content["horizon_days"]) * DAY)
    basis = bases_of(content, nodes, scheduled)
    silent = _silent(Silences(content, nodes, basis, classes), basis)
    adding = Nodes(parts, paces, scheduled=scheduled, silent=silent, weight=float(assumed["schedule_weight"]))
    for key, found in basis.items():
        if found != "none" and key.partition(":")[0] != "activity":
            adding.add(nodes[key], found)
    for link in content["links"]:
        adding.link(link, basis)
    there = {row.id for row in parts.activities}
    wanted = list(goals) if goals is not None else goals_of(content, nodes, basis)
    risk_plan = RiskPlan(
        plan=_plan(parts, data_date, name=f"torap {content['known_on']}"),
        durations=parts.durations,
        drivers=(*parts.causes, *drivers_of(assumed, nodes, basis)),
        risks=(*parts.events, *risks_of(content, there)),
        branches=tuple(parts.branches),
        goals=tuple(key for key in wanted if key in there),
        watched=tuple(key for key in dict.fromkeys(watched) if key in there),
        owners=parts.owners,
    )
    return Told(risk_plan=risk_plan, basis=basis, data_date=data_date, silent=silent, beyond=paces.beyond)


def _silent(silences: Silences, basis: Mapping[str, str]) -> dict[str, Silence]:
    """The nodes that may have been reached already."""
    found = {
        key: silences.of(key)
        for key, rests_on in basis.items()
        if rests_on not in {"none", "done"} and key.partition(":")[0] != "activity"
    }
    return {key: silence for key, silence in found.items() if silence is not None}


def _plan(parts: PlanParts, data_date: int, *, name: str) -> Plan:
    finished = [row.actual_finish for row in parts.activities if row.actual_finish is not None]
    return Plan(
        start=min([data_date, *finished]),
        data_date=data_date,
        activities=tuple(parts.activities),
        links=tuple(parts.links),
        calendars=parts.calendars,
        calendar=ALWAYS.id,
        minutes_per_day=DAY,
        name=name,
    )


def _horizon(parts: PlanParts, last: int) -> None:
    """A point that nothing waits for, with the last day that is told as its deadline: so the calendars'
    tables reach that far from the start, and the trials need not be made twice."""
    parts.task(HORIZON, 0, deadline=last)
