"""Short texts of the facts that were said in one language, for readers of all three.

A text with a translation in the country's `said.yaml` is shown in the reader's language. Without one, a date
or a period is told by rule from what it says, and the original stands beside it; anything else is shown as
what it is: a quotation in its own language, marked so that eyes and screen readers know.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from torap.countries import load_said, load_said_names
from torap.publish.wording import fact_words, qualified, quoted
from torap.rules.errors import RulesError
from torap.rules.intervals import parse_period
from torap.web import formats
from torap.web.presenters.milestones import open_period

_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_ABOUT = re.compile(r"about\s+", re.IGNORECASE)
_IN_NAMES = frozenset({"of", "and", "the", "de", "и", "мен"})
# Language code -> its mark, and what the mark says.
MARKS: dict[str, tuple[str, Any]] = {
    "en": ("EN", _("in English")),
    "ru": ("РУС", _("in Russian")),
    "kk": ("ҚАЗ", _("in Kazakh")),
}


def said_html(text: str, *, quote: bool = False) -> SafeString:
    """`text` for the reader; `quote` puts marks of quotation around what is told in the reader's language."""
    told = _in_readers_language(text)
    if told is not None:
        return format_html("{}", quoted(told) if quote else told)
    period = _period(text)
    if period:
        return format_html("{} {}", period, _original(text))
    return format_html("{}", text) if _is_name(text) else _original(text)


def note_html(text: str) -> SafeString:
    """A note of several parts ("no date on the page; about 2024"), each part told as it can be."""
    return format_html_join(
        "; ", "{}", ((said_html(part.strip()),) for part in text.split(";") if part.strip())
    )


def _in_readers_language(text: str) -> str | None:
    country = settings.COUNTRY
    if text in load_said(country) or text in load_said_names(country) or not _LETTER.search(text):
        return fact_words(text)
    reader = (get_language() or "en")[:2]
    # Cyrillic without a Kazakh letter may be either language, and readers of Kazakh read it.
    own = {"kk": {"kk", "ru"}}.get(reader, {reader})
    return text if _language_of(text) in own else None


def _is_name(text: str) -> bool:
    """A proper name, written alike in every language: each word begins with a capital."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.lower() not in _IN_NAMES]
    return bool(words) and all(word[0].isupper() for word in words)


def _language_of(text: str) -> str:
    """The language a text is most likely in, by its letters."""
    if _KAZAKH.search(text):
        return "kk"
    return "ru" if _CYRILLIC.search(text) else "en"


def _period(text: str) -> str:
    """The date or period a text names, in the reader's words; empty where it names none."""
    about = _ABOUT.match(text)
    try:
        found = parse_period(text[about.end() :] if about else text)
    except RulesError:
        return ""
    words = formats.period(found.earliest, found.latest) if found.earliest else open_period(found.latest)
    return qualified("about", words) if about else words


def _original(text: str) -> SafeString:
    language = _language_of(text)
    mark, words = MARKS[language]
    return format_html(
        '<q class="original" lang="{}">{}</q> <abbr class="mute tiny" title="{}">{}</abbr>',
        language,
        text,
        words,
        mark,
    )
