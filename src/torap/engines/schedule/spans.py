"""Dates that follow from others', in every trial of a block: levels of effort and summaries."""

from __future__ import annotations

from typing import Any

import numpy as np

from torap.engines.compiling import inner, kernel
from torap.engines.lanes import LANES, at, flat, flats, row
from torap.engines.schedule.blocks import (
    NO_INSTANT,
    SUMMED,
    Kept,
    Pass,
    Totals,
    critical,
    finish_sums,
    starts,
    tally,
)
from torap.engines.schedule.clocks import ALWAYS, add_row, instant_row, position_row, tables_of
from torap.engines.schedule.columns import LINK_TYPES
from torap.engines.schedule.plan import LinkType
from torap.engines.schedule.rows import (
    BEGIN,
    ENDS,
    HIGHEST,
    LOWEST,
    MOVE,
    OFF,
    ON,
    OTHER,
    VALUE,
    ZERO,
    blank_row,
    copy_row,
    ends_row,
    fill_row,
    lag_row,
    late_ends_row,
    slack_row,
    sum_row,
)

FS, SS, FF, SF = (LINK_TYPES.index(kind) for kind in (LinkType.FS, LinkType.SS, LinkType.FF, LinkType.SF))


@inner
def _count(
    plan: Pass, totals: Totals, kept: Kept, r: Any, granule: Any, slot: Any, live: Any, span: Any, pilot: Any
) -> None:
    """Count the rows 0 and 1 of `span`, starts and finishes, instants of row `r` of the result."""
    begin, finish = row(span, 0), row(span, 1)
    if granule < plan.tallied:
        places = row(flat(plan.block.places), slot * 2 * totals.seen.shape[0])
        tally(flats(totals), totals.bins.shape[2], r, begin, finish, places, live, pilot)
    if pilot:
        return
    others = plan.others
    finish_sums(
        finish,
        flat(plan.block.alive),
        totals.centre[r],
        others.deadline[r],
        at(flat(totals.sums), r * SUMMED),
    )
    g = others.goal[r]
    if g >= 0:
        for i in range(live):
            kept.goals[g, granule * LANES + i] = finish[i]


@inner
def _effort_link(plan: Pass, j: Any, late: Any) -> Any:
    """Put in row VALUE what link `j` of a level of effort ties it to; whether it ties its start."""
    others, block, tables = plan.others, plan.block, tables_of(plan.clocks)
    x, n = flat(block.scratch), np.int64(others.effort_node[j])
    value, move, ends, duration = row(x, VALUE), row(x, MOVE), row(x, ENDS), row(flat(block.duration), n)
    kind, ahead = others.effort_type[j], others.effort_ahead[j]
    finishes = (kind == FF) or (kind == FS if ahead else kind == SF)
    own = np.int64(plan.nodes.frame[n])
    if late:
        copy_row(row(flat(block.late_finish), n) if finishes else row(flat(block.late_start), n), value)
        late_ends_row(duration, finishes, ends)
    else:
        copy_row(row(flat(block.finish), n) if finishes else row(flat(block.start), n), value)
        fill_row(ends, ZERO)
        if finishes:
            ends_row(duration, ends)
    if own != ALWAYS:
        instant_row(tables, own, value, ends)
    if ahead:
        lag_row(others.effort_percent[j], others.effort_lag[j], others.effort_whole[j], duration, ON, move)
    else:  # a share is one of the effort's own length, which nothing draws
        fill_row(ends, ZERO)
        lag_row(others.effort_percent[j], others.effort_lag[j], others.effort_whole[j], ends, OFF, move)
    add_row(tables, np.int64(others.effort_lag_clock[j]), value, move)
    return (kind == SS) or (kind == FS if ahead else kind == SF)


@inner
def _move_row(tables: Any, c: Any, ends: Any, end: Any, x: Any) -> None:
    """Move the instants of row `x` to the next instant at which work starts, or, where `end` is 1, back over
    time without work.
    """
    if c != ALWAYS:
        fill_row(ends, end)
        position_row(tables, c, x)
        instant_row(tables, c, x, ends)


