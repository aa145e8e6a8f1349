"""The Monte Carlo of a plan: the plain passes in every trial, reduced while they run.

`simulate` takes a RiskPlan, or its Columns where a loader has built them. The result depends on the plan, the
trials, the seed and the sampling; never on threads, blocks or machines.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.lanes import LANES
from torap.engines.schedule.again import Again, rerun
from torap.engines.schedule.around import prepared_of
from torap.engines.schedule.blocks import Totals
from torap.engines.schedule.borders import borders_of
from torap.engines.schedule.chance import Chance, chance_of
from torap.engines.schedule.clocks import HORIZON, clocks_of
from torap.engines.schedule.columns import Columns, columns_of
from torap.engines.schedule.effects import effects_of, moved_of
from torap.engines.schedule.executors import Executor, Threads
from torap.engines.schedule.program import Program, program_like, program_of
from torap.engines.schedule.results import blank, brief_figures, figures_of, goals_of, result_of
from torap.engines.schedule.risk_check import check, check_settings
from torap.engines.schedule.trial_kernels import frame_of
from torap.engines.schedule.trials import PILOT, Outcome, Prepared, Progress, pilot, run
from torap.engines.schedule.uncertain import DriverEffect, RiskPlan, RiskResult, Settings
from torap.engines.schedule.worktime import DAY, LIMIT_DAYS

YEAR = 366 * DAY
FARTHEST = 1 << 28  # minutes between the start of a plan and its finish, so that no sum of squares overflows


def simulate(
    risk_plan: RiskPlan | Columns,
    settings: Settings,
    *,
    progress: Progress | None = None,
    previous: RiskResult | None = None,
    keep: bool = False,
    executor: Executor | None = None,
) -> RiskResult:
    """What the trials give. EngineInputError names what cannot be simulated.

    `progress` is told the share done, 0 to 1, now and then; an exception it raises stops the run and comes
    back. `keep`: the result holds what a changed plan need not compute again, 4 bytes a trial for each date
    at a border of the plan's parts. `previous`: such a result of an almost equal plan; the answer is that of
    a run from nothing, bit for bit, and where `previous` does not help, it is one. A brief run
    (`settings.brief`) keeps nothing and starts from nothing.
    """
    if isinstance(risk_plan, Columns):
        check_settings(settings)
        columns = risk_plan
    else:
        check(risk_plan, settings)
        columns = columns_of(risk_plan)
    tell = progress or (lambda share: None)
    tell(0.0)
    fingerprint = columns.fingerprint(settings)
    if previous is not None and previous.fingerprint == fingerprint and (previous.again or not keep):
        tell(1.0)
        return previous
    again = previous.again if previous is not None else None
    program = program_of(columns) if again is None else program_like(again.prepared.program, columns)
    chance = chance_of(columns, program.nodes.activity, settings)
    runner = executor or Threads(settings.threads)
    result = None
    if previous is not None and again is not None and not keep and not settings.brief:
        result = rerun(previous, program, chance, settings, runner)
    if result is None:
        keep = keep and runner.shared and not settings.brief
        result = _whole(program, chance, settings, runner, tell, keep=keep)
    tell(1.0)
    return replace(result, fingerprint=fingerprint)


def _whole(
    program: Program, chance: Chance, settings: Settings, runner: Executor, tell: Progress, *, keep: bool
) -> RiskResult:
    """A run from nothing."""
    columns, days = program.columns, _horizon(program)
    prepared = prepared_of(program, chance, clocks_of(columns.calendars, *days))
    prepared = replace(prepared, brief=settings.brief)
    shown = blank(len(program.rows), *prepared.reaches.shape)
    timeless = all(spec.always for spec in columns.calendars)
    looks = (PILOT // LANES,) if timeless else (1, PILOT // LANES)  # one shows how far tables must reach
    for granules in () if settings.brief and timeless else looks:
        while True:
            shown = pilot(prepared, settings.trials, granules, runner)
            wider = _wider(prepared, days, None if timeless else shown)
            if wider == days:
                break
            days, prepared = wider, _within(prepared, wider)
    keep = keep and not program.everything
    while True:
        if keep:
            prepared = replace(prepared, borders=borders_of(program, settings.trials))
        outcome = run(prepared, settings.trials, shown, runner, tell)
        wider = _wider(prepared, days, None)
        if wider == days:
            break
        days, prepared = wider, _within(prepared, wider)
    _check_reach(prepared, outcome)
    totals, kept = outcome.totals, outcome.kept
    if settings.brief:
        none: tuple[DriverEffect, ...] = ()
        goals = goals_of(columns, kept, dict.fromkeys(range(len(prepared.goal_rows) + 1), none))
        figures = brief_figures(totals, settings.trials)
        return result_of(columns, program.rows, prepared.kept_rows, settings, figures, kept, goals)
    moved = moved_of(
        program, chance, outcome.drawn, prepared.reaches, prepared.random, totals, kept,
    )  # fmt: skip
    goals = goals_of(columns, kept, effects_of(moved, runner))
    figures = figures_of(columns, program.rows, prepared.kept_rows, settings.trials, totals, kept, runner)
    result = result_of(columns, program.rows, prepared.kept_rows, settings, figures, kept, goals)
    return replace(result, again=Again.of(prepared, outcome, figures)) if keep else result


def _horizon(program: Program) -> tuple[int, int]:
    """First guess of the days the calendars' tables must cover; look-ups outside make them grow."""
    nodes = program.nodes
    known = [nodes.floor, nodes.floor_finish[nodes.floor_finish > -HORIZON], nodes.cap[nodes.cap < HORIZON]]
    known.append(nodes.cap_start[nodes.cap_start < HORIZON])
    held = np.minimum(nodes.held, nodes.held_finish)
    known.append(held[held < HORIZON])
    if program.columns.must_finish is not None:
        known.append(np.array([program.columns.must_finish]))
    flat = np.concatenate([*known, [program.columns.start]])
    return int(flat.min()) - YEAR, int(flat.max()) + 4 * YEAR


def _within(prepared: Prepared, days: tuple[int, int]) -> Prepared:
    """The same with tables for these days."""
    program = prepared.program
    clocks = clocks_of(program.columns.calendars, *days)
    return replace(
        prepared, clocks=clocks, frame=frame_of(program.nodes, program.links, clocks, program.everything)
    )


def _wider(prepared: Prepared, days: tuple[int, int], shown: Totals | None) -> tuple[int, int]:
    """The same days when the tables held all that was looked up; farther ones when they did not, or when the
    first trials came so near the end that others may pass it.
    """
    first, last = days
    below, above = prepared.clocks.numbers[-1, :2].tolist()
    if below or above:
        span = last - first
        return first - (span if below else 0), last + (span if above else 0)
    if shown is None or not len(shown.seen):
        return days
    begin, end = int(shown.seen[:, 0].min()), int(shown.seen[:, 3].max())
    far = min(end + (end - begin) // 2 + YEAR, HORIZON, (first // DAY + LIMIT_DAYS - 1) * DAY)
    return (first, far) if far > last + YEAR else days


def _check_reach(prepared: Prepared, outcome: Outcome) -> None:
    """Refuse dates so far apart that sums of their squares might overflow."""
    finishes, nodes = outcome.kept.plan_finish, prepared.program.nodes
    lowest = min(int(nodes.floor.min(initial=HORIZON)), prepared.others.begins)
    latest = int(finishes.max(initial=-HORIZON))
    if latest >= HORIZON or latest - lowest >= FARTHEST:
        raise EngineInputError("time_out_of_range", where="plan", what="finish")


__all__ = ["simulate"]
