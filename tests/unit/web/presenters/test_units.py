"""Units read as ordinary expressions."""

from decimal import Decimal

import pytest
from django.utils import translation

from torap.rules.units import UNITS
from torap.web.presenters import units

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Decimal("234.400000"), "bn KZT", f"234.4{NBSP}bn tenge"),
        (1, "jobs", f"1{NBSP}job"),
        (2300, "jobs", f"2,300{NBSP}jobs"),
        (Decimal("1.5"), "projects", f"1.5{NBSP}projects"),
        (30, "percent", f"30{NBSP}%"),
        (240_000, "TEU/yr", f"240,000{NBSP}TEU a year"),
        (3, "items", "3"),
        (3, "", "3"),
        ("4.48", "mn t", f"4.48{NBSP}mn t"),
        (0, "MW", f"0{NBSP}MW"),
        (7, "furlongs", f"7{NBSP}furlongs"),
    ],
)
def test_quantity_in_english(value, unit, shown):
    with translation.override("en"):
        assert units.quantity(value, unit) == shown


def test_money_takes_a_size_one_can_read():
    with translation.override("en"):
        assert units.money(234_400_000_000, "KZT") == f"234.4{NBSP}bn tenge"
        assert units.money(Decimal("557000000.00"), "USD") == f"557{NBSP}mn USD"
        assert units.money(1_500_000_000_000, "KZT") == f"1.5{NBSP}trn tenge"
        assert units.money(3932, "KZT") == f"3,932{NBSP}tenge"
        assert units.money(0, "EUR") == f"0{NBSP}EUR"


def test_every_unit_of_the_rules_has_words():
    """A unit added to the rules needs its words here, or readers of other languages get a code."""
    without = [name for name in UNITS if not units.has_words(name)]
    assert not without


def test_a_currency_without_a_word_keeps_its_code():
    with translation.override("en"):
        assert units.unit_label("bn CNY") == "bn CNY"
