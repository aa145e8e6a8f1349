"""Sums of numbers people said: a sum is never more exact than its parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_FROM_BELOW = frozenset({"at_least", "more_than"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """`low` to `high` (equal unless a part was a range), and how exactly it may be said, as of one number."""

    low: Decimal
    high: Decimal
    qualifier: str


def sum_said(parts: Iterable[tuple[Decimal, Decimal, str]]) -> Sum | None:
    """The sum of (low, high, qualifier); None of nothing.

    Exact parts give an exact sum; parts known only from below make it "at least", only from above "up to",
    any other mix "about".
    """
    rows = list(parts)
    if not rows:
        return None
    return Sum(
        low=sum((low for low, _high, _how in rows), Decimal(0)),
        high=sum((high for _low, high, _how in rows), Decimal(0)),
        qualifier=_joint({how for _low, _high, how in rows} - {"exact"}),
    )


def _joint(inexact: set[str]) -> str:
    if not inexact:
        return "exact"
    if inexact <= _FROM_BELOW:
        return "at_least"
    return "up_to" if inexact == {"up_to"} else "about"
