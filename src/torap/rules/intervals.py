"""Promised dates as people say them, read into intervals.

"by 2030", "2 кв. 2025", "2030 жылға дейін", "within 3 to 4 years": every promise becomes [earliest, latest]
with the precision it was said with; "by X" has no earliest. What cannot be read is refused, never guessed.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from torap.rules.errors import RulesError
from torap.rules.period_words import BY, Token, read_words

FIRST_YEAR, LAST_YEAR = 1990, 2100
# Parts of a year and of a month as first and last month, or day: early, middle and late are thirds of it.
YEAR_PARTS = {"start": (1, 3), "early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (10, 12)}
MONTH_PARTS = {"start": (1, 10), "early": (1, 10), "mid": (11, 20), "late": (21, 31), "end": (21, 31)}
QUARTER_PARTS = {"start": (0, 0), "early": (0, 0), "mid": (1, 1), "late": (2, 2), "end": (2, 2)}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


class BadPeriod(RulesError):
    """A promised date that cannot be read. `params`: text, and word, where one word is at fault."""

    code = "bad_period"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day meant; `earliest` is None for "by X".

    `precision`: day, month, part_of_month, quarter, half, season, part_of_year, year, range or term.
    """

    earliest: dt.date | None
    latest: dt.date
    precision: str


def months_between(first: dt.date, last: dt.date) -> int:
    """Calendar months from that of `first` to that of `last` [months]; negative when `last` is earlier.

    The only count of a shift there is. Promises name months and quarters, so the days in them play no part:
    30 November 2022 to 2 October 2023 is 11.
    """
    return (last.year - first.year) * 12 + last.month - first.month


def parse_period(text: str, *, said: dt.date | None = None) -> Period:
    """Read a date or period in English, Russian or Kazakh; `said` is the day "this year" is counted from.

    BadPeriod when it cannot be read, names no such day, or needs `said` and has none.
    """
    clean = unicodedata.normalize("NFKC", text).casefold().strip()
    clean = re.sub(r"\s*[\u2010-\u2015\u2212]\s*", lambda m: " - " if " " in m[0] else "-", clean)
    if written := _written(clean, text):
        return written
    if (limit := BY.match(clean)) and (written := _written(clean[limit.end() :], text)):
        return Period(None, written.latest, written.precision)
    tokens, unknown = read_words(clean)
    if unknown or not tokens:
        raise _bad(text, word=unknown)
    kinds = {token.kind for token in tokens}
    by = bool(kinds & {"by", "before"})
    rest = [token for token in tokens if token.kind not in {"by", "before"}]
    period = _term(rest, said, text) if _is_term(rest) else _sides(rest, said, text)
    if "before" in kinds:
        return Period(None, (period.earliest or period.latest) - dt.timedelta(days=1), period.precision)
    return Period(None, period.latest, period.precision) if by else period


def _bad(text: str, *, word: str = "", reason: str = "not_understood") -> BadPeriod:
    return BadPeriod(
        f"'{text}' is not a date or period that can be read"
        f"{f' (word {word!r})' if word else ''}; write for example 2025, Q2 2025, by 2030, end of 2026, "
        "2025-12-20 or 2025-2027.",
        text=text,
        word=word,
        reason=reason,
    )


def _day(year: int, month: int, day: int, text: str) -> dt.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _bad(text, reason="year_outside")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise _bad(text, reason="no_such_day") from None


def _span(year: int, first: int, last: int, precision: str, text: str) -> Period:
    if not 1 <= first <= last <= 12:
        raise _bad(text, reason="no_such_day")
    start = _day(year, first, 1, text)
    return Period(start, _day(year, last, calendar.monthrange(year, last)[1], text), precision)


def _written(clean: str, text: str) -> Period | None:
    """Dates in figures: 2025-12-20, 20.12.2025, 2025-07."""
    if found := _ISO_DAY.fullmatch(clean):
        day = _day(int(found[1]), int(found[2]), int(found[3]), text)
        return Period(day, day, "day")
    if found := _DOTTED.fullmatch(clean):
        day = _day(int(found[3]), int(found[2]), int(found[1]), text)
        return Period(day, day, "day")
    if found := _ISO_MONTH.fullmatch(clean):
        return _span(int(found[1]), int(found[2]), int(found[2]), "month", text)
    return None


