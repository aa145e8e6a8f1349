"""How a case ends and what proves a step: terminal events, alternatives, later events, closings."""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.errors import BadValue
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event, State

CALENDAR = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 11, 21))


def ask(pid, *events, known_on="2026-07-01", **params):
    rows = []
    for text in events:
        name, day = text.split("=")
        rows.append(Event(name=name, on=dt.date.fromisoformat(day)))
    day = dt.date.fromisoformat(known_on)
    return evaluate(load_procedure(pid).editions[-1], rows, CALENDAR, known_on=day, params=params)


def states(found):
    return {clock.obligation.step: clock.state for clock in found.clocks}


def codes(clock):
    return {reason.code for reason in clock.reasons}


def test_refusal_of_an_incomplete_package_ends_the_case():
    found = ask("P06a", "filed=2026-05-05", "incomplete_refused=2026-05-07")
    told = states(found)
    assert (told["3"], told["overall"]) == (State.DONE_IN_TIME, State.DONE_IN_TIME)
    assert {told[step] for step in ("4", "6", "7", "8", "9", "10", "12")} == {State.VOID}
    assert (found.clock("6").due, found.clock("6").projected) == (None, False)
    assert "case_closed" in codes(found.clock("4"))


@pytest.mark.parametrize(
    ("pid", "end", "done", "void"),
    [
        ("P04c", "refused=2026-05-13", "2", ["3", "4a", "4b", "5", "6", "27(3)"]),
        ("P04a", "returned=2026-05-13", "3", ["4", "5a", "5b", "6"]),
    ],
)
def test_the_other_half_of_a_step_discharges_it_and_ends_the_case(pid, end, done, void):
    found = ask(pid, "filed=2026-05-05", "checked=2026-05-11", end)
    assert found.clock(done).state is State.DONE_IN_TIME
    assert {found.clock(step).state for step in void} == {State.VOID}


def test_refusal_after_the_conclusion_discharges_the_later_step():
    found = ask(
        "P04c",
        "filed=2026-05-05",
        "checked=2026-05-11",
        "referred=2026-05-12",
        "conclusion=2026-05-20",
        "refused=2026-05-22",
        conclusion="negative",
    )
    assert found.clock("2").done_on == dt.date(2026, 5, 12)
    assert found.clock("4b").state is State.DONE_IN_TIME


def test_later_event_of_the_chain_proves_the_steps_before_it():
    found = ask("P03a", "filed=2026-03-02", "registered=2026-03-13", known_on="2026-04-10")
    assert (found.clock("3a").state, found.clock("3b").state) == (State.DONE, State.VOID)
    assert (found.clock("3a").done_on, found.clock("3a").binding) == (None, False)
    assert "day_not_known" in codes(found.clock("3a"))
    assert found.clock("4").state is State.DONE
    assert found.clock("2").state is State.OVERDUE  # the log is no part of that chain
    assert sum(span.days for span in found.spans) == 39


@pytest.mark.parametrize(
    ("pid", "events", "known_on", "step"),
    [
        ("P05c", ["registered=2026-01-05", "contract_signed=2026-04-10"], "2026-06-10", "2"),
        (
            "P06a",
            ["filed=2026-05-05", "proposal_received=2026-05-15", "conclusion_signed=2026-05-18"],
            "2026-05-20",
            "4",
        ),
        ("P04a", ["filed=2026-01-05", "conclusion=2026-02-02"], "2026-06-10", "2"),
        ("P08b", ["received=2026-05-05", "decided=2026-05-15"], "2026-06-10", "1"),
    ],
)
def test_step_shown_by_what_followed_is_no_breach(pid, events, known_on, step):
    clock = ask(pid, *events, known_on=known_on).clock(step)
    assert (clock.state, clock.done_on, clock.past_due_not_binding) == (State.DONE, None, False)


def test_what_was_overdue_when_the_case_ended_stays_so():
    late = ask("P03a", "filed=2026-03-02", "withdrawn=2026-03-20", known_on="2026-04-10").clock("3a")
    assert (late.state, late.days_left) == (State.OVERDUE, -3)
    assert "closed_after_due" in codes(late)
    open_still = ask("P03a", "filed=2026-03-02", "withdrawn=2026-03-10", known_on="2026-04-10").clock("3a")
    assert open_still.state is State.VOID


def test_what_begins_with_the_end_or_after_it_still_runs():
    found = ask("P06a", "filed=2026-05-05", "refusal_decided=2026-05-20", "auction_refusal=2026-05-20")
    assert found.clock("auction").state is State.RUNNING


def test_void_rows_carry_no_day_of_doing():
    found = ask("P06c", "filed=2026-05-05", "issued=2026-05-20", power_kw="100")
    assert [clock.done_on for clock in found.clocks] == [dt.date(2026, 5, 20), None, None]


def test_closing_an_instruction_as_executed_is_its_doing():
    base = ["received=2025-11-26"]
    params = {"deadline": "2025-12-20", "ground": "executed", "known_on": "2025-12-31"}
    assert ask("P08", *base, "closed=2025-12-20", **params).clock("lead").state is State.DONE_IN_TIME
    late = ask("P08", *base, "closed=2025-12-30", **params).clock("lead")
    assert (late.state, late.done_on) == (State.DONE_LATE, dt.date(2025, 12, 30))
    other = ask("P08", *base, "closed=2025-12-30", **{**params, "ground": "objectively_impossible"})
    assert other.clock("lead").state is State.VOID
    assert "closed_after_due" in codes(other.clock("lead"))


