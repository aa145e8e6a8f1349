"""A run says by which clock and at which event of the ledger its input was read."""

import pytest

from torap.ledger.selectors import event_list, head_now
from torap.runs import selectors
from torap.runs.services import run_request, scenario_save

pytestmark = pytest.mark.django_db
DELAY = [{"op": "delay", "node": "milestone:hub-hall", "months": 6}]


def test_a_run_says_by_which_clock_and_at_which_event_it_was_read(country):
    seq, head = head_now()
    run = run_request(by=country.by, known_on=country.day, clock="recorded", trials=100, at_once=False)
    assert (run.clock, run.read_seq, run.read_hash) == ("recorded", seq, head)
    event = event_list().rows[0]
    assert event.kind == "run.requested"
    assert event.after["read_hash"] == head
    again = run_request(by=country.by, known_on=country.day, clock="recorded", trials=100, at_once=False)
    assert (again.code, again.read_seq) == (run.code, seq), "the same question is the run there is"
    line = selectors.run_get(run.code)
    assert (line.clock, line.read_seq, line.read_hash) == ("recorded", seq, head)


def test_a_what_if_was_read_where_its_base_was(country, forecast):
    scenario = scenario_save(by=country.by, title="Later", changes=DELAY, base=forecast.code)
    run = run_request(by=country.by, kind="scenario", scenario=scenario.code, base=forecast.code)
    asked = ("clock", "read_seq", "read_hash")
    assert [getattr(run, name) for name in asked] == [getattr(forecast, name) for name in asked]
