"""Other records: figures, money, capacity of networks, obstacles and their removal, baselines."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from torap.common.permissions import correctable_by
from torap.registry.models import (
    Claim,
    Confidence,
    MoneyStage,
    Nature,
    Qualifier,
    Subject,
    UtilityEntry,
    UtilityKind,
)
from torap.registry.selectors import attribute_list
from torap.rules.units import NETWORK_UNITS, UNITS
from torap.web import formats
from torap.web.presenters.units import unit_label
from torap.web.work.forms.base import NOT_NAMED, WorkForm, body_choices, day_field, words_field
from torap.web.work.forms.sources import SourceForm

_QUALIFIERS = [("exact", _("exactly so")), *((q.value, q.label) for q in Qualifier if q != Qualifier.EXACT)]
_CURRENCIES = sorted({row.currency for row in UNITS.values() if row.currency})


class ClaimForm(SourceForm):
    """A figure somebody named."""

    aliases: ClassVar[dict[str, str]] = {"value": "low", "key": "attribute", "about": "about_from"}

    def __init__(self, *args: Any, earlier: list[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attribute"] = forms.ChoiceField(label=_("What it is"), choices=_attribute_choices())
        self.fields["nature"] = forms.ChoiceField(label=_("It is"), choices=Nature.choices)
        self.fields["qualifier"] = forms.ChoiceField(label=_("How exactly"), choices=_QUALIFIERS)
        self.fields["low"] = _amount(_("Value"), required=False)
        self.fields["high"] = _amount(
            _("up to"), required=False, help_text=_("Only for a range: its upper end.")
        )
        self.fields["unit"] = forms.ChoiceField(
            label=_("Unit"), required=False, choices=_unit_choices(), help_text=_("As it was said.")
        )
        self.add_texts("text", _("Value in words"), rows=2, help_text=_("Only where there is no number."))
        self.fields["about_from"] = day_field(_("Holds from"), required=False)
        self.fields["about_to"] = day_field(_("Holds to"), required=False)
        self.fields["scope"] = words_field(
            _("Scope"), required=False, length=80, help_text=_("Which part or basis; empty means the whole.")
        )
        self.add_saying()
        self.add_source()
        self.fields["confidence"] = forms.ChoiceField(
            label=_("How far it may be trusted"), choices=Confidence.choices, initial="medium"
        )
        self.add_texts("note", _("Note"), rows=2)
        names = correctable_by(self.by)
        earlier = [row for row in earlier if names is None or row.recorded_by in names]
        if earlier:
            self.fields["corrects"] = forms.ChoiceField(
                label=_("It puts right"),
                required=False,
                choices=[
                    ("", _("nothing: it is a new word")),
                    *((row.key, _claim_words(row)) for row in earlier),
                ],
                help_text=_("Only for a record that was entered wrongly. The old one stays in the ledger."),
            )
            self.fold(_("A record was entered wrongly"), ["corrects"])

    def clean(self) -> dict[str, Any]:
        """Both ends of a time go together."""
        data = super().clean() or {}
        if bool(data.get("about_from")) != bool(data.get("about_to")):
            self.add_error("about_to", _("Give both days, or neither."))
        return data

    def value(self) -> Any:
        """The number, both ends of a range, or None."""
        low, high = self.cleaned_data.get("low"), self.cleaned_data.get("high")
        if low is not None and high is not None:
            return low, high
        return low if low is not None else high

    def about(self) -> Any:
        """The time it holds for, or None."""
        first, last = self.cleaned_data.get("about_from"), self.cleaned_data.get("about_to")
        return (first, last) if first and last else None


class MoneyForm(SourceForm):
    """An amount of a project at one stage."""

    aliases: ClassVar[dict[str, str]] = {"key": "amount"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"] = forms.ChoiceField(
            label=pgettext_lazy("money", "Stage"),
            choices=MoneyStage.choices,
            help_text=_("Amounts of different stages are never added."),
        )
        self.fields["qualifier"] = forms.ChoiceField(label=_("How exactly"), choices=_QUALIFIERS)
        self.fields["amount"] = _amount(
            _("Amount"), help_text=_("In full: 20000000000 for 20 billion."), places=2
        )
        self.fields["currency"] = forms.ChoiceField(
            label=_("Currency"), choices=[(code, code) for code in _CURRENCIES]
        )
        self.fields["part"] = words_field(_("Part of the project"), required=False, length=80)
        self.add_saying()
        self.add_source()
        self.fields["note"] = words_field(_("Note"), required=False, rows=2)


class UtilityForm(SourceForm):
    """Capacity of a network at a place."""

    aliases: ClassVar[dict[str, str]] = {"key": "amount"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        networks = [
            (kind.value, f"{kind.label}, {unit_label(NETWORK_UNITS[kind.value])}") for kind in UtilityKind
        ]
        self.fields["kind"] = forms.ChoiceField(label=_("Network"), choices=networks)
        self.fields["move"] = forms.ChoiceField(label=_("The capacity is"), choices=UtilityEntry.Move.choices)
        self.fields["amount"] = _amount(_("Amount in the unit of the network"), places=3)
        self.fields["basis"] = forms.ChoiceField(label=_("How firm"), choices=UtilityEntry.Basis.choices)
        self.fields["effective_from"] = day_field(_("From"))
        self.add_saying()
        self.add_source()


class ObstacleForm(SourceForm):
    """Something in the way."""

    aliases: ClassVar[dict[str, str]] = {"code": "text_en"}

    def __init__(self, *args: Any, milestones: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("text", _("What stands in the way"), required=True)
        self.fields["holder"] = forms.ChoiceField(
            label=_("To be removed by"), required=False, choices=[NOT_NAMED, *body_choices()]
        )
        self.fields["milestone"] = forms.ChoiceField(
            label=_("It blocks"), required=False, choices=[("", _("the whole")), *milestones]
        )
        self.fields["raised_by"] = words_field(_("Raised by"), required=False, length=300)
        self.fields["said"] = day_field(_("Said on"), initial=timezone.localdate)
        self.add_source(required=False)


class RemovalForm(SourceForm):
    """The obstacle is gone."""

    aliases: ClassVar[dict[str, str]] = {"said": "happened_on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"] = day_field(_("Removed on"), initial=timezone.localdate)
        self.fields["note"] = words_field(_("How it was removed"), required=False, rows=3)
        self.add_source(required=False)


class BaselineForm(WorkForm):
    """The promises of a day, frozen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = words_field(_("Title"), length=200)
        self.fields["code"] = forms.SlugField(
            label=_("Code"), max_length=80, help_text=_("Latin letters, digits and hyphens: “plan-2026”.")
        )
        self.fields["taken_on"] = day_field(
            _("Promises in force on"),
            initial=timezone.localdate,
            help_text=_("As they were known on that day."),
        )
        self.fields["clock"] = forms.ChoiceField(
            label=_("Known by which clock"),
            choices=[
                ("said", _("by the day the world could know it")),
                ("recorded", _("by the day it was recorded here")),
            ],
            required=False,
        )
        self.fields["decision"] = words_field(_("Decision it rests on"), required=False, length=300)

    def clean_clock(self) -> str:
        """The readers' clock where none was chosen."""
        return str(self.cleaned_data["clock"] or "said")

    def clean_taken_on(self) -> Any:
        """Nobody knows the promises of a day to come."""
        day = self.cleaned_data["taken_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def _amount(label: Any, *, required: bool = True, help_text: Any = "", places: int = 6) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, max_digits=24, decimal_places=places, help_text=help_text
    )


def _attribute_choices() -> list[tuple[str, str]]:
    return sorted(((row.code, row.name) for row in attribute_list()), key=lambda pair: pair[1].casefold())


def _unit_choices() -> list[tuple[str, Any]]:
    return [
        ("", _("as in the catalogue")),
        *sorted(((name, unit_label(name)) for name in UNITS), key=_by_label),
    ]


def _by_label(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def _claim_words(row: Claim) -> str:
    value = row.text if row.low is None else formats.number(row.low)
    if row.low is not None and row.high is not None and row.high != row.low:
        value = f"{value}–{formats.number(row.high)}"
    said = formats.period(row.said_from, row.said_to)
    return " · ".join(
        part for part in (row.attribute.name, f"{value} {unit_label(row.unit)}".strip(), said) if part
    )[:140]


def claims_of(subject: Subject) -> list[Claim]:
    """Claims of a subject that nobody put right yet, the newest first."""
    rows = Claim.objects.filter(subject=subject, corrected_by=None).select_related("attribute")
    return list(rows.order_by("-said_to", "key"))
