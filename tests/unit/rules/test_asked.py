"""Numbers as people type them."""

from decimal import Decimal

import pytest

from torap.rules.asked import asked_number


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("240000", "240000", ""),
        ("240 000", "240000", ""),
        ("240\u00a0000 TEU", "240000", "TEU"),
        ("240,000 TEU", "240000", "TEU"),
        ("200 тыс", "200000", ""),
        ("200 тыс. TEU", "200000", "TEU"),
        ("200 мың", "200000", ""),
        ("1,2 млрд", "1200000000", ""),
        ("$1.2 bn", "1200000000", ""),
        ("порт 25 млн тонн", "25000000", "порт тонн"),
        ("12.5", "12.5", ""),
    ],
)
def test_the_number_and_the_rest(text, value, rest):
    found = asked_number(text)
    assert (found.value, found.rest) == (Decimal(value), rest)


@pytest.mark.parametrize("text", ["", "порт", "I-2025-11-25-1", "2025-12-20", "20.12.2025", "P08", "5 or 6"])
def test_no_single_number(text):
    assert asked_number(text) is None
