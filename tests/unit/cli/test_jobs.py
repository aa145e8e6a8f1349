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
    assert told == ["the daily work failed"], "the same failure is told in full once"


def test_a_failure_that_goes_on_is_told_again_after_an_hour_and_another_at_once(monkeypatch):
    told, clock = [], iter([0.0, 10.0, 4000.0, 4000.0, 4000.0])
    monkeypatch.setattr(jobs.log, "exception", lambda words: told.append(words))
    monkeypatch.setattr(jobs.log, "error", lambda words, now: told.append(words % now))
    monkeypatch.setattr(jobs.time, "monotonic", lambda: next(clock))
    stop, errors = threading.Event(), iter(["a", "a", "a", "b", ""])

    def work():
        if not (wrong := next(errors)):
            stop.set()
            return
        raise RuntimeError(wrong)

    jobs._daily(work, 0.0, stop)
    still = "the daily work still fails: RuntimeError: a"
    assert told == ["the daily work failed", still, "the daily work failed"]


@pytest.mark.django_db
def test_one_job_that_fails_keeps_none_of_the_others_from_running(obstacle, monkeypatch):
    def broken():
        raise RuntimeError("no obstacles today")

    done = []
    opened = jobs.rooms()
    monkeypatch.setattr(opened.jobs, "escalate_obstacles", broken)
    monkeypatch.setattr(opened.runs_jobs, "forecast_today", lambda: done.append("forecast") or [])
    monkeypatch.setattr(opened.runs_jobs, "backtest_today", lambda: done.append("backtest"))
    with pytest.raises(RuntimeError, match="no obstacles today") as told:
        jobs.run_all()
    assert done == ["forecast", "backtest"]
    assert told.value.__notes__ == ["job: broken"]


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_worked_off_once():
    first = CliRunner().invoke(app, ["jobs", "work", "--once"])
    assert first.exit_code == 0, first.output
    assert first.output == "0 tasks done.\n"
