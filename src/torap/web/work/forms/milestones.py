"""What is said and shown of milestones: promises, reports, evidence and its verification."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from torap.common.permissions import correctable_by
from torap.delivery.models import Evidence, Milestone, SaidState, Verification
from torap.delivery.selectors import MilestoneState
from torap.delivery.services import (
    FILE_ENDINGS,
)
from torap.web import formats
from torap.web.presenters import statuses
from torap.web.presenters.milestones import promise_words
from torap.web.work.access import bodies_for
from torap.web.work.forms.base import (
    NOT_NAMED,
    WorkForm,
    body_choices,
    body_field,
    day_field,
    words_field,
)
from torap.web.work.forms.sources import SourceForm

_FILE_NOTE = _("Everybody can open it. Take out personal data first.")
# What a file of this kind begins with; kinds without a fixed beginning are not looked into.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF",),
    "png": (b"\x89PNG",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "webp": (b"RIFF",),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
    **dict.fromkeys(("docx", "xlsx", "odt", "ods", "zip", "asice"), (b"PK",)),
}


class PromiseForm(SourceForm):
    """A date or period somebody named."""

    aliases: ClassVar[dict[str, str]] = {"key": "as_said"}

    def __init__(self, *args: Any, state: MilestoneState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_said"] = words_field(
            _("Promised, in the words used"),
            length=200,
            help_text=_("As it was said: “Q2 2025”, “by 2030”, “December 2025”, “first half of 2027”."),
        )
        self.fields["earliest"] = day_field(_("Promised, earliest"), required=False)
        self.fields["latest"] = day_field(_("Promised, latest"), required=False)
        self.fold(_("The words do not give the days"), ["earliest", "latest"])
        self.fields["yardstick"] = forms.BooleanField(
            label=_("It counts as a promise"),
            required=False,
            initial=True,
            help_text=_("Leave it off for a horizon or a forecast by somebody else: kept, but not measured."),
        )
        self.add_saying()
        self.add_source()
        self.add_texts("reason", _("Reason for the change"), rows=3)
        _add_correction(self, reversed(state.promises), promise_words)


class ReportForm(SourceForm):
    """How far a milestone is, as somebody says."""

    def __init__(self, *args: Any, state: MilestoneState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"] = forms.ChoiceField(
            label=_("State"), choices=SaidState.choices, widget=forms.RadioSelect
        )
        self.fields["done_on"] = day_field(
            _("Done on"), required=False, help_text=_("Only with the state “done”.")
        )
        self.fields["percent"] = forms.DecimalField(
            label=_("Percent"), required=False, min_value=0, max_value=100, decimal_places=1
        )
        self.add_texts("text", _("What is said"))
        self.add_saying()
        self.add_source()
        _add_correction(self, reversed(state.reports), lambda row: statuses.said_words(row.state))


class EvidenceForm(WorkForm):
    """A document, photograph, act, image or record offered for a milestone or an instruction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"] = forms.ChoiceField(label=_("Kind"), choices=Evidence.Type.choices)
        self.fields["title"] = words_field(
            _("Title"), length=300, help_text=_("What it is, and what it shows.")
        )
        self.fields["shows_on"] = day_field(
            _("Shows the state on"), help_text=_("The day the photograph was taken or the act was signed.")
        )
        self.fields["file"] = forms.FileField(label=_("File"), required=False, help_text=_FILE_NOTE)
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{ending}" for ending in sorted(FILE_ENDINGS))
        self.fields["url"] = forms.URLField(
            label=_("Address"),
            required=False,
            max_length=1500,
            assume_scheme="https",
            help_text=_("Where everybody can open it. A file, an address, or both."),
        )
        body_field(self, "given_by", _("Given by"), bodies_for(self.by, "evidence.add"))
        self.fields["lat"] = forms.FloatField(
            label=_("Latitude, degrees"), required=False, min_value=-90, max_value=90
        )
        self.fields["lon"] = forms.FloatField(
            label=_("Longitude, degrees"), required=False, min_value=-180, max_value=180
        )
        self.fold(_("Where it was taken"), ["lat", "lon"])

    def clean_file(self) -> UploadedFile | None:
        """Refuse a file whose content is not what its ending says."""
        file: UploadedFile | None = self.cleaned_data.get("file")
        if file is None:
            return None
        ending = PurePath(file.name or "").suffix.lower().lstrip(".")
        expected = _BEGINNINGS.get(ending)
        beginning = file.read(16)
        file.seek(0)
        if expected and beginning and not beginning.startswith(expected):
            raise forms.ValidationError(
                _("The content of the file is not what “.%(ending)s” says. Save it anew in that format."),
                params={"ending": ending},
            )
        return file


class VerificationForm(WorkForm):
    """What another body found."""

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence = evidence
        self.fields["verdict"] = forms.ChoiceField(
            label=_("Verdict"), choices=Verification.Verdict.choices, widget=forms.RadioSelect
        )
        giver = [evidence.given_by.code] if evidence.given_by else []
        choices = body_choices(bodies_for(self.by, "evidence.verify"), leave_out=giver)
        self.fields["organisation"] = forms.ChoiceField(
            label=_("In the name of"),
            choices=choices if len(choices) == 1 else [NOT_NAMED, *choices],
            help_text=_("Another body than the one that gave the evidence."),
        )
        self.fields["note"] = words_field(
            _("What was found"), required=False, rows=3, help_text=_("A rejection says why.")
        )


class MilestoneForm(WorkForm):
    """A new milestone of a subject."""

    aliases: ClassVar[dict[str, str]] = {"code": "name_en"}

    def __init__(self, *args: Any, bodies: Iterable[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts(
            "name",
            _("Name"),
            required=True,
            rows=0,
            help_text=_("The state to be reached: “Works complete”."),
        )
        self.fields["type"] = forms.ChoiceField(label=_("Type"), choices=Milestone.Type.choices)
        self.fields["holder"] = forms.ChoiceField(
            label=_("Owed by"), required=False, choices=[NOT_NAMED, *body_choices(bodies)]
        )


def _said_of(words: str, row: Any) -> str:
    said = formats.period(row.said_from, row.said_to)
    return " · ".join(part for part in (words, said, row.said_by or row.source.publisher) if part)


def _add_correction(form: WorkForm, rows: Iterable[Any], words: Callable[[Any], str]) -> None:
    """A slip of the pen is put right by a new record that names the old one, which stays to be seen."""
    names = correctable_by(form.by)
    earlier = [
        (row.key, _said_of(words(row), row)) for row in rows if names is None or row.recorded_by in names
    ]
    if not earlier:
        return
    form.fields["corrects"] = forms.ChoiceField(
        label=_("It puts right"),
        required=False,
        choices=[("", _("nothing: it is a new word")), *earlier],
        help_text=_(
            "Only for a record that was entered wrongly. A new date is a new promise, not a correction."
        ),
    )
    form.fold(_("A record was entered wrongly"), ["corrects"])
