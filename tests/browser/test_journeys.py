"""A few whole journeys with mouse and keyboard."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from browser.conftest import PASSWORD


@pytest.fixture
def width():
    return 1440


def _sign_in(page):
    page.goto("/en/account/login/")
    page.fill("input[name=login]", "chief")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


# What stands beside every drawing: the table it points to or has in itself, and its download.
CHARTS = """() => [...document.querySelectorAll('figure.chart')].map((one) => ({
  table: one.querySelector('.chart__foot > a')?.getAttribute('href'),
  captions: one.querySelectorAll('details table caption').length,
  csv: one.querySelector('a[download]').href,
}))"""


def test_the_door_leads_to_the_situation_and_keyboard_reaches_content(page):
    page.goto("/")
    assert page.url.rstrip("/").endswith("/en")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert (focused or "").startswith("#"), "the first stop is the skip link"


def test_language_switch_keeps_the_page_and_the_day(page):
    page.goto("/en/places/aktau_container_hub/?as_of=2025-11-26")
    page.get_by_role("link", name="Рус").first.click()
    page.wait_for_load_state("networkidle")
    assert "/ru/places/aktau_container_hub/" in page.url
    assert "as_of=2025-11-26" in page.url


def test_the_map_draws_places_and_opens_a_card(page):
    page.goto("/en/map/")
    page.wait_for_selector("[data-map-ready]", timeout=20000)
    assert not page.problems


def test_search_meets_three_spellings(page):
    for word in ("Актау", "Ақтау", "Aqtau", "Aktau"):
        page.goto(f"/en/search/?q={word}")
        assert page.locator("a[href*='/places/aktau_container_hub/']").count() >= 1, word


def test_administrator_signs_in_and_sees_own_page(page):
    _sign_in(page)
    page.goto("/en/me/")
    assert "chief" in page.locator("body").inner_text()
    assert not page.problems


def test_a_refused_form_begins_at_what_is_wrong(page):
    page.goto("/ru/account/login/")
    page.fill("input[name=login]", "chief")
    page.fill("input[name=password]", "not the word")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def test_every_chart_has_its_table_and_a_download(page):
    for path in (
        "",
        "promises/",
        "instructions/",
        "instructions/I-2025-11-25-1/",
        "places/aktau_container_hub/",
        "links/dostyk_moiynty/",
        "milestones/astana_ip2-commissioned/",
        "figures/fdi_gross_inflow/",
        "law/P03a/explain?e.filed=2026-03-02",
    ):
        page.goto(f"/en/{path}")
        charts = page.evaluate(CHARTS)  # at once: a page that waits for a forecast draws itself again
        assert charts, path
        for chart in charts:
            if chart["table"]:
                assert page.locator(f"table{chart['table']}").count() == 1, path
            else:
                assert chart["captions"] == 1, path
            answer = page.request.get(chart["csv"])
            assert answer.headers["content-type"].startswith("text/csv"), path
            assert answer.text().count("\n") > 1, path


def test_a_what_if_is_built_with_the_keyboard_and_answered_while_one_waits(page):
    page.goto("/en/what-if/?as_of=2025-11-26")
    if page.get_by_text("No forecast was made by this day").count():
        page.goto("/en/what-if/")
    with page.expect_response(lambda answer: "q=Whole" in answer.url):
        page.fill("#f-q", "Whole container hub")
    page.locator("#found .line:only-child a", has_text="Whole container hub").click()
    page.wait_for_selector("#change form")
    page.select_option("#f-op", "speed_up")
    page.wait_for_selector("#change option[value=percent]", state="attached")
    page.select_option("#f-op", "delay")
    page.wait_for_selector("#change option[value=months]", state="attached")
    page.fill("#id_change_amount", "6")
    page.get_by_role("button", name="Add this change").press("Enter")
    page.wait_for_selector("#answer-body .answer__news", timeout=60000)
    assert "worse" in page.locator(".answer__news").inner_text()
    page.keyboard.press("Tab")
    next_stop = page.evaluate("document.activeElement.textContent")
    assert "Take out" in next_stop, "who builds with the keyboard goes on from the change and its answer"
    page.wait_for_selector("#shifts svg text")
    assert page.locator("#shift-table tbody tr").count() >= 1
    page.get_by_role("link", name="Take out").click()
    page.wait_for_selector("text=Which date changes?")
    assert not page.problems
    assert not page.strangers


def test_why_a_date_comes_by_itself_with_its_drawings(page):
    page.goto("/en/milestones/aktau_container_hub-complete/")
    page.wait_for_selector("#why #spread svg", timeout=60000)
    page.wait_for_selector("#why #tornado svg text")
    assert page.locator("#why #tornado details table tbody tr").count() >= 1
    assert not page.problems


def test_every_chart_is_saved_as_svg_and_as_png(page):
    for path in ("", "places/aktau_container_hub/", "figures/fdi_gross_inflow/", "plan/aktau_container_hub/"):
        page.goto(f"/en/{path}")
        page.wait_for_selector("figure.chart [data-picture]:not([hidden])")
        for chart in page.locator("figure.chart").all():
            title = chart.locator("h2, h3").first.inner_text()
            day, known = chart.get_attribute("data-day"), chart.get_attribute("data-known")
            for kind in ("svg", "png"):
                with page.expect_download() as waited:
                    chart.locator(f"[data-picture={kind}]").click()
                saved = Path(waited.value.path()).read_bytes()
                assert waited.value.suggested_filename.endswith(f"{day}.{kind}")
                if kind == "png":
                    assert saved.startswith(b"\x89PNG")
                    continue
                words = "".join(ElementTree.fromstring(saved).itertext())
                assert title.split()[0] in words
                assert known in words
                assert b"var(--" not in saved
    assert not page.problems
    assert not page.strangers


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_names_of_a_chart_on_a_phone_stay_on_the_drawing(page, language):
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(f"/{language}/promises/")
    page.wait_for_selector("#slip svg text")
    names = page.locator("#slip svg text").all_text_contents()
    assert not [name for name in names if name.endswith("...")], "a name is cut by the drawing"
    beyond = page.evaluate(
        """() => { const room = document.querySelector('#slip').getBoundingClientRect();
        return [...document.querySelectorAll('#slip svg text')].filter((one) => {
          const box = one.getBoundingClientRect();
          return box.left < room.left - 1 || box.right > room.right + 1;
        }).map((one) => one.textContent); }"""
    )
    assert not beyond
    rows = page.locator("main .table-block tbody").first.locator("tr")
    more = page.locator("[data-table-fold]").first
    first = rows.locator("visible=true").count()
    assert first < rows.count(), "a phone shows the first rows of a long table"
    more.press("Enter")
    assert rows.locator("visible=true").count() == rows.count()
    assert page.evaluate("document.activeElement.closest('tr').sectionRowIndex") == first, "one goes on there"
