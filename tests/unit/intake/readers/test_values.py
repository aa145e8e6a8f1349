"""Texts, imprecise dates and exact numbers, as people write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from torap.intake.readers.values import Day, Interval, Number, Texts, number_text


def code_of(adapter, value):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(adapter).validate_python(value)
    return caught.value.errors()[0]["type"]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2025-11-26", "2025-11-26", "2025-11-26"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        (2025, "2025-01-01", "2025-12-31"),
        ({"from": "2025-03", "to": "2025-05"}, "2025-03-01", "2025-05-31"),
        ({"from": 2022, "to": "2025-12-31", "note": "unknown day"}, "2022-01-01", "2025-12-31"),
        (dt.date(2025, 1, 2), "2025-01-02", "2025-01-02"),
    ],
)
def test_imprecise_dates_are_intervals(written, start, end):
    read = Interval.model_validate(written)
    assert (read.start.isoformat(), read.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2025-02-30", "bad_date"),
        ("2025-13", "bad_date"),
        ("26.11.2025", "bad_date"),
        ("soon", "bad_date"),
        (1700, "bad_date"),
        (True, "bad_date"),
        ({"from": "2025"}, "interval_open"),
        ({"from": None, "to": "2025"}, "interval_open"),
        ({"from": "2026", "to": "2025"}, "interval_reversed"),
        ({"from": "2025", "to": "2026", "why": "x"}, "unknown_field"),
    ],
)
def test_what_is_no_date_is_refused(written, code):
    assert code_of(Interval, written) == code


def test_a_day_is_a_full_date():
    assert TypeAdapter(Day).validate_python("2025-11-26") == dt.date(2025, 11, 26)
    assert code_of(Day, "2025-11") == "day_expected"


def test_a_bare_text_is_english():
    assert Texts.model_validate("Hub").model_dump() == {"en": "Hub", "ru": "", "kk": ""}
    assert Texts.model_validate({"en": "Hub", "ru": "Хаб", "kk": "Хаб"}).kk == "Хаб"
    assert code_of(Texts, ["a"]) == "text_expected"
    assert code_of(Texts, None) == "text_expected"
    assert code_of(Texts, {"ru": "Хаб"}) == "missing"
    assert code_of(Texts, {"en": "Hub", "de": "Knoten"}) == "extra_forbidden"


@pytest.mark.parametrize("written", ["12", True, None, "1 500"])
def test_a_number_is_no_text(written):
    assert code_of(Number, written) == "number_expected"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_a_number_has_one_spelling(value):
    assert Decimal(number_text(value)) == value
    assert number_text(value) == number_text(value * 10 / 10)
    assert "E" not in number_text(value)
