"""`torap jobs run`, and the same work daily beside the server: once or twice, it does the same."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from torap.cli import jobs
from torap.cli.main import app
from torap.common.models import SentForm
from torap.delivery.models import ObstacleEvent
from torap.delivery.services import obstacle_save
from torap.registry.services import place_save


@pytest.fixture
def obstacle(system):
    place_save(by=system, code="hub", name="Hub", type="hub")
    said = timezone.localdate() - dt.timedelta(days=25)
    return obstacle_save(by=system, code="no-gas", text="No gas", blocks="hub", said=said)


@pytest.mark.django_db
def test_what_is_due_is_done_once(obstacle):
    SentForm.objects.create(number="old", sent_at=timezone.now() - dt.timedelta(days=2))
    SentForm.objects.create(number="new")
    first = CliRunner().invoke(app, ["jobs", "run"])
    assert first.exit_code == 0, first.output
    assert "3 rungs climbed. Forms: 1 old numbers dropped." in first.output
    again = CliRunner().invoke(app, ["jobs", "run"])
    assert "0 rungs climbed. Forms: 0 old" in again.output
    assert "Forecasts: 0 made." in again.output
    assert ObstacleEvent.objects.count() == 3
    assert [row.number for row in SentForm.objects.all()] == ["new"]


def test_the_daily_work_goes_on_after_a_day_that_failed(monkeypatch):
    days, thrice, told = [], threading.Event(), []
    monkeypatch.setattr(jobs.log, "exception", told.append)

    def work():
        days.append(True)
        if len(days) == 3:
            thrice.set()
        raise RuntimeError("no database today")

    thread, stop = jobs.start_daily(work, seconds=0.01)
    assert thrice.wait(10)
    stop.set()
    thread.join(10)
    assert thread.daemon
    assert not thread.is_alive()
    assert told[:3] == ["the daily work failed"] * 3


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_worked_off_once():
    first = CliRunner().invoke(app, ["jobs", "work", "--once"])
    assert first.exit_code == 0, first.output
    assert first.output == "0 tasks done.\n"
