"""From the network's promises to reference classes, and to the form a class is frozen in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from torap.delivery.selectors import Node
from torap.engines.reference.classes import Measure, ReferenceClass
from torap.engines.reference.curve import Curve
from torap.engines.reference.observe import Observation, PromiseSeen, class_path, observations_of

PLACES = 6  # figures after the point of what is frozen: the same on every machine


def path_of(node: Node) -> tuple[str, ...]:
    """Classes of a node, the narrowest first: by its type and, for milestones, the kind of its subject."""
    return class_path(node.kind, node.type, node.subject_kind if node.kind == "milestone" else "")


def observed(nodes: Iterable[Node], *, invented: bool) -> list[Observation]:
    """One observation for each first promise of real, or of `invented`, nodes, in the order given.

    Reached: evidence accepted or said to be done, and the word not taken back. What is not reached was last
    heard of on the earliest day its newest word may be of: that proves least.
    """
    found: list[Observation] = []
    for node in nodes:
        if node.first is None or node.invented != invented:
            continue
        found += observations_of(
            [PromiseSeen(key=node.key, said=node.first.said_on, promised=node.first.latest)],
            done=node.done_on if node.done else None,
            heard=[node.heard] if node.heard else [],
            path=path_of(node),
        )
    return found


def freeze_class(reference: ReferenceClass) -> dict[str, Any]:
    """A class as a run keeps it."""
    return {
        "code": reference.code,
        "parent": reference.parent,
        "n": reference.n,
        "events": reference.events,
        "behind": reference.behind,
        "lead_days": reference.lead_days,
        "curves": {str(name): _freeze(curve) for name, curve in sorted(reference.curves.items())},
        "own": {str(name): _freeze(curve) for name, curve in sorted(reference.own.items())},
    }


def thaw_class(row: Mapping[str, Any]) -> ReferenceClass:
    """A class as it was frozen."""
    return ReferenceClass(
        code=row["code"],
        parent=row["parent"],
        n=row["n"],
        events=row["events"],
        behind=row["behind"],
        lead_days=row["lead_days"],
        curves={Measure(name): _thaw(curve) for name, curve in row["curves"].items()},
        own={Measure(name): _thaw(curve) for name, curve in row["own"].items()},
    )


def thaw_classes(rows: Iterable[Mapping[str, Any]]) -> dict[str, ReferenceClass]:
    """All classes of a run, by code."""
    return {row["code"]: thaw_class(row) for row in rows}


def freeze_observation(one: Observation) -> dict[str, Any]:
    """A promise as a run keeps it, for the page of its class."""
    return {
        "key": one.key,
        "said": one.said.isoformat(),
        "promised": one.promised.isoformat(),
        "until": one.until.isoformat(),
        "done": one.done,
        "slip_days": one.slip_days,
        "path": list(one.path),
    }


def _freeze(curve: Curve) -> dict[str, Any]:
    return {
        "at": _figures(curve.at),
        "share": _figures(curve.share),
        "low": _figures(curve.low),
        "high": _figures(curve.high),
        "at_risk": [int(one) for one in curve.at_risk],
        "events": [int(one) for one in curve.events],
        "tail": [round(curve.tail_from, PLACES), curve.tail_events, round(curve.tail_time, PLACES)],
    }


def _figures(values: np.ndarray) -> list[float]:
    return [round(float(one), PLACES) for one in values]


def _thaw(row: Mapping[str, Any]) -> Curve:
    start, events, time = row["tail"]
    return Curve(
        at=np.array(row["at"], dtype=np.float64),
        share=np.array(row["share"], dtype=np.float64),
        low=np.array(row["low"], dtype=np.float64),
        high=np.array(row["high"], dtype=np.float64),
        at_risk=np.array(row["at_risk"], dtype=np.int64),
        events=np.array(row["events"], dtype=np.int64),
        tail_from=start,
        tail_events=events,
        tail_time=time,
    )
