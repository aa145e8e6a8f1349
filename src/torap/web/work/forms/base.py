"""What all forms share: groups of fields, texts in three languages, and refusals shown beside their field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from torap.common.errors import ApplicationError
from torap.common.models import User
from torap.registry.models import Organisation
from torap.registry.selectors import organisation_list
from torap.web.presenters.errors import error_words
from torap.web.work import once

LANGUAGES: dict[str, Any] = {"kk": _("Kazakh"), "ru": _("Russian"), "en": _("English")}
CHOOSE = ("", _("choose…"))
NOT_NAMED = ("", "–")

Choices = Iterable[tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that stand together; a folded group opens on request, or when a field in it is wrong."""

    title: str
    help_text: str
    fields: tuple[forms.BoundField, ...]
    folded: bool
    open: bool


class DateInput(forms.DateInput):
    """A day chosen from the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(
    label: Any, *, required: bool = True, help_text: Any = "", initial: Any = None
) -> forms.DateField:
    """A day; also as 20.12.2025 where it is typed."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        initial=initial,
        widget=DateInput(),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
    )


def words_field(
    label: Any, *, required: bool = True, rows: int = 0, length: int = 4000, help_text: Any = ""
) -> forms.CharField:
    """A line of text, or with `rows` a box."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, required=required, max_length=length, widget=widget, help_text=help_text
    )


class WorkForm(forms.Form):
    """A form for one write. `by` is who fills it in; `aliases` says where a service's field stands here."""

    aliases: ClassVar[Mapping[str, str]] = {}
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["once"].initial = once.new_number
        self._folded: list[tuple[Any, Any, list[str]]] = []

    def fold(self, title: Any, names: Sequence[str], help_text: Any = "") -> None:
        """Put fields into a group that opens on request."""
        self._folded.append((title, help_text, [name for name in names if name in self.fields]))

    def add_texts(
        self, name: str, label: Any, *, required: bool = False, rows: int = 4, help_text: Any = ""
    ) -> None:
        """Ask for a text in the reader's language, and on request in the two others."""
        own = (get_language() or "en")[:2]
        for language in sorted(LANGUAGES, key=lambda code: code != own):
            is_own = language == own
            field = words_field(
                label, required=required and is_own, rows=rows, help_text=help_text if is_own else ""
            )
            field.widget.attrs["lang"] = language
            if not is_own:
                field.label = f"{label}: {LANGUAGES[language]}"
            self.fields[f"{name}_{language}"] = field
        self.fold(
            _("The same text in other languages"),
            [f"{name}_{language}" for language in LANGUAGES if language != own],
        )

    def texts(self, name: str) -> dict[str, str] | None:
        """The text in the languages it was written in; None for an empty one.

        English is kept for every text: where it was not written, it holds the words as they were written.
        """
        given = {language: self.cleaned_data.get(f"{name}_{language}", "") for language in LANGUAGES}
        written = given["en"] or given["ru"] or given["kk"]
        return given | {"en": written} if written else None

    def groups(self) -> list[Group]:
        """The fields in their order: plain ones in runs, a folded group where its first field stands."""
        group_of = {names[0]: (title, text, names) for title, text, names in self._folded if names}
        folded = {name for _title, _text, names in self._folded for name in names}
        found: list[Group] = []
        run: list[forms.BoundField] = []
        for name in self.fields:
            if name not in folded:
                run.append(self[name])
            elif name in group_of:
                found += [_plain(run), self._fold_of(*group_of[name])]
                run = []
        return [group for group in (*found, _plain(run)) if group.fields]

    def _fold_of(self, title: Any, help_text: Any, names: Sequence[str]) -> Group:
        """A folded group: open when something in it was filled in or refused."""
        fields = tuple(self[name] for name in names)
        touched = any(field.errors or field.value() not in (None, "", False, []) for field in fields)
        return Group(
            title=str(title),
            help_text=str(help_text),
            fields=fields,
            folded=True,
            open=self.is_bound and touched,
        )

    def refuse(self, error: ApplicationError) -> None:
        """Show a refusal of a service beside the field it speaks of, with what to do about it."""
        words = error_words(error)
        sentence = f"{words.text} {words.repair}".strip()
        self.add_error(self._place_of(error.field), sentence)

    def _place_of(self, field: str) -> str | None:
        own = (get_language() or "en")[:2]
        base = field.rpartition("_")[0] if field[-3:] in {"_en", "_ru", "_kk"} else field
        for name in (self.aliases.get(field, ""), field, f"{base}_{own}"):
            if name in self.fields and not self.fields[name].widget.is_hidden:
                return name
        return None

    def days(self, name: str) -> dt.date | tuple[dt.date, dt.date] | None:
        """A day, or with `<name>_until` filled in the interval it lies in."""
        first, last = self.cleaned_data.get(name), self.cleaned_data.get(f"{name}_until")
        if first is not None and last is not None and last != first:
            return first, last
        return first

    def saying(self) -> dict[str, Any]:
        """When and by whom it was said, as the services take it."""
        return {
            "said": self.days("said"),
            "said_by": self.cleaned_data.get("said_by", ""),
            "said_note": self.cleaned_data.get("said_note", ""),
        }

    def add_saying(self) -> None:
        """Ask who said it and when; an imprecise day on request."""
        self.fields["said_by"] = words_field(
            _("Who said it"), required=False, length=300, help_text=_("The person and the office.")
        )
        self.fields["said"] = day_field(_("Said on"), initial=timezone.localdate)
        self.fields["said_until"] = day_field(
            _("or on a day until"),
            required=False,
            help_text=_("Only when the exact day is not known: the last day it can have been said."),
        )
        self.fields["said_note"] = words_field(_("Note on the date"), required=False, length=400)
        self.fold(_("The day is not known exactly"), ["said_until", "said_note"])


def _plain(fields: Sequence[forms.BoundField]) -> Group:
    return Group(title="", help_text="", fields=tuple(fields), folded=False, open=True)


def body_choices(
    codes: Iterable[str] | None = None, *, leave_out: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """Bodies by name: all of them, or those of some codes."""
    hidden = set(leave_out)
    rows = [row for row in organisation_list(codes=codes) if row.code not in hidden]
    return sorted(((row.code, row.name) for row in rows), key=lambda pair: pair[1].casefold())


def body_field(
    form: WorkForm, name: str, label: Any, codes: Iterable[str] | None, *, help_text: Any = ""
) -> None:
    """Ask for a body; where there is one only, it is chosen already."""
    choices = body_choices(codes)
    single = len(choices) == 1
    form.fields[name] = forms.ChoiceField(
        label=label,
        choices=choices if single else [CHOOSE, *choices],
        initial=choices[0][0] if single else None,
        help_text=help_text,
    )


def kind_of_body(body: Organisation) -> str:
    """The class of a source for which this body speaks."""
    companies = {Organisation.Type.NATIONAL_COMPANY, Organisation.Type.MANAGING_COMPANY}
    if body.type in companies:
        return "company"
    return "interested" if body.type == Organisation.Type.INVESTOR else "official"
