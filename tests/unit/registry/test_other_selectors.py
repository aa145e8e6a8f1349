"""Lists, money, pools, calendar, sources and search."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from torap.common.errors import NotFound
from torap.registry import selectors, services
from torap.registry.models import Subject
from torap.rules.known import AsKnown
from torap.web.presenters import money as money_words

DAY = dt.date
JUNE = DAY(2025, 6, 1)


def test_get_finds_or_says_what_is_missing(country):
    assert selectors.subject_get("dry_port").kind == "project"
    assert set(selectors.subject_map(["dry_port", "ghost"])) == {"dry_port"}
    for get in (
        selectors.subject_get,
        selectors.place_get,
        selectors.link_get,
        selectors.project_get,
        selectors.organisation_get,
        selectors.programme_get,
        selectors.indicator_get,
        selectors.source_get,
    ):
        with pytest.raises(NotFound) as caught:
            get("ghost")
        assert caught.value.params["value"] == "ghost"


def test_lists_narrow_by_their_filters(country, coordinator):
    services.project_save(by=coordinator, code="far", name="Far", type="investment", sector="food")
    services.programme_save(by=coordinator, code="pool", name="Pool", members=["far"])

    def codes(**filters):
        found = selectors.project_list(
            selectors.ProjectFilters(**filters), known=AsKnown(timezone.localdate())
        )
        return [row.code for row in found]

    assert codes() == ["dry_port", "far"]
    assert codes(type="investment") == codes(sector="food") == codes(programme="pool") == ["far"]
    assert codes(region="KZ-33") == codes(place="khorgos_hub") == ["dry_port"]
    assert codes(invented=True) == []
    assert [row.code for row in selectors.place_list(type="hub", region="KZ-33")] == ["khorgos_hub"]
    assert selectors.place_list(type="port") == []
    assert [row.code for row in selectors.organisation_list(type="akimat")] == ["akimat_zhetysu"]
    assert [row.code for row in selectors.organisation_list(codes=["ministry_trade"])] == ["ministry_trade"]
    assert selectors.subject_counts()["organisation"] == 3
    assert [row.code for row in selectors.region_list()] == ["KZ-33"]
    assert len(selectors.attribute_list()) == 6
    far = Subject.objects.get(code="far")
    assert [row.code for row in selectors.subject_programmes(far.pk)] == ["pool"]


def test_place_comes_with_what_its_page_shows(country, django_assert_num_queries):
    place = selectors.place_get("khorgos_hub")
    with django_assert_num_queries(0):
        assert place.region.code == "KZ-33"
        assert place.managing_company.code == "khorgos_company"
        assert [point.label for point in place.points.all()] == ["border"]
    assert [row.code for row in selectors.place_projects(place, AsKnown(timezone.localdate()))] == [
        "dry_port"
    ]


def test_an_invented_akimat_answers_for_nothing_real(country, coordinator):
    fake = {"type": "akimat", "region": "KZ-33", "invented": True}
    services.organisation_save(by=coordinator, code="fake_akimat", name="F", **fake)
    real = services.place_save(by=coordinator, code="real", name="R", type="plot", region="KZ-33")
    unreal = services.place_save(
        by=coordinator, code="unreal", name="U", type="plot", region="KZ-33", invented=True
    )
    assert selectors.subject_owners(real) == {"akimat_zhetysu"}
    assert selectors.subject_owners(unreal) == {"akimat_zhetysu", "fake_akimat"}


def test_owners_are_company_and_akimat_of_the_place_around(country, coordinator):
    services.place_save(by=coordinator, code="plot", name="Plot", type="plot", parent="khorgos_hub")
    plot = selectors.subject_get("plot")
    assert selectors.subject_owners(plot) == {"khorgos_company", "akimat_zhetysu"}
    assert selectors.subject_owners(selectors.subject_get("dry_port")) == {
        "khorgos_company",
        "akimat_zhetysu",
    }
    assert selectors.subject_owners(selectors.subject_get("ministry_trade")) == {"ministry_trade"}


@pytest.fixture
def money(country, coordinator, source):
    made = []

    def add(stage, amount, *, currency="KZT", on=JUNE, project="dry_port", **more):
        made.append(stage)
        fields = {"project": project, "stage": stage, "amount": amount, "currency": currency, **more}
        origin = source(f"s-{on}", on=on)
        return services.money_add(by=coordinator, key=f"m{len(made)}", source=origin.code, **fields)

    return add


def test_latest_amount_of_a_stage_supersedes(money, country, known):
    money("announced", 100)
    money("announced", 150, on=DAY(2025, 9, 1))
    money("disbursed", 20)
    pk = country["project"].pk
    rows = selectors.money_of([pk], known)[pk]
    assert [(row.stage, row.amount, len(row.earlier)) for row in rows] == [
        ("announced", 150, 1),
        ("disbursed", 20, 0),
    ]
    before = selectors.money_of([pk], AsKnown(day=DAY(2025, 8, 31)))[pk]
    assert [row.amount for row in before] == [100, 20]


def test_totals_count_every_project_once_and_what_is_missing(money, coordinator, known):
    for code, more in (("twin", {"same_as": "dry_port"}), ("other", {}), ("dream", {"invented": True})):
        services.project_save(by=coordinator, code=code, name=code, type="investment", **more)
    money("announced", 100)
    money("announced", 100, project="twin", currency="KZT", on=DAY(2025, 7, 1))
    money("announced", 10**6, project="dream")
    money("agreed", 7, currency="USD", project="other", qualifier="about")
    totals = {row.stage: row for row in selectors.money_totals(known)}
    assert list(totals) == ["announced", "agreed", "committed", "disbursed", "realised"]
    announced = totals["announced"]
    assert [(row.currency, row.amount, row.projects) for row in announced.totals] == [("KZT", 100, 1)]
    assert (announced.projects, announced.missing) == (1, 1)
    agreed = totals["agreed"]
    assert [(row.currency, row.amount, row.inexact) for row in agreed.totals] == [("USD", 7, 1)]
    assert (totals["realised"].totals, totals["realised"].missing) == ([], 2)


def test_parts_are_added_unless_the_whole_was_said(money, known):
    money("announced", 40, part="rail")
    money("announced", 50, part="yard")
    money("announced", 60, part="yard", on=DAY(2025, 7, 1))

    def total():
        return selectors.money_totals(known)[0].totals[0].amount

    assert total() == 100
    money("announced", 90, on=DAY(2025, 5, 1))
    assert total() == 90


def test_merging_duplicates_never_changes_the_sum(money, coordinator, known):
    services.project_save(by=coordinator, code="twin", name="Twin", type="infrastructure", same_as="dry_port")
    money("realised", 100)
    alone = selectors.money_totals(known)[4].totals
    money("realised", 100, project="twin")
    assert selectors.money_totals(known)[4].totals == alone


def test_pool_follows_the_threshold_of_the_year(money, country, known):
    project = selectors.project_get("dry_port")
    assert selectors.pool_of(project, known) == selectors.PoolOf(code=None, reason_code="no_amount")
    money("announced", 150000 * 3932)
    assert selectors.pool_of(project, known).code == "regional"
    money("committed", 150000 * 3932 + 1)
    found = selectors.pool_of(project, known)
    assert (found.code, found.reason_code, found.year, found.stage) == (
        "national",
        "cost_compared",
        2025,
        "committed",
    )
    assert (found.threshold, found.cost) == (Decimal(589_800_000), Decimal(589_800_001))
    assert found.confidence == "medium"


@pytest.mark.parametrize("day", [DAY(2016, 6, 1), DAY(2024, 6, 1)])
def test_pool_is_not_guessed_by_rules_that_came_later(money, country, known, day):
    """The line was read in the rules in force since 2025: what was said before has no pool by them."""
    money("announced", 10**9, on=day)
    found = selectors.pool_of(selectors.project_get("dry_port"), known)
    assert (found.code, found.reason_code) == (None, "rules_not_read")
    assert money_words.pool_words(found)["why"]


def test_pool_is_not_guessed_without_a_rate(money, country, known):
    project = selectors.project_get("dry_port")
    money("agreed", 10**6, currency="CNY")
    assert selectors.pool_of(project, known).reason_code == "rate_not_known"


def test_calendar_follows_what_was_known(coordinator):
    day = DAY(2026, 3, 4)
    services.calendar_edit_add(
        by=coordinator, day=day, working=False, known_from=DAY(2026, 2, 1), kind="extra_rest", title="Rest",
        source_title="Order 1",
    )  # fmt: skip
    before, after = AsKnown(day=DAY(2026, 1, 31)), AsKnown(day=DAY(2026, 2, 1))
    assert selectors.calendar_edits(before) == []
    assert len(selectors.calendar_edits(after)) == 1
    assert selectors.work_calendar(before).is_working(day)
    calendar = selectors.work_calendar(after)
    assert not calendar.is_working(day)
    assert calendar.reason(day) == ("extra_rest", "Order 1")
    yesterday = AsKnown(day=DAY(2026, 2, 1), clock="recorded")
    assert len(selectors.calendar_edits(yesterday)) in {0, 1}


def test_sources_count_what_rests_on_them(claim, source, country, known):
    claim(1)
    claim(2, attribute="jobs")
    source("empty", on=DAY(2020, 1, 1), source_class="press")
    rows = {row.source.code: row for row in selectors.source_list()}
    assert rows["official-1"].rows == {"claim": 2}
    assert (rows["official-1"].total, rows["empty"].total) == (2, 0)
    assert [
        row.source.code for row in selectors.source_list(selectors.SourceFilters(source_class="press"))
    ] == ["empty"]
    assert [row.source.code for row in selectors.source_list(selectors.SourceFilters(text="OFFICIAL"))] == [
        "official-1"
    ]
    resting = selectors.source_rows("official-1", known)
    assert [row.attribute_id for row in resting.claims] == ["area", "jobs"]
    assert selectors.source_rows("official-1", AsKnown(day=DAY(2025, 1, 1))).claims == []
    assert selectors.source_get("official-1").total == 2


@pytest.fixture
def index(country, coordinator):
    names = {"en": "SEZ Khorgos", "ru": "СЭЗ Хоргос", "kk": "Қорғас АЭА"}
    services.place_save(by=coordinator, code="khorgos_sez", name=names, type="sez", aliases=["Eastern Gate"])
    extra = services.SearchRow(
        kind="instruction", code="I-1", name_en="Approve the concept", words=("I-1",), weight=10
    )
    return services.search_rebuild(by=coordinator, extra=[extra])


@pytest.mark.parametrize("query", ["Қорғас", "Хоргос", "khorgos", "Korgas", "QORĞAS", "хорг"])
def test_search_finds_in_any_alphabet(index, query):
    codes = [hit.code for hit in selectors.search(query)]
    assert set(codes) >= {"khorgos_hub", "khorgos_sez", "khorgos_company"}


def test_search_puts_the_closest_first_and_takes_all_words(index):
    assert [hit.code for hit in selectors.search("СЭЗ Хоргос")] == ["khorgos_sez"]
    assert selectors.search("khorgos hub")[0].code == "khorgos_hub"
    assert [hit.code for hit in selectors.search("eastern gate")] == ["khorgos_sez"]
    found = selectors.search("concept")[0]
    assert (found.kind, found.code, found.name) == ("instruction", "I-1", "Approve the concept")
    assert selectors.search("astern")[0].code == "khorgos_sez"
    assert selectors.search("") == selectors.search("—") == selectors.search("nothing like it") == []
    assert len(selectors.search("khorgos", limit=2)) == 2
    assert selectors.search("k") == []


def test_search_index_is_rebuilt_whole(index, coordinator):
    assert index == 7
    assert services.search_rebuild(by=coordinator) == 6
    assert selectors.search("concept") == []