def _is_term(tokens: list[Token]) -> bool:
    kinds = [token.kind for token in tokens]
    return "year" not in kinds and "number" in kinds and bool({"years", "months"} & set(kinds))


def _term(tokens: list[Token], said: dt.date | None, text: str) -> Period:
    """ "within 3 to 4 years", "через 2 года": counted from the day it was said."""
    if said is None:
        raise _bad(text, reason="said_missing")
    numbers = [token.value for token in tokens if token.kind == "number"]
    others = {token.kind for token in tokens} - {"number", "dash", "within", "years", "months"}
    if others or len(numbers) > 2 or sorted(numbers) != numbers:
        raise _bad(text)
    per = 1 if any(token.kind == "months" for token in tokens) else 12
    ends = [_later(said, number * per, text) for number in numbers]
    return Period(ends[0] if len(ends) == 2 else None, ends[-1], "term")


def _later(day: dt.date, months: int, text: str) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise _bad(text, reason="year_outside")
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _sides(tokens: list[Token], said: dt.date | None, text: str) -> Period:
    cuts = [at for at, token in enumerate(tokens) if token.kind == "dash"]
    if not cuts:
        return _point(tokens, None, said, text)
    if len(cuts) > 1:
        raise _bad(text)
    right_tokens = tokens[cuts[0] + 1 :]
    right = _point(right_tokens, None, said, text)
    left = _point(_borrowed(tokens[: cuts[0]], right_tokens), right.latest.year, said, text)
    if left.earliest is None or left.earliest > right.latest:
        raise _bad(text, reason="interval_reversed")
    return Period(left.earliest, right.latest, "range")


def _borrowed(left: list[Token], right: list[Token]) -> list[Token]:
    """ "20-25 December 2025": the left side is short of the month; "Q3-4 2025" of nothing else."""
    if len(left) == 1 and left[0].kind == "number":
        return left + [token for token in right if token.kind in {"month", "quarter", "half"}]
    return left


def _point(tokens: list[Token], year: int | None, said: dt.date | None, text: str) -> Period:
    found = {token.kind: token.value for token in tokens}
    kinds = [token.kind for token in tokens if token.kind not in {"years", "months", "within"}]
    if len(kinds) != len(set(kinds)):
        raise _bad(text)
    if {"this", "next"} & set(kinds) or kinds in (["end"], ["mid"], ["start"]):
        if said is None or "year" in kinds:
            raise _bad(text, reason="said_missing")
        year = said.year + ("next" in kinds)
    year = found.get("year", year)
    if year is None:
        raise _bad(text, reason="year_missing")
    part = next((kind for kind in kinds if kind in YEAR_PARTS), "")
    allowed = {"year", "this", "next", part}
    main = [kind for kind in kinds if kind not in allowed]
    return _main(sorted(main), found, year, part, text)


def _main(main: list[str], found: dict[str, int], year: int, part: str, text: str) -> Period:
    if not main:
        first, last = YEAR_PARTS.get(part, (1, 12))
        return _span(year, first, last, "part_of_year" if part else "year", text)
    if main == ["month"]:
        return _month(year, found["month"], part, text)
    if main == ["month", "number"] and not part:
        day = _day(year, found["month"], found["number"], text)
        return Period(day, day, "day")
    if main == ["number", "quarter"]:
        first = 3 * found["number"] - 2
        low, high = QUARTER_PARTS.get(part, (0, 2))
        return _span(year, first + low, first + high, "month" if part else "quarter", text)
    if main == ["half", "number"] and not part:
        return _span(year, 6 * found["number"] - 5, 6 * found["number"], "half", text)
    if len(main) == 1 and main[0] in SEASONS and not part:
        return _span(year, *SEASONS[main[0]], "season", text)
    raise _bad(text)


def _month(year: int, month: int, part: str, text: str) -> Period:
    whole = _span(year, month, month, "month", text)
    if not part:
        return whole
    first, last = MONTH_PARTS[part]
    return Period(
        _day(year, month, first, text), _day(year, month, min(last, whole.latest.day), text), "part_of_month"
    )
