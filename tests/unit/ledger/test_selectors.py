"""Reading the ledger."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.ledger.memo import one_head
from torap.ledger.selectors import (
    EventFilters,
    changed_since,
    event_list,
    events_of,
    head_now,
    recorded_since,
)
from torap.ledger.services import Draft, record_many


@pytest.fixture
def events(coordinator, auditor):
    record_many([Draft("claim.added", f"claim:c{n}", None, {"n": n}) for n in range(5)], by=coordinator)
    record_many([Draft("claim.corrected", "claim:c0", {"n": 0}, {"n": 9})], by=auditor)
    record_many([Draft("place.added", "place:p")], by=auditor)


def test_history_of_one_thing_is_oldest_first(events):
    rows = events_of("claim:c0")
    assert [(row.kind, row.before, row.after) for row in rows] == [
        ("claim.added", None, {"n": 0}),
        ("claim.corrected", {"n": 0}, {"n": 9}),
    ]
    assert (rows[0].entity, rows[0].code) == ("claim", "c0")
    assert events_of("claim:ghost") == []


def test_what_was_recorded_of_a_thing_after_a_moment(events):
    first, last = (row.at for row in events_of("claim:c0"))
    assert changed_since("claim:c0", first - dt.timedelta(seconds=1)) == last
    assert changed_since("claim:c0", last) is None
    assert changed_since("claim:ghost", first) is None


def test_whether_anything_was_recorded_since_an_event(events):
    assert recorded_since("claim:c4", "claim.added")
    assert recorded_since("claim:c4", "claim.added", but=("claim.",))
    assert not recorded_since("claim:c4", "claim.added", but=("claim.", "place."))
    assert not recorded_since("place:p", "place.added")
    assert recorded_since("place:p", "place.closed"), "there is no such event"


def test_the_head_is_read_as_it_is_now(events, coordinator):
    with one_head():
        seq, head = head_now()
        assert (seq, head) == (7, events_of("place:p")[0].hash)
        (event,) = record_many([Draft("place.added", "place:q")], by=coordinator)
        assert head_now() == (8, event.hash)


def test_the_head_of_an_empty_ledger(db):
    assert head_now() == (0, "")


def test_list_is_newest_first_in_pages(events):
    page = event_list(page=1, page_size=3)
    assert ([row.seq for row in page.rows], page.page, page.pages, page.total) == ([7, 6, 5], 1, 3, 7)
    assert [row.seq for row in event_list(page=3, page_size=3).rows] == [1]
    assert event_list(page=99, page_size=3).page == 3
    assert event_list(page=-1, page_size=3).page == 1


def test_empty_ledger_has_one_empty_page(db):
    page = event_list()
    assert (page.rows, page.page, page.pages, page.total) == ([], 1, 1, 0)


def test_list_narrows_by_its_filters(events):
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    for filters, total in (
        (EventFilters(kind="claim."), 6),
        (EventFilters(kind="claim.corrected"), 1),
        (EventFilters(target="claim:c0"), 2),
        (EventFilters(actor="auditor"), 2),
        (EventFilters(since=today, until=today), 7),
        (EventFilters(since=today + day), 0),
        (EventFilters(until=today - day), 0),
    ):
        assert event_list(filters).total == total


def test_list_takes_two_queries(events, django_assert_num_queries):
    with django_assert_num_queries(2):
        event_list()
