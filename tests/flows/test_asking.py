"""A forecast of a large network is asked for at once and read in the background, shown and stoppable."""

import pytest
from django.utils import timezone

from flows.conftest import DAY
from flows.test_forecast import get, page
from torap.rules.known import AsKnown
from torap.runs.models import RequestState, Run, RunRequest, RunState, State
from torap.runs.selectors import newest_run
from torap.runs.services import asking, freezing, run_request, scenario_save

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client, small_country, coordinator, monkeypatch):
    """The address of the page a coordinator is led to who asked for the forecast of a large country."""
    monkeypatch.setattr(asking, "SMALL_NODES", 0)
    monkeypatch.setattr(freezing, "TELL_SECONDS", 60)  # a connection of its own sees nothing of a test's rows
    client.force_login(coordinator)
    made = client.post("/en/runs/now/")
    row = RunRequest.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/en/runs/asked/{row.code}/")
    assert not Run.objects.exists(), "nothing is read while somebody waits"
    return made["Location"].removeprefix("/en/")


def test_the_page_shows_how_much_is_read_and_then_the_run(client, asked, small_country):
    text = page(client, asked)
    assert "Step 1 of 2: waiting to be read" in text
    assert 'hx-trigger="every 1s"' in text
    assert ">Stop<" in text
    menu = text[text.index('id="site-nav"') : text.index('class="site-nav__foot"')]
    assert 'aria-current="page">Forecast<' in menu
    assert "0 % of its input is read." in client.get("/en/runs/").content.decode()
    RequestState.objects.update(state=State.RUNNING, permille=420)
    part = page(client, asked, part="progress")
    assert "Step 1 of 2: 42 % of what is known is read" in part
    assert 'value="42"' in part
    RequestState.objects.update(state=State.QUEUED)
    code = freezing.request_freeze(RunRequest.objects.get().code, by=small_country)
    answer = get(client, asked, part="progress")
    assert answer.headers["HX-Redirect"].startswith(f"/en/runs/{code}/")
    assert get(client, asked)["Location"].startswith(f"/en/runs/{code}/")
    assert "Asked by</dt><dd>coordinator" in client.get(f"/en/runs/{code}/").content.decode()
    assert newest_run(AsKnown(timezone.localdate())).code == code
    assert "its input is read" not in client.get("/en/runs/").content.decode()


def test_what_is_being_read_is_stopped_by_those_who_may(client, asked, person):
    client.force_login(person("someone", "body_member", organisation="company"))
    assert ">Stop<" not in page(client, asked)
    assert client.post(f"/en/{asked}stop/").status_code == 403
    client.logout()
    assert "/account/login/" in client.post(f"/en/{asked}stop/")["Location"]
    client.force_login(person("deputy", "coordinator"))
    assert client.get(f"/en/{asked}stop/").status_code == 405
    text = client.post(f"/en/{asked}stop/", follow=True).content.decode()
    assert "Stopped before anything was computed." in text
    assert "every 1s" not in text
    assert ">Stop<" not in text
    assert get(client, asked, part="progress").headers["HX-Refresh"] == "true"
    again = client.post(f"/en/{asked}stop/", follow=True).content.decode()
    assert "there was nothing to stop" in again
    assert client.get("/en/runs/asked/none/").status_code == 404


def test_a_run_that_is_computed_is_stopped_from_its_page_too(client, small_country, coordinator):
    run = run_request(by=small_country, known_on=DAY, trials=400, at_once=False)
    path = f"runs/{run.code}/"
    assert ">Stop<" not in page(client, path)
    client.force_login(coordinator)
    assert ">Stop<" in page(client, path)
    stop = client.post(f"/en/{path}stop/?as_of={DAY}", follow=True)
    text = stop.content.decode()
    assert RunState.objects.get().state == "stopped"
    assert "Stopped before it was done." in text
    assert "stopped" in page(client, "runs/")


def test_a_request_that_failed_says_why(client, asked):
    RequestState.objects.update(state=State.FAILED, error="crashed", error_params={"error": "X"})
    text = page(client, asked)
    assert "Its input could not be read" in text
    assert "every 1s" not in text


def test_a_large_what_if_is_read_in_the_background_too(client, foretold, coordinator, monkeypatch):
    base = newest_run(AsKnown(timezone.localdate()))
    delay = [{"op": "delay", "node": "milestone:terminal-complete", "months": 6}]
    kept = scenario_save(by=coordinator, title="Later", changes=delay, base=base.code)
    monkeypatch.setattr(asking, "SMALL_NODES", 0)
    monkeypatch.setattr(freezing, "TELL_SECONDS", 60)
    client.force_login(coordinator)
    made = client.post(f"/en/what-if/kept/{kept.code}/run/")
    row = RunRequest.objects.get()
    assert made["Location"] == f"/en/runs/asked/{row.code}/"
    assert "Later" in page(client, f"runs/asked/{row.code}/")
    code = freezing.request_freeze(row.code, by=coordinator)
    assert Run.objects.get(code=code).base.code == base.code
