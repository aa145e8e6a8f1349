"""Forecasts over HTTP: beside every date, what breaks next, plans, classes, score, runs, known day."""

import csv
import datetime as dt
import io
import json
import re

import pytest

from flows.conftest import AS_OF, DAY
from torap.common.models import Role
from torap.delivery import services as delivery
from torap.engines.schedule.plan import Activity, Link, Plan
from torap.engines.schedule.worktime import STANDARD_WEEK, CalendarSpec, minutes
from torap.registry import services as registry
from torap.runs.models import RunState, State
from torap.runs.services import run_request

pytestmark = pytest.mark.django_db
KEY = "milestone:terminal-complete"
PLAN = "plan/terminal/"
WHY = "forecast/why/milestone/terminal-complete/"
WAITING = ("forecast/", "forecast/all/", PLAN, "what-if/", "classes/", WHY, "milestones/terminal-complete/")


def get(client, path, language="en", **query):
    return client.get(f"/{language}/{path}", {"as_of": AS_OF, **query})


def page(client, path, language="en", **query):
    answer = get(client, path, language, **query)
    assert answer.status_code == 200, path
    return answer.content.decode()


def chart_data(text, name):
    found = re.search(rf'id="{name}-data" type="application/json">(.*?)</script>', text)
    return json.loads(found.group(1))


