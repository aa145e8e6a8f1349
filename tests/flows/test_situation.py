"""The first page over HTTP: the sentence of the day, its lists, three languages, another day."""

import csv
import io

import pytest

from flows.conftest import AS_OF
from torap.delivery import services as delivery

pytestmark = pytest.mark.django_db


def get(client, language="en", **query):
    return client.get(f"/{language}/", {"as_of": AS_OF, **query})


def test_the_sentence_of_the_day_counts_what_is_late(client, small_country):
    page = get(client).content.decode()
    assert "1 instruction overdue, 1 promised date has passed without proof" in page
    assert "Report on the hub" in page
    assert "Caspian hub: Hub opened" in page


def test_the_day_before_the_deadline_nothing_is_overdue_yet(client, small_country):
    page = client.get("/en/", {"as_of": "2025-12-19"}).content.decode()
    assert "1 promised date has passed without proof" in page
    assert "instruction overdue" not in page
    assert "Due in 30 days" in page
    # 20 December 2025 is a Saturday: the day moves on to Monday, and the page says so.
    assert "22 Dec 2025" in page
    assert "moved on from 20 Dec 2025" in page


def test_before_anything_was_said_the_page_is_empty_but_whole(client, small_country):
    answer = client.get("/en/", {"as_of": "2020-01-01"})
    assert answer.status_code == 200
    assert "as it was known on" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_three_languages_and_an_empty_database(client, language):
    answer = client.get(f"/{language}/")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


def test_names_follow_the_language_of_the_address(client, small_country):
    assert "Министерство транспорта" in get(client, "ru").content.decode()
    assert "Көлік министрлігі" in get(client, "kk").content.decode()


def test_links_keep_the_day(client, small_country):
    page = get(client).content.decode()
    assert f'href="/en/milestones/hub-open/?as_of={AS_OF}"' in page
    assert f"/en/instructions/I-1/?as_of={AS_OF}" in page


def test_missing_years_of_a_headline_figure_are_said_aloud(client, small_country):
    """The small country has no headline figure; the page must not invent one."""
    assert "Investment against target" not in get(client).content.decode()


def test_download_holds_what_is_late_and_what_moved(client, small_country):
    answer = get(client, format="csv")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {(row["list"], row["code"]) for row in rows} >= {
        ("overdue", "I-1"),
        ("overdue", "hub-open"),
        ("slipped", "terminal-complete"),
    }


def test_number_of_queries_does_not_grow(client, small_country, django_assert_max_num_queries):
    get(client)
    with django_assert_max_num_queries(15):
        get(client)


def test_the_page_says_what_to_do_today_and_what_falls_next(client, small_country):
    page = get(client).content.decode()
    assert "What to do today" in page
    assert "Akimat of Mangystau: 2 things late" in page
    assert "the longest: Caspian hub: Hub opened, late by 12 months" in page
    assert "Container terminal: Works complete, Dec 2026" in page
    assert "moved 2 times, said: under way" in page


def test_moved_promises_are_counted_alike_on_every_page(client, small_country):
    """A milestone without a promised date cannot move: it is in no such count."""
    delivery.milestone_save(
        by=small_country, code="hub-law", subject="hub", name={"en": "Law passed"}, type="status"
    )
    assert "1 of 3 promised dates moved at least once" in get(client).content.decode()
    page = client.get("/en/promises/", {"as_of": AS_OF}).content.decode()
    assert "3 milestones have a promised date; 1 moved at least once" in page
    page = client.get("/en/places/terminal/", {"as_of": AS_OF}).content.decode()
    assert "1 of 1 promised date moved at least once" in page
