"""Milestones over HTTP: promises in order, three statuses apart, the door by code."""

import csv
import datetime as dt
import io
import json
import re

import pytest

from flows.conftest import AS_OF
from torap.common.models import Role
from torap.delivery import services as delivery
from torap.delivery.models import Evidence

pytestmark = pytest.mark.django_db


def get(client, path, language="en", **query):
    return client.get(f"/{language}/{path}", {"as_of": AS_OF, **query})


def test_promises_stand_in_the_order_they_were_said(client, small_country):
    page = get(client, "milestones/terminal-complete/").content.decode()
    table = page[page.index('id="promise-table"') :]
    assert table.index("Q2 2025") < table.index("Q4 2025") < table.index("Q4 2026")
    assert "+18 mo" in table
    assert "+6 mo" in table


def test_the_chart_has_the_first_promise_and_today(client, small_country):
    page = get(client, "milestones/terminal-complete/").content.decode()
    data = json.loads(re.search(r'id="trend-data" type="application/json">(.*?)</script>', page).group(1))
    assert data["today"] == AS_OF
    assert data["first"] == "2025-06-30"
    assert [mark["latest"] for mark in data["promises"]] == ["2025-06-30", "2025-12-31", "2026-12-31"]
    assert data["promises"][0]["href"] == f"/en/sources/gov-2023/?as_of={AS_OF}"


def test_an_open_promise_is_not_shown_as_a_day(client, small_country):
    page = get(client, "milestones/railway-done/").content.decode()
    assert "by the end of 2030" in page
    assert "31 Dec 2030" not in page


def test_evidence_counts_only_when_another_body_accepted_it(client, small_country, person):
    # Evidence has one clock only, the day it was recorded: look at today.
    before = client.get("/en/milestones/terminal-complete/").content.decode()
    assert "offered, not yet verified" in before
    assert "behind first promise" in before
    item = Evidence.objects.get()
    by = person("judge", Role.VERIFIER, organisation="akimat")
    delivery.evidence_verify(by=by, evidence=item.pk, verdict="accepted", organisation="akimat")
    after = client.get("/en/milestones/terminal-complete/").content.decode()
    assert "verified by another body" in after
    assert "done after the first promise, verified" in after


def test_a_passed_date_without_proof_is_said_aloud(client, small_country):
    page = get(client, "milestones/hub-open/").content.decode()
    assert "no verified evidence shows it kept" in page


def test_the_list_filters_by_status_and_downloads(client, small_country):
    page = get(client, "promises/").content.decode()
    assert "3 milestones have a promised date; 1 moved at least once" in page
    late = get(client, "promises/", status="passed").content.decode()
    assert "/milestones/hub-open/" in late
    table = late[late.index('id="promises"') :]
    assert "/milestones/railway-done/" not in table
    rows = list(
        csv.DictReader(io.StringIO(get(client, "promises/", format="csv").content.decode("utf-8-sig")))
    )
    terminal = next(row for row in rows if row["milestone"] == "terminal-complete")
    assert terminal["slip_months"] == "18"
    assert terminal["first_latest"] == "2025-06-30"
    assert get(client, "milestones/terminal-complete/", format="csv").status_code == 200


def test_the_door_by_code_leads_to_the_right_page_and_keeps_the_day(client, small_country):
    for code, path in (("hub", "places/hub"), ("yard", "projects/yard"), ("inflow", "figures/inflow")):
        answer = get(client, f"s/{code}/")
        assert answer.status_code == 302
        assert answer["Location"] == f"/en/{path}/?as_of={AS_OF}"
    assert get(client, "s/none/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", ["promises/", "milestones/terminal-complete/"])
def test_pages_in_three_languages(client, small_country, path, language):
    assert get(client, path, language).status_code == 200


def test_an_empty_database_and_unknown_codes(client):
    assert "No promise is known" in client.get("/en/promises/").content.decode()
    assert client.get("/en/milestones/none/").status_code == 404


def test_number_of_queries(client, small_country, django_assert_max_num_queries):
    for path, most in (("promises/", 8), ("milestones/terminal-complete/", 10)):
        get(client, path)
        with django_assert_max_num_queries(most):
            get(client, path)


def test_the_head_of_a_milestone_shows_both_ends_of_the_shift(client, small_country):
    """Promised for 2025 and said to be done in September: "from 2025 to 2025" would show no move."""
    by = small_country
    delivery.milestone_save(
        by=by, code="yard-done", subject="yard", name={"en": "Yard built"}, type="complete"
    )
    said = dt.date(2025, 11, 25)
    delivery.promise_add(
        by=by, milestone="yard-done", as_said="2025", source="gov-2023", said=dt.date(2023, 10, 1)
    )
    done = (dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    delivery.report_add(
        by=by, milestone="yard-done", state="done", source="gov-2025", said=said, done_on=done
    )
    page = get(client, "milestones/yard-done/").content.decode()
    assert "\N{MINUS SIGN}3 mo: from Dec 2025 to Sep 2025 (said to be done)" in page
