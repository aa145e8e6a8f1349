"""The words of promised dates in English, Russian and Kazakh, read into tokens.

Kept apart from `intervals` because it is a dictionary: a new way of saying a date is a new line here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word that carries meaning: its kind, and its number where it has one."""

    kind: str
    value: int = 0


_MONTHS = (
    ("jan", "янв", "қаңтар"),
    ("feb", "фев", "ақпан"),
    ("mar", "мар", "наурыз"),
    ("apr", "апр", "сәуір"),
    ("may", "май|мая|мае", "мамыр"),
    ("jun", "июн", "маусым"),
    ("jul", "июл", "шілде"),
    ("aug", "авг", "тамыз"),
    ("sep", "сен", "қыркүйек"),
    ("oct", "окт", "қазан"),
    ("nov", "ноя", "қараша"),
    ("dec", "дек", "желтоқсан"),
)
_ENGLISH_MONTHS = {
    **{"january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "sept": 9},
    **{"september": 9, "october": 10, "november": 11, "december": 12},
}

_NUMBERS = (
    ("one", "один|одного|одной|перв.*", "бір|бірінші|first"),
    ("two", "два|две|двух|втор.*", "екі|екінші|second"),
    ("three", "три|трех|трёх|трет.*", "үш|үшінші|third"),
    ("four", "четыре|четырех|четырёх|четверт.*|четвёрт.*", "төрт|төртінші|fourth"),
    ("five", "пять|пяти", "бес"),
    ("six", "шесть|шести", "алты"),
    ("seven", "семь|семи", "жеті"),
    ("eight", "восемь|восьми", "сегіз"),
    ("nine", "девять|девяти", "тоғыз"),
    ("ten", "десять|десяти", "он"),
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "і": 1, "іі": 2, "ііі": 3}

_KINDS: tuple[tuple[str, str], ...] = (
    ("quarter", r"q|quarter|кв|квартал.*|тоқсан.*"),
    ("half", r"h|half|полугоди.*|пг|жартыжыл.*|жарты.*"),
    ("by", r"by|until|till|к|ко|до|дейін|қарай|қарсаңында"),
    ("before", r"before"),
    ("end", r"end|close|конец|конца|концу|конце|соң.*|аяғ.*"),
    ("mid", r"mid|middle|середин.*|орта.*"),
    ("early", r"early"),
    ("late", r"late"),
    ("start", r"start|beginning|начал.*|басы.*|басталу.*"),
    ("spring", r"spring|весн.*|көктем.*"),
    ("summer", r"summer|лет[оа]м?|жазд?.*"),
    ("autumn", r"autumn|fall|осен.*|күз.*"),
    ("this", r"this|current|этот|этого|этом|текущ.*|нынешн.*|осы|биыл.*|ағымдағы"),
    ("next", r"next|следующ.*|будущ.*|келесі|келер"),
    ("within", r"within|течение|через|ішінде|кейін"),
    ("years", r"years?|yrs?|г|гг|год|года|году|годы|годов|годах|лет|ж|жж|жыл.*"),
    ("months", r"months?|месяц.*|мес|ай|айда|айдың|айы|айында|айдан"),
    ("noise", r"of|the|in|on|during|from|between|about|around|st|nd|rd|th"),
    ("noise", r"в|во|на|с|со|т|й|го|ый|ой|ая|е|я|ші|шы|дан|ден|бастап"),
)
_WORD_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_PIECES = re.compile(r"\d+|[^\W\d_]+|\s-\s|-|[^\s\w,.()'’]")
BY = re.compile(r"(?:by|until|to|к|до|no later than|not later than|не позднее)\s+")
_PHRASES = (
    (re.compile(r"\b(?:no|not) later than\b|\bне позднее\b|\bне позже\b"), "by"),
    (re.compile(r"(?<=\d)\s+(?:to|and|until|до|по|и|мен|және)\s+(?=\w)"), " - "),
    (re.compile(r"(?<=\w)\s+(?:to|and)\s+(?=\w)"), " - "),
    (re.compile(r"^to\b"), "by"),
)


def read_words(text: str) -> tuple[list[Token], str]:
    """Tokens of a case-folded text, and the first word that is not known ("" when all are)."""
    for pattern, said in _PHRASES:
        text = pattern.sub(said, text)
    pieces = _PIECES.findall(text)
    counted = any(re.fullmatch(_KINDS[0][1] + "|" + _KINDS[1][1], piece) for piece in pieces)
    tokens: list[Token] = []
    for at, piece in enumerate(pieces):
        if piece.strip() == "-":
            if piece == " - " or _ranges(pieces, at):
                tokens.append(Token("dash"))
            continue
        token = Token("number", _ROMAN[piece]) if counted and piece in _ROMAN else _token(piece)
        if token is None:
            return [], piece
        if token.kind != "noise":
            tokens.append(token)
    return tokens, ""


def _ranges(pieces: list[str], at: int) -> bool:
    """A dash written tight is a range between like things, or after a year when another year follows."""
    if at == 0 or at + 1 == len(pieces):
        return False
    first, second = _token(pieces[at - 1]), _token(pieces[at + 1])
    if first is None or second is None:
        return False
    later_year = any(len(piece) == 4 and piece.isdecimal() for piece in pieces[at + 1 :])
    return first.kind == second.kind != "noise" or (first.kind == "year" and later_year)


def _token(piece: str) -> Token | None:
    if piece.isdecimal():
        return Token("year", int(piece)) if len(piece) == 4 else Token("number", int(piece))
    month = _month(piece)
    if month:
        return Token("month", month)
    for number, forms in enumerate(_NUMBERS, 1):
        if re.fullmatch("|".join(forms), piece):
            return Token("number", number)
    for kind, pattern in _WORD_KINDS:
        if pattern.fullmatch(piece):
            return Token(kind)
    return None


def _month(word: str) -> int:
    if word in _ENGLISH_MONTHS:
        return _ENGLISH_MONTHS[word]
    for number, (english, russian, kazakh) in enumerate(_MONTHS, 1):
        if word == english or word.startswith(kazakh):
            return number
        if number == 5:
            if re.fullmatch(russian, word):
                return number
        elif re.fullmatch(rf"{russian}[а-я]{{0,5}}", word):
            return number
    return 0
