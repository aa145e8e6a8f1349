"""The passes of one block of trials, in compiled code: what `plain` does, for many trials at once.

Rows are nodes, columns trials; everything is int32 and exact. A chunk of nodes is done at a time, so that its rows stay
in the nearest cache and the price of a call is shared. docs/engines/schedule-risk.md has the equations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from torap.engines.schedule.clocks import ALWAYS, HORIZON, Clocks, add_row, bare, instant_row, position_row
from torap.engines.schedule.program import DONE, POINT, WORK, Links, Nodes

LOWEST = np.int32(-HORIZON)
HIGHEST = np.int32(HORIZON)
WHOLE = np.int64(10_000)
# Rows of scratch: a value, a second one, a lag or duration, whether it ends, and two spare ones.
VALUE, OTHER, MOVE, ENDS, SPARE, ROWS = 0, 1, 2, 3, 4, 6


class Block(NamedTuple):
    """State of one block: N nodes, B trials, C calendars. Instants or positions, by the node's frame."""

    duration: np.ndarray  # (N, B) int32 minutes
    start: np.ndarray  # (N, B) int32
    finish: np.ndarray  # (N, B) int32
    late_start: np.ndarray  # (N, B) int32
    late_finish: np.ndarray  # (N, B) int32
    way: np.ndarray  # (branches, B) int32: the way taken
    end: np.ndarray  # (C+2, B) int32: what late dates count back from, by frame and by the clock; the plan's finish
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
def fill_row(x: np.ndarray, k: int, value: int) -> None:
    """Put one value in a row."""
    for i in range(x.shape[1]):
        x[k, i] = value


@njit(cache=True, nogil=True)
def copy_row(a: np.ndarray, n: int, x: np.ndarray, k: int) -> None:
    """Copy row `n` of `a` to row `k` of `x`."""
    for i in range(x.shape[1]):
        x[k, i] = a[n, i]


@njit(cache=True, nogil=True)
def negate_row(x: np.ndarray, k: int) -> None:
    """Change the sign of row `k`."""
    for i in range(x.shape[1]):
        x[k, i] = -x[k, i]


@njit(cache=True, nogil=True)
def max_row(a: np.ndarray, n: int, more: int, x: np.ndarray, k: int) -> None:
    """Raise row `k` of `x` to row `n` of `a` plus `more`."""
    for i in range(x.shape[1]):
        x[k, i] = max(x[k, i], np.int32(a[n, i] + more))


@njit(cache=True, nogil=True)
def min_row(a: np.ndarray, n: int, less: int, x: np.ndarray, k: int) -> None:
    """Lower row `k` of `x` to row `n` of `a` less `less`."""
    for i in range(x.shape[1]):
        x[k, i] = min(x[k, i], np.int32(a[n, i] - less))


@njit(cache=True, nogil=True)
def blank_row(way: np.ndarray, branch: int, own: int, value: int, x: np.ndarray, k: int) -> None:
    """Put `value` where branch `branch` took another way than `own`."""
    if branch >= 0:
        for i in range(x.shape[1]):
            x[k, i] = x[k, i] if way[branch, i] == own else value


@njit(cache=True, nogil=True)
def lag_row(percent: int, lag: int, extra: int, duration: np.ndarray, n: int, x: np.ndarray, k: int) -> None:
    """The lag of a link in each trial; a share of the duration is rounded half to even, as Python does."""
    if percent == 0:
        fill_row(x, k, lag)
        return
    for i in range(x.shape[1]):
        product = (np.int64(extra) + np.int64(duration[n, i])) * np.int64(percent)
        whole = product // WHOLE
        rest = (product - whole * WHOLE) * 2
        up = rest > WHOLE or (rest == WHOLE and whole & 1 == 1)
        x[k, i] = np.int32(whole + (1 if up else 0))


@njit(cache=True, nogil=True)
def ends_row(duration: np.ndarray, n: int, finishes: bool, x: np.ndarray, k: int) -> None:
    """1 where an early date is the end of work: a finish of something that takes time."""
    for i in range(x.shape[1]):
        x[k, i] = 1 if finishes and duration[n, i] > 0 else 0


@njit(cache=True, nogil=True)
def late_ends_row(duration: np.ndarray, n: int, finishes: bool, x: np.ndarray, k: int) -> None:
    """1 where a late date is the end of work: a finish, or the start of something that takes no time."""
    for i in range(x.shape[1]):
        x[k, i] = 1 if finishes or duration[n, i] == 0 else 0


