"""Control of instructions: types, default terms, co-executors, reports, extensions, closing."""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.errors import BadValue
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event, State

CALENDAR = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 11, 21))
P08 = load_procedure("P08").editions[0]


def ask(*events, known_on="2026-11-21", **params):
    rows = []
    for text in events:
        name, when = text.split("=")
        moment = dt.datetime.fromisoformat(when)
        rows.append(Event(name=name, on=moment.date(), at=moment.time() if "T" in when else None))
    return evaluate(P08, rows, CALENDAR, known_on=dt.date.fromisoformat(known_on), params=params)


def due(found, step="lead"):
    day = found.clock(step).due
    return day.isoformat() if day else None


def finding(found, code):
    return next((row for row in found.findings if row.code == code), None)


@pytest.mark.parametrize(
    ("params", "event", "expected"),
    [
        ({"type": "very_urgent"}, "received=2026-05-06", "2026-05-13"),
        ({"type": "urgent"}, "received=2026-05-06", "2026-05-22"),
        ({"type": "speed_up"}, "received=2026-05-06", "2026-05-22"),
        ({"issuer": "president"}, "received=2026-05-06", "2026-05-22"),
        ({"issuer": "head_of_pa"}, "received=2026-05-06", "2026-05-22"),
        ({"issuer": "prime_minister"}, "received=2026-05-06", "2026-06-08"),
        ({"issuer": "deputy_prime_minister"}, "received=2026-05-06", "2026-06-08"),
        ({"issuer": "head_of_office"}, "received=2026-05-06", "2026-06-08"),
        ({"operational": "true"}, "signed=2026-04-17", "2026-05-04"),
        ({"kind": "deputy_request"}, "received=2026-05-06", "2026-05-22"),
        ({"kind": "deputies_bill"}, "received=2026-05-06", "2026-05-22"),
        ({"kind": "deputy_request_to_leadership"}, "announced=2026-05-06", "2026-06-08"),
        ({"kind": "citizen_request"}, "received=2026-05-06", "2026-06-01"),
        ({"kind": "complaint"}, "received=2026-05-06", "2026-06-08"),
        ({"deadline": "2026-05-11"}, "received=2026-05-06", "2026-05-12"),
    ],
)
def test_term_of_the_lead(params, event, expected):
    assert due(ask(event, **params)) == expected


def test_no_deadline_type_issuer_or_kind_gives_no_date():
    found = ask("received=2026-05-06")
    assert due(found) is None
    assert finding(found, "control").value is None
    assert "limit_depends_on" in [reason.code for reason in found.clock("lead").reasons]


@pytest.mark.parametrize(
    ("deadline", "control", "co_executors"),
    [
        ("2026-02-04", "very_urgent", "2026-02-03"),  # 2 working days: one after receipt
        ("2026-02-05", "very_urgent", "2026-02-03"),
        ("2026-02-06", "urgent", "2026-02-03"),
        ("2026-02-16", "urgent", "2026-02-11"),
        ("2026-02-17", "short", "2026-02-12"),
        ("2026-02-23", "short", "2026-02-18"),  # 15 working days: still 3 before
        ("2026-02-24", "short", "2026-02-17"),  # 16: 5 before
        ("2026-03-02", "short", "2026-02-23"),
        ("2026-03-03", "medium", "2026-02-17"),
        ("2026-07-31", "medium", "2026-07-17"),
        ("2026-08-03", "long", "2026-07-03"),
    ],
)
def test_control_type_and_co_executors_by_deadline(deadline, control, co_executors):
    found = ask("received=2026-02-02", deadline=deadline)
    assert finding(found, "control").value == control.upper()
    assert due(found, "co_executors") == co_executors


def test_stated_type_stands_over_the_computed_one_and_says_so():
    control = finding(ask("received=2026-02-02", deadline="2026-02-24", type="urgent"), "control")
    assert control.value == "URGENT"
    assert "control_differs" in [reason.code for reason in control.reasons]


def test_type_that_is_a_range_needs_a_deadline():
    found = ask("received=2026-02-02", type="medium")
    assert due(found) is None
    assert finding(found, "deadline_range").value == [dt.date(2026, 3, 2), dt.date(2026, 8, 2)]
    short = finding(ask("received=2026-02-02", type="short"), "deadline_range").value
    assert short == [dt.date(2026, 2, 16), dt.date(2026, 3, 2)]
    assert finding(ask("received=2026-02-02", type="long"), "deadline_range").value == [
        dt.date(2026, 8, 2),
        None,
    ]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("received=2026-05-06", "2026-05-13"),
        ("received=2026-05-06T18:00", "2026-05-13"),
        ("received=2026-05-06T18:01", "2026-05-14"),
        ("received=2026-05-06T07:00", "2026-05-13"),
        ("received=2026-05-09", "2026-05-14"),
        ("received=2026-05-09T10:00", "2026-05-15"),
        ("received=2026-05-09T20:00", "2026-05-15"),
    ],
)
def test_paper_outside_working_time_counts_for_the_next_working_day(received, expected):
    assert due(ask(received, type="very_urgent")) == expected


