"""Wording that pages and exports share: marks of quotation, and facts that are kept in English only.

It stands below the pages, because the brief for a terminal must say a thing in the same words as the page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from torap.common.models import in_language
from torap.countries import load_profile, load_said

# How exactly a number was said. Whole patterns: in Kazakh the word stands after the number.
QUALIFIERS: dict[str, Any] = {
    "about": _("about %(value)s"),
    "at_least": _("at least %(value)s"),
    "more_than": _("more than %(value)s"),
    "up_to": _("up to %(value)s"),
    "less_than": _("less than %(value)s"),
    "nearly": _("nearly %(value)s"),
}


def qualified(code: str, value: str) -> str:
    """A number with how exactly it was said: `about 700`; as it is when it was said exactly."""
    return str(QUALIFIERS[code] % {"value": value}) if code in QUALIFIERS else value


def quoted(text: str) -> str:
    """`text` between the quotation marks of the reader's language; an empty text stays empty."""
    return pgettext("quotation marks", "“%(text)s”") % {"text": text} if text else ""


def issuer_words(code: str) -> str:
    """The office that gave an instruction, as the country names it; a code it does not name stays a code."""
    names = load_profile(settings.COUNTRY).issuers.get(code)
    return code if names is None else in_language(names["en"], names["ru"], names["kk"])


def fact_words(text: str) -> str:
    """A short string of the facts (a term as said, a speaker, a sector) in the reader's language.

    Names, and what nobody has translated yet, stay in English.
    """
    row = load_said(settings.COUNTRY).get(text)
    return text if row is None else in_language(text, row.get("ru", ""), row.get("kk", ""))
