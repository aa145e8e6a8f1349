"""The passes of one block of trials, in compiled code: what `plain` does, for many trials at once.

Rows are nodes, columns trials; everything is int32 and exact. A chunk of nodes is done at a time, so that
its rows stay
in the nearest cache and the price of a call is shared. docs/engines/schedule-risk.md has the equations.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.schedule.clocks import ALWAYS, HORIZON, Clocks, add_row, bare, instant_row, position_row
from torap.engines.schedule.program import DIRECT, DONE, POINT, WORK, Links, Nodes
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
    earlier_row,
    ends_row,
    fill_row,
    finish_row,
    lag_row,
    late_ends_row,
    late_start_row,
    later_row,
    max_row,
    min_row,
    negate_row,
)


class Block(NamedTuple):
    """State of one block: N nodes, B trials, C calendars. Instants or positions, by the node's frame."""

    duration: np.ndarray  # (N, B) int32 minutes
    start: np.ndarray  # (N, B) int32
    finish: np.ndarray  # (N, B) int32
    late_start: np.ndarray  # (N, B) int32
    late_finish: np.ndarray  # (N, B) int32
    way: np.ndarray  # (branches, B) int32: the way taken
    end: (
        np.ndarray
    )  # (C+2, B) int32: what late dates count back from, by frame and by the clock; the plan's finish
    scratch: np.ndarray  # (ROWS, B) int32


class Frame(NamedTuple):
    """Constants of each node in its frame, (N,) int32."""

    floor: np.ndarray
    floor_finish: np.ndarray
    cap: np.ndarray
    cap_start: np.ndarray


def frame_of(nodes: Nodes, clocks: Clocks) -> Frame:
    """Floors and caps of every node in its frame."""
    found = []
    for values in (nodes.floor, nodes.floor_finish, nodes.cap, nodes.cap_start):
        row = values.copy()[None, :]
        for c in np.unique(nodes.frame[nodes.mode == WORK]).tolist():
            mine = np.flatnonzero((nodes.mode == WORK) & (nodes.frame == c) & (abs(values) < HORIZON))
            part = row[:, mine]
            position_row(clocks.numbers, clocks.shares, clocks.slots, c, part, 0)
            row[:, mine] = part
        found.append(row[0])
    return Frame(*found)


@njit(cache=True, nogil=True)
def _push(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, duration: np.ndarray,
    x: np.ndarray, source: Any, finishes: Any, own: Any, clock: Any, target: Any, lagged: Any,
) -> None:  # fmt: skip
    """Take row VALUE, a start or finish of node `source` in frame `own`, by the lags of row MOVE in
    `clock`'s time to
    frame `target`; `clock` DIRECT only adds them.
    """
    if clock == DIRECT:
        add_row(numbers, shares, slots, pieces, ALWAYS, x, VALUE, MOVE, SPARE)
        return
    ends_row(duration, source, finishes, x, ENDS)
    if own == clock and own != ALWAYS:
        for i in range(x.shape[1]):
            x[VALUE, i] += x[MOVE, i]
            x[ENDS, i] = x[ENDS, i] if x[MOVE, i] == 0 else (1 if x[MOVE, i] > 0 else 0)
        instant_row(numbers, shares, pieces, own, x, VALUE, ENDS)
    else:
        if own != ALWAYS:
            instant_row(numbers, shares, pieces, own, x, VALUE, ENDS)
        if lagged:
            add_row(numbers, shares, slots, pieces, clock, x, VALUE, MOVE, SPARE)
    if target != ALWAYS:
        position_row(numbers, shares, slots, target, x, VALUE)


