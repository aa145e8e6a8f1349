"""The passes of one block of trials, in compiled code: what `plain` does, for many trials at once.

Rows are nodes, columns trials; everything is int32 and exact. A chunk of nodes is done at a time, so that its
rows stay in the nearest cache and the price of a call is shared. Only what is read again is kept: starts,
late finishes and instants of a node whose frame is a calendar have rows only where `Frame` says so.
docs/engines/schedule-risk.md has the equations.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from torap.engines.lanes import LANES, flat, row, wide
from torap.engines.schedule.clocks import (
    ALWAYS,
    HORIZON,
    Clocks,
    add_row,
    instant_row,
    position_row,
    positions,
    tables_of,
)
from torap.engines.schedule.program import DIRECT, DONE, POINT, WORK, Links, Nodes
from torap.engines.schedule.rows import (
    AGAIN,
    BEGIN,
    BEGIN_AT,
    END,
    END_AT,
    ENDS,
    HIGHEST,
    LOWEST,
    MOVE,
    OFF,
    ON,
    OTHER,
    SPARE,
    VALUE,
    ZERO,
    blank_row,
    copy_row,
    ends_row,
    fill_row,
    finish_row,
    lag_row,
    late_ends_row,
    late_start_row,
    max_row,
    min_row,
    slack_row,
    sum_row,
)


class Block(NamedTuple):
    """State of one block: N nodes, B trials, C calendars. Instants or positions, by the node's frame."""

    duration: np.ndarray  # (N, B) int32 minutes
    start: np.ndarray  # (N, B) int32, where it is kept
    finish: np.ndarray  # (N, B) int32
    at: np.ndarray  # (N, B) int32: the finish as an instant, of a node whose frame is a calendar
    late_start: np.ndarray  # (N, B) int32
    late_finish: np.ndarray  # (N, B) int32, where it is kept
    late_at: np.ndarray  # (N, B) int32: the late start as an instant, where it is kept
    way: np.ndarray  # (branches, B) int32: the way taken
    end: (
        np.ndarray
    )  # (C+2, B) int32: what late dates count back from, by frame and by the clock; the plan's finish
    scratch: np.ndarray  # (ROWS, B) int32
    alive: np.ndarray  # (B,) int32: -1 in trials that count, 0 beyond the last
    slack: np.ndarray  # (CHUNK, B) int32: total float of the nodes of a chunk


class Frame(NamedTuple):
    """Constants of each node in its frame, (N,) int32, and which of its rows are read again, (N,) bool."""

    floor: np.ndarray
    floor_finish: np.ndarray
    cap: np.ndarray
    cap_start: np.ndarray
    keeps_start: np.ndarray
    keeps_late_finish: np.ndarray
    keeps_late_at: np.ndarray


def frame_of(nodes: Nodes, links: Links, clocks: Clocks, everything: bool) -> Frame:
    """Floors and caps of every node in its frame. `everything`: keep all rows, others' dates follow from
    them.
    """
    found = []
    for values in (nodes.floor, nodes.floor_finish, nodes.cap, nodes.cap_start):
        row = values.copy()
        for c in np.unique(nodes.frame[nodes.mode == WORK]).tolist():
            mine = np.flatnonzero((nodes.mode == WORK) & (nodes.frame == c) & (abs(values) < HORIZON))
            row[mine] = positions(clocks, c, row[mine])
        found.append(row)
    count = len(nodes.mode)
    start, late_finish, late_at = (
        np.full(count, everything),
        np.full(count, everything),
        np.zeros(count, np.bool_),
    )
    start[links.source[links.end == 0]] = True
    start |= nodes.mode == POINT
    late_finish[links.after[links.pulls & (links.to == 1)]] = True
    late_at[links.after[links.pulls & (links.to == 0) & (links.clock != DIRECT)]] = True
    floor, floor_finish, cap, cap_start = found
    return Frame(floor, floor_finish, cap, cap_start, start, late_finish, late_at)


