"""The passes of one block of trials, in compiled code: what `plain` does, for many trials at once.

Rows of `Block` are nodes, columns trials. `forward_kernel` and `backward_kernel` only loop and fill; everything is
int32 and exact. `docs/engines/schedule-risk.md` has the equations.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from torap.engines.schedule.clocks import ALWAYS, HORIZON, add, instant, position

DONE, INSTANT, WORK, POINT = 0, 1, 2, 3
LOWEST = np.int32(-HORIZON)
HIGHEST = np.int32(HORIZON)
WHOLE = 10_000


class Block(NamedTuple):
    """State of one block: N nodes, B trials, C calendars. Instants or positions, by the node's frame."""

    duration: np.ndarray  # (N, B) int32 minutes
    start: np.ndarray  # (N, B) int32
    finish: np.ndarray  # (N, B) int32
    late_start: np.ndarray  # (N, B) int32
    late_finish: np.ndarray  # (N, B) int32
    way: np.ndarray  # (branches, B) int32: the way taken
    plan_finish: np.ndarray  # (B,) int32 instant
    end: np.ndarray  # (C+1, B) int32: what late dates count back from, in each frame; the last is the clock
    scratch: np.ndarray  # (4, B) int32


class Frame(NamedTuple):
    """Constants of each node in its frame, (N,) int32."""

    floor: np.ndarray
    floor_finish: np.ndarray
    cap: np.ndarray
    cap_start: np.ndarray


@njit(cache=True, nogil=True)
def frame_kernel(nodes: Nodes, clocks: Clocks, out: np.ndarray) -> None:
    """Fill the constants of every node in its frame."""
    for n in range(nodes.mode.size):
        out.floor[n], out.floor_finish[n] = nodes.floor[n], nodes.floor_finish[n]
        out.cap[n], out.cap_start[n] = nodes.cap[n], nodes.cap_start[n]
        if nodes.mode[n] == WORK:
            c = nodes.frame[n]
            out.floor[n] = position(clocks, c, nodes.floor[n])
            if nodes.floor_finish[n] > LOWEST:
                out.floor_finish[n] = position(clocks, c, nodes.floor_finish[n])
            if nodes.cap[n] < HIGHEST:
                out.cap[n] = position(clocks, c, nodes.cap[n])
            if nodes.cap_start[n] < HIGHEST:
                out.cap_start[n] = position(clocks, c, nodes.cap_start[n])


@njit(cache=True, nogil=True)
def raw_kernel(clocks: Clocks, frame: int, values: np.ndarray, durations: np.ndarray, finishes: bool, out: np.ndarray) -> None:
    """Fill `out` with the instants of early `values` of a node in `frame`: its finishes or its starts."""
    if frame == ALWAYS:
        for i in range(out.size):
            out[i] = values[i]
    elif finishes:
        for i in range(out.size):
            out[i] = instant(clocks, frame, values[i], 1 if durations[i] > 0 else 0)
    else:
        for i in range(out.size):
            out[i] = instant(clocks, frame, values[i], 0)


@njit(cache=True, nogil=True)
def raw_late_kernel(clocks: Clocks, frame: int, values: np.ndarray, durations: np.ndarray, finishes: bool, out: np.ndarray) -> None:
    """The same of late dates: a late finish is the end of work, a late start its beginning when there is work."""
    if frame == ALWAYS:
        for i in range(out.size):
            out[i] = values[i]
    elif finishes:
        for i in range(out.size):
            out[i] = instant(clocks, frame, values[i], 1)
    else:
        for i in range(out.size):
            out[i] = instant(clocks, frame, values[i], 0 if durations[i] > 0 else 1)