def table(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_milestone_tells_its_forecast_in_a_sentence_and_why(client, foretold):
    text = page(client, "milestones/terminal-open/")
    section = text[text.index('id="forecast"') :]
    assert "of the trials end" in section or "trials end" in section
    assert "of 100 keep the promised day, 31 Dec 2027." in section
    for part in ("P10", "P50", "P80", "P90", "Reference class", "Why this date"):
        assert part in section
    assert 'hx-get="/en/forecast/why/milestone/terminal-open/' in text


def test_why_this_date_is_a_part_of_the_page_and_a_page_of_its_own(client, foretold):
    path = "forecast/why/milestone/terminal-open/"
    part = client.get(f"/en/{path}", {"as_of": AS_OF}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "<script" not in part
    assert part.count("data-figures") == 2
    for words in ("Why this date", "What moves it", "How likely each date is", "Works complete"):
        assert words in part
    assert "Ministry of Transport" in part
    assert "<html" in page(client, path)
    causes = table(get(client, path, format="causes"))
    assert any(float(row["days_at_best"]) < 0 < float(row["days_at_worst"]) for row in causes)
    rows = table(get(client, path, format="spread"))
    seen = sum(float(row["share_of_trials"]) for row in rows if row["to"])
    assert [row["from"] != "" for row in rows if not row["to"]] == [True], "the rest has a row of its own"
    assert 0.3 < seen < 0.5, "what ends later than anything seen of its kind is in no bin"
    assert get(client, "forecast/why/milestone/none/").status_code == 404
    assert get(client, "forecast/why/milestone/terminal-start/", format="spread").status_code == 404


def test_what_is_reached_has_nothing_left_to_foretell(client, foretold):
    text = page(client, "milestones/terminal-start/")
    assert "Said to be reached on 1 Mar 2024, no evidence: nothing is left to foretell." in text
    assert 'id="why"' not in text


def test_before_the_first_run_pages_say_so(client, foretold):
    early = "2024-06-01"
    assert "No forecast was made by this day" in page(client, "forecast/", as_of=early)
    assert "No forecast was made by this day." in page(client, "milestones/terminal-complete/", as_of=early)
    for path in ("forecast/all/", "what-if/", "classes/", "plan/terminal/"):
        assert "No forecast was made by this day" in page(client, path, as_of=early), path
    assert "No run was made by this day" in page(client, "runs/", as_of=early)


def test_no_run_is_advised_of_a_day_on_which_nothing_was_promised(client, foretold):
    assert "torap forecast run --as-of 2024-06-01" in page(client, "forecast/", as_of="2024-06-01")
    ancient = page(client, "forecast/", as_of="1800-01-01")
    assert "No forecast was made by this day" in ancient
    assert "torap forecast run" not in ancient


def test_a_horizon_nobody_knows_narrows_nothing(client, foretold):
    text = page(client, "forecast/", months="60")
    assert "the list is not narrowed by it" in text
    odd, whole = (table(get(client, "forecast/", months=one, format="csv")) for one in ("60", "0"))
    assert odd == whole


def test_the_forecast_stands_beside_every_date(client, foretold):
    for path in ("promises/", "places/terminal/", "instructions/", "bodies/ministry/"):
        text = page(client, path)
        assert "P50" in text, path
        assert "P80" in text, path
        assert any(one in text for one in ("to hold", "its day has passed", "may have been kept")), path
        assert "/classes/" in text, path


def test_the_situation_names_what_will_break_and_who_can_prevent_it(client, foretold):
    text = page(client, "")
    assert "What breaks next, and who can prevent it" in text
    assert "Will break" in text
    assert 'href="/en/forecast/' in text
    assert "moved 2 times, said: under way" in text, "word and evidence stand beside the chance"


def test_the_situation_names_each_promise_that_falls_next_once(client, foretold):
    text = page(client, "")
    lists = dict(
        re.findall(r'<section class="card[^"]*" id="(breaks|due|coming)"(.*?)</section>', text, re.DOTALL)
    )
    named = [set(re.findall(r"/milestones/([a-z-]+)/", found)) for found in lists.values()]
    assert all(named)
    assert sum(map(len, named)) == len(set().union(*named))


def test_what_breaks_next_is_grouped_filtered_and_taken_away(client, foretold):
    whole = page(client, "forecast/", months="0")
    assert "will probably not hold" in whole
    assert "Container terminal: Works complete" in whole
    rows = table(get(client, "forecast/", months="0", format="csv"))
    keys = {row["key"] for row in rows}
    assert KEY in keys
    assert all(float(row["chance"]) < 0.5 for row in rows)
    assert json.loads(get(client, "forecast/", months="0", format="json").content)[0]["key"] in keys
    mine = table(get(client, "forecast/", months="0", body="akimat", format="csv"))
    assert mine
    assert {row["key"] for row in mine} <= keys
    assert "akimat" in mine[0]["who_can_prevent"] or mine[0]["holder"] == "akimat"
    nothing = page(client, "forecast/", months="0", kind="plot")
    assert "Nothing here breaks" in nothing
    assert page(client, "forecast/", months="a", sort="b", kind="c", page="x")


def test_what_has_passed_is_counted_as_on_the_pages_it_leads_to(client, foretold):
    text = page(client, "forecast/", months="0")
    for status, path in (("passed", "promises/?status=passed"), ("overdue", "instructions/?view=overdue")):
        told = re.search(rf'<a href="/en/{re.escape(path)}[^"]*">(\d+) [^<]*</a>', text)
        assert told, status
        listed = page(client, path.partition("?")[0], **dict([path.partition("?")[2].split("=")]))
        assert re.search(rf'aria-current="page"[^>]*>.*?<span[^>]*>{told[1]}<', listed, re.DOTALL), status
        assert told[0].partition(">")[2].removesuffix("</a>") in page(client, ""), "and as on the front page"


def test_the_front_page_counts_what_breaks_as_the_list_it_leads_to(client, foretold):
    href, count = re.search(r'href="/en/(forecast/\?[^"]*)">all (\d+)', page(client, "")).groups()
    assert f"{count} promise" in page(client, href.partition("?")[0], months="0")
    assert "months=0" in href


def test_what_a_body_holds_stands_with_its_forecast(client, foretold, person):
    text = page(client, "bodies/akimat/")
    held = "".join(
        re.findall(r'<section class="card[^"]*" id="(?:late|holds)".*?</section>', text, re.DOTALL)
    )
    assert "P50" in held
    assert "to hold" in held
    client.force_login(person("aigul", Role.BODY_MEMBER, organisation="akimat"))
    mine = page(client, "me/")
    assert "P50" in mine
    assert "to hold" in mine


def test_a_horizon_leaves_out_what_is_promised_later(client, foretold):
    soon = {row["key"] for row in table(get(client, "forecast/", months="3", format="csv"))}
    late = {row["key"] for row in table(get(client, "forecast/", months="0", format="csv"))}
    assert "milestone:terminal-open" not in soon
    assert soon <= late


def test_every_date_is_listed_searched_and_taken_away(client, foretold):
    text = page(client, "forecast/all/", q="Terminal opened")
    assert "/milestones/terminal-open/" in text
    assert "/milestones/terminal-complete/" not in text
    rows = table(get(client, "forecast/all/", format="csv", all="1"))
    done = next(row for row in rows if row["key"] == "milestone:terminal-start")
    assert done["basis"] == "done"
    assert done["p50"] == ""
    assert "No date fits" in page(client, "forecast/all/", q="nothing like it")
    assert page(client, "forecast/all/", page="-3", sort="no", basis="no")


def test_a_plan_has_baseline_band_and_chain(client, foretold):
    text = page(client, "plan/terminal/")
    data = chart_data(text, "plan")
    rows = {row["key"]: row for row in data["rows"]}
    complete = rows[KEY]
    assert complete["first"] == "2025-06-30"
    assert complete["due"] == "2026-12-31"
    days = [complete[name] or complete["not_before"][name] for name in ("p10", "p50", "p80")]
    assert days == sorted(days)
    assert complete["p80"] is None, "later than anything seen of its kind: no end of the band is drawn"
    assert rows["milestone:terminal-start"]["done"] == "2024-03-01"
    assert any(row["driving"] for row in data["rows"])
    assert "is driven by" in text
    assert {row["key"] for row in table(get(client, "plan/terminal/", format="csv"))} == set(rows)
    assert get(client, "plan/none/").status_code == 404
    assert 'href="/en/plan/terminal/' in page(client, "places/terminal/")


def test_a_plan_shows_the_works_of_an_attached_schedule(client, foretold, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    start = minutes(dt.datetime(2026, 1, 5, 8))  # noqa: DTZ001
    plan = Plan(
        start=start, data_date=start, name="Quay", calendar="std",
        calendars={"std": CalendarSpec(id="std", week=STANDARD_WEEK)},
        activities=(Activity(id="A", name="Piles", minutes=480), Activity(id="B", name="Quay", minutes=960)),
        links=(Link(predecessor="A", successor="B"),),
    )  # fmt: skip
    delivery.schedule_attach(
        by=foretold,
        milestone="terminal-complete",
        plan=plan,
        file=b"{}",
        file_name="quay.json",
        format="json",
        profile="torap",
        finish_activity="B",
        said=dt.date(2025, 12, 20),
        key="quay",
        name="Quay of the terminal",
    )
    text = page(client, "plan/terminal/")
    assert "2 works of the attached schedule “Quay of the terminal”" in text
    chart = chart_data(text, "plan")
    assert [group["key"] for group in chart["groups"]] == [KEY]
    at = [row["key"] for row in chart["rows"]].index(KEY)
    bars = chart["rows"][at + 1 : at + 3]
    assert {bar["under"] for bar in bars} == {KEY}
    assert [(bar["name"].strip(), bar["start"], bar["finish"]) for bar in bars] == [
        ("Piles", "2026-01-05", "2026-01-05"),
        ("Quay", "2026-01-06", "2026-01-07"),
    ]
    assert all(bar["critical"] for bar in bars)
    rows = table(get(client, "plan/terminal/", schedule="quay", format="csv"))
    assert [row["activity"] for row in rows] == ["A", "B"]
    assert not table(get(client, "plan/terminal/", schedule="none", format="csv"))


def test_a_class_shows_its_curve_its_n_and_its_promises(client, foretold):
    text = page(client, "classes/")
    assert "All promises" in text
    found = page(client, "classes/milestone/")
    assert "are reached by their day" in found or "No promise of this class" in found
    assert "That is few" in found
    assert chart_data(found, "curve")["curve"][0]["s"] == 1.0
    assert "/milestones/terminal-start/" in found
    assert table(get(client, "classes/milestone/", format="csv"))
    assert table(get(client, "classes/", format="csv"))
    assert get(client, "classes/nothing/").status_code == 404


def test_a_run_shows_what_it_was_computed_from(client, foretold):
    code = f"forecast-{AS_OF}"
    text = page(client, "runs/")
    assert code in text
    one = page(client, f"runs/{code}/")
    for part in ("400", "Seed", "Hash of the frozen input", "As known on", "done"):
        assert part in one
    assert re.search(r'class="hash">[0-9a-f]{64}<', one)
    assert "It is done" in page(client, f"runs/{code}/", part="progress")
    assert get(client, "runs/none/").status_code == 404
    assert table(get(client, "runs/", format="csv"))[0]["code"] == code


def test_two_runs_are_compared(client, foretold):
    registry.source_add(
        by=foretold, code="later", publisher="Press", source_class="press", url="https://example.org/later",
        published=dt.date(2025, 12, 20),
    )  # fmt: skip
    delivery.promise_add(
        by=foretold, milestone="terminal-open", as_said="2029", source="later", said=dt.date(2025, 12, 20)
    )
    second = run_request(by=foretold, known_on=DAY, trials=400, at_once=True)
    first = f"forecast-{AS_OF}"
    assert second.code != first
    text = page(client, "runs/compare/", a=first, b=second.code)
    assert "Before and after" in text or "What moves" in text
    rows = table(get(client, "runs/compare/", a=first, b=second.code, format="csv"))
    assert "milestone:terminal-open" in {row["key"] for row in rows}
    assert "Nothing differs" in page(client, "runs/compare/", a=first, b=first)
    assert get(client, "runs/compare/", a=first, b="none").status_code == 404
    assert "Two runs compared" in page(client, "runs/compare/")


def test_the_score_says_how_little_it_knows(client, foretold):
    empty = page(client, "score/")
    assert "Nothing to judge yet" in empty
    run_request(by=foretold, kind="backtest", known_on=DAY, at_once=True)
    text = page(client, "score/")
    assert "Back-test" in text
    assert "Coverage of P80" in text
    assert "n = " in text
    rows = table(get(client, "score/", format="csv"))
    assert {row["part"] for row in rows} >= {"backtest"}


PATHS = (
    "forecast/",
    "forecast/all/",
    "plan/terminal/",
    "runs/",
    f"runs/forecast-{AS_OF}/",
    "runs/compare/",
    "classes/",
    "classes/milestone/",
    "score/",
    "milestones/terminal-open/",
    "forecast/why/milestone/terminal-open/",
    "what-if/",
    "what-if/kept/",
)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_pages_in_three_languages(client, foretold, language):
    for path in PATHS:
        page(client, path, language)


def test_number_of_queries(client, foretold, django_assert_max_num_queries):
    for path in ("", "promises/", "instructions/", "places/terminal/", "bodies/ministry/", *PATHS):
        get(client, path)
        with django_assert_max_num_queries(15, info=path):
            assert get(client, path).status_code == 200


def test_pages_of_an_empty_database(client):
    for path in ("forecast/", "forecast/all/", "runs/", "runs/compare/", "classes/", "score/", "what-if/"):
        assert client.get(f"/en/{path}").status_code == 200, path


@pytest.mark.parametrize(
    "path", ["what-if/", "score/", "runs/", "classes/", "forecast/all/", "plan/terminal/"]
)
def test_pages_of_the_forecast_mark_it_in_the_menu(client, foretold, path):
    text = page(client, path)
    menu = text[text.index('id="site-nav"') : text.index('class="site-nav__foot"')]
    assert re.search(r'href="/en/forecast/[^"]*" aria-current="page">Forecast<', menu)
    assert "pop--current" not in menu


@pytest.mark.parametrize("path", WAITING)
def test_while_the_first_forecast_is_computed_every_place_says_so(client, small_country, path):
    run_request(by=small_country, known_on=DAY, trials=400, at_once=False)
    text = page(client, path)
    assert "The forecast is being computed." in text
    assert 'hx-trigger="every 1s"' in text
    assert "Waiting to be computed" in text


def test_before_the_first_forecast_a_class_leads_to_the_list_that_waits(client, small_country):
    answer = get(client, "classes/milestone/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/en/classes/")


def test_lists_say_that_a_forecast_is_being_computed(client, small_country):
    run_request(by=small_country, known_on=DAY, trials=400, at_once=False)
    assert "being computed" in page(client, "promises/")


@pytest.mark.parametrize("path", [*WAITING, "promises/"])
def test_a_forecast_that_failed_says_why_and_what_to_do(client, small_country, path):
    run = run_request(by=small_country, known_on=DAY, trials=400, at_once=False)
    RunState.objects.filter(run=run).update(state=State.FAILED, error="crashed", error_params={"error": "X"})
    text = page(client, path)
    if path == "promises/":
        assert "no forecast yet" in text
    else:
        assert "The forecast could not be computed" in text
        assert "torap jobs run" in text


def test_a_page_that_waits_looks_again_without_scripts_too(client, small_country):
    text = client.get("/en/forecast/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert "There is no forecast yet." in text
    assert "http-equiv" not in page(client, "forecast/")  # another day is not waited for


def test_progress_that_has_ended_shows_the_page_anew(client, foretold):
    answer = get(client, f"runs/forecast-{AS_OF}/", part="progress")
    assert answer.headers["HX-Refresh"] == "true"


def test_why_of_a_date_that_is_reached_says_that_it_is(client, foretold):
    assert "nothing is left to foretell" in page(client, "forecast/why/milestone/terminal-start/")
    assert get(client, "forecast/why/milestone/nowhere/").status_code == 404


def test_of_a_large_network_pages_answer_at_once_and_say_what_is_computed(client, foretold, monkeypatch):
    monkeypatch.setattr("torap.runs.selectors.near.LARGE", 0)
    monkeypatch.setattr("torap.runs.selectors.later.at_hand", lambda _key, _make: False)
    why = page(client, WHY)
    assert "What moves this date is being computed" in why
    assert re.search(r'hx-get="/en/forecast/why/[^"]+" hx-trigger="load delay:1500ms"', why)
    part = client.get(f"/en/{WHY}", {"as_of": AS_OF}, headers={"HX-Request": "true"}).content.decode()
    assert "being computed" in part
    assert "<html" not in part
    plan = page(client, PLAN)
    assert "What drives the end is being computed" in plan
    assert len(chart_data(plan, "plan")["rows"]) >= 3
    assert get(client, PLAN, part="ready").status_code == 204
    assert table(get(client, PLAN, format="csv")), "a download waits for what it needs"


def test_a_page_that_waits_is_shown_anew_whole(client, small_country):
    assert get(client, "runs/", part="ready").status_code == 204
    run_request(by=small_country, known_on=DAY, trials=400, at_once=True)
    for path in ("runs/", PLAN):
        answer = get(client, path, part="ready")
        assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")


def test_a_run_whose_trials_are_all_made_says_what_is_still_to_do(client, small_country):
    run = run_request(by=small_country, known_on=DAY, trials=400, at_once=False)
    RunState.objects.filter(run=run).update(state=State.RUNNING, permille=400)
    text = page(client, f"runs/{run.code}/", part="progress")
    assert "40 % of the trials are done" in text
    assert 'value="40"' in text
    RunState.objects.filter(run=run).update(permille=1000)
    text = page(client, f"runs/{run.code}/", part="progress")
    assert "All trials are done; what they gave is being put together" in text
    assert "value=" not in text, "how long that takes is not known"
