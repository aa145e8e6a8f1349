"""Doing the trials: granules shared out to workers, their totals added up, what is kept of each trial."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from torap.engines.lanes import LANES, aligned
from torap.engines.schedule.blocks import (
    SCREENED,
    TALLIED,
    Goals,
    Kept,
    Others,
    Pass,
    Totals,
    count_kernel,
    run_kernel,
    screen_kernel,
)
from torap.engines.schedule.borders import Borders, no_edges
from torap.engines.schedule.chance import (
    Chance,
    Drawn,
    Luck,
    drawn_of,
    durations_kernel,
    luck_of,
)
from torap.engines.schedule.clocks import Clocks
from torap.engines.schedule.executors import Executor, shared_out
from torap.engines.schedule.program import Program
from torap.engines.schedule.results import add_totals, blank, fresh, ranged
from torap.engines.schedule.rows import LOWEST, ROWS
from torap.engines.schedule.spans import others_kernel
from torap.engines.schedule.trial_kernels import Block, Frame

PILOT = 512  # trials that show where the histograms should lie
CHUNKS = 24  # tasks of a run: enough to share out and to show progress
LEAST_BATCH, MOST_BATCH = 4, 16  # granules whose places in the histograms are counted together
PLACES = 1 << 24  # places that may wait for it, unless there are more in the least batch

Progress = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A plan, or a part of one, ready to run: constants, tables, and what each trial draws."""

    program: Program
    chance: Chance
    random: np.ndarray  # (N,) bool
    others: Others
    clocks: Clocks
    frame: Frame
    goal_rows: np.ndarray  # (G,) row of each goal
    kept_rows: np.ndarray  # (G + W,) rows whose every trial is kept: goals, then what is only watched
    reaches: np.ndarray  # (G, N) bool: nodes a goal waits for
    rows: int  # of the whole plan's result
    brief: bool = False  # only goals, chances and criticality are told
    given: int = 0  # so many nodes come first whose dates are given by `borders`
    borders: Borders | None = None  # dates at the borders of clusters: to be kept, or given and compared
    spare: list[Block] = field(default_factory=list)  # blocks of workers that are done, for the next ones


class Outcome(NamedTuple):
    """What the trials gave."""

    totals: Totals
    kept: Kept
    drawn: Drawn


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
    drawn: Drawn | None = None
    idle: deque[_Room] = field(default_factory=deque)

    def __call__(self, task: tuple[int, int]) -> tuple[tuple[int, int], tuple[Any, ...] | None]:
        try:
            room = self.idle.pop()
        except IndexError:
            room = _room(self.prepared, self.shape, self.pilot)
        kept = self.kept or _kept(self.prepared, self.trials)
        drawn = self.drawn or drawn_of(self.prepared.chance)
        first, last = task
        while first < last:
            end = min(last, first + self._together(room, first))
            self._stretch(room, kept, drawn, first, end)
            first = end
        if self.shared:
            self.idle.append(room)
            return task, None
        room.count()
        plan, totals = room.plan, room.totals
        lanes = slice(task[0] * LANES, task[1] * LANES)
        return task, (
            totals, plan.clocks.numbers[-1], kept.goals[:, lanes], kept.plan_finish[lanes],
            drawn.drivers[:, lanes], drawn.happened[:, slice(*task)], drawn.ways[:, lanes],
        )  # fmt: skip

    def _together(self, room: _Room, first: int) -> int:
        """How many granules from `first` on the kernel may do by itself."""
        if self._others:
            return 1
        tallied = room.plan.tallied
        return min(room.free, tallied - first) if not self.pilot and first < tallied else self.trials

    def _stretch(self, room: _Room, kept: Kept, drawn: Drawn, first: int, last: int) -> None:
        """Do granules that are done together."""
        plan, luck, totals = room.plan, room.luck, room.totals
        prepared, others = self.prepared, self._others
        goals = Goals(prepared.random, prepared.reaches, prepared.goal_rows.astype(np.int64))
        edges = prepared.borders.edges if prepared.borders is not None else no_edges()
        run_kernel(
            plan, prepared.chance, luck, goals, totals, kept, drawn, edges, first, last, len(room.lives),
            self.pilot, not self.pilot and not prepared.given,
            not self.pilot and not others and not prepared.brief,
        )  # fmt: skip
        if others:
            others_kernel(plan, totals, kept, first, len(room.lives), self._live(first), self.pilot)
        if self.pilot:
            return
        if others and first < SCREENED and len(goals.rows) and not prepared.brief:
            screen_kernel(plan, goals, totals, kept, first, self._live(first))
        room.tallied([self._live(granule) for granule in range(first, min(last, plan.tallied))])

    def _live(self, granule: int) -> int:
        """How many trials of a granule count."""
        return min(LANES, self.trials - granule * LANES)

    @property
    def _others(self) -> bool:
        """The plan has levels of effort or summaries."""
        return bool(self.prepared.program.efforts or self.prepared.program.summaries)


