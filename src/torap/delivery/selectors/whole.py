"""All states of the country, or of one subject, read together and kept while nothing changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from torap.common.errors import NotFound
from torap.common.together import together
from torap.delivery.models import Evidence, Milestone
from torap.delivery.selectors import instructions, milestones, obstacles
from torap.delivery.selectors.evidence import EvidenceIndex, evidence_index, evidence_rows
from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.milestones import MilestoneState
from torap.delivery.selectors.obstacles import ObstacleState
from torap.delivery.selectors.revised import DATED
from torap.ledger.memo import same_for_all, while_unchanged
from torap.ledger.selectors import Before, before_by, changes_unknown
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Milestones, instructions and obstacles (removed ones too) as known on a day, invented ones among
    them."""

    milestones: tuple[MilestoneState, ...]
    instructions: tuple[InstructionState, ...]
    obstacles: tuple[ObstacleState, ...]
    evidence: EvidenceIndex = field(default_factory=EvidenceIndex)  # of all of them


@same_for_all
def country_states(known: AsKnown) -> States:
    """Everything known on the day; rows and codes, so kept once for all languages. Queries as
    `_states`."""
    return _states(known)


@while_unchanged
def subject_states(subject_id: int, known: AsKnown) -> States:
    """What is known of one subject (id) on the day. Queries as `_states`."""
    return _states(known, [subject_id])


def milestone_of(states: States, code: str) -> MilestoneState:
    """The state of one milestone among these; NotFound where it is not known."""
    found = next((one for one in states.milestones if one.code == code), None)
    if found is None:
        raise NotFound("not_found", field="code", entity="milestone", value=code)
    return found


@while_unchanged
def states_beside(milestone: str, known: AsKnown) -> States:
    """What is known of the subject of a milestone (code) on the day; nothing of any where there is none.
    Queries as `_states`."""
    return _states(known, Milestone.objects.filter(code=milestone).values("subject"))


def states_named(
    known: AsKnown, *, milestone_codes: Collection[str] = (), instruction_codes: Collection[str] = ()
) -> States:
    """These milestones and instructions alone, as known on the day. Queries as `_states`, none without
    codes."""
    if not milestone_codes and not instruction_codes:
        return States(milestones=(), instructions=(), obstacles=())
    wanted = instructions.wanted_rows(known, codes=instruction_codes)
    questions = (
        milestones.milestone_questions(known, codes=milestone_codes),
        instructions.instruction_questions(wanted, known),
    )
    of_them = milestones.evidence_wanted(codes=milestone_codes) | Q(instruction__in=wanted.values("pk"))
    rows, evidence, before = _answers(questions, evidence_rows(known, of_them), known, whole=False)
    return States(
        milestones=tuple(milestones.states_of(rows[0], evidence, known, before["milestone"])),
        instructions=tuple(instructions.states_of(rows[1], evidence, known, before["instruction"])),
        obstacles=(),
        evidence=evidence,
    )


def _states(known: AsKnown, subjects: milestones.Ids | None = None) -> States:
    """Read together: one query, and one each for verdicts on evidence and files that serve twice; where
    fields changed since the day, one for each kind of row they named then."""
    wanted = instructions.wanted_rows(known, subject_ids=subjects)
    questions = (
        milestones.milestone_questions(known, subjects),
        instructions.instruction_questions(wanted, known),
        obstacles.obstacle_questions(known, subject_ids=subjects),
    )
    of_them = milestones.evidence_wanted(subjects) | Q(instruction__in=wanted.values("pk"))
    asked = evidence_rows(known, of_them if subjects is not None else None)
    rows, evidence, before = _answers(questions, asked, known, whole=subjects is None)
    states = milestones.states_of(rows[0], evidence, known, before["milestone"])
    return States(
        milestones=tuple(states),
        instructions=tuple(instructions.states_of(rows[1], evidence, known, before["instruction"])),
        obstacles=tuple(obstacles.states_of(rows[2], states, known, before["obstacle"])),
        evidence=evidence,
    )


def _answers(
    questions: Sequence[Sequence[QuerySet[Any]]], evidence: QuerySet[Evidence], known: AsKnown, *, whole: bool
) -> tuple[list[list[Any]], EvidenceIndex, dict[str, Before]]:
    """The answers to several groups of questions, by group, the evidence, and what was changed after the day
    by kind: read together."""
    changes = changes_unknown(known, tuple(DATED))
    *answers, found, changed = together(*(one for some in questions for one in some), evidence, changes)
    rest = iter(answers)
    grouped = [[next(rest) for _one in some] for some in questions]
    return grouped, evidence_index(known, found, whole=whole), before_by(changed, tuple(DATED))
