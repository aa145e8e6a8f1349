"""Runs as the record they are: dates of any of them, the frozen input, what tells them apart, replays."""

import csv
import datetime as dt
import hashlib
import io
import json

import pytest
from django.utils import timezone

from flows.conftest import AS_OF, DAY
from flows.test_forecast import get, page, table
from torap.delivery import services as delivery
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.runs.models import Run
from torap.runs.selectors import backtest_table
from torap.runs.services import run_request, scenario_discard, scenario_save

pytestmark = pytest.mark.django_db
NODE = "milestone:terminal-complete"


@pytest.fixture
def two_runs(foretold):
    """An older run, then a word that changes the forecast, then a newer run of the same day."""
    older = Run.objects.get()
    delivery.milestone_save(
        by=foretold, code="terminal-fence", subject="terminal", name={"en": "Fence built"}, type="complete",
        holder="akimat",
    )  # fmt: skip
    delivery.promise_add(
        by=foretold, milestone="terminal-fence", as_said="2028", source="gov-2025",
        said=dt.date(2025, 11, 25),
    )  # fmt: skip
    newer = run_request(by=foretold, known_on=DAY, trials=400, at_once=True)
    return older, Run.objects.get(code=newer.code)


def keys(answer):
    return {row["key"] for row in table(answer)}


def test_the_dates_of_any_run_are_shown_and_can_be_taken_away(client, two_runs):
    older, newer = two_runs
    text = page(client, f"runs/{older.code}/")
    assert f"/en/forecast/all/?run={older.code}" in text
    first = get(client, "forecast/all/", run=older.code, format="csv", all="1")
    second = get(client, "forecast/all/", format="csv", all="1")
    assert {row["run"] for row in table(first)} == {older.code}
    assert {row["run"] for row in table(second)} == {newer.code}
    assert keys(second) - keys(first) == {"milestone:terminal-fence"}
    rows = json.loads(get(client, "forecast/all/", run=older.code, format="json", all="1").content)
    assert {row["run"] for row in rows} == {older.code}
    shown = page(client, "forecast/all/", run=older.code)
    assert older.code in shown
    assert "The dates of one run, as it gave them." in shown
    assert f'name="run" value="{older.code}"' in shown


def test_a_run_that_is_none_or_of_a_later_day_is_not_found(client, two_runs):
    assert get(client, "forecast/all/", run="no-such-run").status_code == 404
    answer = client.get("/en/forecast/all/", {"as_of": "2025-01-01", "run": two_runs[0].code})
    assert answer.status_code == 404


def test_a_scenario_run_has_dates_too(client, two_runs, foretold):
    kept = scenario_save(
        by=foretold, title="Later", note="", changes=[{"op": "delay", "node": NODE, "months": 6}],
        base=two_runs[1].code,
    )  # fmt: skip
    row = run_request(
        by=foretold, kind="scenario", scenario=kept.code, base=two_runs[1].code, title="Later", at_once=True
    )
    assert f"/en/forecast/all/?run={row.code}" in page(client, f"runs/{row.code}/")
    assert {one["run"] for one in table(get(client, "forecast/all/", run=row.code, format="csv"))} == {
        row.code
    }


def test_the_frozen_input_has_the_hash_of_its_run(client, two_runs):
    for run in two_runs:
        answer = get(client, f"runs/{run.code}/", format="input")
        whole = b"".join(answer.streaming_content)
        assert hashlib.sha256(whole).hexdigest() == run.sha256
        assert json.loads(whole)["known_on"] == DAY.isoformat()
        assert f"torap-{run.code}-input.json" in answer["Content-Disposition"]


def test_runs_of_one_day_are_told_apart_by_hour_and_code(client, two_runs):
    text = page(client, "runs/compare/", a=two_runs[0].code, b=two_runs[1].code)
    for run in two_runs:
        made = timezone.localtime(run.recorded_at)
        assert f"{made:%H:%M} · {run.code}</option>" in text
        assert f"{made:%H:%M}" in page(client, f"runs/{run.code}/").split("</h1>")[0]


def test_a_replay_says_when_it_was_computed(client, foretold):
    words = "from what was known on 31 Dec 2025"
    assert words in page(client, "forecast/all/")
    assert "Forecast as known on" not in page(client, "forecast/all/")
    assert words in page(client, "milestones/terminal-open/")


def test_what_is_not_known_as_a_filter_is_told(client, foretold):
    text = page(client, "forecast/", body="zzz", kind="odd")
    assert "“Who can prevent it” has no “zzz”" in text
    assert "“What” has no “odd”" in text
    assert "will probably not hold" in text, "the list is not narrowed"
    text = page(client, "forecast/all/", region="Atlantis", basis="x")
    assert "“Region” has no “Atlantis”" in text
    assert "“Rests on” has no “x”" in text
    assert "No date fits" not in text
    assert "cannot be read" in page(client, "what-if/", changes="xx")
    assert "cannot be read" not in page(client, "what-if/", changes="[]")