@njit(nogil=True)
def _push(
    tables: Any, x: Any, lag: Any, percent: Any, extra: Any, length: Any, duration: Any, at: Any,
    finishes: Any, own: Any, clock: Any,
) -> None:  # fmt: skip
    """Take row VALUE of `x`, a start or finish in frame `own` of a node with such rows of duration and finish
    instant, by a lag (a share: of `extra` and the row `length`) in `clock`'s time to an instant; `clock`
    DIRECT only adds it.
    """
    wide()
    value, move, ends, lagged = row(x, VALUE), row(x, MOVE), row(x, ENDS), percent != 0 or lag != 0
    if lagged or clock == DIRECT:
        lag_row(percent, lag, extra, length, ON, move)
    if clock == DIRECT:
        sum_row(value, move, ON, value)
    elif own == clock and own != ALWAYS and lagged:
        for i in range(LANES):
            value[i] = np.int32(value[i] + move[i])
            ends[i] = ON if move[i] > 0 or (move[i] == 0 and finishes and duration[i] > 0) else ZERO
        instant_row(tables, own, value, ends)
    else:
        if own != ALWAYS:
            if finishes:
                copy_row(at, value)
            else:
                fill_row(ends, ZERO)
                instant_row(tables, own, value, ends)
        if lagged:
            add_row(tables, clock, value, move, row(x, SPARE), row(x, AGAIN))


@njit(nogil=True)
def forward_chunk(
    nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, first: Any, last: Any
) -> None:
    """Fill the early start and finish of nodes `first` .. `last`-1 in every trial of the block."""
    wide()
    x, start, finish, at, tables = (
        flat(block.scratch), flat(block.start), flat(block.finish), flat(block.at), tables_of(clocks)
    )  # fmt: skip
    duration, way, mode, frames = flat(block.duration), flat(block.way), flat(nodes.mode), flat(nodes.frame)
    first_in, branch, own_way = flat(nodes.first_in), flat(nodes.branch), flat(nodes.way)
    before, source, end, to = flat(links.before), flat(links.source), flat(links.end), flat(links.to)
    lag, simple, percent, clock = flat(links.lag), flat(links.simple), flat(links.percent), flat(links.clock)
    floor, floor_finish, keeps = flat(frame.floor), flat(frame.floor_finish), flat(frame.keeps_start)
    extra, earliest, calendar = flat(nodes.extra), flat(nodes.floor), flat(nodes.calendar)
    value, begin = row(x, VALUE), row(x, BEGIN)
    for n in range(first, last):
        if mode[n] == DONE:
            fill_row(row(finish, n), floor[n])
            fill_row(row(start, n), floor[n])
            continue
        own, by_finish, crossed = np.int64(frames[n]), floor_finish[n] > LOWEST, False
        _early_bounds(floor[n], floor_finish[n], own, earliest[n], x)
        for k in range(first_in[n], first_in[n + 1]):
            by_finish |= to[k] == 1
            m, to_row = np.int64(source[k]), END if to[k] == 1 else BEGIN
            dates = row(finish, m) if end[k] == 1 else row(start, m)
            if simple[k]:
                max_row(dates, lag[k], row(x, to_row))
                continue
            p = np.int64(before[k])
            copy_row(dates, value)
            _push(
                tables, x, lag[k], percent[k], extra[p], row(duration, p), row(duration, m), row(at, m),
                end[k] == 1, np.int64(frames[m]), np.int64(clock[k]),
            )  # fmt: skip
            blank_row(way, np.int64(branch[p]), own_way[p], LOWEST, value)
            across = own != ALWAYS and clock[k] != DIRECT
            crossed |= across
            max_row(value, ZERO, row(x, to_row + BEGIN_AT - BEGIN if across else to_row))
        if crossed:
            _cross(tables, own, by_finish, x)
        c = np.int64(calendar[n]) if mode[n] == POINT else ALWAYS
        _forward_row(tables, c, by_finish, row(duration, n), row(finish, n), x)
        if keeps[n]:
            copy_row(begin, row(start, n))
        if own != ALWAYS:
            _finish_at(tables, own, row(finish, n), row(duration, n), row(at, n), x)


