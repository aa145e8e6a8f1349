"""Milestones as known on a day: which rows count, by either clock, with constant queries."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from torap.common.errors import BadInput
from torap.delivery import selectors, services
from torap.rules.known import AsKnown

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def known(text, clock="said"):
    return AsKnown(dt.date.fromisoformat(text), clock)


def state(day, clock="said"):
    return selectors.milestone_get("aktau_hub-open", known(day, clock))


@pytest.fixture
def history(promise, report):
    """The container hub: first Q2 2025, then the end of 2025, then the end of 2026; opened, said one
    paper."""
    promise("2023-10-27", "Q2 2025", key="p1", said_by="Minister")
    promise("2024-05-30", "December 2025", key="p2", said_by="Minister")
    report("2025-04-28", "done", key="r1", done_on=dt.date(2025, 4, 28))
    report("2025-10-01", "under_way", key="r2")
    promise("2025-11-25", "end of 2026", key="p3", said_by="Minister")


def test_state_as_known_today(history):
    found = state("2025-11-26")
    assert [row.key for row in found.promises] == ["p1", "p2", "p3"]
    assert (found.first.key, found.current.key, found.moves, found.slip_months) == ("p1", "p3", 2, 18)
    assert (found.said.code, found.evidenced.code, found.schedule.code) == ("under_way", "none", "late")
    assert found.schedule.days == (dt.date(2025, 11, 26) - dt.date(2025, 6, 30)).days
    assert not found.passed
    assert not found.done
    assert [row.kind for row in found.conflicts] == ["status_conflict"]
    assert (found.subject.code, found.holder.code) == ("aktau_hub", "min_transport")


@pytest.mark.parametrize(
    ("day", "current", "said", "schedule", "passed"),
    [
        ("2023-12-01", "p1", "no_word", "on_first_promise", False),
        ("2024-06-01", "p2", "no_word", "moved", False),
        ("2025-05-01", "p2", "done", "done_said", False),
        ("2025-10-02", "p2", "under_way", "late", False),
        ("2027-01-01", "p3", "under_way", "late", True),
    ],
)
def test_state_as_known_then(history, day, current, said, schedule, passed):
    found = state(day)
    assert (found.current.key, found.said.code, found.schedule.code, found.passed) == (
        current,
        said,
        schedule,
        passed,
    )


def test_nothing_is_known_before_it_was_said(history):
    assert selectors.milestone_states(known("2020-01-01")) == []
    assert selectors.milestone_states(AsKnown(TODAY - dt.timedelta(days=1), "recorded")) == []
    assert len(selectors.milestone_states(AsKnown(TODAY, "recorded"))) == 1


def test_correction_hides_the_old_from_the_day_it_is_known(country, promise):
    promise("2023-10-27", "2025", key="p1")
    services.promise_correct(
        by=country.by, key="p1", new_key="p1c", as_said="2026", source="paper", said=dt.date(2024, 3, 1)
    )
    assert [row.key for row in state("2024-02-29").promises] == ["p1"]
    assert [row.key for row in state("2024-03-01").promises] == ["p1c"]


def test_done_needs_evidence_of_another_body(country, history, member, verifier):
    item = services.evidence_add(
        by=country.by,
        milestone=country.milestone,
        type="act",
        shows_on=dt.date(2025, 6, 1),
        title="Act of acceptance",
        given_by="builder",
        file=ContentFile(b"act", name="act.pdf"),
    )
    today = AsKnown(TODAY)
    found = selectors.milestone_get(country.milestone, today)
    assert (found.evidenced.code, found.done) == ("offered", False)
    assert [row.evidence.pk for row in selectors.evidence_waiting(today)] == [item.pk]
    services.evidence_verify(by=verifier, evidence=item.pk, verdict="accepted", organisation="inspection")
    found = selectors.milestone_get(country.milestone, today)
    assert (found.evidenced.code, found.done, found.schedule.code) == ("accepted", True, "done_on_time")
    assert selectors.evidence_waiting(today) == []
    services.evidence_verify(
        by=verifier, evidence=item.pk, verdict="rejected", organisation="inspection", note="another berth"
    )
    assert not selectors.milestone_get(country.milestone, today).done


def test_same_file_is_flagged_on_both_with_links(country, history, instruction):
    instruction()
    common = {"by": country.by, "type": "photo", "shows_on": dt.date(2025, 6, 1), "given_by": "builder"}
    for owner in ({"milestone": country.milestone}, {"instruction": "I-1"}):
        services.evidence_add(**common, **owner, title="Photo", file=ContentFile(b"one photo", name="p.jpg"))
    services.evidence_add(**common, milestone=country.milestone, title="Page", url="https://example.org/p")
    found = selectors.milestone_get(country.milestone, AsKnown(TODAY))
    assert [[(t.kind, t.code) for t in item.same_file] for item in found.evidence] == [
        [("instruction", "I-1")],
        [],
    ]
    assert len(found.evidenced.reused) == 1
    order = selectors.instruction_get("I-1", AsKnown(TODAY))
    assert [(t.kind, t.code) for t in order.evidence[0].same_file] == [("milestone", country.milestone)]


def test_contradictions_of_promises_name_the_milestone(promise):
    promise("2025-07-31", "2027", key="a", said_by="KTZ")
    promise("2025-09-10", "2028", key="b", said_by="Ministry")
    (found,) = selectors.contradictions_in(selectors.milestone_states(known("2025-11-26")))
    assert (found.milestone.code, found.conflict.kind) == ("aktau_hub-open", "promise_conflict")
    assert [row.key for row in found.conflict.members] == ["a", "b"]
    assert selectors.contradictions_in(selectors.milestone_states(known("2025-08-31"))) == []


def test_publisher_speaks_where_nobody_is_named(promise):
    promise("2025-07-31", "2027", source="paper")
    promise("2025-09-10", "2028", source="minutes")
    assert len(selectors.contradictions_in(selectors.milestone_states(known("2025-11-26")))) == 1


def test_queries_do_not_grow(country, promise, report, django_assert_max_num_queries):
    for number in range(8):
        code = f"m{number}"
        services.milestone_save(by=country.by, code=code, subject="aktau_hub", name=code, type="part")
        promise("2024-01-01", "2025", milestone=code)
        report("2025-01-01", "done", milestone=code)
        services.evidence_add(
            by=country.by,
            milestone=code,
            type="document",
            shows_on=dt.date(2025, 1, 1),
            title="Paper",
            given_by="builder",
            url="https://example.org",
        )
    with django_assert_max_num_queries(6):
        rows = selectors.milestone_states(AsKnown(TODAY))
        assert [row.subject.name + (row.holder.name if row.holder else "") for row in rows]
        assert [row.promises[0].source.code for row in rows if row.promises]
    with django_assert_max_num_queries(6):
        selectors.milestone_states(AsKnown(TODAY), codes=["m1", "m2"])


def test_baseline_is_frozen_and_compared(country, promise, django_assert_max_num_queries):
    promise("2023-10-27", "Q2 2025")
    services.milestone_save(by=country.by, code="road", subject="aktau_hub", name="Road", type="part")
    promise("2024-01-01", "2026", milestone="road")
    services.baseline_take(by=country.by, code="b2024", title="Plan of 2024", taken_on=dt.date(2024, 6, 1))
    promise("2025-11-25", "end of 2026")
    services.milestone_save(by=country.by, code="rail", subject="aktau_hub", name="Rail", type="part")
    promise("2025-11-25", "2027", milestone="rail")
    found = selectors.baseline_compare("b2024", known("2025-11-26"))
    assert {row.code: (row.kind, row.months) for row in found.rows} == {
        "aktau_hub-open": ("moved", 18),
        "rail": ("added", None),
        "road": ("same", 0),
    }
    assert found.intact
    services.baseline_take(by=country.by, code="b2025", title="Plan of 2025", taken_on=dt.date(2025, 11, 26))
    pair = selectors.baseline_compare("b2024", known("2025-11-26"), other="b2025")
    assert pair.rows == found.rows
    assert [row.code for row in selectors.baseline_list(known("2025-12-01"))] == ["b2025", "b2024"]


def test_an_earlier_day_shows_who_owed_it_then(country, promise, django_assert_max_num_queries):
    promise("2024-01-01", "2030")
    same = {"by": country.by, "code": country.milestone, "subject": "aktau_hub", "name": "Hub open"}
    services.milestone_save(**same, type="complete", holder="builder", said=dt.date(2025, 6, 1))
    with django_assert_max_num_queries(6):
        now = selectors.milestone_get(country.milestone, known("2025-06-01"))
    then = selectors.milestone_get(country.milestone, known("2025-05-31"))
    assert (now.holder.code, now.milestone.type) == ("builder", "complete")
    assert (then.holder.code, then.milestone.type) == ("min_transport", "open")
    services.milestone_save(**same, type="complete")
    yesterday = AsKnown(TODAY - dt.timedelta(days=1))
    assert selectors.milestone_get(country.milestone, yesterday).holder.code == "builder"
    assert selectors.milestone_get(country.milestone, AsKnown(TODAY)).holder is None


def test_what_was_put_right_stays_to_be_seen(country, promise, report):
    promise("2023-10-27", "2025", key="p")
    promise("2023-11-27", "2026", key="p~2", corrects="p")
    report("2023-12-27", "done", key="r")
    report("2023-12-27", "under_way", key="r~2", corrects="r")
    found = selectors.milestone_get(country.milestone, known("2023-12-31"))
    assert [row.key for row in found.corrected] == ["p", "r"]
    assert [row.key for row in (*found.promises, *found.reports)] == ["p~2", "r~2"]
    before = selectors.milestone_get(country.milestone, known("2023-11-01"))
    assert (before.corrected, [row.key for row in before.promises]) == ((), ["p"])


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"title": "t" * 201}, "invalid.max_length", "title"),
        ({"decision": "d" * 301}, "invalid.max_length", "decision"),
        ({"code": "with space"}, "invalid.invalid", "code"),
        ({"taken_on": TODAY + dt.timedelta(days=1)}, "in_the_future", "taken_on"),
    ],
)
def test_baseline_refusals(country, more, code, field):
    with pytest.raises(BadInput) as caught:
        services.baseline_take(**{"by": country.by, "code": "b", "title": "Plan"} | more)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not selectors.baseline_list(AsKnown(TODAY))
