"""The ladder of an obstacle: what reaches a rung, and that running it twice changes nothing."""

from decimal import Decimal

import pytest

from torap.countries import load_ladder
from torap.rules.errors import BadLawFile
from torap.rules.escalation import ObstacleState, parse_ladder, rungs_due, rungs_reached

LADDER = load_ladder()


def codes(found):
    return [reached.rung.code for reached in found]


def test_ladder_by_days():
    assert codes(rungs_reached(LADDER, ObstacleState(days_open=0))) == ["responsible_body"]
    assert codes(rungs_reached(LADDER, ObstacleState(days_open=9))) == ["responsible_body"]
    assert codes(rungs_reached(LADDER, ObstacleState(days_open=10)))[-1] == "deputy_head"
    assert codes(rungs_reached(LADDER, ObstacleState(days_open=60)))[-1] == "prime_minister"


def test_value_or_promises_lift_an_obstacle_at_once_through_all_rungs_below():
    found = rungs_reached(LADDER, ObstacleState(days_open=1, blocked_value_kzt=Decimal("50000000000")))
    assert codes(found) == ["responsible_body", "deputy_head", "first_head", "overseeing_deputy_pm"]
    assert found[-1].because == ("blocked_value_kzt",)
    assert codes(rungs_reached(LADDER, ObstacleState(days_open=0, blocked_promises=4)))[-1] == "first_head"


def test_unknown_value_neither_lifts_nor_calms():
    assert (
        codes(rungs_reached(LADDER, ObstacleState(days_open=20, blocked_value_kzt=None)))[-1] == "first_head"
    )


def test_each_rung_is_due_once():
    state = ObstacleState(days_open=30)
    first = codes(rungs_due(LADDER, state, taken=()))
    assert first == ["responsible_body", "deputy_head", "first_head", "overseeing_deputy_pm"]
    assert rungs_due(LADDER, state, taken=first) == ()


@pytest.mark.parametrize(
    "data", [{}, {"rungs": [{"code": "x"}]}, {"rungs": [{"code": "x", "to": "y", "hours": 3}]}]
)
def test_bad_ladder_is_refused(data):
    with pytest.raises(BadLawFile):
        parse_ladder(data, where="escalation.yaml")
