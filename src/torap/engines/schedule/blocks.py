"""One block of trials from drawing to counting: what every thread runs, and what it adds up.

All totals are whole numbers, so their sum is the same in whatever order blocks are done. Squares are kept in
two words of 32 bits and more, so that no horizon within the limits overflows them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from torap.engines.compiling import inner, kernel
from torap.engines.lanes import LANES, at, flat, flats, row, wide, within
from torap.engines.schedule.borders import Edges, give_rows, keep_rows
from torap.engines.schedule.chance import Chance, Drawn, Luck, causes_rows, duration_row, note_rows
from torap.engines.schedule.clocks import ALWAYS, Clocks, instant_row, tables_of
from torap.engines.schedule.draws import source_of
from torap.engines.schedule.program import DONE, POINT, Links, Nodes
from torap.engines.schedule.rows import (
    ENDS,
    HIGHEST,
    LOWEST,
    OFF,
    PLAN_END,
    VALUE,
    ZERO,
    copy_row,
    fill_row,
    sum_row,
)
from torap.engines.schedule.trial_kernels import Block, Frame, backward_row, ends_rows, forward_chunk
from torap.engines.vectors import (
    choose,
    counted,
    dotted,
    largest,
    least,
    load,
    most,
    pack,
    smallest,
    store,
    summed,
    wholes,
)  # fmt: skip

NO_INSTANT = np.int32(-(1 << 31))
CHUNK = 64  # nodes that are drawn, passed and counted before the next ones
SCREENED = 32  # granules whose trials choose the activities that may move a goal
TALLIED = 64  # granules whose trials are counted in the histograms, and lengths beside the plan's finish
LOW_WORD = np.int64(0xFFFFFFFF)


class Others(NamedTuple):
    """Levels of effort and summaries, and how rows of the result find their dates. K rows, E efforts, M
    summaries.
    """

    row: np.ndarray  # (N,) int32 row of each node, -1: none
    begun_at: np.ndarray  # (K,) int32 actual start, NO_INSTANT: none
    finished: np.ndarray  # (K,) bool
    done_at: np.ndarray  # (K,) int32 actual finish, NO_INSTANT: none
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
    bins: np.ndarray  # (K, 2, bins) uint16
    centre: np.ndarray  # (K,) int32
    sums: np.ndarray  # (K, 10) int64; see SUMS
    plan_centre: int
    screen: np.ndarray  # (G, N) int64: length times deviation of the goal, over the first trials
    length: np.ndarray  # (N, 2) int64: length and its square over the first trials


# Columns of `sums`; low and high are the words of a sum of products. From `length` on they are of the first
# TALLIED granules alone, the others of all trials.
SUMS = (
    "finish", "finish_low", "finish_high", "critical", "meets",
    "length", "length_low", "length_high", "with_low", "with_high",
)  # fmt: skip


SUMMED = len(SUMS)


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
    given: int  # so many nodes come first whose dates are there already
    tallied: int  # so many granules are counted in the histograms
    sums: bool  # means and deviations are told


class Goals(NamedTuple):
    """Which nodes move which goals."""

    random: np.ndarray  # (N,) bool: nodes whose duration differs between trials
    reaches: np.ndarray  # (G, N) bool
    rows: np.ndarray  # (G,) int64


@inner
def tally_row(x: Any, live: Any, seen: Any, low: Any, shift: Any, last: Any, pilot: Any, places: Any) -> None:
    """Widen what is seen by the first `live` dates of the row `x`; not in a `pilot`, write down in the row
    `places` which bin, of which `last` is the last, each falls into. Pointers to one side of one row of the
    result.
    """
    within()
    wide()
    dates = load(x)
    if live < LANES:
        for i in range(live):
            seen[0], seen[1] = min(seen[0], x[i]), max(seen[1], x[i])
    elif counted((dates < seen[0]) | (dates > seen[1])) > 0:
        seen[0], seen[1] = min(seen[0], smallest(dates)), max(seen[1], largest(dates))
    if not pilot:
        pack(places, least(most((dates - low[0]) >> shift[0], wholes(ZERO)), wholes(last)))


@kernel
def count_kernel(places: np.ndarray, bins: np.ndarray, lives: np.ndarray, used: Any) -> None:
    """Count the first `used` granules of `places` (granules, 2K, LANES), of which `lives` trials count, in
    `bins` (K, 2, bins): one row after the other, so that its bins stay near.
    """
    for k in range(places.shape[1]):
        own = bins[k >> 1, k & 1]
        for g in range(used):
            for i in range(lives[g]):
                own[places[g, k, i]] += np.uint16(1)


@inner
def finish_sums(dates: Any, alive: Any, centre: Any, deadline: Any, sums: Any) -> None:
    """Add the row of finishes `dates` to `sums`, a row of totals."""
    within()
    wide()
    lives = load(alive)
    off = (load(dates) - centre) & lives
    squares = dotted(off, off)
    sums[0] += summed(off)
    sums[1] += squares & LOW_WORD
    sums[2] += squares >> np.int64(32)
    if deadline < HIGHEST:
        sums[4] += counted((load(dates) <= deadline) & (lives < ZERO))


@inner
def critical(slack: Any, alive: Any, limit: Any) -> Any:
    """In how many trials a row of floats makes critical."""
    wide()
    return counted((load(slack) <= limit) & (load(alive) < ZERO))


@inner
def _length_sums(duration: Any, alive: Any, end: Any, sums: Any) -> None:
    """Add the row `duration`, and how it goes with the row `end` of the plan's finish less its centre, to
    `sums`.
    """
    within()
    wide()
    length = load(duration) & load(alive)
    squares, products = dotted(length, length), dotted(length, load(end))
    sums[5] += summed(length)
    sums[6] += squares & LOW_WORD
    sums[7] += squares >> np.int64(32)
    sums[8] += products & LOW_WORD
    sums[9] += products >> np.int64(32)


@inner
def _raise_row(dates: Any, taken: Any, own: Any, forked: Any, end: Any) -> None:
    """Raise the plan's finish `end` to the row `dates`, where the way is taken."""
    within()
    wide()
    if forked:
        store(end, most(load(end), choose(load(taken) == own, load(dates), wholes(LOWEST))))
    else:
        store(end, most(load(end), load(dates)))