@njit(cache=True, nogil=True)
def _lag_kernel(nodes: Nodes, links: Links, k: int, durations: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` with the lag of link `k` in each trial; a share is rounded half to even, as Python does."""
    percent = np.int64(links.percent[k])
    if percent == 0:
        for i in range(out.size):
            out[i] = links.lag[k]
        return
    extra = np.int64(nodes.extra[links.before[k]])
    for i in range(out.size):
        product = (extra + durations[i]) * percent
        whole = product // WHOLE
        rest = product - whole * WHOLE
        if rest * 2 > WHOLE or (rest * 2 == WHOLE and whole & 1):
            whole += 1
        out[i] = np.int32(whole)


@njit(cache=True, nogil=True)
def _mask_kernel(nodes: Nodes, way: np.ndarray, n: int, blank: np.ndarray, out: np.ndarray) -> None:
    """Put `blank` where the branch of node `n` took another way."""
    branch = nodes.branch[n]
    if branch >= 0:
        taken = way[branch]
        for i in range(out.size):
            if taken[i] != nodes.way[n]:
                out[i] = blank


@njit(cache=True, nogil=True)
def _push_kernel(nodes: Nodes, links: Links, clocks: Clocks, block: Block, k: int, lag: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` with what link `k` binds its successor to, in the successor's frame."""
    source, after, before = links.source[k], links.after[k], links.before[k]
    values = block.finish[source] if links.end[k] else block.start[source]
    if links.direct[k] and links.percent[k] == 0:
        for i in range(out.size):
            out[i] = values[i] + links.lag[k]
        return
    _lag_kernel(nodes, links, k, block.duration[before], lag)
    if links.direct[k]:
        for i in range(out.size):
            out[i] = values[i] + lag[i]
        return
    own = nodes.frame[source]
    clock = links.clock[k]
    if own == clock and own != ALWAYS:
        durations = block.duration[source]
        for i in range(out.size):
            ends = 1 if (links.end[k] and durations[i] > 0) else 0
            ends = ends if lag[i] == 0 else (1 if lag[i] > 0 else 0)
            out[i] = instant(clocks, own, values[i] + lag[i], ends)
    else:
        raw_kernel(clocks, own, values, block.duration[source], links.end[k] == 1, out)
        for i in range(out.size):
            out[i] = add(clocks, clock, out[i], lag[i])
    target = nodes.frame[after]
    if target != ALWAYS:
        for i in range(out.size):
            out[i] = position(clocks, target, out[i])


@njit(cache=True, nogil=True)
def forward_node_kernel(nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, n: int) -> None:
    """Fill the early start and finish of node `n` in every trial of the block."""
    start, finish, durations = block.start[n], block.finish[n], block.duration[n]
    mode = nodes.mode[n]
    if mode == DONE:
        start[:] = frame.floor[n]
        finish[:] = frame.floor[n]
        return
    bound, ends, lag = block.scratch[0], block.scratch[1], block.scratch[2]
    start[:] = frame.floor[n]
    ends[:] = frame.floor_finish[n]
    by_finish = frame.floor_finish[n] > LOWEST
    for k in range(nodes.first_in[n], nodes.first_in[n + 1]):
        _push_kernel(nodes, links, clocks, block, k, lag, bound)
        _mask_kernel(nodes, block.way, links.before[k], LOWEST, bound)
        if links.to[k]:
            by_finish = True
            for i in range(start.size):
                ends[i] = max(ends[i], bound[i])
        else:
            for i in range(start.size):
                start[i] = max(start[i], bound[i])
    if by_finish:
        if mode == POINT:
            for i in range(start.size):
                if ends[i] > LOWEST:
                    start[i] = max(start[i], add(clocks, nodes.calendar[n], ends[i], -durations[i]))
        else:
            for i in range(start.size):
                start[i] = max(start[i], ends[i] - durations[i])
    if mode == POINT:
        for i in range(start.size):
            finish[i] = add(clocks, nodes.calendar[n], start[i], durations[i])
    else:
        for i in range(start.size):
            finish[i] = min(start[i] + durations[i], HIGHEST)


@njit(cache=True, nogil=True)
def plan_finish_kernel(nodes: Nodes, block: Block, n: int, raw: np.ndarray) -> None:
    """Take the finishes `raw` (instants) of node `n` into the plan's finish, where its way is taken."""
    _mask_kernel(nodes, block.way, n, LOWEST, raw)
    for i in range(raw.size):
        block.plan_finish[i] = max(block.plan_finish[i], raw[i])


@njit(cache=True, nogil=True)
def ends_kernel(clocks: Clocks, block: Block, must_finish: int) -> None:
    """Fill `block.end`: the plan's finish, or the date it must finish by, in every frame."""
    frames = block.end.shape[0] - 1
    for i in range(block.plan_finish.size):
        at = block.plan_finish[i] if must_finish >= HIGHEST else must_finish
        block.end[frames, i] = at
        for c in range(frames):
            block.end[c, i] = position(clocks, c, at)


@njit(cache=True, nogil=True)
def _pull_kernel(nodes: Nodes, links: Links, clocks: Clocks, block: Block, k: int, lag: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` with the latest that link `k` allows its end of the predecessor, in the predecessor's frame."""
    before, after = links.before[k], links.after[k]
    values = block.late_finish[after] if links.to[k] else block.late_start[after]
    _lag_kernel(nodes, links, k, block.duration[before], lag)
    if links.direct[k]:
        for i in range(out.size):
            out[i] = values[i] - lag[i]
        return
    raw_late_kernel(clocks, nodes.frame[after], values, block.duration[after], links.to[k] == 1, out)
    for i in range(out.size):
        out[i] = add(clocks, links.clock[k], out[i], -lag[i])
    own = nodes.frame[before]
    if own != ALWAYS:
        for i in range(out.size):
            out[i] = position(clocks, own, out[i])


@njit(cache=True, nogil=True)
def backward_node_kernel(nodes: Nodes, links: Links, clocks: Clocks, frame: Frame, block: Block, n: int) -> None:
    """Fill the late start and finish of node `n`; what is done keeps its date."""
    late, late_start, durations = block.late_finish[n], block.late_start[n], block.duration[n]
    mode = nodes.mode[n]
    if mode == DONE:
        late[:] = block.finish[n]
        late_start[:] = block.start[n]
        return
    own = nodes.frame[n]
    bound, lag, caps = block.scratch[0], block.scratch[2], block.scratch[3]
    frames = block.end.shape[0] - 1
    caps[:] = HIGHEST  # bounds of the start, moved by the duration below
    for i in range(late.size):
        late[i] = min(block.end[frames if own == ALWAYS else own, i], frame.cap[n])
    if nodes.capped[n]:
        for i in range(late.size):
            at = block.plan_finish[i] if own == ALWAYS else position(clocks, own, block.plan_finish[i])
            late[i] = min(late[i], at)
    caps[:] = frame.cap_start[n]
    for j in range(nodes.first_out[n], nodes.first_out[n + 1]):
        k = nodes.outs[j]
        if not links.pulls[k]:
            continue
        _pull_kernel(nodes, links, clocks, block, k, lag, bound)
        _mask_kernel(nodes, block.way, links.after[k], HIGHEST, bound)
        _mask_kernel(nodes, block.way, n, HIGHEST, bound)
        if links.end[k]:
            for i in range(late.size):
                late[i] = min(late[i], bound[i])
        else:
            for i in range(late.size):
                caps[i] = min(caps[i], bound[i])
    for i in range(late.size):
        if caps[i] < HIGHEST:
            moved = (
                add(clocks, nodes.calendar[n], caps[i], durations[i])
                if mode == POINT
                else caps[i] + durations[i]
            )
            late[i] = min(late[i], moved)
        late[i] = max(late[i], LOWEST)
    for i in range(late.size):
        if mode == POINT:
            late_start[i] = add(clocks, nodes.calendar[n], late[i], -durations[i])
        else:
            late_start[i] = late[i] - durations[i]


@njit(cache=True, nogil=True)
def slack_kernel(nodes: Nodes, clocks: Clocks, block: Block, n: int, out: np.ndarray) -> None:
    """Fill `out` with the total float of node `n` in working minutes."""
    finish, late = block.finish[n], block.late_finish[n]
    if nodes.mode[n] == POINT:
        c = nodes.calendar[n]
        for i in range(out.size):
            out[i] = position(clocks, c, late[i]) - position(clocks, c, finish[i])
    else:
        for i in range(out.size):
            out[i] = late[i] - finish[i]


__all__ = ["Block", "Frame", "backward_node_kernel", "forward_node_kernel", "frame_kernel", "slack_kernel"]
