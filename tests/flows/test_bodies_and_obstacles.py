"""Pages of organisations and of obstacles over HTTP."""

import csv
import datetime as dt
import io

import pytest

from torap.delivery import services as delivery

BUDGET = 15
AS_OF = "2025-12-31"
PAGES = ("bodies/", "bodies/ministry/", "bodies/akimat/", "obstacles/", "obstacles/shallow/")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_within_its_budget(
    client, small_country, django_assert_max_num_queries, language, path
):
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(f"/{language}/{path}", {"as_of": AS_OF})
    assert answer.status_code == 200


@pytest.mark.parametrize(("path", "words"), [("bodies/", "No organisation"), ("obstacles/", "No obstacle")])
def test_an_empty_country_says_so(client, db, path, words):
    answer = client.get(f"/en/{path}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


@pytest.mark.parametrize("path", ["bodies/nobody/", "obstacles/nothing/"])
def test_what_is_not_there_says_so(client, db, path):
    assert client.get(f"/en/{path}").status_code == 404


def rows_of(client, path, **query):
    answer = client.get(f"/en/{path}", {"as_of": AS_OF, "format": "csv", **query})
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_of_bodies_counts_what_each_holds(client, small_country):
    rows = {row["code"]: row for row in rows_of(client, "bodies/")}
    assert (rows["ministry"]["instructions"], rows["ministry"]["obstacles"]) == ("1", "1")
    assert rows["akimat"]["region"] == "Mangystau"
    assert rows_of(client, "bodies/", type="investor") == []
    text = client.get(f"/en/bodies/?as_of={AS_OF}&type=investor").content.decode()
    assert "No organisation of this kind" in text


def test_a_body_shows_what_is_late_and_what_waits_on_it(client, small_country):
    text = client.get(f"/en/bodies/ministry/?as_of={AS_OF}").content.decode()
    assert 'id="late"' in text
    assert "Report on the hub" in text
    assert 'id="waiting"' in text
    assert "Caspian hub: Hub opened" in text
    assert {row["kind"] for row in rows_of(client, "bodies/ministry/")} == {
        "instruction",
        "promise",
        "obstacle",
    }


def test_a_body_with_nothing_to_do_says_so(client, small_country):
    text = client.get("/en/bodies/ministry/?as_of=2020-01-01").content.decode()
    assert "No duty of this body is known" in text


def test_the_list_of_obstacles_says_what_they_hold_up(client, small_country):
    text = client.get(f"/en/obstacles/?as_of={AS_OF}").content.decode()
    assert "1 obstacle is open" in text
    (row,) = rows_of(client, "obstacles/")
    assert (row["code"], row["days_open"], row["milestones_blocked"]) == ("shallow", "36", "1")
    assert rows_of(client, "obstacles/", view="removed") == []


def test_an_obstacle_shows_its_ladder(client, small_country):
    text = client.get(f"/en/obstacles/shallow/?as_of={AS_OF}").content.decode()
    assert "the overseeing Deputy Prime Minister" in text
    assert "open for 30 days" in text
    assert "Hub opened" in text


def test_a_removed_obstacle_moves_to_its_tab(client, small_country):
    delivery.obstacle_remove(by=small_country, obstacle="shallow", happened_on=dt.date(2025, 12, 20))
    assert "No obstacle is open" in client.get("/en/obstacles/").content.decode()
    removed = client.get("/en/obstacles/?view=removed").content.decode()
    assert "removed 20 Dec 2025" in removed
    assert "after 25 days" in client.get("/en/obstacles/shallow/").content.decode()
