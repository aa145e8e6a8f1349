"""Over HTTP: invented rows stand apart with their label; a past day shows only what was known then."""

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from flows.conftest import AS_OF
from torap.delivery import services as delivery
from torap.delivery.selectors import milestone_states
from torap.intake.search import search_refresh
from torap.registry import services as registry
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TAG = 'class="tag tag--invented"'
EARLY = "2012-01-01"


def get(client, path, as_of=AS_OF, **query):
    return client.get(f"/en/{path}", {"as_of": as_of, **query})


def page(client, path, as_of=AS_OF, **query):
    return get(client, path, as_of, **query).content.decode()


def table(client, path, as_of=AS_OF, **query):
    text = page(client, path, as_of, format="csv", **query)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def unreal(small_country):
    """An invented promise of the first real milestone, and an invented place, milestone and body."""
    by = small_country
    code = milestone_states(AsKnown(timezone.localdate()))[0].code
    registry.source_add(
        by=by,
        code="fake",
        publisher="Fake paper",
        source_class="press",
        title="Fake page",
        published=dt.date(2025, 6, 1),
        invented=True,
    )
    delivery.promise_add(by=by, milestone=code, as_said="2077", source="fake", said=dt.date(2025, 6, 1))
    registry.organisation_save(by=by, code="fake_body", name="Fake body", type="ministry", invented=True)
    registry.place_save(by=by, code="fake_place", name="Fake place", type="hub", invented=True)
    search_refresh(by=by)
    return code


def test_an_invented_promise_stands_apart_with_its_label(client, unreal):
    text = page(client, f"milestones/{unreal}/")
    assert "Invented, counted nowhere" in text
    assert "Invented data on this page." in text
    assert "2077" in text.split("Invented, counted nowhere")[1]
    rows = table(client, f"milestones/{unreal}/")
    assert [row["invented"] for row in rows if "2077" in row["as_said"]] == ["true"]
    assert {row["invented"] for row in rows if "2077" not in row["as_said"]} == {"false"}


def test_what_is_found_says_that_it_is_invented(client, unreal):
    found = client.get("/en/search/", {"q": "fake"}).content.decode()
    assert found.count(TAG) == 3
    assert "0 things found" in found  # the heading counts what is real


def test_search_finds_only_what_was_known(client, small_country):
    search_refresh(by=small_country)
    assert "/places/hub/" in page(client, "search/", q="hub")
    assert "/places/hub/" not in page(client, "search/", EARLY, q="hub")


@pytest.mark.parametrize(
    "path",
    ["places/", "projects/", "bodies/", "figures/", "sources/", "instructions/", "promises/", "obstacles/"],
)
def test_lists_of_a_day_before_anything_was_said_are_empty(client, small_country, path):
    assert table(client, path, EARLY) == []
    assert table(client, path) != []
    assert get(client, path, EARLY).status_code == 200


def test_the_map_of_a_past_day_is_empty(client, small_country):
    assert get(client, "map/data.json", EARLY).json()["places"]["features"] == []
    assert get(client, "map/data.json").json()["places"]["features"] != []


def test_a_source_counts_what_its_page_lists(client, small_country):
    for row in table(client, "sources/"):
        listed = table(client, f"sources/{row['code']}/")
        assert int(row["rows_resting_on_it"]) == len(listed), row["code"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [("2999-01-01", "has not come yet"), ("someday", "is no day")],
)
def test_a_day_that_cannot_be_shown_is_told(client, small_country, asked, words):
    text = page(client, "places/", asked)
    assert words in text
    assert "You see the country as it was known on" not in text


def test_the_recorded_clock_is_told_and_kept(client, small_country):
    text = page(client, "places/", AS_OF, clock="recorded")
    assert "You see what was recorded here by" in text
    assert '<input type="hidden" name="clock" value="recorded">' in text
    assert "Caspian hub" not in text


def test_an_invented_removal_leaves_the_obstacle_open(client, small_country):
    code = table(client, "obstacles/", view="open")[0]["code"]
    delivery.obstacle_event_add(
        by=small_country,
        obstacle=code,
        type="removed",
        happened_on=dt.date(2025, 12, 1),
        said=dt.date(2025, 12, 1),
        invented=True,
    )
    text = page(client, f"obstacles/{code}/")
    assert "Invented, counted nowhere" in text
    assert code in [row["code"] for row in table(client, "obstacles/", view="open")]
    assert "Invented data on this page." in page(client, "obstacles/")
