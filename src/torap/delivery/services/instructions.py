"""Writes about instructions: the order itself, and the events from which its clocks are computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import may, require
from torap.countries import load_procedure, load_profile
from torap.delivery.kept import executors_of, subjects_of
from torap.delivery.models import ControlTag, Executor, Instruction, InstructionEvent, SaidState
from torap.delivery.selectors.instructions import instruction_due
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, texts
from torap.ledger.services import lock_head, record
from torap.rules.known import AsKnown

Type = InstructionEvent.Type
# To ask for an extension has a right and a verb of its own; here it is recorded as told.
_RIGHT_OF = {
    Type.RECEIVED: "instruction.respond",
    Type.CO_ANSWERED: "instruction.respond",
    Type.ANSWERED: "instruction.respond",
    Type.RETURNED: "instruction.respond",
    Type.FOLLOW_UP: "instruction.respond",
    Type.EXTENSION_REQUESTED: "instruction.respond",
    Type.EXTENDED: "instruction.extend",
    Type.REFUSED: "instruction.extend",
    Type.CLOSED: "instruction.close",
}


# What only a body that executes the instruction can have done, whoever tells of it.
_OF_EXECUTORS = frozenset({Type.ANSWERED, Type.CO_ANSWERED, Type.EXTENSION_REQUESTED})


def issuers() -> tuple[str, ...]:
    """Codes of the offices that give instructions in this country, in the order lists show them."""
    return tuple(load_profile(settings.COUNTRY).issuers)


def closing_grounds() -> tuple[str, ...]:
    """Codes of the grounds on which the country's law takes an instruction off control."""
    procedure = load_procedure(load_profile(settings.COUNTRY).procedures["control"], settings.COUNTRY)
    return procedure.editions[-1].params["ground"].choices


def instruction_save(
    *,
    by: User,
    code: str,
    text: Texts,
    issuer: str,
    given: Days,
    deadline_kind: str,
    source: str,
    said: Days,
    session: Texts | None = None,
    deadline_said: str = "",
    deadline_on: dt.date | None = None,
    executors: Sequence[tuple[str, str]] = (),
    executors_said: str = "",
    subjects: Sequence[str] = (),
    tags: Sequence[str] = (),
    law_params: Mapping[str, Any] | None = None,
    done_means: Texts | None = None,
    said_note: str = "",
    invented: bool = False,
) -> Instruction:
    """Create or change an instruction. `executors`: (body's code, "lead" or "co"); `subjects`: codes it
    speaks of.

    `deadline_on` belongs to the kind "date" (or a term whose end was named); the due day is never stored. A
    change on which the clock or who owes it hangs counts from the day it was said, when that is later than
    the day the instruction was told of, else today.
    """
    require(by, "instruction.add")
    given_from, given_to = writing.interval(given, field="given")
    origin = writing.required(Instruction, "source", source)
    saying = writing.said_fields(said, "", said_note, source=origin)
    saying.pop("said_by")
    owing = _executors(executors)
    about = [writing.required(Instruction, "subjects", subject) for subject in subjects]
    values: dict[str, Any] = {
        **texts("text", text, required=True),
        **texts("session", session),
        "issuer": writing.choice(issuer, issuers(), field="issuer"),
        **{"given_from": given_from, "given_to": given_to},
        **_deadline(deadline_kind, deadline_on, deadline_said),
        "executors_said": executors_said.strip(),
        "tags": [writing.choice(tag, ControlTag.values, field="tags") for tag in tags],
        "law_params": dict(law_params or {}),
        **texts("done_means", done_means),
        "source": origin,
        **saying,
        "invented": invented or writing.any_invented(origin, *owing, *about),
    }
    code = writing.text(code, field="code")
    with writing.writing():
        old = writing.locked(Instruction, code)
        told = writing.keep_first_saying(old, values) if old is not None else None
        instruction = writing.save_named(
            Instruction, old, by=by, entity="instruction", code=code, values=values, said=told
        )
        _set_executors(instruction, owing, by, fresh=old is None, said=told)
        _set_subjects(instruction, about, by)
    return instruction


