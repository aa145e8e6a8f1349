"""The Monte Carlo of a plan: the plain passes in every trial, reduced while they run.

`simulate` takes a RiskPlan, or its Columns where a loader has built them. The result depends on the plan, the
trials, the seed and the sampling; never on threads, blocks or machines.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.lanes import LANES, aligned
from torap.engines.schedule.blocks import (
    NO_INSTANT,
    SCREENED,
    Goals,
    Kept,
    Others,
    Pass,
    Totals,
    run_kernel,
    screen_kernel,
)
from torap.engines.schedule.chance import Chance, causes_kernel, chance_of, luck_of, random_rows
from torap.engines.schedule.clocks import HORIZON, Clocks, clocks_of
from torap.engines.schedule.columns import NONE, Columns, columns_of
from torap.engines.schedule.effects import effects_of, upstream
from torap.engines.schedule.executors import Executor, Threads
from torap.engines.schedule.program import WORK, Program, program_of
from torap.engines.schedule.results import add_totals, blank, fresh, ranged, result_of
from torap.engines.schedule.risk_check import check, check_settings
from torap.engines.schedule.rows import ROWS
from torap.engines.schedule.spans import others_kernel
from torap.engines.schedule.trial_kernels import Block, Frame, frame_of
from torap.engines.schedule.uncertain import RiskPlan, RiskResult, Settings
from torap.engines.schedule.worktime import DAY

PILOT = 512  # trials that show where the histograms should lie
YEAR = 366 * DAY
CHUNKS = 24  # tasks of a run: enough to share out and to show progress

Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A plan ready to run: constants, tables, and what each trial draws."""

    program: Program
    chance: Chance
    random: np.ndarray  # (N,) bool
    others: Others
    clocks: Clocks
    frame: Frame
    goal_rows: np.ndarray  # (G,) row of each goal
    kept_rows: np.ndarray  # (G + W,) rows whose every trial is kept: goals, then what is only watched
    reaches: np.ndarray  # (G, N) bool: nodes a goal waits for


def simulate(
    risk_plan: RiskPlan | Columns,
    settings: Settings,
    *,
    progress: Progress | None = None,
    previous: RiskResult | None = None,
    executor: Executor | None = None,
) -> RiskResult:
    """What the trials give. EngineInputError names what cannot be simulated.

    `progress` is told the share done, 0 to 1, now and then; an exception it raises stops the run and comes
    back.
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
    if previous is not None and previous.fingerprint == fingerprint:
        tell(1.0)
        return previous
    program = program_of(columns)
    chance = chance_of(columns, program.nodes.activity, settings)
    runner = executor or Threads(settings.threads)
    first, last = _horizon(program)
    while True:
        prepared = _prepared(program, chance, first, last)
        totals, kept = _run(prepared, settings, runner, tell)
        below, above = prepared.clocks.numbers[-1, :2].tolist()
        if not below and not above:
            break
        span = last - first
        first, last = first - (span if below else 0), last + (span if above else 0)
    if kept.plan_finish.size and kept.plan_finish.max() >= HORIZON:
        raise EngineInputError("time_out_of_range", where="plan", what="finish")
    result = replace(_result(prepared, settings, totals, kept), fingerprint=fingerprint)
    tell(1.0)
    return result


def _horizon(program: Program) -> tuple[int, int]:
    """First guess of the days the calendars' tables must cover; look-ups outside make them grow."""
    nodes = program.nodes
    known = [nodes.floor, nodes.floor_finish[nodes.floor_finish > -HORIZON], nodes.cap[nodes.cap < HORIZON]]
    known.append(nodes.cap_start[nodes.cap_start < HORIZON])
    if program.columns.must_finish is not None:
        known.append(np.array([program.columns.must_finish]))
    flat = np.concatenate([*known, [program.columns.start]])
    return int(flat.min()) - YEAR, int(flat.max()) + 4 * YEAR


def _prepared(program: Program, chance: Chance, first: int, last: int) -> Prepared:
    clocks = clocks_of(program.columns.calendars, first, last)
    frame = frame_of(program.nodes, program.links, clocks, bool(program.efforts or program.summaries))
    others, goal_rows, kept_rows = _others(program)
    return Prepared(
        program=program, chance=chance, random=random_rows(chance), others=others, clocks=clocks, frame=frame,
        goal_rows=goal_rows, kept_rows=kept_rows, reaches=upstream(program),
    )  # fmt: skip


