"""A promise is never shown more exactly than it was said."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from torap.web.presenters.milestones import open_period, promise_words

D = dt.date


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (None, D(2030, 12, 31), "by the end of 2030"),
        (None, D(2026, 7, 31), "by the end of Jul 2026"),
        (None, D(2025, 12, 20), "by 20 Dec 2025"),
        (D(2025, 4, 1), D(2025, 6, 30), "Q2 2025"),
        (D(2026, 1, 1), D(2028, 12, 31), "2026–2028"),
        (D(2025, 12, 20), D(2025, 12, 20), "20 Dec 2025"),
    ],
)
def test_promises_in_words(earliest, latest, words):
    with translation.override("en"):
        assert promise_words(SimpleNamespace(earliest=earliest, latest=latest)) == words


def test_no_promise_has_no_words():
    assert promise_words(None) == ""


def test_open_period_of_a_leap_february():
    with translation.override("en"):
        assert open_period(D(2028, 2, 29)) == "by the end of Feb 2028"
