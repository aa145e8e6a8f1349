"""Quantities, money, periods and ages in templates, in the reader's language.

Load it after `torap_ui`: names both have (`day`, `number`, `slip`, `age`) mean the same; here
`age` also takes days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils import timezone

from torap.publish.wording import fact_words, quoted
from torap.registry.models import Link
from torap.web import formats
from torap.web.presenters import units
from torap.web.presenters.said import said_html
from torap.web.templatetags import torap_ui

register = template.Library()

register.filter("day", torap_ui.day)
register.filter("number", torap_ui.number)
register.filter("slip", torap_ui.slip)
register.filter("quoted", quoted)
register.filter("fact_words", fact_words)
register.filter("said", said_html)


@register.filter
def age(value: date | int | None, today: date | None = None) -> str:
    """`5 days ago`, from a number of days, or from a date and the day it is looked at from."""
    if value is None:
        return ""
    now = today or timezone.localdate()
    return formats.age(now - timedelta(days=value) if isinstance(value, int) else value, now)


@register.filter
def period(value: Any) -> str:
    """`Q2 2025` for anything with `earliest` and `latest` (a promise) or a pair of dates."""
    if value is None or value == "":
        return ""
    if isinstance(value, tuple | list):
        return formats.period(value[0], value[1])
    if isinstance(value, Mapping):
        return formats.period(value.get("earliest"), value.get("latest"))
    return formats.period(value.earliest, value.latest)


@register.filter
def said_on(value: Any) -> str:
    """When a record could be known: `said_from`–`said_to`, no more exact than it is."""
    return formats.period(value.said_from, value.said_to) if value is not None else ""


@register.filter
def mode_words(code: str) -> str:
    """How one crosses a border: `railway`, `автодорога`; a mode without a word stays as it was said."""
    return str(dict(Link.Type.choices).get(code, code)).lower()


@register.filter
def unit(code: str) -> str:
    """The words of a unit: `bn USD`, `млрд долл.`."""
    return units.unit_label(code)


@register.filter
def quantity(value: Any, unit_code: str = "") -> str:
    """A number with its unit: `240 thousand TEU a year`. An absent value gives an empty string."""
    return "" if value is None or value == "" else units.quantity(value, unit_code)


@register.filter
def money(value: Any, currency: str = "") -> str:
    """An amount with its currency in a size one can read: `234.4 bn tenge`."""
    return "" if value is None or value == "" else units.money(value, currency)
