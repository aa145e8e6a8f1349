"""Rates: shrunk, with their n and interval, or plainly not known."""

import math

import numpy as np
import pytest
from scipy.stats import gamma

from torap.engines.pipeline.model import Assumption, Basis, Passage, RateClass, Stage
from torap.engines.pipeline.rates import Piece, Rate, leave, rate_table
from unit.engines.pipeline.cases import pipeline

WATCHED = Passage(stage=Stage.ANNOUNCED, passed=10, lost=5, exposure_years=20)


def rates(*classes, **fields):
    return rate_table(pipeline(classes=classes, **fields))


def test_rate_table_without_anything_knows_nothing():
    found = rates(RateClass(code="x"), assumptions=())["x", Stage.ANNOUNCED]
    assert not found.known
    assert not found.assumed
    assert found.pieces[0].lost.mean == 0


def test_rate_table_uses_the_assumption_where_nothing_was_recorded():
    assumed = Assumption(stage=Stage.ANNOUNCED, pass_per_year=0.3, lost_per_year=0.1, worth=2)
    found = rates(RateClass(code="x"), assumptions=(assumed,))["x", Stage.ANNOUNCED]
    assert found.known
    assert found.assumed
    piece = found.pieces[0]
    assert piece.passes.mean == pytest.approx(0.3)
    assert piece.passes.basis == Basis.ASSUMED
    law = gamma(2, scale=0.3 / 2)
    assert (piece.passes.low, piece.passes.high) == pytest.approx((law.ppf(0.1), law.ppf(0.9)))


def test_rate_table_without_prior_counts_half_a_passage():
    found = rates(RateClass(code="x", passages=(WATCHED,)), assumptions=())["x", Stage.ANNOUNCED].pieces[0]
    assert found.passes.mean == pytest.approx(10.5 / 20)
    assert (found.passes.n, found.passes.exposure_years, found.passes.basis) == (10, 20, Basis.OBSERVED)
    assert found.lost.mean == pytest.approx(5.5 / 20)


def test_rate_table_shrinks_a_small_class_to_the_broader_one():
    small = Passage(stage=Stage.ANNOUNCED, passed=1, exposure_years=1)
    table = rates(
        RateClass(code="narrow", parent="all", passages=(small,)),
        RateClass(code="all", passages=(WATCHED,)),
        assumptions=(),
        worth=2.0,
    )
    broad = table["all", Stage.ANNOUNCED].pieces[0].passes.mean
    narrow = table["narrow", Stage.ANNOUNCED].pieces[0].passes.mean
    assert broad < narrow < 1.0
    assert narrow == pytest.approx((2 + 1) / (2 / broad + 1))


def test_rate_table_gives_an_unwatched_class_the_broader_rate():
    table = rates(
        RateClass(code="narrow", parent="all"), RateClass(code="all", passages=(WATCHED,)), assumptions=()
    )
    assert table["narrow", Stage.ANNOUNCED].pieces == table["all", Stage.ANNOUNCED].pieces


def test_rate_table_keeps_pieces_by_time_in_the_stage():
    later = Passage(stage=Stage.ANNOUNCED, passed=1, exposure_years=10, after_years=2)
    table = rates(
        RateClass(code="narrow", parent="all"),
        RateClass(code="all", passages=(WATCHED, later)),
        assumptions=(),
    )
    assert [piece.after_years for piece in table["narrow", Stage.ANNOUNCED].pieces] == [0.0, 2.0]


def test_drawn_follows_its_gamma():
    rate = Rate(shape=3.0, time_years=6.0, n=3, exposure_years=6, basis=Basis.OBSERVED)
    drawn = rate.drawn((np.arange(20000) + 0.5) / 20000)
    assert drawn.mean() == pytest.approx(0.5, rel=1e-3)
    assert drawn.std() == pytest.approx(math.sqrt(3) / 6, rel=1e-2)


def test_drawn_of_never_is_zero():
    rate = Rate(shape=0.0, time_years=1.0, n=0, exposure_years=0, basis=Basis.ASSUMED)
    assert not rate.drawn(np.array([0.1, 0.9])).any()
    assert (rate.low, rate.mean, rate.high) == (0.0, 0.0, 0.0)


def test_leave_walks_the_pieces_and_remembers_the_time_spent():
    piece = Piece(after_years=0.0, passes=None, lost=None)
    pieces = (piece, Piece(after_years=1.0, passes=None, lost=None))
    zero, one, two = np.zeros(3), np.ones(3), np.full(3, 2.0)
    patience = np.array([0.5, 1.0, 3.0])
    waits, lost = leave(
        pieces, [(one, zero), (two, zero)], elapsed_years=0.0, patience=patience, fate=one * 0.5
    )
    assert waits == pytest.approx([0.5, 1.0, 2.0])
    assert not lost.any()
    waits, _lost = leave(
        pieces, [(one, zero), (two, zero)], elapsed_years=4.0, patience=patience, fate=one * 0.5
    )
    assert waits == pytest.approx([0.25, 0.5, 1.5])


def test_leave_loses_above_the_passing_share_and_waits_for_ever_at_no_rate():
    pieces = (Piece(after_years=0.0, passes=None, lost=None),)
    passes, loses = np.array([1.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0])
    waits, lost = leave(
        pieces, [(passes, loses)], elapsed_years=0.0, patience=np.ones(3), fate=np.array([0.4, 0.6, 0.9])
    )
    assert waits.tolist() == [0.5, 0.5, math.inf]
    assert lost.tolist() == [False, True, False]
