"""Quantities and money for the reader: a number with its unit in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from torap.publish.units import SIZES, currency_label, has_words, unit_label
from torap.web import formats

__all__ = ["currency_label", "has_words", "money", "quantity", "unit_label"]


def quantity(value: Any, unit: str = "", digits: int | None = None) -> str:
    """`value` for the reader with its unit in words."""
    number = Decimal(value) if isinstance(value, str) else value
    words = unit_label(unit, number)
    shown = formats.number(number, digits)
    return f"{shown}\N{NO-BREAK SPACE}{words}" if words else shown


def money(amount: Any, currency: str, digits: int | None = None) -> str:
    """An amount in a size one can read: 234,400,000,000 KZT is `234.4 bn tenge`."""
    value = Decimal(amount)
    for factor, name, _words in SIZES:
        if abs(value) >= factor and name != "thousand":
            return quantity(value / factor, f"{name} {currency}", digits)
    return quantity(value, currency, digits)
