"""A run in words: what it was asked, whether the pages show it, what a back-test gave."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from torap.rules.known import AsKnown
from torap.runs.selectors import REPLAY_TRIALS, RunLine
from torap.web.runs import presenters

KNOWN = AsKnown(dt.date(2026, 1, 31))


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def run(**changes):
    values = {
        "code": "forecast-2026-01-31", "kind": "forecast", "title": "", "known_on": KNOWN.day, "seed": 1,
        "trials": 10_000, "sampling": "plain", "engine": "1", "sha256": "a", "nodes": 57, "state": "done",
        "percent": 100.0, "error": "", "error_params": {}, "by": "system",
        "asked_at": dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC), "finished_at": None, "seconds": 1.5,
        "scenario": "", "base": "", "invented": False,
    }  # fmt: skip
    return RunLine(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "experiment"),
    [({}, False), ({"trials": 20_000}, False), ({"trials": 9_999}, True), ({"seed": 2}, True),
     ({"sampling": "latin"}, True), ({"kind": "backtest", "trials": 2_000}, False),
     ({"kind": "scenario", "trials": 10}, False)],
)  # fmt: skip
def test_a_forecast_with_other_settings_is_an_experiment(changes, experiment):
    assert presenters.run_row(run(**changes), KNOWN)["experiment"] is experiment


def test_whether_the_pages_show_a_run_is_said():
    shown, other = run(), run(code="forecast-2026-01-31-2", seed=2)
    assert presenters.standing(shown, shown, KNOWN)["text"] == "The pages show this run."
    assert "no other run" in presenters.standing(other, other, KNOWN)["text"]
    told = presenters.standing(other, shown, KNOWN)
    assert told["text"].startswith("An experiment")
    assert "/runs/forecast-2026-01-31/" in told["href"]
    assert presenters.standing(shown, run(code="new"), KNOWN)["text"] == "The pages show another run, new."
    assert presenters.standing(run(kind="scenario"), shown, KNOWN)["text"] == ""
    assert presenters.standing(shown, None, KNOWN)["text"] == ""


def test_a_back_test_tells_the_trials_it_made():
    tested = run(kind="backtest")
    assert presenters.trials_made(tested) == REPLAY_TRIALS
    assert presenters.trials_made(run(kind="backtest", trials=500)) == 500
    assert presenters.trials_made(run()) == 10_000
    names = [pair["name"] for pair in presenters.sizes(tested)]
    assert names == ["Milestones replayed", "Trials of each day"]
    assert [pair["text"] for pair in presenters.sizes(run())] == ["57", "10,000"]


def test_what_a_back_test_gave_is_told_in_short():
    whole = SimpleNamespace(n=40, reached=12, coverage=0.75, brier=0.1234)
    table = SimpleNamespace(whole=whole, network=SimpleNamespace(days=9))
    found = {pair["name"]: pair["text"] for pair in presenters.result(table)}
    assert found["Promises scored"] == "40"
    assert found["Reached by their P80"] == "75 %"
    assert found["Brier score"] == "0.123"
    assert found["Days whose network was asked"] == "9"
    bare = SimpleNamespace(whole=SimpleNamespace(n=1, reached=0, coverage=None, brier=None), network=None)
    assert [pair["name"] for pair in presenters.result(bare)] == ["Promises scored", "Reached by now"]
    assert presenters.result(None) == []