@njit(cache=True, nogil=True)
def _push(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, duration: np.ndarray,
    x: np.ndarray, source: int, finishes: bool, own: int, clock: int, target: int, lagged: bool,
) -> None:  # fmt: skip
    """Take row VALUE, a start or finish of node `source` in frame `own`, by the lags of row MOVE in `clock`'s time to
    frame `target`.
    """
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
    nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, first: int, last: int
) -> None:
    """Fill the early start and finish of nodes `first` .. `last`-1 in every trial of the block."""
    x, start, finish, duration = bare(block.scratch), bare(block.start), bare(block.finish), bare(block.duration)
    mode, first_in, branch, own_way = bare(nodes.mode), bare(nodes.first_in), bare(nodes.branch), bare(nodes.way)
    before, source, end, to = bare(links.before), bare(links.source), bare(links.end), bare(links.to)
    lag, simple, direct = bare(links.lag), bare(links.simple), bare(links.direct)
    percent, clock, way = bare(links.percent), bare(links.clock), bare(block.way)
    floor, floor_finish, frames, extra = bare(frame.floor), bare(frame.floor_finish), bare(nodes.frame), bare(nodes.extra)
    numbers, shares, slots, pieces = bare(clocks.numbers), bare(clocks.shares), bare(clocks.slots), bare(clocks.pieces)
    for n in range(first, last):
        fill_row(start, n, floor[n])
        if mode[n] == DONE:
            fill_row(finish, n, floor[n])
            continue
        by_finish = floor_finish[n] > LOWEST
        fill_row(x, OTHER, floor_finish[n])
        for k in range(first_in[n], first_in[n + 1]):
            by_finish |= to[k] == 1
            if simple[k]:
                values, row, more = finish if end[k] == 1 else start, source[k], lag[k]
            else:
                m, p = source[k], before[k]
                copy_row(finish if end[k] == 1 else start, m, x, VALUE)
                lag_row(percent[k], lag[k], extra[p], duration, p, x, MOVE)
                if direct[k]:
                    add_row(numbers, shares, slots, pieces, ALWAYS, x, VALUE, MOVE, SPARE)
                else:
                    lagged = percent[k] != 0 or lag[k] != 0
                    _push(
                        numbers, shares, slots, pieces, duration, x, m, end[k] == 1, frames[m], clock[k], frames[n], lagged
                    )
                blank_row(way, branch[p], own_way[p], LOWEST, x, VALUE)
                values, row, more = x, VALUE, np.int32(0)
            if to[k] == 1:
                max_row(values, row, more, x, OTHER)
            else:
                max_row(values, row, more, start, n)
        if mode[n] == POINT:
            _forward_point(numbers, shares, slots, pieces, nodes.calendar[n], start, finish, duration, x, n, by_finish)
            continue
        if by_finish:
            for i in range(x.shape[1]):
                start[n, i] = max(start[n, i], np.int32(x[OTHER, i] - duration[n, i]))
        for i in range(x.shape[1]):
            finish[n, i] = min(np.int32(start[n, i] + duration[n, i]), HIGHEST)


