"""Scores count what is known, and say of how many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.engines.reference.score import JUDGED, Judged, calibration, pinball, score_of


def judged(outcome, done, *, chance=0.5, due=100.0, quantiles=(50.0, 100.0, 200.0), node="n"):
    return Judged(
        quantiles=dict(zip(JUDGED, quantiles, strict=True)),
        chance=chance,
        due_days=due,
        outcome_days=outcome,
        done=done,
        node=node,
    )


def test_pinball_by_hand():
    assert pinball(0.8, 100, 150) == pytest.approx(40)
    assert pinball(0.8, 100, 50) == pytest.approx(10)
    assert pinball(0.5, 100, 100) == 0


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30), st.sampled_from(JUDGED))
def test_the_quantile_itself_loses_least(outcomes, share):
    ordered = sorted(outcomes)
    own = ordered[min(len(ordered) - 1, int(share * len(ordered)))]
    best = min(sum(pinball(share, q, y) for y in outcomes) for q in range(0, 1001, 50))
    assert sum(pinball(share, own, y) for y in outcomes) <= best + 1e-6


def test_what_is_not_known_decides_nothing():
    open_one = judged(60, False)
    assert open_one.held is None
    assert open_one.covered is None
    score = score_of([open_one])
    assert (score.n, score.brier, score.coverage, score.pinball, score.pinball_n) == (1, None, None, {}, 0)
    assert score.pinball_least[0.1] == pytest.approx(0.1 * 10)  # already ten days beyond its P10


def test_a_date_that_passed_unreached_is_known_to_be_broken():
    late = judged(150, False, chance=0.7)
    assert late.held is False
    assert score_of([late]).brier == pytest.approx(0.49)
    assert judged(250, False).covered is False
    assert judged(90, True).held is True
    assert judged(101, True).held is False


def test_nothing_scores_nothing():
    score = score_of([])
    assert (score.n, score.nodes, score.brier) == (0, 0, None)


def test_forecasts_of_one_node_are_told_apart_from_nodes():
    score = score_of([judged(90, True), judged(90, True), judged(90, True, node="m")])
    assert (score.n, score.nodes, score.reached, score.held) == (3, 2, 3, 3)
    assert score.coverage == 1.0


def test_a_forecast_without_percentiles_counts_for_its_chance_only():
    bare = Judged(quantiles={}, chance=1.0, due_days=10.0, outcome_days=5.0, done=True)
    score = score_of([bare])
    assert (score.brier, score.pinball_n, score.coverage) == (0.0, 0, None)


def test_calibration_puts_each_known_chance_into_one_bin():
    rows = [judged(90, True, chance=c) for c in (0.0, 0.2, 0.99, 1.0)] + [judged(50, False, chance=0.5)]
    bins = calibration(rows)
    assert [one.n for one in bins] == [1, 1, 0, 0, 2]
    assert bins[-1].came == 1.0
    assert bins[2].said is None