def test_report_on_minutes_three_days_before_or_one_working_day_when_the_term_is_short():
    assert due(ask("received=2025-11-26", deadline="2025-12-20", kind="minutes"), "report") == "2025-12-19"
    assert due(ask("received=2026-02-02", deadline="2026-02-06", kind="minutes"), "report") == "2026-02-03"
    assert (
        ask("received=2026-02-02", deadline="2026-02-06", kind="complaint").clock("report").state
        is State.VOID
    )


@pytest.mark.parametrize(
    ("reporting", "step", "expected"),
    [
        ("quarterly", "report_quarterly", "2026-04-20"),
        ("half_year", "report_half_year", "2026-07-20"),
        ("yearly", "report_yearly", "2027-01-20"),
        ("presidential_yearly", "presidential_bodies", "2027-02-01"),
        ("presidential_yearly", "presidential_ministry", "2027-02-10"),
        ("presidential_yearly", "presidential_office", "2027-03-31"),
    ],
)
def test_periodic_reports(reporting, step, expected):
    assert due(ask("received=2026-02-02", reporting=reporting), step) == expected


def test_periodic_reports_are_void_unless_asked_for():
    assert ask("received=2026-02-02").clock("report_quarterly").state is State.VOID


def test_minimum_term():
    assert finding(ask("received=2026-02-02", deadline="2026-02-04"), "minimum_term") is None
    short = ask("received=2026-02-02", deadline="2026-02-03", issuer="head_of_office")
    assert finding(short, "minimum_term").value == "not_allowed"
    assert finding(ask("received=2026-02-02", deadline="2026-02-03"), "minimum_term").value == "not_known"
    direct = ask("received=2026-02-02", deadline="2026-02-03", issuer="president")
    assert finding(direct, "minimum_term").value == "allowed"


def test_wrong_addressee_returns_within_one_working_day():
    found = ask("received=2026-05-06", "returned=2026-05-08", deadline="2026-06-01", known_on="2026-05-20")
    assert due(found, "return_wrong_addressee") == "2026-05-08"
    assert found.clock("return_wrong_addressee").state is State.DONE_IN_TIME
    assert found.clock("lead").state is State.VOID


def test_extension_moves_the_lead_and_those_who_count_back_from_it():
    params = {"deadline": "2026-03-02", "extended_to": "2026-03-31"}
    found = ask(
        "received=2026-02-02",
        "extension_requested=2026-02-27",
        "extended=2026-02-27",
        known_on="2026-03-05",
        **params,
    )
    assert (due(found), found.clock("lead").state) == ("2026-03-31", State.EXTENDED)
    assert found.clock("lead").original_due == dt.date(2026, 3, 2)
    assert due(found, "co_executors") == "2026-03-19"
    assert due(found, "extension_request") == "2026-03-30"
    assert finding(found, "extension_request").value == "in_time"
    assert finding(found, "repeated_extension") is None
    late = ask("received=2026-02-02", "extension_requested=2026-03-02", deadline="2026-03-02")
    assert finding(late, "extension_request").value == "late"


def test_second_extension_goes_to_the_meeting_on_discipline():
    found = ask(
        "received=2026-02-02",
        "extended=2026-02-27",
        "extended=2026-03-30",
        deadline="2026-03-02",
        extended_to="2026-03-31,2026-04-30",
    )
    assert due(found) == "2026-04-30"
    assert finding(found, "repeated_extension").value == 2


def test_operational_instruction_is_extended_by_the_prime_minister_only():
    found = ask(
        "signed=2026-04-17", "extended=2026-04-30", operational="true", issuer="pm", extended_to="2026-05-15"
    )
    assert finding(found, "may_be_extended_by").value == "prime_minister"
    assert finding(found, "may_be_closed_by").value == "prime_minister"


@pytest.mark.parametrize(
    ("issuer", "closer"),
    [
        ("president", "presidential_administration"),
        ("prime_minister", "deputy_prime_minister_or_head_of_office_in_charge"),
        ("deputy_prime_minister", "official_who_gave_it"),
    ],
)
def test_who_may_close(issuer, closer):
    assert finding(ask("received=2026-02-02", issuer=issuer), "may_be_closed_by").value == closer


