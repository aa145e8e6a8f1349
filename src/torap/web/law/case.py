"""The calculator's form: events and parameters of a case from the address, checked, and evaluated.

The form is sent by GET, so that an answer can be bookmarked, sent to a colleague and looked at as of another
day. Fields are named `e.<event>` and `p.<parameter>`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.countries import load_rates
from torap.registry.selectors import work_calendar
from torap.rules.errors import BadValue, NoEdition, NotKnown, OutOfRange, RulesError, UnknownEvent
from torap.rules.known import AsKnown
from torap.rules.obligations.editions import chosen_edition
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.inputs import event_specs, param_specs
from torap.rules.obligations.model import Edition, Evaluation, Event, ParamSpec, Procedure, Unit
from torap.web import formats
from torap.web.law import words

EVENT = "e."
PARAMETER = "p."
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2060, 12, 31)  # the years the working calendar covers
# What few readers need stands at the end: stops, extensions, rules of counting a case may override.
EXPERT = frozenset(
    {"e.paused", "e.resumed", "e.extended", "e.withdrawn", "p.extended_to", "p.start_rule", "p.roll_rule"}
)
_YES_NO = (("", "–"), ("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))


class CaseForm(forms.Form):
    """What happened and what is known of the case. `events` and `params` are there after validation."""

    def __init__(self, procedure: Procedure, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.edition = procedure.editions[-1]
        self.events: list[Event] = []
        self.params: dict[str, str] = {}
        timed = timed_events(self.edition)
        for name in event_specs(self.edition):
            label = _sentence_case(words.event_title(name, self.edition))
            self.fields[EVENT + name] = _MomentField(timed=name in timed, label=label)
        for name, param in param_specs(self.edition).items():
            label = _sentence_case(words.param_title(name, self.edition))
            self.fields[PARAMETER + name] = _param_field(param, label)

    def clean(self) -> dict[str, Any]:
        """Gather events (an event may be given several times) and parameters."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self.fields:
            if name.startswith(EVENT):
                self.events += [_event(name, moment) for moment in self._moments(name)]
            elif cleaned.get(name) not in (None, ""):
                self.params[name.removeprefix(PARAMETER)] = str(cleaned[name])
        return cleaned

    def _moments(self, name: str) -> list[dt.datetime | dt.date]:
        """All moments given for one event; what cannot be read is an error of its field, once."""
        found = []
        for raw in self.data.getlist(name):  # type: ignore[attr-defined]
            try:
                moment = self.fields[name].clean(raw)
            except forms.ValidationError as error:
                if name not in self.errors:
                    self.add_error(name, error)
                continue
            if moment is not None:
                found.append(moment)
        return found

    @property
    def asked(self) -> bool:
        """Something was filled in."""
        return any(value.strip() for name in self.fields for value in self.data.getlist(name))  # type: ignore[attr-defined]

    def groups(self) -> dict[str, list[forms.BoundField]]:
        """The fields as the page shows them: events, parameters, rules of counting."""
        plain = [name for name in self.fields if name not in EXPERT]
        return {
            "events": [self[name] for name in plain if name.startswith(EVENT)],
            "params": [self[name] for name in plain if name.startswith(PARAMETER)],
            "expert": [self[name] for name in self.fields if name in EXPERT],
        }

    def evaluated(self, procedure: Procedure, known: AsKnown) -> Evaluation | None:
        """Every clock of the case as known on a day; None when the rules refuse it, and the form says why."""
        try:
            edition = chosen_edition(procedure, self.events, self.params, known.day)
            return evaluate(
                edition,
                self.events,
                work_calendar(known),
                known_on=known.day,
                params=self.params,
                rates=load_rates(settings.COUNTRY),
            )
        except RulesError as error:
            field, text = refusal(error, self)
            self.add_error(field, text)
            return None


