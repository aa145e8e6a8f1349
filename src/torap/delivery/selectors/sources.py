"""What of delivery rests on a source: promises, reports, instructions and their events, obstacles."""

from __future__ import annotations

from dataclasses import dataclass

from torap.common.known import known_q, visible
from torap.delivery.models import (
    Instruction,
    InstructionEvent,
    Obstacle,
    ObstacleEvent,
    Promise,
    StatusReport,
)
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSayings:
    """Rows that rest on one source, as known; corrected ones are left out."""

    promises: list[Promise]
    reports: list[StatusReport]
    instructions: list[Instruction]
    events: list[InstructionEvent]
    obstacles: list[Obstacle]
    obstacle_events: list[ObstacleEvent]

    @property
    def total(self) -> int:
        """All of them."""
        lists = (self.promises, self.reports, self.instructions, self.events)
        return sum(len(rows) for rows in (*lists, self.obstacles, self.obstacle_events))


def source_sayings(source_id: int, known: AsKnown) -> SourceSayings:
    """Everything in delivery that rests on a source, in six queries."""
    promises = visible(Promise.objects.filter(source=source_id), known).select_related(
        "milestone__subject", "source"
    )
    reports = visible(StatusReport.objects.filter(source=source_id), known).select_related(
        "milestone__subject", "source"
    )
    instructions = Instruction.objects.filter(known_q(known), source=source_id)
    events = InstructionEvent.objects.filter(known_q(known), source=source_id).select_related(
        "instruction", "organisation"
    )
    obstacles = Obstacle.objects.filter(known_q(known), source=source_id).select_related("blocks")
    removals = ObstacleEvent.objects.filter(known_q(known), source=source_id)
    return SourceSayings(
        promises=list(promises.order_by("milestone__code", "said_to", "key")),
        reports=list(reports.order_by("milestone__code", "said_to", "key")),
        instructions=list(instructions.order_by("code")),
        events=list(events.order_by("happened_to", "key")),
        obstacles=list(obstacles.order_by("code")),
        obstacle_events=list(removals.select_related("obstacle__blocks").order_by("happened_on", "pk")),
    )