def test_closing_needs_one_of_five_grounds_and_ends_the_clocks():
    found = ask("received=2026-02-02", "closed=2026-02-20", deadline="2026-03-02")
    missing = finding(found, "closed_on_ground")
    assert missing.value is None
    assert len(missing.reasons[0].params["allowed"]) == 5
    assert found.clock("lead").state is State.VOID
    given = ask(
        "received=2026-02-02", "closed=2026-02-20", deadline="2026-03-02", ground="information_submitted"
    )
    assert finding(given, "closed_on_ground").value == "information_submitted"


def test_building_closes_on_the_fact():
    assert finding(ask("received=2026-02-02", subject="construction"), "closes_by_fact").value is True
    assert finding(ask("received=2026-02-02", subject="other"), "closes_by_fact") is None


def test_silent_co_executor_agrees_except_in_drafts_to_the_president():
    assert (
        finding(ask("received=2026-02-02", type="urgent"), "silent_co_executor").value == "agreed_by_default"
    )
    president = ask("received=2026-02-02", type="urgent", to_president="true")
    assert finding(president, "silent_co_executor").value == "not_agreed_by_silence"
    alone = ask("received=2026-02-02", type="urgent", co_executors="false")
    assert finding(alone, "silent_co_executor") is None
    assert alone.clock("co_executors").state is State.VOID


def test_forcing_instruction_moves_nothing_and_needs_no_report():
    found = ask("received=2026-02-02", deadline="2026-03-02", instruction_kind="forcing", kind="minutes")
    assert finding(found, "forcing").value == "no_report_no_new_deadline"
    assert found.clock("report").state is State.VOID
    assert due(found) == "2026-03-02"


def test_month_term_is_a_breach_only_when_both_readings_have_passed():
    """Received 6 May: the matching date rolls to 8 June; the last working day of June is the 30th."""
    early = ask("received=2026-05-06", issuer="pm", known_on="2026-06-20").clock("lead")
    assert (early.due, early.state) == (dt.date(2026, 6, 8), State.RUNNING)
    assert "month_rule_ambiguous" in [reason.code for reason in early.reasons]
    assert ask("received=2026-05-06", issuer="pm", known_on="2026-07-01").clock("lead").state is State.OVERDUE


def test_date_spoken_at_a_meeting_starts_at_once():
    found = ask(
        "announced=2026-02-02", "received=2026-02-04", deadline="2026-03-02", spoken_at_meeting="true"
    )
    assert found.clock("lead").started_on == dt.date(2026, 2, 2)


def test_tag_changes_nothing():
    plain = ask("received=2026-02-02", deadline="2026-03-02")
    tagged = ask("received=2026-02-02", deadline="2026-03-02", tag="special control")
    assert [c.due for c in plain.clocks] == [c.due for c in tagged.clocks]


@pytest.mark.parametrize("kind", ["short", "medium", "long"])
def test_type_that_is_a_range_without_deadline_has_no_day_and_says_what_to_give(kind):
    found = ask("received=2026-05-06", type=kind)
    assert (due(found), finding(found, "control").value) == (None, kind.upper())
    asked = next(r for r in found.clock("lead").reasons if r.code == "limit_depends_on")
    assert asked.params["params"] == ["deadline", "kind", "issuer"]


@pytest.mark.parametrize(
    ("known_on", "co_executors", "report"),
    [
        ("2025-12-01", State.RUNNING, State.RUNNING),
        ("2025-12-12", State.RUNNING, State.RUNNING),
        ("2025-12-13", State.OVERDUE, State.RUNNING),
        ("2025-12-20", State.OVERDUE, State.OVERDUE),
    ],
)
def test_parts_before_the_deadline_run_from_the_receipt(known_on, co_executors, report):
    found = ask(
        "received=2025-11-26", deadline="2025-12-20", co_executors="true", kind="minutes", known_on=known_on
    )
    assert (found.clock("co_executors").state, found.clock("report").state) == (co_executors, report)
    assert found.clock("co_executors").started_on == dt.date(2025, 11, 26)
    assert not found.clock("co_executors").projected
    assert found.held_by.holder == "lead_body"


def test_co_executors_nobody_named_are_never_overdue():
    clock = ask("received=2025-11-26", deadline="2025-12-20", known_on="2025-12-16").clock("co_executors")
    assert (clock.state, clock.past_due_not_binding) == (State.RUNNING, True)
    assert "breach_needs_condition" in [reason.code for reason in clock.reasons]


def test_parts_before_the_deadline_end_when_the_lead_has_answered():
    base = {"deadline": "2025-12-20", "co_executors": "true", "kind": "minutes", "known_on": "2025-12-30"}
    early = ask("received=2025-11-26", "answered=2025-12-10", **base)
    assert early.clock("co_executors").state is State.VOID
    late = ask("received=2025-11-26", "answered=2025-12-19", **base)
    assert (late.clock("co_executors").state, late.clock("report").state) == (
        State.OVERDUE,
        State.DONE_IN_TIME,
    )