@njit(nogil=True)
def _early_bounds(floor: Any, floor_finish: Any, own: Any, earliest: Any, x: Any) -> None:
    """Put in the bounds of a node what binds it by itself; those from other frames begin at the instant of
    its floor, which binds no more and lies within its calendar's table.
    """
    wide()
    fill_row(row(x, BEGIN), floor)
    fill_row(row(x, END), floor_finish)
    if own != ALWAYS:
        fill_row(row(x, BEGIN_AT), earliest)
        fill_row(row(x, END_AT), earliest)


@njit(nogil=True)
def _cross(tables: Any, own: Any, by_finish: Any, x: Any) -> None:
    """Take the bounds that came as instants to frame `own`: the largest has the largest position."""
    position_row(tables, own, row(x, BEGIN_AT))
    max_row(row(x, BEGIN_AT), ZERO, row(x, BEGIN))
    if by_finish:
        position_row(tables, own, row(x, END_AT))
        max_row(row(x, END_AT), ZERO, row(x, END))


@njit(nogil=True)
def _forward_row(tables: Any, c: Any, by_finish: Any, duration: Any, finish: Any, x: Any) -> None:
    """Start and finish of a node from its bounds; `c`: the calendar of what is an instant, else ALWAYS."""
    if c != ALWAYS:
        _forward_point(tables, c, finish, duration, x, by_finish)
        return
    if by_finish:
        sum_row(row(x, END), duration, OFF, row(x, VALUE))
        max_row(row(x, VALUE), ZERO, row(x, BEGIN))
    finish_row(row(x, BEGIN), duration, finish)


@njit(nogil=True)
def _finish_at(tables: Any, own: Any, finish: Any, duration: Any, at: Any, x: Any) -> None:
    """The finish of a node as an instant."""
    copy_row(finish, at)
    ends_row(duration, row(x, ENDS))
    instant_row(tables, own, at, row(x, ENDS))


@njit(nogil=True)
def _forward_point(tables: Any, c: Any, finish: Any, duration: Any, x: Any, by_finish: Any) -> None:
    """Start and finish of an instant with a calendar, from what binds its start and its finish."""
    value, move, begin, end = row(x, VALUE), row(x, MOVE), row(x, BEGIN), row(x, END)
    spare, again = row(x, SPARE), row(x, AGAIN)
    if by_finish:
        for i in range(LANES):
            move[i] = np.int32(-duration[i])
            value[i] = max(end[i], begin[i])  # a bound of none would lie outside the calendar
        add_row(tables, c, value, move, spare, again)
        for i in range(LANES):
            begin[i] = max(begin[i], value[i]) if end[i] > begin[i] else begin[i]
    copy_row(begin, finish)
    copy_row(duration, move)
    add_row(tables, c, finish, move, spare, again)


@njit(nogil=True)
def ends_rows(clocks: Clocks, block: Block, frames: np.ndarray, must_finish: Any) -> None:
    """Fill `block.end` from its last row, the plan's finish: what late dates count back from in each of
    `frames`.
    """
    wide()
    ends, tables, last = flat(block.end), tables_of(clocks), block.end.shape[0] - 1
    finish, clock = row(ends, last), row(ends, last - 1)
    for i in range(LANES):
        clock[i] = finish[i] if must_finish >= HIGHEST else np.int32(must_finish)
    for c in frames:
        copy_row(clock, row(ends, c))
        position_row(tables, c, row(ends, c))


