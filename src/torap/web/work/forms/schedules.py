"""Sending a schedule file, and saying which of its activities stands for the milestone."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from torap.delivery.services import SCHEDULE_ENDINGS
from torap.engines.schedule.plan import Activity
from torap.intake.schedules.attach import ASSUMED_SHARES, SchedulePreview
from torap.web import formats
from torap.web.work.access import bodies_for
from torap.web.work.forms.base import NOT_NAMED, WorkForm, body_choices, words_field

PROFILES = [
    ("", _("of the program that wrote the file")),
    ("msproject", "Microsoft Project"),
    ("p6", "Primavera P6"),
    ("torap", "Torap"),
]
OFFERED = 200


class ScheduleForm(WorkForm):
    """The file, and by whose convention its dates are computed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = forms.FileField(
            label=_("Schedule"),
            help_text=_("Microsoft Project XML, Primavera XER, or Torap JSON. Everybody can open it."),
        )
        endings = ",".join(f".{ending}" for ending in sorted(SCHEDULE_ENDINGS))
        self.fields["file"].widget.attrs["accept"] = endings
        self.fields["profile"] = forms.ChoiceField(
            label=_("Convention of its dates"), required=False, choices=PROFILES
        )
        self.fields["project"] = words_field(
            _("Project"),
            required=False,
            length=200,
            help_text=_("Only for a Primavera file with several projects: the short name of one."),
        )
        self.fold(_("More about the file"), ["profile", "project"])

    def clean_file(self) -> UploadedFile:
        """Refuse what cannot be a schedule before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower().lstrip(".") not in SCHEDULE_ENDINGS:
            raise forms.ValidationError(
                _(
                    "“%(name)s” is no schedule: send .xml, .xer or .json. In Microsoft Project choose File, "
                    "Save As, XML."
                ),
                params={"name": file.name},
            )
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if (file.size or 0) > limit:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": formats.number(limit // 2**20)}
            )
        return file


class AttachForm(WorkForm):
    """Which activity stands for the milestone, who gives the schedule, and what is assumed of its doubts."""

    def __init__(self, *args: Any, found: SchedulePreview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = found.last_first()
        self.fields["finish_activity"] = forms.ChoiceField(
            label=_("The milestone is reached when this is finished"),
            choices=[(row.id, _activity(row)) for row, _dates in able[:OFFERED]],
            required=len(able) <= OFFERED,
            help_text=_("Those that finish last come first."),
        )
        if len(able) > OFFERED:
            self.fields["other_activity"] = words_field(
                _("or its id in the file"), required=False, length=200
            )
        self.fields["given_by"] = forms.ChoiceField(
            label=_("Given by"),
            required=False,
            choices=[NOT_NAMED, *body_choices(bodies_for(self.by, "schedule.attach"))],
        )
        self.add_saying()
        if found.without_spread:
            low, _mode, high = ASSUMED_SHARES
            self.fields["low"] = forms.FloatField(
                label=_("Shortest, percent of a duration"), initial=low, min_value=0, max_value=100
            )
            self.fields["high"] = forms.FloatField(
                label=_("Longest, percent of a duration"), initial=high, min_value=100, max_value=1000
            )
            self.fold(
                _("What is assumed where the file says nothing"),
                ["low", "high"],
                _("The file does not say how uncertain its durations are. The shares count as assumed."),
            )

    def activity(self) -> str:
        """The id of the activity chosen or typed."""
        data = self.cleaned_data
        return str(data.get("other_activity") or data.get("finish_activity") or "")

    def shares(self) -> tuple[float, float, float] | None:
        """The shares to assume; None when the file says all."""
        if "low" not in self.fields:
            return None
        return self.cleaned_data["low"], 100.0, self.cleaned_data["high"]


def _activity(row: Activity) -> str:
    return formats.shortened(f"{row.id} · {row.name}" if row.name else row.id, 110)
