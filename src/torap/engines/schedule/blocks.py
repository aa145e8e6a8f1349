"""One block of trials from drawing to counting: what every thread runs, and what it adds up.

All totals are whole numbers, so their sum is the same in whatever order blocks are done. Squares are kept in
two words of 32 bits and more, so that no horizon within the limits overflows them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.compiling import kernel
from torap.engines.lanes import LANES, at, flat, row, wide
from torap.engines.schedule.chance import Chance, Luck, durations_chunk
from torap.engines.schedule.clocks import ALWAYS, Clocks, instant_row, tables_of
from torap.engines.schedule.program import DONE, POINT, Links, Nodes
from torap.engines.schedule.rows import (
    ENDS,
    LOWEST,
    OFF,
    SPARE,
    VALUE,
    ZERO,
    copy_row,
    fill_row,
    sum_row,
)
from torap.engines.schedule.trial_kernels import Block, Frame, backward_chunk, ends_rows, forward_chunk

NO_INSTANT = np.int32(-(1 << 31))
CHUNK = 64  # nodes that are drawn, passed and counted before the next ones
SCREENED = 32  # granules whose trials choose the activities that may move a goal
TALLIED = 64  # granules whose trials are counted in the histograms
LOW_WORD = np.int64(0xFFFFFFFF)


class Others(NamedTuple):
    """Levels of effort and summaries, and how rows of the result find their dates. K rows, E efforts, M
    summaries.
    """

    row: np.ndarray  # (N,) int32 row of each node, -1: none
    begun_at: np.ndarray  # (K,) int32 actual start, NO_INSTANT: none
    finished: np.ndarray  # (K,) bool
    done_at: np.ndarray  # (K,) int32 actual finish, NO_INSTANT: none
    deadline: np.ndarray  # (K,) int32, HIGHEST: none
    goal: np.ndarray  # (K,) int32 place among the goals, -1: none
    effort_row: np.ndarray  # (E,) int32
    effort_clock: np.ndarray  # (E,) int32
    effort_from: np.ndarray  # (E+1,) int64
    effort_node: np.ndarray  # int32 the node at the other end
    effort_ahead: np.ndarray  # bool: the other end is the predecessor
    effort_type: np.ndarray  # int32
    effort_lag: np.ndarray  # int32
    effort_percent: np.ndarray  # int32
    effort_lag_clock: np.ndarray  # int32
    effort_whole: np.ndarray  # int32: minutes of the predecessor beyond what its node draws
    summary_row: np.ndarray  # (M,) int32
    part_from: np.ndarray  # (M+1,) int64
    part_node: np.ndarray  # int32 node, or -1 - place among the efforts
    frames: np.ndarray  # int64 calendars that are some node's frame
    lowest: int  # data date or start of the plan
    begins: int  # the plan's start: its finish when nothing is to be done
    must_finish: int  # instant, HIGHEST: none
    critical_at: int


class Totals(NamedTuple):
    """What is counted. K rows of the result, G goals, bins of the histograms."""

    seen: np.ndarray  # (K, 4) int32: smallest and largest start, smallest and largest finish
    low: np.ndarray  # (K, 2) int32: where the histograms of start and finish begin
    shift: np.ndarray  # (K, 2) int32: a bin is 2^shift minutes wide
    bins: np.ndarray  # (K, 2, bins) uint16
    centre: np.ndarray  # (K,) int32
    sums: np.ndarray  # (K, 10) int64; see SUMS
    plan_centre: int
    screen: np.ndarray  # (G, N) int64: length times deviation of the goal, over the first trials
    length: np.ndarray  # (N, 2) int64: length and its square over the first trials


# Columns of `sums`; low and high are the words of a sum of products.
SUMS = (
    "finish", "finish_low", "finish_high", "critical", "meets",
    "length", "length_low", "length_high", "with_low", "with_high",
)  # fmt: skip


SUMMED = len(SUMS)


class Kept(NamedTuple):
    """What is kept of every trial, S of them."""

    goals: np.ndarray  # (G, S) int32
    plan_finish: np.ndarray  # (S,) int32


class Pass(NamedTuple):
    """What the passes of a block need."""

    nodes: Nodes
    links: Links
    clocks: Clocks
    frame: Frame
    others: Others
    block: Block
    every: np.ndarray  # (N,) int64: all nodes
    efforts: np.ndarray  # (3, E, 64) int32: start, finish and float of the levels of effort
    given: int  # so many nodes come first whose dates are there already


class Goals(NamedTuple):
    """Which nodes move which goals."""

    random: np.ndarray  # (N,) bool: nodes whose duration differs between trials
    reaches: np.ndarray  # (G, N) bool
    rows: np.ndarray  # (G,) int64


@njit(nogil=True)
def tally_row(
    x: Any, spare: Any, live: Any, seen: Any, low: Any, shift: Any, bins: Any, most: Any, counts: Any
) -> None:
    """Widen what is seen by the first `live` dates of the row `x`, and, where `counts`, count them in `bins`,
    of which `most` is the last. Pointers to the places of one side of one row of the result.
    """
    wide()
    least, largest = seen[0], seen[1]
    for i in range(live):
        least, largest = min(least, x[i]), max(largest, x[i])
    seen[0], seen[1] = least, largest
    if counts:
        base, bits = low[0], shift[0]
        for i in range(LANES):
            spare[i] = min(max(np.int32(np.int32(x[i] - base) >> bits), ZERO), most)
        for i in range(live):
            bins[spare[i]] = np.uint16(bins[spare[i]] + np.uint16(1))


@njit(nogil=True)
def finish_sums(dates: Any, alive: Any, centre: Any, deadline: Any, sums: Any) -> None:
    """Add the row of finishes `dates` to `sums`, a row of totals."""
    wide()
    total, squares, on_time = np.int64(0), np.int64(0), ZERO
    for i in range(LANES):
        off = np.int32(np.int32(dates[i] - centre) & alive[i])
        total += np.int64(off)
        squares += np.int64(off) * np.int64(off)
        on_time = np.int32(on_time - (alive[i] if dates[i] <= deadline else ZERO))
    sums[0] += total
    sums[1] += squares & LOW_WORD
    sums[2] += squares >> np.int64(32)
    sums[4] += on_time


@njit(nogil=True)
def critical(slack: Any, alive: Any, limit: Any) -> Any:
    """In how many trials a float makes critical."""
    wide()
    count = ZERO
    for i in range(LANES):
        count = np.int32(count - (alive[i] if slack[i] <= limit else ZERO))
    return count


@njit(nogil=True)
def _length_sums(duration: Any, alive: Any, end: Any, centre: Any, sums: Any) -> None:
    """Add the row `duration`, and how it goes with the row `end` of plan's finishes, to `sums`."""
    wide()
    total, squares, products = np.int64(0), np.int64(0), np.int64(0)
    for i in range(LANES):
        length = np.int32(duration[i] & alive[i])
        total += np.int64(length)
        squares += np.int64(length) * np.int64(length)
        products += np.int64(length) * np.int64(np.int32(end[i] - centre))
    sums[5] += total
    sums[6] += squares & LOW_WORD
    sums[7] += squares >> np.int64(32)
    sums[8] += products & LOW_WORD
    sums[9] += products >> np.int64(32)