@njit(nogil=True)
def _pull(
    tables: Any, late_at: Any, x: Any, finishes: Any, own: Any, clock: Any, target: Any, lagged: Any
) -> Any:
    """Take row VALUE of `x`, a late start or finish in frame `own` of a node with such a row of late start
    instants, back by the lags of row MOVE (negative) in `clock`'s time; `clock` DIRECT only takes them off.
    Whether it is an instant now that frame `target` has yet to see.
    """
    wide()
    value, move, ends = row(x, VALUE), row(x, MOVE), row(x, ENDS)
    if clock == DIRECT:
        sum_row(value, move, ON, value)
        return False
    if own != ALWAYS:
        if finishes:
            fill_row(ends, ON)
            instant_row(tables, own, value, ends)
        else:
            copy_row(late_at, value)
    if lagged and target == clock and target != ALWAYS:
        position_row(tables, target, value)
        sum_row(value, move, ON, value)
        return False
    if lagged:
        add_row(tables, clock, value, move, row(x, SPARE), row(x, AGAIN))
    return target != ALWAYS


@njit(nogil=True)
def _late_bounds(
    tables: Any, ends: Any, last: Any, x: Any, own: Any, cap: Any, cap_start: Any, capped: Any
) -> None:
    """Put in the bounds of a node's late dates its caps and the plan's end in its frame."""
    wide()
    fill_row(row(x, END), cap)
    fill_row(row(x, BEGIN), cap_start)
    min_row(row(ends, last - 1 if own == ALWAYS else own), ZERO, row(x, END))
    if capped:
        copy_row(row(ends, last), row(x, VALUE))
        if own != ALWAYS:
            position_row(tables, own, row(x, VALUE))
        min_row(row(x, VALUE), ZERO, row(x, END))
    if own != ALWAYS:
        copy_row(row(ends, last - 1), row(x, BEGIN_AT))
        copy_row(row(ends, last - 1), row(x, END_AT))


@njit(nogil=True)
def backward_chunk(
    nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, first: Any, last: Any
) -> None:
    """Fill the late dates of nodes `last`-1 .. `first` and their floats, of not more than CHUNK nodes; what
    is done binds nothing and is left out.
    """
    wide()
    x, late, late_start, late_at, tables = (
        flat(block.scratch),
        flat(block.late_finish),
        flat(block.late_start),
        flat(block.late_at),
        tables_of(clocks),
    )
    duration, way, mode, finish = flat(block.duration), flat(block.way), flat(nodes.mode), flat(block.finish)
    first_out, outs, branch, own_way = (
        flat(nodes.first_out), flat(nodes.outs), flat(nodes.branch), flat(nodes.way)
    )  # fmt: skip
    frames, extra, capped, calendar = (
        flat(nodes.frame),
        flat(nodes.extra),
        flat(nodes.capped),
        flat(nodes.calendar),
    )
    after, end, to, lag = flat(links.after), flat(links.end), flat(links.to), flat(links.lag)
    simple, pulls, percent, clock = (
        flat(links.simple_back), flat(links.pulls), flat(links.percent), flat(links.clock)
    )  # fmt: skip
    cap, cap_start, ends, ends_last = (
        flat(frame.cap),
        flat(frame.cap_start),
        flat(block.end),
        block.end.shape[0] - 1,
    )
    keeps, keeps_at, slack = flat(frame.keeps_late_finish), flat(frame.keeps_late_at), flat(block.slack)
    for n in range(last - 1, first - 1, -1):
        if mode[n] == DONE:
            continue
        own, by_start, crossed = np.int64(frames[n]), cap_start[n] < HIGHEST, False
        _late_bounds(tables, ends, ends_last, x, own, cap[n], cap_start[n], capped[n] != 0)
        for j in range(first_out[n], first_out[n + 1]):
            k = np.int64(outs[j])
            if not pulls[k]:
                continue
            by_start |= end[k] == 0
            m, to_row = np.int64(after[k]), END if end[k] == 1 else BEGIN
            dates = row(late, m) if to[k] == 1 else row(late_start, m)
            if simple[k]:
                min_row(dates, lag[k], row(x, to_row))
                continue
            copy_row(dates, row(x, VALUE))
            lag_row(percent[k], lag[k], extra[n], row(duration, n), OFF, row(x, MOVE))
            across = _pull(
                tables, row(late_at, m), x, to[k] == 1, np.int64(frames[m]), np.int64(clock[k]), own,
                percent[k] != 0 or lag[k] != 0,
            )  # fmt: skip
            blank_row(way, np.int64(branch[m]), own_way[m], HIGHEST, row(x, VALUE))
            blank_row(way, np.int64(branch[n]), own_way[n], HIGHEST, row(x, VALUE))
            min_row(row(x, VALUE), ZERO, row(x, to_row + BEGIN_AT - BEGIN if across else to_row))
            crossed |= across
        if crossed:
            _cross_back(tables, own, by_start, x)
        c = np.int64(calendar[n]) if mode[n] == POINT else ALWAYS
        _backward_row(tables, c, by_start, row(duration, n), row(late_start, n), x)
        if keeps[n]:
            copy_row(row(x, END), row(late, n))
        if keeps_at[n] and own != ALWAYS:
            _late_start_at(tables, own, row(late_start, n), row(duration, n), row(late_at, n), x)
        slack_row(
            tables,
            mode[n],
            np.int64(calendar[n]),
            row(x, END),
            row(finish, n),
            row(slack, n - first),
            row(x, OTHER),
        )
        blank_row(way, np.int64(branch[n]), own_way[n], HIGHEST, row(slack, n - first))


