"""Words of the law tables: limits, conditions, values, and the names a country gives to its codes.

What belongs to a country (names of holders, choices, holidays, translations of its tables) lies beside its
law in `countries/<cc>/law/`; a text nobody has translated is shown in English.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from torap.common.models import in_language
from torap.countries import country_path, load_holders, load_sources, load_yaml
from torap.publish.wording import quoted
from torap.rules.obligations.model import Edition, EventSpec, Limit, ParamSpec
from torap.web import formats

CONFIDENCES: dict[str, Any] = {
    "high": gettext_lazy("high"),
    "medium": gettext_lazy("medium"),
    "low": gettext_lazy("low"),
    "none": gettext_lazy("none"),
}
# The day kinds of the plain week; holidays and orders are named by the country.
DAY_KINDS: dict[str, Any] = {
    "workday": gettext_lazy("working day"),
    "weekend": gettext_lazy("weekend"),
    "moved_rest_day": gettext_lazy("rest day moved by an order"),
    "working_weekend": gettext_lazy("weekend day made working by an order"),
}
# Events and parameters every procedure takes: the engine's own titles are for the command line.
COMMON: dict[str, Any] = {
    "paused": gettext_lazy("the clock is stopped"),
    "resumed": gettext_lazy("the clock runs again"),
    "extended": gettext_lazy("the term is extended"),
    "withdrawn": gettext_lazy("the request is withdrawn: what is open ends"),
    "extended_to": gettext_lazy("new day of each extension, in their order"),
    "start_rule": gettext_lazy("whether the first day counts"),
    "roll_rule": gettext_lazy("whether an end on a rest day rolls"),
}
# A paragraph or an article in a reference of the tables: `p.176`, `p.176-184`, `art. 282-3(2)`.
_POINT = re.compile(r"\b(p|art)\.\s?(\d[\d-]*(?:\(\d+\)(?:,(?=\())?)*)")
_SIGNS = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥"}


# -- a country's own words --------------------


@cache
def _table(country: str) -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = _law_file(country, "words.yaml")
    return found


@cache
def _texts(country: str, language: str) -> dict[str, str]:
    found: dict[str, str] = _law_file(country, f"texts.{language}.yaml").get("texts", {})
    return found


def _law_file(country: str, name: str) -> dict[str, Any]:
    """A file of words beside the law; a country without it shows its codes and English texts."""
    if not country_path(country).joinpath("law", name).is_file():
        return {}
    return dict(load_yaml(country, "law", name))


def law_text(text: str) -> str:
    """A text of the law tables (a name, an action, an event) in the reader's language; else in English."""
    language = (get_language() or "en")[:2]
    return text if language == "en" else _texts(settings.COUNTRY, language).get(text, text)


def is_translated(text: str) -> bool:
    """True when the reader's language has this text of the law tables."""
    language = (get_language() or "en")[:2]
    return language == "en" or text in _texts(settings.COUNTRY, language)


def named(section: str, code: str) -> str:
    """The name of a code in one section of the country's words; the code spelled out where it has none."""
    row = _table(settings.COUNTRY).get(section, {}).get(code)
    if row is None:
        return code.replace("_", " ")
    return in_language(row["en"], row.get("ru", ""), row.get("kk", ""))


def choice_words(code: str) -> str:
    """A choice of a parameter, a ground, an office."""
    return named("choices", code)


def edition_words(edition: Edition) -> str:
    """An edition by its act and day; its id is a code."""
    return named("editions", edition.id)


def article_words(reference: str) -> str:
    """A reference to an article as the reader's language writes it: `p.176` is `п. 176`, `176-т.`.

    For display only: the tables keep their own form, by which a reference is found.
    """
    known = law_text(reference)
    return _POINT.sub(_point, reference) if known == reference else known


def _point(found: re.Match[str]) -> str:
    kind, number = found.groups()
    pattern = pgettext("article", "p.%(number)s") if kind == "p" else pgettext("article", "art. %(number)s")
    return pattern % {"number": number}


def holder_words(code: str | None) -> str:
    """Who owes or is owed."""
    if not code:
        return ""
    row = load_holders(settings.COUNTRY).get(code)
    if row is None:
        return code.replace("_", " ")
    return in_language(row["en"], row.get("ru", ""), row.get("kk", ""))


def day_kind(code: str, title: str = "") -> str:
    """Why a day does or does not count: weekend, a holiday, one that fell on a weekend, an order."""
    kind, _colon, name = code.partition(":")
    if kind == "holiday":
        return named("days", name)
    if kind == "shifted_holiday":
        return _("day off for %(holiday)s, which fell on a weekend") % {"holiday": named("days", name)}
    if code in DAY_KINDS:
        return str(DAY_KINDS[code])
    return title or code.replace("_", " ")


