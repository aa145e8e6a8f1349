"""How fast projects leave a stage: recorded passages of a class, shrunk to the broader class and its like.

Passages in a given time are Poisson; with a gamma before it, the rate after it is a gamma again. The broader
class (or the declared assumption below all classes) stands before with its mean, worth a stated number of
passages. Where nothing stands before and time was watched, half a passage does (Jeffreys).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from torap.engines.pipeline.model import WAITING, Assumption, Basis, Passage, PipelineModel, RateClass, Stage

JEFFREYS = 0.5
INTERVAL = (0.1, 0.9)
TINY = 1e-300
NEVER = 1e-12  # a rate below it lets nothing pass in any time worth speaking of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A gamma of passages per year: `shape` passages in `time_years`. Shape 0: never. `low`, `high`: P10, P90

    of it. `n`: passages recorded in the class it rests on; `exposure_years`: the time they were watched in.
    """

    shape: float
    time_years: float
    n: float
    exposure_years: float
    basis: Basis

    @property
    def mean(self) -> float:
        """Passages per year."""
        return self.shape / self.time_years if self.shape else 0.0

    @property
    def low(self) -> float:
        """One chance in ten that the rate is lower."""
        return self._quantile(INTERVAL[0])

    @property
    def high(self) -> float:
        """One chance in ten that the rate is higher."""
        return self._quantile(INTERVAL[1])

    def _quantile(self, share: float) -> float:
        return float(gammaincinv(self.shape, share)) / self.time_years if self.shape else 0.0

    def drawn(self, uniforms: np.ndarray) -> np.ndarray:
        """One rate for each of `uniforms` (S,): float64 (S,) per year."""
        if not self.shape:
            return np.zeros_like(uniforms)
        rates: np.ndarray = np.maximum(gammaincinv(self.shape, uniforms), TINY) / self.time_years
        return rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The rates from `after_years` in a stage on; `passes` None: nobody knows."""

    after_years: float
    passes: Rate | None
    lost: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRates:
    """The rates of one class at one stage, by time in the stage (ascending, the first from zero)."""

    rate_class: str
    stage: Stage
    pieces: tuple[Piece, ...]

    @property
    def known(self) -> bool:
        """Whether it can be told how a project goes on from here."""
        return all(piece.passes is not None for piece in self.pieces)

    @property
    def assumed(self) -> bool:
        """Whether going on rests on nothing but a declared assumption."""
        return any(piece.passes is not None and piece.passes.basis == Basis.ASSUMED for piece in self.pieces)


RateTable = Mapping[tuple[str, Stage], StageRates]
NOBODY = Rate(shape=0.0, time_years=1.0, n=0.0, exposure_years=0.0, basis=Basis.ASSUMED)


def rate_table(model: PipelineModel) -> RateTable:
    """The rates of every class (and of "", the assumptions alone) at every stage that can be left."""
    assumed = {row.stage: row for row in model.assumptions}
    known = {row.code: row for row in model.classes}
    table: dict[tuple[str, Stage], StageRates] = {}
    for stage in (*WAITING, Stage.DISBURSED):
        table["", stage] = _assumption(stage, assumed.get(stage))
        for code in known:
            _shrink(code, stage, known, table, model.worth)
    return table


def _assumption(stage: Stage, row: Assumption | None) -> StageRates:
    if row is None:
        return StageRates(
            rate_class="", stage=stage, pieces=(Piece(after_years=0.0, passes=None, lost=NOBODY),)
        )
    piece = Piece(
        after_years=0.0,
        passes=_declared(row.pass_per_year, row.worth),
        lost=_declared(row.lost_per_year, row.worth),
    )
    return StageRates(rate_class="", stage=stage, pieces=(piece,))


def _declared(per_year: float, worth: float) -> Rate:
    if per_year <= 0:
        return NOBODY
    return Rate(shape=worth, time_years=worth / per_year, n=0.0, exposure_years=0.0, basis=Basis.ASSUMED)


def _shrink(
    code: str,
    stage: Stage,
    known: Mapping[str, RateClass],
    table: dict[tuple[str, Stage], StageRates],
    worth: float,
) -> StageRates:
    if (code, stage) in table:
        return table[code, stage]
    above = _shrink(known[code].parent, stage, known, table, worth)
    own = {row.after_years: row for row in known[code].passages if row.stage == stage}
    cuts = sorted({0.0, *own, *(piece.after_years for piece in above.pieces)})
    pieces = []
    for cut in cuts:
        before = [piece for piece in above.pieces if piece.after_years <= cut][-1]
        row = own.get(cut, Passage(stage=stage, after_years=cut))
        pieces.append(_piece(cut, row, before, worth if known[code].parent else None))
    table[code, stage] = StageRates(rate_class=code, stage=stage, pieces=tuple(pieces))
    return table[code, stage]


def _piece(cut: float, row: Passage, before: Piece, worth: float | None) -> Piece:
    return Piece(
        after_years=cut,
        passes=_posterior(row.passed, row.exposure_years, before.passes, worth),
        lost=_posterior(row.lost, row.exposure_years, before.lost, worth) or NOBODY,
    )


def _posterior(events: float | None, years: float, before: Rate | None, worth: float | None) -> Rate | None:
    """The gamma after `events` (None: not recorded) in `years`; `worth` None: what stands before counts as it
    is.
    """
    if events is None or years == 0:
        return before
    if before is None or before.mean == 0:
        shape, time = JEFFREYS, 0.0
    else:
        shape = before.shape if worth is None else min(worth, before.shape)
        time = shape / before.mean
    return Rate(
        shape=shape + events, time_years=time + years, n=events, exposure_years=years, basis=Basis.OBSERVED
    )


def leave(
    pieces: tuple[Piece, ...],
    rates: list[tuple[np.ndarray, np.ndarray]],
    *,
    elapsed_years: float,
    patience: np.ndarray,
    fate: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """When projects leave a stage and whether they are lost: (S,) years from now, and (S,) bool.

    `rates`: for each piece what passes and what is lost, (S,) per year each; `patience`: (S,) exponential
    with mean one, the hazard a project lives through; `fate`: (S,) uniform, lost above the passing share.
    """
    left, waits = patience.copy(), np.full_like(patience, math.inf)
    lost, waiting = np.zeros(patience.shape, dtype=bool), np.ones(patience.shape, dtype=bool)
    ends = [piece.after_years for piece in pieces[1:]] + [math.inf]
    for piece, until, (passes, loses) in zip(pieces, ends, rates, strict=True):
        begin = max(piece.after_years, elapsed_years)
        if until <= begin:
            continue
        total = passes + loses
        moves = total > NEVER
        lived = np.where(moves, (until - begin) * np.where(moves, total, 1.0), 0.0)
        goes = waiting & moves & (left <= lived)
        waits[goes] = begin - elapsed_years + left[goes] / total[goes]
        lost[goes] = fate[goes] * total[goes] > passes[goes]
        left -= np.where(waiting & ~goes, lived, 0.0)
        waiting &= ~goes
    return waits, lost