@njit(nogil=True)
def _raise_row(dates: Any, taken: Any, own: Any, forked: Any, end: Any) -> None:
    """Raise the plan's finish `end` to the row `dates`, where the way is taken."""
    wide()
    if forked:
        for i in range(LANES):
            end[i] = max(end[i], dates[i] if taken[i] == own else LOWEST)
    else:
        for i in range(LANES):
            end[i] = max(end[i], dates[i])


@njit(nogil=True)
def tally(totals: Totals, r: Any, begin: Any, finish: Any, spare: Any, live: Any, counts: Any) -> None:
    """Take the rows `begin` and `finish`, dates of row `r` of the result, into what is seen and the
    histograms.
    """
    place, size = 2 * r, totals.bins.shape[2]
    seen, low, shift, bins = flat(totals.seen), flat(totals.low), flat(totals.shift), flat(totals.bins)
    for side in range(2):
        k = place + side
        tally_row(
            finish if side == 1 else begin,
            spare,
            live,
            at(seen, 2 * k),
            at(low, k),
            at(shift, k),
            at(bins, k * size),
            np.int32(size - 1),
            counts,
        )


@njit(nogil=True)
def _count_chunk(
    plan: Pass, granule: Any, live: Any, totals: Totals, kept: Kept, pilot: Any, first: Any, last: Any
) -> None:
    """Count the early dates of nodes `first` .. `last`-1, and take them into the plan's finish."""
    wide()
    block, others, nodes, tables = plan.block, plan.others, plan.nodes, tables_of(plan.clocks)
    x, start, finish, finish_at = flat(block.scratch), flat(block.start), flat(block.finish), flat(block.at)
    duration, alive, mode, end = (
        flat(block.duration),
        flat(block.alive),
        flat(nodes.mode),
        row(flat(block.end), block.end.shape[0] - 1),
    )
    rows, begun_at, frame, goal = (
        flat(others.row),
        flat(others.begun_at),
        flat(nodes.frame),
        flat(others.goal),
    )
    branch, own_way, way = flat(nodes.branch), flat(nodes.way), flat(block.way)
    centre, deadline, sums = flat(totals.centre), flat(others.deadline), flat(totals.sums)
    for n in range(first, last):
        r, forked, own = np.int64(rows[n]), branch[n] >= 0, np.int64(frame[n])
        if r < 0:
            continue
        dates = row(finish, n) if own == ALWAYS else row(finish_at, n)
        _raise_row(dates, row(way, np.int64(branch[n]) if forked else 0), own_way[n], forked, end)
        if not pilot:
            finish_sums(dates, alive, centre[r], deadline[r], at(sums, r * SUMMED))
            if goal[r] >= 0:
                for i in range(live):
                    kept.goals[goal[r], granule * LANES + i] = dates[i]
        if granule < TALLIED:
            starts(tables, mode[n], own, begun_at[r], row(start, n), row(finish, n), row(duration, n), x)
            tally(totals, r, row(x, VALUE), dates, row(x, SPARE), live, not pilot)


