"""Every counted step as a case goes on: before its event, while it runs, after its last day; done early,
in time and late. Days come from the walk, holders and breaches from the table of duties.
"""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event
from verify.day_walk import walk, works
from verify.law_duties import duties
from verify.law_table import rows

DAY = dt.timedelta(days=1)
# A working day, a Friday, a Saturday, the eve of holidays, the last day of a month, the end of the year.
STARTS = [
    dt.date(2026, 4, 14),
    dt.date(2026, 4, 10),
    dt.date(2026, 4, 11),
    dt.date(2026, 4, 30),
    dt.date(2026, 5, 31),
]
LIMITS = {(pid, step): (value, unit, event) for pid, step, value, unit, _form, event, *_rest in rows()}
CASES = [(*row, start) for row in duties() for start in STARTS]
NAMES = [f"{row[0]}.{row[1]}-{row[5]}" for row in CASES]


def ask(pid, step, events, params, known_on):
    edition = load_procedure(pid).editions[-1]
    calendar = build_calendar(load_calendar_edits(), known_on=known_on)
    return evaluate(edition, events, calendar, known_on=known_on, params=params).clock(step)


def case(pid, step, start):
    """The event that starts the step and its last day by the walk."""
    value, unit, event = LIMITS[pid, step]
    base = start
    if pid == "P08b" and event == "received":
        while not works(base):
            base += DAY
    return Event(name=event, on=start), base, walk(base, value, unit)


@pytest.mark.parametrize(("pid", "step", "holder", "breach", "params", "start"), CASES, ids=NAMES)
def test_step_goes_through_its_states(pid, step, holder, breach, params, start):
    event, base, due = case(pid, step, start)

    def look(day, *more):
        return ask(pid, step, [event, *more], params, day)

    before = look(start - DAY)
    assert (before.state, before.due) == ("not_yet_triggered", due)
    for day in {base, due}:
        clock = look(day)
        assert (clock.state, clock.due, clock.obligation.holder) == ("running", due, holder)
        assert clock.days_left == (due - day).days
        assert not clock.past_due_not_binding
    after = look(due + DAY)
    assert after.state == ("overdue" if breach else "running")
    assert after.past_due_not_binding is not breach
    assert after.binding is breach


@pytest.mark.parametrize(("pid", "step", "holder", "breach", "params", "start"), CASES, ids=NAMES)
def test_step_done_early_in_time_and_late(pid, step, holder, breach, params, start):
    event, _base, due = case(pid, step, start)

    def done(day):
        name = f"done_{step}"
        return ask(pid, step, [event, Event(name=name, on=day)], params, dt.date(2026, 12, 10))

    for day in {start, due}:
        clock = done(day)
        assert (clock.state, clock.done_on) == ("done_in_time", day)
    late = done(due + DAY)
    assert (late.state, late.done_on) == ("done_late" if breach else "done", due + DAY)
    early = done(start - DAY)
    assert early.state == "done"
    assert "before_trigger" in {reason.code for reason in early.reasons}


@pytest.mark.parametrize(("pid", "step", "holder", "breach", "params"), duties())
def test_step_without_its_event_has_not_begun(pid, step, holder, breach, params):
    clock = ask(pid, step, [], params, dt.date(2026, 11, 21))
    assert (clock.state, clock.due, clock.obligation.holder) == ("not_yet_triggered", None, holder)
    named = [reason.params["trigger"] for reason in clock.reasons if reason.code == "trigger_missing"]
    assert named == [LIMITS[pid, step][2]]


def test_no_counted_duty_is_left_out():
    counted = {key for key, (value, _unit, _event) in LIMITS.items() if value is not None}
    rights = {("P06a", "8"), ("P06a", "10")}
    after_notice = {("P03c", "5"), ("P03f", "7"), ("P05b", "4"), ("P05c", "8")}
    own_tests = {("P04g", "early_abolition")}
    told = {(pid, step) for pid, step, *_rest in duties()}
    assert counted - told == rights | after_notice | own_tests
