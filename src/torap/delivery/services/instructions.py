"""Writes about instructions: the order itself, and the events from which its clocks are computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.delivery.kept import executors_of, subjects_of
from torap.delivery.models import ControlTag, Executor, Instruction, InstructionEvent, SaidState
from torap.delivery.selectors.instructions import instruction_due
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, texts
from torap.ledger.services import lock_head, record
from torap.rules.known import AsKnown

Type = InstructionEvent.Type
ISSUERS = (
    "president",
    "head_of_presidential_administration",
    "prime_minister",
    "deputy_prime_minister",
    "head_of_office",
    "state_counsellor",
    "secretary_of_security_council",
    "government",
    "minister",
    "other",
)
# Rules of procedure of the Government, point 193.
CLOSING_GROUNDS = (
    "executed",
    "absorbed_by_new_instruction",
    "information_submitted",
    "objectively_impossible",
    "control_passed_to_executor",
)
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

    `deadline_on` belongs to the kind "date" (or a term whose end was named); the due day is never stored.
    """
    require(by, "instruction.add")
    given_from, given_to = writing.interval(given, field="given")
    saying = writing.said_fields(said, "", said_note)
    saying.pop("said_by")
    values: dict[str, Any] = {
        **texts("text", text, required=True),
        **texts("session", session),
        "issuer": writing.choice(issuer, ISSUERS, field="issuer"),
        **{"given_from": given_from, "given_to": given_to},
        **_deadline(deadline_kind, deadline_on, deadline_said),
        "executors_said": executors_said.strip(),
        "tags": [writing.choice(tag, ControlTag.values, field="tags") for tag in tags],
        "law_params": dict(law_params or {}),
        **texts("done_means", done_means),
        "source": writing.required(Instruction, "source", source),
        **saying,
        "invented": invented,
    }
    owing = _executors(executors)
    about = [writing.required(Instruction, "subjects", subject) for subject in subjects]
    with transaction.atomic():
        instruction, _ = writing.save_named(
            Instruction, by=by, entity="instruction", code=writing.text(code, field="code"), values=values
        )
        _set_executors(instruction, owing, by)
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
    """Add what happened to an instruction (code). Said on the day it happened unless told otherwise."""
    owner = writing.get(Instruction, code=instruction)
    writing.choice(type, Type.values, field="type")
    body = writing.related(InstructionEvent, "organisation", organisation)
    require(by, _RIGHT_OF[Type(type)], organisations=[body.code] if body else [])
    happened_from, happened_to = writing.interval(happened, field="happened")
    _check_event(type, new_deadline, ground, said_state)
    values: dict[str, Any] = {
        **writing.said_fields(said or happened, said_by, said_note),
        "instruction": owner,
        "type": type,
        "organisation": body,
        **{"happened_from": happened_from, "happened_to": happened_to},
        "new_deadline": new_deadline,
        "ground": ground,
        "said_state": said_state,
        **texts("text", text),
        "source": writing.related(InstructionEvent, "source", source),
        "invented": invented,
    }
    with transaction.atomic():
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

    Rules of procedure of the Government, points 187, 189 and 194.
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
        writing.choice(ground, CLOSING_GROUNDS, field="ground")
    elif ground and type != Type.RETURNED:
        raise BadInput("ground_without_closing", field="ground", kind=type)


def _later(new_deadline: dt.date, due: dt.date) -> None:
    if new_deadline <= due:
        raise BadInput("not_later", field="new_deadline", due=due, day=new_deadline)


def _role(instruction: Instruction, organisation: str) -> str:
    row = instruction.executors.filter(organisation__code=organisation).first()
    if row is None:
        raise BadInput("not_an_executor", field="organisation", organisation=organisation)
    return row.role


def _refuse_closed(instruction: Instruction) -> None:
    """Look under the ledger's lock: of two closings at once the second must see the first."""
    lock_head()
    if instruction.events.filter(type=Type.CLOSED).exists():
        raise Conflict("instruction_closed", field="instruction", instruction=instruction.code)


def _executors(executors: Sequence[tuple[str, str]]) -> dict[Any, str]:
    owing: dict[Any, str] = {}
    for code, role in executors:
        body = writing.required(Executor, "organisation", code, named="executors")
        if body in owing:
            raise BadInput("given_twice", field="executors", value=code)
        owing[body] = writing.choice(role, ("lead", "co"), field="executors")
    return owing


def _set_executors(instruction: Instruction, owing: Mapping[Any, str], by: User) -> None:
    before = executors_of(instruction)
    after = {body.code: role for body, role in owing.items()}
    if before == after:
        return
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
