"""The fields of each kind of change. What they give is a change as `torap.runs.changes` takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torap.web.work.forms.base import CHOOSE, day_field, words_field

OPERATIONS: dict[str, Any] = {
    "delay": _("It comes later"),
    "speed_up": _("It is speeded up"),
    "set_date": _("It is ready by itself on a day"),
    "budget": _("It gets more money"),
    "drop_link": _("It no longer waits for something"),
    "add_link": _("It waits for something more"),
    "add_risk": _("Something may go wrong"),
    "remove_obstacle": _("An obstacle is removed"),
}
NONE_OFFERED = _("there is none for this date")
Choices = Iterable[tuple[str, str]]


class ChangeForm(forms.Form):
    """One change to one date. `choices`: what may be chosen (links, other dates, obstacles)."""

    op = ""

    def __init__(self, data: Mapping[str, Any] | None = None, *, choices: Choices = ()) -> None:
        super().__init__(data, auto_id="id_change_%s")
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and not field.choices:
                offered = list(choices)
                field.choices = [CHOOSE, *offered] if offered else [("", NONE_OFFERED)]

    def change(self, node: str) -> dict[str, Any]:
        """The change as the runs take it; only of a valid form."""
        return {"op": self.op, "node": node, **self.amounts()}

    def amounts(self) -> dict[str, Any]:
        """The fields beside the node."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class DelayForm(ChangeForm):
    """It comes so much later, whatever it waits for."""

    op = "delay"
    amount = forms.IntegerField(label=_("How much later"), min_value=1, max_value=3650, initial=6)
    unit = forms.ChoiceField(label=_("Unit"), choices=[("months", _("months")), ("days", _("days"))])

    def amounts(self) -> dict[str, Any]:
        return {self.cleaned_data["unit"]: self.cleaned_data["amount"]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("unit") == "months" and (data.get("amount") or 0) > 240:
            self.add_error("amount", _("At most 240 months."))
        return data


class SpeedUpForm(ChangeForm):
    """What it takes by itself is shortened; what it waits for still binds."""

    op = "speed_up"
    amount = forms.IntegerField(label=_("How much shorter"), min_value=1, max_value=3650, initial=20)
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[("percent", _("per cent of what is left")), ("days", _("days"))]
    )

    def amounts(self) -> dict[str, Any]:
        return {self.cleaned_data["unit"]: self.cleaned_data["amount"]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("unit") == "percent" and (data.get("amount") or 0) > 100:
            self.add_error("amount", _("At most 100 per cent."))
        return data


class SetDateForm(ChangeForm):
    """It is ready by itself on that day; what it waits for still binds."""

    op = "set_date"
    day = day_field(_("Day"))

    def amounts(self) -> dict[str, Any]:
        return {"day": self.cleaned_data["day"].isoformat()}


class BudgetForm(ChangeForm):
    """More money shortens what is left, by a supposition of the user's own."""

    op = "budget"
    percent = forms.IntegerField(label=_("More money, per cent"), min_value=1, max_value=900, initial=20)
    elasticity = forms.FloatField(
        label=_("How far money shortens the time"),
        min_value=0,
        max_value=2,
        initial=0.5,
        help_text=_(
            "Your own supposition. 0: not at all; 1: twice the money halves the time; 0.5: twice the money "
            "takes away three tenths."
        ),
    )


class DropLinkForm(ChangeForm):
    """It no longer waits for something."""

    op = "drop_link"
    before = forms.ChoiceField(label=_("No longer waits for"))

    def change(self, node: str) -> dict[str, Any]:
        return {"op": self.op, "before": self.cleaned_data["before"], "after": node}


class AddLinkForm(ChangeForm):
    """It waits for something more."""

    op = "add_link"
    before = forms.ChoiceField(label=_("Also waits for"))
    lag_days = forms.IntegerField(
        label=_("Days between"), min_value=-3650, max_value=3650, initial=0, required=False
    )
    why = words_field(_("Why"), required=False, length=200)

    def change(self, node: str) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "op": self.op,
            "before": given["before"],
            "after": node,
            "lag_days": given["lag_days"] or 0,
            "why": given["why"],
        }


class AddRiskForm(ChangeForm):
    """Something that may happen and costs time when it does."""

    op = "add_risk"
    name = words_field(_("What may go wrong"), length=120)
    chance = forms.IntegerField(label=_("Chance, of 100"), min_value=1, max_value=100, initial=30)
    low_days = forms.IntegerField(label=_("Days lost at least"), min_value=0, max_value=14600, initial=30)
    mode_days = forms.IntegerField(label=_("Days lost most likely"), min_value=0, max_value=14600, initial=60)
    high_days = forms.IntegerField(label=_("Days lost at most"), min_value=0, max_value=14600, initial=180)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        low, mode, high = (data.get(name) for name in ("low_days", "mode_days", "high_days"))
        given = [days for days in (low, mode, high) if days is not None]
        if len(given) == 3 and given != sorted(given):
            self.add_error("mode_days", _("The likely loss lies between the least and the most."))
        return data

    def change(self, node: str) -> dict[str, Any]:
        given = self.cleaned_data
        days = {name: given[name] for name in ("low_days", "mode_days", "high_days")}
        return {
            "op": self.op,
            "name": given["name"],
            "probability": given["chance"] / 100,
            **days,
            "nodes": [node],
        }


class RemoveObstacleForm(ChangeForm):
    """What an obstacle blocks can come sooner, by the user's own supposition."""

    op = "remove_obstacle"
    obstacle = forms.ChoiceField(label=_("Obstacle"))
    days = forms.IntegerField(
        label=_("Days sooner"),
        min_value=0,
        max_value=14600,
        initial=90,
        help_text=_("Your own supposition: how much sooner what it blocks can come."),
    )

    def change(self, node: str) -> dict[str, Any]:
        return {"op": self.op, **self.cleaned_data}


FORMS: dict[str, type[ChangeForm]] = {
    form.op: form
    for form in (
        DelayForm,
        SpeedUpForm,
        SetDateForm,
        BudgetForm,
        DropLinkForm,
        AddLinkForm,
        AddRiskForm,
        RemoveObstacleForm,
    )
}


class KeepForm(forms.Form):
    """The name under which changes are kept."""

    title = words_field(_("Name"), length=200)
    note = words_field(_("Note"), required=False, rows=2, length=1000)
    changes = forms.CharField(widget=forms.HiddenInput, max_length=60_000)
    base = forms.CharField(widget=forms.HiddenInput, max_length=80)
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
