"""A few whole journeys with mouse and keyboard."""

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