def test_why_no_plot_is_foretold_is_said(client, foretold):
    text = page(client, "forecast/all/", kind="plot")
    assert "No plot is known whose networks or place have dates" in text


def test_what_is_reached_is_said_to_be_so_until_it_is_shown(client, foretold):
    text = page(client, "milestones/terminal-start/")
    assert "Said to be reached on 1 Mar 2024, no evidence" in text


def test_a_row_of_the_download_names_its_place(client, foretold):
    answer = client.get("/en/forecast/all/", {"as_of": AS_OF, "format": "csv", "all": "1"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    placed = [row for row in rows if row["subject"]]
    assert placed
    assert all(row["subject_name"] for row in placed)


def test_every_case_of_the_back_test_can_be_taken_away(client, foretold):
    run_request(by=foretold, kind="backtest", known_on=DAY, at_once=True)
    text = page(client, "score/")
    assert "part=cases" in text
    rows = table(get(client, "score/", format="csv", part="cases"))
    assert rows
    assert {"milestone", "p80", "chance", "held", "squared_error"} <= set(rows[0])
    assert len(json.loads(get(client, "score/", format="json", part="cases").content)) == len(rows)
    assert "Back-test of the network" in text
    assert "too few to say what this adds" in text
    rows = table(get(client, "score/", format="csv", part="network"))
    assert rows
    assert all(row["waited"] in {"true", "false"} for row in rows)
    points = get(client, "score/", format="csv", part="calibration")
    assert points.content.decode("utf-8-sig").startswith("part,chance_from,chance_to,foretold,held,n")


def test_what_was_recorded_after_the_run_is_told_beside_its_forecast(client, foretold):
    assert "before what was recorded here" not in page(client, "milestones/terminal-open/")
    delivery.report_add(
        by=foretold,
        milestone="terminal-open",
        state="under_way",
        source="gov-2025",
        said=dt.date(2025, 11, 25),
    )
    text = page(client, "milestones/terminal-open/")
    assert "before what was recorded here" in text
    assert "The next run" in text
    run_request(by=foretold, known_on=DAY, trials=400, at_once=True)
    assert "before what was recorded here" not in page(client, "milestones/terminal-open/")


def test_discarded_what_ifs_are_listed_in_a_fold(client, foretold):
    base = Run.objects.get()
    kept = scenario_save(
        by=foretold, title="Six months later", note="", base=base.code,
        changes=[{"op": "delay", "node": NODE, "months": 6}],
    )  # fmt: skip
    assert 'id="discarded"' not in page(client, "what-if/kept/")
    scenario_discard(by=foretold, code=kept.code)
    text = page(client, "what-if/kept/")
    fold = text[text.index('id="discarded"') :]
    assert "1 discarded what-if" in fold
    assert "Six months later" in fold
    assert "Six months later" not in text[: text.index('id="discarded"')]


def test_runs_say_which_one_the_pages_show_and_which_are_experiments(client, foretold):
    first = Run.objects.get()
    alone = page(client, f"runs/{first.code}/")
    assert "the pages show it, for there is no other run" in alone
    national = run_request(by=foretold, known_on=DAY, at_once=True)
    seeded = run_request(by=foretold, known_on=DAY, seed=77, at_once=True)
    text = page(client, "runs/")
    assert text.count('<span class="tag">on the pages</span>') == 1
    assert text.count('<span class="tag">experiment</span>') == 2
    assert text.index(national.code) < text.index("on the pages</span>")
    assert 'data-value="77"' in text
    words = "An experiment with settings of its own; the pages show the run"
    assert f"{words} {national.code}." in page(client, f"runs/{seeded.code}/")
    assert "The pages show this run." in page(client, f"runs/{national.code}/")
    assert {row["run"] for row in table(get(client, "forecast/all/", format="csv"))} == {national.code}


def test_a_newer_national_run_is_named_on_the_page_of_the_one_before(client, foretold):
    older = run_request(by=foretold, known_on=DAY, at_once=True)
    newer = run_request(by=foretold, known_on=DAY, trials=10_001, at_once=True)
    text = page(client, f"runs/{older.code}/")
    assert f"The pages show another run, {newer.code}." in text
    assert f'href="/en/runs/{newer.code}/' in text


def test_a_shared_what_if_says_on_which_run_it_is_answered(client, foretold):
    changes = json.dumps([{"op": "delay", "node": NODE, "months": 6}])
    text = get(client, "what-if/answer/", changes=changes).content.decode()
    assert f"Answered on the run {Run.objects.get().code}" in text


def test_a_chance_never_stands_beside_another_promise(client, foretold):
    held = {"as_of": "2026-01-31"}
    for path in ("milestones/terminal-open/", "promises/"):
        assert "to hold" in client.get(f"/en/{path}", held).content.decode()
    registry.source_add(
        by=foretold, code="paper-2026", publisher="A paper", source_class="press", url="https://example.org/z"
    )
    for milestone in ("terminal-open", "terminal-complete"):
        delivery.promise_add(
            by=foretold, milestone=milestone, as_said="2031", source="paper-2026", said=dt.date(2026, 2, 1)
        )
    later = {"as_of": "2026-02-10"}
    text = client.get("/en/milestones/terminal-open/", later).content.decode()
    section = text[text.index('id="forecast"') :]
    assert "It was computed when another day was in force, 31 Dec 2027:" in section
    assert "to hold" not in section.split("</p>")[0]
    assert "Chance to hold the present promise" not in section
    text = client.get("/en/promises/", later).content.decode()
    assert "no chance: computed for another day, 31 Dec 2027" in text
    assert (
        "the run knew this day; now 31 Dec 2031 is in force"
        in client.get("/en/forecast/", {**later, "months": "0"}).content.decode()
    )
    before = client.get("/en/milestones/terminal-open/", held).content.decode()
    assert "another day was in force" not in before
    text = client.get("/en/forecast/why/milestone/terminal-open/", later).content.decode()
    assert "another day was in force, 31 Dec 2027" in text
    assert "the run knew this day; now 31 Dec 2031 is in force" in text, "of what it waits for as well"
    plan = client.get("/en/plan/terminal/", later).content.decode()
    assert "no chance: computed for another day, 31 Dec 2027" in plan
    rows = {row["key"]: row for row in table(client.get("/en/plan/terminal/", {**later, "format": "csv"}))}
    row = rows["milestone:terminal-open"]
    assert (row["present_promise"], row["computed_for"], row["chance"]) == ("2031-12-31", "2027-12-31", "")
    first = client.get("/en/", later).content.decode()
    assert "the run knew this day; now 31 Dec 2031 is in force" in first
    assert "the run knew this day" not in client.get("/en/", held).content.decode()


def test_a_page_that_waits_for_its_causes_tells_of_an_earlier_promise_too(client, foretold, monkeypatch):
    registry.source_add(
        by=foretold, code="paper-2026", publisher="A paper", source_class="press", url="https://example.org/z"
    )
    delivery.promise_add(
        by=foretold, milestone="terminal-open", as_said="2031", source="paper-2026", said=dt.date(2026, 2, 1)
    )
    monkeypatch.setattr("torap.runs.selectors.near.LARGE", 0)
    monkeypatch.setattr("torap.runs.selectors.later.at_hand", lambda _key, _make: False)
    why = "/en/forecast/why/milestone/terminal-open/"
    for day, said in (("2026-01-31", False), ("2026-02-10", True)):
        text = client.get(why, {"as_of": day}).content.decode()
        assert "What moves this date is being computed" in text
        assert ("another day was in force, 31 Dec 2027" in text) is said


def test_a_back_test_says_what_it_made_and_what_it_gave(client, foretold):
    run = run_request(by=foretold, kind="backtest", known_on=DAY, at_once=True)
    assert run.trials == 2_000
    text = page(client, f"runs/{run.code}/")
    assert "Trials of each day" in text
    assert "10,000" not in text
    assert "What it gave" in text
    assert 'href="/en/score/' in text
    run_request(by=foretold, kind="backtest", known_on=DAY, seed=5, at_once=True)
    found = backtest_table(AsKnown(DAY))
    assert found is not None
    assert found.run == run.code, "a back-test with another seed is an experiment"


def test_a_day_without_a_forecast_says_how_to_make_one(client, foretold):
    text = client.get("/en/forecast/", {"as_of": "2025-11-26"}).content.decode()
    assert "No forecast was made by this day." in text
    assert "<code>torap forecast run --as-of 2025-11-26</code>" in text
    assert "torap forecast run" not in page(client, "forecast/")
    told = client.get("/en/forecast/", {"as_of": "2025-11-26", "clock": "recorded"}).content.decode()
    assert "torap forecast run" not in told


def test_the_forecast_of_today_is_computed_at_once_by_those_who_may(client, small_country, coordinator):
    button = "Compute the forecast now"
    assert button not in client.get("/en/runs/").content.decode()
    assert "/account/login/" in client.post("/en/runs/now/")["Location"]
    client.force_login(coordinator)
    assert button in client.get("/en/runs/").content.decode()
    assert button not in client.get("/en/runs/", {"as_of": "2025-11-26"}).content.decode()
    assert client.get("/en/runs/now/").status_code == 405
    made = client.post("/en/runs/now/")
    run = Run.objects.get()
    assert (made.status_code, run.known_on) == (302, timezone.localdate())
    assert made["Location"] == f"/en/runs/{run.code}/"
    assert client.post("/en/runs/now/")["Location"] == made["Location"], "the same input is computed once"
    assert "Compute the invented forecast now" not in client.get("/en/runs/").content.decode()
    apart = client.post("/en/runs/now/", {"invented": "1"})["Location"]
    assert Run.objects.get(code=apart.strip("/").rpartition("/")[2]).invented
    assert "Compute the invented forecast now" in client.get("/en/runs/").content.decode()