@njit(nogil=True)
def _cross_back(tables: Any, own: Any, by_start: Any, x: Any) -> None:
    """Take the bounds that came as instants to frame `own`."""
    position_row(tables, own, row(x, END_AT))
    min_row(row(x, END_AT), ZERO, row(x, END))
    if by_start:
        position_row(tables, own, row(x, BEGIN_AT))
        min_row(row(x, BEGIN_AT), ZERO, row(x, BEGIN))


@njit(nogil=True)
def _backward_row(tables: Any, c: Any, by_start: Any, duration: Any, late_start: Any, x: Any) -> None:
    """Late dates of a node from its bounds; `c`: the calendar of one that is an instant, else ALWAYS."""
    if c != ALWAYS:
        _backward_point(tables, c, late_start, duration, x, by_start)
        return
    if by_start:
        sum_row(row(x, BEGIN), duration, ON, row(x, VALUE))
        min_row(row(x, VALUE), ZERO, row(x, END))
    late_start_row(row(x, END), duration, late_start)


@njit(nogil=True)
def _late_start_at(tables: Any, own: Any, late_start: Any, duration: Any, late_at: Any, x: Any) -> None:
    """The late start of a node as an instant."""
    copy_row(late_start, late_at)
    late_ends_row(duration, False, row(x, ENDS))
    instant_row(tables, own, late_at, row(x, ENDS))


@njit(nogil=True)
def _backward_point(tables: Any, c: Any, late_start: Any, duration: Any, x: Any, by_start: Any) -> None:
    """Late dates of an instant with a calendar, from what binds its finish and its start."""
    value, move, begin, end = row(x, VALUE), row(x, MOVE), row(x, BEGIN), row(x, END)
    spare, again = row(x, SPARE), row(x, AGAIN)
    if by_start:
        copy_row(duration, move)
        for i in range(LANES):
            value[i] = min(begin[i], end[i])
        add_row(tables, c, value, move, spare, again)
        for i in range(LANES):
            end[i] = min(end[i], value[i]) if begin[i] < end[i] else end[i]
    for i in range(LANES):
        move[i] = np.int32(-duration[i])
        late_start[i] = end[i]
    add_row(tables, c, late_start, move, spare, again)


__all__ = ["Block", "Frame", "backward_chunk", "ends_rows", "forward_chunk", "frame_of"]
