"""One block of trials from drawing to counting: what every thread runs, and what it adds up.

All totals are whole numbers, so their sum is the same in whatever order blocks are done. Squares are kept
in two words
of 32 bits and more, so that no horizon within the limits overflows them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.schedule.chance import Chance, Luck, causes_kernel, durations_chunk
from torap.engines.schedule.clocks import ALWAYS, Clocks, bare, instant_row
from torap.engines.schedule.program import Links, Nodes
from torap.engines.schedule.rows import (
    ENDS,
    HIGHEST,
    LOWEST,
    OTHER,
    VALUE,
    blank_row,
    copy_row,
    ends_row,
    fill_row,
    slack_row,
)
from torap.engines.schedule.trial_kernels import Block, Frame, backward_chunk, ends_kernel, forward_chunk

NO_INSTANT = np.int32(-(1 << 31))
LANES = 64
CHUNK = 64  # nodes that are drawn, passed and counted before the next ones
SCREENED = 32  # granules whose trials choose the activities that may move a goal
LOW_WORD = np.int64(0xFFFFFFFF)
FS, SS, FF, SF = 0, 1, 2, 3


class Others(NamedTuple):
    """Levels of effort and summaries, and how rows of the result find their dates. K rows, E efforts, M
    summaries."""

    row: np.ndarray  # (N,) int32 row of each node, -1: none
    begun_at: np.ndarray  # (K,) int32 actual start, NO_INSTANT: none
    finished: np.ndarray  # (K,) bool
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
    bins: np.ndarray  # (K, 2, bins) uint32
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


class Goals(NamedTuple):
    """Which nodes move which goals."""

    random: np.ndarray  # (N,) bool: nodes whose duration differs between trials
    reaches: np.ndarray  # (G, N) bool
    rows: np.ndarray  # (G,) int64


@njit(cache=True, nogil=True)
def count_row(
    x: np.ndarray, k: Any, live: Any, low: np.ndarray, shift: np.ndarray, r: Any, side: Any, bins: np.ndarray
) -> None:
    base, bits, most = low[r, side], shift[r, side], np.int32(bins.shape[2] - 1)
    for i in range(live):
        b = np.uint32(min(max(np.int32(np.int32(x[k, i] - base) >> bits), np.int32(0)), most))
        bins[r, side, b] += np.uint32(1)


@njit(cache=True, nogil=True)
def seen_row(x: np.ndarray, k: Any, live: Any, seen: np.ndarray, r: Any, side: Any) -> None:
    least, most = seen[r, side], seen[r, side + 1]
    for i in range(live):
        least, most = min(least, x[k, i]), max(most, x[k, i])
    seen[r, side], seen[r, side + 1] = least, most


@njit(cache=True, nogil=True)
def finish_sums(
    x: np.ndarray, k: Any, live: Any, centre: Any, deadline: Any, sums: np.ndarray, r: Any
) -> None:
    total, squares, on_time = np.int64(0), np.int64(0), 0
    for i in range(live):
        off = np.int64(np.int32(x[k, i] - centre))
        total += off
        squares += off * off
        on_time += x[k, i] <= deadline
    sums[r, 0] += total
    sums[r, 1] += squares & LOW_WORD
    sums[r, 2] += squares >> np.int64(32)
    sums[r, 4] += on_time


@njit(cache=True, nogil=True)
def _length_sums(
    duration: np.ndarray, n: Any, live: Any, end: np.ndarray, last: Any, centre: Any, sums: np.ndarray, r: Any
) -> None:
    total, squares, products = np.int64(0), np.int64(0), np.int64(0)
    for i in range(live):
        length = np.int64(duration[n, i])
        total += length
        squares += length * length
        products += length * np.int64(np.int32(end[last, i] - centre))
    sums[r, 5] += total
    sums[r, 6] += squares & LOW_WORD
    sums[r, 7] += squares >> np.int64(32)
    sums[r, 8] += products & LOW_WORD
    sums[r, 9] += products >> np.int64(32)


@njit(cache=True, nogil=True)
def _raise_row(
    x: np.ndarray, k: Any, way: np.ndarray, branch: Any, own: Any, end: np.ndarray, last: Any
) -> None:
    """Raise the plan's finish to row `k`, where the way is taken."""
    for i in range(x.shape[1]):
        if branch < 0 or way[branch, i] == own:
            end[last, i] = max(end[last, i], x[k, i])


