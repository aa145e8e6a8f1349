"""The pipeline in words: by which rate, and what a finished project left unspent."""

import dataclasses
import datetime as dt
from types import SimpleNamespace

import pytest

from torap.rules.known import AsKnown
from torap.runs.selectors import Part
from torap.web.presenters.pipeline import _amount, _part, dwarfed, goal_chance, rate_words, scale_words

PART = Part(
    code="mill", stage="realised", stage_basis="money", since=None, amount=0.1, value=100.0, currency="KZT",
    rate_rule="", rate_on=None, rate_year=None, years=(0.0,), starts=1.0, undated=0.08, unspent=0.02,
    basis="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "on", "year", "words"),
    [
        ("", None, None, ""),
        ("dated_rate", dt.date(2025, 3, 1), 2025, "rate of 1 Mar 2025"),
        ("year_average", None, 2024, "average rate of 2024"),
        ("older_rate", dt.date(2023, 3, 1), 2023, "last rate known, of 1 Mar 2023"),
        ("older_rate", None, 2022, "last rate known, the average of 2022"),
    ],
)
def test_every_rate_is_told(rule, on, year, words):
    part = dataclasses.replace(PART, rate_rule=rule, rate_on=on, rate_year=year)
    assert rate_words(part).replace("\N{NO-BREAK SPACE}", " ") == words


def test_what_was_not_spent_is_told_and_nothing_where_all_was():
    known = AsKnown(dt.date(2026, 1, 1))
    assert _part(PART, "Mill", known)["unspent"] == "0.02"
    assert _part(dataclasses.replace(PART, unspent=0.0), "Mill", known)["unspent"] == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (0.0002, "< 0.001"), (0.004, "0.004"), (0.05, "0.05"), (0.25, "0.25"), (26.0, "26")],
)
def test_a_small_sum_is_never_shown_as_nothing(value, words):
    assert _amount(value) == words


def test_sums_that_would_lie_flat_have_a_scale_of_their_own():
    span = SimpleNamespace(years=(2026, 2027), p80=(0.1, 1.4))
    view = SimpleNamespace(targets={2026: (25.0, 27.0), 2027: (25.0, 27.0)})
    assert dwarfed(span, view)
    assert "25–27" in scale_words(span, view)
    tall = SimpleNamespace(years=(2026, 2027), p80=(0.1, 4.0))
    assert not dwarfed(tall, view)
    assert scale_words(tall, view) == ""
    assert not dwarfed(span, SimpleNamespace(targets={}))


def test_no_trial_is_not_no_chance():
    assert goal_chance(0.0) == "< 1 %"
    assert goal_chance(0.3) == "30 %"