class _MomentField(forms.Field):
    """A day, or a day with the time where the procedure counts hours."""

    def __init__(self, *, timed: bool, label: str) -> None:
        kind = "datetime-local" if timed else "date"
        widget = forms.TextInput(attrs={"type": kind, "class": "form-control"})
        widget.input_type = kind
        super().__init__(required=False, label=label, widget=widget)

    def to_python(self, value: Any) -> dt.datetime | dt.date | None:
        """A date, or a naive moment in the time of the country, as the rules count it."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            moment = dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(
                _("“%(value)s” is no date. Write 2026-03-02.") % {"value": text}
            ) from None
        day = moment.date() if isinstance(moment, dt.datetime) else moment
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(out_of_range())
        return moment

    def prepare_value(self, value: Any) -> Any:
        """A day without a time fits neither widget alone: midnight is shown for it."""
        text = str(value or "")
        if self.widget.input_type == "datetime-local" and len(text) == 10:
            return f"{text}T00:00"
        return value


def _event(name: str, moment: dt.datetime | dt.date) -> Event:
    """An event of the rules; midnight stands for "no time given"."""
    if isinstance(moment, dt.datetime):
        at = moment.time() if moment.time() != dt.time() else None
        return Event(name=name.removeprefix(EVENT), on=moment.date(), at=at)
    return Event(name=name.removeprefix(EVENT), on=moment)


def timed_events(edition: Edition) -> frozenset[str]:
    """Events whose hour changes the answer: receipt where the office closes, or a start counted in hours."""
    names = set(edition.intake.events) if edition.intake and edition.intake.until else set()
    for row in edition.obligations:
        parts = [
            (row.limit, row.trigger),
            *((case.limit, case.trigger or row.trigger) for case in row.variants),
        ]
        for limit, trigger in parts:
            if limit.unit is Unit.HOURS and trigger is not None and trigger.event is not None:
                names.add(trigger.event)
    return frozenset(names)


def _param_field(spec: ParamSpec, label: str) -> forms.Field:
    if spec.kind == "bool":
        return _select(label, _YES_NO)
    if spec.kind == "choice":
        choices = [("", "–"), *((code, words.choice_words(code)) for code in spec.choices)]
        return _select(label, choices)
    if spec.kind == "date":
        return forms.DateField(
            required=False,
            label=label,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        )
    numeric = spec.kind in {"money", "number"}
    attrs = {"class": "form-control", "inputmode": "decimal" if numeric else "text", "autocomplete": "off"}
    hint = _("Digits only: 600000000") if spec.kind == "money" else ""
    if spec.kind == "dates":
        hint = _("2026-03-02; several with commas")
    return forms.CharField(
        required=False, label=label, max_length=200, help_text=hint, widget=forms.TextInput(attrs=attrs)
    )


def _select(label: str, choices: Any) -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(required=False, label=label, choices=choices, widget=widget)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def refusal(error: RulesError, form: forms.Form) -> tuple[str | None, str]:
    """The field at fault (None: the whole form) and what to do, for an error of the rules."""
    named = PARAMETER + str(error.params.get("parameter", ""))
    field = named if named in form.fields else None
    if isinstance(error, NoEdition):
        return None, _("No text of the law that was read was in force then. Choose another day.")
    if isinstance(error, OutOfRange):
        return field, out_of_range()
    if isinstance(error, UnknownEvent):
        return None, _("The text of the law in force then does not know one of these events.")
    if isinstance(error, NotKnown):
        return field, _("A figure needed for this stands in no source we could read.")
    if isinstance(error, BadValue) and error.params.get("event") == "resumed":
        return EVENT + "resumed", _("The clock can run again only after it was stopped: give that day too.")
    return field, _("This value cannot be read. Write digits, or a date like 2026-03-02.")


def out_of_range() -> str:
    """The days the calendar covers, in words."""
    return _("Choose a day between %(first)s and %(last)s.") % {
        "first": formats.day(FIRST_DAY),
        "last": formats.day(LAST_DAY),
    }