def instruction_event_add(
    *,
    by: User,
    instruction: str,
    type: str,
    happened: Days,
    organisation: str | None = None,
    new_deadline: dt.date | None = None,
    ground: str = "",
    said_state: str = "",
    text: Texts | None = None,
    source: str | None = None,
    said: Days | None = None,
    said_by: str = "",
    said_note: str = "",
    key: str | None = None,
    invented: bool = False,
) -> InstructionEvent:
    """Add what happened to an instruction (code). Said on the day it happened unless told otherwise.

    Executors tell of themselves only, and answer or ask on the day they do it; a coordinator records what is
    told of others and of other days. The same closing may be told again by another source; another one may
    not.
    """
    owner = writing.get(Instruction, code=instruction)
    writing.choice(type, Type.values, field="type")
    body = writing.related(InstructionEvent, "organisation", organisation)
    right = _RIGHT_OF[Type(type)]
    require(by, right, organisations=[body.code] if body else [])
    happened_from, happened_to = writing.interval(happened, field="happened")
    if body is not None and (type in _OF_EXECUTORS or not may(by, right)):
        _role(owner, body.code)
    if happened_to < owner.given_from:
        raise BadInput("before_given", field="happened", day=happened_to, given=owner.given_from)
    if body is not None and not may(by, right):
        _on_the_day(type, (happened_from, happened_to), said)
    _check_event(type, new_deadline, ground, said_state)
    origin = writing.related(InstructionEvent, "source", source)
    saying = writing.said_fields(said or happened, said_by, said_note, source=origin)
    _told_after((happened_from, happened_to), saying["said_to"], origin)
    values: dict[str, Any] = {
        **saying,
        "instruction": owner,
        "type": type,
        "organisation": body,
        **{"happened_from": happened_from, "happened_to": happened_to},
        "new_deadline": new_deadline,
        "ground": ground,
        "said_state": said_state,
        **texts("text", text),
        "source": origin,
        "invented": invented or writing.any_invented(owner, body, origin),
    }
    with writing.writing():
        if type == Type.CLOSED:
            _refuse_other_closing(owner, values, told_by_facts=bool(key))
        if type in {Type.RECEIVED, Type.RETURNED} and not may(by, right):
            _refuse_moving_the_clock(owner, values)
        values["key"] = writing.new_key(InstructionEvent, key, instruction)
        return writing.append(
            InstructionEvent,
            by=by,
            kind=f"instruction.{type}",
            target=f"instruction:{instruction}",
            values=values,
        )


@transaction.atomic
def instruction_respond(
    *,
    by: User,
    instruction: str,
    organisation: str,
    text: Texts,
    said_state: str = "",
    happened_on: dt.date | None = None,
    source: str | None = None,
) -> InstructionEvent:
    """Answer an instruction for one of its executors: the lead answers the giver, a co-executor the lead."""
    owner = writing.get(Instruction, code=instruction)
    role = _role(owner, organisation)
    _refuse_closed(owner)
    return instruction_event_add(
        by=by,
        instruction=instruction,
        type=Type.ANSWERED if role == "lead" else Type.CO_ANSWERED,
        organisation=organisation,
        happened=happened_on or timezone.localdate(),
        said_state=said_state,
        said_by=organisation,
        text=_said(text),
        source=source,
    )


@transaction.atomic
def instruction_request_extension(
    *,
    by: User,
    instruction: str,
    organisation: str,
    new_deadline: dt.date,
    text: Texts,
    happened_on: dt.date | None = None,
) -> InstructionEvent:
    """Ask for more time: the lead executor, at least one day before the deadline, with reasons and an exact
    date.

    It is asked for on the day of asking: what was asked on another day is recorded as told, by a coordinator
    (`instruction_event_add`). Rules of procedure of the Government, points 187, 189 and 194.
    """
    owner = writing.get(Instruction, code=instruction)
    require(by, "instruction.request_extension", organisations=[organisation])
    day = happened_on or timezone.localdate()
    if _role(owner, organisation) != "lead":
        raise BadInput("only_lead_asks", field="organisation", organisation=organisation)
    _refuse_closed(owner)
    due = instruction_due(instruction, AsKnown(day))
    if due is None:
        raise BadInput("no_deadline_to_extend", field="instruction", instruction=instruction)
    if day >= due:
        raise BadInput(
            "extension_too_late", field="happened_on", due=due, last_day=due - dt.timedelta(days=1)
        )
    _later(new_deadline, due)
    return instruction_event_add(
        by=by,
        instruction=instruction,
        type=Type.EXTENSION_REQUESTED,
        organisation=organisation,
        happened=day,
        new_deadline=new_deadline,
        said_by=organisation,
        text=_said(text),
    )


