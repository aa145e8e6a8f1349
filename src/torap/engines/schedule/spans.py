"""Dates that follow from others', in every trial of a block: levels of effort and summaries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from torap.engines.schedule.blocks import (
    LANES,
    NO_INSTANT,
    Kept,
    Others,
    Pass,
    Totals,
    count_row,
    critical,
    finish_sums,
    instants,
    seen_row,
)
from torap.engines.schedule.clocks import ALWAYS, Clocks, add_row, instant_row, position_row
from torap.engines.schedule.rows import (
    ENDS,
    HIGHEST,
    LOWEST,
    MOVE,
    OTHER,
    SPARE,
    VALUE,
    blank_row,
    copy_row,
    ends_row,
    fill_row,
    lag_row,
    late_ends_row,
    slack_row,
)

FS, SS, FF, SF = 0, 1, 2, 3


@njit(cache=True, nogil=True)
def _count(
    others: Others, totals: Totals, kept: Kept, r: Any, first: Any, live: Any,
    begin: np.ndarray, b: Any, finish: np.ndarray, f: Any, pilot: Any,
) -> None:  # fmt: skip
    """Count a start (row `b` of `begin`) and a finish (row `f` of `finish`), instants of row `r` of the
    result."""
    seen_row(begin, b, live, totals.seen, r, 0)
    seen_row(finish, f, live, totals.seen, r, 2)
    if pilot:
        return
    count_row(begin, b, live, totals.low, totals.shift, r, 0, totals.bins)
    count_row(finish, f, live, totals.low, totals.shift, r, 1, totals.bins)
    finish_sums(finish, f, live, totals.centre[r], others.deadline[r], totals.sums, r)
    g = others.goal[r]
    if g >= 0:
        for i in range(live):
            kept.goals[g, first + i] = finish[f, i]


@njit(cache=True, nogil=True)
def _effort_link(plan: Pass, j: Any, late: Any) -> Any:
    """Put in row VALUE what link `j` of a level of effort ties it to; whether it ties its start."""
    others, block, clocks = plan.others, plan.block, plan.clocks
    x, duration = block.scratch, block.duration
    n, kind, ahead = others.effort_node[j], others.effort_type[j], others.effort_ahead[j]
    finishes = (kind == FF) or (kind == FS if ahead else kind == SF)
    own = plan.nodes.frame[n]
    if late:
        copy_row(block.late_finish if finishes else block.late_start, n, x, VALUE)
        late_ends_row(duration, n, finishes, x, ENDS)
    else:
        copy_row(block.finish if finishes else block.start, n, x, VALUE)
        ends_row(duration, n, finishes, x, ENDS)
    if own != ALWAYS:
        instant_row(clocks.numbers, clocks.shares, clocks.pieces, own, x, VALUE, ENDS)
    lag_row(others.effort_percent[j], others.effort_lag[j], others.effort_whole[j], duration, n, x, MOVE)
    if not ahead:
        if others.effort_percent[j] != 0:  # a share of the effort's own length, which nothing draws
            product = np.int64(others.effort_whole[j]) * np.int64(others.effort_percent[j])
            fill_row(x, MOVE, _half_even(product))
        for i in range(LANES):
            x[MOVE, i] = -x[MOVE, i]
    clock = others.effort_lag_clock[j]
    add_row(clocks.numbers, clocks.shares, clocks.slots, clocks.pieces, clock, x, VALUE, MOVE, SPARE)
    return (kind == SS) or (kind == FS if ahead else kind == SF)


@njit(cache=True, nogil=True)
def _half_even(product: Any) -> Any:
    """A product in hundredths of a percent as a whole number, halves to the even one."""
    whole = product // 10_000
    rest = (product - whole * 10_000) * 2
    return whole + (1 if rest > 10_000 or (rest == 10_000 and whole & 1 == 1) else 0)


@njit(cache=True, nogil=True)
def _move_row(clocks: Clocks, c: Any, forward: Any, x: np.ndarray, k: Any) -> None:
    """Move the instants of row `k` to the next instant at which work starts, or back over time without
    work."""
    if c != ALWAYS:
        fill_row(x, ENDS, 0 if forward else 1)
        position_row(clocks.numbers, clocks.shares, clocks.slots, c, x, k)
        instant_row(clocks.numbers, clocks.shares, clocks.pieces, c, x, k, ENDS)


@njit(cache=True, nogil=True)
def _effort(plan: Pass, e: Any) -> None:
    """Dates and float of level of effort `e` in every trial, as `effort.passes` does."""
    others, block, clocks, out = plan.others, plan.block, plan.clocks, plan.efforts
    x, end, lowest = block.scratch, block.end, np.int32(others.lowest)
    clock, plan_end = others.effort_clock[e], block.end.shape[0] - 1
    fill_row(out[0], e, HIGHEST)
    fill_row(out[1], e, LOWEST)
    fill_row(out[2], e, LOWEST)
    for j in range(others.effort_from[e], others.effort_from[e + 1]):
        starts = _effort_link(plan, j, False)
        for i in range(LANES):
            if starts:
                out[0, e, i] = min(out[0, e, i], x[VALUE, i])
            else:
                out[1, e, i] = max(out[1, e, i], x[VALUE, i])
        if not starts:
            _effort_link(plan, j, True)
            for i in range(LANES):
                out[2, e, i] = max(out[2, e, i], x[VALUE, i])
    for i in range(LANES):
        early = lowest if out[0, e, i] == HIGHEST else out[0, e, i]
        x[VALUE, i] = max(early, lowest)
        x[OTHER, i] = early if out[1, e, i] == LOWEST else out[1, e, i]
        x[MOVE, i] = end[plan_end, i] if out[2, e, i] == LOWEST else out[2, e, i]
    _move_row(clocks, clock, True, x, VALUE)
    _move_row(clocks, clock, False, x, OTHER)
    _move_row(clocks, clock, False, x, MOVE)
    for i in range(LANES):
        out[0, e, i] = x[VALUE, i]
        out[1, e, i] = max(x[OTHER, i], x[VALUE, i])
        x[OTHER, i] = out[1, e, i]
    if clock != ALWAYS:
        position_row(clocks.numbers, clocks.shares, clocks.slots, clock, x, OTHER)
        position_row(clocks.numbers, clocks.shares, clocks.slots, clock, x, MOVE)
    for i in range(LANES):
        out[2, e, i] = x[MOVE, i] - x[OTHER, i]


@njit(cache=True, nogil=True)
def _efforts(plan: Pass, granule: Any, live: Any, totals: Totals, kept: Kept, pilot: Any) -> None:
    """Levels of effort: dates, and how often they are critical."""
    others, out, x = plan.others, plan.efforts, plan.block.scratch
    for e in range(others.effort_row.size):
        r = others.effort_row[e]
        _effort(plan, e)
        copy_row(out[2], e, x, VALUE)
        if not others.finished[r]:
            totals.sums[r, 3] += critical(x, live, others.critical_at)
        if others.begun_at[r] != NO_INSTANT:
            fill_row(out[0], e, others.begun_at[r])
        _count(others, totals, kept, r, granule * LANES, live, out[0], e, out[1], e, pilot)


@njit(cache=True, nogil=True)
def _part(plan: Pass, n: Any, span: np.ndarray) -> None:
    """Widen `span` (start, finish, smallest float; (3, 64) int32) to a part: node `n`, or effort -1-`n`."""
    others, block, clocks, x = plan.others, plan.block, plan.clocks, plan.block.scratch
    nodes, out = plan.nodes, plan.efforts
    if n >= 0:
        r = others.row[n]
        numbers, shares = clocks.numbers, clocks.shares
        slack_row(
            nodes.mode, nodes.calendar, numbers, shares, clocks.slots, block.finish, block.late_finish, n, x
        )
        blank_row(block.way, nodes.branch[n], nodes.way[n], HIGHEST, x, VALUE)
        copy_row(x, VALUE, x, MOVE)
        instants(
            numbers, shares, clocks.pieces, nodes.frame[n], block.start, block.finish, block.duration, n, x
        )
        if others.begun_at[r] != NO_INSTANT:
            fill_row(x, VALUE, others.begun_at[r])
    else:
        r = others.effort_row[-1 - n]
        copy_row(out[0], -1 - n, x, VALUE)
        copy_row(out[1], -1 - n, x, OTHER)
        copy_row(out[2], -1 - n, x, MOVE)
    for i in range(LANES):
        span[0, i] = min(span[0, i], x[VALUE, i])
        span[1, i] = max(span[1, i], x[OTHER, i])
        span[2, i] = span[2, i] if others.finished[r] else min(span[2, i], x[MOVE, i])


@njit(cache=True, nogil=True)
def _summaries(plan: Pass, granule: Any, live: Any, totals: Totals, kept: Kept, pilot: Any) -> None:
    """Summaries span their parts, and are critical where one of them is."""
    others, x = plan.others, plan.block.scratch
    span = np.empty((3, LANES), np.int32)
    for m in range(others.summary_row.size):
        r = others.summary_row[m]
        fill_row(span, 0, HIGHEST)
        fill_row(span, 1, LOWEST)
        fill_row(span, 2, HIGHEST)
        for j in range(others.part_from[m], others.part_from[m + 1]):
            _part(plan, others.part_node[j], span)
        copy_row(span, 2, x, VALUE)
        totals.sums[r, 3] += critical(x, live, others.critical_at)
        _count(others, totals, kept, r, granule * LANES, live, span, 0, span, 1, pilot)


@njit(cache=True, nogil=True)
def others_kernel(plan: Pass, totals: Totals, kept: Kept, granule: Any, live: Any, pilot: Any) -> None:
    """Levels of effort and summaries of the granule that `run_kernel` has just done."""
    _efforts(plan, granule, live, totals, kept, pilot)
    _summaries(plan, granule, live, totals, kept, pilot)


__all__ = ["others_kernel"]
