"""`torap forecast …`: made, shown, scored, replayed; refusals say what to write."""

import dataclasses
import datetime as dt
import json

import pytest
from django.utils.timezone import localdate
from typer.testing import CliRunner

from torap.cli import forecast
from torap.cli.main import app
from torap.delivery import services as delivery
from torap.delivery.selectors import Ref
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.runs import selectors
from torap.runs.services import executing

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(system):
    registry.place_save(by=system, code="hub", name="Hub", type="hub")
    registry.source_add(
        by=system, code="paper", publisher="A paper", source_class="press", url="https://example.org/a"
    )
    for code, promised, done in (("part", "2024", "2024-11-01"), ("road", "2024", ""), ("open", "2027", "")):
        delivery.milestone_save(by=system, code=f"hub-{code}", subject="hub", name=code.title(), type="open")
        delivery.promise_add(
            by=system, milestone=f"hub-{code}", as_said=promised, source="paper", said=dt.date(2023, 1, 1)
        )
        if done:
            day = dt.date.fromisoformat(done)
            delivery.report_add(
                by=system, milestone=f"hub-{code}", state="done", source="paper", said=day, done_on=day
            )


def run(*arguments):
    return CliRunner().invoke(app, ["forecast", *arguments])


def test_made_once_and_shown(country):
    first = run("run", "--as-of", "2025-06-01", "--trials", "200")
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("forecast-2025-06-01: done in")
    data = json.loads(run("run", "--as-of", "2025-06-01", "--trials", "200", "--format", "json").stdout)
    assert (data["code"], data["state"], data["nodes"]) == ("forecast-2025-06-01", "done", 3)
    shown = run("show", "--as-of", "2025-06-01")
    assert "2 nodes, as known on 2025-06-01" in shown.stdout
    assert "due 2027-12-31" in shown.stdout
    listed = json.loads(run("show", "--format", "json", "--as-of", "2025-06-01").stdout)
    assert [row["key"] for row in listed["rows"]] == ["milestone:hub-road", "milestone:hub-open"]
    one = run("show", "milestone:hub-open", "--as-of", "2025-06-01")
    assert "class milestone.open.place: 3 promises, 1 known to be reached" in one.stdout
    assert (
        json.loads(run("show", "milestone:hub-open", "--format", "json").stdout)["line"]["basis"] == "class"
    )


def test_what_hangs_on_an_assumption_says_so(country):
    run("run", "--as-of", "2025-06-01", "--trials", "200")
    listed = json.loads(run("show", "--format", "json", "--as-of", "2025-06-01").stdout)
    assert {(row["assumed_share"], row["assumed_days"]) for row in listed["rows"]} == {(0.0, 0)}
    line = selectors.forecast_of(["milestone:hub-open"], AsKnown(dt.date(2025, 6, 1)))["milestone:hub-open"]
    assert "assumption" not in forecast._line(line, {})
    gap = selectors.Cause(id="milestone:hub-part", what="assumed", share=0.73, assumed_days=30)
    told = forecast._line(dataclasses.replace(line, causes=(gap,)), {})
    assert told.endswith("[assumption: in 73% of trials it hangs on 30 d of stages nobody told of]")


def test_json_has_the_names_of_the_downloads_and_no_day_that_cannot_be_told(country):
    run("run", "--trials", "200")
    rows = {row["key"]: row for row in json.loads(run("show", "--format", "json").stdout)["rows"]}
    row = rows["milestone:hub-road"]
    assert {"not_before", "by_now", "class", "first_promise", "promise_said_on"} <= set(row)
    assert not {"beyond", "class_code", "first_due", "said_on"} & set(row)
    shares = ("p10", "p20", "p50", "p80", "p90")
    assert (row["holder"], row["holder_name"]) == ("", "")
    body = Ref(kind="organisation", code="min", name="The ministry")
    line = selectors.forecast_of(["milestone:hub-road"], AsKnown(localdate()))["milestone:hub-road"]
    told = forecast.plain(dataclasses.replace(line, holder=body))
    assert (told["holder"], told["holder_name"]) == ("min", "The ministry"), "as in the download"
    assert row["by_now"], "promised for 2024, and nobody said anything since"
    assert all(row[name] is None for name in row["by_now"])
    assert all(row[name] is None or row[name] > row["known_on"] for name in shares)


def test_a_list_of_less_than_one_is_refused(country):
    for arguments in (("show", "--limit", "-1"), ("run", "--trials", "0"), ("run", "--seed", "-1")):
        result = run(*arguments)
        assert result.exit_code == 2
        assert arguments[1] in result.stderr
        assert "Traceback" not in result.output


def test_scored_and_replayed(country):
    run("run", "--trials", "100")
    assert run("score").stdout.startswith("all: n=0, reached 0; pinball –; Brier –; P80 –")
    found = run("backtest")
    assert found.exit_code == 0, found.output
    assert "word: n=0" in found.stdout
    assert "3 promises had nothing behind them on their day" in found.stdout
    told = json.loads(run("backtest", "--format", "json").stdout)
    assert told["untold"] == 3
    assert told["verdict"] == ["No forecast has been judged yet"]
    assert found.stdout.endswith("No forecast has been judged yet.\n")
    assert run("score").stdout.endswith("No forecast has been judged yet.\n")


def test_before_any_run_the_repair_is_told(country):
    assert "Run: torap forecast run" in run("show").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--as-of", "soon"), "no such day"),
        (("run", "--as-of", "2999-01-01"), "has not come yet"),
        (("show", "milestone:moon"), "no forecast of milestone:moon"),
        (("run", "--sampling", "dice"), "sampling"),
        (("run", "--trials", "0"), "trials"),
    ],
)
def test_refusals(country, arguments, words):
    found = run(*arguments)
    assert found.exit_code == 2
    assert words in found.stderr


def test_a_failed_run_is_told_and_ends_with_one(country, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr(executing, "computed", broken)
    monkeypatch.setattr(executing.log, "exception", lambda *_: None)
    found = run("run", "--trials", "100")
    assert found.exit_code == 1
    assert "crashed" in found.stderr


def test_rows_become_plain():
    assert forecast.plain({1: (dt.date(2026, 1, 2), None)}) == {"1": ["2026-01-02", None]}
