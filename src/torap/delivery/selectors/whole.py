"""All states of the country, or of one subject, read together and kept while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from torap.delivery.selectors.evidence import EvidenceIndex, evidence_index
from torap.delivery.selectors.instructions import InstructionState, instruction_states
from torap.delivery.selectors.milestones import MilestoneState, milestone_states
from torap.delivery.selectors.obstacles import ObstacleState, obstacle_states
from torap.ledger.memo import at_hand, same_for_all, while_unchanged
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Milestones, instructions and obstacles (removed ones too) as known on a day, invented ones among
    them."""

    milestones: tuple[MilestoneState, ...]
    instructions: tuple[InstructionState, ...]
    obstacles: tuple[ObstacleState, ...]
    evidence: EvidenceIndex = field(default_factory=EvidenceIndex)  # of all of them; read for a country only


@same_for_all
def country_states(known: AsKnown) -> States:
    """Everything known on the day; rows and codes, so kept once for all languages."""
    evidence = evidence_index(known)
    milestones = milestone_states(known, evidence=evidence)
    return States(
        milestones=tuple(milestones),
        instructions=tuple(instruction_states(known, evidence=evidence)),
        obstacles=tuple(obstacle_states(known, milestones=milestones)),
        evidence=evidence,
    )


def country_at_hand(known: AsKnown) -> bool:
    """Whether `country_states` was read since the last change: a page that asks for it has queries to spare
    then."""
    return at_hand(country_states, known)


@while_unchanged
def subject_states(subject_id: int, known: AsKnown) -> States:
    """What is known of one subject (id) on the day."""
    milestones = milestone_states(known, subject_ids=[subject_id])
    return States(
        milestones=tuple(milestones),
        instructions=tuple(instruction_states(known, subject_ids=[subject_id])),
        obstacles=tuple(obstacle_states(known, subject_ids=[subject_id], milestones=milestones)),
    )