@transaction.atomic
def instruction_extend(
    *,
    by: User,
    instruction: str,
    new_deadline: dt.date,
    text: Texts | None = None,
    happened_on: dt.date | None = None,
    source: str | None = None,
) -> InstructionEvent:
    """Move the deadline to an exact later day. The first deadline stays the yardstick for ever."""
    owner = writing.get(Instruction, code=instruction)
    _refuse_closed(owner)
    day = happened_on or timezone.localdate()
    due = instruction_due(instruction, AsKnown(day))
    if due is not None:
        if day > due:
            raise Conflict("due_day_passed", field="new_deadline", due=due)
        _later(new_deadline, due)
    return instruction_event_add(
        by=by,
        instruction=instruction,
        type=Type.EXTENDED,
        happened=day,
        new_deadline=new_deadline,
        text=text,
        source=source,
    )


@transaction.atomic
def instruction_refuse_extension(
    *, by: User, instruction: str, text: Texts, happened_on: dt.date | None = None
) -> InstructionEvent:
    """Refuse the extension asked for: the deadline stays."""
    _refuse_closed(writing.get(Instruction, code=instruction))
    return instruction_event_add(
        by=by,
        instruction=instruction,
        type=Type.REFUSED,
        happened=happened_on or timezone.localdate(),
        text=_said(text),
    )


@transaction.atomic
def instruction_close(
    *,
    by: User,
    instruction: str,
    ground: str,
    text: Texts | None = None,
    happened_on: dt.date | None = None,
    source: str | None = None,
) -> InstructionEvent:
    """Take an instruction off control on one of the five grounds. It says nothing of evidence: that stays as
    it is."""
    owner = writing.get(Instruction, code=instruction)
    _refuse_closed(owner)
    return instruction_event_add(
        by=by,
        instruction=instruction,
        type=Type.CLOSED,
        happened=happened_on or timezone.localdate(),
        ground=ground,
        said_state=SaidState.DONE if ground == "executed" else "",
        text=text,
        source=source,
    )


def _said(text: Texts) -> Texts:
    texts("text", text, required=True)
    return text


def _deadline(kind: str, on: dt.date | None, said: str) -> dict[str, Any]:
    kinds = [value for value, _ in Instruction._meta.get_field("deadline_kind").flatchoices]
    writing.choice(kind, kinds, field="deadline_kind")
    if kind == "date" and on is None:
        raise BadInput("missing", field="deadline_on")
    if kind not in {"date", "term"} and on is not None:
        raise BadInput("day_without_deadline", field="deadline_on", kind=kind)
    return {"deadline_kind": kind, "deadline_on": on, "deadline_said": said.strip()}


def _check_event(type: str, new_deadline: dt.date | None, ground: str, said_state: str) -> None:
    if said_state:
        writing.choice(said_state, SaidState.values, field="said_state")
    if type == Type.EXTENDED and new_deadline is None:
        raise BadInput("missing", field="new_deadline")
    if new_deadline is not None and type not in {Type.EXTENDED, Type.EXTENSION_REQUESTED}:
        raise BadInput("day_without_deadline", field="new_deadline", kind=type)
    if type == Type.CLOSED:
        writing.choice(ground, closing_grounds(), field="ground")
    elif ground and type != Type.RETURNED:
        raise BadInput("ground_without_closing", field="ground", kind=type)


def _later(new_deadline: dt.date, due: dt.date) -> None:
    if new_deadline <= due:
        raise BadInput("not_later", field="new_deadline", due=due, day=new_deadline)


def _on_the_day(type: str, happened: tuple[dt.date, dt.date], said: Days | None) -> None:
    """Executors choose no day for an answer or a request: what is late cannot be entered as in time."""
    if type not in {Type.ANSWERED, Type.CO_ANSWERED, Type.EXTENSION_REQUESTED, Type.RETURNED}:
        return
    today = timezone.localdate()
    for field, days in (("happened_on", happened), ("said", said)):
        if days not in (None, today, (today, today)):
            raise BadInput("only_today", field=field)