def test_doing_before_the_trigger_is_told():
    clock = ask("P03a", "filed=2026-03-02", "contract_signed=2026-02-27").clock("3a")
    assert clock.state is State.DONE
    assert "before_trigger" in codes(clock)


def test_extension_needs_a_ground_in_the_text():
    found = ask(
        "P03a", "filed=2026-03-02", "extended=2026-03-10", extended_to="2026-04-20", known_on="2026-04-10"
    )
    assert (found.clock("3a").due, found.clock("3a").state) == (dt.date(2026, 3, 17), State.OVERDUE)
    assert "extension_no_ground" in codes(found.clock("3a"))
    assert "extension_no_ground" in {note.code for note in found.notes}


def test_extension_after_the_last_day_erases_nothing():
    params = {"deadline": "2025-12-20", "extended_to": "2026-01-20", "known_on": "2026-01-10"}
    lead = ask("P08", "received=2025-11-26", "extended=2025-12-28", **params).clock("lead")
    assert (lead.state, lead.due) == (State.OVERDUE, dt.date(2025, 12, 22))
    assert "extended_after_due" in codes(lead)
    answered = ask("P08", "received=2025-11-26", "extended=2025-12-28", "answered=2026-01-05", **params)
    assert answered.clock("lead").state is State.DONE_LATE


def test_extension_to_an_earlier_day_is_refused():
    with pytest.raises(BadValue, match="2025-12-22"):
        ask(
            "P08",
            "received=2025-11-26",
            "extended=2025-12-18",
            deadline="2025-12-20",
            extended_to="2025-12-01",
        )


def test_term_counted_back_from_a_given_day_runs_since_its_rule():
    clock = ask("P04g", known_on="2026-09-20").clock("announce_end")
    assert (clock.state, clock.started_on, clock.projected) == (State.RUNNING, dt.date(2026, 4, 21), False)
    late = ask("P04g", valid_until="2026-07-31", known_on="2026-05-20").clock("announce_end")
    assert (late.due, late.state) == (dt.date(2026, 4, 30), State.OVERDUE)


def test_the_real_end_of_a_zone_stands_over_the_planned_one():
    clock = ask("P04g", "ended=2026-05-31", known_on="2026-06-20").clock("report_end")
    assert (clock.due, clock.state) == (dt.date(2026, 6, 30), State.RUNNING)


def test_fixed_date_is_a_breach_once_its_trigger_is_known():
    clock = ask("P05c", "contract_registered=2026-01-20", known_on="2026-03-01").clock("5")
    assert (clock.due, clock.state) == (dt.date(2026, 1, 26), State.OVERDUE)


def test_end_of_the_time_for_appeal_may_be_given_or_follows():
    base = ["filed=2026-05-05", "conclusion_signed=2026-05-18", "copy_handed=2026-05-19"]
    follows = ask("P06a", *base, conclusion="negative").clock("9")
    given = ask("P06a", *base, "appeal_over=2026-06-01", conclusion="negative").clock("9")
    assert (follows.due, given.due) == (dt.date(2026, 6, 3), dt.date(2026, 6, 4))


def test_second_pause_without_an_end_is_refused():
    with pytest.raises(BadValue, match="second 'paused' on 2026-03-06"):
        ask("P03a", "filed=2026-03-02", "paused=2026-03-05", "paused=2026-03-06")
    with pytest.raises(BadValue, match="2026-03-06"):
        ask("P03a", "filed=2026-03-02", "paused=2026-03-05", "paused=2026-03-06", "resumed=2026-03-09")


def law(pid, *events, known_on="2026-11-21", **params):
    rows = [
        Event(name=name, on=dt.date.fromisoformat(day)) for name, day in (text.split("=") for text in events)
    ]
    edition = load_procedure(pid).editions[-1]
    return evaluate(edition, rows, CALENDAR, known_on=dt.date.fromisoformat(known_on), params=params)


def test_what_an_act_asks_is_not_owed_before_the_act():
    before, after = (law("P10", f"consent_withdrawn={day}") for day in ("2026-03-26", "2026-03-27"))
    assert (before.clock("consent").state, before.clock("consent").due) == ("void", None)
    assert "act_not_in_force" in {reason.code for reason in before.clock("consent").reasons}
    assert after.clock("consent").due == dt.date(2026, 4, 17)


def test_an_end_that_came_stands_over_the_day_that_stood_for_it():
    """The end of the zone has to be announced three months before it, whenever it comes."""
    assert law("P04g").clock("announce_end").due == dt.date(2051, 9, 30)
    early = law("P04g", "ended=2026-11-02", "end_announced=2026-07-30").clock("announce_end")
    assert (early.due, early.state) == (dt.date(2026, 8, 2), "done_in_time")
    assert law("P04g", "ended=2026-11-02").clock("announce_end").state == "overdue"


def test_the_end_of_a_contract_shows_that_the_term_for_the_cure_was_given():
    cases = [
        ("P03c", "4", "breach_notified", "terminated"),
        ("P03d", "1", "breach_found", "terminated"),
        ("P05c", "7", "breach_notified", "ended"),
    ]
    for pid, step, first, last in cases:
        clock = law(pid, f"{first}=2026-03-02", f"{last}=2026-08-03").clock(step)
        assert (clock.state, clock.done_on) == ("done", None), pid
        assert clock.obligation.holder in ("managing_company", "authorised_body")
