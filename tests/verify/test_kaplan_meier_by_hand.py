"""Kaplan and Meier by hand in fractions, and the closed forms of the leaning curve and the tail."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torap.engines.reference.curve import even_odds, kaplan_meier, leaning, with_tail

# Remission of leukaemia under 6-MP, weeks (Freireich et al. 1963): the example every textbook works out.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def by_hand(rows: list[tuple[int, bool]]) -> list[tuple[int, Fraction]]:
    """The product of (1 - reached / watched), place by place, in fractions."""
    share, steps = Fraction(1), []
    for at in sorted({x for x, done in rows if done}):
        watched = sum(1 for x, _done in rows if x >= at)
        reached = sum(1 for x, done in rows if done and x == at)
        share *= 1 - Fraction(reached, watched)
        steps.append((at, share))
    return steps


def test_the_textbook_example() -> None:
    curve = kaplan_meier(np.array(WEEKS, dtype=float), np.array(RELAPSED, dtype=bool))
    assert curve.at.tolist() == list(PUBLISHED)
    assert curve.share == pytest.approx(list(PUBLISHED.values()), abs=5e-4)


@given(st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=1, max_size=30))
def test_any_sample_by_hand(rows: list[tuple[int, bool]]) -> None:
    x = np.array([row[0] for row in rows], dtype=float)
    done = np.array([row[1] for row in rows], dtype=bool)
    curve, steps = kaplan_meier(x, done), by_hand(rows)
    assert curve.at.tolist() == [at for at, _share in steps]
    assert curve.share == pytest.approx([float(share) for _at, share in steps])


def test_leaning_by_hand() -> None:
    """Three promises, one reached at its date; even odds weigh two: (2 * 1/2 + 1) / (2 + 3)."""
    x, done = np.array([0.0, 50.0, 90.0]), np.array([True, True, False])
    curve = leaning(x, done, even_odds(0.0), weight=2.0)
    assert curve.at.tolist() == [0.0, 50.0]
    assert curve.share[0] == pytest.approx(1 - Fraction(2, 5))
    assert curve.share[1] == pytest.approx(float(Fraction(3, 5) * (1 - Fraction(1, 4))))


def test_the_tail_is_the_mean_over_what_the_rate_may_be() -> None:
    """A rate of which `d` events in a time `T` are known has a gamma density of shape d and rate T; the mean
    of exp(-rate * t) over it is (T / (T + t)) ** d."""
    events, time, wait = 3, 500.0, 250.0
    rates = np.linspace(0, 0.2, 400_001)
    density = rates ** (events - 1) * np.exp(-rates * time)
    mean = (density * np.exp(-rates * wait)).sum() / density.sum()
    curve = with_tail(even_odds(0.0), start=0.0, events=events, time=time)
    assert curve.shares(np.array([wait]))[0] == pytest.approx(0.5 * mean, rel=1e-4)