@inner
def tally(
    totals: Any, size: Any, r: Any, begin: Any, finish: Any, places: Any, live: Any, pilot: Any
) -> None:
    """Take the rows `begin` and `finish`, dates of row `r` of the result, into what is seen and the
    `places` of the histograms, of `size` bins; all in pointers, `places` to the granule's of the first row.
    """
    within()
    for side in range(2):
        k = 2 * r + side
        tally_row(
            finish if side == 1 else begin, live, at(totals.seen, 2 * k), at(totals.low, k),
            at(totals.shift, k), np.int32(size - 1), pilot, row(places, k),
        )  # fmt: skip


@inner
def _count_row(
    plan: Any, tables: Any, totals: Any, size: Any, goals: Any, trials: Any, end: Any, granule: Any,
    places: Any, live: Any, pilot: Any, n: Any,
) -> None:  # fmt: skip
    """Count the early dates of node `n`, and take them into the plan's finish, the row `end`; all in
    pointers. `goals`: of all `trials`; `places`: of the granule, see `count_kernel`.
    """
    within()
    block, others, nodes = plan.block, plan.others, plan.nodes
    r, forked, own = np.int64(others.row[n]), nodes.branch[n] >= 0, np.int64(nodes.frame[n])
    if r < 0:
        return
    dates = row(block.finish, n) if own == ALWAYS else row(block.at, n)
    _raise_row(dates, row(block.way, np.int64(nodes.branch[n]) if forked else 0), nodes.way[n], forked, end)
    if not pilot:
        if plan.sums or others.deadline[r] < HIGHEST:
            finish_sums(dates, block.alive, totals.centre[r], others.deadline[r], at(totals.sums, r * SUMMED))
        g = np.int64(others.goal[r])
        if g >= 0:
            for i in range(live):
                goals[g * trials + granule * LANES + i] = dates[i]
    if granule < plan.tallied:
        x = block.scratch
        starts(
            tables, nodes.mode[n], own, others.begun_at[r], row(block.start, n), row(block.finish, n),
            row(block.duration, n), x,
        )  # fmt: skip
        tally(totals, size, r, row(x, VALUE), dates, places, live, pilot)


