"""One block of trials from drawing to counting: what every thread runs, and what it adds up.

All totals are whole numbers, so their sum is the same in whatever order blocks are done. Squares are kept in two words
of 32 bits and more, so that no horizon within the limits overflows them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from torap.engines.schedule.chance import causes_kernel, duration_kernel
from torap.engines.schedule.clocks import ALWAYS, add, position
from torap.engines.schedule.trial_kernels import (
    HIGHEST,
    LOWEST,
    _mask_kernel,
    backward_node_kernel,
    ends_kernel,
    forward_node_kernel,
    plan_finish_kernel,
    raw_kernel,
    raw_late_kernel,
    slack_kernel,
)

NO_INSTANT = np.int32(-(1 << 31))
LANES = 64
SCREENED = 32  # granules whose trials choose the activities that may move a goal
LOW_WORD = np.int64(0xFFFFFFFF)
FS, SS, FF, SF = 0, 1, 2, 3


class Others(NamedTuple):
    """Levels of effort and summaries, and how rows of the result find their dates. K rows, E efforts, M summaries."""

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


SUMS = ("finish", "finish_low", "finish_high", "critical", "meets", "length", "length_low", "length_high", "with_low", "with_high")  # fmt: skip


class Kept(NamedTuple):
    """What is kept of every trial, S of them."""

    goals: np.ndarray  # (G, S) int32
    plan_finish: np.ndarray  # (S,) int32


@njit(cache=True, nogil=True)
def _count_kernel(values: np.ndarray, low: int, shift: int, bins: np.ndarray) -> None:
    most = bins.size - 1
    for i in range(values.size):
        bins[min(max((values[i] - low) >> shift, 0), most)] += np.uint32(1)


@njit(cache=True, nogil=True)
def _square_kernel(sums: np.ndarray, at: int, a: np.ndarray, b: np.ndarray, a_centre: int, b_centre: int) -> None:
    """Add the products of deviations to the two words at `sums[at]`."""
    total = np.int64(0)
    for i in range(a.size):
        total += np.int64(a[i] - a_centre) * np.int64(b[i] - b_centre)
    sums[at] += total & LOW_WORD
    sums[at + 1] += total >> np.int64(32)


@njit(cache=True, nogil=True)
def _seen_kernel(seen: np.ndarray, start: np.ndarray, finish: np.ndarray) -> None:
    a, b, c, d = seen[0], seen[1], seen[2], seen[3]
    for i in range(start.size):
        a, b = min(a, start[i]), max(b, start[i])
        c, d = min(c, finish[i]), max(d, finish[i])
    seen[0], seen[1], seen[2], seen[3] = a, b, c, d


@njit(cache=True, nogil=True)
def _dates_kernel(others: Others, totals: Totals, kept: Kept, r: int, first: int, start: np.ndarray, finish: np.ndarray, pilot: bool) -> None:
    """Count the instants of row `r`: (live,) int32 each."""
    if others.begun_at[r] != NO_INSTANT:
        start[:] = others.begun_at[r]
    _seen_kernel(totals.seen[r], start, finish)
    if pilot:
        return
    _count_kernel(start, totals.low[r, 0], totals.shift[r, 0], totals.bins[r, 0])
    _count_kernel(finish, totals.low[r, 1], totals.shift[r, 1], totals.bins[r, 1])
    total, on_time = np.int64(0), 0
    for i in range(finish.size):
        total += np.int64(finish[i] - totals.centre[r])
        on_time += finish[i] <= others.deadline[r]
    totals.sums[r, 0] += total
    totals.sums[r, 4] += on_time
    _square_kernel(totals.sums[r], 1, finish, finish, totals.centre[r], totals.centre[r])
    if others.goal[r] >= 0:
        kept.goals[others.goal[r], first : first + finish.size] = finish


@njit(cache=True, nogil=True)
def _forward_kernel(plan: Pass, chance: Chance, luck: Luck, granule: int, live: int, totals: Totals, kept: Kept, pilot: bool) -> None:
    nodes, links, clocks, frame, others, block = plan
    block.plan_finish[:] = LOWEST
    start, finish = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for n in range(nodes.mode.size):
        duration_kernel(chance, n, granule, luck, block.duration[n])
        _mask_kernel(nodes, block.way, n, np.int32(0), block.duration[n])
        forward_node_kernel(nodes, links, clocks, frame, block, n)
        r = others.row[n]
        if r < 0:
            continue
        own, durations = nodes.frame[n], block.duration[n]
        raw_kernel(clocks, own, block.finish[n], durations, True, finish)
        raw_kernel(clocks, own, block.start[n], durations, False, start)
        _dates_kernel(others, totals, kept, r, granule * LANES, start[:live], finish[:live], pilot)
        plan_finish_kernel(nodes, block, n, finish)
    for i in range(LANES):
        if block.plan_finish[i] == LOWEST:
            block.plan_finish[i] = others.begins


@njit(cache=True, nogil=True)
def _backward_kernel(plan: Pass, chance: Chance, random: np.ndarray, live: int, totals: Totals) -> None:
    nodes, links, clocks, frame, others, block = plan
    ends_kernel(clocks, block, others.must_finish)
    slack = np.empty(LANES, np.int32)
    for n in range(nodes.mode.size - 1, -1, -1):
        backward_node_kernel(nodes, links, clocks, frame, block, n)
        r = others.row[n]
        if r < 0:
            continue
        sums = totals.sums[r]
        if not others.finished[r]:
            slack_kernel(nodes, clocks, block, n, slack)
            _mask_kernel(nodes, block.way, n, HIGHEST, slack)
            critical = 0
            for i in range(live):
                critical += slack[i] <= others.critical_at
            sums[3] += critical
        if random[n]:
            length = block.duration[n][:live]
            total = np.int64(0)
            for i in range(live):
                total += length[i]
            sums[5] += total
            _square_kernel(sums, 6, length, length, 0, 0)
            _square_kernel(sums, 8, length, block.plan_finish[:live], 0, totals.plan_centre)


@njit(cache=True, nogil=True)
def _effort_end_kernel(plan: Pass, j: int, late: bool, i: int) -> tuple[int, bool]:
    """The instant that link `j` of a level of effort ties it to in trial `i`, and whether it ties its start."""
    nodes, links, clocks, frame, others, block = plan
    n, kind, ahead = others.effort_node[j], others.effort_type[j], others.effort_ahead[j]
    durations = block.duration[n]
    finishes = kind in (FS, FF) if ahead else kind in (FF, SF)
    lag = others.effort_lag[j]
    if others.effort_percent[j] != 0:
        whole = np.int64(others.effort_whole[j]) + (durations[i] if ahead else 0)
        product = whole * others.effort_percent[j]
        lag = product // 10_000
        rest = product - lag * 10_000
        if rest * 2 > 10_000 or (rest * 2 == 10_000 and lag & 1):
            lag += 1
    own = nodes.frame[n]
    if late:
        values = block.late_finish[n] if finishes else block.late_start[n]
        raw_late_kernel(clocks, own, values[i : i + 1], durations[i : i + 1], finishes, block.scratch[0][:1])
    else:
        values = block.finish[n] if finishes else block.start[n]
        raw_kernel(clocks, own, values[i : i + 1], durations[i : i + 1], finishes, block.scratch[0][:1])
    at = block.scratch[0][0]
    moved = add(clocks, others.effort_lag_clock[j], at, lag if ahead else -lag)
    starts = kind in (FS, SS) if ahead else kind in (SS, SF)
    return moved, starts


@njit(cache=True, nogil=True)
def _next_start(clocks: Clocks, clock: int, at: int) -> int:
    if clock == ALWAYS:
        return np.int32(at)
    p = position(clocks, clock, at)
    k = np.int64((np.float64(p) + 0.5) * clocks.piece_share[clock])
    return np.int32(clocks.pieces[clocks.piece_from[clock] + k] + p)


@njit(cache=True, nogil=True)
def _same_finish(clocks: Clocks, clock: int, at: int) -> int:
    if clock == ALWAYS:
        return np.int32(at)
    p = position(clocks, clock, at)
    k = np.int64((np.float64(p - 1) + 0.5) * clocks.piece_share[clock])
    return np.int32(clocks.pieces[clocks.piece_from[clock] + k] + p)


@njit(cache=True, nogil=True)
def _effort_kernel(plan: Pass, e: int, start: np.ndarray, finish: np.ndarray, slack: np.ndarray) -> None:
    """Fill the dates and the float of level of effort `e`, as `effort.passes` does."""
    nodes, links, clocks, frame, others, block = plan
    clock = others.effort_clock[e]
    for i in range(LANES):
        early, end, late_end = HIGHEST, LOWEST, LOWEST
        for j in range(others.effort_from[e], others.effort_from[e + 1]):
            at, starts = _effort_end_kernel(plan, j, False, i)
            if starts:
                early = min(early, at)
            else:
                end = max(end, at)
                later, _ = _effort_end_kernel(plan, j, True, i)
                late_end = max(late_end, later)
        early = np.int32(others.lowest) if early == HIGHEST else early
        start[i] = _next_start(clocks, clock, max(early, np.int32(others.lowest)))
        finish[i] = max(_same_finish(clocks, clock, early if end == LOWEST else end), start[i])
        last = _same_finish(clocks, clock, block.plan_finish[i] if late_end == LOWEST else late_end)
        if clock == ALWAYS:
            slack[i] = last - finish[i]
        else:
            slack[i] = position(clocks, clock, last) - position(clocks, clock, finish[i])


@njit(cache=True, nogil=True)
def _others_kernel(plan: Pass, efforts: np.ndarray, granule: int, live: int, totals: Totals, kept: Kept, pilot: bool) -> None:
    """Levels of effort, then summaries: dates, and how often they are critical. `efforts`: (E, 3, 64) int32."""
    nodes, links, clocks, frame, others, block = plan
    for e in range(others.effort_row.size):
        r = others.effort_row[e]
        _effort_kernel(plan, e, efforts[e, 0], efforts[e, 1], efforts[e, 2])
        critical = 0
        for i in range(live):
            critical += efforts[e, 2, i] <= others.critical_at and not others.finished[r]
        totals.sums[r, 3] += critical
        _dates_kernel(
            others, totals, kept, r, granule * LANES, efforts[e, 0, :live], efforts[e, 1, :live], pilot
        )
    start, finish = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    first, last, slack = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for m in range(others.summary_row.size):
        start[:], finish[:] = HIGHEST, LOWEST
        critical = np.zeros(LANES, np.bool_)
        for j in range(others.part_from[m], others.part_from[m + 1]):
            n = others.part_node[j]
            if n >= 0:
                r = others.row[n]
                raw_kernel(clocks, nodes.frame[n], block.start[n], block.duration[n], False, first)
                raw_kernel(clocks, nodes.frame[n], block.finish[n], block.duration[n], True, last)
                slack_kernel(nodes, clocks, block, n, slack)
                _mask_kernel(nodes, block.way, n, HIGHEST, slack)
                if others.begun_at[r] != NO_INSTANT:
                    first[:] = others.begun_at[r]
            else:
                r = others.effort_row[-1 - n]
                first[:], last[:], slack[:] = efforts[-1 - n, 0], efforts[-1 - n, 1], efforts[-1 - n, 2]
            for i in range(LANES):
                start[i] = min(start[i], first[i])
                finish[i] = max(finish[i], last[i])
                critical[i] |= slack[i] <= others.critical_at and not others.finished[r]
        row = others.summary_row[m]
        _dates_kernel(others, totals, kept, row, granule * LANES, start[:live], finish[:live], pilot)
        totals.sums[row, 3] += critical[:live].sum()


@njit(cache=True, nogil=True)
def _screen_kernel(block: Block, reaches: np.ndarray, random: np.ndarray, rows: np.ndarray, totals: Totals, kept: Kept, first: int, live: int) -> None:
    """Add what shows which activities go with which goal; `reaches` (G, N) bool, `rows` (G,) row of each goal."""
    for n in range(random.size):
        if not random[n]:
            continue
        length = block.duration[n]
        for i in range(live):
            totals.length[n, 0] += length[i]
            totals.length[n, 1] += np.int64(length[i]) * length[i]
        for g in range(reaches.shape[0]):
            if reaches[g, n]:
                total, centre = np.int64(0), totals.centre[rows[g]]
                for i in range(live):
                    total += np.int64(length[i]) * (kept.goals[g, first + i] - centre)
                totals.screen[g, n] += total


@njit(cache=True, nogil=True)
def run_kernel(plan: Pass, chance: Chance, luck: Luck, goals: Goals, efforts: np.ndarray, totals: Totals, kept: Kept, first: int, last: int, pilot: bool) -> None:
    """Do the granules first .. last-1: draw, pass forward and backward, count. `pilot`: only what was seen."""
    block = plan[5]
    random, reaches, rows = goals
    for granule in range(first, last):
        live = min(LANES, chance.draw.trials - granule * LANES)
        causes_kernel(chance, granule, luck, block.way)
        _forward_kernel(plan, chance, luck, granule, live, totals, kept, pilot)
        if not pilot or efforts.shape[0]:
            _backward_kernel(plan, chance, random, live, totals)
        _others_kernel(plan, efforts, granule, live, totals, kept, pilot)
        if not pilot:
            if granule < SCREENED:
                _screen_kernel(block, reaches, random, rows, totals, kept, granule * LANES, live)
            kept.plan_finish[granule * LANES : granule * LANES + live] = block.plan_finish[:live]


__all__ = ["Kept", "SCREENED", "Others", "Totals", "run_kernel"]
