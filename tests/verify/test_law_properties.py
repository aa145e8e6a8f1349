"""Properties of every case: pauses of zero days, added holidays, holders' times, order of events."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import CalendarEdit, build_calendar, edited
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.holders import totals
from torap.rules.obligations.model import Event

TODAY = dt.date(2026, 11, 21)
EDITS = load_calendar_edits()
CALENDAR = build_calendar(EDITS, known_on=TODAY)
CASES = {
    "P03a": "filed",
    "P04a": "filed",
    "P05c": "registered",
    "P06a": "filed",
    "P08b": "received",
    "P03d": "breach_found",
    "P03b": "filed",
    "P03c": "breach_notified",
    "P03f": "company_created",
    "P04b": "filed",
    "P04c": "filed",
    "P04e": "received",
    "P05b": "applied",
    "P06c": "filed",
    "P08": "received",
    "P10": "consent_withdrawn",
}
PARAMS = {"P08": {"type": "urgent", "co_executors": "true", "kind": "minutes"}}
PIDS = st.sampled_from(sorted(CASES))
DAYS = st.dates(dt.date(2024, 1, 3), dt.date(2026, 6, 30))


def clocks(pid, events, calendar=CALENDAR, known_on=TODAY):
    edition, params = load_procedure(pid).editions[-1], PARAMS.get(pid, {})
    found = evaluate(edition, events, calendar, known_on=known_on, params=params)
    return {row.obligation.step: (row.due, row.state) for row in found.clocks if not row.limit.before}


@settings(max_examples=80, deadline=None)
@given(pid=PIDS, start=DAYS, after=st.integers(0, 60))
def test_pause_of_zero_days_changes_nothing(pid, start, after):
    day = start + dt.timedelta(days=after)
    first = Event(name=CASES[pid], on=start)
    paused = [Event(name="paused", on=day), Event(name="resumed", on=day)]
    assert clocks(pid, [first, *paused]) == clocks(pid, [first])


@settings(max_examples=80, deadline=None)
@given(pid=PIDS, start=DAYS, after=st.integers(0, 40), length=st.integers(1, 40))
def test_pause_never_brings_a_deadline_nearer(pid, start, after, length):
    first = Event(name=CASES[pid], on=start)
    stop = start + dt.timedelta(days=after)
    paused = [Event(name="paused", on=stop), Event(name="resumed", on=stop + dt.timedelta(days=length))]
    plain, stopped = clocks(pid, [first]), clocks(pid, [first, *paused])
    assert all(stopped[step][0] >= due for step, (due, _state) in plain.items() if due is not None)


@settings(max_examples=120, deadline=None)
@given(pid=PIDS, start=DAYS, after=st.integers(1, 90))
def test_added_holiday_never_brings_a_forward_deadline_nearer(pid, start, after):
    day = start + dt.timedelta(days=after)
    row = CalendarEdit(
        day=day,
        working=False,
        known_from=None,
        kind="holiday:added",
        title="",
        source="test",
        confidence="high",
    )
    more = build_calendar(edited(EDITS, [row]), known_on=TODAY)
    first = [Event(name=CASES[pid], on=start)]
    plain, later = clocks(pid, first), clocks(pid, first, more)
    assert all(later[step][0] >= due for step, (due, _state) in plain.items() if due is not None)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["logged", "contract_signed", "copy_sent", "copy_received", "registered", "notified", "paused"]
        ),
        st.integers(0, 120),
    ),
    max_size=8,
    unique_by=lambda row: row[0],  # each of these happens once in a case
)


def case_events(start, rows):
    found = [Event(name="filed", on=start)]
    for name, days in rows:
        found.append(Event(name=name, on=start + dt.timedelta(days=days)))
        if name == "paused":
            found.append(Event(name="resumed", on=start + dt.timedelta(days=days + 3)))
    return found


@settings(max_examples=120, deadline=None)
@given(start=DAYS, rows=EVENTS, asked=st.integers(0, 200))
def test_holders_times_sum_to_the_age_of_the_case(start, rows, asked):
    known_on = start + dt.timedelta(days=asked)
    found = evaluate(
        load_procedure("P03a").editions[0], case_events(start, rows), CALENDAR, known_on=known_on
    )
    assert sum(totals(found.spans).values()) == asked
    for one, two in zip(found.spans, found.spans[1:], strict=False):
        assert one.until == two.since


@settings(max_examples=80, deadline=None)
@given(start=DAYS, rows=EVENTS, data=st.data())
def test_order_of_events_does_not_matter(start, rows, data):
    events = case_events(start, rows)
    mixed = data.draw(st.permutations(events))
    edition = load_procedure("P03a").editions[0]
    one, two = (evaluate(edition, given_events, CALENDAR, known_on=TODAY) for given_events in (events, mixed))
    assert one == two


@settings(max_examples=80, deadline=None)
@given(pid=PIDS, start=DAYS, data=st.data())
def test_order_of_events_of_one_day_does_not_matter(pid, start, data):
    """Everything a procedure knows, on one day: stopped and running again too."""
    edition = load_procedure(pid).editions[-1]
    names = sorted({*edition.events, "paused", "resumed"})
    events = [Event(name=name, on=start) for name in names]
    mixed = data.draw(st.permutations(events))
    params = PARAMS.get(pid, {})
    one, two = (evaluate(edition, rows, CALENDAR, known_on=TODAY, params=params) for rows in (events, mixed))
    assert one == two


@settings(max_examples=60, deadline=None)
@given(start=DAYS, until=st.integers(1, 90))
def test_limit_below_high_never_raises_a_breach(start, until):
    """Article 76 was read at second hand: P08b.6 may be late, but it is no breach by itself."""
    known_on = start + dt.timedelta(days=until)
    edition = load_procedure("P08b").editions[0]
    found = evaluate(edition, [Event(name="received", on=start)], CALENDAR, known_on=known_on).clock("6")
    assert found.state in ("running", "not_yet_triggered")
    assert found.past_due_not_binding is (known_on > found.due)


@pytest.mark.parametrize("pid", sorted(CASES))
def test_every_skipped_day_is_explained(pid):
    found = evaluate(
        load_procedure(pid).editions[-1],
        [Event(name=CASES[pid], on=dt.date(2026, 3, 2))],
        CALENDAR,
        known_on=TODAY,
    )
    for clock in found.clocks:
        if clock.due is None or str(clock.limit.unit) != "wd" or clock.limit.before:
            continue
        told = {reason.day for reason in clock.reasons if reason.code == "skipped_day"}
        assert told == {row.day for row in CALENDAR.skipped(clock.started_on, clock.due)}
