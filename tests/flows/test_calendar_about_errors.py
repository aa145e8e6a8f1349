"""The calendar, the method and the page of refusals over HTTP."""

import datetime as dt

import pytest

from torap.registry.services import calendar_edit_add

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", ["calendar/", "calendar/?year=2026", "calendar/?year=2031", "about/"])
def test_every_page_answers_within_its_budget(client, django_assert_max_num_queries, language, path):
    with django_assert_max_num_queries(8):
        answer = client.get(f"/{language}/{path}")
    assert answer.status_code == 200


@pytest.mark.parametrize(("year", "days"), [(2024, 249), (2025, 246), (2026, 247)])
def test_official_years_have_their_days(client, year, days):
    text = client.get(f"/en/calendar/?year={year}&as_of=2026-06-01").content.decode()
    assert f"{year} has {days} working days" in text
    assert "No official list" not in text


def test_a_holiday_withdrawn_later_still_stood_before(client):
    assert (
        "2026 has 246 working days" in client.get("/en/calendar/?year=2026&as_of=2026-03-01").content.decode()
    )


def test_a_year_without_a_list_says_so(client):
    assert (
        "No official list of this year is carried" in client.get("/en/calendar/?year=2031").content.decode()
    )


@pytest.mark.parametrize("year", ["soon", "-5", "99999", ""])
def test_any_year_is_answered(client, year):
    assert client.get("/en/calendar/", {"year": year}).status_code == 200


def test_an_edit_entered_here_is_shown_from_the_day_it_was_known(client, coordinator):
    calendar_edit_add(
        by=coordinator,
        day=dt.date(2026, 2, 2),
        working=False,
        known_from=dt.date(2026, 1, 15),
        kind="edit",
        title={"en": "Day of mourning", "ru": "День траура", "kk": "Аза тұту күні"},
        source_title="Order No. 1",
    )
    before = client.get("/en/calendar/?year=2026&as_of=2026-01-10").content.decode()
    after = client.get("/en/calendar/?year=2026&as_of=2026-01-20").content.decode()
    assert "Day of mourning" not in before
    assert "Day of mourning" in after
    assert "Order No. 1" in after
    assert "2026 has 245 working days" in after


def test_the_calendar_can_be_downloaded(client):
    answer = client.get("/en/calendar/?year=2025&format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 366
    assert any(line.startswith("2025-01-05,true,working_weekend") for line in lines)


def test_the_method_names_the_rule_and_the_gaps(client, small_country):
    text = client.get("/en/about/?as_of=2025-12-31").content.decode()
    assert 'id="best"' in text
    assert "Said, not computed" in text
    assert "have no term in any text that could be read" in text


def test_a_refusal_says_what_to_do(client):
    answer = client.get("/en/places/atlantis/?as_of=2025-01-01")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "“atlantis” is not known here." in text
    assert "Look as of today" in text
    assert "/en/search/" in text


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_refusal_is_said_in_the_readers_language(client, language):
    answer = client.get(f"/{language}/places/atlantis/")
    assert answer.status_code == 404
    assert "atlantis" in answer.content.decode()
