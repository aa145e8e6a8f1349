"""Forecasts beside the dates of a page in one question; the histogram of a date from the run's own trials."""

import pytest

from torap.common.errors import NotFound
from torap.rules.known import AsKnown
from torap.runs.selectors import forecast_of, forecasts_beside, spread
from torap.runs.services import run_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(country):
    return run_request(by=country.by, known_on=country.day, trials=500, at_once=True)


def test_beside_says_what_the_list_says_in_one_question(country, run, django_assert_num_queries):
    keys = ["milestone:hub-hall", "milestone:hub-open", "milestone:none"]
    whole = forecast_of(keys, country.known)
    with django_assert_num_queries(2):  # one of them for the head of the ledger
        found = forecasts_beside(keys, country.known)
    assert set(found) == set(whole) == set(keys[:2])
    for key, line in found.items():
        assert (line.p50, line.p80, line.chance, line.run) == (
            whole[key].p50, whole[key].p80, whole[key].chance, run.code,
        )  # fmt: skip
    assert forecasts_beside([], country.known) == {}


def test_beside_of_a_day_before_the_run_is_empty(country, run):
    before = AsKnown(country.day.replace(year=2024))
    assert forecasts_beside(["milestone:hub-hall"], before) == {}


def test_the_histogram_is_that_of_the_run(country, run):
    line = forecast_of(["milestone:hub-open"], country.known)["milestone:hub-open"]
    found = spread(run.code, "milestone:hub-open")
    assert found.beyond + sum(one.share for one in found.bins) == pytest.approx(1.0, abs=1e-4)
    assert "p50" in line.beyond, "half of the trials end later than anything seen"
    # To the trial: 250 of 500 rest on the rule for what was never seen, since milestones of one thing share
    # their luck (decision 11); with each drawn by itself it was more.
    assert found.beyond == 0.5
    assert "p20" not in line.beyond
    until = sum(one.share for one in found.bins if one.last <= line.p20)
    after = sum(one.share for one in found.bins if one.first <= line.p20)
    assert until <= 0.22
    assert after >= 0.18
    assert all(one.first < one.last for one in found.bins)
    assert found.bins[0].per_mille == round(found.bins[0].share * 1000)


def test_what_is_reached_has_no_histogram(country, run):
    with pytest.raises(NotFound):
        spread(run.code, "milestone:hub-works")