@njit(cache=True, nogil=True)
def _count_chunk(
    plan: Pass, granule: Any, live: Any, totals: Totals, kept: Kept, pilot: Any, first: Any, last: Any
) -> None:
    """Count the early dates of nodes `first` .. `last`-1, and take them into the plan's finish."""
    block, others, nodes = plan.block, plan.others, plan.nodes
    x, start, finish, duration = (
        bare(block.scratch),
        bare(block.start),
        bare(block.finish),
        bare(block.duration),
    )
    clocks, end = plan.clocks, bare(block.end)
    numbers, shares, pieces = bare(clocks.numbers), bare(clocks.shares), bare(clocks.pieces)
    row, begun_at, frame = bare(others.row), bare(others.begun_at), bare(nodes.frame)
    branch, own_way, way, plan_end = bare(nodes.branch), bare(nodes.way), bare(block.way), end.shape[0] - 1
    seen, low, shift, bins = bare(totals.seen), bare(totals.low), bare(totals.shift), bare(totals.bins)
    centre, deadline, sums, goal = (
        bare(totals.centre),
        bare(others.deadline),
        bare(totals.sums),
        bare(others.goal),
    )
    goals = bare(kept.goals)
    for n in range(first, last):
        r = row[n]
        if r < 0:
            continue
        instants(numbers, shares, pieces, frame[n], start, finish, duration, n, x)
        if begun_at[r] != NO_INSTANT:
            fill_row(x, VALUE, begun_at[r])
        _raise_row(x, OTHER, way, branch[n], own_way[n], end, plan_end)
        seen_row(x, VALUE, live, seen, r, 0)
        seen_row(x, OTHER, live, seen, r, 2)
        if not pilot:
            count_row(x, VALUE, live, low, shift, r, 0, bins)
            count_row(x, OTHER, live, low, shift, r, 1, bins)
            finish_sums(x, OTHER, live, centre[r], deadline[r], sums, r)
            if goal[r] >= 0:
                for i in range(live):
                    goals[goal[r], granule * LANES + i] = x[OTHER, i]


@njit(cache=True, nogil=True)
def instants(
    numbers: np.ndarray, shares: np.ndarray, pieces: np.ndarray, frame: Any,
    start: np.ndarray, finish: np.ndarray, duration: np.ndarray, n: Any, x: np.ndarray,
) -> None:  # fmt: skip
    """Put the early start and finish of node `n` as instants in rows VALUE and OTHER."""
    copy_row(start, n, x, VALUE)
    copy_row(finish, n, x, OTHER)
    if frame != ALWAYS:
        fill_row(x, ENDS, 0)
        instant_row(numbers, shares, pieces, frame, x, VALUE, ENDS)
        ends_row(duration, n, True, x, ENDS)
        instant_row(numbers, shares, pieces, frame, x, OTHER, ENDS)


@njit(cache=True, nogil=True)
def _late_chunk(plan: Pass, goals: Goals, live: Any, totals: Totals, first: Any, last: Any) -> None:
    """Count criticality, lengths and how they go with the plan's finish, of nodes `first` .. `last`-1."""
    nodes, block, others, clocks = plan.nodes, plan.block, plan.others, plan.clocks
    x, late, finish = bare(block.scratch), bare(block.late_finish), bare(block.finish)
    duration, end, way = bare(block.duration), bare(block.end), bare(block.way)
    numbers, shares, slots = bare(clocks.numbers), bare(clocks.shares), bare(clocks.slots)
    mode, calendar, branch, own_way = (
        bare(nodes.mode),
        bare(nodes.calendar),
        bare(nodes.branch),
        bare(nodes.way),
    )
    row, finished, random, sums = (
        bare(others.row),
        bare(others.finished),
        bare(goals.random),
        bare(totals.sums),
    )
    plan_end, centre, limit = end.shape[0] - 1, totals.plan_centre, others.critical_at
    for n in range(first, last):
        r = row[n]
        if r < 0:
            continue
        if not finished[r]:
            slack_row(mode, calendar, numbers, shares, slots, finish, late, n, x)
            blank_row(way, branch[n], own_way[n], HIGHEST, x, VALUE)
            sums[r, 3] += critical(x, live, limit)
        if random[n]:
            _length_sums(duration, n, live, end, plan_end, centre, sums, r)


