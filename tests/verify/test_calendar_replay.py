"""Replay of 18 March 2026: 30 August is no holiday; only clocks crossing 31 August move, by one day."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from torap.countries import load_calendar_edits, load_procedure
from torap.rules.calendar import build_calendar
from torap.rules.obligations.model import Event
from torap.rules.obligations.moves import CaseInput, moved_clocks

BEFORE, AFTER = dt.date(2026, 3, 17), dt.date(2026, 3, 18)
DAY = dt.date(2026, 8, 31)
EDITS = load_calendar_edits()
OLD, NEW = (build_calendar(EDITS, known_on=day) for day in (BEFORE, AFTER))


def moves_of(pid, event, start, known_on):
    case = CaseInput(key="c", edition=load_procedure(pid).editions[-1], events=(Event(name=event, on=start),))
    return moved_clocks([case], OLD, NEW, known_on=known_on)


@settings(max_examples=150, deadline=None)
@given(start=st.dates(dt.date(2026, 5, 1), dt.date(2026, 11, 20)))
def test_only_clocks_crossing_31_august_move_and_by_one_working_day(start):
    moved = {move.obligation: move for move in moves_of("P05c", "registered", start, start)}
    old_due = OLD.add_working_days(start, 60)
    crosses = start < DAY < old_due
    assert ("P05c.2" in moved) is crosses
    if crosses:
        move = moved["P05c.2"]
        assert OLD.working_days_between(move.is_due, move.was_due) == 1
        assert [change.day for change in move.reasons] == [DAY]
        assert (move.reasons[0].was_working, move.reasons[0].is_working) == (False, True)


def test_no_clock_of_spring_moves():
    for pid, event in (("P03a", "filed"), ("P06a", "filed"), ("P08b", "received")):
        assert moves_of(pid, event, dt.date(2026, 3, 10), AFTER) == []


def test_a_deadline_rolled_over_31_august_comes_back_to_it():
    (move,) = [m for m in moves_of("P03d", "breach_found", dt.date(2026, 7, 2), dt.date(2026, 7, 10))]
    assert (move.was_due, move.is_due) == (dt.date(2026, 9, 1), dt.date(2026, 8, 31))
    assert move.days == -1