@inner
def _effort(plan: Pass, e: Any) -> None:
    """Dates and float of level of effort `e` in every trial, as `effort.passes` does."""
    others, block, tables, out = plan.others, plan.block, tables_of(plan.clocks), plan.efforts
    x, lowest, clock = flat(block.scratch), np.int32(others.lowest), np.int64(others.effort_clock[e])
    value, other, move, ends = row(x, VALUE), row(x, OTHER), row(x, MOVE), row(x, ENDS)
    plan_end = row(flat(block.end), block.end.shape[0] - 1)
    begin, finish, slack = row(flat(out[0]), e), row(flat(out[1]), e), row(flat(out[2]), e)
    fill_row(begin, HIGHEST)
    fill_row(finish, LOWEST)
    fill_row(slack, LOWEST)
    for j in range(others.effort_from[e], others.effort_from[e + 1]):
        if _effort_link(plan, j, False):
            for i in range(LANES):
                begin[i] = min(begin[i], value[i])
            continue
        for i in range(LANES):
            finish[i] = max(finish[i], value[i])
        _effort_link(plan, j, True)
        for i in range(LANES):
            slack[i] = max(slack[i], value[i])
    for i in range(LANES):
        early = lowest if begin[i] == HIGHEST else begin[i]
        value[i] = max(early, lowest)
        other[i] = early if finish[i] == LOWEST else finish[i]
        move[i] = plan_end[i] if slack[i] == LOWEST else slack[i]
    _move_row(tables, clock, ends, ZERO, value)
    _move_row(tables, clock, ends, ON, other)
    _move_row(tables, clock, ends, ON, move)
    for i in range(LANES):
        begin[i], finish[i] = value[i], max(other[i], value[i])
        other[i] = finish[i]
    if clock != ALWAYS:
        position_row(tables, clock, other)
        position_row(tables, clock, move)
    sum_row(move, other, OFF, slack)


@inner
def _efforts(plan: Pass, granule: Any, slot: Any, live: Any, totals: Totals, kept: Kept, pilot: Any) -> None:
    """Levels of effort: dates, and how often they are critical."""
    others, out, span = plan.others, plan.efforts, row(flat(plan.block.scratch), BEGIN)
    for e in range(others.effort_row.size):
        r = np.int64(others.effort_row[e])
        _effort(plan, e)
        if not others.finished[r]:
            totals.sums[r, 3] += critical(
                row(flat(out[2]), e), flat(plan.block.alive), np.int32(others.critical_at)
            )
        if others.begun_at[r] != NO_INSTANT:
            fill_row(row(flat(out[0]), e), others.begun_at[r])
        if others.finished[r]:
            fill_row(row(flat(out[1]), e), others.done_at[r])
        copy_row(row(flat(out[0]), e), row(span, 0))
        copy_row(row(flat(out[1]), e), row(span, 1))
        _count(plan, totals, kept, r, granule, slot, live, span, pilot)


@inner
def _part(plan: Pass, n: Any, span: Any) -> None:
    """Widen `span` (start, finish, smallest float) to a part: node `n`, or effort -1-`n`."""
    others, block, tables = plan.others, plan.block, tables_of(plan.clocks)
    nodes, out, x = plan.nodes, plan.efforts, flat(plan.block.scratch)
    value, other, move = row(x, VALUE), row(x, OTHER), row(x, MOVE)
    if n >= 0:
        r, finish, frame = np.int64(others.row[n]), row(flat(block.finish), n), np.int64(nodes.frame[n])
        slack_row(
            tables,
            nodes.mode[n],
            np.int64(nodes.calendar[n]),
            row(flat(block.late_finish), n),
            finish,
            move,
            other,
        )
        blank_row(flat(block.way), np.int64(nodes.branch[n]), nodes.way[n], HIGHEST, move)
        starts(
            tables, nodes.mode[n], frame, others.begun_at[r], row(flat(block.start), n), finish,
            row(flat(block.duration), n), x,
        )  # fmt: skip
        copy_row(finish if frame == ALWAYS else row(flat(block.at), n), other)
    else:
        r = np.int64(others.effort_row[-1 - n])
        copy_row(row(flat(out[0]), -1 - n), value)
        copy_row(row(flat(out[1]), -1 - n), other)
        copy_row(row(flat(out[2]), -1 - n), move)
    begin, finish, slack = row(span, 0), row(span, 1), row(span, 2)
    for i in range(LANES):
        begin[i] = min(begin[i], value[i])
        finish[i] = max(finish[i], other[i])
        slack[i] = slack[i] if others.finished[r] else min(slack[i], move[i])


@inner
def _summaries(
    plan: Pass, granule: Any, slot: Any, live: Any, totals: Totals, kept: Kept, pilot: Any
) -> None:
    """Summaries span their parts, and are critical where one of them is."""
    others, span = plan.others, row(flat(plan.block.scratch), BEGIN)
    for m in range(others.summary_row.size):
        r = np.int64(others.summary_row[m])
        fill_row(row(span, 0), HIGHEST)
        fill_row(row(span, 1), LOWEST)
        fill_row(row(span, 2), HIGHEST)
        for j in range(others.part_from[m], others.part_from[m + 1]):
            _part(plan, np.int64(others.part_node[j]), span)
        totals.sums[r, 3] += critical(row(span, 2), flat(plan.block.alive), np.int32(others.critical_at))
        _count(plan, totals, kept, r, granule, slot, live, span, pilot)


@kernel
def others_kernel(
    plan: Pass, totals: Totals, kept: Kept, granule: Any, slot: Any, live: Any, pilot: Any
) -> None:
    """Levels of effort and summaries of the granule that `run_kernel` has just done."""
    _efforts(plan, granule, slot, live, totals, kept, pilot)
    _summaries(plan, granule, slot, live, totals, kept, pilot)


__all__ = ["others_kernel"]
