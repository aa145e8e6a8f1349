"""When one project spends, in every trial, and how much of it falls into each year."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri_exp

from torap.engines.pipeline.draws import normals, shared, uniforms
from torap.engines.pipeline.model import (
    STAGES,
    WAITING,
    YEAR_DAYS,
    PipelineModel,
    Profile,
    Project,
    Settings,
    Stage,
)
from torap.engines.pipeline.rates import RateTable, StageRates, leave

EPOCH = dt.date(1970, 1, 1)
DAY_MINUTES = 1440.0
TINY_DAYS = 1e-6
SHARP = 1e-6  # a spread below it is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one project goes, by trial (S,). Days since 1970, float64; `inf`: never.

    Spending runs from `start` to `end` and stops at `cut` when the project is lost on the way. `lost`: lost
    before or while spending.
    """

    start: np.ndarray
    end: np.ndarray
    cut: np.ndarray
    lost: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all projects share in a trial: for each stage (S,) standard normals of pace and of fate, high
    where times are bad, and the rates drawn for each class and stage.

    Stages have factors of their own: else the stages of one project would go together, and its time to spend
    would no longer be what the rates say.
    """

    pace: dict[Stage, np.ndarray]
    fate: dict[Stage, np.ndarray]
    rates: dict[tuple[str, Stage], list[tuple[np.ndarray, np.ndarray]]]


def common_draws(model: PipelineModel, table: RateTable, settings: Settings) -> Common:
    """Draw what the projects share; only rates somebody needs are drawn."""
    n, seed = settings.trials, settings.seed
    wanted = {(row.rate_class, stage) for row in model.projects for stage in (*WAITING, Stage.DISBURSED)}
    return Common(
        pace={stage: normals(seed, "common", f"pace/{stage}", n) for stage in WAITING},
        fate={stage: normals(seed, "common", f"fate/{stage}", n) for stage in WAITING},
        rates={key: _rates(table[key], settings) for key in sorted(wanted)},
    )


def _rates(rates: StageRates, settings: Settings) -> list[tuple[np.ndarray, np.ndarray]]:
    found = []
    for piece in rates.pieces:
        pair = []
        for what, rate in (("passes", piece.passes), ("lost", piece.lost)):
            mean = rate.mean if rate is not None else 0.0
            if rate is None or not settings.rates_drawn:
                pair.append(np.full(settings.trials, mean))
                continue
            key = f"rate/{rates.rate_class}/{rates.stage}/{piece.after_years:g}"
            pair.append(rate.drawn(uniforms(settings.seed, key, what, settings.trials)))
        found.append((pair[0], pair[1]))
    return found


def course(
    row: Project, model: PipelineModel, table: RateTable, common: Common, settings: Settings
) -> Course:
    """Draw how one project goes. Its stage is known, and the rates of the stages it has still to pass."""
    stage = row.stage or Stage.ANNOUNCED
    if stage == Stage.REALISED:
        return _done(row, model, settings)
    begin, lost = _begin(row, stage, model, table, common, settings)
    start = _after(begin, model.ready.get(row.place) if stage in WAITING else None)
    base = float(_day(model.base))
    elapsed = np.maximum(base - start, 0.0) if stage == Stage.DISBURSED else np.zeros_like(start)
    end = start + _length_days(row, settings, longer_than=elapsed)
    if row.finish in model.finishes:
        end = _after(end, model.finishes[row.finish])
    elif row.promised is not None:
        end = np.maximum(end, float(_day(row.promised)))
    cut = _cut(row, start, base, table, common, settings)
    return Course(start=start, end=end, cut=cut, lost=lost | (cut < end))


def _begin(
    row: Project, stage: Stage, model: PipelineModel, table: RateTable, common: Common, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """When money may begin to flow [days since 1970], and whether the project is lost before it does."""
    base, n = float(_day(model.base)), settings.trials
    since = float(_day(row.since)) if row.since else base
    lost = np.zeros(n, dtype=bool)
    if stage == Stage.DISBURSED:
        return np.full(n, since), lost
    at, elapsed = np.full(n, base), (base - since) / YEAR_DAYS
    for ahead in WAITING[STAGES.index(stage) :]:
        waits, falls = _leave(row, ahead, elapsed, table, common, model, settings)
        lost |= ~lost & falls & np.isfinite(at)
        at = np.where(lost, math.inf, at + waits * YEAR_DAYS)
        elapsed = 0.0
    return at, lost


def _leave(
    row: Project,
    stage: Stage,
    elapsed: float,
    table: RateTable,
    common: Common,
    model: PipelineModel,
    settings: Settings,
) -> tuple[np.ndarray, np.ndarray]:
    key, n, seed = (row.rate_class, stage), settings.trials, settings.seed
    pace = shared(common.pace[stage], normals(seed, row.key, f"pace/{stage}", n), model.pace)
    fate = shared(common.fate[stage], normals(seed, row.key, f"fate/{stage}", n), model.fate)
    return leave(
        table[key].pieces,
        common.rates[key],
        elapsed_years=elapsed,
        patience=-log_ndtr(-pace),
        fate=ndtr(fate),
    )


def _cut(
    row: Project, start: np.ndarray, base: float, table: RateTable, common: Common, settings: Settings
) -> np.ndarray:
    """When the project is lost while it spends [days since 1970]; never where nobody knows of such losses.

    Losses while spending are counted from the base day on: what is lost already is no project any more.
    """
    key = (row.rate_class, Stage.DISBURSED)
    if all(piece.lost.mean == 0 for piece in table[key].pieces):
        return np.full(settings.trials, math.inf)
    begun = float(start[0]) if row.stage == Stage.DISBURSED else base
    patience = -np.log(uniforms(settings.seed, row.key, "cut", settings.trials))
    waits, _lost = leave(
        table[key].pieces,
        [(np.zeros_like(loses), loses) for _passes, loses in common.rates[key]],
        elapsed_years=max(base - begun, 0.0) / YEAR_DAYS,
        patience=patience,
        fate=np.ones_like(patience),
    )
    cut: np.ndarray = np.maximum(start, base) + waits * YEAR_DAYS
    return cut


def _done(row: Project, model: PipelineModel, settings: Settings) -> Course:
    """A project that is done: it spent until the day it was done."""
    n = settings.trials
    end = np.full(n, float(_day(row.since or model.base)))
    length = _length_days(row, settings, longer_than=np.zeros(n))
    never = np.full(n, math.inf)
    return Course(start=end - length, end=end, cut=never, lost=np.zeros(n, dtype=bool))


def _length_days(row: Project, settings: Settings, *, longer_than: np.ndarray) -> np.ndarray:
    """How long spending takes, given that it has lasted `longer_than` (S,) days already: (S,) days."""
    median = row.length.median_years * YEAR_DAYS
    sigma = row.length.sigma
    if sigma < SHARP:
        fixed: np.ndarray = np.maximum(np.full(settings.trials, median), longer_than + TINY_DAYS)
        return fixed
    drawn = uniforms(settings.seed, row.key, "length", settings.trials)
    with np.errstate(divide="ignore"):
        floor = np.log(longer_than / median) / sigma  # -inf where nothing has passed yet
    outlasts = log_ndtr(-floor) + np.log1p(-drawn)  # log of the chance of lasting longer still
    longer: np.ndarray = np.maximum(median * np.exp(-sigma * ndtri_exp(outlasts)), longer_than + TINY_DAYS)
    return longer


def yearly(
    row: Project, found: Course, model: PipelineModel, usd: float, spent_usd: float | None
) -> np.ndarray:
    """Dollars spent before the first year, in each year, after the last: (Y + 2, S) float64.

    Where it is known how much was spent by the base day, only the rest is laid over the years, after that
    day: of what was spent the years are not known.
    """
    edges = [
        -math.inf,
        *(float(_day(dt.date(y, 1, 1))) for y in range(model.first_year, model.last_year + 2)),
    ]
    base = float(_day(model.base))
    before = share(found, base, row.length.profile, stops=False) if spent_usd is not None else None
    spread = usd if spent_usd is None else usd - spent_usd
    marks = [_reached(row, found, edge, base, before) for edge in (*edges, math.inf)]
    return np.stack([spread * (high - low) for low, high in zip(marks, marks[1:], strict=False)])


def _reached(row: Project, found: Course, edge: float, base: float, before: np.ndarray | None) -> np.ndarray:
    """The share spent by `edge`; of what is left after `base` where `before`, the share by then, is given."""
    profile = row.length.profile
    if before is None:
        return share(found, edge, profile)
    if edge <= base:
        return np.zeros_like(before)
    left = 1 - before
    return np.where(
        left > 0, (share(found, edge, profile) - before) / np.where(left > 0, left, 1.0), 0.0
    ).clip(0, 1)


def share(found: Course, day: float, profile: Profile, *, stops: bool = True) -> np.ndarray:
    """The share of the money spent by `day` in every trial: (S,) 0 to 1; `stops`: as a loss lets it."""
    until = np.minimum(found.cut, day) if stops else np.full_like(found.start, day)
    begun = np.isfinite(found.start)
    start = np.where(begun, found.start, 0.0)
    span = np.where(begun, found.end - start, 1.0)
    return np.where(begun, spent_share(np.clip((until - start) / span, 0.0, 1.0), profile), 0.0)


def spent_share(x: np.ndarray, profile: Profile) -> np.ndarray:
    """The share spent by the share `x` of the time."""
    spent: np.ndarray
    match profile:
        case Profile.EVEN:
            spent = x
        case Profile.S_CURVE:
            spent = x * x * (3 - 2 * x)
        case Profile.EARLY:
            spent = x * x * (6 - 8 * x + 3 * x * x)
        case Profile.LATE:
            spent = x * x * x * (4 - 3 * x)
    return spent


def _after(at: np.ndarray, minutes: np.ndarray | None) -> np.ndarray:
    return at if minutes is None else np.maximum(at, minutes / DAY_MINUTES)


def _day(day: dt.date) -> int:
    return (day - EPOCH).days