def _told_after(happened: tuple[dt.date, dt.date], said_to: dt.date, source: Any) -> None:
    """What is told has happened: not after it was said, nor after its source was published."""
    writing.said_in_time(happened, source, field="happened")
    if happened[0] > said_to:
        raise BadInput("told_before_it_happened", field="happened", day=happened[0], said=said_to)


def _refuse_other_closing(owner: Instruction, values: Mapping[str, Any], *, told_by_facts: bool) -> None:
    """Conflict for a second closing. The first one told again (same ground, days that meet) is none, and what
    sources say in facts files is kept even where they differ: the clock ends with the first."""
    closings = owner.events.filter(type=Type.CLOSED, invented=values["invented"])
    same = closings.filter(
        ground=values["ground"],
        happened_from__lte=values["happened_to"],
        happened_to__gte=values["happened_from"],
    )
    if told_by_facts or not closings.exists() or (values["source"] is not None and same.exists()):
        return
    raise Conflict("instruction_closed", field="instruction", instruction=owner.code)


def _refuse_moving_the_clock(owner: Instruction, values: Mapping[str, Any]) -> None:
    """A term runs from the receipt: an executor cannot start it anew, nor move one whose last day has
    passed."""
    told = owner.events.filter(type=Type.RECEIVED, invented=values["invented"])
    own = Q(organisation=values["organisation"]) | Q(organisation=None)
    if values["type"] == Type.RECEIVED and told.filter(own).exists():
        raise Conflict("received_already", field="type", instruction=owner.code)
    if values["type"] == Type.RECEIVED and owner.deadline_on is not None:
        return  # a day named in the instruction does not hang on its receipt
    today = timezone.localdate()
    due = instruction_due(owner.code, AsKnown(today))
    if due is not None and due < today:
        raise Conflict("due_day_passed", field="type", due=due)


def _role(instruction: Instruction, organisation: str) -> str:
    row = instruction.executors.filter(organisation__code=organisation).first()
    if row is None:
        raise BadInput("not_an_executor", field="organisation", organisation=organisation)
    return row.role


def _refuse_closed(instruction: Instruction) -> None:
    """Look under the ledger's lock: of two closings at once the second must see the first."""
    lock_head()
    if instruction.events.filter(type=Type.CLOSED, invented=instruction.invented).exists():
        raise Conflict("instruction_closed", field="instruction", instruction=instruction.code)


def _executors(executors: Sequence[tuple[str, str]]) -> dict[Any, str]:
    owing: dict[Any, str] = {}
    for code, role in executors:
        body = writing.required(Executor, "organisation", code, named="executors")
        if body in owing:
            raise BadInput("given_twice", field="executors", value=code)
        owing[body] = writing.choice(role, ("lead", "co"), field="executors")
    return owing


def _set_executors(
    instruction: Instruction, owing: Mapping[Any, str], by: User, *, fresh: bool, said: dt.date | None
) -> None:
    before = executors_of(instruction)
    after = {body.code: role for body, role in owing.items()}
    if before == after:
        return
    if not fresh:
        pairs = {"executors": [list(pair) for pair in before.items()]}
        now = {"executors": [list(pair) for pair in after.items()]}
        writing.revise(by=by, target=f"instruction:{instruction.code}", before=pairs, after=now, said=said)
    instruction.executors.all().delete()
    Executor.objects.bulk_create(
        Executor(instruction=instruction, organisation=body, role=role) for body, role in owing.items()
    )
    _changed(instruction, by, "executors", before, after)


def _set_subjects(instruction: Instruction, about: Sequence[Any], by: User) -> None:
    before = subjects_of(instruction)
    after = sorted({subject.code for subject in about})
    if before == after:
        return
    instruction.subjects.set(about)
    _changed(instruction, by, "subjects", before, after)


def _changed(instruction: Instruction, by: User, field: str, before: Any, after: Any) -> None:
    record(
        "instruction.changed",
        by=by,
        target=f"instruction:{instruction.code}",
        before={field: before},
        after={field: after},
    )
