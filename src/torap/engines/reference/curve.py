"""Curves of what is not yet reached: Kaplan and Meier for a class alone, and the one that leans on a broader
class.

C classes, E distinct places of events, n promises. Everything is in the measure of the curve: days after the
date promised, or multiples of the lead time promised.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import scipy

from torap.engines.errors import EngineInputError

CONFIDENCE = 0.8
_Z = 1.2815515655446004  # standard normal quantile of 0.9: an interval of 80 percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A falling step function: `share` not yet reached just after `at`; one before the first step.

    `low`, `high`: interval of 80 percent. Beyond `tail_from` the share falls as that of a waiting time whose
    rate is known only from `tail_events` in a time `tail_time` at risk:
    share(x) = share(tail_from) * (tail_time / (tail_time + x - tail_from)) ** tail_events.
    """

    at: np.ndarray = field(default_factory=lambda: np.empty(0))  # (E,) float64, rising
    share: np.ndarray = field(default_factory=lambda: np.empty(0))  # (E,) float64, falling
    low: np.ndarray = field(default_factory=lambda: np.empty(0))  # (E,) float64
    high: np.ndarray = field(default_factory=lambda: np.empty(0))  # (E,) float64
    at_risk: np.ndarray = field(default_factory=lambda: np.empty(0))  # (E,) int64 promises still watched
    events: np.ndarray = field(default_factory=lambda: np.empty(0))  # (E,) int64 promises reached there
    tail_from: float = 0.0
    tail_events: int = 0
    tail_time: float = 0.0

    def shares(self, x: np.ndarray) -> np.ndarray:
        """Share not yet reached after `x` (any shape)."""
        steps = np.concatenate(([1.0], self.share))
        found = steps[np.searchsorted(self.at, x, side="right")]
        if self.tail_events and self.tail_time > 0:
            beyond = np.maximum(x - self.tail_from, 0.0)
            found = found * (self.tail_time / (self.tail_time + beyond)) ** self.tail_events
        return np.asarray(found, dtype=np.float64)

    def reached_at(self, shares: np.ndarray) -> np.ndarray:
        """The first place at which no more than each of `shares` (n,) is left, infinite where none is."""
        last = float(self.share[-1]) if self.share.size else 1.0
        step = np.searchsorted(-self.share, -(shares + 1e-12), side="left")
        places = np.concatenate((self.at, [np.inf]))
        found = np.where(shares >= 1.0, -np.inf, places[np.minimum(step, self.at.size)])
        if self.tail_events and self.tail_time > 0:
            with np.errstate(divide="ignore", over="ignore"):
                wait = self.tail_time * (
                    (last / np.maximum(shares, 1e-300)) ** (1.0 / self.tail_events) - 1.0
                )
            found = np.where(np.isinf(found) & (found > 0), self.tail_from + np.maximum(wait, 0.0), found)
        return np.asarray(found, dtype=np.float64)


def kaplan_meier(x: np.ndarray, done: np.ndarray) -> Curve:
    """The curve of a class by itself, from `x` (n,) and whether each was an event (n,) bool.

    SciPy's estimator with its log-log interval; where it gives none (all reached) the interval is 0 to 1.
    EngineInputError for no observations. Without an event the curve stays at one: no steps.
    """
    if x.size == 0:
        raise EngineInputError("class_without_promises", where="class")
    if not done.any():
        return Curve()
    stats = scipy.stats  # loaded here: half a second that most commands need not spend
    fit = stats.ecdf(stats.CensoredData(uncensored=x[done], right=x[~done])).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no interval where all are reached: told below
        interval = fit.confidence_interval(confidence_level=CONFIDENCE, method="log-log")
    at = np.unique(x[done])
    where = np.searchsorted(fit.quantiles, at)
    low = np.nan_to_num(interval.low.probabilities[where], nan=0.0)
    high = np.nan_to_num(interval.high.probabilities[where], nan=1.0)
    at_risk, events = counts(x, done, at)
    return Curve(at=at, share=fit.probabilities[where], low=low, high=high, at_risk=at_risk, events=events)


def counts(x: np.ndarray, done: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At each place of `at` (E,): promises still watched just before it, and reached there; int64.

    One that ends exactly there without being reached was still watched.
    """
    ordered, reached = np.sort(x), np.sort(x[done])
    at_risk = x.size - np.searchsorted(ordered, at, side="left")
    events = np.searchsorted(reached, at, side="right") - np.searchsorted(reached, at, side="left")
    return at_risk.astype(np.int64), events.astype(np.int64)


def even_odds(due: float) -> Curve:
    """What is thought before anything is known: reached on the date promised, or later, with even odds."""
    one = np.array([1], dtype=np.int64)
    return Curve(
        at=np.array([due]),
        share=np.array([0.5]),
        low=np.array([0.0]),
        high=np.array([1.0]),
        at_risk=0 * one,
        events=0 * one,
    )


def leaning(x: np.ndarray, done: np.ndarray, parent: Curve, *, weight: float) -> Curve:
    """The curve of a class that leans on its `parent` as if on `weight` promises more.

    At each step the hazard is (weight * that of the parent + events) / (weight + promises still watched): the
    mean after observing, for a beta process with the parent's curve before (Hjort 1990). A class without
    promises is its parent; one with many is its own Kaplan and Meier.
    """
    at = np.union1d(parent.at, x[done])
    at_risk, events = counts(x, done, at)
    before = _hazards(parent, at)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(weight + at_risk > 0, (weight * before + events) / (weight + at_risk), 0.0)
    share = np.cumprod(1.0 - hazard)
    low, high = _interval(share, hazard, weight + at_risk)
    return Curve(at=at, share=share, low=low, high=high, at_risk=at_risk, events=events)


def _hazards(curve: Curve, at: np.ndarray) -> np.ndarray:
    """The hazard of `curve` at each place (those of its steps are among them)."""
    before = np.concatenate(([1.0], curve.share[:-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(before > 0, 1.0 - curve.share / before, 0.0)
    found = np.zeros(at.size)
    found[np.searchsorted(at, curve.at)] = steps
    return found


def _interval(share: np.ndarray, hazard: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Interval of 80 percent from the variance of the cumulative hazard, on the log-log scale, (E,) each."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(hazard * (1.0 - hazard) / (size + 1.0))
        log = np.log(share)
        spread = _Z * np.sqrt(variance) / np.abs(log)
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    return np.nan_to_num(low, nan=0.0), np.where(share > 0, np.nan_to_num(high, nan=1.0), 0.0)


def late_rate(x: np.ndarray, done: np.ndarray, *, due: float) -> tuple[int, float]:
    """Events after `due`, and the time watched after it (in the measure), over all observations."""
    late = np.maximum(x - due, 0.0)
    return int((done & (x > due)).sum()), float(late.sum())


def with_tail(curve: Curve, *, start: float, events: int, time: float) -> Curve:
    """The same curve with a tail from the later of `start` and its last step."""
    last = float(curve.at[-1]) if curve.at.size else start
    return Curve(
        at=curve.at,
        share=curve.share,
        low=curve.low,
        high=curve.high,
        at_risk=curve.at_risk,
        events=curve.events,
        tail_from=max(start, last),
        tail_events=events,
        tail_time=time,
    )