@njit(cache=True, nogil=True)
def forward_chunk(
    nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, first: Any, last: Any
) -> None:
    """Fill the early start and finish of nodes `first` .. `last`-1 in every trial of the block."""
    x, start, finish = bare(block.scratch), bare(block.start), bare(block.finish)
    duration, way, mode = bare(block.duration), bare(block.way), bare(nodes.mode)
    first_in, branch, own_way = bare(nodes.first_in), bare(nodes.branch), bare(nodes.way)
    before, source, end, to = bare(links.before), bare(links.source), bare(links.end), bare(links.to)
    lag, simple, percent, clock = bare(links.lag), bare(links.simple), bare(links.percent), bare(links.clock)
    floor, floor_finish = bare(frame.floor), bare(frame.floor_finish)
    frames, extra = bare(nodes.frame), bare(nodes.extra)
    numbers, shares = bare(clocks.numbers), bare(clocks.shares)
    slots, pieces = bare(clocks.slots), bare(clocks.pieces)
    for n in range(first, last):
        fill_row(start, n, floor[n])
        if mode[n] == DONE:
            fill_row(finish, n, floor[n])
            continue
        by_finish = floor_finish[n] > LOWEST
        fill_row(x, OTHER, floor_finish[n])
        for k in range(first_in[n], first_in[n + 1]):
            by_finish |= to[k] == 1
            values, m, more = finish if end[k] == 1 else start, source[k], lag[k]
            if not simple[k]:
                p, lagged = before[k], percent[k] != 0 or lag[k] != 0
                copy_row(values, m, x, VALUE)
                lag_row(percent[k], lag[k], extra[p], duration, p, x, MOVE)
                _push(
                    numbers, shares, slots, pieces, duration, x, m, end[k] == 1,
                    frames[m], clock[k], frames[n], lagged,
                )  # fmt: skip
                blank_row(way, branch[p], own_way[p], LOWEST, x, VALUE)
                values, m, more = x, VALUE, np.int32(0)
            if to[k] == 1:
                max_row(values, m, more, x, OTHER)
            else:
                max_row(values, m, more, start, n)
        if mode[n] == POINT:
            c = nodes.calendar[n]
            _forward_point(numbers, shares, slots, pieces, c, start, finish, duration, x, n, by_finish)
            continue
        if by_finish:
            earlier_row(x, OTHER, duration, start, n)
        finish_row(start, duration, finish, n)


@njit(cache=True, nogil=True)
def _forward_point(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, c: Any, start: np.ndarray,
    finish: np.ndarray, duration: np.ndarray, x: np.ndarray, n: Any, by_finish: Any,
) -> None:  # fmt: skip
    """Start and finish of an instant with a calendar, from what binds its start and (row OTHER) its
    finish."""
    if by_finish:
        for i in range(x.shape[1]):
            x[MOVE, i] = -duration[n, i]
            x[VALUE, i] = max(x[OTHER, i], start[n, i])  # a bound of none would lie outside the calendar
        add_row(numbers, shares, slots, pieces, c, x, VALUE, MOVE, SPARE)
        for i in range(x.shape[1]):
            start[n, i] = max(start[n, i], x[VALUE, i]) if x[OTHER, i] > start[n, i] else start[n, i]
    copy_row(start, n, x, VALUE)
    copy_row(duration, n, x, MOVE)
    add_row(numbers, shares, slots, pieces, c, x, VALUE, MOVE, SPARE)
    copy_row(x, VALUE, finish, n)


@njit(cache=True, nogil=True)
def ends_kernel(clocks: Clocks, block: Block, frames: np.ndarray, must_finish: Any) -> None:
    """Fill `block.end` from its last row, the plan's finish: what late dates count back from in each of
    `frames`."""
    x, end = block.scratch, block.end
    finish, clock = end.shape[0] - 1, end.shape[0] - 2
    for i in range(end.shape[1]):
        end[clock, i] = end[finish, i] if must_finish >= HIGHEST else must_finish
    for c in frames:
        copy_row(end, clock, x, VALUE)
        position_row(clocks.numbers, clocks.shares, clocks.slots, c, x, VALUE)
        copy_row(x, VALUE, end, c)


@njit(cache=True, nogil=True)
def _pull(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, duration: np.ndarray,
    x: np.ndarray, after: Any, finishes: Any, own: Any, clock: Any, target: Any, lagged: Any,
) -> None:  # fmt: skip
    """Take row VALUE, a late start or finish of node `after` in frame `own`, back by the lags of row MOVE
    (negative)
    in `clock`'s time to frame `target`; `clock` DIRECT only takes them off.
    """
    if clock == DIRECT:
        add_row(numbers, shares, slots, pieces, ALWAYS, x, VALUE, MOVE, SPARE)
        return
    if own != ALWAYS:
        late_ends_row(duration, after, finishes, x, ENDS)
        instant_row(numbers, shares, pieces, own, x, VALUE, ENDS)
    if lagged and target == clock and target != ALWAYS:
        position_row(numbers, shares, slots, target, x, VALUE)
        add_row(numbers, shares, slots, pieces, ALWAYS, x, VALUE, MOVE, SPARE)
        return
    if lagged:
        add_row(numbers, shares, slots, pieces, clock, x, VALUE, MOVE, SPARE)
    if target != ALWAYS:
        position_row(numbers, shares, slots, target, x, VALUE)


