"""Numbers and dates as the reader's language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from torap.web import formats


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("then start building", "then start building"),
        ("then start building at once", "then start\N{NO-BREAK SPACE}…"),
        ("Investitionsförderungsgesellschaft", "Investitionsförder…"),
        ("finish the first, then more", "finish the first\N{NO-BREAK SPACE}…"),
        ("12 · Verylongworkwithoutspaces", "12 · Verylongworkw…"),
    ],
)
def test_a_long_text_is_cut_between_words(text, shown):
    assert formats.shortened(text, 19) == shown


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (240000, None, "240,000"),
        (4.48, None, "4.48"),
        (Decimal("1200.50"), None, "1,200.5"),
        (17, None, "17"),
        (-3, None, "−3"),
        (0, None, "0"),
        (2.346, 1, "2.3"),
    ],
)
def test_number_english(value, digits, shown):
    assert formats.number(value, digits) == shown


def test_number_kazakh_and_russian_use_a_space_and_a_comma():
    for language in ("kk", "ru"):
        with translation.override(language):
            assert formats.number(240000.5, 1) == "240\xa0000,5"


@pytest.mark.parametrize(
    ("earliest", "latest", "shown"),
    [
        (date(2017, 1, 1), date(2017, 12, 31), "2017"),
        (date(2026, 4, 1), date(2026, 6, 30), "Q2 2026"),
        (date(2026, 7, 1), date(2026, 12, 31), "H2 2026"),
        (date(2024, 2, 1), date(2024, 2, 29), "Feb 2024"),
        (date(2025, 12, 22), date(2025, 12, 22), "22 Dec 2025"),
        (date(2025, 3, 1), date(2025, 4, 15), "1 Mar 2025 – 15 Apr 2025"),
        (date(2025, 2, 1), date(2025, 4, 30), "Feb 2025 – Apr 2025"),
        (date(2025, 1, 1), date(2027, 12, 31), "2025–2027"),
        (None, date(2030, 12, 31), "by 31 Dec 2030"),
        (date(2025, 1, 1), None, "from 1 Jan 2025"),
        (None, None, ""),
    ],
)
def test_period_is_no_more_exact_than_it_was_said(earliest, latest, shown):
    assert formats.period(earliest, latest) == shown


def test_day_of_a_moment_is_the_day_in_kazakhstan():
    assert formats.day(datetime(2025, 12, 21, 20, 30, tzinfo=UTC)) == "22 Dec 2025"


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        (date(2025, 11, 26), "today"),
        (date(2025, 11, 25), "1 day ago"),
        (date(2025, 9, 1), "3 months ago"),
        (date(2022, 11, 1), "3 years ago"),
    ],
)
def test_age(then, shown):
    assert formats.age(then, date(2025, 11, 26)) == shown


@pytest.mark.parametrize(
    ("months", "shown"),
    [
        (23, "+23 mo"),
        (24, "+2 years"),
        (30, "+2.5 years"),
        (132, "+11 years"),
        (257, "+21 years"),
        (-3, "−3 mo"),
        (0, "no shift"),
        (0.2, "no shift"),
    ],
)
def test_slip(months, shown):
    assert formats.slip(months) == shown


def test_country_names_follow_the_language():
    with translation.override("kk"):
        assert formats.country_names(["CN", "XX-none"]) == {"CN": "Қытай"}


def test_a_day_for_the_browser_is_iso_and_none_stays_none():
    assert formats.iso(date(2026, 3, 1)) == "2026-03-01"
    assert formats.iso(None) is None


@pytest.mark.parametrize(("value", "shown"), [(0, "0"), (-999, "−999"), (999, "999"), (1000, "1,000")])
def test_a_small_whole_number_needs_no_grouping(value, shown):
    assert formats.number(value) == formats.number(value, 0) == shown
