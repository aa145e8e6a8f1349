"""The situation: what is late, near, slipped, silent, contradicted, held; and that it says what it does not
know.
"""

import datetime as dt
import json
from dataclasses import asdict
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from torap.delivery import selectors, services
from torap.delivery.selectors.national import sections
from torap.registry import services as registry
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def look(day):
    return selectors.situation(AsKnown(dt.date.fromisoformat(day)))


@pytest.fixture
def figures(country):
    """The investment goal, inflows of three years (one of them contradicted), the platform's projects."""
    by = country.by
    registry.attribute_save(by=by, code="value", name="Value", kind="number", unit="", group="figures")
    for code, unit in (
        ("fdi_gross_inflow", "bn USD"),
        ("investment_attracted", "bn USD"),
        ("ndip_projects", "projects"),
    ):
        registry.indicator_save(by=by, code=code, name=code, unit=unit, gap="2023 is not published")

    def claim(key, subject, value, about=None, **more):
        span = (dt.date(about[0], 1, 1), dt.date(about[-1], 12, 31)) if about else None
        registry.claim_add(
            **{
                "by": by,
                "key": key,
                "subject": subject,
                "attribute": "value",
                "value": value,
                "unit": "bn USD",
                "about": span,
                "source": "paper",
                "said": dt.date(2024, 9, 1),
                "nature": "observed",
                **more,
            }
        )

    claim("f20", "fdi_gross_inflow", 17.2, [2020])
    claim("f22", "fdi_gross_inflow", 28, [2022])
    claim("f22b", "fdi_gross_inflow", 20, [2022], source="minutes")
    claim("f24", "fdi_gross_inflow", 15.7, [2024])
    claim("f25h1", "fdi_gross_inflow", 9, [2025], scope="h1", source="minutes", said=dt.date(2025, 9, 1))
    claim("goal", "investment_attracted", 150, [2029], nature="target", scope="cumulative")
    claim("yearly", "investment_attracted", (25, 27), [2024, 2029], nature="target", scope="per_year")
    claim("n", "ndip_projects", 700, unit="projects", qualifier="about")


def test_empty_country_is_no_error():
    found = look("2025-11-26")
    assert found.headline.code == "empty"
    assert (found.facts_newest, found.counts.milestones, found.progress) == (None, 0, ())
    json.dumps(asdict(found), default=str)


def test_late_near_and_done(country, promise, report, instruction):
    promise("2023-10-27", "Q2 2025")
    services.milestone_save(by=country.by, code="road", subject="aktau_hub", name="Road", type="part")
    promise("2025-01-01", "December 2025", milestone="road")
    report("2025-06-01", "done")
    instruction()
    found = look("2025-11-27")
    assert [row.code for row in found.overdue.promises] == ["aktau_hub-open"]
    assert found.overdue.promises[0].days == -(dt.date(2025, 11, 27) - dt.date(2025, 6, 30)).days
    assert found.overdue.said_done == 1  # said done, no evidence: still late
    assert found.counts.milestones_done == 0
    assert [row.code for row in found.due_30.instructions] == ["I-1"]
    assert [(row.step, row.due.day) for row in found.due_30.steps] == [("co_executors", 12), ("report", 19)]
    assert found.due_30.promises == ()
    assert found.headline.code == "late_promises"
    later = look("2025-12-23")
    assert [(row.code, row.days, row.overdue) for row in later.overdue.instructions] == [("I-1", -1, True)]
    assert [row.step for row in later.overdue.steps] == ["co_executors", "report"]
    assert later.headline.code == "late_both"
    assert later.headline.params["instructions"] == 1
    assert [row.code for row in later.due_30.promises] == ["road"]


def test_co_executors_are_late_before_the_lead(instruction):
    instruction()
    found = look("2025-12-15")
    assert [(row.code, row.step, row.days) for row in found.overdue.steps] == [("I-1", "co_executors", -3)]
    assert found.overdue.instructions == ()


