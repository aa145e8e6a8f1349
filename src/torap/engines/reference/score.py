"""How forecasts stood up: pinball loss, Brier score, coverage, calibration; what is not known is not guessed.

A forecast is judged on its own clock: days from the day it was made. An outcome is the day it was reached, or
(not `done`) the last day it was heard of as not reached; a censored outcome decides only what it proves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

JUDGED = (0.1, 0.5, 0.8)
COVERED = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A forecast and what came of it. `quantiles`: share -> days; `chance` to hold `due_days` (None where no
    date was due). `outcome_days`: reached then (`done`), or known not to be reached by then. `bounds`: shares
    of which only was told that they are not before their day; they foretell no day and are not judged as one.
    """

    quantiles: Mapping[float, float]
    chance: float | None
    due_days: float | None
    outcome_days: float
    done: bool
    node: str = ""
    bounds: frozenset[float] = frozenset()

    @property
    def held(self) -> bool | None:
        """Whether the date due was held; None while that is not known."""
        if self.due_days is None:
            return None
        if self.done:
            return self.outcome_days <= self.due_days
        return False if self.outcome_days >= self.due_days else None

    @property
    def covered(self) -> bool | None:
        """Whether it was reached by its P80; None while that is not known, or where no P80 was told."""
        limit = self.quantiles.get(COVERED)
        if limit is None or COVERED in self.bounds:
            return None
        if self.done:
            return self.outcome_days <= limit
        return False if self.outcome_days >= limit else None

    @property
    def early(self) -> bool | None:
        """Whether it was reached before the day its P80 was said not to be before; None while that is not
        known, or where a P80 was told."""
        limit = self.quantiles.get(COVERED)
        if limit is None or COVERED not in self.bounds:
            return None
        if self.done:
            return self.outcome_days < limit
        return False if self.outcome_days >= limit else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of a group of forecasts. `pinball`: share -> mean loss in days over the `told` reached of which that
    percentile was told, of `pinball_n` reached; `pinball_least`: the same over all, what is not reached yet
    counted with the least it can cost. `early`: share reached before the day their P80 was said not to be
    before, of `early_n` of which that is known; four of five at most should be.
    `brier` and `coverage` over those of which it is known (`brier_n`, `coverage_n`); None where none is.
    """

    n: int = 0
    nodes: int = 0
    reached: int = 0
    pinball: Mapping[float, float] = field(default_factory=dict)
    pinball_n: int = 0
    pinball_least: Mapping[float, float] = field(default_factory=dict)
    brier: float | None = None
    brier_n: int = 0
    held: int = 0
    coverage: float | None = None
    coverage_n: int = 0
    told: Mapping[float, int] = field(default_factory=dict)
    early: float | None = None
    early_n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Forecasts whose chance lies in [low, high): mean said, share that held, of how many known."""

    low: float
    high: float
    said: float | None
    came: float | None
    n: int


def pinball(share: float, forecast: float, outcome: float) -> float:
    """Loss of calling `forecast` the `share` quantile when `outcome` came; same unit as they are in."""
    miss = outcome - forecast
    return max(share * miss, (share - 1.0) * miss)


def score_of(rows: Iterable[Judged]) -> Score:
    """The score of a group; of an empty one everything is None or zero."""
    every = list(rows)
    reached = {share: [row for row in every if row.done and _told(row, share)] for share in JUDGED}
    told = {share: [row for row in every if _told(row, share)] for share in JUDGED}
    chances = [(row.chance, row.held) for row in every if row.chance is not None and row.held is not None]
    covered = [row.covered for row in every if row.covered is not None]
    early = [row.early for row in every if row.early is not None]
    return Score(
        n=len(every),
        nodes=len({row.node for row in every}),
        reached=sum(row.done for row in every),
        pinball={
            share: _mean([_loss(row, share) for row in rows]) for share, rows in reached.items() if rows
        },
        pinball_n=sum(1 for row in every if row.done and row.quantiles),
        pinball_least={
            share: _mean([_least(row, share) for row in rows]) for share, rows in told.items() if rows
        },
        brier=_mean([(chance - held) ** 2 for chance, held in chances]) if chances else None,
        brier_n=len(chances),
        held=sum(1 for _chance, held in chances if held),
        coverage=_mean([float(one) for one in covered]) if covered else None,
        coverage_n=len(covered),
        told={share: len(rows) for share, rows in reached.items()},
        early=_mean([float(one) for one in early]) if early else None,
        early_n=len(early),
    )


def _told(row: Judged, share: float) -> bool:
    return share in row.quantiles and share not in row.bounds


def calibration(
    rows: Iterable[Judged], *, edges: Sequence[float] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
) -> list[Bin]:
    """Chances said against what came, in bins of `edges`; the last bin holds its upper edge."""
    known = [(row.chance, row.held) for row in rows if row.chance is not None and row.held is not None]
    found = []
    for low, high in zip(edges, edges[1:], strict=False):
        inside = [(said, held) for said, held in known if low <= said < high or (said == high == edges[-1])]
        found.append(
            Bin(
                low=low,
                high=high,
                said=_mean([said for said, _held in inside]) if inside else None,
                came=_mean([float(held) for _said, held in inside]) if inside else None,
                n=len(inside),
            )
        )
    return found


def _loss(row: Judged, share: float) -> float:
    return pinball(share, row.quantiles[share], row.outcome_days)


def _least(row: Judged, share: float) -> float:
    """The loss, or the least that the outcome can still cost while it is not reached."""
    if row.done:
        return _loss(row, share)
    return max(0.0, share * (row.outcome_days - row.quantiles[share]))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(np.asarray(values, dtype=np.float64)))
