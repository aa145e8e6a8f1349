"""Places, links and the map over HTTP."""

import csv
import datetime as dt
import io

import pytest

from flows.conftest import AS_OF
from torap.registry import services as registry

pytestmark = pytest.mark.django_db


def get(client, path, language="en", **query):
    return client.get(f"/{language}/{path}", {"as_of": AS_OF, **query})


def test_a_place_shows_the_best_figure_and_what_contradicts_it(client, small_country):
    page = get(client, "places/terminal/").content.decode()
    assert "240,000" in page
    assert "200,000" in page
    assert "Different bodies name different figures" in page
    assert "17% apart" in page
    assert "shown first" in page
    assert f"/en/sources/gov-2025/?as_of={AS_OF}" in page


def test_a_place_shows_promises_statuses_and_evidence(client, small_country):
    page = get(client, "places/terminal/").content.decode()
    assert "+18 mo" in page
    assert "Q2 2025" in page
    assert "behind first promise" in page
    assert "said: under way" in page
    assert 'data-chart="milestone-trend"' in page


def test_the_promises_of_a_place_are_downloaded_as_known_on_the_day(client, small_country):
    page = get(client, "places/terminal/").content.decode()
    address = f"/en/s/terminal/promises.csv?as_of={AS_OF}"
    assert f'href="{address}"' in page
    rows = list(csv.DictReader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    assert {row["milestone"] for row in rows} >= {"terminal-complete"}
    assert "18" in {row["shift_months"] for row in rows}
    before = client.get("/en/s/terminal/promises.csv", {"as_of": "2020-01-01"}).content.decode("utf-8-sig")
    assert before.count("\n") == 1, "the header alone: no promise was known then"


def test_evidence_nobody_looked_at_is_shown_as_that(client, small_country):
    """Evidence is known from the day it was recorded: today."""
    page = client.get("/en/places/terminal/").content.decode()
    assert "Photograph of piles" in page
    assert "not yet looked at by another body" in page


def test_a_network_without_a_figure_is_drawn_as_not_known(client, small_country):
    page = get(client, "places/terminal/").content.decode()
    assert page.count("No capacity figure has been published.") == 1, "eight networks, one sentence"
    assert '<span class="nodata">not known</span>' in page


def test_a_hub_shows_its_parts_projects_duties_and_obstacles(client, small_country):
    page = get(client, "places/hub/").content.decode()
    for words in (
        "Container terminal",
        "Container yard",
        "Report on the hub",
        "The sea is shallow",
        "Akimat of Mangystau",
        "Turkmenistan",
        "approximate",
        "Sea port",
    ):
        assert words in page, words


def test_the_card_of_the_map_is_no_whole_page(client, small_country):
    page = get(client, "places/hub/", card=1).content.decode()
    assert "<html" not in page
    assert "Hub opened" in page
    assert f"/en/places/hub/?as_of={AS_OF}" in page


def test_what_was_said_later_is_left_out(client, small_country):
    page = client.get("/en/places/terminal/", {"as_of": "2024-01-01"}).content.decode()
    assert "240,000" not in page
    assert "Q2 2025" in page
    assert "Q4 2026" not in page


def test_a_place_nobody_spoke_of_is_empty_not_zero(client, small_country):
    page = client.get("/en/places/terminal/", {"as_of": "2020-01-01"}).content.decode()
    assert "Nothing is known of it on this day" in page


def test_an_unknown_place_is_not_found(client, small_country):
    assert get(client, "places/atlantis/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", ["places/", "places/hub/", "links/railway/", "map/"])
def test_pages_in_three_languages(client, small_country, path, language):
    assert get(client, path, language).status_code == 200


@pytest.mark.parametrize("path", ["places/", "map/", "map/data.json"])
def test_an_empty_database_is_no_error(client, path):
    assert client.get(f"/en/{path}").status_code == 200


def test_places_are_filtered_and_downloaded(client, small_country):
    page = get(client, "places/", type="hub").content.decode()
    assert "Caspian hub" in page
    assert "/en/places/terminal/" not in page
    assert "No place fits" in get(client, "places/", type="airport").content.decode()
    answer = get(client, "places/", format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == ["hub", "terminal"]
    assert rows[1]["lat"] == ""


def test_the_map_draws_longitude_first_and_leaves_out_what_has_no_position(client, small_country):
    data = get(client, "map/data.json").json()
    places = {row["properties"]["code"]: row for row in data["places"]["features"]}
    assert places["hub"]["geometry"]["coordinates"] == [51.2, 43.6]
    assert places["hub"]["properties"]["status"] == "late"
    assert places["hub"]["properties"]["href"] == f"/en/places/hub/?as_of={AS_OF}"
    assert places["terminal"]["geometry"] is None
    assert data["links"]["features"][0]["geometry"]["type"] == "LineString"
    assert data["regions_summary"]["KZ-47"]["text"] == "1 place, 1 behind a first promise"


def test_the_map_as_a_file_for_other_programs(client, small_country):
    answer = get(client, "map/data.json", format="geojson")
    assert answer["Content-Type"] == "application/geo+json"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.json()["type"] == "FeatureCollection"
    assert len(answer.json()["features"]) == 3


@pytest.mark.parametrize(
    ("path", "most"), [("places/", 12), ("places/terminal/", 16), ("places/hub/", 22), ("map/data.json", 8)]
)
def test_number_of_queries(client, small_country, django_assert_max_num_queries, path, most):
    get(client, path)
    with django_assert_max_num_queries(most):
        get(client, path)


def test_a_network_that_is_only_promised_has_no_capacity_known(client, small_country):
    registry.utility_entry_add(
        by=small_country,
        key="u1",
        place="hub",
        kind="electricity",
        move="added",
        basis="promised",
        amount=40,
        effective_from=dt.date(2027, 1, 1),
        source="gov-2025",
    )
    page = get(client, "places/hub/").content.decode()
    row = page[page.index("Electricity") :]
    row = row[: row.index("</tr>")]
    assert row.count("not known") == 2
    assert "1 Jan 2027: 40 free, if it all comes" in row
    assert ">0<" not in row