def test_slip_and_counts(country, promise, report):
    promise("2023-10-27", "Q2 2025")
    promise("2025-11-25", "end of 2026")
    for code, first, last in (("a", "2017", "2028"), ("b", "2026", "2025")):
        services.milestone_save(by=country.by, code=code, subject="aktau_hub", name=code, type="part")
        promise("2015-09-04", first, milestone=code)
        promise("2025-11-12", last, milestone=code)
    services.milestone_save(by=country.by, code="c", subject="aktau_hub", name="c", type="part")
    report("2025-11-12", "under_way", milestone="c")
    found = look("2025-11-26")
    assert [(row.code, row.slip_months) for row in found.slipped_most] == [("a", 132), ("aktau_hub-open", 18)]
    counts = found.counts
    assert (counts.promises_moved, counts.promises_comparable) == (3, 3)
    assert (counts.slip_median_months, counts.slip_max_months) == (18, 132)
    assert (counts.milestones_without_promise, counts.milestones_without_word) == (1, 3)


def test_silence_since_the_promise_passed(promise, report):
    promise("2023-10-27", "Q2 2025")
    report("2024-12-01", "under_way")
    found = look("2025-11-26").freshness
    assert [(row.code, row.last_word, row.silent_days) for row in found.silent] == [
        ("aktau_hub-open", dt.date(2024, 12, 1), 360)
    ]
    assert (found.newest_report, found.newest_report_age_days) == (dt.date(2024, 12, 1), 360)
    report("2025-10-01", "under_way")
    assert look("2025-11-26").freshness.silent_total == 0


def test_permanent_instructions_are_asked_for_a_word(instruction):
    instruction(deadline_kind="permanent", deadline_on=None)
    found = look("2025-11-27")
    assert [row.code for row in found.freshness.asked_for_word] == ["I-1"]
    assert found.counts.instructions_permanent == 1


def test_what_is_said_to_be_done_in_time_is_to_be_proved_and_not_late(country, promise):
    promise("2022-01-01", "2023")

    def item():
        lines = selectors.holder_board(AsKnown(dt.date(2025, 12, 23)))
        return next(one for line in lines for one in line.items if one.kind == "milestone")

    assert (item().task, item().overdue) == ("reach", True)
    services.report_add(
        by=country.by, milestone=country.milestone, state="done", source="paper", said=dt.date(2024, 2, 1),
        done_on=dt.date(2023, 11, 15),
    )  # fmt: skip
    assert (item().task, item().overdue, item().said) == ("prove", False, "done")
    promise("2024-06-01", "2024")
    assert (item().task, item().overdue) == ("reach", True), "a day promised again takes the word back"


def test_whose_turn(country, promise, instruction):
    promise("2023-10-27", "Q2 2025")
    instruction()
    services.obstacle_save(
        by=country.by,
        code="gas",
        text="No gas",
        blocks="aktau_hub",
        holder="akimat",
        said=dt.date(2025, 11, 1),
    )
    found = look("2025-11-27")
    assert [
        (row.holder.code, row.instructions, row.milestones, row.obstacles, row.overdue)
        for row in found.whose_turn
    ] == [
        ("min_transport", 0, 1, 0, 1),
        ("akimat", 1, 0, 1, 0),
        ("min_industry", 1, 0, 0, 0),
    ]
    akimat = found.whose_turn[1]
    assert (akimat.since, akimat.next_due) == (dt.date(2025, 11, 1), dt.date(2025, 12, 12))
    assert [(row.code, row.days_open, row.blocked) for row in found.blocked_by] == [
        ("gas", 26, ("aktau_hub-open",))
    ]
    board = selectors.holder_board(AsKnown(dt.date(2025, 12, 23)))
    assert [(line.holder.code, line.overdue) for line in board] == [
        ("min_transport", 1),
        ("akimat", 1),
        ("min_industry", 1),
    ]


def test_investment_against_its_goal_with_what_is_missing(figures):
    found = look("2025-11-26").section("investment")
    years = {row.year: row for row in found.years}
    assert (years[2020].observed.low, years[2021].observed, years[2021].missing) == (
        Decimal("17.2"),
        None,
        True,
    )
    assert [row.year for row in found.years if row.missing] == [2021, 2023]
    assert found.missing == 2
    assert years[2022].observed.contradicted
    assert years[2025].observed is None  # half a year is no year
    assert not years[2025].missing  # and the year has not ended
    assert (years[2026].target.low, years[2026].target.high) == (25, 27)
    assert years[2022].target is None
    assert (found.per_year.low, found.goal.low, found.goal_year) == (25, 150, 2029)
    assert (found.count_from, found.counted, found.count_missing) == (2024, Decimal("15.7"), 0)
    assert found.target.code == "investment_attracted"
    assert found.gap == "2023 is not published"
    later = look("2027-02-01").section("investment")
    assert (later.counted, later.count_missing) == (Decimal("15.7"), 2)