@njit(cache=True, nogil=True)
def critical(x: np.ndarray, live: Any, limit: Any) -> Any:
    """In how many trials the float in row VALUE makes critical."""
    count = np.int32(0)
    for i in range(live):
        count += np.int32(x[VALUE, i] <= limit)
    return count


@njit(cache=True, nogil=True)
def screen_kernel(plan: Pass, goals: Goals, totals: Totals, kept: Kept, granule: Any, live: Any) -> None:
    """Add what shows which activities go with which goal, after all dates of the granule are known."""
    first = granule * LANES
    duration, random, reaches, rows = plan.block.duration, goals.random, goals.reaches, goals.rows
    length, screen, finishes, centre = totals.length, totals.screen, kept.goals, totals.centre
    for n in range(random.size):
        if not random[n]:
            continue
        total, squares = np.int64(0), np.int64(0)
        for i in range(live):
            total += np.int64(duration[n, i])
            squares += np.int64(duration[n, i]) * np.int64(duration[n, i])
        length[n, 0] += total
        length[n, 1] += squares
        for g in range(reaches.shape[0]):
            if reaches[g, n]:
                total = np.int64(0)
                for i in range(live):
                    total += np.int64(duration[n, i]) * np.int64(
                        np.int32(finishes[g, first + i] - centre[rows[g]])
                    )
                screen[g, n] += total


@njit(cache=True, nogil=True)
def run_kernel(
    plan: Pass, chance: Chance, luck: Luck, goals: Goals, totals: Totals, kept: Kept, first: Any, last: Any,
    pilot: Any,
) -> None:  # fmt: skip
    """Do the granules first .. last-1: draw, pass forward and backward, count. `pilot`: only what was
    seen."""
    block, count, nodes = plan.block, plan.every.size, plan.nodes
    plan_end = block.end.shape[0] - 1
    for granule in range(first, last):
        live = min(LANES, chance.draw.trials - granule * LANES)
        causes_kernel(chance, granule, luck, block.way)
        fill_row(block.end, plan_end, LOWEST)
        for n in range(0, count, CHUNK):
            m = min(n + CHUNK, count)
            durations_chunk(
                chance, granule, luck, block.way, nodes.branch, nodes.way, plan.every, n, m, block.duration, n
            )
            forward_chunk(nodes, plan.links, plan.clocks, plan.frame, block, n, m)
            _count_chunk(plan, granule, live, totals, kept, pilot, n, m)
        for i in range(LANES):
            if block.end[plan_end, i] == LOWEST:
                block.end[plan_end, i] = plan.others.begins
        if pilot and plan.others.effort_row.size == 0 and plan.others.summary_row.size == 0:
            continue
        ends_kernel(plan.clocks, block, plan.others.frames, plan.others.must_finish)
        for n in range((count - 1) // CHUNK * CHUNK, -1, -CHUNK):
            m = min(n + CHUNK, count)
            backward_chunk(nodes, plan.links, plan.clocks, plan.frame, block, n, m)
            _late_chunk(plan, goals, live, totals, n, m)
        for i in range(live):
            kept.plan_finish[granule * LANES + i] = block.end[plan_end, i]


__all__ = [
    "SCREENED",
    "Goals",
    "Kept",
    "Others",
    "Pass",
    "Totals",
    "run_kernel",
    "screen_kernel",
]