@njit(nogil=True)
def starts(
    tables: Any, mode: Any, own: Any, begun_at: Any, start: Any, finish: Any, duration: Any, x: Any
) -> None:
    """Put the start of a node with such rows as an instant in row VALUE; what has begun began when it did"""
    value = row(x, VALUE)
    if begun_at != NO_INSTANT:
        fill_row(value, begun_at)
    elif mode == POINT:
        copy_row(start, value)
    else:
        sum_row(finish, duration, OFF, value)
        if own != ALWAYS:
            fill_row(row(x, ENDS), ZERO)
            instant_row(tables, own, value, row(x, ENDS))


@njit(nogil=True)
def _late_chunk(plan: Pass, goals: Goals, totals: Totals, first: Any, last: Any) -> None:
    """Count criticality, lengths and how they go with the plan's finish, of nodes `first` .. `last`-1."""
    wide()
    block, others = plan.block, plan.others
    duration, alive, rows, slack = (
        flat(block.duration),
        flat(block.alive),
        flat(others.row),
        flat(block.slack),
    )
    end, random, sums, mode = (
        row(flat(block.end), block.end.shape[0] - 1),
        flat(goals.random),
        flat(totals.sums),
        flat(plan.nodes.mode),
    )
    centre, limit = np.int32(totals.plan_centre), np.int32(others.critical_at)
    for n in range(first, last):
        r = np.int64(rows[n])
        if r < 0:
            continue
        if mode[n] != DONE:
            sums[r * SUMMED + 3] += critical(row(slack, n - first), alive, limit)
        if random[n]:
            _length_sums(row(duration, n), alive, end, centre, at(sums, r * SUMMED))


@kernel
def screen_kernel(plan: Pass, goals: Goals, totals: Totals, kept: Kept, granule: Any, live: Any) -> None:
    """Add what shows which activities go with which goal, after all dates of the granule are known."""
    wide()
    first, durations, alive = granule * LANES, flat(plan.block.duration), flat(plan.block.alive)
    random, reaches, length, screen = goals.random, goals.reaches, totals.length, totals.screen
    off = np.zeros((goals.rows.size, LANES), np.int32)
    for g in range(goals.rows.size):
        for i in range(live):
            off[g, i] = kept.goals[g, first + i] - totals.centre[goals.rows[g]]
    for n in range(random.size):
        if not random[n]:
            continue
        total, squares, duration = np.int64(0), np.int64(0), row(durations, n)
        for i in range(LANES):
            own = np.int32(duration[i] & alive[i])
            total += np.int64(own)
            squares += np.int64(own) * np.int64(own)
        length[n, 0] += total
        length[n, 1] += squares
        for g in range(reaches.shape[0]):
            if reaches[g, n]:
                total, away = np.int64(0), row(flat(off), g)
                for i in range(LANES):
                    total += np.int64(duration[i]) * np.int64(away[i])
                screen[g, n] += total


@kernel
def run_kernel(
    plan: Pass, chance: Chance, luck: Luck, goals: Goals, totals: Totals, kept: Kept, granule: Any, pilot: Any
) -> None:
    """Do a granule whose causes are drawn: draw durations, pass forward and backward, count. `pilot`: only
    what was seen. The plan's finish is raised from what `kept` holds.
    """
    wide()
    block, count, nodes, others = plan.block, plan.every.size, plan.nodes, plan.others
    given = plan.given
    plan_end, live = block.end.shape[0] - 1, min(LANES, chance.draw.trials - granule * LANES)
    for i in range(LANES):
        block.end[plan_end, i] = kept.plan_finish[granule * LANES + i] if i < live else LOWEST
        block.alive[i] = OFF if i < live else ZERO
    for n in range(given, count, CHUNK):
        m = min(n + CHUNK, count)
        durations_chunk(
            chance, granule, luck, block.way, nodes.branch, nodes.way, plan.every, n, m, block.duration, n
        )
        forward_chunk(nodes, plan.links, plan.clocks, plan.frame, block, n, m)
        _count_chunk(plan, granule, live, totals, kept, pilot, n, m)
    for i in range(LANES):
        if block.end[plan_end, i] == LOWEST:
            block.end[plan_end, i] = others.begins
    if pilot and others.effort_row.size == 0 and others.summary_row.size == 0:
        return
    ends_rows(plan.clocks, block, others.frames, others.must_finish)
    for n in range(given + (count - given - 1) // CHUNK * CHUNK, given - 1, -CHUNK):
        m = min(n + CHUNK, count)
        backward_chunk(nodes, plan.links, plan.clocks, plan.frame, block, n, m)
        _late_chunk(plan, goals, totals, n, m)
    for i in range(live):
        kept.plan_finish[granule * LANES + i] = block.end[plan_end, i]


__all__ = [
    "CHUNK",
    "SCREENED",
    "SUMMED",
    "TALLIED",
    "Goals",
    "Kept",
    "Others",
    "Pass",
    "Totals",
    "critical",
    "finish_sums",
    "run_kernel",
    "screen_kernel",
    "starts",
    "tally",
]