def test_platform_pool_is_dated_by_its_saying(figures):
    found = look("2025-11-26").section("platform")
    assert (found.latest.year, found.latest.observed.low, found.latest.observed.qualifier) == (
        2024,
        700,
        "about",
    )


def test_contradictions_of_figures_and_promises(figures, promise):
    promise("2025-07-31", "2027", said_by="A")
    promise("2025-09-10", "2028", said_by="B")
    found = look("2025-11-26").contradictions
    assert (found.total, found.figures, found.promises) == (2, 1, 1)
    assert {row.kind for row in found.top} == {"conflict", "promise_conflict"}
    assert found.top[0].subject.code == "fdi_gross_inflow"


def test_nothing_invented_is_counted(country, promise, figures):
    promise("2023-10-27", "Q2 2025")
    real = look("2025-11-26")
    services.milestone_save(
        by=country.by, code="fake", subject="aktau_hub", name="F", type="part", invented=True
    )
    promise("2023-10-27", "2024", milestone="fake", invented=True)
    found = look("2025-11-26")
    assert found.counts.invented_left_out == 1
    assert found.overdue == real.overdue
    assert found.counts.milestones == real.counts.milestones


def test_done_said_changes_no_total(country, promise, report):
    promise("2023-10-27", "Q2 2025")
    before = look("2025-11-26")
    report("2025-06-01", "done")
    after = look("2025-11-26")
    assert (before.counts.milestones_done, after.counts.milestones_done) == (0, 0)
    assert after.counts.promises_overdue == before.counts.promises_overdue == 1
    assert (before.counts.milestones_said_done, after.counts.milestones_said_done) == (0, 1)


def test_names_are_in_the_readers_language(instruction):
    instruction()
    with override("ru"):
        assert look("2025-11-27").due_30.instructions[0].text == "Концепция СЭЗ"


def test_fifteen_queries_whatever_there_is(
    country, promise, report, instruction, figures, django_assert_max_num_queries
):
    for number in range(6):
        code = f"m{number}"
        services.milestone_save(
            by=country.by, code=code, subject="aktau_hub", name=code, type="part", holder="min_industry"
        )
        promise("2024-01-01", "2025", milestone=code)
        report("2025-01-01", "done", milestone=code)
        instruction(f"I-{number}")
        services.obstacle_save(
            by=country.by, code=f"o{number}", text="No", blocks="aktau_hub", holder="akimat", said=TODAY
        )
        services.evidence_add(
            by=country.by,
            milestone=code,
            type="document",
            shows_on=dt.date(2025, 1, 1),
            title="Paper",
            given_by="builder",
            url="https://example.org",
        )
    with django_assert_max_num_queries(15):
        found = selectors.situation(AsKnown(TODAY))
        json.dumps(asdict(found), default=str)
    assert found.counts.milestones == 7


def test_list_of_the_country_is_readable():
    assert [row.section for row in sections(settings.COUNTRY)][0] == "investment"
    assert sections("KZ")


def test_a_sum_is_no_more_exact_than_its_years_and_names_the_doubted(figures, country):
    def claim(key, value, **more):
        registry.claim_add(
            by=country.by,
            key=key,
            subject="fdi_gross_inflow",
            attribute="value",
            value=value,
            unit="bn USD",
            about=(dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
            nature="observed",
            said=dt.date(2026, 2, 1),
            **{"source": "paper", "said_by": "A", **more},
        )

    claim("f25", 27, qualifier="more_than")
    found = look("2026-03-01").section("investment")
    assert (found.counted, found.counted_qualifier, found.counted_contradicted) == (
        Decimal("42.7"),
        "at_least",
        (),
    )
    claim("f25b", 12, source="paper", said_by="B")
    assert look("2026-03-01").section("investment").counted_contradicted == (2025,)


def test_the_newest_report_is_as_old_as_its_earliest_day(report):
    services_said = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    report("2025-12-31", "under_way", said=services_said)
    assert look("2026-01-10").freshness.newest_report == dt.date(2025, 1, 1)