@inner
def starts(
    tables: Any, mode: Any, own: Any, begun_at: Any, start: Any, finish: Any, duration: Any, x: Any
) -> None:
    """Put the start of a node with such rows as an instant in row VALUE; what has begun began when it did"""
    within()
    value = row(x, VALUE)
    if begun_at != NO_INSTANT:
        fill_row(value, begun_at)
    elif mode == POINT:
        copy_row(start, value)
    else:
        sum_row(finish, duration, OFF, value)
        if own != ALWAYS:
            fill_row(row(x, ENDS), ZERO)
            instant_row(tables, own, value, row(x, ENDS))


@inner
def _screen(plan: Pass, goals: Goals, totals: Totals, kept: Kept, granule: Any, live: Any) -> None:
    """Add what shows which activities go with which goal, after all dates of the granule are known."""
    wide()
    first, durations, alive = granule * LANES, flat(plan.block.duration), flat(plan.block.alive)
    random, reaches, length, screen = goals.random, goals.reaches, totals.length, totals.screen
    off = np.zeros((goals.rows.size, LANES), np.int32)
    for g in range(goals.rows.size):
        for i in range(live):
            off[g, i] = kept.goals[g, first + i] - totals.centre[goals.rows[g]]
    for n in range(random.size):
        if not random[n]:
            continue
        total, squares, duration = np.int64(0), np.int64(0), row(durations, n)
        for i in range(LANES):
            own = np.int32(duration[i] & alive[i])
            total += np.int64(own)
            squares += np.int64(own) * np.int64(own)
        length[n, 0] += total
        length[n, 1] += squares
        for g in range(reaches.shape[0]):
            if reaches[g, n]:
                total, away = np.int64(0), row(flat(off), g)
                for i in range(LANES):
                    total += np.int64(duration[i]) * np.int64(away[i])
                screen[g, n] += total


@kernel
def screen_kernel(plan: Pass, goals: Goals, totals: Totals, kept: Kept, granule: Any, live: Any) -> None:
    """See `_screen`: after dates that others follow from."""
    _screen(plan, goals, totals, kept, granule, live)


