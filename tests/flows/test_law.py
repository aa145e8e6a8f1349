"""Pages of the law over HTTP: list, one procedure, the calculator; they need no facts."""

import pytest

from torap.countries import load_procedures

pytestmark = pytest.mark.django_db
PIDS = sorted(load_procedures())


def test_the_list_names_all_procedures_and_what_is_not_known(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        answer = client.get("/en/law/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "35 procedures" in text
    assert all(f'/en/law/{pid}/"' in text for pid in PIDS)


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("pid", PIDS)
def test_every_procedure_has_its_page(client, pid, language):
    answer = client.get(f"/{language}/law/{pid}/")
    assert answer.status_code == 200
    assert 'id="calculator"' in answer.content.decode()


@pytest.mark.parametrize("pid", PIDS)
def test_every_procedure_can_be_downloaded(client, pid):
    answer = client.get(f"/en/law/{pid}/?format=csv")
    assert answer["Content-Type"].startswith("text/csv")


def test_a_term_nobody_could_read_is_drawn_as_not_known(client):
    assert 'class="nodata">not known' in client.get("/en/law/P01/").content.decode()


def test_the_text_of_another_time_can_be_chosen(client):
    text = client.get("/en/law/P06e/").content.decode()
    assert text.count('aria-current="page"') >= 1
    older = client.get("/en/law/P06e/", {"edition": "242, until 2026-06-30"})
    assert "until 30 Jun 2026" in older.content.decode()


@pytest.mark.parametrize("path", ["law/P99/", "law/P99/explain"])
def test_a_procedure_that_is_not_there_says_so(client, path):
    answer = client.get(f"/en/{path}")
    assert answer.status_code == 404
    assert "“P99” is not known here." in answer.content.decode()


def test_the_calculator_gives_the_worked_example(client):
    answer = client.get("/en/law/P03a/explain", {"e.filed": "2026-03-02", "as_of": "2026-04-15"})
    text = answer.content.decode()
    assert answer.status_code == 200
    for day in ("17 Mar 2026", "18 Mar 2026", "30 Mar 2026", "31 Mar 2026"):
        assert day in text
    assert "is not counted: day off for Nauryz" in text


def test_the_calculator_answers_as_known_on_a_day(client):
    """30 August 2026 stopped being a holiday on 18 March 2026."""
    query = {"p.from": "2026-08-24", "p.working_days": "6"}
    before = client.get("/en/law/P09/explain", {**query, "as_of": "2026-03-01"}).content.decode()
    after = client.get("/en/law/P09/explain", {**query, "as_of": "2026-04-01"}).content.decode()
    assert "2 Sept 2026" in before or "2 Sep 2026" in before
    assert "1 Sept 2026" in after or "1 Sep 2026" in after


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("pid", PIDS)
def test_the_calculator_answers_for_every_procedure(client, pid, language):
    edition = load_procedures()[pid].editions[-1]
    query = {f"e.{name}": "2026-08-10" for name in list(edition.events)[:2]} or {"e.withdrawn": "2026-08-10"}
    assert client.get(f"/{language}/law/{pid}/explain", query).status_code == 200


def test_what_cannot_be_read_is_refused_with_the_field(client):
    answer = client.get("/en/law/P03a/explain", {"e.filed": "soon"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“soon” is no date" in text
    assert 'value="soon"' in text


def test_markup_in_a_value_is_shown_as_text(client):
    answer = client.get("/en/law/P03a/explain", {"e.filed": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in answer.content.decode()


def test_clocks_can_be_downloaded_with_their_reasons(client):
    answer = client.get(
        "/en/law/P08/explain", {"e.received": "2025-11-26", "p.deadline": "2025-12-20", "format": "csv"}
    )
    text = answer.content.decode("utf-8-sig")
    assert "2025-12-22,2025-12-20" in text
    assert "2025-12-12" in text
    assert "20 Dec 2025 is no working day" in text


def test_links_keep_the_day(client):
    text = client.get("/en/law/?as_of=2025-12-31").content.decode()
    assert "/en/law/P08/?as_of=2025-12-31" in text
