"""A mean and a chance that go opposite ways are both told."""

import pytest
from django.utils import translation

from torap.runs.selectors import Shift
from torap.web.presenters import shifts
from unit.web.presenters.lines import LINE


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def shift(mean_days, chance_change):
    return Shift(
        key=LINE.key, before=LINE, after=LINE, p50_days=None, p80_days=None, mean_days=mean_days,
        chance_change=chance_change,
    )  # fmt: skip


def test_dates_that_come_earlier_on_average_but_are_kept_less_often_are_told():
    rows = [shift(-900.0, -0.08), shift(-400.0, -0.04), shift(-30.0, 0.02), shift(50.0, -0.02)]
    assert shifts.opposed(rows) == "Of those that get better 2 are less likely to keep their promised day."
    assert shifts.opposed([shift(50.0, 0.03)]) == (
        "Of those that get worse 1 is likelier to keep its promised day."
    )
    assert shifts.opposed([shift(50.0, -0.03), shift(-30.0, None), shift(-30.0, -0.001)]) == ""


def test_the_news_ends_with_them(db):
    told = shifts.summary([shift(-900.0, -0.08)])
    assert told.startswith("1 date gets better. Most of all: ")
    assert told.endswith(" Of those that get better 1 is less likely to keep its promised day.")