def law_source(code: str) -> dict[str, str] | None:
    """Title and address of a source of the law tables; None for one that is not listed."""
    found = load_sources(settings.COUNTRY).get(code)
    if found is None:
        return None
    title = found["title"]
    return {"code": code, "title": law_text(title), "url": found.get("url", ""), "lang": language_of(title)}


def language_of(text: str) -> str:
    """`en` for a text of the law tables shown in English to a reader of another language, else empty."""
    return "" if is_translated(text) else "en"


# -- an edition's own words --------------------


def event_title(name: str, edition: Edition | None) -> str:
    """An event by its title in this edition."""
    return _title(name, edition.events if edition is not None else {})


def param_title(name: str, edition: Edition | None) -> str:
    """A parameter by its title in this edition."""
    return _title(name, edition.params if edition is not None else {})


def _title(name: str, specs: Mapping[str, EventSpec] | Mapping[str, ParamSpec]) -> str:
    if name in specs:
        return law_text(specs[name].title)
    return str(COMMON[name]) if name in COMMON else named("derived", name)


def step_words(step: str, edition: Edition | None) -> str:
    """A step: its number, or what is to be done where the step has a name only."""
    if step[:1].isdigit() or edition is None:
        return step
    found = next((row for row in edition.obligations if row.step == step), None)
    return quoted(law_text(found.action)) if found is not None else step


# -- values --------------------


def term(value: int, unit: str) -> str:
    """A length in the units of limits: `15 working days`."""
    words = {
        "wd": ngettext("%(n)s working day", "%(n)s working days", value),
        "cd": ngettext("%(n)s calendar day", "%(n)s calendar days", value),
        "mo": ngettext("%(n)s month", "%(n)s months", value),
        "y": ngettext("%(n)s year", "%(n)s years", value),
        "h": ngettext("%(n)s hour", "%(n)s hours", value),
    }
    return words[unit] % {"n": formats.number(value)} if unit in words else _("the same day")


def term_in_form(value: int, unit: str, form: str = "within", before: bool = False) -> str:
    """A length with how it is meant: at least, every, before."""
    words = term(value, unit)
    if form == "not_less_than":
        words = _("at least %(term)s") % {"term": words}
    elif form == "every":
        words = _("every %(term)s") % {"term": words}
    return _("%(term)s before") % {"term": words} if before else words


def unit_words(unit: str) -> str:
    """The unit of a limit alone, in its plural."""
    words = {
        "wd": _("working days"),
        "cd": _("calendar days"),
        "mo": _("months"),
        "y": _("years"),
        "h": _("hours"),
    }
    return words.get(unit, unit)


def limit_words(limit: Limit, edition: Edition | None = None) -> str:
    """A limit in a few words; empty when the texts read do not give it."""
    if limit.dates:
        return _("on fixed dates: %(dates)s") % {"dates": ", ".join(month_day(*row) for row in limit.dates)}
    if limit.date_param is not None:
        return _("the day given")
    if limit.value is None or limit.unit is None:
        return ""
    return term_in_form(limit.value, str(limit.unit), limit.form, limit.before)


def month_day(month: int, day: int) -> str:
    """A day of every year: `25 Jul`."""
    return formats.format_date(dt.date(2000, month, day), "d MMM", locale=formats.reader_locale())


def shown(value: Any) -> str:
    """A value as text in the reader's language: days, sums, yes and no, choices, lists."""
    if value is None:
        return "…"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return formats.day(value)
    if isinstance(value, int | float | Decimal):
        return formats.number(value)
    if isinstance(value, tuple | list):
        return ", ".join(_item(item) for item in value)
    return choice_words(str(value))


def _item(item: Any) -> str:
    if isinstance(item, tuple | list) and len(item) == 2 and all(isinstance(part, int) for part in item):
        return month_day(*item)
    return shown(item)


def condition_words(spec: Any) -> str:
    """A condition on one parameter: `> 15`, `yes`, `short or medium`, `not given`."""
    if spec == "given":
        return pgettext("condition", "given")
    if spec == "unset":
        return pgettext("condition", "not given")
    if isinstance(spec, Mapping):
        return ", ".join(_compared(name, limit) for name, limit in spec.items())
    if isinstance(spec, list | tuple):
        return _(" or ").join(condition_words(item) for item in spec)
    return shown(spec)


def _compared(name: str, limit: Any) -> str:
    if name == "not":
        return _("not %(value)s") % {"value": condition_words(limit)}
    return f"{_SIGNS[name]} {shown(limit)}"


def conditions_words(when: Mapping[str, Any], edition: Edition | None) -> str:
    """All conditions of a case: `power asked, kW: > 200; …`."""
    return "; ".join(f"{param_title(name, edition)}: {condition_words(spec)}" for name, spec in when.items())