def _kept_rows(columns: Columns, row_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the goals, and the same with those that are only watched, each once."""
    wanted = np.concatenate([columns.goals, columns.watched])
    for activity in wanted[row_of[wanted] < 0].tolist():
        raise EngineInputError("goal_not_active", where=columns.ids[activity])
    goal_rows, watched = row_of[columns.goals], row_of[columns.watched]
    return goal_rows, np.concatenate([goal_rows, np.unique(watched[~np.isin(watched, goal_rows)])])


def _others(program: Program) -> tuple[Others, np.ndarray, np.ndarray]:
    columns, rows = program.columns, program.rows
    row_of = np.full(len(columns.ids), -1, np.int32)
    row_of[rows] = np.arange(len(rows))
    goal_rows, kept_rows = _kept_rows(columns, row_of)
    goals = np.full(len(rows), -1, np.int32)
    goals[kept_rows] = np.arange(len(kept_rows))
    begun, done = columns.actual_start[rows], columns.actual_finish[rows]
    deadline = columns.deadline[rows]
    activity = program.nodes.activity
    place = {activity_row: e for e, (activity_row, _) in enumerate(program.efforts)}
    parts = [
        [int(program.node[part]) if part not in place else -1 - place[part] for part in below]
        for _, below in program.summaries
    ]
    others = Others(
        row=np.where(activity < 0, -1, row_of[np.maximum(activity, 0)]).astype(np.int32),
        begun_at=np.where(begun != NONE, begun, NO_INSTANT).astype(np.int32),
        finished=done != NONE,
        done_at=np.where(done != NONE, done, NO_INSTANT).astype(np.int32),
        deadline=np.where(deadline != NONE, np.minimum(deadline, HORIZON), HORIZON).astype(np.int32),
        goal=goals,
        effort_row=row_of[[row for row, _ in program.efforts]] if program.efforts else np.zeros(0, np.int32),
        effort_clock=program.clocks[[row for row, _ in program.efforts]].astype(np.int32)
        if program.efforts
        else np.zeros(0, np.int32),
        **_effort_links(program),
        summary_row=np.array([row_of[row] for row, _ in program.summaries], np.int32),
        part_from=np.cumsum([0, *map(len, parts)]).astype(np.int64),
        part_node=np.array([node for below in parts for node in below], np.int32),
        lowest=columns.start if columns.data_date is None else max(columns.data_date, columns.start),
        frames=np.unique(program.nodes.frame[program.nodes.mode == WORK]).astype(np.int64),
        begins=columns.start,
        must_finish=HORIZON if columns.must_finish is None else columns.must_finish,
        critical_at=columns.critical_at,
    )
    return others, goal_rows, kept_rows


def _effort_links(program: Program) -> dict[str, np.ndarray]:
    columns = program.columns
    used = [k for _, own in program.efforts for k in own]
    pairs, more = program.effort_links[used], program.effort_more[used]
    owner = np.array([row for row, own in program.efforts for _ in own], np.int64)
    ahead = pairs[:, 1] == owner
    other = np.where(ahead, pairs[:, 0], pairs[:, 1])
    whole = np.where(ahead, columns.extra[pairs[:, 0]], columns.left[owner] + columns.extra[owner])
    return {
        "effort_from": np.cumsum([0, *(len(own) for _, own in program.efforts)]).astype(np.int64),
        "effort_node": program.node[other].astype(np.int32),
        "effort_ahead": ahead,
        "effort_type": more[:, 0].astype(np.int32),
        "effort_lag": more[:, 1].astype(np.int32),
        "effort_percent": more[:, 2].astype(np.int32),
        "effort_lag_clock": more[:, 3].astype(np.int32),
        "effort_whole": whole.astype(np.int32),
    }


@dataclass(frozen=True)
class _Work:
    """What a task does: some granules, into totals of its own or those left by an earlier task of this
    process.
    """

    prepared: Prepared
    shape: Totals
    trials: int
    pilot: bool
    shared: bool
    kept: Kept | None = None
    idle: deque[tuple[Any, ...]] = field(default_factory=deque)

    def __call__(
        self, task: tuple[int, int]
    ) -> tuple[tuple[int, int], tuple[Totals, np.ndarray] | None, Kept | None]:
        try:
            room = self.idle.pop()
        except IndexError:
            room = _room(self.prepared, self.shape)
        plan, luck, totals = room
        kept = self.kept or _kept(self.prepared, self.trials)
        goals = Goals(self.prepared.random, self.prepared.reaches, self.prepared.goal_rows.astype(np.int64))
        for granule in range(*task):
            causes_kernel(self.prepared.chance, granule, luck, plan.block.way)
            run_kernel(plan, self.prepared.chance, luck, goals, totals, kept, granule, self.pilot)
            live = min(LANES, self.trials - granule * LANES)
            if self._others:
                others_kernel(plan, totals, kept, granule, live, self.pilot)
            if granule < SCREENED and len(goals.rows) and not self.pilot:
                screen_kernel(plan, goals, totals, kept, granule, live)
        if self.shared:
            self.idle.append(room)
            return task, None, None
        lanes = slice(task[0] * LANES, task[1] * LANES)
        return task, (totals, plan.clocks.numbers[-1]), Kept(kept.goals[:, lanes], kept.plan_finish[lanes])

    @property
    def _others(self) -> bool:
        """The plan has levels of effort or summaries."""
        return bool(self.prepared.program.efforts or self.prepared.program.summaries)


def _room(prepared: Prepared, shape: Totals) -> tuple[Any, ...]:
    """State of a block, scratch and totals of one worker."""
    program = prepared.program
    nodes, branches = len(program.nodes.mode), len(program.columns.branch_ids)
    frames = len(prepared.clocks.shares)
    # Pages of rows that nothing touches take no memory.
    duration, start, finish, at, late_finish, late_at = (aligned((nodes, LANES)) for _ in range(6))
    reads_both = bool(program.efforts or program.summaries)
    block = Block(
        duration=duration, start=start, finish=finish, at=at,
        late_start=aligned((nodes, LANES)) if reads_both else finish,
        late_finish=late_finish, late_at=late_at,
        way=aligned((branches, LANES)), end=aligned((frames + 2, LANES)), scratch=aligned((ROWS, LANES)),
        alive=aligned((LANES,)),
    )  # fmt: skip
    clocks = prepared.clocks._replace(numbers=prepared.clocks.numbers.copy())
    efforts = np.zeros((3, len(program.efforts), LANES), np.int32)
    every = np.arange(nodes, dtype=np.int64)
    plan = Pass(program.nodes, program.links, clocks, prepared.frame, prepared.others, block, every, efforts)
    return plan, luck_of(prepared.chance), fresh(shape)


def _kept(prepared: Prepared, trials: int) -> Kept:
    return Kept(np.zeros((len(prepared.kept_rows), trials), np.int32), np.zeros(trials, np.int32))


def _run(prepared: Prepared, settings: Settings, runner: Executor, tell: Progress) -> tuple[Totals, Kept]:
    rows, trials = len(prepared.program.rows), settings.trials
    kept = _kept(prepared, trials)
    granules = -(-trials // LANES)
    first = blank(rows, *prepared.reaches.shape)
    pilot = _Work(prepared, first, trials, True, True, kept)
    pilot((0, min(granules, PILOT // LANES)))
    total = ranged(pilot.idle[0][2])
    _gather_misses(prepared, pilot.idle)
    if prepared.clocks.numbers[-1].any():
        return total, kept
    edges = np.unique(
        np.linspace(0, granules, min(granules, max(CHUNKS, 2 * runner.workers)) + 1).astype(int)
    )
    tasks = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
    work = _Work(prepared, total, trials, False, runner.shared, kept if runner.shared else None)
    done = 0
    for task, part, some in runner.run(work, tasks):
        if part is not None and some is not None:
            add_totals(total, part[0])
            prepared.clocks.numbers[-1] += part[1]
            lanes = slice(task[0] * LANES, task[1] * LANES)
            kept.goals[:, lanes], kept.plan_finish[lanes] = some.goals, some.plan_finish
        done += task[1] - task[0]
        tell(done / granules)
    for *_, part in work.idle:
        add_totals(total, part)
    _gather_misses(prepared, work.idle)
    return total, kept


def _gather_misses(prepared: Prepared, rooms: Iterable[tuple[Any, ...]]) -> None:
    """Look-ups outside the calendars' tables, counted by each worker."""
    for plan, *_ in rooms:
        prepared.clocks.numbers[-1] += plan.clocks.numbers[-1]


def _result(prepared: Prepared, settings: Settings, totals: Totals, kept: Kept) -> RiskResult:
    effects = effects_of(prepared.program, prepared.chance, prepared.reaches, prepared.random, totals, kept)
    return result_of(
        prepared.program.columns, prepared.program.rows, prepared.kept_rows, settings, totals, kept, effects
    )


__all__ = ["simulate"]
