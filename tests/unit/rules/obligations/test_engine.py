"""States of an obligation, one by one, on small editions written here."""

import datetime as dt

import pytest

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.errors import BadValue, NoEdition
from torap.rules.obligations.editions import edition_for
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Event, State
from torap.rules.obligations.parse import parse_procedure

CALENDAR = build_calendar(load_calendar_edits(), known_on=dt.date(2026, 11, 21))
STEPS = [
    {"step": 1, "holder": "applicant", "action": "file", "limit": None, "done_by": "filed"},
    {
        "step": "2a",
        "holder": "body",
        "action": "decide",
        "limit": {"value": 5, "unit": "wd"},
        "trigger": {"event": "filed", "after": 1},
        "done_by": "decided",
        "group": "decision",
    },
    {
        "step": "2b",
        "holder": "body",
        "action": "refuse",
        "limit": {"value": 5, "unit": "wd"},
        "trigger": {"event": "filed", "after": 1},
        "done_by": "refused",
        "group": "decision",
    },
    {
        "step": 3,
        "holder": "register",
        "action": "enter",
        "limit": {"value": 1, "unit": "wd"},
        "trigger": {"event": "decided", "after": "2a"},
        "done_by": "entered",
    },
    {
        "step": 4,
        "holder": "register",
        "action": "tell",
        "limit": {"value": 1, "unit": "wd"},
        "trigger": {"event": "entered", "after": 3},
        "done_by": "told",
    },
]


def edition(steps=STEPS, **more):
    data = {
        "id": "T1",
        "name": "test",
        "confidence": "high",
        "editions": [
            {
                "id": "e",
                "acts": [{"key": "act", "title": "Act", "source": "S", "confidence": "high"}],
                "events": {
                    name: name for name in ("filed", "decided", "refused", "entered", "told", "lapsed")
                },
                "steps": steps,
                **more,
            }
        ],
    }
    return parse_procedure(data, where="T1.yaml").editions[0]


def ev(name, day, **more):
    return Event(name=name, on=dt.date.fromisoformat(day), **more)


def run(events, known_on="2026-03-20", steps=STEPS, params=None, **more):
    day = dt.date.fromisoformat(known_on)
    return evaluate(edition(steps, **more), events, CALENDAR, known_on=day, params=params)


def codes(clock):
    return [reason.code for reason in clock.reasons]


def test_nothing_happened_yet():
    found = run([])
    assert {clock.state for clock in found.clocks} == {State.NOT_YET_TRIGGERED}
    assert found.clock("2a").due is None
    assert "trigger_missing" in codes(found.clock("2a"))
    assert found.held_by is None


def test_running_then_overdue():
    running = run([ev("filed", "2026-03-02")], "2026-03-10").clock("2a")
    assert (running.state, running.due, running.days_left) == (State.RUNNING, dt.date(2026, 3, 10), 0)
    overdue = run([ev("filed", "2026-03-02")], "2026-03-11").clock("2a")
    assert (overdue.state, overdue.days_left, overdue.working_days_left) == (State.OVERDUE, -1, -1)
    since = [reason.day for reason in overdue.reasons if reason.code == "overdue"]
    assert since == [dt.date(2026, 3, 11)], "the first day on which it is late, not the due day"


def test_done_in_time_and_late():
    events = [ev("filed", "2026-03-02")]
    assert run([*events, ev("decided", "2026-03-10")]).clock("2a").state is State.DONE_IN_TIME
    late = run([*events, ev("decided", "2026-03-11")]).clock("2a")
    assert (late.state, late.done_on, late.days_left) == (State.DONE_LATE, dt.date(2026, 3, 11), None)


def test_alternative_voids_the_other_and_all_that_follows_from_it():
    found = run([ev("filed", "2026-03-02"), ev("refused", "2026-03-05")])
    assert [clock.state for clock in found.clocks] == [
        State.DONE,
        State.VOID,
        State.DONE_IN_TIME,
        State.VOID,
        State.VOID,
    ]
    assert "alternative_done" in codes(found.clock("2a"))
    assert "earlier_step_void" in codes(found.clock("4"))


def test_chain_is_projected_from_the_last_lawful_days():
    found = run([ev("filed", "2026-03-02")], "2026-03-03")
    assert [(c.due, c.projected) for c in found.clocks[3:]] == [
        (dt.date(2026, 3, 11), True),
        (dt.date(2026, 3, 12), True),
    ]
    real = run([ev("filed", "2026-03-02"), ev("decided", "2026-03-03")], "2026-03-03")
    assert (real.clock("3").due, real.clock("3").projected) == (dt.date(2026, 3, 4), False)


def test_pause_shifts_the_end_and_an_open_pause_is_a_state():
    events = [ev("filed", "2026-03-02"), ev("paused", "2026-03-04")]
    paused = run(events, "2026-03-06").clock("2a")
    assert (paused.state, paused.days_paused) == (State.PAUSED, 2)
    closed = run([*events, ev("resumed", "2026-03-06")], "2026-03-06").clock("2a")
    assert (closed.state, closed.due, closed.days_paused) == (State.RUNNING, dt.date(2026, 3, 12), 2)
    assert {"pause", "no_ground_for_pause_in_law"} <= set(codes(closed))


