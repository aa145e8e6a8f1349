"""Figures and sums found by the number itself, however it is written: 240000, 240 000, 200 тыс, $1.2 bn."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from torap.common.known import known_q, visible
from torap.common.models import Named
from torap.registry.models import Claim, MoneyEntry
from torap.rules.asked import AskedNumber, asked_number
from torap.rules.fold import fold, stems
from torap.rules.known import AsKnown

# Beginning of a unit -> how many of the thing it counts.
_SIZES = {"thousand ": 10**3, "mn ": 10**6, "bn ": 10**9, "trn ": 10**12}


def amounts_found(query: str, known: AsKnown, *, limit: int = 60) -> list[Claim | MoneyEntry]:
    """Claims and sums known on that day that name the one number of `query`; other words of it narrow.

    A number without a word of size is also found as it was said: 240 finds 240 thousand TEU. Two queries.
    """
    asked = asked_number(query)
    if asked is None:
        return []
    claims = visible(
        Claim.objects.select_related("subject", "attribute", "source").filter(_value(asked)), known
    )
    money = MoneyEntry.objects.select_related("project", "source").filter(known_q(known), amount=asked.value)
    found: Iterable[Claim | MoneyEntry] = [
        *claims.order_by("-said_to", "key"),
        *money.order_by("-said_to", "key"),
    ]
    words = fold(asked.rest).split()
    return [row for row in found if _fits(row, words)][:limit]


def _value(asked: AskedNumber) -> Q:
    """The value at either end, in the unit as said or in units of the thing counted."""
    sized = Q()
    for name in _SIZES:
        sized |= Q(unit__startswith=name)
    whole = _at(asked.value) & ~sized
    wanted = whole if asked.scaled else _at(asked.value)
    for name, factor in _SIZES.items():
        wanted |= _at(asked.value / factor) & Q(unit__startswith=name)
    return wanted


def _at(value: Decimal) -> Q:
    return Q(low=value) | Q(high=value)


def _fits(row: Claim | MoneyEntry, words: list[str]) -> bool:
    """Every further word begins a word of what the number is of, of its subject or of its unit."""
    if isinstance(row, Claim):
        named: tuple[Named, ...] = (row.subject, row.attribute)
        unit = row.unit
    else:
        named, unit = (row.project,), row.currency
    names = [name for thing in named for name in (thing.name_en, thing.name_ru, thing.name_kk)]
    text = fold(" ".join((*names, unit))).split()
    roots = set().union(*(stems(word) for word in text))
    return all(stems(word) & roots or any(own.startswith(word) for own in text) for word in words)
