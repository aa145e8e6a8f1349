"""The pool of a project in words: against which threshold, at which rate of which day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from torap.registry.selectors import PoolOf
from torap.rules.money import FxRate
from torap.web.presenters.money import pool_words, rate_words

DOLLAR = {"base": "USD", "quote": "KZT", "value": Decimal("512.3"), "source": "nb"}


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (FxRate(**DOLLAR, on=dt.date(2025, 11, 25)), "512.3 tenge for 1 USD, the rate of 25 Nov 2025."),
        (FxRate(**DOLLAR, year=2024), "512.3 tenge for 1 USD, the average of 2024."),
        (
            FxRate(base="KZT", quote="EUR", value=Decimal("0.002"), source="nb", year=2024),
            "500 tenge for 1 EUR, the average of 2024.",
        ),
    ],
)
def test_a_rate_says_its_currency_and_its_day(rate, words):
    with override("en"):
        assert rate_words(rate, "KZT").replace("\N{NO-BREAK SPACE}", " ") == f"Counted at {words}"


@pytest.mark.parametrize(("code", "words"), [("national", "reaches the"), ("regional", "is below the")])
def test_the_pool_says_on_which_side_of_the_threshold_the_cost_lies(code, words):
    pool = PoolOf(
        code=code,
        reason_code="cost_compared",
        cost=Decimal(10**10),
        threshold=Decimal(10**9),
        year=2025,
        currency="KZT",
    )
    with override("en"):
        found = pool_words(pool)
    why = found["why"].replace("\N{NO-BREAK SPACE}", " ")
    assert f"10 bn tenge, named in 2025, {words} threshold of the national pool of that year" in why
