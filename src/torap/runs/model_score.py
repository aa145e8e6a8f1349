"""What the score tells the pages: how forecasts stood up, as frozen rows without tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FEW = 30  # on fewer cases than this a share is a rough guide and proves nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """How forecasts of a group stood up; `group`: a class, a body, a baseline, a choice, or all.

    `n` forecasts of `nodes` promises or nodes, `reached` of them known. `pinball`: share -> mean loss in
    days over the `pinball_n` reached; `pinball_least`: over all, what is not reached yet counted with the
    least it can cost. `brier` over the `brier_n` of which it is known whether the date held (`held` did),
    `coverage` of P80 over `coverage_n`. None: nothing known. `told`: share -> reached of which that
    percentile was told and not only a day it is not before; `early`: share reached before the day their P80
    was said not to be before, over `early_n`.
    """

    group: str
    n: int
    nodes: int
    reached: int
    pinball: Mapping[float, float]
    pinball_n: int
    pinball_least: Mapping[float, float]
    brier: float | None
    brier_n: int
    held: int
    coverage: float | None
    coverage_n: int
    told: Mapping[float, int] = field(default_factory=dict)
    early: float | None = None
    early_n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Forecasts that said about the same chance: what was said on average, what came out, of how many."""

    low: float
    high: float
    said: float | None
    came: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkScore:
    """What the network would have said on past days, beside the class alone on the same promises.

    `rows`: groups `class` (of the back-test), `alone` (the class a run of the day held, without what was
    waited for) and `network`; then the same of those promises that waited for something (`class.waiting` and
    so on), and of the others those that the shortest time of stages not told of held back (`class.staged`).
    `days` replayed, `days_left_out` for want of time. `cases` as those of the table, with `waits` and
    `staged`.
    """

    rows: tuple[ScoreRow, ...]
    calibration: tuple[CalibrationBin, ...]
    days: int
    days_left_out: int
    trials: int
    seed: int
    cases: tuple[Mapping[str, Any], ...] = ()

    def row(self, group: str) -> ScoreRow:
        """The row of a group; StopIteration for one there is not."""
        return next(row for row in self.rows if row.group == group)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """The score of a set of forecasts: all, by class, by body; baselines beside it for a back-test."""

    whole: ScoreRow
    classes: tuple[ScoreRow, ...]
    holders: tuple[ScoreRow, ...]
    baselines: tuple[ScoreRow, ...]
    calibration: tuple[CalibrationBin, ...]
    known_on: dt.date
    runs: int
    run: str = ""
    choices: tuple[ScoreRow, ...] = ()  # of a back-test: the ways that were open
    untold: int = 0  # promises made when nothing of their class had been reached: no forecast
    cases: tuple[Mapping[str, Any], ...] = ()
    network: NetworkScore | None = None  # of a back-test that replayed it
