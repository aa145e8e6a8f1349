"""Numbers and dates as a reader of the page's language writes them.

One place for it, because an imprecise date ("second quarter 2025") must never be shown more exactly than it
was said, and a number must look the same in a table, a card and a chart.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

Number = int | float | Decimal

_DAYS_PER_MONTH = 30.4375
_MONTHS_SHOWN = 24
_TENTHS_BELOW = 10  # years
_MINUS = "\N{MINUS SIGN}"
_NBSP = "\N{NO-BREAK SPACE}"


def reader_locale() -> Locale:
    """The Babel locale of the active language; English when the language is not known to Babel."""
    return _locale(get_language() or "en")


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def shortened(text: object, letters: int) -> str:
    """At most `letters` of a text: cut between two words, or inside a word where that would leave less than
    half of them."""
    whole = str(text)
    if len(whole) <= letters:
        return whole
    kept = whole[: letters - 1]
    between = kept.rpartition(" ")[0].rstrip(" ,;:–-")
    return f"{between}{_NBSP}…" if len(between) > letters // 2 else f"{kept}…"


def number(value: Number, digits: int | None = None) -> str:
    """`value` grouped for the reader, with at most `digits` decimals.

    By default two below 100, one below 10,000, none above.
    """
    if type(value) is int and -1000 < value < 1000:  # nothing to group: most numbers of a list
        return str(value).replace("-", _MINUS)
    if digits is None:
        size = abs(float(value))
        digits = 2 if size < 100 else 1 if size < 10_000 else 0
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return format_decimal(value, format=pattern, locale=reader_locale()).replace("-", _MINUS)


def iso(value: date | None) -> str | None:
    """A day as the browser's drawings read it; none stays none."""
    return None if value is None else value.isoformat()


def day(value: date) -> str:
    """One day: `22 Dec 2025`. A moment is shown as its day in the current time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return format_date(value, "d MMM y", locale=reader_locale())


def month(value: date) -> str:
    """A month with its year: `Dec 2025`."""
    return format_date(value, "LLL y", locale=reader_locale())


def period(earliest: date | None, latest: date | None) -> str:
    """An interval no more exact than it was said: year, half-year, quarter, month, day, or `first – last`.

    Both ends are inclusive. An open end is said in words; two open ends give an empty string.
    """
    if earliest is None and latest is None:
        return ""
    if earliest is None and latest is not None:
        return gettext("by %(day)s") % {"day": day(latest)}
    if latest is None and earliest is not None:
        return gettext("from %(day)s") % {"day": day(earliest)}
    assert earliest is not None
    assert latest is not None
    return _closed_period(earliest, latest)


def _closed_period(earliest: date, latest: date) -> str:
    if earliest == latest:
        return day(earliest)
    last_of_month = calendar.monthrange(latest.year, latest.month)[1]
    if earliest.day != 1 or latest.day != last_of_month:
        return f"{day(earliest)} – {day(latest)}"
    if earliest.year != latest.year:
        if earliest.month == 1 and latest.month == 12:
            return f"{earliest.year}–{latest.year}"
        return f"{month(earliest)} – {month(latest)}"
    return _within_year(earliest, latest)


def _within_year(earliest: date, latest: date) -> str:
    months = (earliest.month, latest.month)
    year = earliest.year
    if months == (1, 12):
        return str(year)
    if months[0] == months[1]:
        return month(earliest)
    if months in ((1, 6), (7, 12)):
        half = 1 if months[0] == 1 else 2
        return gettext("H%(half)s %(year)s") % {"half": half, "year": year}
    if months[0] % 3 == 1 and months[1] - months[0] == 2:
        return gettext("Q%(quarter)s %(year)s") % {"quarter": months[0] // 3 + 1, "year": year}
    return f"{month(earliest)} – {month(latest)}"


def age(then: date, today: date) -> str:
    """How long ago `then` was, in the largest unit that says it: days, months, years."""
    days = (today - then).days
    if days <= 0:
        return gettext("today")
    if days < 45:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    months = round(days / _DAYS_PER_MONTH)
    if months < 24:
        return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    years = days // 365
    return ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": years}


def slip(months: Number) -> str:
    """A shift with its sign: `−3 mo` below two years, then `+2.5 years`, `+21 years`; zero says that nothing
    moved. Lists, cards and drawings all ask here."""
    rounded = round(months)
    if rounded == 0:
        return gettext("no shift")
    sign = "+" if rounded > 0 else _MINUS
    size = abs(rounded)
    if size < _MONTHS_SHOWN:
        return gettext("%(shift)s mo") % {"shift": f"{sign}{size}"}
    shown, form = years(size)
    return ngettext("%(shift)s year", "%(shift)s years", form) % {"shift": f"{sign}{shown}"}


def years(months: int) -> tuple[str, int]:
    """Months as years, with tenths below ten, and the number whose form their word takes: a fraction takes
    that of a few."""
    exact = months / 12
    shown = round(exact, 1) if exact < _TENTHS_BELOW else float(round(exact))
    return number(shown, 1), int(shown) if shown.is_integer() else 2


def country_names(codes: Iterable[str]) -> dict[str, str]:
    """ISO 3166-1 alpha-2 codes → names in the reader's language; a code without a name is left out."""
    territories = reader_locale().territories
    return {code: territories[code] for code in codes if code in territories}
