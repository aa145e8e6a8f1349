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

from torap.engines.lanes import LANES, row, wide
from torap.engines.schedule.clocks import (
    ALWAYS,
    HORIZON,
    Clocks,
    add_row,
    instant_row,
    position_row,
    positions,
)
from torap.engines.schedule.program import DIRECT, DONE, INSTANT, POINT, WORK, Links, Nodes
from torap.engines.schedule.rows import (
    AGAIN,
    BEGIN,
    BEGIN_AT,
    END,
    END_AT,
    ENDS,
    FINISH,
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
from torap.engines.vectors import least, load, most, store, wholes


class Block(NamedTuple):
    """State of one block: N nodes, B trials, C calendars. Instants or positions, by the node's frame."""

    duration: np.ndarray  # (N, B) int32 minutes
    start: np.ndarray  # (N, B) int32, where it is kept
    finish: np.ndarray  # (N, B) int32
    at: np.ndarray  # (N, B) int32: the finish as an instant, of a node whose frame is a calendar
    late_start: np.ndarray  # (N, B) int32; may be `finish` itself
    late_finish: np.ndarray  # (N, B) int32, where it is kept
    late_at: np.ndarray  # (N, B) int32: the late start as an instant, where it is kept
    way: np.ndarray  # (branches, B) int32: the way taken
    end: (
        np.ndarray
    )  # (C+2, B) int32: what late dates count back from, by frame and by the clock; the plan's finish
    scratch: np.ndarray  # (ROWS, B) int32
    alive: np.ndarray  # (B,) int32: -1 in trials that count, 0 beyond the last


class Frame(NamedTuple):
    """Constants of each node in its frame, (N,) int32, and which of its rows are read again, (N,) bool."""

    floor: np.ndarray
    floor_finish: np.ndarray
    cap: np.ndarray
    cap_start: np.ndarray
    keeps_start: np.ndarray
    keeps_late_finish: np.ndarray
    keeps_late_at: np.ndarray
    plain: np.ndarray  # bounds of early dates come from simple links alone
    plain_back: np.ndarray  # the same of late dates


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
    plain = (nodes.mode == WORK) | (nodes.mode == INSTANT)
    plain_back = plain & (nodes.branch < 0) & ~nodes.capped
    plain[links.after[~links.simple]] = False
    plain_back[links.before[links.pulls & ~links.simple_back]] = False
    floor, floor_finish, cap, cap_start = found
    return Frame(floor, floor_finish, cap, cap_start, start, late_finish, late_at, plain, plain_back)


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
def forward_chunk(nodes: Any, links: Any, tables: Any, frame: Any, block: Any, first: Any, last: Any) -> None:
    """Fill the early start and finish of nodes `first` .. `last`-1 in every trial of the block; all in
    pointers.
    """
    wide()
    for n in range(first, last):
        if nodes.mode[n] == DONE:
            fill_row(row(block.finish, n), frame.floor[n])
            fill_row(row(block.start, n), frame.floor[n])
            continue
        if frame.plain[n]:
            _forward_plain(nodes, links, frame, block, n)
        else:
            _forward_links(nodes, links, tables, frame, block, n)
        own = np.int64(nodes.frame[n])
        if own != ALWAYS:
            _finish_at(
                tables, own, row(block.finish, n), row(block.duration, n), row(block.at, n), block.scratch
            )


@njit(nogil=True)
def _forward_plain(nodes: Any, links: Any, frame: Any, block: Any, n: Any) -> None:
    """Early dates of a node that only simple links bind."""
    begin, end = wholes(frame.floor[n]), wholes(frame.floor_finish[n])
    by_finish = frame.floor_finish[n] > LOWEST
    for k in range(nodes.first_in[n], nodes.first_in[n + 1]):
        m = np.int64(links.source[k])
        dates = load(row(block.finish if links.end[k] == 1 else block.start, m)) + links.lag[k]
        if links.to[k] == 1:
            by_finish, end = True, most(end, dates)
        else:
            begin = most(begin, dates)
    duration = load(row(block.duration, n))
    if by_finish:
        begin = most(begin, end - duration)
    if frame.keeps_start[n]:
        store(row(block.start, n), begin)
    store(row(block.finish, n), least(begin + duration, wholes(HIGHEST)))


@njit(nogil=True)
def _forward_links(nodes: Any, links: Any, tables: Any, frame: Any, block: Any, n: Any) -> None:
    """Early dates of any node: of one with a calendar, shares for lags, branches ahead."""
    wide()
    x, finish = block.scratch, block.finish
    own, by_finish, crossed = np.int64(nodes.frame[n]), frame.floor_finish[n] > LOWEST, False
    value = row(x, VALUE)
    _early_bounds(frame.floor[n], frame.floor_finish[n], own, nodes.floor[n], x)
    for k in range(nodes.first_in[n], nodes.first_in[n + 1]):
        by_finish |= links.to[k] == 1
        m, to_row = np.int64(links.source[k]), END if links.to[k] == 1 else BEGIN
        dates = row(finish, m) if links.end[k] == 1 else row(block.start, m)
        if links.simple[k]:
            max_row(dates, links.lag[k], row(x, to_row))
            continue
        p = np.int64(links.before[k])
        copy_row(dates, value)
        _push(
            tables, x, links.lag[k], links.percent[k], nodes.extra[p], row(block.duration, p),
            row(block.duration, m), row(block.at, m), links.end[k] == 1, np.int64(nodes.frame[m]),
            np.int64(links.clock[k]),
        )  # fmt: skip
        blank_row(block.way, np.int64(nodes.branch[p]), nodes.way[p], LOWEST, value)
        across = own != ALWAYS and links.clock[k] != DIRECT
        crossed |= across
        max_row(value, ZERO, row(x, to_row + BEGIN_AT - BEGIN if across else to_row))
    if crossed:
        _cross(tables, own, by_finish, x)
    c = np.int64(nodes.calendar[n]) if nodes.mode[n] == POINT else ALWAYS
    _forward_row(tables, c, by_finish, row(block.duration, n), row(finish, n), x)
    if frame.keeps_start[n]:
        copy_row(row(x, BEGIN), row(block.start, n))


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
def ends_rows(tables: Any, ends: Any, last: Any, frames: Any, count: Any, must_finish: Any) -> None:
    """Fill the rows `ends` from the last one, the plan's finish: what late dates count back from in each of
    `count` `frames`.
    """
    wide()
    finish, clock = row(ends, last), row(ends, last - 1)
    for i in range(LANES):
        clock[i] = finish[i] if must_finish >= HIGHEST else np.int32(must_finish)
    for k in range(count):
        c = frames[k]
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
def backward_row(nodes: Any, links: Any, tables: Any, frame: Any, block: Any, ends_last: Any, n: Any) -> Any:
    """Fill the late dates of node `n`, not done, in pointers; its total float in every trial. `ends_last`:
    the last row of `block.end`. The row of late starts may be that of finishes, which nothing reads any more.
    """
    wide()
    if frame.plain_back[n]:
        return _backward_plain(nodes, links, tables, frame, block, ends_last, n)
    _backward_links(nodes, links, tables, frame, block, ends_last, n)
    return load(row(block.scratch, VALUE))


@njit(nogil=True)
def _backward_plain(
    nodes: Any, links: Any, tables: Any, frame: Any, block: Any, ends_last: Any, n: Any
) -> Any:
    """Late dates and float of a node that only simple links pull."""
    own, by_start = np.int64(nodes.frame[n]), frame.cap_start[n] < HIGHEST
    begin = wholes(frame.cap_start[n])
    end = least(wholes(frame.cap[n]), load(row(block.end, ends_last - 1 if own == ALWAYS else own)))
    for j in range(nodes.first_out[n], nodes.first_out[n + 1]):
        k = np.int64(nodes.outs[j])
        if not links.pulls[k]:
            continue
        m = np.int64(links.after[k])
        dates = load(row(block.late_finish if links.to[k] == 1 else block.late_start, m)) - links.lag[k]
        if links.end[k] == 1:
            end = least(end, dates)
        else:
            by_start, begin = True, least(begin, dates)
    duration, finish = load(row(block.duration, n)), load(row(block.finish, n))
    if by_start:
        end = least(end, begin + duration)
    end = most(end, wholes(LOWEST))
    store(row(block.late_start, n), end - duration)
    if frame.keeps_late_finish[n]:
        store(row(block.late_finish, n), end)
    if own != ALWAYS and frame.keeps_late_at[n]:
        _late_start_at(
            tables,
            own,
            row(block.late_start, n),
            row(block.duration, n),
            row(block.late_at, n),
            block.scratch,
        )
    return end - finish


@njit(nogil=True)
def _backward_links(
    nodes: Any, links: Any, tables: Any, frame: Any, block: Any, ends_last: Any, n: Any
) -> None:
    """Late dates of any node; its float into row VALUE."""
    wide()
    x, duration, way = block.scratch, row(block.duration, n), block.way
    own, by_start, crossed = np.int64(nodes.frame[n]), frame.cap_start[n] < HIGHEST, False
    _late_bounds(tables, block.end, ends_last, x, own, frame.cap[n], frame.cap_start[n], nodes.capped[n] != 0)
    for j in range(nodes.first_out[n], nodes.first_out[n + 1]):
        k = np.int64(nodes.outs[j])
        if not links.pulls[k]:
            continue
        by_start |= links.end[k] == 0
        m, to_row = np.int64(links.after[k]), END if links.end[k] == 1 else BEGIN
        dates = row(block.late_finish, m) if links.to[k] == 1 else row(block.late_start, m)
        if links.simple_back[k]:
            min_row(dates, links.lag[k], row(x, to_row))
            continue
        copy_row(dates, row(x, VALUE))
        lag_row(links.percent[k], links.lag[k], nodes.extra[n], duration, OFF, row(x, MOVE))
        across = _pull(
            tables, row(block.late_at, m), x, links.to[k] == 1, np.int64(nodes.frame[m]),
            np.int64(links.clock[k]), own, links.percent[k] != 0 or links.lag[k] != 0,
        )  # fmt: skip
        blank_row(way, np.int64(nodes.branch[m]), nodes.way[m], HIGHEST, row(x, VALUE))
        blank_row(way, np.int64(nodes.branch[n]), nodes.way[n], HIGHEST, row(x, VALUE))
        min_row(row(x, VALUE), ZERO, row(x, to_row + BEGIN_AT - BEGIN if across else to_row))
        crossed |= across
    if crossed:
        _cross_back(tables, own, by_start, x)
    _settle(nodes, tables, frame, block, n, by_start)


@njit(nogil=True)
def _settle(nodes: Any, tables: Any, frame: Any, block: Any, n: Any, by_start: Any) -> None:
    """Late dates of a node from its bounds in the scratch of `block`, and its float into row VALUE."""
    x, own, duration = block.scratch, np.int64(nodes.frame[n]), row(block.duration, n)
    late_start, calendar = row(block.late_start, n), np.int64(nodes.calendar[n])
    copy_row(row(block.finish, n), row(x, FINISH))
    _backward_row(tables, calendar if nodes.mode[n] == POINT else ALWAYS, by_start, duration, late_start, x)
    if frame.keeps_late_finish[n]:
        copy_row(row(x, END), row(block.late_finish, n))
    if frame.keeps_late_at[n] and own != ALWAYS:
        _late_start_at(tables, own, late_start, duration, row(block.late_at, n), x)
    slack_row(tables, nodes.mode[n], calendar, row(x, END), row(x, FINISH), row(x, VALUE), row(x, OTHER))
    blank_row(block.way, np.int64(nodes.branch[n]), nodes.way[n], HIGHEST, row(x, VALUE))


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


__all__ = ["Block", "Frame", "backward_row", "ends_rows", "forward_chunk", "frame_of"]
