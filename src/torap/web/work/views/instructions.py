"""Instructions: a new one, and every verb of its life."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from torap.common.errors import Conflict
from torap.common.permissions import require
from torap.delivery import services
from torap.delivery.models import Instruction, InstructionEvent
from torap.delivery.selectors import InstructionState, instruction_get
from torap.publish.wording import issuer_words
from torap.web import formats
from torap.web.presenters.instructions import executor_names, instruction_line
from torap.web.presenters.links import known_link
from torap.web.work import access, once
from torap.web.work.access import WorkRequest, holding, signed_in
from torap.web.work.forms.instructions import (
    ClosingForm,
    DecisionForm,
    EventForm,
    ExtensionForm,
    InstructionForm,
    ResponseForm,
)
from torap.web.work.pages import Page, filled, form_page

_ABOUT_LENGTH = 160


@holding("instruction.add")
def new(request: WorkRequest) -> HttpResponse:
    """Enter an order."""
    form = filled(request, InstructionForm)
    board = known_link(None, "instruction_board")
    page = Page(
        title=_("New instruction"),
        about="",
        back=board,
        button=_("Add the instruction"),
        done=_("The instruction was added; its clock is computed from now on."),
        crumbs=[(_("Instructions"), board)],
    )

    def write() -> Any:
        data = form.cleaned_data
        code = _free_code(data["given"])
        return services.instruction_save(
            by=request.user,
            code=code,
            text=form.texts("text") or "",
            issuer=data["issuer"],
            given=data["given"],
            deadline_kind=data["deadline_kind"],
            deadline_on=data["deadline_on"],
            deadline_said=data["deadline_said"],
            executors=form.executors(),
            subjects=data["subjects"],
            tags=data["tags"],
            session=form.texts("session"),
            done_means=form.texts("done_means"),
            source=form.source_code() or "",
            said=data["given"],
        )

    return form_page(request, form, page, write)


def _free_code(given: dt.date) -> str:
    """A code of its own: an existing instruction is never written over."""
    code = f"I-{given.isoformat()}-{once.new_number()[:6]}"
    if Instruction.objects.filter(code=code).exists():
        raise Conflict("already_there", field="code", value=code)
    return code


@signed_in
def respond(request: WorkRequest, code: str) -> HttpResponse:
    """Answer in the name of an executor."""
    state = instruction_get(code, access.today())
    bodies = access.bodies_of_instruction(state.instruction)
    require(request.user, "instruction.respond", organisations=bodies)
    form = filled(request, ResponseForm, bodies=access.shared(request.user, "instruction.respond", bodies))
    page = instruction_page(
        state,
        title=_("Answer the instruction"),
        button=_("Send the answer"),
        done=_("The answer was recorded."),
        lead=_("The lead executor answers the giver; a co-executor answers the lead."),
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.instruction_respond(
            by=request.user,
            instruction=code,
            organisation=data["organisation"],
            text=form.texts("text") or "",
            said_state=data["said_state"],
            happened_on=data.get("happened_on"),
            source=form.source_code(),
        )

    return form_page(request, form, page, write)


@signed_in
def event(request: WorkRequest, code: str) -> HttpResponse:
    """Record that it was received, returned or followed up."""
    state = instruction_get(code, access.today())
    bodies = access.bodies_of_instruction(state.instruction)
    require(request.user, "instruction.respond", organisations=bodies)
    form = filled(request, EventForm, bodies=access.shared(request.user, "instruction.respond", bodies))
    page = instruction_page(
        state,
        title=_("Record what happened"),
        button=_("Record it"),
        done=_("It was recorded; the clock is computed anew."),
        lead=_("Terms run from the day of receipt; until it is known, the day it was given stands for it."),
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.instruction_event_add(
            by=request.user,
            instruction=code,
            type=data["type"],
            organisation=data.get("organisation") or None,
            happened=data["happened"],
            said_state=data["said_state"],
            text=form.texts("text"),
            source=form.source_code(),
            said_by=data.get("organisation", ""),
        )

    return form_page(request, form, page, write)


@signed_in
def extension(request: WorkRequest, code: str) -> HttpResponse:
    """Ask for more time."""
    state = instruction_get(code, access.today())
    leads = access.bodies_of_instruction(state.instruction, lead_only=True)
    right = "instruction.request_extension"
    require(request.user, right, organisations=leads)
    due = state.control.due
    form = filled(request, ExtensionForm, bodies=access.shared(request.user, right, leads), due=due)
    notices = []
    if due is not None:
        last = formats.day(due - dt.timedelta(days=1))
        notices.append(("info", _("It can be asked for not later than %(day)s.") % {"day": last}))
    page = instruction_page(
        state,
        title=_("Ask for more time"),
        button=_("Send the request"),
        done=_("The request was recorded; the giver decides."),
        lead=_("The first deadline stays the yardstick, whatever is decided."),
        notices=notices,
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.instruction_request_extension(
            by=request.user,
            instruction=code,
            organisation=data["organisation"],
            new_deadline=data["new_deadline"],
            text=form.texts("text") or "",
        )

    return form_page(request, form, page, write)


@holding("instruction.extend")
def decision(request: WorkRequest, code: str) -> HttpResponse:
    """Extend the deadline, or refuse to."""
    state = instruction_get(code, access.today())
    asked = _asked(state)
    form = filled(request, DecisionForm, asked=asked.new_deadline if asked else None)
    notices = []
    if asked is not None:
        words = {"body": asked.organisation.name if asked.organisation else "", "day": ""}
        words["day"] = formats.day(asked.new_deadline) if asked.new_deadline else "–"
        notices.append(("info", _("%(body)s asks for an extension to %(day)s.") % words + f" {asked.text}"))
    page = instruction_page(
        state,
        title=_("Decide on an extension"),
        button=_("Record the decision"),
        done=_("The decision was recorded; the clock is computed anew."),
        notices=notices,
    )

    def write() -> Any:
        data = form.cleaned_data
        common = {"by": request.user, "instruction": code, "happened_on": data["happened_on"]}
        if data["decision"] == "refuse":
            return services.instruction_refuse_extension(text=form.texts("text") or "", **common)
        return services.instruction_extend(
            new_deadline=data["new_deadline"],
            text=form.texts("text"),
            source=form.source_code(),
            **common,
        )

    return form_page(request, form, page, write)


def _asked(state: InstructionState) -> InstructionEvent | None:
    """The request that waits for a decision."""
    kinds = InstructionEvent.Type
    for event in reversed(state.events):
        if event.type in {kinds.EXTENDED, kinds.REFUSED}:
            return None
        if event.type == kinds.EXTENSION_REQUESTED:
            return event
    return None


@holding("instruction.close")
def close(request: WorkRequest, code: str) -> HttpResponse:
    """Take an instruction off control."""
    state = instruction_get(code, access.today())
    form = filled(request, ClosingForm)
    notices = []
    if not state.done:
        words = _(
            "No evidence accepted by another body supports it; it will stand as closed without evidence."
        )
        notices.append(("warning", words))
    page = instruction_page(
        state,
        title=_("Close the instruction"),
        button=_("Close it"),
        done=_("The instruction is off control."),
        notices=notices,
        danger=True,
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.instruction_close(
            by=request.user,
            instruction=code,
            ground=data["ground"],
            text=form.texts("text"),
            happened_on=data["happened_on"],
            source=form.source_code(),
        )

    return form_page(request, form, page, write)


def instruction_page(state: InstructionState, *, title: str, button: str, done: str, **more: Any) -> Page:
    """What stands around a form about an instruction: who owes it, by when, and its statuses."""
    line = instruction_line(state, access.today())
    facts = [
        (_("Given by"), issuer_words(state.instruction.issuer)),
        (_("Executors"), executor_names(state)),
        (_("Due"), f"{formats.day(line.due)} · {line.due_note}" if line.due else line.due_note),
        (_("Status"), line.words),
        (_("What evidence supports"), line.triple["evidenced"]["label"]),
    ]
    return Page(
        title=title,
        about=formats.shortened(line.text, _ABOUT_LENGTH),
        back=known_link(None, "instruction", state.code),
        button=button,
        done=done,
        facts=facts,
        **more,
    )
