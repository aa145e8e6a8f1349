"""Money: dated rates, yearly averages, the calculation index, and refusals instead of guesses."""

import datetime as dt
from decimal import Decimal

import pytest

from torap.countries import load_rates
from torap.rules.errors import BadLawFile, BadValue, NotKnown
from torap.rules.money import Money, convert, mci_of, parse_rates


def test_mci_of_known_years_and_refusal_of_unknown():
    rates = load_rates()
    assert mci_of(rates, 2025).value == 3932
    assert mci_of(rates, 2026).value == 4325
    for year in (2024, 2022, 1999):
        with pytest.raises(NotKnown, match="not known"):
            mci_of(rates, year)


def test_dated_rate_stands_before_the_average_and_is_named():
    rates = load_rates()
    found = convert(Money(Decimal(1000), "USD"), "KZT", on=dt.date(2025, 3, 20), rates=rates)
    assert (found.rule, found.money, found.rate.on) == (
        "dated_rate",
        Money(Decimal("505200.00"), "KZT"),
        dt.date(2025, 3, 17),
    )


def test_average_of_the_year_and_the_other_direction():
    found = convert(Money(Decimal("469000"), "KZT"), "USD", on=dt.date(2024, 6, 1), rates=load_rates())
    assert (found.rule, found.money) == ("year_average", Money(Decimal("1000.00"), "USD"))


def test_no_rate_is_refused_not_guessed():
    with pytest.raises(NotKnown, match=r"rates\.yaml"):
        convert(Money(Decimal(1), "USD"), "KZT", on=dt.date(2025, 9, 1), rates=load_rates())
    with pytest.raises(NotKnown):
        convert(Money(Decimal(1), "EUR"), "KZT", on=dt.date(2024, 9, 1), rates=load_rates())


def test_same_currency_and_sums():
    money = Money(Decimal(5), "KZT")
    assert convert(money, "KZT", on=dt.date(1990, 1, 1), rates=load_rates()).rule == "same_currency"
    assert money + money == Money(Decimal(10), "KZT")
    with pytest.raises(BadValue, match="convert"):
        _ = money + Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    "fx",
    [
        {"base": "USD", "quote": "KZT", "value": 1, "source": "x"},
        {"base": "USD", "quote": "KZT", "value": 1, "source": "x", "year": 2024, "day": dt.date(2024, 1, 1)},
        {"base": "USD"},
    ],
)
def test_rate_file_with_a_bad_row_is_refused(fx):
    with pytest.raises(BadLawFile, match="day or year"):
        parse_rates({"mci": [], "fx": [fx]}, where="rates.yaml")