def test_pause_after_the_last_day_does_not_hide_that_it_was_missed():
    events = [ev("filed", "2026-03-02"), ev("paused", "2026-03-11")]
    assert run(events, "2026-03-12").clock("2a").state is State.OVERDUE
    events = [ev("filed", "2026-03-02"), ev("paused", "2026-03-10")]
    assert run(events, "2026-03-12").clock("2a").state is State.PAUSED


def test_resumption_without_pause_is_refused():
    with pytest.raises(BadValue, match="paused"):
        run([ev("filed", "2026-03-02"), ev("resumed", "2026-03-04")])


def test_extension_moves_the_due_day_and_keeps_the_first_one():
    events = [ev("filed", "2026-03-02"), ev("extended", "2026-03-06")]
    steps = [STEPS[0], {**STEPS[1], "extendable": True}]
    found = run(events, "2026-03-12", steps=steps, params={"extended_to": "2026-03-21"}).clock("2a")
    assert found.state is State.EXTENDED
    assert (found.original_due, found.due) == (dt.date(2026, 3, 10), dt.date(2026, 3, 26))
    bare = run(events, "2026-03-09", steps=steps).clock("2a")
    assert bare.due == dt.date(2026, 3, 10)
    assert "extension_without_date" in codes(bare)


def test_extension_after_the_day_of_the_answer_is_not_known_yet():
    events = [ev("filed", "2026-03-02"), ev("extended", "2026-03-06", until=dt.date(2026, 3, 20))]
    assert run(events, "2026-03-05").clock("2a").due == dt.date(2026, 3, 10)


def test_withdrawal_ends_what_is_open_and_keeps_what_was_done():
    found = run([ev("filed", "2026-03-02"), ev("withdrawn", "2026-03-04")])
    assert found.clock("1").state is State.DONE
    assert found.clock("2a").state is State.VOID
    assert found.spans[-1].until == dt.date(2026, 3, 4)


def test_future_trigger_is_a_plan():
    found = run([ev("filed", "2026-04-01")], "2026-03-20")
    clock = found.clock("2a")
    assert (clock.state, clock.projected, clock.due) == (State.NOT_YET_TRIGGERED, True, dt.date(2026, 4, 8))
    assert found.notes[0].code == "event_after_known_on"


def test_limit_not_known_gives_no_date_and_says_so():
    clock = run([ev("filed", "2026-03-02")]).clock("1")
    assert (clock.due, clock.state) == (None, State.DONE)
    assert "limit_not_known" in codes(clock)


@pytest.mark.parametrize("confidence", ["medium", "low", "none"])
def test_limit_below_high_is_never_overdue_or_late(confidence):
    steps = [STEPS[0], {**STEPS[1], "confidence": confidence}]
    late = run([ev("filed", "2026-03-02")], steps=steps).clock("2a")
    assert (late.state, late.past_due_not_binding, late.binding) == (State.RUNNING, True, False)
    assert "confidence_below_high" in codes(late)
    done = run([ev("filed", "2026-03-02"), ev("decided", "2026-03-18")], steps=steps).clock("2a")
    assert (done.state, done.past_due_not_binding) == (State.DONE, True)


def test_case_older_than_the_text_read_is_no_breach():
    clock = run([ev("filed", "2026-03-02")], read_as_of=dt.date(2026, 3, 3)).clock("2a")
    assert (clock.state, clock.binding) == (State.RUNNING, False)
    assert "edition_not_read" in codes(clock)


def test_due_day_in_a_year_without_official_calendar_is_no_breach():
    found = run([ev("filed", "2027-03-01")], "2027-06-01")
    assert found.clock("2a").state is State.RUNNING
    assert "calendar_not_official" in codes(found.clock("2a"))


def test_right_lapses_instead_of_being_overdue():
    steps = [STEPS[0], {**STEPS[1], "kind": "right"}]
    clock = run([ev("filed", "2026-03-02")], steps=steps).clock("2a")
    assert (clock.state, clock.past_due_not_binding) == (State.VOID, False)
    assert "right_lapsed" in codes(clock)


def test_term_that_must_pass_first_is_never_overdue():
    steps = [STEPS[0], {**STEPS[1], "limit": {"value": 5, "unit": "wd", "form": "not_less_than"}}]
    clock = run([ev("filed", "2026-03-02")], steps=steps).clock("2a")
    assert (clock.state, clock.past_due_not_binding) == (State.RUNNING, False)
    assert "not_before" in codes(clock)


