"""Instructions: the order itself, and the verbs of its life with what the rules of procedure ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torap.common.permissions import may
from torap.delivery.models import ControlTag, Instruction, InstructionEvent, SaidState
from torap.delivery.services import closing_grounds, issuers
from torap.publish.wording import issuer_words
from torap.registry.selectors import subject_list
from torap.web import formats
from torap.web.law.words import choice_words
from torap.web.work.forms.base import (
    CHOOSE,
    NOT_NAMED,
    WorkForm,
    body_choices,
    body_field,
    day_field,
    words_field,
)
from torap.web.work.forms.sources import SourceForm

Type = InstructionEvent.Type

# Forms that ask for one day: it is the day of the event and of its saying.
_ON_ONE_DAY = {"happened": "happened_on", "said": "happened_on"}
_TOLD = {
    Type.RECEIVED: _("received by the executor"),
    Type.RETURNED: _("returned: wrong addressee"),
    Type.FOLLOW_UP: _("follow-up reported"),
}


class InstructionForm(SourceForm):
    """A new order."""

    aliases: ClassVar[dict[str, str]] = {"executors": "leads", "code": "text_en", "said": "given"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("text", _("Text of the instruction"), required=True)
        self.fields["issuer"] = forms.ChoiceField(
            label=_("Given by"),
            choices=[(code, issuer_words(code)) for code in issuers()],
        )
        self.fields["given"] = day_field(_("Given on"), initial=timezone.localdate)
        kinds = Instruction._meta.get_field("deadline_kind").flatchoices
        self.fields["deadline_kind"] = forms.ChoiceField(
            label=_("Kind of deadline"),
            choices=kinds,
            help_text=_("The due day is computed by the law, never typed."),
        )
        self.fields["deadline_on"] = day_field(_("Exact day named"), required=False)
        self.fields["deadline_said"] = words_field(_("Deadline as said"), required=False, length=200)
        bodies = body_choices()
        self.fields["leads"] = _several(_("Lead executors"), bodies)
        self.fields["co_executors"] = _several(_("Co-executors"), bodies)
        subjects = [(row.code, row.name) for row in subject_list() if row.kind != "organisation"]
        self.fields["subjects"] = _several(_("What it is about"), subjects)
        self.add_source()
        self.add_texts("session", _("Session"), rows=0)
        self.add_texts("done_means", _("What counts as done"), rows=3)
        self.fields["tags"] = forms.MultipleChoiceField(
            label=_("Control words used"),
            required=False,
            choices=ControlTag.choices,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any]:
        """A body leads or helps, not both."""
        data = super().clean() or {}
        twice = set(data.get("leads", ())) & set(data.get("co_executors", ()))
        if twice:
            self.add_error("co_executors", _("A body stands among the lead executors already."))
        return data

    def executors(self) -> list[tuple[str, str]]:
        """Bodies with their roles, as the service takes them."""
        leads = [(code, "lead") for code in self.cleaned_data["leads"]]
        return leads + [(code, "co") for code in self.cleaned_data["co_executors"]]


class ResponseForm(SourceForm):
    """The answer of an executor."""

    aliases: ClassVar[dict[str, str]] = _ON_ONE_DAY

    def __init__(self, *args: Any, bodies: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body_field(self, "organisation", _("Answered by"), bodies)
        self.add_texts("text", _("Answer"), required=True, rows=6)
        self.fields["said_state"] = forms.ChoiceField(
            label=_("State as you say it"),
            required=False,
            choices=[NOT_NAMED, *SaidState.choices],
            help_text=_("A word. Only evidence accepted by another body counts as done."),
        )
        if may(self.by, "instruction.respond"):  # an executor answers today
            self.fields["happened_on"] = day_field(_("Answered on"), initial=timezone.localdate)
        self.add_source(required=False)


class EventForm(SourceForm):
    """What else happened: received, returned, followed up."""

    aliases: ClassVar[dict[str, str]] = {"said": "happened"}

    def __init__(self, *args: Any, bodies: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"] = forms.ChoiceField(
            label=_("What happened"), choices=[(kind.value, label) for kind, label in _TOLD.items()]
        )
        if bodies := list(bodies):
            body_field(self, "organisation", _("Which body"), bodies)
        self.fields["happened"] = day_field(_("On"), initial=timezone.localdate)
        self.add_texts("text", _("What is said"))
        self.fields["said_state"] = forms.ChoiceField(
            label=_("State said"), required=False, choices=[NOT_NAMED, *SaidState.choices]
        )
        self.add_source(required=False)


class ExtensionForm(WorkForm):
    """A request for more time."""

    def __init__(self, *args: Any, bodies: Iterable[str], due: dt.date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body_field(self, "organisation", _("Asked by"), bodies, help_text=_("Only the lead executor asks."))
        until = _("An exact day after %(day)s.") % {"day": formats.day(due)} if due else ""
        self.fields["new_deadline"] = day_field(_("New deadline asked for"), help_text=until)
        self.add_texts(
            "text", _("Reasons"), required=True, help_text=_("What was done, what is not done, and why.")
        )


class DecisionForm(SourceForm):
    """The decision on more time, asked for or not."""

    aliases: ClassVar[dict[str, str]] = _ON_ONE_DAY

    def __init__(self, *args: Any, asked: dt.date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"] = forms.ChoiceField(
            label=_("Decision"),
            choices=[("extend", _("extend the deadline")), ("refuse", _("refuse: the deadline stays"))],
            widget=forms.RadioSelect,
        )
        self.fields["new_deadline"] = day_field(
            _("New deadline"), required=False, initial=asked, help_text=_("Needed to extend.")
        )
        self.add_texts("text", _("Reasons"), help_text=_("Needed to refuse."))
        self.fields["happened_on"] = day_field(_("Decided on"), initial=timezone.localdate)
        self.add_source(required=False)

    def clean(self) -> dict[str, Any]:
        """An extension names its day."""
        data = super().clean() or {}
        if (
            data.get("decision") == "extend"
            and not data.get("new_deadline")
            and "new_deadline" not in self.errors
        ):
            self.add_error("new_deadline", _("This field is required."))
        return data


class ClosingForm(SourceForm):
    """Taking an instruction off control."""

    aliases: ClassVar[dict[str, str]] = _ON_ONE_DAY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"] = forms.ChoiceField(
            label=_("Ground"),
            choices=[CHOOSE, *((code, choice_words(code)) for code in closing_grounds())],
            help_text=_("One of the five of point 193 of the rules of procedure of the Government."),
        )
        self.add_texts("text", _("Words of the decision"))
        self.fields["happened_on"] = day_field(_("Closed on"), initial=timezone.localdate)
        self.add_source(required=False)


def _several(label: Any, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Hold Ctrl (on a Mac: Cmd) to choose several."),
    )
