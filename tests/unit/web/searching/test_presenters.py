"""Search leads to the pages of the forecast and to reference classes."""

import datetime as dt

import pytest
from django.utils import translation

from torap.rules.known import AsKnown
from torap.web.presenters.class_words import class_words
from torap.web.searching import presenters
from torap.web.searching.presenters import all_hits, forecast_hits, groups

DAY = AsKnown(dt.date(2026, 1, 15))
pytestmark = pytest.mark.django_db


class Line:
    code = "milestone.open.place"


@pytest.mark.parametrize(
    ("language", "asked", "page"),
    [("en", "score", "score"), ("en", "referen class", "class_list"), ("ru", "прогноз", "what_if")],
)
def test_pages_of_the_forecast_are_found_by_their_names(language, asked, page):
    with translation.override(language):
        found = forecast_hits(asked, DAY)
    assert page in {hit.code for hit in found}


def test_a_class_is_found_and_leads_to_its_page(monkeypatch):
    monkeypatch.setattr(presenters, "class_list", lambda _known: (Line(),))
    with translation.override("en"):
        asked = f"reference {class_words(Line.code).split()[0]}"
        (hit,) = [hit for hit in forecast_hits(asked, DAY) if hit.url_kind != "page"] or [None]
        assert hit is not None
        (group,) = groups([hit], DAY)
    assert group["rows"][0]["href"].startswith("/en/classes/milestone.open.place/")


def test_other_words_find_none_of_them():
    with translation.override("en"):
        assert forecast_hits("score aktau", DAY) == []
        assert all(hit.kind != "forecast" for hit in all_hits("aktau", DAY))
