"""How investment may come, over HTTP: the headline first, what is assumed and what is unknown beside it."""

import csv
import datetime as dt
import io
import json
import re

import pytest
from django.test import Client

from torap.common.permissions import system_user
from torap.registry import services as registry

pytestmark = pytest.mark.django_db
PAGE = "figures/investment_attracted/pipeline/"
D = dt.date


@pytest.fixture
def goal(small_country):
    """The indicators of the country's list, with a goal, targets and measured years."""
    by = system_user()
    for code, name in (
        ("fdi_gross_inflow", "Gross inflow"),
        ("investment_attracted", "Investment attracted"),
    ):
        registry.indicator_save(by=by, code=code, name={"en": name}, unit="bn USD")

    def claim(key, subject, value, first, last, **more):
        fields = {"attribute": "value", "unit": "bn USD", "source": "gov-2025", "about": (first, last)}
        registry.claim_add(by=by, key=key, subject=subject, value=value, **{**fields, **more})

    for year, value in ((2020, 17.2), (2021, 23.7), (2022, 28)):
        claim(f"fdi-{year}", "fdi_gross_inflow", value, D(year, 1, 1), D(year, 12, 31))
    aim = {"subject": "investment_attracted", "nature": "target"}
    claim("goal", value=150, first=D(2029, 1, 1), last=D(2029, 12, 31), scope="cumulative", **aim)
    claim("yearly", value=(25, 27), first=D(2024, 1, 1), last=D(2029, 12, 31), scope="per_year", **aim)


def get(path=PAGE, language="en", **query):
    return Client().get(f"/{language}/{path}", {"as_of": "2025-12-31", **query})


def chart(page, name):
    return json.loads(re.search(rf'id="{name}-data" type="application/json">(.*?)</script>', page).group(1))


def test_the_page_says_first_what_cannot_be_told(goal):
    page = get().content.decode()
    words = re.sub(r"\s+", " ", page)
    assert "stand for 0.04 bn USD of the 150 bn USD" in words
    assert "it cannot be told whether the goal is reached" in words
    assert words.index("What is known") < words.index("Year by year")
    assert "&lt; 1 %" in words
    assert "By the 3 measured years alone the chance is" in words


def test_the_drawings_hold_the_fan_the_target_and_the_measured_years_apart(goal):
    page = get().content.decode()
    below, above = chart(page, "pipeline-fan"), chart(page, "pipeline-above")
    assert below["years"] == above["years"] == [2024, 2025, 2026, 2027, 2028, 2029]
    assert below["target_low"] == [None] * 6, "on one scale with the target the projects would lie flat"
    assert "Drawn on a scale of its own: the target, 25–27 bn USD a year, lies far above it." in page
    assert above["target_low"][0] == 25
    assert above["target_high"][0] == 27
    assert below["realised"] == [None] * 6
    assert above["mean"] == []
    fans = zip(*(below[name] for name in ("p10", "p50", "p80")), strict=True)
    assert all(low <= mid <= high for low, mid, high in fans)


def test_assumptions_are_named_and_can_be_left_out(goal):
    page = get().content.decode()
    assert "Part of this is assumed" in page
    assert ">assumption<" in page
    without = get(assumed="no").content.decode()
    assert "Without assumptions" in without
    assert "Nothing is recorded of how such projects go on: in no sum: 1" in without


def test_the_download_has_every_series(goal):
    rows = list(csv.DictReader(io.StringIO(get(format="csv").content.decode("utf-8-sig"))))
    assert all(float(row["p10"]) <= float(row["p20"]) <= float(row["p50"]) for row in rows)
    assert '<th class="n">P20</th>' in get().content.decode()
    assert {row["series"] for row in rows} == {
        "projects",
        "projects_cumulative",
        "projects_recorded_only",
        "projects_recorded_only_cumulative",
        "measured_years",
        "measured_years_cumulative",
    }
    assert all(row["mean"] == "" for row in rows if row["series"].startswith("measured"))
    assert {row["invented"] for row in rows} == {"false"}


def test_the_figure_and_the_situation_lead_there(goal):
    assert PAGE in get("figures/investment_attracted/").content.decode()
    assert PAGE in get("figures/fdi_gross_inflow/").content.decode()
    situation = get("").content.decode()
    assert "Named projects stand for" in situation
    assert PAGE in situation


def test_other_figures_have_no_such_page(goal):
    assert get("figures/inflow/pipeline/").status_code == 404
    assert "pipeline" not in get("figures/inflow/").content.decode()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_page_opens_in_every_language(goal, language):
    assert get(language=language).status_code == 200


def test_queries_are_few_once_the_answer_is_kept(goal, django_assert_max_num_queries):
    get()
    with django_assert_max_num_queries(15):
        get()


def test_invented_money_moves_nothing(goal):
    before = get().content
    by = system_user()
    registry.source_add(
        by=by,
        code="fake",
        publisher="F",
        source_class="press",
        title="F",
        published=D(2025, 12, 1),
        invented=True,
    )
    registry.money_add(
        by=by, key="fake.1", project="yard", stage="realised", amount=10**13, currency="USD", source="fake"
    )
    assert get().content == before