def test_condition_not_given_is_counted_and_flagged():
    steps = [STEPS[0], {**STEPS[1], "when": {"big": True}}]
    params = {"big": {"kind": "bool", "title": "big"}}
    day = dt.date(2026, 3, 20)
    made = edition(steps, params=params)
    events = [ev("filed", "2026-03-02")]
    asked = evaluate(made, events, CALENDAR, known_on=day).clock("2a")
    assert (asked.state, asked.binding) == (State.RUNNING, False)
    yes = evaluate(made, events, CALENDAR, known_on=day, params={"big": "yes"}).clock("2a")
    assert yes.state is State.OVERDUE
    no = evaluate(made, events, CALENDAR, known_on=day, params={"big": "no"}).clock("2a")
    assert (no.state, no.due) == (State.VOID, None)


def test_event_of_one_day_given_with_two_is_refused_and_both_are_named():
    with pytest.raises(BadValue, match="2026-03-02 and 2026-03-12"):
        run([ev("filed", "2026-03-02"), ev("filed", "2026-03-12")])
    same = run([ev("filed", "2026-03-02"), ev("filed", "2026-03-02")], "2026-03-03")
    assert same == run([ev("filed", "2026-03-02")], "2026-03-03")


def test_repeated_trigger_starts_the_clock_anew():
    events = {"filed": {"title": "filed", "repeats": True}, "decided": "decided"}
    given = [ev("filed", "2026-03-02"), ev("decided", "2026-03-03"), ev("filed", "2026-03-12")]
    made = edition(STEPS[:2], events=events)
    clock = evaluate(made, given, CALENDAR, known_on=dt.date(2026, 3, 13)).clock("2a")
    assert (clock.started_on, clock.done_on, clock.state) == (dt.date(2026, 3, 12), None, State.RUNNING)


def test_start_and_roll_rules_are_parameters():
    events = [ev("filed", "2026-03-02")]
    assert run(events, params={"start_rule": "include"}).clock("2a").due == dt.date(2026, 3, 6)
    steps = [STEPS[0], {**STEPS[1], "limit": {"value": 5, "unit": "cd"}}]
    assert run(events, steps=steps).clock("2a").due == dt.date(2026, 3, 10)
    kept = run(events, steps=steps, params={"roll_rule": "none"}).clock("2a")
    assert kept.due == dt.date(2026, 3, 7)
    assert "not_rolled" in codes(kept)


def test_hours_need_a_time_of_day():
    steps = [STEPS[0], {**STEPS[1], "limit": {"value": 4, "unit": "h"}}]
    timed = run([ev("filed", "2026-03-02", at=dt.time(22, 30))], steps=steps).clock("2a")
    assert timed.due_at == dt.datetime(2026, 3, 3, 2, 30)  # noqa: DTZ001 - local time of the case
    assert timed.due == dt.date(2026, 3, 3)
    assert "time_of_day_not_given" in codes(run([ev("filed", "2026-03-02")], steps=steps).clock("2a"))


def test_recurring_duty_shows_the_next_date():
    steps = [
        STEPS[0],
        {**STEPS[1], "limit": {"dates": ["07-25", "01-25"]}, "group": None},
        {
            **STEPS[3],
            "step": "every",
            "trigger": "filed",
            "limit": {"value": 3, "unit": "y", "form": "every"},
        },
    ]
    found = run([ev("filed", "2025-02-03")], "2025-03-01", steps=steps)
    assert found.clock("2a").due == dt.date(2025, 7, 25)
    assert found.clock("2a").dates[:2] == (dt.date(2025, 7, 25), dt.date(2026, 1, 26))
    once = run([ev("filed", "2025-02-03"), ev("decided", "2025-07-20")], "2025-08-01", steps=steps)
    assert (once.clock("2a").due, once.clock("2a").state) == (dt.date(2026, 1, 26), State.RUNNING)
    assert found.clock("every").due == dt.date(2028, 2, 3)


def test_edition_is_chosen_by_the_day():
    procedure = load_procedure("P06e")
    assert edition_for(procedure, dt.date(2026, 6, 30)).acts[0].number == "242"
    assert edition_for(procedure, dt.date(2026, 7, 1)).id == "253-VIII with rules No. 750"
    assert edition_for(procedure, dt.date(2026, 8, 4)).id == "253-VIII with rules of 2026-05-29"
    with pytest.raises(NoEdition, match="2026-01-01"):
        edition_for(load_procedure("P05a"), dt.date(2025, 12, 31))


@pytest.mark.parametrize(
    ("pid", "day"),
    [("P03a", "2018-03-02"), ("P06a", "2001-01-01"), ("P05b", "2025-05-05"), ("P04g", "2026-01-05")],
)
def test_before_its_act_existed_there_is_no_edition(pid, day):
    with pytest.raises(NoEdition, match="came into force on"):
        edition_for(load_procedure(pid), dt.date.fromisoformat(day))


def test_text_of_another_time_but_act_in_force_is_answered_with_a_note():
    found = edition_for(load_procedure("P05c"), dt.date(2025, 6, 10))
    clock = evaluate(found, [ev("registered", "2025-06-10")], CALENDAR, known_on=dt.date(2026, 2, 1)).clock(
        "2"
    )
    assert (clock.state, clock.binding) == (State.RUNNING, False)
    assert "edition_not_read" in codes(clock)