@njit(cache=True, nogil=True)
def _late_bounds(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, ends: np.ndarray, x: np.ndarray, late:
    np.ndarray,
    n: Any, own: Any, cap: Any, capped: Any,
) -> None:  # fmt: skip
    """Put in the late finish of node `n` its cap and the plan's end in its frame."""
    last = ends.shape[0] - 1
    fill_row(late, n, cap)
    min_row(ends, last - 1 if own == ALWAYS else own, 0, late, n)
    if capped:
        copy_row(ends, last, x, VALUE)
        if own != ALWAYS:
            position_row(numbers, shares, slots, own, x, VALUE)
        min_row(x, VALUE, 0, late, n)


@njit(cache=True, nogil=True)
def backward_chunk(
    nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, first: Any, last: Any
) -> None:
    """Fill the late start and finish of nodes `last`-1 .. `first`; what is done binds nothing and is left
    out."""
    x, late, late_start = bare(block.scratch), bare(block.late_finish), bare(block.late_start)
    duration, way, mode = bare(block.duration), bare(block.way), bare(nodes.mode)
    first_out, outs, branch = bare(nodes.first_out), bare(nodes.outs), bare(nodes.branch)
    own_way, frames, extra, capped = bare(nodes.way), bare(nodes.frame), bare(nodes.extra), bare(nodes.capped)
    after, end, to, lag = bare(links.after), bare(links.end), bare(links.to), bare(links.lag)
    simple, pulls, percent, clock = (
        bare(links.simple_back), bare(links.pulls), bare(links.percent), bare(links.clock)
    )  # fmt: skip
    cap, cap_start, ends = bare(frame.cap), bare(frame.cap_start), bare(block.end)
    numbers, shares = bare(clocks.numbers), bare(clocks.shares)
    slots, pieces = bare(clocks.slots), bare(clocks.pieces)
    for n in range(last - 1, first - 1, -1):
        if mode[n] == DONE:
            continue
        own, by_start = frames[n], cap_start[n] < HIGHEST
        _late_bounds(numbers, shares, slots, ends, x, late, n, own, cap[n], capped[n])
        fill_row(x, OTHER, cap_start[n])
        for k in outs[first_out[n] : first_out[n + 1]]:
            if not pulls[k]:
                continue
            by_start |= end[k] == 0
            values, m, less = late if to[k] == 1 else late_start, after[k], lag[k]
            if not simple[k]:
                copy_row(values, m, x, VALUE)
                lag_row(percent[k], lag[k], extra[n], duration, n, x, MOVE)
                negate_row(x, MOVE)
                _pull(
                    numbers, shares, slots, pieces, duration, x, m, to[k] == 1,
                    frames[m], clock[k], own, percent[k] != 0 or lag[k] != 0,
                )  # fmt: skip
                blank_row(way, branch[m], own_way[m], HIGHEST, x, VALUE)
                blank_row(way, branch[n], own_way[n], HIGHEST, x, VALUE)
                values, m, less = x, VALUE, np.int32(0)
            if end[k] == 1:
                min_row(values, m, less, late, n)
            else:
                min_row(values, m, less, x, OTHER)
        if mode[n] == POINT:
            c = nodes.calendar[n]
            _backward_point(numbers, shares, slots, pieces, c, late, late_start, duration, x, n, by_start)
            continue
        if by_start:
            later_row(x, OTHER, duration, late, n)
        late_start_row(late, duration, late_start, n)


@njit(cache=True, nogil=True)
def _backward_point(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, c: Any, late: np.ndarray,
    late_start: np.ndarray, duration: np.ndarray, x: np.ndarray, n: Any, by_start: Any,
) -> None:  # fmt: skip
    """Late dates of an instant with a calendar, from what binds its finish and (row OTHER) its start."""
    if by_start:
        copy_row(duration, n, x, MOVE)
        for i in range(x.shape[1]):
            x[VALUE, i] = min(x[OTHER, i], late[n, i])
        add_row(numbers, shares, slots, pieces, c, x, VALUE, MOVE, SPARE)
        for i in range(x.shape[1]):
            late[n, i] = min(late[n, i], x[VALUE, i]) if x[OTHER, i] < late[n, i] else late[n, i]
    for i in range(x.shape[1]):
        x[MOVE, i] = -duration[n, i]
        x[VALUE, i] = late[n, i]
    add_row(numbers, shares, slots, pieces, c, x, VALUE, MOVE, SPARE)
    copy_row(x, VALUE, late_start, n)


__all__ = ["Block", "Frame", "backward_chunk", "forward_chunk", "frame_of"]
