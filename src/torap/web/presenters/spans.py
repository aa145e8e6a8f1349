"""Lengths of time in the largest unit that says them: nobody reads "2,152 days"."""

from __future__ import annotations

from django.utils.translation import ngettext

from torap.web import formats

_DAYS_SHOWN = 60
_MONTHS_SHOWN = 24
_DAYS_PER_MONTH = 30.4375


def span_words(days: int) -> str:
    """`days` (zero or more) in words: days below two months, months below two years, then years."""
    if days < _DAYS_SHOWN:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    months = round(days / _DAYS_PER_MONTH)
    if months < _MONTHS_SHOWN:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return _year_words(days // 365)


def shift_words(days: int, months: int) -> str:
    """A shift between two promised dates (zero or more) in words, by the calendar months told elsewhere.

    Two ways of rounding would make two numbers of one shift.
    """
    if days < _DAYS_SHOWN:
        return span_words(days)
    if months < _MONTHS_SHOWN:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    return _year_words(months // 12)


def moved_span(days: int) -> str:
    """By how much a day moved (zero or more), rounded as the lists beside it round (`formats.slip`)."""
    months = round(days / _DAYS_PER_MONTH)
    if months < _MONTHS_SHOWN:
        return span_words(days)
    shown, form = formats.years(months)
    return ngettext("%(count)s year", "%(count)s years", form) % {"count": shown}


def _year_words(years: int) -> str:
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
