"""Figures in words."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from torap.web.presenters.figures import claim_words, difference_words


def claim(low, high=None, **more):
    fields = {"qualifier": "exact", "unit": "jobs", "text": "", **more}
    return SimpleNamespace(
        low=low, high=low if high is None else high, get_qualifier_display=lambda: "about", **fields
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (claim(Decimal(2300)), "2,300 jobs"),
        (claim(Decimal(1)), "1 job"),
        (claim(Decimal(25), Decimal(27), unit="bn USD"), "25–27 bn USD"),
        (claim(Decimal(2000), qualifier="about"), "about 2,000 jobs"),
        (claim(None, text="works go on"), "works go on"),
    ],
)
def test_claims_in_words(given, words):
    with translation.override("en"):
        assert claim_words(given) == words


def test_differences_in_words():
    with translation.override("en"):
        assert difference_words(None) == ""
        assert difference_words(Decimal("0.167")) == "17% apart"
        assert difference_words(Decimal("0.031")) == "3.1% apart"
