"""What is listed on a day, by what was said or stored by then; and what of it is invented."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.common.errors import Conflict
from torap.registry import selectors, services
from torap.rules.known import AsKnown

DAY = dt.date
TODAY = timezone.localdate()
EARLY = AsKnown(DAY(2020, 1, 1))


def codes(rows):
    return [row.code for row in rows]


def test_a_thing_is_listed_once_somebody_spoke_of_it(claim, country):
    claim(1, on=DAY(2024, 3, 1), source_code="a")
    on = {day: AsKnown(day) for day in (DAY(2024, 2, 29), DAY(2024, 3, 1), TODAY)}
    assert [codes(selectors.place_list(known=known)) for known in on.values()] == [
        [],
        ["khorgos_hub"],
        ["khorgos_hub"],
    ]
    assert selectors.place_list(known=AsKnown(DAY(2024, 3, 1), "recorded")) == []
    assert codes(selectors.place_list(known=AsKnown(TODAY, "recorded"))) == ["khorgos_hub"]
    assert selectors.subject_counts(on[DAY(2024, 3, 1)])["place"] == 1


def test_every_list_knows_the_day(claim, country, coordinator):
    services.indicator_save(by=coordinator, code="fdi", name="F", unit="bn USD")
    services.link_save(by=coordinator, code="line", name="L", type="rail")
    services.programme_save(by=coordinator, code="plan", name="P", members=["khorgos_hub"])
    lists = (
        selectors.place_list,
        selectors.link_list,
        selectors.project_list,
        selectors.organisation_list,
        selectors.programme_list,
        selectors.indicator_list,
    )
    assert [rows(known=EARLY) for rows in lists] == [[]] * 6
    assert all(rows(known=AsKnown(TODAY)) for rows in lists)
    assert all(rows() for rows in lists if rows is not selectors.project_list)  # which is of a day, always
    assert sum(selectors.subject_counts(EARLY).values()) == 0
    assert selectors.place_projects(country["hub"], EARLY) == []
    assert list(selectors.programme_get("plan", EARLY).members.all()) == []
    assert selectors.subject_programmes(country["hub"].pk, EARLY) == []


def test_an_invented_word_makes_nothing_known(claim, country):
    claim(1, on=DAY(2024, 3, 1), source_code="a", invented=True)
    assert selectors.place_list(known=AsKnown(DAY(2024, 3, 1))) == []


def test_sources_and_their_counts_know_the_day(claim, source):
    claim(1, on=DAY(2024, 3, 1), source_code="a", said=DAY(2023, 5, 1))
    claim(2, on=DAY(2024, 3, 1), source_code="a", corrects="c1")
    claim(3, on=DAY(2024, 3, 1), source_code="a", invented=True)
    source("b", on=DAY(2025, 1, 1))
    (then,) = selectors.source_list(known=AsKnown(DAY(2024, 3, 1)))
    assert (then.source.code, then.total, then.invented) == ("a", 2, 1)  # as its page lists them
    assert selectors.source_list(known=AsKnown(DAY(2024, 2, 1))) == []
    assert codes(row.source for row in selectors.source_list()) == ["b", "a"]


def test_real_and_invented_claims_are_two_figures(claim, country, known):
    claim(100, source_code="p", source_class="press")
    claim(7, source_code="q", source_class="act", confidence="high", invented=True)
    real, unreal = selectors.figures(country["hub"].pk, known)
    assert (real.best.low, real.others, real.invented) == (100, [], False)
    assert (unreal.best.low, unreal.invented) == (7, True)
    assert selectors.freshness(known).by_subject[0].subject.code == "khorgos_hub"


def test_invented_claims_are_no_news(claim, known):
    claim(1, on=DAY(2025, 3, 1), source_code="a")
    claim(1, on=DAY(2025, 6, 1), source_code="b", invented=True)
    assert selectors.freshness(known).newest_said == DAY(2025, 3, 1)


def test_the_pool_of_a_real_project_takes_real_money(country, coordinator, source, known):
    source("s", on=DAY(2025, 6, 1))
    for key, stage, amount, invented in (("a", "announced", 10**9, False), ("b", "committed", 10**12, True)):
        services.money_add(
            by=coordinator,
            key=key,
            project="dry_port",
            stage=stage,
            amount=amount,
            currency="KZT",
            source="s",
            invented=invented,
        )
    services.money_add(
        by=coordinator,
        key="c",
        project="dry_port",
        stage="announced",
        amount=5,
        currency="KZT",
        source="s",
        said=DAY(2025, 5, 1),
        invented=True,
    )
    assert selectors.pool_of(country["project"], known).cost == 10**9
    days = selectors.work_calendar(known)
    told = selectors.pool_of(country["project"], known, calendar=days)
    assert told == selectors.pool_of(country["project"], known), "a calendar already read gives the same"
    pk = country["project"].pk
    assert selectors.with_money([pk], known) == {pk}
    rows = selectors.money_of([pk], known)[pk]
    assert [(row.stage, row.invented, len(row.earlier)) for row in rows] == [
        ("announced", False, 0),
        ("announced", True, 0),
        ("committed", True, 0),
    ]


def test_an_invented_amount_is_no_money_of_a_real_project(country, coordinator, source, known):
    source("s", on=DAY(2025, 6, 1))
    services.money_add(
        by=coordinator,
        key="b",
        project="dry_port",
        stage="committed",
        amount=10**9,
        currency="KZT",
        source="s",
        invented=True,
    )
    assert selectors.with_money([country["project"].pk], known) == set()
    assert selectors.with_money([], known) == set()


def test_a_subject_takes_over_from_what_it_hangs_on(country, coordinator):
    by = coordinator
    services.organisation_save(by=by, code="fake", name="F", type="other", invented=True)
    place = services.place_save(by=by, code="p", name="P", type="plot", managing_company="fake")
    project = services.project_save(by=by, code="x", name="X", type="investment", place="p")
    child = services.organisation_save(by=by, code="child", name="C", type="other", parent="fake")
    assert (place.invented, project.invented, child.invented) == (True, True, True)
    with pytest.raises(Conflict, match="reality_changed"):
        services.place_save(by=by, code="khorgos_hub", name="K", type="hub", managing_company="fake")


def test_a_correction_of_a_claim_is_as_real_as_the_claim(claim):
    claim(1)
    with pytest.raises(Conflict, match="reality_changed"):
        claim(2, corrects="c1", invented=True)


def test_a_sum_of_money_is_no_more_exact_than_its_parts(country, coordinator, source, known):
    source("s", on=DAY(2025, 6, 1))
    services.project_save(by=coordinator, code="other", name="O", type="investment")
    for project, qualifier, currency in (("dry_port", "more_than", "KZT"), ("other", "exact", "USD")):
        services.money_add(
            by=coordinator,
            key=project,
            project=project,
            stage="announced",
            amount=10,
            currency=currency,
            source="s",
            qualifier=qualifier,
        )
    totals = selectors.money_totals(known)[0].totals
    assert [(row.currency, row.qualifier) for row in totals] == [("KZT", "at_least"), ("USD", "exact")]


def test_the_age_of_a_network_counts_from_the_earliest_day(country, coordinator, source, known):
    source("s", on=DAY(2025, 6, 1))
    services.utility_entry_add(
        by=coordinator,
        key="u",
        place="khorgos_hub",
        kind="gas",
        move="added",
        basis="evidenced",
        amount=1,
        effective_from=DAY(2025, 1, 1),
        source="s",
        said=(DAY(2025, 1, 1), DAY(2025, 5, 31)),
    )
    (balance,) = selectors.utility_balance(country["hub"].pk, known)
    assert balance.newest_said == DAY(2025, 1, 1)


def test_parts_of_a_place_are_those_of_the_day(country, claim, coordinator):
    """A yard that moved under another hub today still lay in the first one the day before."""
    claim(1, on=DAY(2024, 3, 1), source_code="a")
    yard = {"by": coordinator, "code": "yard", "name": "Yard", "type": "terminal"}
    services.place_save(by=coordinator, code="other", name="Other", type="hub", region="KZ-33")
    services.place_save(**yard, parent="khorgos_hub", said=DAY(2024, 3, 1))
    claim(2, subject="yard", on=DAY(2024, 3, 1), source_code="b")
    claim(3, subject="other", on=DAY(2024, 3, 1), source_code="c")
    services.place_save(**yard, parent="other")
    parts = {
        day: [codes(selectors.place_get(code, AsKnown(day)).parts.all()) for code in ("khorgos_hub", "other")]
        for day in (TODAY - dt.timedelta(days=1), TODAY)
    }
    assert list(parts.values()) == [[["yard"], []], [[], ["yard"]]]