def test_right_to_ask_for_more_time_follows_the_extension():
    params = {"deadline": "2025-12-20", "extended_to": "2026-01-20", "known_on": "2026-01-10"}
    found = ask("received=2025-11-26", "extension_requested=2025-12-17", "extended=2025-12-18", **params)
    clock = found.clock("extension_request")
    assert (clock.due, clock.state, clock.done_on) == (dt.date(2026, 1, 19), State.RUNNING, None)


@pytest.mark.parametrize(
    ("params", "control"),
    [
        ({"issuer": "prime_minister"}, "SHORT"),
        ({"kind": "complaint"}, "MEDIUM"),
        ({"deadline": "2026-06-08"}, "MEDIUM"),
    ],
)
def test_edge_of_the_month_is_compared_by_the_day_as_said_and_told(params, control):
    found = finding(ask("received=2026-05-06", **params), "control")
    assert found.value == control
    assert "control_edge_of_month" in [reason.code for reason in found.reasons]


def test_date_spoken_at_a_meeting_without_its_day_runs_from_the_receipt():
    found = ask("received=2025-11-26", deadline="2025-12-20", spoken_at_meeting="true", known_on="2025-12-25")
    assert found.clock("lead").state is State.OVERDUE


@pytest.mark.parametrize("params", [{"type": "very_urgent"}, {"deadline": "2026-05-10"}])
def test_report_for_a_term_under_five_days_counted_in_its_own_days(params):
    found = ask("received=2026-05-06", kind="minutes", **params)
    assert due(found, "report") == "2026-05-08"
    assert "short_term_unit_not_stated" in [reason.code for reason in found.clock("report").reasons]


def test_deadline_before_the_receipt_is_refused():
    with pytest.raises(BadValue, match="received"):
        ask("received=2026-03-02", deadline="2026-02-01")


def test_receipt_on_a_rest_day_counts_as_that_day_unless_a_time_is_given():
    assert due(ask("received=2026-05-09", type="urgent")) == "2026-05-25"
    assert due(ask("received=2026-05-09T09:30", type="urgent")) == "2026-05-26"


@pytest.mark.parametrize(
    "given", [{"operational": "true"}, {"kind": "operational"}, {"instruction_kind": "operational"}]
)
def test_only_the_prime_minister_moves_and_closes_his_operational_ones(given):
    found = ask("signed=2026-04-17", issuer="pm", **given)
    assert finding(found, "may_be_closed_by").value == "prime_minister"
    assert finding(found, "may_be_extended_by").value == "prime_minister"
    others = ask("signed=2026-04-17", "received=2026-04-20", issuer="president", **given)
    assert finding(others, "may_be_closed_by").value == "presidential_administration"
    assert finding(others, "may_be_extended_by") is None


def test_each_request_is_measured_by_the_deadline_of_its_day():
    given = {"deadline": "2026-04-30", "extended_to": "2026-05-29"}
    events = ("received=2026-03-02", "extended=2026-04-30")
    twice = ask(*events, "extension_requested=2026-04-29", "extension_requested=2026-05-28", **given)
    request = finding(twice, "extension_request")
    days = [reason.params["last_day"].isoformat() for reason in request.reasons]
    assert (request.value, days) == ("in_time", ["2026-04-29", "2026-05-28"])
    late = ask(*events, "extension_requested=2026-05-29", **given)
    assert finding(late, "extension_request").value == "late"


def test_silence_means_nothing_once_all_co_executors_answered():
    given = {"deadline": "2026-04-30", "co_executors": "true"}
    assert finding(ask("received=2026-03-02", **given), "silent_co_executor").value == "agreed_by_default"
    answered = ask("received=2026-03-02", "co_answered=2026-04-10", **given)
    assert finding(answered, "silent_co_executor") is None


@pytest.mark.parametrize(("type_", "expected"), [("very_urgent", "2026-03-05"), ("urgent", "2026-03-17")])
def test_a_term_spoken_at_a_meeting_runs_from_the_meeting(type_, expected):
    events = ("announced=2026-03-02", "received=2026-03-04")
    assert due(ask(*events, type=type_, spoken_at_meeting="true")) == expected
    assert due(ask(*events, type=type_)) > expected


def test_nothing_runs_before_the_receipt_though_the_deadline_is_known():
    found = ask(deadline="2026-05-01", co_executors="true")
    assert due(found) == "2026-05-04"
    steps = ("lead", "co_executors", "report", "extension_request")
    assert {str(found.clock(step).state) for step in steps} == {"not_yet_triggered"}