@dataclass
class _Room:
    """State of a block, scratch and totals of one worker; `lives`: trials of each granule to be counted."""

    plan: Pass
    luck: Luck
    totals: Totals
    lives: list[int] = field(default_factory=list)

    @property
    def free(self) -> int:
        """How many granules can still be written down."""
        return len(self.plan.block.places) - len(self.lives)

    def tallied(self, lives: list[int]) -> None:
        """Granules were written down; when no more can be, all are counted."""
        self.lives += lives
        if not self.free:
            self.count()

    def count(self) -> None:
        """Count what was written down."""
        lives = np.array(self.lives, np.int64)
        if len(lives):
            count_kernel(self.plan.block.places, self.totals.bins, lives, len(lives))
        self.lives.clear()


def _room(prepared: Prepared, shape: Totals, pilot: bool = False) -> _Room:
    """Room for one worker. A pilot looks at every date, even where none is told."""
    tallied = TALLIED if pilot or not prepared.brief else 0
    program, clocks = prepared.program, prepared.clocks
    try:
        block = prepared.spare.pop()
    except IndexError:
        block = _block(program, len(clocks.shares))
    if prepared.borders is not None and block.late_start is block.finish:
        block = block._replace(late_start=aligned(block.finish.shape))
    clocks = clocks._replace(numbers=clocks.numbers.copy())
    efforts = np.zeros((3, len(program.efforts), LANES), np.int32)
    every = np.arange(len(program.nodes.mode), dtype=np.int64)
    plan = Pass(
        program.nodes, program.links, clocks, prepared.frame, prepared.others, block, every, efforts,
        prepared.given, tallied, not prepared.brief,
    )  # fmt: skip
    return _Room(plan, luck_of(prepared.chance), fresh(shape))


