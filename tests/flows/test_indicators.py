"""National figures over HTTP: measured, aimed at, or plainly missing."""

import csv
import io
import json
import re

import pytest

from flows.conftest import AS_OF, DAY
from torap.countries.targets import Figure, TargetPart, TargetRule
from torap.runs.adapters import targets
from torap.runs.services import run_request

pytestmark = pytest.mark.django_db


def get(client, path, language="en", **query):
    return client.get(f"/{language}/{path}", {"as_of": AS_OF, **query})


def test_a_year_without_a_figure_is_a_gap_not_a_zero(client, small_country):
    page = get(client, "figures/inflow/").content.decode()
    assert "2 years that have ended have no published figure" in page
    data = json.loads(re.search(r'id="series-data" type="application/json">(.*?)</script>', page).group(1))
    years = {row["year"]: row for row in data["years"]}
    assert years[2022]["value"] == 28
    assert years[2023]["value"] is None
    assert years[2024]["value"] is None
    assert (years[2024]["target_low"], years[2024]["target_high"]) == (25, 27)


def test_targets_are_shown_as_they_changed(client, small_country):
    page = get(client, "figures/inflow/").content.decode()
    section = page[page.index('id="targets"') :]
    assert section.index(">24<") < section.index("25–27")


def test_the_list_shows_the_newest_measurement_and_target(client, small_country):
    page = get(client, "figures/").content.decode()
    assert ">28<" in page
    assert "2022" in page
    assert "Network of hubs" in page


def test_downloads_leave_missing_years_empty(client, small_country):
    rows = list(
        csv.DictReader(io.StringIO(get(client, "figures/inflow/", format="csv").content.decode("utf-8-sig")))
    )
    gap = next(row for row in rows if row["year"] == "2023")
    assert gap["low"] == ""
    assert gap["missing"] == "true"
    assert get(client, "figures/", format="csv").status_code == 200


def test_another_day_has_fewer_figures(client, small_country):
    page = client.get("/en/figures/inflow/", {"as_of": "2024-01-01"}).content.decode()
    assert ">28<" not in page
    assert ">24<" in page


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", ["figures/", "figures/inflow/"])
def test_pages_in_three_languages(client, small_country, path, language):
    assert get(client, path, language).status_code == 200


def test_an_empty_database_and_unknown_codes(client):
    assert client.get("/en/figures/").status_code == 200
    assert client.get("/en/figures/none/").status_code == 404


def test_number_of_queries(client, small_country, django_assert_max_num_queries):
    get(client, "figures/inflow/")
    with django_assert_max_num_queries(5):
        get(client, "figures/inflow/")
    with django_assert_max_num_queries(4):
        get(client, "figures/")


OPENED = TargetRule(
    code="opened", subject="network", unit="hubs", counts=("Hubs opened", "Открытые хабы", "Ашық хабтар"),
    aim=Figure(number=2.0), base=None, milestone="terminal-complete",
    parts=(TargetPart(nodes=("milestone:terminal-complete",), adds=Figure(number=1.0), why=("", "", "")),),
)  # fmt: skip


@pytest.fixture
def aimed(small_country, monkeypatch):
    """The small country with one target of its programme, forecast on the day."""
    monkeypatch.setattr(targets, "load_targets", lambda _country: (OPENED,))
    run_request(by=small_country, known_on=DAY, trials=200, at_once=True)
    return small_country


def test_targets_stand_with_their_forecast_on_the_pages_of_figures(client, aimed):
    for path in ("figures/", "figures/inflow/"):
        page = get(client, path).content.decode()
        card = page[page.index('id="targets-foretold"') :]
        assert "Hubs opened" in card
        assert "Chance to be reached" in card
        assert "Against" not in card[: card.index("</table>")]  # no run of a month ago
    (row,) = list(
        csv.DictReader(
            io.StringIO(get(client, "figures/", format="csv", part="targets").content.decode("utf-8-sig"))
        )
    )
    assert (row["target"], row["aim"], row["with_every_work_named"]) == ("opened", "2.0", "1.0")
    assert row["expected_before"] == ""
    of_one = get(client, "figures/inflow/", format="csv", part="targets").content.decode("utf-8-sig")
    assert "opened" in of_one


def test_without_a_run_no_target_is_foretold(client, small_country):
    assert 'id="targets-foretold"' not in get(client, "figures/").content.decode()


def test_pages_with_targets_ask_little(client, aimed, django_assert_max_num_queries):
    get(client, "figures/")
    with django_assert_max_num_queries(6):
        get(client, "figures/")
    with django_assert_max_num_queries(8):
        get(client, "figures/inflow/")
