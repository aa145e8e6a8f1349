"""Attached schedules in the plan: their activities and their doubts, under the names of the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from torap.delivery.plans import risk_of
from torap.engines.schedule.plan import Activity, Constraint, Kind, Link, Plan
from torap.engines.schedule.uncertain import RiskPlan
from torap.engines.schedule.under_way import going_on, resumed
from torap.engines.schedule.worktime import ALWAYS
from torap.runs.adapters.pace import paced
from torap.runs.adapters.plan_parts import PlanParts

_FOLLOWING = (Kind.SUMMARY, Kind.LEVEL_OF_EFFORT)  # their dates follow from others'


def add_schedules(
    content: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]], parts: PlanParts, known: int
) -> dict[str, str]:
    """Add all schedules; node -> the activity that stands for it. They keep their own calendars; what is left
    of them is multiplied by the factor of the node they stand for, and starts neither before the minute
    `known` nor before the plan does, nor what is under way before the plan lets it go on."""
    scheduled: dict[str, str] = {}
    for row in content["schedules"]:
        factor = float(nodes.get(row["to"], {}).get("factor", 1.0))
        prefix = f"activity:{row['key']}/"
        if row["to"] in nodes:
            scheduled[row["to"]] = prefix + row["finish"]
        own = risk_of(row["plan"])
        risk = paced(own, factor)
        _activities(row["key"], prefix, risk, parts, going_on(own.plan))
        _begin(f"begin:{row['key']}", prefix, risk.plan, parts, known)
        _doubts(prefix, risk, parts)
    return scheduled


def _activities(key: str, prefix: str, risk: RiskPlan, parts: PlanParts, going: dict[str, int]) -> None:
    """All activities and links. `going`: when what is left of those under way goes on by the plan itself."""
    plan = risk.plan
    calendars = {name: parts.calendar_of(f"{key}/{name}", spec) for name, spec in plan.calendars.items()}
    for one in plan.activities:
        own = tuple(replace(part, calendar=calendars[part.calendar]) for part in one.parts)
        parts.activities.append(
            replace(
                one,
                id=prefix + one.id,
                parent=prefix + one.parent if one.parent else "",
                calendar=calendars[one.calendar or plan.calendar],
                parts=own,
                resumed_at=resumed(one, going),
            )
        )
    for link in plan.links:
        ends = (prefix + link.predecessor, prefix + link.successor)
        parts.links.append(replace(link, predecessor=ends[0], successor=ends[1]))


def _begin(name: str, prefix: str, plan: Plan, parts: PlanParts, known: int) -> None:
    """Hold what is open of a plan that begins after the minute `known`, or speaks of a later day, until then.

    What has begun is held only until the day the plan speaks of.
    """
    speaks = plan.start if plan.data_date is None else plan.data_date
    begins = max(plan.start, speaks)
    if begins <= known:
        return
    begun_too = plan.data_date is not None and plan.data_date > known
    held = [
        one.id
        for one in plan.activities
        if one.active
        and one.actual_finish is None
        and one.kind not in _FOLLOWING
        and (begun_too or one.actual_start is None)
    ]
    parts.activities.append(
        Activity(
            id=name, kind=Kind.START_MILESTONE, calendar=ALWAYS.id,
            constraint=Constraint.START_NOT_BEFORE, constraint_at=begins,
        )
    )  # fmt: skip
    parts.links += [Link(predecessor=name, successor=prefix + one) for one in held]


def _doubts(prefix: str, risk: RiskPlan, parts: PlanParts) -> None:
    """Spreads, owners, shared causes, events and branches of one schedule."""
    parts.durations |= {prefix + name: spread for name, spread in risk.durations.items()}
    parts.owners |= {prefix + name: owner for name, owner in risk.owners.items()}
    for driver in risk.drivers:
        loads = {prefix + name: load for name, load in driver.loads.items()}
        parts.causes.append(replace(driver, id=prefix + driver.id, loads=loads))
    for event in risk.risks:
        touched = tuple(prefix + name for name in event.activities)
        parts.events.append(replace(event, id=prefix + event.id, activities=touched))
    for branch in risk.branches:
        members = {prefix + name: way for name, way in branch.activities.items()}
        parts.branches.append(replace(branch, id=prefix + branch.id, activities=members))
