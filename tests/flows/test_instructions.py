"""The board of instructions and one instruction over HTTP."""

import csv
import datetime as dt
import io

import pytest

from torap.delivery import services as delivery
from torap.web.instructions.presenters import VIEWS

BUDGET = 15
AS_OF = "2025-12-31"


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("view", list(VIEWS))
def test_every_view_answers_within_its_budget(
    client, small_country, django_assert_max_num_queries, language, view
):
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(f"/{language}/instructions/", {"view": view, "as_of": AS_OF})
    assert answer.status_code == 200


def test_the_heading_says_what_is_overdue(client, small_country):
    text = client.get(f"/en/instructions/?as_of={AS_OF}").content.decode()
    assert "1 instruction in force, 1 overdue" in text
    assert "22 Dec 2025" in text
    assert "20 Dec 2025 is no working day: the end rolls to 22 Dec 2025." in text
    assert f"/en/instructions/I-1/?as_of={AS_OF}" in text


def test_before_it_was_given_nobody_knew_it(client, small_country):
    assert "No instruction is known" in client.get("/en/instructions/?as_of=2025-11-01").content.decode()
    assert client.get("/en/instructions/I-1/?as_of=2025-11-01").status_code == 404


@pytest.mark.parametrize("view", list(VIEWS))
def test_an_empty_country_has_an_empty_board(client, db, view):
    answer = client.get("/en/instructions/", {"view": view})
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


def test_filters_narrow_and_say_when_nothing_fits(client, small_country):
    one = client.get(f"/en/instructions/?as_of={AS_OF}&body=akimat").content.decode()
    assert "Report on the hub" in one
    none = client.get(f"/en/instructions/?as_of={AS_OF}&body=nobody").content.decode()
    assert "No instruction fits" in none


def test_the_download_has_the_clock(client, small_country):
    answer = client.get(f"/en/instructions/?as_of={AS_OF}&format=csv")
    (row,) = rows_of(answer)
    assert row["code"] == "I-1"
    assert (row["nominal"], row["due"]) == ("2025-12-20", "2025-12-22")
    assert row["days_left"] == "-9"
    assert row["lead_executors"] == "Ministry of Transport"
    assert row["evidenced"] == "no evidence"


def test_by_holder_everything_a_body_holds_stands_together(client, small_country):
    text = client.get(f"/en/instructions/?view=holder&as_of={AS_OF}").content.decode()
    assert "Ministry of Transport" in text
    assert "Report on the hub" in text
    assert "The sea is shallow" in text
    assert "Container terminal: Works complete" in text
    rows = rows_of(client.get(f"/en/instructions/?view=holder&as_of={AS_OF}&format=csv"))
    kinds = {row["kind"] for row in rows if row["holder"] == "ministry"}
    assert kinds == {"instruction", "promise", "obstacle"}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_one_instruction_explains_its_clock(client, small_country, django_assert_max_num_queries, language):
    with django_assert_max_num_queries(BUDGET):
        answer = client.get(f"/{language}/instructions/I-1/?as_of={AS_OF}")
    assert answer.status_code == 200


def test_the_page_names_clock_turn_and_source(client, small_country):
    text = client.get(f"/en/instructions/I-1/?as_of={AS_OF}").content.decode()
    assert "the term is counted from the day it was given" in text
    assert "Co-executors answer the lead by" in text
    assert "12 Dec 2025" in text
    assert "executes" in text
    assert f"/en/sources/gov-2025/?as_of={AS_OF}" in text
    assert f"/en/places/hub/?as_of={AS_OF}" in text
    assert "May be taken off control by" in text


def test_what_happened_is_told_newest_first(client, small_country):
    delivery.instruction_event_add(
        by=small_country,
        instruction="I-1",
        type="answered",
        organisation="ministry",
        happened=dt.date(2025, 12, 18),
        text={"en": "Done in part"},
        said=dt.date(2025, 12, 18),
    )
    text = client.get(f"/en/instructions/I-1/?as_of={AS_OF}").content.decode()
    assert text.index("Done in part") < text.index("given by: Prime Minister")
    board = client.get(f"/en/instructions/?as_of={AS_OF}").content.decode()
    assert "0 instructions in force" in board
    closed = client.get(f"/en/instructions/?as_of={AS_OF}&view=closed").content.decode()
    assert "answered, not verified" in closed


def test_a_standing_instruction_has_no_day_and_says_so(client, small_country):
    delivery.instruction_save(
        by=small_country,
        code="I-2",
        text="Oversee the hubs",
        issuer="prime_minister",
        given=dt.date(2025, 11, 25),
        deadline_kind="permanent",
        executors=[],
        source="gov-2025",
        said=dt.date(2025, 11, 25),
    )
    text = client.get(f"/en/instructions/I-2/?as_of={AS_OF}").content.decode()
    assert "A standing instruction" in text
    assert "No body was named" in text


def test_clocks_of_one_instruction_can_be_downloaded(client, small_country):
    answer = client.get(f"/en/instructions/I-1/?as_of={AS_OF}&format=csv")
    assert "2025-12-22" in answer.content.decode()


def test_an_instruction_that_is_not_there_says_so(client, db):
    answer = client.get("/en/instructions/I-99/")
    assert answer.status_code == 404
    assert "“I-99” is not known here." in answer.content.decode()


def test_one_answer_of_several_is_told_as_that(client, small_country):
    """Two bodies without a lead each answer: what one of them did is not the answer of both."""
    by = small_country
    day = dt.date(2025, 11, 25)
    delivery.instruction_save(
        by=by,
        code="I-2",
        text={"en": "Secure land"},
        issuer="prime_minister",
        given=day,
        deadline_kind="date",
        deadline_on=dt.date(2025, 12, 20),
        executors=[("ministry", "co"), ("akimat", "co")],
        source="gov-2025",
        said=day,
    )
    when = dt.date(2025, 12, 10)
    delivery.instruction_event_add(
        by=by, instruction="I-2", type="answered", happened=when, organisation="akimat", said=when
    )
    page = client.get("/en/instructions/I-2/?as_of=2025-12-31").content.decode()
    assert "1 of 2 answered" in page
    assert "answered 10 Dec 2025" in page
    assert page.count("has not answered") == 1
    assert "1 of 2 answered" in client.get("/en/instructions/?as_of=2025-12-31").content.decode()
    assert "1 of 2 answered" in client.get("/en/?as_of=2025-12-31").content.decode()
    rows = {
        row["code"]: row
        for row in rows_of(client.get("/en/instructions/?view=all&format=csv&as_of=2025-12-31"))
    }
    assert rows["I-2"]["answered"] == "Akimat of Mangystau"
    assert rows["I-2"]["not_answered"] == "Ministry of Transport"


def test_overdue_since_names_the_first_day_it_is_late(client, small_country):
    page = client.get("/en/instructions/I-1/?as_of=2025-12-31").content.decode()
    assert "Overdue since 23 Dec 2025." in page
