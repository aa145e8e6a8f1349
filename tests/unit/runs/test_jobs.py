"""What the clock asks for is made once, read from one state of the ledger, and not read again in vain."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.delivery import services as delivery
from torap.ledger.selectors import event_list
from torap.rules.known import AsKnown
from torap.runs import jobs, selectors
from torap.runs.frozen import unpack
from torap.runs.models import Run
from torap.runs.services import requests, run_request

pytestmark = pytest.mark.django_db


def test_the_forecast_of_the_day_is_made_once(country):
    (made,) = jobs.forecast_today()
    assert selectors.run_get(made).known_on == timezone.localdate()
    assert jobs.forecast_today() == []
    assert jobs.backtest_today() == jobs.backtest_today()


def test_histories_are_not_read_again_while_no_fact_came(country, monkeypatch, django_assert_max_num_queries):
    made = jobs.backtest_today()
    jobs.forecast_today()
    with django_assert_max_num_queries(4):
        assert jobs.backtest_today() == made
    delivery.report_add(
        by=country.by, milestone="hub-hall", state="under_way", source="paper", said=country.day
    )
    again = jobs.backtest_today()
    assert again != made
    monkeypatch.setattr(jobs, "FORMAT", "torap-backtest/other")
    read = []
    monkeypatch.setattr(jobs, "run_request", lambda **asked: read.append(asked) or Run(code="read"))
    assert jobs.backtest_today() == "read"
    assert read[0]["kind"] == "backtest"


def test_a_back_test_of_others_making_does_not_stand_for_that_of_the_day(country):
    run = run_request(by=country.by, kind="backtest", known_on=timezone.localdate(), clock="recorded")
    own = jobs.backtest_today()
    assert own != run.code
    assert jobs.backtest_today() == own


@pytest.mark.parametrize("writes", [1, 2, 9])
def test_a_back_test_is_read_from_one_state_of_the_ledger(country, monkeypatch, writes):
    """Somebody reports while the histories are read: they are read again, at last where nobody can write."""
    read = requests.frozen_histories
    times, locked = [], []

    def disturbed(known, *, invented):
        content = read(known, invented=invented)
        times.append(len(content["histories"][0]["reports"]))
        if len(times) <= writes and not locked:
            delivery.report_add(
                by=country.by, milestone="hub-full", state="under_way", source="paper",
                said=country.day - dt.timedelta(days=len(times)),
            )  # fmt: skip
        if len(times) == requests.FREE_TRIES:
            locked.append(True)  # from here on the lock keeps others out
        return content

    monkeypatch.setattr(requests, "frozen_histories", disturbed)
    run = run_request(by=country.by, kind="backtest", known_on=country.day)
    assert len(times) == min(writes, requests.FREE_TRIES) + 1
    monkeypatch.setattr(requests, "frozen_histories", read)
    assert unpack(run.content) == read(AsKnown(country.day))
    events = [event.kind for event in event_list().rows][:2]
    assert events[1] == "run.requested"


def test_in_an_empty_country_no_forecast_is_made(system):
    assert jobs.forecast_today() == []
