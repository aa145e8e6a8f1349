"""Which tables of delivery the ledger speaks of: all of them."""

from __future__ import annotations

from torap.delivery.models import (
    AttachedSchedule,
    Baseline,
    DeliveryLink,
    Evidence,
    Instruction,
    InstructionEvent,
    Milestone,
    Obstacle,
    ObstacleEvent,
    Promise,
    StatusReport,
    Verification,
)
from torap.ledger.records import Kept, keep


def executors_of(instruction: Instruction) -> dict[str, str]:
    """The bodies that owe an instruction, each with its role."""
    return {one.organisation.code: one.role for one in instruction.executors.all()}


def subjects_of(instruction: Instruction) -> list[str]:
    """Codes of what an instruction speaks of."""
    return sorted(subject.code for subject in instruction.subjects.all())


keep(
    Kept(model=Milestone, key=("code",), kinds=("milestone.added", "milestone.changed")),
    Kept(model=Promise, key=("key",), kinds=("promise.added", "promise.corrected")),
    Kept(model=StatusReport, key=("key",), kinds=("report.added", "report.corrected")),
    Kept(
        model=Instruction,
        key=("code",),
        kinds=("instruction.added", "instruction.changed"),
        parts={"executors": executors_of, "subjects": subjects_of},
        related=("executors__organisation", "subjects"),
    ),
    Kept(
        model=InstructionEvent,
        key=("key",),
        kinds=tuple(f"instruction.{kind}" for kind in InstructionEvent.Type.values),
    ),
    Kept(model=Evidence, key=("id",), kinds=("evidence.added",)),
    Kept(model=Verification, key=("id",), kinds=("evidence.verified",)),
    Kept(model=Obstacle, key=("code",), kinds=("obstacle.added", "obstacle.changed")),
    Kept(
        model=ObstacleEvent,
        key=("obstacle", "type", "rung", "invented"),
        kinds=("obstacle.escalated", "obstacle.removed"),
    ),
    Kept(model=DeliveryLink, key=("key",), kinds=("delivery_link.added", "delivery_link.dropped")),
    Kept(
        model=AttachedSchedule,
        key=("key",),
        kinds=("schedule.attached",),
        digests=frozenset({"content"}),
    ),
    Kept(model=Baseline, key=("code",), kinds=("baseline.taken",), digests=frozenset({"content"})),
)
