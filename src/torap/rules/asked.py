"""Numbers somebody types into a search box: 240000, 240 000, 240,000, 200 тыс, 1,2 млрд, $1.2 bn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_SCALES: tuple[tuple[str, int], ...] = (
    (r"k|th|thousand|тыс|тысяч\w*|мың\w*", 10**3),
    (r"m|mn|mln|million\w*|млн|миллион\w*", 10**6),
    (r"b|bn|bln|billion\w*|млрд|миллиард\w*", 10**9),
    (r"trn|tn|trillion\w*|трлн|триллион\w*", 10**12),
)
_GROUPED = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_NUMBER = re.compile(
    rf"(?<![\w.,-])[$€₸]?\s?(?P<number>{_GROUPED})(?![\d-]|[.,]\d)\s*"
    rf"(?:(?P<scale>{'|'.join(pattern for pattern, _factor in _SCALES)})\b\.?)?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """The number asked for; `scaled` when a word of size stood by it; `rest` is what else was asked."""

    value: Decimal
    scaled: bool
    rest: str


def asked_number(text: str) -> AskedNumber | None:
    """The only number in `text` and the words around it; None without one, or with several."""
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    match = found[0]
    try:
        value = Decimal(_plain(match["number"]))
    except InvalidOperation:
        return None
    scale = match["scale"]
    factor = next((f for pattern, f in _SCALES if scale and re.fullmatch(pattern, scale, re.IGNORECASE)), 1)
    rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
    return AskedNumber(value * factor, scaled=factor > 1, rest=rest)


def _plain(number: str) -> str:
    """As Decimal reads it: 240,000 is grouped, 1,2 has a decimal comma."""
    bare = re.sub(r"[ \u00a0\u202f]", "", number)
    return bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare.replace(",", ".")
