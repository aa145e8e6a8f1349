"""From the histories of promises to reference classes, and to the form a class is frozen in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from torap.delivery.selectors import InstructionState, MilestoneState, States
from torap.engines.reference.classes import Measure, ReferenceClass
from torap.engines.reference.curve import Curve
from torap.engines.reference.observe import Observation, PromiseSeen, class_path, observations_of

DONE_BASES = frozenset({"said_done", "evidence"})
PLACES = 6  # figures after the point of what is frozen: the same on every machine


def path_of(state: MilestoneState) -> tuple[str, ...]:
    """Classes of a milestone, the narrowest first: by type and kind of subject."""
    return class_path("milestone", state.milestone.type, state.subject.kind)


def instruction_path(state: InstructionState) -> tuple[str, ...]:
    """Classes of an instruction: by the length of its term, as the law types it."""
    return class_path("instruction", state.control.type)


def observed(states: States, *, invented: bool = False, every: bool = False) -> list[Observation]:
    """One observation for each first promise (`every`: for each promise) of the milestones that are
    `invented` or not, and one for each instruction with a due day.

    Reached: evidence accepted or said to be done, and the word not taken back. Of a day somebody only spoke
    of loosely the earliest counts for what is not reached: it proves least.
    """
    found: list[Observation] = []
    for milestone in states.milestones:
        if milestone.invented == invented:
            found += milestone_observed(milestone, every=every)
    for instruction in states.instructions:
        if instruction.invented == invented:
            found += instruction_observed(instruction)
    return found


def milestone_observed(state: MilestoneState, *, every: bool = False) -> list[Observation]:
    """Observations of one milestone; none without a promise."""
    if state.first is None:
        return []
    counted = [one for one in state.promises if one.yardstick] if every else [state.first]
    heard = [one.said_from for one in state.promises]
    heard += [one.said_from for one in state.reports if one.state != "done"]
    return observations_of(
        [PromiseSeen(key=one.key, said=one.said_to, promised=one.latest) for one in counted],
        done=state.slip_to if state.slip_basis in DONE_BASES else None,
        heard=heard,
        path=path_of(state),
    )


def instruction_observed(state: InstructionState) -> list[Observation]:
    """The observation of one instruction: from the day it was given to its answer; none without a due day.

    Not answered: what was last heard of it, an event that is no answer, a follow-up that says less than done.
    """
    due = state.control.first_due
    if due is None:
        return []
    heard = [one.said_from for one in state.events if one.said_state != "done"]
    return observations_of(
        [PromiseSeen(key=state.code, said=state.instruction.given_to, promised=due)],
        done=answered_on(state),
        heard=heard,
        path=instruction_path(state),
    )


def answered_on(state: InstructionState) -> Any:
    """The day an instruction was answered, closed or said done; none while it is open."""
    if state.control.done_on is not None:
        return state.control.done_on
    ended = [one.happened_to for one in state.events if one.type in {"answered", "closed"}]
    if ended and not state.control.open:
        return max(ended)
    return state.said.done_on if state.said.code == "done" else None


def freeze_class(reference: ReferenceClass) -> dict[str, Any]:
    """A class as a run keeps it."""
    return {
        "code": reference.code,
        "parent": reference.parent,
        "n": reference.n,
        "events": reference.events,
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
        lead_days=row["lead_days"],
        curves={Measure(name): _thaw(curve) for name, curve in row["curves"].items()},
        own={Measure(name): _thaw(curve) for name, curve in row["own"].items()},
    )


def thaw_classes(rows: Iterable[Mapping[str, Any]]) -> dict[str, ReferenceClass]:
    """All classes of a run, by code."""
    return {row["code"]: thaw_class(row) for row in rows}


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
