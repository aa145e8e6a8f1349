"""All states of the country, or of one subject, read together and kept while nothing changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from torap.common.errors import NotFound
from torap.common.together import together
from torap.delivery.models import Evidence, Milestone
from torap.delivery.selectors import instructions, milestones, obstacles
from torap.delivery.selectors.evidence import EvidenceIndex, evidence_index, evidence_rows
from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.milestones import MilestoneState
from torap.delivery.selectors.obstacles import ObstacleState
from torap.delivery.selectors.renewed import MOST_EVENTS, touched
from torap.delivery.selectors.revised import DATED
from torap.ledger.memo import also_forgets, head_hash, is_apart, same_for_all, while_unchanged
from torap.ledger.selectors import Before, before_by, changes_unknown, events_between
from torap.rules.known import AsKnown

S = TypeVar("S", MilestoneState, InstructionState)


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Milestones, instructions and obstacles (removed ones too) as known on a day, invented ones among
    them."""

    milestones: tuple[MilestoneState, ...]
    instructions: tuple[InstructionState, ...]
    obstacles: tuple[ObstacleState, ...]
    evidence: EvidenceIndex = field(default_factory=EvidenceIndex)  # of all of them


_last: OrderedDict[AsKnown, tuple[str, States]] = OrderedDict()  # of a day: the head they are of, the states
_DAYS_KEPT = 4
also_forgets(_last.clear)


@same_for_all
def country_states(known: AsKnown) -> States:
    """Everything known on the day; rows and codes, so kept once for all languages. Queries as `_states`; what
    was read at an earlier head is kept but for what was recorded since (`renewed`), one query more."""
    head, before = head_hash(), _last.get(known)
    if is_apart():
        return _states(known)
    found = _renewed(before, head, known) if before is not None and head else None
    found = found or _states(known)
    _last.pop(known, None)  # what was asked for last goes last
    _last[known] = (head, found)
    while len(_last) > _DAYS_KEPT:
        _last.popitem(last=False)
    return found


def _renewed(before: tuple[str, States], head: str, known: AsKnown) -> States | None:
    """The states of an earlier head with those read anew that were touched since; None where everything has
    to be."""
    base, states = before
    events = events_between(base, head, most=MOST_EVENTS)
    what = touched(events) if events is not None else None
    if what is None:
        return None
    if not what:
        return states
    fresh = states_named(known, milestone_codes=what.milestones, instruction_codes=what.instructions)
    found = replace(
        states,
        milestones=tuple(_put(states.milestones, fresh.milestones, what.milestones, _by_code)),
        instructions=tuple(_put(states.instructions, fresh.instructions, what.instructions, _by_day)),
    )
    about = {row.milestone.subject_id for row in fresh.milestones}
    if what.obstacles or any(row.obstacle.blocks_id in about for row in states.obstacles):
        rows = together(*obstacles.obstacle_questions(known))
        found = replace(found, obstacles=tuple(obstacles.states_of(rows, found.milestones, known)))
    return found


def _put(old: Sequence[S], new: Sequence[S], codes: Collection[str], order: Callable[[S], Any]) -> list[S]:
    if not codes:
        return list(old)
    rows = [one for one in old if one.code not in codes]
    rows.extend(new)
    return sorted(rows, key=order)


def _by_code(one: MilestoneState) -> str:
    return one.code


def _by_day(one: InstructionState) -> tuple[int, str]:
    return -one.instruction.given_to.toordinal(), one.code


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
    wanted, whole = instructions.wanted_rows(known, subject_ids=subjects), subjects is None
    questions = [
        milestones.milestone_questions(known, subjects, alone=whole),
        instructions.instruction_questions(wanted, known),
        obstacles.obstacle_questions(known, subject_ids=subjects),
    ]
    if whole:
        questions.append(milestones.named_questions())
    of_them = milestones.evidence_wanted(subjects) | Q(instruction__in=wanted.values("pk"))
    asked = evidence_rows(known, None if whole else of_them)
    rows, evidence, before = _answers(questions, asked, known, whole=whole)
    if whole:
        milestones.put_on(rows[0], rows[3])
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
