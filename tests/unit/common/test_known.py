"""Which day is looked at: one rule for the pages and the command line."""

import datetime as dt

import pytest

from torap.common.known import day_asked

TODAY = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", (TODAY, "")),
        (" 2025-11-26 ", (dt.date(2025, 11, 26), "")),
        ("2026-06-01", (TODAY, "")),
        ("2026-06-02", (TODAY, "in_the_future")),
        ("yesterday", (TODAY, "not_a_day")),
        ("2025-02-30", (TODAY, "not_a_day")),
    ],
)
def test_day_asked(asked, found):
    assert day_asked(asked, TODAY) == found
