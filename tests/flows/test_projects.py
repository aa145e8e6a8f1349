"""Projects and programmes over HTTP: money by stage, the pool and why, members."""

import csv
import io

import pytest

from flows.conftest import AS_OF
from torap.registry import services as registry

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


def get(client, path, language="en", **query):
    return client.get(f"/{language}/{path}", {"as_of": AS_OF, **query})


def test_money_stands_by_stage_and_is_never_added(client, small_country):
    page = get(client, "projects/yard/").content.decode()
    assert f"20{NBSP}bn tenge" in page
    assert f"40{NBSP}mn USD" in page
    assert "Announced" in page
    assert "Agreed" in page
    assert "about" in page


def test_the_pool_says_why(client, small_country):
    page = get(client, "projects/yard/").content.decode()
    assert "Which pool" in page
    assert "national pool" in page or "No exchange rate" in page or "not verified" in page
    if "Counted at" in page:
        assert "tenge for 1 USD, the " in page


def test_a_project_without_money_says_so(client, small_country):
    registry.project_save(by=small_country, code="bare", name={"en": "Bare project"}, type="investment")
    page = get(client, "projects/bare/").content.decode()
    assert "No amount is known" in page
    assert "No amount of the whole project is known." in page


def test_a_project_that_repeats_another_says_so_and_counts_once(client, small_country):
    registry.project_save(
        by=small_country, code="twin", name={"en": "Yard again"}, type="investment", same_as="yard"
    )
    assert "In totals the two count once" in get(client, "projects/twin/").content.decode()


def test_totals_carry_how_many_projects_they_lack(client, small_country):
    registry.project_save(by=small_country, code="bare", name={"en": "Bare project"}, type="investment")
    assert "Bare project" not in get(client, "projects/").content.decode()  # nobody had spoken of it by then
    page = client.get("/en/projects/").content.decode()
    assert "of 1 project no such amount is known" in page
    assert "Of 1 project no amount is known." in page


def test_list_is_filtered_and_downloaded(client, small_country):
    assert "Container yard" in get(client, "projects/", type="investment").content.decode()
    assert "No project fits" in get(client, "projects/", type="infrastructure").content.decode()
    assert "Container yard" in get(client, "projects/", region="KZ-47").content.decode()
    rows = list(
        csv.DictReader(io.StringIO(get(client, "projects/", format="csv").content.decode("utf-8-sig")))
    )
    assert rows[0]["stage"] == "agreed"
    assert rows[0]["amount"] == "40000000"
    assert rows[0]["currency"] == "USD"


def test_invented_projects_are_marked_and_in_no_total(client, small_country):
    registry.project_save(
        by=small_country, code="dream", name={"en": "Dream"}, type="investment", invented=True
    )
    registry.money_add(
        by=small_country,
        key="dream-money",
        project="dream",
        stage="realised",
        amount=1_000_000_000,
        currency="KZT",
        source="gov-2025",
    )
    page = get(client, "projects/").content.decode()
    assert "Invented data on this page." in page
    assert page.count(f"1{NBSP}bn tenge") == 1  # in its own row only


def test_a_programme_shows_its_members_and_figures(client, small_country):
    page = get(client, "programmes/network/").content.decode()
    assert "Caspian hub" in page
    assert "Container yard" in page
    assert "Foreign investment" in page


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("path", ["projects/", "projects/yard/", "programmes/network/"])
def test_pages_in_three_languages(client, small_country, path, language):
    assert get(client, path, language).status_code == 200


def test_an_empty_database_and_unknown_codes(client):
    assert client.get("/en/projects/").status_code == 200
    assert client.get("/en/projects/none/").status_code == 404
    assert client.get("/en/programmes/none/").status_code == 404


@pytest.mark.parametrize(
    ("path", "most"), [("projects/", 11), ("projects/yard/", 15), ("programmes/network/", 20)]
)
def test_number_of_queries(client, small_country, django_assert_max_num_queries, path, most):
    get(client, path)
    with django_assert_max_num_queries(most):
        get(client, path)