@inner
def _granule(
    plan: Pass, chance: Chance, luck: Luck, goals: Goals, totals: Totals, kept: Kept, granule: Any, slot: Any,
    pilot: Any,
) -> None:  # fmt: skip
    """Do a granule whose causes are drawn: see `run_kernel`."""
    wide()
    count, trials, size = plan.every.size, chance.draw.trials, totals.bins.shape[2]
    plan_end, live = plan.block.end.shape[0] - 1, min(LANES, trials - granule * LANES)
    source, tables, sums = (
        source_of(chance.draw, luck.keys, luck.words),
        tables_of(plan.clocks),
        flats(totals),
    )
    p, causes, quantiles, lucks = flats(plan), flats(chance.causes), flats(chance.quantiles), flats(luck)
    block, nodes, frames, finishes = p.block, p.nodes, plan.others.frames.size, flats(kept)
    places = row(block.places, slot * 2 * totals.seen.shape[0])
    end = row(block.end, plan_end)
    store(end, wholes(LOWEST))
    for i in range(live):
        end[i] = kept.plan_finish[granule * LANES + i]
    for i in range(LANES):
        block.alive[i] = OFF if i < live else ZERO
    for chunk in range(0, count, CHUNK):
        last = min(chunk + CHUNK, count)
        for n in range(chunk, last):
            duration_row(
                source, causes, quantiles, lucks, granule, block.way, nodes.branch, nodes.way, n,
                row(block.duration, n),
            )  # fmt: skip
        first = max(chunk, plan.given)
        forward_chunk(nodes, p.links, tables, p.frame, block, first, last)
        for n in range(first, last):
            _count_row(p, tables, sums, size, finishes.goals, trials, end, granule, places, live, pilot, n)
    store(end, choose(load(end) == LOWEST, wholes(np.int32(p.others.begins)), load(end)))
    if pilot and plan.others.effort_row.size == 0 and plan.others.summary_row.size == 0:
        return
    ends_rows(tables, block.end, plan_end, p.others.frames, frames, p.others.must_finish)
    _late_rows(p, tables, goals, sums, plan_end, plan.given, count, granule < plan.tallied)
    for i in range(live):
        kept.plan_finish[granule * LANES + i] = end[i]


@kernel
def run_kernel(
    plan: Pass, chance: Chance, luck: Luck, goals: Goals, totals: Totals, kept: Kept, drawn: Drawn,
    edges: Edges, first: Any, last: Any, slot: Any, pilot: Any, notes: Any, screens: Any,
) -> None:  # fmt: skip
    """Do granules `first` .. `last`-1: draw causes and durations, pass forward and backward, count. `pilot`:
    only what was seen. Dates of neighbours are given by `edges`, which keeps others. The plan's finish is
    raised from what `kept` holds. `slot`: of the first one, see `count_kernel`. Where `notes`, causes are
    written down; where `screens`, see `_screen`.
    """
    way = plan.block.way
    for granule in range(first, last):
        causes_rows(chance, granule, luck, way)
        if notes:
            note_rows(drawn, luck, way, granule)
        own = slot + granule - first if granule < plan.tallied else 0
        live = min(LANES, chance.draw.trials - granule * LANES)
        give_rows(edges, plan.block, granule, live)
        _granule(plan, chance, luck, goals, totals, kept, granule, own, pilot)
        if not pilot:
            keep_rows(edges, plan.block, plan.nodes, granule, live)
        if screens and granule < SCREENED and goals.rows.size > 0:
            _screen(plan, goals, totals, kept, granule, live)


@inner
def _late_rows(
    p: Any, tables: Any, goals: Goals, totals: Any, plan_end: Any, given: Any, count: Any, lengths: Any
) -> None:
    """Pass all nodes backward; count criticality and, where `lengths`, how they go with the plan's finish."""
    within()
    wide()
    block, nodes, rows, random = p.block, p.nodes, p.others.row, flat(goals.random)
    off, limit = row(block.scratch, PLAN_END), np.int32(p.others.critical_at)
    store(off, load(row(block.end, plan_end)) - np.int32(totals.plan_centre))
    for n in range(count - 1, given - 1, -1):
        r, done = np.int64(rows[n]), nodes.mode[n] == DONE
        if not done:
            slack = backward_row(nodes, p.links, tables, p.frame, block, plan_end, n)
            if r >= 0:
                few = counted((slack <= limit) & (load(block.alive) < ZERO))
                totals.sums[r * SUMMED + 3] += few
        if lengths and r >= 0 and random[n]:
            _length_sums(row(block.duration, n), block.alive, off, at(totals.sums, r * SUMMED))


__all__ = [
    "CHUNK",
    "SCREENED",
    "SUMMED",
    "TALLIED",
    "Goals",
    "Kept",
    "Others",
    "Pass",
    "Totals",
    "count_kernel",
    "critical",
    "finish_sums",
    "run_kernel",
    "screen_kernel",
    "starts",
    "tally",
]
