"""Figures, contradictions, series and freshness, as known on a day by either clock."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from torap.common.errors import NotFound
from torap.registry import selectors, services
from torap.registry.models import Claim
from torap.rules.known import AsKnown

DAY = dt.date


def year(number):
    return DAY(number, 1, 1), DAY(number, 12, 31)


def test_figure_shows_the_best_and_keeps_the_others(claim, country, known):
    claim(Decimal(149), source_code="press-1", source_class="press", on=DAY(2025, 12, 1))
    claim(Decimal("129.5"))
    claim(Decimal("129.8"), source_code="act-1", source_class="act")
    (figure,) = selectors.figures(country["hub"].pk, known)
    assert (figure.best.low, figure.reason_code) == (Decimal("129.8"), "source_class")
    assert [other.low for other in figure.others] == [Decimal(149), Decimal("129.5")]
    assert figure.age_days == (known.day - DAY(2025, 11, 25)).days
    (found,) = figure.conflicts
    assert [member.low for member in found.members] == [Decimal("129.5"), Decimal("129.8"), Decimal(149)]
    assert (found.low, found.high, found.unit) == (Decimal("129.5"), Decimal(149), "ha")


def test_figures_stand_in_the_order_of_the_catalogue(claim, country, known):
    claim(attribute="works", text="x")
    claim(5, attribute="jobs", nature="target", about=year(2030))
    claim(4, attribute="jobs", nature="target", about=year(2026))
    claim(3, attribute="jobs")
    claim(2, attribute="jobs", scope="icbc")
    claim(1)
    rows = selectors.figures(country["hub"].pk, known)
    assert [(row.attribute.code, row.scope, row.nature, int(row.best.low or 0)) for row in rows] == [
        ("area", "", "observed", 1),
        ("jobs", "", "observed", 3),
        ("jobs", "", "target", 4),
        ("jobs", "", "target", 5),
        ("jobs", "icbc", "observed", 2),
        ("works", "", "observed", 0),
    ]


def test_a_later_figure_is_not_known_before_it_was_said(claim, country):
    claim(100, on=DAY(2025, 3, 1), source_code="a")
    claim(200, on=DAY(2025, 9, 1), source_code="b", source_class="act")
    hub = country["hub"].pk

    def best(day):
        return [row.best.low for row in selectors.figures(hub, AsKnown(day=day))]

    assert best(DAY(2025, 2, 28)) == []
    assert best(DAY(2025, 3, 1)) == [100]
    assert best(DAY(2025, 9, 1)) == [200]


def test_correction_hides_the_old_claim_from_the_day_it_is_known(claim, source, country, coordinator):
    claim(100, key="k", on=DAY(2025, 3, 1))
    source("erratum", on=DAY(2025, 6, 1))
    services.claim_correct(by=coordinator, old="k", value=110, source="erratum", said=DAY(2025, 6, 1))
    hub = country["hub"].pk

    def values(day):
        rows = selectors.figures(hub, AsKnown(day=day))
        return [claim.low for row in rows for claim in (row.best, *row.others)]

    assert values(DAY(2025, 5, 31)) == [100]
    assert values(DAY(2025, 6, 1)) == [110]


def test_the_auditors_clock_counts_from_when_it_was_stored(claim, country):
    claim(100, on=DAY(2017, 3, 1))
    hub, today = country["hub"].pk, timezone.localdate()
    assert selectors.figures(hub, AsKnown(day=today, clock="recorded"))
    assert not selectors.figures(hub, AsKnown(day=today - dt.timedelta(days=1), clock="recorded"))
    assert selectors.figures(hub, AsKnown(day=DAY(2017, 3, 1)))


def test_contradictions_put_conflicts_first_and_the_widest_before(claim, country, known):
    claim(100, source_code="a", on=DAY(2025, 3, 1), said_by="minister")
    claim(150, source_code="b", on=DAY(2025, 6, 1), said_by="minister")
    claim(10, attribute="jobs", source_code="c")
    claim(11, attribute="jobs", source_code="d")
    claim(5, attribute="amount", source_code="e")
    claim(50, attribute="amount", source_code="f")
    rows = selectors.contradiction_list(known)
    assert [(row.figure.attribute.code, row.contradiction.kind) for row in rows] == [
        ("amount", "conflict"),
        ("jobs", "conflict"),
        ("area", "restated"),
    ]
    assert {row.subject.code for row in rows} == {"khorgos_hub"}
    assert selectors.contradiction_list(known, subject_ids=[country["project"].pk]) == []


def test_money_claims_of_two_currencies_are_compared_by_the_dated_rate(claim, known):
    claim(500, attribute="investment", unit="bn KZT", source_code="a", on=DAY(2024, 6, 1))
    claim(5, attribute="investment", unit="bn USD", source_code="b", on=DAY(2024, 6, 1))
    (row,) = selectors.contradiction_list(known)
    assert row.contradiction.unit == "bn KZT"
    assert row.contradiction.high > 2000


@pytest.fixture
def fdi(coordinator, country, source):
    source()
    services.indicator_save(by=coordinator, code="fdi", name="FDI", unit="bn USD")

    def add(key, value, **fields):
        given = {"attribute": "investment", "unit": "bn USD", "source": "official-1"}
        services.claim_add(by=coordinator, key=key, subject="fdi", value=value, **{**given, **fields})

    return add


def test_series_names_the_missing_years(fdi, known):
    fdi("a", 28, about=year(2022))
    fdi("b", 17, about=year(2024))
    fdi("c", 25, about=year(2026), nature="target")
    fdi("d", 150, about=(DAY(2025, 1, 1), DAY(2029, 12, 31)), nature="target")
    fdi("e", 9, about=(DAY(2025, 1, 1), DAY(2025, 9, 30)))
    fdi("f", 3, about=year(2023), scope="mining")
    series = selectors.indicator_series("fdi", known)
    shown = [
        (
            row.year,
            row.observed and int(row.observed.best.low),
            row.target and int(row.target.best.low),
            row.missing,
        )
        for row in series.years
    ]
    assert shown == [
        (2022, 28, None, False),
        (2023, None, None, True),
        (2024, 17, None, False),
        (2025, None, None, False),
        (2026, None, 25, False),
    ]
    assert series.missing == 1
    left = {claim.key for row in series.others for claim in (row.best, *row.others)}
    assert {"d", "e", "f"} <= left
    assert selectors.indicator_series("fdi", AsKnown(day=DAY(2020, 1, 1))).years == []
    with pytest.raises(NotFound):
        selectors.indicator_series("ghost", known)


def test_series_misses_a_year_once_it_has_ended(fdi):
    fdi("a", 28, about=year(2024))
    fdi("b", 30, about=year(2026), nature="target")
    series = selectors.indicator_series("fdi", AsKnown(day=DAY(2026, 1, 1)))
    assert [row.missing for row in series.years] == [False, True, False]


def test_freshness_counts_silence(claim, country):
    claim(1, on=DAY(2025, 3, 1), source_code="a")
    claim(1, on=DAY(2025, 6, 1), source_code="b", subject="dry_port")
    news = selectors.freshness(AsKnown(day=DAY(2025, 6, 11)))
    assert (news.newest_said, news.age_days, news.silent) == (DAY(2025, 6, 1), 10, 0)
    assert selectors.freshness(AsKnown(day=timezone.localdate())).silent == 3  # stored, never spoken of
    assert [(row.subject.code, row.age_days) for row in news.by_subject] == [
        ("khorgos_hub", 102),
        ("dry_port", 10),
    ]
    assert selectors.freshness(AsKnown(day=DAY(2020, 1, 1))).newest_said is None


def test_empty_country_has_empty_answers(db, known):
    assert selectors.contradiction_list(known) == []
    assert selectors.figures(1, known) == []
    assert selectors.freshness(known).by_subject == []
    assert selectors.search("x") == []
    assert selectors.source_list() == []
    assert [row.totals for row in selectors.money_totals(known)] == [[]] * 5


@pytest.fixture
def hundred_claims(coordinator, country, source):
    source()
    rows = [
        {
            "key": f"q{n}",
            "subject": subject,
            "attribute": "area",
            "source": "official-1",
            "value": n,
            "scope": str(n % 7),
        }
        for n, subject in enumerate(["khorgos_hub", "dry_port"] * 50)
    ]
    services.claim_add_many(by=coordinator, rows=rows)


def test_query_budgets(hundred_claims, country, known, django_assert_max_num_queries):
    ids = [country["hub"].pk, country["project"].pk]
    for budget, call in (
        (1, lambda: selectors.figures_many(ids, known)),
        (1, lambda: selectors.contradiction_list(known)),
        (2, lambda: selectors.freshness(known)),
        (5, lambda: selectors.place_list()),
        (6, lambda: selectors.place_get("khorgos_hub")),
        (2, lambda: selectors.project_list(known=known)),
        (1, lambda: selectors.organisation_list()),
        (12, lambda: selectors.source_list()),
        (6, lambda: selectors.source_rows("official-1", known)),
        (3, lambda: selectors.money_totals(known)),
        (1, lambda: selectors.work_calendar(known)),
        (1, lambda: selectors.utility_balance(ids[0], known)),
        (4, lambda: selectors.search("khorgos")),
        (2, lambda: selectors.amounts_found("240 000", known)),
    ):
        with django_assert_max_num_queries(budget):
            call()
    assert Claim.objects.count() == 100
