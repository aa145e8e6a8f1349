"""The passes of one block of trials, in compiled code: what `plain` does, for many trials at once.

Rows are nodes, columns trials; everything is int32 and exact. A chunk of nodes is done at a time, so that its
rows stay in the nearest cache and the price of a call is shared. Only what is read again is kept: starts,
late finishes and instants of a node whose frame is a calendar have rows only where `Frame` says so.
docs/engines/schedule-risk.md has the equations.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from torap.engines.compiling import inner
from torap.engines.lanes import LANES, row, wide, within
from torap.engines.schedule.clocks import (
    ALWAYS,
    HORIZON,
    Clocks,
    added,
    instant,
    position,
    position_row,
    positions,
)
from torap.engines.schedule.program import DIRECT, DONE, INSTANT, POINT, WORK, Links, Nodes
from torap.engines.schedule.rows import (
    HIGHEST,
    LOWEST,
    MOVE,
    OFF,
    ON,
    ZERO,
    copy_row,
    fill_row,
    lag_row,
    taken,
)
from torap.engines.vectors import choose, least, load, most, store, wholes


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
    places: np.ndarray  # (granules, 2K, B) uint16: bins of starts and finishes of K rows, to be counted
    alive: np.ndarray  # (B,) int32: -1 in trials that count, 0 beyond the last


class Frame(NamedTuple):
    """Constants of each node in its frame, (N,) int32, and which of its rows are read again, (N,) bool."""

    floor: np.ndarray
    floor_finish: np.ndarray
    cap: np.ndarray
    cap_start: np.ndarray
    held: np.ndarray
    held_finish: np.ndarray
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
    for values in (
        nodes.floor, nodes.floor_finish, nodes.cap, nodes.cap_start, nodes.held, nodes.held_finish,
    ):  # fmt: skip
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
    floor, floor_finish, cap, cap_start, held, held_finish = found
    return Frame(
        floor, floor_finish, cap, cap_start, held, held_finish, start, late_finish, late_at, plain, plain_back
    )


@inner
def _lags(percent: Any, lag: Any, extra: Any, length: Any, sign: Any, room: Any) -> Any:
    """The lag of a link in each trial, times `sign`: a share is of `extra` and the row `length`; `room` is
    used up.
    """
    if percent == 0:
        return wholes(np.int32(lag * sign))
    lag_row(percent, lag, extra, length, sign, room)
    return load(room)


@inner
def _pushed(nodes: Any, links: Any, tables: Any, block: Any, k: Any, m: Any, dates: Any) -> Any:
    """What `dates` of node `m` bind over link `k`: taken by its lag in the lag's time to an instant; a DIRECT
    lag is only added.
    """
    within()
    wide()
    p, own, clock = np.int64(links.before[k]), np.int64(nodes.frame[m]), np.int64(links.clock[k])
    finishes, lagged = links.end[k] == 1, links.percent[k] != 0 or links.lag[k] != 0
    room = row(block.scratch, MOVE)
    move = _lags(links.percent[k], links.lag[k], nodes.extra[p], row(block.duration, p), ON, room)
    if clock == DIRECT:
        dates = dates + move
    elif own == clock and own != ALWAYS and lagged:
        works = move > ZERO
        if finishes:
            works = works | ((move == ZERO) & (load(row(block.duration, m)) > ZERO))
        dates = instant(tables, own, dates + move, choose(works, wholes(ON), wholes(ZERO)))
    else:
        if own != ALWAYS:
            dates = load(row(block.at, m)) if finishes else instant(tables, own, dates, wholes(ZERO))
        if lagged:
            dates = added(tables, clock, dates, move)
    return taken(block.way, np.int64(nodes.branch[p]), nodes.way[p], LOWEST, dates)


@inner
def forward_chunk(nodes: Any, links: Any, tables: Any, frame: Any, block: Any, first: Any, last: Any) -> None:
    """Fill the early start and finish of nodes `first` .. `last`-1 in every trial of the block; all in
    pointers.
    """
    within()
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
            works = choose(load(row(block.duration, n)) > ZERO, wholes(ON), wholes(ZERO))
            store(row(block.at, n), instant(tables, own, load(row(block.finish, n)), works))


@inner
def _forward_plain(nodes: Any, links: Any, frame: Any, block: Any, n: Any) -> None:
    """Early dates of a node that only simple links bind."""
    within()
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
    begin = _held(frame, n, begin, duration)
    if frame.keeps_start[n]:
        store(row(block.start, n), begin)
    store(row(block.finish, n), least(begin + duration, wholes(HIGHEST)))


@inner
def _held(frame: Any, n: Any, begin: Any, duration: Any) -> Any:
    """The early start `begin`, pulled in by constraints that win over links."""
    within()
    if frame.held[n] < HIGHEST:
        begin = least(begin, wholes(frame.held[n]))
    if frame.held_finish[n] < HIGHEST:
        begin = least(begin, wholes(frame.held_finish[n]) - duration)
    return begin


@inner
def _forward_links(nodes: Any, links: Any, tables: Any, frame: Any, block: Any, n: Any) -> None:
    """Early dates of any node: of one with a calendar, shares for lags, branches ahead. Bounds from other
    frames are compared as instants, from that of its floor on, which binds no more and lies within its
    calendar's table.
    """
    within()
    wide()
    own, by_finish = np.int64(nodes.frame[n]), frame.floor_finish[n] > LOWEST
    crossed, end_crossed = False, False
    begin, end = wholes(frame.floor[n]), wholes(frame.floor_finish[n])
    begin_at, end_at = wholes(nodes.floor[n]), wholes(nodes.floor[n])
    for k in range(nodes.first_in[n], nodes.first_in[n + 1]):
        m, ends = np.int64(links.source[k]), links.to[k] == 1
        by_finish |= ends
        dates = load(row(block.finish if links.end[k] == 1 else block.start, m))
        simple = links.simple[k]
        dates = dates + links.lag[k] if simple else _pushed(nodes, links, tables, block, k, m, dates)
        if simple or own == ALWAYS or links.clock[k] == DIRECT:
            if ends:
                end = most(end, dates)
            else:
                begin = most(begin, dates)
        elif ends:
            end_crossed, end_at = True, most(end_at, dates)
        else:
            crossed, begin_at = True, most(begin_at, dates)
    if crossed:
        begin = most(begin, position(tables, own, begin_at))
    if end_crossed:
        end = most(end, position(tables, own, end_at))
    _forward_settled(nodes, tables, frame, block, n, begin, end, by_finish)


@inner
def _forward_settled(
    nodes: Any, tables: Any, frame: Any, block: Any, n: Any, begin: Any, end: Any, by_finish: Any
) -> None:
    """Early dates of a node from the bounds of its start and finish."""
    within()
    wide()
    duration = load(row(block.duration, n))
    if nodes.mode[n] == POINT and nodes.calendar[n] != ALWAYS:
        c = np.int64(nodes.calendar[n])
        if by_finish:  # a bound of none would lie outside the calendar
            back = added(tables, c, most(end, begin), wholes(ZERO) - duration)
            begin = choose(end > begin, most(begin, back), begin)
        begin = least(begin, wholes(frame.held[n]))
        if frame.held_finish[n] < HIGHEST:
            back = added(tables, c, wholes(frame.held_finish[n]), wholes(ZERO) - duration)
            begin = least(begin, back)
        finish = added(tables, c, begin, duration)
    else:
        if by_finish:
            begin = most(begin, end - duration)
        begin = _held(frame, n, begin, duration)
        finish = least(begin + duration, wholes(HIGHEST))
    if frame.keeps_start[n]:
        store(row(block.start, n), begin)
    store(row(block.finish, n), finish)


@inner
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


@inner
def _pulled(
    nodes: Any, links: Any, tables: Any, block: Any, k: Any, n: Any, m: Any, dates: Any, target: Any
) -> Any:
    """What late `dates` of node `m` bind of node `n`, in frame `target`, over link `k`: taken back by its lag
    in the lag's time; an instant unless `_stays`.
    """
    within()
    wide()
    own, clock, finishes = np.int64(nodes.frame[m]), np.int64(links.clock[k]), links.to[k] == 1
    length, room = row(block.duration, n), row(block.scratch, MOVE)
    move = _lags(links.percent[k], links.lag[k], nodes.extra[n], length, OFF, room)
    lagged = links.percent[k] != 0 or links.lag[k] != 0
    if clock == DIRECT:
        dates = dates + move
    else:
        if own != ALWAYS:
            dates = instant(tables, own, dates, wholes(ON)) if finishes else load(row(block.late_at, m))
        if lagged and target == clock and target != ALWAYS:
            dates = position(tables, target, dates) + move
        elif lagged:
            dates = added(tables, clock, dates, move)
    dates = taken(block.way, np.int64(nodes.branch[m]), nodes.way[m], HIGHEST, dates)
    return taken(block.way, np.int64(nodes.branch[n]), nodes.way[n], HIGHEST, dates)


@inner
def _stays(links: Any, k: Any, own: Any) -> Any:
    """What link `k` binds lies in the frame `own` of its predecessor already."""
    clock = np.int64(links.clock[k])
    lagged = links.percent[k] != 0 or links.lag[k] != 0
    return links.simple_back[k] or own == ALWAYS or clock == DIRECT or (lagged and own == clock)


@inner
def backward_row(nodes: Any, links: Any, tables: Any, frame: Any, block: Any, ends_last: Any, n: Any) -> Any:
    """Fill the late dates of node `n`, not done, in pointers; its total float in every trial. `ends_last`:
    the last row of `block.end`. The row of late starts may be that of finishes, which nothing reads any more.
    """
    within()
    wide()
    if frame.plain_back[n]:
        late, slack = _backward_plain(nodes, links, frame, block, ends_last, n)
    else:
        late, slack = _backward_links(nodes, links, tables, frame, block, ends_last, n)
    own = np.int64(nodes.frame[n])
    if own != ALWAYS and frame.keeps_late_at[n]:
        idle = choose(load(row(block.duration, n)) == ZERO, wholes(ON), wholes(ZERO))
        store(row(block.late_at, n), instant(tables, own, late, idle))
    store(row(block.late_start, n), late)
    return slack


@inner
def _backward_plain(nodes: Any, links: Any, frame: Any, block: Any, ends_last: Any, n: Any) -> Any:
    """Late start and float of a node that only simple links pull."""
    within()
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
    if frame.keeps_late_finish[n]:
        store(row(block.late_finish, n), end)
    return end - duration, end - finish


@inner
def _backward_links(
    nodes: Any, links: Any, tables: Any, frame: Any, block: Any, ends_last: Any, n: Any
) -> Any:
    """Late start and float of any node."""
    within()
    wide()
    own, by_start = np.int64(nodes.frame[n]), frame.cap_start[n] < HIGHEST
    crossed, begin_crossed = False, False
    clock = load(row(block.end, ends_last - 1))
    begin, begin_at, end_at = wholes(frame.cap_start[n]), clock, clock
    end = least(wholes(frame.cap[n]), load(row(block.end, ends_last - 1 if own == ALWAYS else own)))
    if nodes.capped[n]:
        last = load(row(block.end, ends_last))
        end = least(end, last if own == ALWAYS else position(tables, own, last))
    for j in range(nodes.first_out[n], nodes.first_out[n + 1]):
        k = np.int64(nodes.outs[j])
        if not links.pulls[k]:
            continue
        m, begins = np.int64(links.after[k]), links.end[k] == 0
        by_start |= begins
        dates = load(row(block.late_finish if links.to[k] == 1 else block.late_start, m))
        if links.simple_back[k]:
            dates = dates - links.lag[k]
        else:
            dates = _pulled(nodes, links, tables, block, k, n, m, dates, own)
        if _stays(links, k, own):
            if begins:
                begin = least(begin, dates)
            else:
                end = least(end, dates)
        elif begins:
            begin_crossed, begin_at = True, least(begin_at, dates)
        else:
            crossed, end_at = True, least(end_at, dates)
    if crossed:
        end = least(end, position(tables, own, end_at))
    if begin_crossed:
        begin = least(begin, position(tables, own, begin_at))
    return _settled(nodes, tables, frame, block, n, begin, end, by_start)


@inner
def _settled(
    nodes: Any, tables: Any, frame: Any, block: Any, n: Any, begin: Any, end: Any, by_start: Any
) -> Any:
    """Late start and float of a node from the bounds of its late start and finish."""
    within()
    wide()
    duration, finish = load(row(block.duration, n)), load(row(block.finish, n))
    c = np.int64(nodes.calendar[n])
    if nodes.mode[n] == POINT and c != ALWAYS:
        if by_start:
            ahead = added(tables, c, least(begin, end), duration)
            end = choose(begin < end, least(end, ahead), end)
        late = added(tables, c, end, wholes(ZERO) - duration)
        slack = position(tables, c, end) - position(tables, c, finish)
    else:
        if by_start:
            end = least(end, begin + duration)
        end = most(end, wholes(LOWEST))
        late, slack = end - duration, end - finish
    if frame.keeps_late_finish[n]:
        store(row(block.late_finish, n), end)
    return late, taken(block.way, np.int64(nodes.branch[n]), nodes.way[n], HIGHEST, slack)


__all__ = ["Block", "Frame", "backward_row", "ends_rows", "forward_chunk", "frame_of"]
