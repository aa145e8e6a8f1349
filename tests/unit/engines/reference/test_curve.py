"""Curves: alone, leaning on a broader class, and beyond the last event."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.reference.curve import (
    Curve,
    counts,
    even_odds,
    kaplan_meier,
    late_rate,
    leaning,
    with_tail,
)

samples = st.lists(st.tuples(st.integers(-400, 2000), st.booleans()), min_size=1, max_size=40)


def columns(rows):
    return np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows], dtype=bool)


def test_no_observations_are_refused_and_no_event_gives_no_step():
    with pytest.raises(EngineInputError, match="class_without_promises"):
        kaplan_meier(np.empty(0), np.empty(0, dtype=bool))
    curve = kaplan_meier(np.array([3.0, 5.0]), np.array([False, False]))
    assert curve.at.size == 0
    assert curve.shares(np.array([100.0])) == pytest.approx([1.0])


def test_who_is_watched_counts_those_that_end_there_without_being_reached():
    x, done = np.array([1.0, 2, 2, 3]), np.array([True, True, False, True])
    at_risk, events = counts(x, done, np.array([1.0, 2, 3]))
    assert at_risk.tolist() == [4, 3, 1]
    assert events.tolist() == [1, 1, 1]


@given(samples)
def test_a_curve_falls_from_one_and_its_interval_holds_it(rows):
    curve = kaplan_meier(*columns(rows))
    assert (np.diff(np.concatenate(([1.0], curve.share))) <= 1e-12).all()
    assert (curve.low <= curve.share + 1e-9).all()
    assert (curve.high >= curve.share - 1e-9).all()


@given(samples)
def test_without_weight_the_parent_counts_nothing(rows):
    x, done = columns(rows)
    alone = kaplan_meier(x, done)
    curve = leaning(x, done, Curve(), weight=0.0)
    assert curve.share == pytest.approx(alone.share)


@given(samples, samples, st.floats(0.1, 100))
def test_a_leaning_curve_lies_between_its_own_and_its_parents_hazards(own, others, weight):
    x, done = columns(own)
    parent = kaplan_meier(*columns(own + others))
    curve = leaning(x, done, parent, weight=weight)
    mine = leaning(x, done, Curve(), weight=0.0)
    at = curve.at
    hazard = 1 - curve.shares(at) / np.maximum(curve.shares(at - 0.5), 1e-300)
    apart = 1 - mine.shares(at) / np.maximum(mine.shares(at - 0.5), 1e-300)
    above = 1 - parent.shares(at) / np.maximum(parent.shares(at - 0.5), 1e-300)
    alive = (
        (curve.shares(at - 0.5) > 1e-9) & (mine.shares(at - 0.5) > 1e-9) & (parent.shares(at - 0.5) > 1e-9)
    )
    watched = alive & (curve.at_risk > 0)
    assert (hazard[watched] >= np.minimum(apart, above)[watched] - 1e-9).all()
    assert (hazard[watched] <= np.maximum(apart, above)[watched] + 1e-9).all()


def test_a_class_of_nobody_is_its_parent():
    parent = kaplan_meier(np.array([1.0, 2, 3]), np.array([True, False, True]))
    curve = leaning(np.empty(0), np.empty(0, dtype=bool), parent, weight=10.0)
    assert curve.at.tolist() == parent.at.tolist()
    assert curve.share == pytest.approx(parent.share)


def test_many_promises_outweigh_the_parent():
    x, done = np.full(10_000, 5.0), np.arange(10_000) % 2 == 0
    curve = leaning(x, done, even_odds(0.0), weight=2.0)
    assert curve.share[-1] == pytest.approx(0.5, abs=1e-3)
    assert curve.high[-1] - curve.low[-1] < 0.02


def test_before_anything_is_known_odds_are_even_on_the_date():
    curve = even_odds(0.0)
    assert curve.shares(np.array([-1.0, 0.0, 99.0])).tolist() == [1.0, 0.5, 0.5]


def test_late_time_counts_what_was_watched_after_the_date():
    events, time = late_rate(np.array([-5.0, 10, 30]), np.array([True, True, False]), due=0.0)
    assert (events, time) == (1, 40.0)


def test_the_tail_falls_as_a_rate_known_from_few():
    curve = with_tail(Curve(at=np.array([10.0]), share=np.array([0.5])), start=0.0, events=2, time=100.0)
    assert curve.tail_from == 10.0
    found = curve.shares(np.array([10.0, 110.0, 1e9]))
    assert found[0] == pytest.approx(0.5)
    assert found[1] == pytest.approx(0.5 * 0.5**2)
    assert 0 < found[2] < 1e-12


def test_without_a_late_event_the_tail_stays_level():
    curve = with_tail(Curve(at=np.array([10.0]), share=np.array([0.5])), start=20.0, events=0, time=100.0)
    assert curve.tail_from == 20.0
    assert curve.shares(np.array([1e6])).tolist() == [0.5]
