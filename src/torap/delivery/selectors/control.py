"""Joins an instruction to the law of control: its events and parameters in, its clocks with reasons out.

Nothing is stored. What the law does not answer (no deadline, not known, no edition read for that time) is
said so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from torap.countries import load_procedure, load_profile
from torap.delivery.models import Executor, Instruction, InstructionEvent
from torap.rules.calendar import WorkCalendar
from torap.rules.errors import NoEdition, RulesError
from torap.rules.obligations.editions import chosen_edition
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import (
    OPEN_STATES,
    Clock,
    Edition,
    Evaluation,
    Event,
    ParamSpec,
    Reason,
    State,
)
from torap.rules.obligations.moves import CaseInput

NO_DEADLINE = "no_deadline"
DEADLINE_NOT_KNOWN = "deadline_not_known"
CLOSED = "closed"
Type = InstructionEvent.Type
# Events of an instruction under the names of the law; a refused extension and a mere follow-up move no clock.
_LAW_EVENTS = {
    Type.RECEIVED: "received",
    Type.CO_ANSWERED: "co_answered",
    Type.ANSWERED: "answered",
    Type.EXTENSION_REQUESTED: "extension_requested",
    Type.EXTENDED: "extended",
    Type.CLOSED: "closed",
    Type.RETURNED: "returned",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of an instruction owed before its deadline; `binding`: a missed day is a breach by itself."""

    step: str
    by_co_executors: bool
    due: dt.date
    nominal: dt.date | None
    binding: bool
    working_days_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The legal clock of an instruction as of a day.

    `type`: very_urgent, urgent, short, medium, long or "" (no term, no type). `state`: a state of the law
    engine, or no_deadline, deadline_not_known, closed. `first_due` is the due day before any extension;
    `working_days` the length of the first term. `binding`: a missed day is a breach by itself. `warnings`:
    codes of what to look at.
    """

    type: str
    state: str
    nominal: dt.date | None = None
    first_due: dt.date | None = None
    due: dt.date | None = None
    working_days: int | None = None
    days_left: int | None = None
    working_days_left: int | None = None
    done_on: dt.date | None = None
    binding: bool = False
    co_executor_due: dt.date | None = None
    report_due: dt.date | None = None
    received_on: dt.date | None = None
    extensions: int = 0
    explanation: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    evaluation: Evaluation | None = None

    @property
    def overdue(self) -> bool:
        """A breach: the due day has passed, and the law is known well enough to say so."""
        return self.state == State.OVERDUE

    def steps(self) -> tuple[Step, ...]:
        """Answers of co-executors and reports still owed, each before the deadline it counts back from."""
        if self.evaluation is None or not self.open:
            return ()
        steps = load_profile(settings.COUNTRY).control
        return tuple(
            Step(
                step=clock.obligation.step,
                by_co_executors=clock.obligation.step in steps.co_executors,
                due=clock.due,
                nominal=clock.nominal,
                binding=clock.binding,
                working_days_left=clock.working_days_left,
            )
            for clock in self.evaluation.clocks
            if clock.obligation.step in (*steps.co_executors, *steps.reports)
            and clock.due is not None
            and clock.state in OPEN_STATES
        )

    @property
    def open(self) -> bool:
        """Something is still owed by a day."""
        return self.state in OPEN_STATES


def control(
    instruction: Instruction,
    executors: Sequence[Executor],
    events: Sequence[InstructionEvent],
    calendar: WorkCalendar,
    day: dt.date,
) -> Control:
    """The clock of one instruction from its known events, as of `day`."""
    closed = next((event for event in events if event.type == Type.CLOSED), None)
    extensions = sum(1 for event in events if event.type == Type.EXTENDED)
    plain = _without_clock(instruction, closed, extensions)
    if plain is not None:
        return plain
    case, warnings = case_input(instruction, executors, events)
    if case is None:
        return _by_hand(instruction, events, calendar, day, warnings)
    try:
        found = evaluate(case.edition, case.events, calendar, known_on=day, params=case.params)
    except RulesError as error:
        return _by_hand(instruction, events, calendar, day, (*warnings, error.code))
    return _from_evaluation(found, case, extensions, closed is not None, warnings)


def case_input(
    instruction: Instruction, executors: Sequence[Executor], events: Sequence[InstructionEvent]
) -> tuple[CaseInput | None, tuple[str, ...]]:
    """What the law engine needs for one instruction, and codes of what had to be assumed. None: no edition
    read."""
    given = law_events(instruction, _complete(events, executors))
    warnings: list[str] = []
    if not any(event.name == "received" for event in given):
        warnings.append("receipt_assumed")
        given = [Event(name="received", on=instruction.given_to), *given]
    edition = _edition(given)
    if edition is None:
        return None, (*warnings, "no_edition")
    params, refused = _params(edition, instruction, executors, events)
    warnings += refused
    known_events = set(edition.events) | {"extended", "withdrawn", "paused", "resumed"}
    usable = tuple(event for event in given if event.name in known_events)
    return CaseInput(key=instruction.code, edition=edition, events=usable, params=params), tuple(warnings)


def owing_bodies(executors: Sequence[Executor]) -> set[int]:
    """Ids of the bodies that answer the giver: the leads, or without one every executor (point 168)."""
    return {row.organisation_id for row in executors if row.role == "lead"} or {
        row.organisation_id for row in executors
    }


def _complete(events: Sequence[InstructionEvent], executors: Sequence[Executor]) -> list[InstructionEvent]:
    """The events without answers that do not yet answer for all: the last body to answer ends the clock."""
    leads = owing_bodies(executors)
    owed = {Type.ANSWERED: leads, Type.CO_ANSWERED: {row.organisation_id for row in executors} - leads}
    kept = list(events)
    for kind, bodies in owed.items():
        answers = [event for event in events if event.type == kind]
        given = {event.organisation_id for event in answers}
        whole = None in given or bodies <= given
        ends = answers[-1:] if whole else []
        kept = [event for event in kept if event.type != kind or event in ends]
    return _once(kept, leads)


def _once(events: Sequence[InstructionEvent], leads: set[int]) -> list[InstructionEvent]:
    """One receipt, one return, one closing: the first of each body stands, so that nothing it tells later
    moves a clock that runs; what a coordinator told of all bodies stands before, the last of it. Where bodies
    received on different days the term runs from the last of those that answer the giver."""
    kept = list(events)
    for kind in (Type.RECEIVED, Type.RETURNED, Type.CLOSED):
        rows = [event for event in kept if event.type == kind]
        own = [event for event in rows if event.organisation_id in {None, *leads}] or rows
        for_all = [event for event in own if event.organisation_id is None]
        firsts = for_all[-1:] or list({event.organisation_id: event for event in reversed(own)}.values())
        wanted = own[:1] if kind == Type.CLOSED else [event for event in own if event in firsts][-1:]
        kept = [event for event in kept if event.type != kind or event in wanted]
    return kept


def law_events(instruction: Instruction, events: Iterable[InstructionEvent]) -> list[Event]:
    """Events under the names of the law. Of an imprecise day the last one counts: doubt favours the
    holder."""
    found = [
        Event(
            name=_LAW_EVENTS[Type(event.type)],
            on=event.happened_to,
            until=event.new_deadline if event.type == Type.EXTENDED else None,
            ground=event.ground or None,
        )
        for event in events
        if event.type in _LAW_EVENTS
    ]
    spoken = [Event(name=name, on=instruction.given_to) for name in ("signed", "announced")]
    return [*spoken, *found]


def _procedure() -> str:
    return load_profile(settings.COUNTRY).procedures["control"]


def _edition(events: Sequence[Event]) -> Edition | None:
    try:
        return chosen_edition(
            load_procedure(_procedure(), settings.COUNTRY), events, {}, min(event.on for event in events)
        )
    except NoEdition:
        return None


def _params(
    edition: Edition,
    instruction: Instruction,
    executors: Iterable[Executor],
    events: Iterable[InstructionEvent],
) -> tuple[dict[str, object], list[str]]:
    """Parameters for the law; one it does not take is left out and named, so that one odd row stops no
    page."""
    wanted: dict[str, object] = {"issuer": instruction.issuer, **instruction.law_params}
    if instruction.deadline_on is not None:
        wanted["deadline"] = instruction.deadline_on
    wanted["co_executors"] = any(row.role == "co" for row in executors)
    grounds = [event.ground for event in events if event.type == Type.CLOSED and event.ground]
    if grounds:
        wanted["ground"] = grounds[0]
    params, refused = {}, []
    for name, value in wanted.items():
        taken = _taken(edition.params.get(name), value)
        if taken is None:
            refused.append(f"{name}_not_in_law")
        else:
            params[name] = taken
    return params, refused


def _taken(spec: ParamSpec | None, value: object) -> object | None:
    """The value as the law takes it: an issuer it does not name is "other"; None when it takes nothing like
    it."""
    if spec is None:
        return None
    if spec.kind != "choice" or value in spec.choices or value in spec.aliases:
        return value
    return "other" if spec.name == "issuer" and "other" in spec.choices else None


def _without_clock(
    instruction: Instruction, closed: InstructionEvent | None, extensions: int
) -> Control | None:
    """Instructions for which the law counts nothing: permanent ones, and those whose term nobody told."""
    has_type = "type" in instruction.law_params
    kind = instruction.deadline_kind
    if kind == "permanent":
        state, reason = NO_DEADLINE, "permanent"
    elif (kind == "unknown" or (kind == "term" and instruction.deadline_on is None)) and not has_type:
        state, reason = DEADLINE_NOT_KNOWN, "deadline_not_known"
    else:
        return None
    return Control(
        type="",
        state=CLOSED if closed else state,
        done_on=closed.happened_to if closed else None,
        extensions=extensions,
        explanation=(Reason(code=reason, params={"as_said": instruction.deadline_said}),),
        warnings=("asked_for_freshness",) if reason == "permanent" else (reason,),
    )


def _by_hand(
    instruction: Instruction,
    events: Sequence[InstructionEvent],
    calendar: WorkCalendar,
    day: dt.date,
    warnings: Sequence[str],
) -> Control:
    """No law was read for that time: a date that was named still stands as a date, but is no breach by
    itself."""
    extended = [event for event in events if event.type == Type.EXTENDED and event.new_deadline]
    ended = next((event for event in events if event.type in {Type.CLOSED, Type.ANSWERED}), None)
    first = instruction.deadline_on
    nominal = extended[-1].new_deadline if extended else first
    due = calendar.roll_forward(nominal) if nominal else None
    state = DEADLINE_NOT_KNOWN if due is None else State.DONE if ended else State.RUNNING
    if any(event.type == Type.CLOSED for event in events):
        state = CLOSED
    is_open = state == State.RUNNING
    return Control(
        type="",
        state=str(state),
        nominal=nominal,
        first_due=calendar.roll_forward(first) if first else None,
        due=due,
        days_left=(due - day).days if due and is_open else None,
        working_days_left=calendar.working_days_between(day, due) if due and is_open else None,
        done_on=ended.happened_to if ended else None,
        extensions=len(extended),
        explanation=(Reason(code="no_edition", params={"procedure": _procedure()}),),
        warnings=tuple(warnings),
    )


def _from_evaluation(
    found: Evaluation, case: CaseInput, extensions: int, closed: bool, warnings: tuple[str, ...]
) -> Control:
    steps = load_profile(settings.COUNTRY).control
    lead = found.clock(steps.lead)
    values = {finding.code: finding.value for finding in found.findings}
    working_days = values.get("term_working_days")
    received = next((event.on for event in case.events if event.name == "received"), None)
    return Control(
        type=str(values.get("control") or "").lower(),
        state=CLOSED if closed else _state(lead),
        nominal=lead.nominal,
        first_due=lead.original_due or lead.due,
        due=lead.due,
        working_days=int(working_days) if working_days is not None else None,
        days_left=None if closed else lead.days_left,
        working_days_left=None if closed else lead.working_days_left,
        done_on=lead.done_on,
        binding=lead.binding,
        co_executor_due=_due(found, steps.co_executors),
        report_due=_due(found, steps.reports),
        received_on=received,
        extensions=extensions,
        explanation=lead.reasons,
        warnings=(*warnings, *_warnings(found, lead, extensions)),
        evaluation=found,
    )


def _state(lead: Clock) -> str:
    """A clock that runs to no known day is said to be so: a minister's order without a date has no term in
    law."""
    return DEADLINE_NOT_KNOWN if lead.due is None and lead.state in OPEN_STATES else str(lead.state)


def _due(found: Evaluation, steps: Sequence[str]) -> dt.date | None:
    """The first day of the steps of one kind that apply."""
    days = [
        clock.due
        for clock in found.clocks
        if clock.obligation.step in steps and clock.due is not None and clock.state != State.VOID
    ]
    return min(days, default=None)


def _warnings(found: Evaluation, lead: Clock, extensions: int) -> tuple[str, ...]:
    codes = ["moved_twice"] if extensions > 1 else []
    if lead.nominal and lead.due and lead.nominal != lead.due:
        codes.append("rolled_forward")
    if lead.past_due_not_binding:
        codes.append("past_due_not_binding")
    shown = {"extension_request_late", "below_minimum_term", "control_differs", "closing_ground_missing"}
    codes += [r.code for finding in found.findings for r in finding.reasons if r.code in shown]
    codes += [note.code for note in found.notes if note.code == "calendar_not_official"]
    return tuple(dict.fromkeys(codes))
