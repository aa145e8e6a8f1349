"""An order that moves working days: the order once, its days in rows."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from torap.delivery.selectors import ProposedEdit
from torap.registry.models import Confidence
from torap.web.work.forms.base import WorkForm, day_field, words_field

DAYS = 4
WORKING = "working"


class CalendarForm(WorkForm):
    """Up to four days of one order; more days are a second order here."""

    aliases: ClassVar[dict[str, str]] = {
        "day": "day_1",
        "edits": "day_1",
        "title": "title_en",
        "kind": "day_1",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, DAYS + 1):
            self.fields[f"day_{number}"] = day_field(_("Day"), required=number == 1)
            self.fields[f"becomes_{number}"] = forms.ChoiceField(
                label=_("becomes"), choices=[("free", _("a day off")), (WORKING, _("a working day"))]
            )
        self.fold(
            _("More days of the same order"),
            [name for number in range(2, DAYS + 1) for name in (f"day_{number}", f"becomes_{number}")],
        )
        self.add_texts(
            "title", _("What it is"), required=True, rows=0, help_text=_("“Rest day moved to 5 January”.")
        )
        self.fields["known_from"] = day_field(
            _("Known from"),
            initial=timezone.localdate,
            help_text=_(
                "The day the order was published. Whoever looks at an earlier day counts without it."
            ),
        )
        self.fields["source_title"] = words_field(
            _("The order"), length=300, help_text=_("Its name, number and date.")
        )
        self.fields["source_url"] = forms.URLField(
            label=_("Address"), required=False, max_length=1000, assume_scheme="https"
        )
        self.fields["confidence"] = forms.ChoiceField(
            label=_("How far it may be trusted"), choices=Confidence.choices, initial="high"
        )

    def clean_known_from(self) -> dt.date:
        """What is not known yet cannot be counted with."""
        day: dt.date = self.cleaned_data["known_from"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        """Each day stands once."""
        data = super().clean() or {}
        seen: set[dt.date] = set()
        for number in range(1, DAYS + 1):
            day = data.get(f"day_{number}")
            if day is None:
                continue
            if day in seen:
                self.add_error(f"day_{number}", _("This day stands above already."))
            seen.add(day)
        return data

    def edits(self) -> list[ProposedEdit]:
        """The days as the calendar takes them."""
        data = self.cleaned_data
        rows = []
        for number in range(1, DAYS + 1):
            day = data.get(f"day_{number}")
            if day is None:
                continue
            working = data[f"becomes_{number}"] == WORKING
            rows.append(
                ProposedEdit(
                    day=day,
                    working=working,
                    known_from=data["known_from"],
                    title=self.texts("title") or "",
                    kind="working_weekend" if working and day.weekday() >= 5 else _kind(working),
                    source_title=data["source_title"],
                    source_url=data["source_url"],
                    confidence=data["confidence"],
                )
            )
        return rows


def _kind(working: bool) -> str:
    return "ordered_working_day" if working else "moved_rest_day"