def _block(program: Program, frames: int) -> Block:
    """State of a block of trials."""
    nodes, branches, width = len(program.nodes.mode), len(program.columns.branch_ids), 2 * len(program.rows)
    batch = min(max(PLACES // max(width * LANES, 1), LEAST_BATCH), MOST_BATCH)
    # Pages of rows that nothing touches take no memory.
    duration, start, finish, at, late_finish, late_at = (aligned((nodes, LANES)) for _ in range(6))
    return Block(
        duration=duration, start=start, finish=finish, at=at,
        late_start=aligned((nodes, LANES)) if program.everything else finish,
        late_finish=late_finish, late_at=late_at,
        way=aligned((branches, LANES)), end=aligned((frames + 2, LANES)), scratch=aligned((ROWS, LANES)),
        alive=aligned((LANES,)), places=aligned((batch, width, LANES), np.uint16),
    )  # fmt: skip


def _kept(prepared: Prepared, trials: int) -> Kept:
    """Room for what is kept; the plan's finish is raised from what it holds."""
    least = np.full(trials, LOWEST, np.int32)
    if prepared.borders is not None and prepared.given:
        least = prepared.borders.least.copy()
    return Kept(np.zeros((len(prepared.kept_rows), trials), np.int32), least)


def pilot(prepared: Prepared, trials: int, granules: int, runner: Executor) -> Totals:
    """What the first granules show of the dates, where they lie; misses of the tables are in the clocks."""
    total = blank(len(prepared.program.rows), *prepared.reaches.shape)
    work = _Work(prepared, total, trials, True, True, _kept(prepared, trials), drawn_of(prepared.chance))

    def look(stretch: range) -> None:
        work((stretch.start, stretch.stop))

    shared_out(look, min(granules, -(-trials // LANES)), runner)
    return _finish(prepared, work, total, runner)


def run(
    prepared: Prepared, trials: int, shown: Totals, runner: Executor, tell: Progress,
    *, granules: np.ndarray | None = None,
) -> Outcome:  # fmt: skip
    """All trials, or those of some `granules`; `shown`: what the pilot saw."""
    total = ranged(shown, prepared.rows, prepared.others.begins, brief=prepared.brief)
    kept, drawn = _kept(prepared, trials), drawn_of(prepared.chance)
    tasks = _tasks(-(-trials // LANES), granules, runner)
    if runner.shared:
        work = _Work(prepared, total, trials, False, True, kept, drawn)
    else:  # blocks stay here: they would travel with every task
        work = _Work(replace(prepared, spare=[]), total, trials, False, False)
    done, whole = 0, sum(last - first for first, last in tasks)
    for task, part in runner.run(work, tasks):
        if part is not None:
            _add_part(prepared, Outcome(total, kept, drawn), task, part)
        done += task[1] - task[0]
        tell(done / whole)
    return Outcome(_finish(prepared, work, total, runner), kept, drawn)


def _tasks(count: int, granules: np.ndarray | None, runner: Executor) -> list[tuple[int, int]]:
    """Granules shared out: the first of a task and the one after its last."""
    if granules is not None and len(granules) < count:
        return [(granule, granule + 1) for granule in granules.tolist()]
    edges = np.unique(np.linspace(0, count, min(count, max(CHUNKS, 2 * runner.workers)) + 1).astype(int))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def screen(prepared: Prepared, shape: Totals, kept: Kept, trials: int) -> Totals:
    """Totals in which only `screen` and `length` are filled: how durations go with the prepared goals, whose
    every trial `kept` has in the same order.
    """
    room = _room(prepared, shape)
    plan, luck, totals = room.plan, room.luck, room.totals
    block, none = plan.block, drawn_of(prepared.chance)
    goals = Goals(prepared.random, prepared.reaches, prepared.goal_rows.astype(np.int64))
    for granule in range(min(SCREENED, -(-trials // LANES))):
        live = min(LANES, trials - granule * LANES)
        block.alive[:live], block.alive[live:] = -1, 0
        durations_kernel(
            prepared.chance, granule, granule + 1, luck, block.way, plan.nodes.branch, plan.nodes.way,
            block.duration[:, None], 0, none, False,
        )  # fmt: skip
        screen_kernel(plan, goals, totals, kept, granule, live)
    return totals


def _add_part(prepared: Prepared, outcome: Outcome, task: Sequence[int], part: tuple[Any, ...]) -> None:
    """Put together what a far worker did."""
    totals, misses, goals, finishes, drivers, happened, ways = part
    add_totals(outcome.totals, totals)
    prepared.clocks.numbers[-1] += misses
    lanes = slice(task[0] * LANES, task[1] * LANES)
    outcome.kept.goals[:, lanes], outcome.kept.plan_finish[lanes] = goals, finishes
    outcome.drawn.drivers[:, lanes], outcome.drawn.ways[:, lanes] = drivers, ways
    outcome.drawn.happened[:, slice(*task)] = happened


def _finish(prepared: Prepared, work: _Work, total: Totals, runner: Executor) -> Totals:
    """Put together what workers of this process counted, also look-ups outside the calendars' tables; the
    next ones use their blocks. What far ones counted is in `total` already.
    """
    rooms = list(work.idle)

    def count(places: range) -> None:
        for k in places:
            rooms[k].count()

    shared_out(count, len(rooms), runner)
    for room in rooms:
        prepared.clocks.numbers[-1] += room.plan.clocks.numbers[-1]
        prepared.spare.append(room.plan.block)
    work.idle.clear()
    parts = [room.totals for room in rooms]
    if work.shared and parts:
        total = parts.pop()
    for part in parts:
        add_totals(total, part)
    return total


__all__ = ["PILOT", "Outcome", "Prepared", "Progress", "pilot", "run", "screen"]
