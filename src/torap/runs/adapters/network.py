"""The delivery network as known on a day, frozen: everything a run needs, and nothing of what came later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from torap.delivery.selectors import (
    Network,
    NetworkLink,
    Node,
    Promised,
    country_states,
    instruction_states,
    network,
    network_now,
    schedule_texts,
)
from torap.engines.reference.classes import (
    PRIOR_WEIGHT,
    Measure,
    ReferenceClass,
    class_for,
    classes_of,
    share_seen,
)
from torap.engines.reference.observe import Observation
from torap.engines.schedule.worktime import DAY
from torap.registry.selectors import subject_regions
from torap.rules.known import AsKnown
from torap.runs.adapters.observed import PLACES, freeze_class, freeze_observation, observed, path_of
from torap.runs.adapters.parts import upstream_part
from torap.runs.adapters.pipeline_input import pipeline_input
from torap.runs.adapters.plan_parts import day_at
from torap.runs.adapters.targets import frozen_targets
from torap.runs.frozen import FORMAT, HORIZON_DAYS, Rows, iso, joined

SHOWN_OBSERVATIONS = 5_000  # of more promises or nodes than this no lists are kept, only the curves
NAME_LENGTH = 400
DRAWS_OF_LARGE = 100
# What is assumed and not measured; each may be set to another value, or to nothing, when a run is asked for.
ASSUMPTIONS: Mapping[str, Any] = {
    "measure": str(Measure.DAYS),  # chosen by back-test
    "prior_weight": PRIOR_WEIGHT,
    "schedule_weight": 0.5,  # share of trials that follow a milestone's own schedule, the rest its class
    "draws": 400,  # equally likely values that stand for a curve
    # Correlation of a milestone's own pace with what it shares with others.
    "loads": {"body": 0.3, "winter": 0.2, "class": 0.3, "thing": 0.7},
    # Stages of building whose pace a region's winter holds up.
    "winter_types": ["start", "part", "complete"],
}


# Shares of the work of freezing, as a nation of 1,000 plans took its time: the network is read, its classes
# are made, its schedules read, its money read.
READ, CLASSED, SCHEDULED, COUNTED = 0.15, 0.2, 0.65, 0.9
Tell = Callable[[float], None]


def untold(share: float) -> None:
    """For whoever need not be told how far the work is."""


def frozen_network(
    known: AsKnown,
    *,
    invented: bool = False,
    assumptions: Mapping[str, Any] | None = None,
    tell: Tell = untold,
) -> dict[str, Any]:
    """The input of a run: nodes, links, schedules, classes, assumptions. Constant queries, one more for each
    hundred schedules.

    The same ledger, day and assumptions give the same content, in whatever language it is read. `tell` hears
    how much of the work is done; what it raises ends it.
    """
    found = network(known, invented=invented)
    nodes = _with_instructions(found, known)
    tell(READ)
    content, seen = _dated(found, nodes, known, assumptions, tell)
    pipeline = pipeline_input(known, invented=invented)
    tell(COUNTED)
    return content | {
        "observed": [freeze_observation(one) for one in seen] if len(seen) <= SHOWN_OBSERVATIONS else [],
        "obstacles": _obstacles(known, found) if len(nodes) <= SHOWN_OBSERVATIONS else [],
        "pipeline": pipeline,
        "targets": frozen_targets(known, found, nodes),
    }


def frozen_upstream(known: AsKnown, keys: Collection[str], *, invented: bool = False) -> dict[str, Any]:
    """Of the same input only what the dates of these nodes hang on, read anew: they, all they wait for, the
    classes of these. What else a run adds up is left out."""
    found = network_now(known, invented=invented)
    content, _seen = _dated(found, _with_instructions(found, known), known, None)
    part = upstream_part(content, keys)
    used = {row["class"] for row in part["nodes"]}
    return part | {"classes": [row | {"own": {}} for row in part["classes"] if row["code"] in used]}


def _dated(
    found: Network,
    nodes: Mapping[str, Node],
    known: AsKnown,
    assumptions: Mapping[str, Any] | None,
    tell: Tell = untold,
) -> tuple[dict[str, Any], list[Observation]]:
    """What the dates of a network hang on, and the promises its classes are made of."""
    fewer = {"draws": DRAWS_OF_LARGE} if len(nodes) > SHOWN_OBSERVATIONS else {}
    assumed = {**ASSUMPTIONS, **fewer, **(assumptions or {})}
    measure = Measure(assumed["measure"])
    seen = observed(nodes.values(), invented=found.invented)
    classes = classes_of(seen, weight=float(assumed["prior_weight"]))
    regions = subject_regions(known)
    tell(CLASSED)
    schedules, ended = _schedules(found, known.day, tell)
    content = {
        "format": FORMAT,
        "known_on": known.day.isoformat(),
        "clock": known.clock,
        "invented": found.invented,
        "horizon_days": HORIZON_DAYS,
        "assumptions": assumed,
        "nodes": [
            _node(_ended(one, ended.get(one.key)), known.day, classes, regions, measure)
            for one in nodes.values()
        ],
        "links": [_link(one) for one in found.links],
        "schedules": schedules,
        "classes": [freeze_class(one) for one in classes.values()],
        "risks": [],
    }
    return content, seen


def _with_instructions(found: Network, known: AsKnown) -> dict[str, Node]:
    """The nodes in the order of their keys; an instruction promises its due day on the day it was given, and
    is done when it was answered."""
    nodes = {key: found.nodes[key] for key in sorted(found.nodes)}
    codes = [node.code for node in nodes.values() if node.kind == "instruction"]
    for state in instruction_states(known, codes=codes) if codes else ():
        key, given = f"instruction:{state.code}", state.instruction.given_to
        node, first, due = nodes[key], state.control.first_due, state.control.due
        answered = state.control.done_on if not node.done else None
        nodes[key] = replace(
            node,
            first=Promised(None, first, given) if first else None,
            current=Promised(None, due, given) if due else None,
            done="said" if answered else node.done,
            done_on=answered or node.done_on,
        )
    return nodes


def _node(
    node: Node,
    day: dt.date,
    classes: Mapping[str, ReferenceClass],
    regions: Mapping[str, str],
    measure: Measure,
) -> dict[str, Any]:
    promise, first = node.current, node.first
    reference = class_for(path_of(node), classes) if promise is not None and not node.done else None
    seen = _seen(reference, node, promise, day, measure) if reference and promise else None
    return {
        "key": node.key,
        "kind": node.kind,
        "code": node.code,
        "names": [name[:NAME_LENGTH] for name in node.names],
        "type": node.type,
        "subject": node.subject,
        "region": regions.get(node.subject, ""),
        "holder": node.holder,
        "due": iso(node.due),
        "first_due": iso(node.first_due),
        "due_by": node.due_by,
        "said_on": iso(promise.said_on if promise else None),
        "promised": iso(promise.latest if promise else None),
        "first_said": iso(first.said_on if first else None),
        "heard": iso(node.heard),
        "said": node.said,
        "done_by": node.done,
        "done_on": iso(min(node.done_on, day) if node.done and node.done_on else None),
        "class": reference.code if reference else "",
        "class_n": reference.n if reference else 0,
        "seen": seen,
        "least_days": node.shortest_days if not node.done else 0,
        "invented": node.invented,
    }


def _seen(reference: ReferenceClass, node: Node, promise: Promised, day: dt.date, measure: Measure) -> float:
    heard = min(day, max(promise.said_on, node.heard or promise.said_on))
    lead, age = max(0, (promise.latest - promise.said_on).days), (heard - promise.said_on).days
    return round(share_seen(reference, lead_days=lead, age_days=age, measure=measure), PLACES)


def _link(link: NetworkLink) -> dict[str, Any]:
    return {
        "from": link.before,
        "to": link.after,
        "type": link.type,
        "lag_minutes": link.lag_days * DAY,
        "origin": link.origin,
        "why": link.rule,
        **({} if link.rule else {"whys": list(link.why)}),
    }


def _ended(node: Node, day: dt.date | None) -> Node:
    """A node whose schedule says it ended on a day is said to be done, where nobody said or showed it yet."""
    return replace(node, done="said", done_on=day) if day and not node.done else node


def _schedules(found: Network, day: dt.date, tell: Tell) -> tuple[Rows, dict[str, dt.date]]:
    """The attached schedules with their plans as they are kept, read one after the other; and when those
    nodes ended whose activities ended by the `day`.
    """
    attached, rows = {row.key: row for row in found.schedules}, Rows()
    ended: dict[str, dt.date] = {}
    for key, plan in schedule_texts(attached):
        one = attached[key]
        stands_for = f"milestone:{one.milestone}"
        row = {
            "key": one.key,
            "to": stands_for,
            "finish": one.finish_activity,
            "profile": one.profile,
            "assumed": dict(one.assumed),
        }
        rows.add(row, joined(row, "plan", plan))
        finish = _finish_in(plan, one.finish_activity)
        if finish is not None and finish <= day:
            ended[stands_for] = ended[f"activity:{one.key}/{one.finish_activity}"] = finish
        tell(CLASSED + (SCHEDULED - CLASSED) * len(rows) / len(attached))
    return rows, ended


def _finish_in(plan: bytes, activity: str) -> dt.date | None:
    """The day on which an activity of a kept plan ended; most plans say so of none, and are not taken
    apart.
    """
    if b'"actual_finish"' not in plan:
        return None
    told = {row["id"]: row.get("actual_finish") for row in json.loads(plan)["activities"]}
    return None if told.get(activity) is None else day_at(told[activity])


def _obstacles(known: AsKnown, found: Network) -> list[dict[str, Any]]:
    """Open obstacles of the network's own reality with what they stand in the way of."""
    rows = [
        {
            "code": one.code,
            "texts": [one.obstacle.text_en, one.obstacle.text_ru, one.obstacle.text_kk],
            "holder": one.obstacle.holder.code if one.obstacle.holder else "",
            "blocks": sorted(
                f"milestone:{code}" for code in one.blocked if f"milestone:{code}" in found.nodes
            ),
        }
        for one in country_states(known).obstacles
        if one.open and one.obstacle.invented == found.invented
    ]
    return sorted(rows, key=lambda row: str(row["code"]))
