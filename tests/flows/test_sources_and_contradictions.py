"""Pages of sources, contradictions and search over HTTP."""

import csv
import io

import pytest

from torap.intake.search import search_refresh
from torap.registry import services as registry
from torap.web.sources.presenters import plain_address

BUDGET = 15
AS_OF = "2025-12-31"


def rows_of(client, path, **query):
    answer = client.get(f"/en/{path}", {"as_of": AS_OF, "format": "csv", **query})
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize(
    "path",
    ["contradictions/", "contradictions/?kind=dates", "sources/", "sources/gov-2025/", "search/?q=hub"],
)
def test_every_page_answers_within_its_budget(
    client, small_country, django_assert_max_num_queries, language, path
):
    sign = "&" if "?" in path else "?"
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(f"/{language}/{path}{sign}as_of={AS_OF}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("contradictions/", "No contradiction is known"),
        ("sources/", "No source is known"),
        ("search/", "Type a name"),
        ("search/?q=atlantis", "Nothing was found"),
    ],
)
def test_nothing_to_show_is_said(client, db, path, words):
    answer = client.get(f"/en/{path}")
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_two_figures_of_one_day_stand_side_by_side(client, small_country):
    text = client.get(f"/en/contradictions/?as_of={AS_OF}").content.decode()
    assert "240,000" in text
    assert "200,000" in text
    assert "17% apart" in text
    assert "shown first" in text
    assert f"/en/sources/press-2025/?as_of={AS_OF}" in text
    rows = rows_of(client, "contradictions/")
    assert {row["publisher"] for row in rows if row["of"] == "Container terminal"} == {
        "Government",
        "Press Two",
    }


def test_a_contradiction_is_known_only_when_both_have_spoken(client, small_country):
    assert "No contradiction is known" in client.get("/en/contradictions/?as_of=2025-11-24").content.decode()


def test_the_list_of_sources_leaves_out_what_came_later(client, small_country):
    assert len(rows_of(client, "sources/")) == 4
    early = client.get("/en/sources/?as_of=2024-01-01&format=csv").content.decode()
    assert "gov-2023" in early
    assert "gov-2025" not in early


def test_sources_can_be_narrowed(client, small_country):
    assert {row["code"] for row in rows_of(client, "sources/", **{"class": "press"})} == {
        "press-2024",
        "press-2025",
    }
    assert {row["code"] for row in rows_of(client, "sources/", text="Press Two")} == {"press-2025"}
    assert "No source fits" in client.get("/en/sources/?text=zzz").content.decode()


def test_a_source_lists_all_that_rests_on_it(client, small_country):
    text = client.get(f"/en/sources/gov-2025/?as_of={AS_OF}").content.decode()
    for words in ("240,000", "Works complete", "Report on the hub", "The sea is shallow", "Container yard"):
        assert words in text
    kinds = {row["kind"] for row in rows_of(client, "sources/gov-2025/")}
    assert {"claim", "promise", "report", "instruction", "obstacle"} <= kinds


def test_a_source_of_a_later_day_says_so(client, small_country):
    text = client.get("/en/sources/gov-2025/?as_of=2024-01-01").content.decode()
    assert "published after the day you look at" in text
    assert "240,000" not in text


def test_a_source_that_is_not_there_says_so(client, db):
    assert client.get("/en/sources/nothing/").status_code == 404


@pytest.mark.parametrize("word", ["хаб", "Хаб", "hub", "HUB", "хабы"])
def test_search_finds_in_every_alphabet(client, small_country, word):
    search_refresh(by=small_country)
    text = client.get("/en/search/", {"q": word}).content.decode()
    assert "/en/places/hub/" in text


def test_search_groups_what_it_finds_and_keeps_the_day(client, small_country):
    search_refresh(by=small_country)
    text = client.get("/en/search/", {"q": "hub", "as_of": AS_OF}).content.decode()
    assert text.index('id="place"') < text.index('id="instruction"')
    assert f"/en/instructions/I-1/?as_of={AS_OF}" in text


def test_search_finds_figures_and_instructions_by_number_and_date(client, small_country):
    search_refresh(by=small_country)
    text = client.get("/ru/search/", {"q": "240 000", "as_of": AS_OF}).content.decode()
    assert f"/ru/places/terminal/?as_of={AS_OF}" in text
    assert "Мощность" in text
    text = client.get("/en/search/", {"q": "240 000", "as_of": AS_OF}).content.decode()
    assert (
        "240,000\N{NO-BREAK SPACE}TEU a year (contradicted)" in text
        or "240,000 TEU a year (contradicted)" in text
    )
    assert "/ru/places/terminal/" not in client.get("/ru/search/?q=240+000&as_of=2025-01-01").content.decode()
    text = client.get("/en/search/", {"q": "20 December 2025", "as_of": AS_OF}).content.decode()
    assert f"/en/instructions/I-1/?as_of={AS_OF}" in text
    assert "due 22 Dec 2025" in text


def test_search_of_an_earlier_day_finds_only_what_was_known(client, small_country):
    search_refresh(by=small_country)
    assert (
        "/instructions/I-1/"
        in client.get("/en/search/", {"q": "report hub", "as_of": AS_OF}).content.decode()
    )
    page = client.get("/en/search/", {"q": "report hub", "as_of": "2025-11-01"}).content.decode()
    assert "/instructions/I-1/" not in page


def test_search_counts_what_it_finds_and_shows_all_of_a_kind(client, small_country):
    for number in range(12):
        registry.place_save(
            by=small_country, code=f"yard-{number}", name={"en": f"Yard {number}"}, type="plot"
        )
    search_refresh(by=small_country)
    page = client.get("/en/search/", {"q": "yards"}).content.decode()
    assert page.count("/en/places/yard-") == 8
    assert "all 12" in page
    assert "/en/projects/yard/" in page
    page = client.get("/en/search/", {"q": "yards", "kind": "place"}).content.decode()
    assert page.count("/en/places/yard-") == 12
    assert "/en/projects/yard/" not in page


def test_search_finds_nothing_for_letters_that_are_no_word(client, small_country):
    search_refresh(by=small_country)
    assert "Nothing was found" in client.get("/en/search/", {"q": "zz"}).content.decode()


def test_search_finds_procedures_of_the_law(client, db):
    assert "/en/law/P08/" in client.get("/en/search/", {"q": "control of instructions"}).content.decode()
    assert "/en/law/P03a/" in client.get("/en/search/", {"q": "p03a"}).content.decode()


@pytest.mark.parametrize("word", ["<script>", "'; drop table", "%", "\0", "а" * 500, "“”"])
def test_search_survives_anything(client, small_country, word):
    answer = client.get("/en/search/", {"q": word})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split('id="main"')[1].split("</main>")[0]


def test_an_address_without_a_title_is_told_as_people_read_it():
    assert plain_address("https://www.example.org/ru/%D1%85%D0%B0%D0%B1/") == "example.org/ru/хаб"
    assert plain_address("https://example.org/?p=7") == "example.org?p=7"
    assert plain_address("https://example.org/" + "a-" * 90).endswith("…")
