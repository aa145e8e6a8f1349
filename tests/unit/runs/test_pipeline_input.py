"""What is known of projects and their money becomes the frozen input of a forecast."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.conf import settings

from torap.common.permissions import system_user
from torap.delivery import services as delivery
from torap.engines.pipeline.model import YEAR_DAYS, Stage
from torap.registry import services as registry
from torap.rules.known import AsKnown
from torap.runs.adapters import pipeline_input as adapter
from torap.runs.adapters.pipeline import pipeline_goals, pipeline_model, pipeline_output
from torap.runs.adapters.pipeline_input import Seen, furthest, pipeline_input
from torap.runs.selectors import pipeline_codes, pipeline_view
from torap.runs.services import run_request

D = dt.date
KNOWN = AsKnown(D(2025, 12, 31))
pytestmark = pytest.mark.django_db


def seen(stage, day, basis="money"):
    return Seen(stage=stage, day=day, basis=basis)


def money(project, stage, amount, day, currency="USD", part="", **more):
    registry.money_add(
        by=system_user(),
        key=f"{project}.{stage}.{day}.{part}",
        project=project,
        stage=stage,
        amount=Decimal(amount),
        currency=currency,
        source=f"s-{day.year}",
        said=day,
        part=part,
        **more,
    )


@pytest.fixture
def projects(db):
    """A park with a plant that spends, a mill only announced, a shop without an amount, and an invention."""
    by = system_user()
    for year in (2022, 2023, 2024, 2025):
        registry.source_add(
            by=by,
            code=f"s-{year}",
            publisher="Press",
            source_class="press",
            title="T",
            published=D(year, 12, 31),
        )
    registry.source_add(
        by=by,
        code="fake",
        publisher="Nobody",
        source_class="press",
        title="F",
        published=D(2025, 12, 1),
        invented=True,
    )
    registry.place_save(by=by, code="park", name={"en": "Park"}, type="industrial_park")
    for code in ("plant", "mill", "shop"):
        registry.project_save(by=by, code=code, name={"en": code}, type="investment", place="park")
    registry.project_save(by=by, code="twin", name={"en": "twin"}, type="investment", same_as="plant")
    registry.project_save(by=by, code="unreal", name={"en": "unreal"}, type="investment", invented=True)
    money("plant", "announced", "100000000", D(2022, 6, 30))
    money("plant", "committed", "120000000", D(2023, 6, 30))
    money("plant", "disbursed", "30000000", D(2024, 6, 30))
    money("mill", "announced", "46900000000", D(2024, 5, 1), currency="KZT")
    money("twin", "announced", "90000000", D(2022, 9, 1))
    fake = {"project": "unreal", "stage": "announced", "currency": "USD", "source": "fake"}
    registry.money_add(by=by, key="unreal.1", amount=10**12, **fake)
    delivery.milestone_save(by=by, code="shop-design", subject="shop", name={"en": "Design"}, type="design")
    delivery.promise_add(
        by=by, milestone="shop-design", as_said="by 2027", source="s-2025", said=D(2025, 3, 1)
    )
    for code, type in (("mill-open", "open"), ("park-open", "open")):
        delivery.milestone_save(by=by, code=code, subject=code.split("-")[0], name={"en": code}, type=type)
        delivery.promise_add(by=by, milestone=code, as_said="by 2028", source="s-2025", said=D(2025, 3, 1))


def by_id(frozen):
    return {row["id"]: row for row in frozen["projects"]}


def test_furthest_is_the_first_day_of_the_furthest_stage():
    rows = [
        seen(Stage.AGREED, D(2024, 1, 1)),
        seen(Stage.COMMITTED, D(2025, 5, 1), "milestone"),
        seen(Stage.COMMITTED, D(2025, 1, 1)),
    ]
    assert furthest(rows) == rows[2]
    assert furthest([]) is None


def test_walked_counts_what_was_seen_and_nothing_between():
    rows = [seen(Stage.ANNOUNCED, D(2023, 1, 1)), seen(Stage.COMMITTED, D(2024, 1, 1))]
    found = list(adapter._walked(rows, D(2024, 7, 1)))
    assert found == [
        (Stage.ANNOUNCED, 1.0, 365 / YEAR_DAYS),
        (Stage.COMMITTED, 0.0, 182 / YEAR_DAYS),
    ]


def test_walked_takes_two_stages_of_one_day_for_no_wait():
    day = D(2024, 1, 1)
    assert (
        list(adapter._walked([seen(Stage.ANNOUNCED, day), seen(Stage.DISBURSED, day)], D(2025, 1, 1))) == []
    )
    assert list(adapter._walked([seen(Stage.ANNOUNCED, day)], day)) == []


def test_the_input_holds_each_project_with_its_stage_amount_and_dates(projects):
    frozen = pipeline_input(KNOWN)
    rows = by_id(frozen)
    assert set(rows) == {"mill", "plant", "shop", "twin"}
    plant, mill, shop = rows["plant"], rows["mill"], rows["shop"]
    assert (plant["stage"], plant["since"], plant["amount"]["value"], plant["spent"]) == (
        "disbursed",
        "2024-06-30",
        120e6,
        30e6,
    )
    assert (mill["stage"], mill["amount"]["per_usd"], mill["amount"]["rate_rule"]) == (
        "announced",
        469.0,
        "year_average",
    )
    assert (mill["promised"], mill["finish"], mill["ready"]) == ("2028-12-31", "milestone:mill-open", "park")
    assert (shop["amount"], shop["stage"]) == (None, None)
    assert rows["twin"]["identity"] == "plant"
    assert frozen["sites"] == {"park": {"since": None, "keys": ["milestone:park-open"]}}
    assert pipeline_goals(frozen) == ("milestone:mill-open", "milestone:park-open")
    (announced, committed) = frozen["passages"]["investment"]
    assert (announced["passed"], committed["passed"]) == (1.0, 1.0)


def test_a_project_on_a_plot_waits_for_the_plot(projects):
    by = system_user()
    registry.place_save(by=by, code="lot", name={"en": "Lot"}, type="plot", parent="park")
    registry.project_save(by=by, code="kiln", name={"en": "kiln"}, type="investment", place="lot")
    money("kiln", "announced", "5000000", D(2025, 5, 1))
    frozen = pipeline_input(KNOWN)
    assert by_id(frozen)["kiln"]["ready"] == "lot"
    assert frozen["sites"]["lot"] == {"since": None, "keys": ["plot:lot"]}
    assert "plot:lot" in pipeline_goals(frozen)


def test_a_reported_opening_makes_a_project_done_and_its_years_modelled(projects):
    delivery.report_add(
        by=system_user(),
        milestone="mill-open",
        state="done",
        source="s-2025",
        said=D(2025, 9, 2),
        done_on=D(2025, 9, 1),
    )
    mill = by_id(pipeline_input(KNOWN))["mill"]
    assert (mill["stage"], mill["stage_basis"], mill["since"], mill["spent"]) == (
        "realised",
        "milestone",
        "2025-09-01",
        None,
    )


def test_more_spent_than_ever_named_is_the_amount(projects):
    money("plant", "disbursed", "150000000", D(2025, 1, 1))
    plant = by_id(pipeline_input(KNOWN))["plant"]
    assert (plant["amount"]["value"], plant["spent"]) == (150e6, 150e6)


def test_parts_are_added_where_no_whole_was_named(projects):
    money("shop", "announced", "10", D(2024, 1, 1), part="first")
    money("shop", "announced", "4690", D(2024, 1, 1), currency="KZT", part="second")
    assert by_id(pipeline_input(KNOWN))["shop"]["amount"]["value"] == pytest.approx(20.0)


def test_an_amount_without_a_rate_is_named_and_in_no_sum(projects):
    money("shop", "announced", "10", D(2024, 1, 1), currency="CNY")
    frozen = pipeline_input(KNOWN)
    assert by_id(frozen)["shop"]["no_exchange"]
    assert pipeline_output(frozen, trials=50, seed=1)["no_exchange"] == ["shop"]


def test_the_day_asked_for_knows_no_later_day(projects):
    plant = by_id(pipeline_input(AsKnown(D(2023, 1, 1))))["plant"]
    assert (plant["stage"], plant["amount"]["value"]) == ("announced", 100e6)


def test_invented_projects_are_a_pipeline_of_their_own(projects):
    assert set(by_id(pipeline_input(KNOWN, invented=True))) == {"unreal"}
    real = pipeline_output(pipeline_input(KNOWN), trials=50, seed=1)
    assert real["below"]["named"] == pytest.approx(0.12 + 0.1)


def test_a_country_without_a_pipeline_has_none(projects, monkeypatch):
    monkeypatch.setattr(adapter, "load_pipeline", lambda _code: None)
    assert pipeline_input(KNOWN) is None
    assert pipeline_view(KNOWN) is None


def test_nothing_known_is_no_pipeline(db):
    assert pipeline_input(KNOWN) is None
    assert pipeline_view(KNOWN) is None


def test_the_output_counts_a_project_of_two_codes_once_and_waits_for_its_site(projects):
    frozen = pipeline_input(KNOWN)
    minutes = (D(2035, 1, 1) - D(1970, 1, 1)).days * 1440
    late = {key: samples_of(minutes) for key in pipeline_goals(frozen)}
    found = pipeline_output(frozen, trials=200, seed=1, finishes=late)
    free = pipeline_output(frozen, trials=200, seed=1)
    assert [row["id"] for row in found["below"]["counted"]] == ["mill", "plant"]
    assert sum(found["below"]["counted"][0]["years"]) == 0
    assert sum(free["below"]["counted"][0]["years"]) > 0
    assert found["below"]["unknown"]["no_site"] == []
    assert "mill" in free["below"]["unknown"]["no_site"]
    assert found["recorded"]["unknown"]["no_rate"] == ["mill"]


def samples_of(minutes):
    return np.full(200, minutes, dtype=np.int32)


def test_broader_classes_leave_out_the_narrower(projects):
    model = pipeline_model(pipeline_input(KNOWN), finishes={}, trials=10)
    rows = {row.code: row for row in model.classes}
    assert rows["investment"].parent == "other_than_investment"
    assert rows["other_than_investment"].passages == ()
    assert all(one.lost is None for one in rows["investment"].passages)


def test_the_view_is_made_at_once_where_no_run_carries_it(projects):
    view = pipeline_view(KNOWN)
    assert view.run == ""
    assert view.below.projects == 3
    assert [part.code for part in view.below.parts] == ["plant", "mill"]
    assert view.above is None
    assert {row.stage for row in view.below.rates} == {"announced", "agreed", "committed"}
    assert [row.assumed for row in view.below.rates if row.stage == "agreed"] == [True]


def test_pipeline_codes_are_those_of_the_country():
    assert settings.COUNTRY == "kz"
    assert pipeline_codes() == {"investment_attracted", "fdi_gross_inflow"}


def test_a_run_carries_the_pipeline_and_pages_read_it_from_there(projects):
    run = run_request(by=system_user(), known_on=KNOWN.day, trials=300, seed=5, at_once=True)
    view = pipeline_view(KNOWN)
    assert view.run == run.code
    assert (view.trials, view.known_on) == (300, KNOWN.day)
    assert [part.code for part in view.below.parts] == ["plant", "mill"]
    assert view.below.named == pytest.approx(0.22)
    assert pipeline_view(AsKnown(D(2024, 12, 31))).run == ""
