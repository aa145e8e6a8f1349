"""Instructions with their legal clock and three statuses, computed from what was known on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q, QuerySet

from torap.common.errors import NotFound
from torap.common.known import known_q
from torap.common.together import together
from torap.delivery.models import Evidence, Executor, Instruction, InstructionEvent, SaidState
from torap.delivery.selectors.control import (
    CLOSED,
    DEADLINE_NOT_KNOWN,
    NO_DEADLINE,
    Control,
    control,
    owing_bodies,
)
from torap.delivery.selectors.evidence import (
    EvidenceIndex,
    EvidenceItem,
    evidence_index,
    evidence_rows,
    status_of,
)
from torap.delivery.selectors.revised import EXECUTORS, executors_as_were, taken_back
from torap.ledger.memo import while_unchanged
from torap.ledger.selectors import Before, changed_after, with_changed
from torap.registry.selectors import edits_known, work_calendar
from torap.rules.calendar import WorkCalendar
from torap.rules.known import AsKnown
from torap.rules.obligations.model import DONE_STATES, State
from torap.rules.statuses import DONE, EvidenceStatus, ReportFact, SaidStatus, ScheduleStatus, said_status

if TYPE_CHECKING:
    from torap.registry.models import Organisation, Subject

Type = InstructionEvent.Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who has to act now: a body, or with `organisation=None` the one who gave the instruction (`issuer`).

    `task`: execute, co_execute, decide_extension, accept_answer, correct_address.
    """

    organisation: Organisation | None
    issuer: str
    task: str
    since: dt.date
    due: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A body that answers for an instruction, and its newest answer; None: it has not answered."""

    executor: Executor
    event: InstructionEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionState:
    """An instruction as known on a day; `turns` is empty once it is closed.

    `apart` is invented and told of a real instruction: it moves no clock and counts nowhere.
    """

    instruction: Instruction
    executors: tuple[Executor, ...]
    subjects: tuple[Subject, ...]
    events: tuple[InstructionEvent, ...]
    control: Control
    said: SaidStatus
    evidenced: EvidenceStatus
    schedule: ScheduleStatus
    evidence: tuple[EvidenceItem, ...]
    turns: tuple[Turn, ...]
    newest_said: dt.date
    apart: tuple[InstructionEvent | Evidence, ...] = ()

    @property
    def code(self) -> str:
        """The instruction's code."""
        return self.instruction.code

    @property
    def invented(self) -> bool:
        """Invented: kept out of every total of real data."""
        return self.instruction.invented

    @property
    def closed(self) -> bool:
        """Taken off control: this says nothing of evidence."""
        return self.control.state == CLOSED

    @property
    def done(self) -> bool:
        """Done for every total: only with evidence accepted by another body."""
        return self.evidenced.code == "accepted"

    @property
    def leads(self) -> tuple[Executor, ...]:
        """The executors who answer the giver: those marked as lead, else all (point 168 of the rules)."""
        return tuple(row for row in self.executors if row.role == "lead") or self.executors

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Who of those that answer the giver has answered; an answer that names no body is that of all."""
        return answers_of(self.leads, self.events, Type.ANSWERED)

    @property
    def co_answers(self) -> tuple[Answer, ...]:
        """Who of the co-executors has answered the lead."""
        others = [row for row in self.executors if row not in self.leads]
        return answers_of(others, self.events, Type.CO_ANSWERED)


def answers_of(
    executors: Iterable[Executor], events: Sequence[InstructionEvent], kind: str
) -> tuple[Answer, ...]:
    """Each executor with its newest answer of that kind."""
    given = {event.organisation_id: event for event in events if event.type == kind}
    return tuple(
        Answer(executor=row, event=given.get(row.organisation_id) or given.get(None)) for row in executors
    )


def instruction_states(
    known: AsKnown,
    *,
    codes: Collection[str] | None = None,
    organisation: str | None = None,
    subject_ids: Collection[int] | None = None,
) -> list[InstructionState]:
    """States of all instructions known, or of some: by code, by body that owes, by subject; newest first.

    One query, and one each for verdicts on evidence, files that serve twice, and fields that changed since
    the day.
    """
    rows = wanted_rows(known, codes, organisation, subject_ids)
    evidence = evidence_rows(known, Q(instruction__in=rows.values("pk")))
    *answers, found = together(*instruction_questions(rows, known), evidence)
    whole = codes is None and organisation is None and subject_ids is None
    states = states_of(answers, evidence_index(known, found, whole=whole), known)
    if organisation is None:
        return states
    return [row for row in states if organisation in {one.organisation.code for one in row.executors}]


def instruction_questions(rows: QuerySet[Instruction], known: AsKnown) -> tuple[QuerySet[Any], ...]:
    """What has to be read to tell the states of these instructions, evidence aside: themselves, who owes
    them, what they speak of, events, and what was changed of the calendar."""
    pks = rows.values("pk")
    spoken_of: Any = Instruction.subjects.through
    return (
        with_changed(rows.select_related("source").order_by("-given_to", "code"), "instruction", known),
        Executor.objects.filter(instruction__in=pks).select_related("organisation").order_by("pk"),
        spoken_of.objects.filter(instruction__in=pks).select_related("subject").order_by("subject_id"),
        InstructionEvent.objects.filter(known_q(known), instruction__in=pks)
        .select_related("organisation", "source")
        .order_by("happened_to", "said_to", "key"),
        edits_known(known),
    )


def states_of(
    answers: Sequence[list[Any]], evidence: EvidenceIndex, known: AsKnown, told: Before | None = None
) -> list[InstructionState]:
    """The states of instructions from the answers to `instruction_questions`, their evidence, and what was
    changed of them after the day where that is `told` already."""
    rows, executors, spoken_of, happened, edits = answers
    if not rows:
        return []
    before = taken_back(rows, "instruction", known, told)
    owing, events, subjects = (defaultdict[int, list[Any]](list) for _kind in range(3))
    for row in executors:
        owing[row.instruction_id].append(row)
    for row in spoken_of:
        subjects[row.instruction_id].append(row.subject)
    for row in happened:
        events[row.instruction_id].append(row)
    as_were = executors_as_were(before)
    calendar = work_calendar(known, edits)
    return [
        _state(
            row,
            _Told(
                owing=as_were.get(row.code) or tuple(owing[row.pk]),
                subjects=tuple(subjects[row.pk]),
                events=events[row.pk],
                evidence=evidence.instructions.get(row.pk, ()),
            ),
            calendar,
            known,
        )
        for row in rows
    ]


@while_unchanged
def instruction_get(code: str, known: AsKnown) -> InstructionState:
    """The state of one instruction; NotFound when it was not known by that day."""
    found = instruction_states(known, codes=[code])
    if not found:
        raise NotFound("not_found", field="code", entity="instruction", value=code)
    return found[0]


def instructions_known(codes: Collection[str], known: AsKnown) -> dict[str, bool]:
    """Of these instructions those known on that day, by code: whether each is invented. One query."""
    rows = Instruction.objects.filter(known_q(known), code__in=codes)
    return dict(rows.values_list("code", "invented"))


def instruction_due(code: str, known: AsKnown) -> dt.date | None:
    """The due day of one instruction as of that day, extensions counted; None when it has none."""
    return instruction_get(code, known).control.due


def wanted_rows(
    known: AsKnown,
    codes: Collection[str] | None = None,
    organisation: str | None = None,
    subject_ids: Collection[int] | None = None,
) -> QuerySet[Instruction]:
    """The instructions known on the day, all or some: by code, by a body that owes them or did, by
    subject."""
    wanted = known_q(known)
    if codes is not None:
        wanted &= Q(code__in=codes)
    if organisation is not None:
        changed = changed_after(known, "instruction", EXECUTORS)
        wanted &= Q(executors__organisation__code=organisation) | Q(changed)
    if subject_ids is not None:
        wanted &= Q(subjects__in=subject_ids)
    return Instruction.objects.filter(wanted).distinct()


class _Told(NamedTuple):
    """What is known of one instruction beside itself."""

    owing: tuple[Executor, ...]
    subjects: tuple[Subject, ...]
    events: Sequence[InstructionEvent]
    evidence: tuple[EvidenceItem, ...]


def _state(instruction: Instruction, told: _Told, calendar: WorkCalendar, known: AsKnown) -> InstructionState:
    rows: list[Any] = [*told.events, *(item.evidence for item in told.evidence)]
    events = [row for row in told.events if row.invented == instruction.invented]
    evidence = tuple(item for item in told.evidence if item.evidence.invented == instruction.invented)
    executors = tuple(sorted(told.owing, key=lambda row: (row.role != "lead", row.pk)))
    clock = control(instruction, executors, events, calendar, known.day)
    said = said_status(instruction_reports(events), known.day)
    evidenced = status_of(evidence)
    words = [event.said_from for event in events if event.type != Type.RECEIVED]
    return InstructionState(
        instruction=instruction,
        executors=executors,
        subjects=told.subjects,
        events=tuple(events),
        control=clock,
        said=said,
        evidenced=evidenced,
        schedule=schedule(clock, said, evidenced, known.day),
        evidence=evidence,
        turns=_turns(instruction, executors, events, clock),
        newest_said=max(words, default=instruction.said_from),
        apart=tuple(row for row in rows if row.invented != instruction.invented),
    )


def instruction_reports(events: Iterable[InstructionEvent]) -> list[ReportFact]:
    """What events say of the state of an instruction, for the rules of statuses."""
    return [
        ReportFact(
            key=event.key,
            state=event.said_state,
            said_from=event.said_from,
            said_to=event.said_to,
            done_from=event.happened_from if event.said_state == SaidState.DONE else None,
            done_to=event.happened_to if event.said_state == SaidState.DONE else None,
            speaker=event.said_by,
        )
        for event in events
        if event.said_state
    ]


def schedule(clock: Control, said: SaidStatus, evidenced: EvidenceStatus, day: dt.date) -> ScheduleStatus:
    """How an instruction stands against its first due day; done only by evidence, as everywhere.

    Codes: done_on_time, done_late, done_no_promise; done_said; late, late_not_binding, moved,
    on_first_promise; no_deadline, deadline_not_known, answered, closed.
    """
    first = clock.first_due
    if evidenced.code == "accepted":
        if first is None or evidenced.shown_on is None:
            return ScheduleStatus(code="done_no_promise")
        days = (evidenced.shown_on - first).days
        return ScheduleStatus(code="done_late" if days > 0 else "done_on_time", days=days)
    if said.code == DONE:
        late = (said.done_on - first).days if first and said.done_on else None
        return ScheduleStatus(code="done_said", days=late)
    if clock.state in {CLOSED, NO_DEADLINE, DEADLINE_NOT_KNOWN}:
        return ScheduleStatus(code=clock.state)
    return _open_schedule(clock, first, day)


def _open_schedule(clock: Control, first: dt.date | None, day: dt.date) -> ScheduleStatus:
    if clock.state in DONE_STATES or clock.state == State.VOID:
        return ScheduleStatus(code="answered")
    if first is None or clock.due is None:
        return ScheduleStatus(code=DEADLINE_NOT_KNOWN)
    days = (day - first).days
    if clock.overdue:
        return ScheduleStatus(code="late", days=days)
    if clock.due < day:
        return ScheduleStatus(code="late_not_binding", days=days)
    return ScheduleStatus(code="moved" if clock.due > first else "on_first_promise", days=days)


def _turns(
    instruction: Instruction,
    executors: Sequence[Executor],
    events: Sequence[InstructionEvent],
    clock: Control,
) -> tuple[Turn, ...]:
    """Whose move it is, from the last event that handed it over."""
    if clock.state == CLOSED:
        return ()
    handed = next((event for event in reversed(events) if event.type not in _SILENT), None)
    since = handed.happened_to if handed is not None else instruction.given_to
    task = _GIVER_TASKS.get(Type(handed.type)) if handed is not None else None
    if task is not None and not _others_owe(task, executors, events):
        return (Turn(organisation=None, issuer=instruction.issuer, task=task, since=since, due=None),)
    received = [event for event in events if event.type == Type.RECEIVED]
    start = received[0].happened_to if received else instruction.given_to
    answered = {event.organisation_id for event in events if event.type in {Type.ANSWERED, Type.CO_ANSWERED}}
    has_lead = any(row.role == "lead" for row in executors)
    handed_back = handed is not None and handed.type in _BACK and not _too_late(handed, clock)
    turns = []
    for row in executors:
        if row.organisation_id in answered:
            continue
        is_co = row.role == "co" and has_lead
        turns.append(
            Turn(
                organisation=row.organisation,
                issuer="",
                task="co_execute" if is_co else "execute",
                since=since if handed_back and not is_co else start,
                due=clock.co_executor_due if is_co else clock.due,
            )
        )
    if turns or not executors:
        return tuple(turns)
    return (Turn(organisation=None, issuer=instruction.issuer, task="accept_answer", since=since, due=None),)


def _too_late(event: InstructionEvent, clock: Control) -> bool:
    """An extension given after the last day changes nothing: whoever owes has owed all along."""
    return event.type == Type.EXTENDED and clock.due is not None and event.happened_from > clock.due


_SILENT = frozenset({Type.FOLLOW_UP, Type.CO_ANSWERED})
_BACK = frozenset({Type.EXTENDED, Type.REFUSED})
_GIVER_TASKS = {
    Type.ANSWERED: "accept_answer",
    Type.EXTENSION_REQUESTED: "decide_extension",
    Type.RETURNED: "correct_address",
}


def _others_owe(task: str, executors: Sequence[Executor], events: Iterable[InstructionEvent]) -> bool:
    """Several bodies without a lead each answer for themselves: one answer does not end the turn of the
    others."""
    if task != "accept_answer":
        return False
    answered = {event.organisation_id for event in events if event.type == Type.ANSWERED}
    return None not in answered and not owing_bodies(executors) <= answered