@njit(cache=True, nogil=True)
def _forward_point(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, c: int, start: np.ndarray,
    finish: np.ndarray, duration: np.ndarray, x: np.ndarray, n: int, by_finish: bool,
) -> None:  # fmt: skip
    """Start and finish of an instant with a calendar, from what binds its start and (row OTHER) its finish."""
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
def ends_kernel(clocks: Clocks, block: Block, frames: np.ndarray, must_finish: int) -> None:
    """Fill `block.end` from its last row, the plan's finish: what late dates count back from in each of `frames`."""
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
    x: np.ndarray, after: int, finishes: bool, own: int, clock: int, target: int, lagged: bool,
) -> None:  # fmt: skip
    """Take row VALUE, a late start or finish of node `after` in frame `own`, back by the lags of row MOVE (negative)
    in `clock`'s time to frame `target`.
    """
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
def backward_chunk(
    nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, first: int, last: int
) -> None:
    """Fill the late start and finish of nodes `last`-1 .. `first`; what is done keeps its date."""
    x, late, late_start = bare(block.scratch), bare(block.late_finish), bare(block.late_start)
    start, finish, duration = bare(block.start), bare(block.finish), bare(block.duration)
    mode, first_out, outs, branch = bare(nodes.mode), bare(nodes.first_out), bare(nodes.outs), bare(nodes.branch)
    own_way, frames, extra, capped = bare(nodes.way), bare(nodes.frame), bare(nodes.extra), bare(nodes.capped)
    after, end, to, lag = bare(links.after), bare(links.end), bare(links.to), bare(links.lag)
    simple, pulls, direct = bare(links.simple_back), bare(links.pulls), bare(links.direct)
    percent, clock, way = bare(links.percent), bare(links.clock), bare(block.way)
    cap, cap_start, ends = bare(frame.cap), bare(frame.cap_start), bare(block.end)
    numbers, shares, slots, pieces = bare(clocks.numbers), bare(clocks.shares), bare(clocks.slots), bare(clocks.pieces)
    plan_end = ends.shape[0] - 1
    for n in range(last - 1, first - 1, -1):
        if mode[n] == DONE:
            copy_row(finish, n, late, n)
            copy_row(start, n, late_start, n)
            continue
        own = frames[n]
        fill_row(late, n, cap[n])
        min_row(ends, plan_end - 1 if own == ALWAYS else own, 0, late, n)
        if capped[n]:
            copy_row(ends, plan_end, x, VALUE)
            if own != ALWAYS:
                position_row(numbers, shares, slots, own, x, VALUE)
            min_row(x, VALUE, 0, late, n)
        by_start = cap_start[n] < HIGHEST
        fill_row(x, OTHER, cap_start[n])
        for j in range(first_out[n], first_out[n + 1]):
            k = outs[j]
            if not pulls[k]:
                continue
            by_start |= end[k] == 0
            if simple[k]:
                values, row, less = late if to[k] == 1 else late_start, after[k], lag[k]
            else:
                m = after[k]
                copy_row(late if to[k] == 1 else late_start, m, x, VALUE)
                lag_row(percent[k], lag[k], extra[n], duration, n, x, MOVE)
                negate_row(x, MOVE)
                if direct[k]:
                    add_row(numbers, shares, slots, pieces, ALWAYS, x, VALUE, MOVE, SPARE)
                else:
                    lagged = percent[k] != 0 or lag[k] != 0
                    _pull(
                        numbers, shares, slots, pieces, duration, x, m, to[k] == 1, frames[m], clock[k], own, lagged
                    )
                blank_row(way, branch[m], own_way[m], HIGHEST, x, VALUE)
                blank_row(way, branch[n], own_way[n], HIGHEST, x, VALUE)
                values, row, less = x, VALUE, np.int32(0)
            if end[k] == 1:
                min_row(values, row, less, late, n)
            else:
                min_row(values, row, less, x, OTHER)
        if mode[n] == POINT:
            _backward_point(numbers, shares, slots, pieces, nodes.calendar[n], late, late_start, duration, x, n, by_start)
            continue
        if by_start:
            for i in range(x.shape[1]):
                late[n, i] = min(late[n, i], np.int32(x[OTHER, i] + duration[n, i]))
        for i in range(x.shape[1]):
            late[n, i] = max(late[n, i], LOWEST)
            late_start[n, i] = late[n, i] - duration[n, i]


@njit(cache=True, nogil=True)
def _backward_point(
    numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray, pieces: np.ndarray, c: int, late: np.ndarray,
    late_start: np.ndarray, duration: np.ndarray, x: np.ndarray, n: int, by_start: bool,
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


@njit(cache=True, nogil=True)
def slack_row(
    mode: np.ndarray, calendar: np.ndarray, numbers: np.ndarray, shares: np.ndarray, slots: np.ndarray,
    finish: np.ndarray, late: np.ndarray, n: int, x: np.ndarray,
) -> None:  # fmt: skip
    """Put in row VALUE the total float of node `n` in working minutes."""
    if mode[n] != POINT:
        for i in range(x.shape[1]):
            x[VALUE, i] = late[n, i] - finish[n, i]
        return
    copy_row(late, n, x, VALUE)
    copy_row(finish, n, x, OTHER)
    position_row(numbers, shares, slots, calendar[n], x, VALUE)
    position_row(numbers, shares, slots, calendar[n], x, OTHER)
    for i in range(x.shape[1]):
        x[VALUE, i] -= x[OTHER, i]


__all__ = ["Block", "Frame", "backward_chunk", "forward_chunk", "frame_of", "slack_row"]
