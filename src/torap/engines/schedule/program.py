"""A plan made ready for its trials: nodes in working order, links as operations on them, constants in int32.

A node is an activity that is passed through (no summary, no level of effort), or the fixed start of one
that has
begun. Its state is kept in its own frame: working minutes of its calendar where its start moves to the next
working
minute, else instants (frame ALWAYS). A link between equal frames whose lag passes in that frame only adds;
any other
goes through the instant.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np

from torap.engines.errors import EngineInputError
from torap.engines.schedule.clocks import ALWAYS, HORIZON
from torap.engines.schedule.columns import CONSTRAINTS, KINDS, LINK_TYPES, NONE, UNITS, Columns
from torap.engines.schedule.plain import EARLY_FINISH, EARLY_START, LATE_FINISH, LATE_START
from torap.engines.schedule.plan import Constraint, Kind, LagUnit, LinkType, order
from torap.engines.schedule.profiles import HELD, LagCalendar
from torap.engines.schedule.summaries import leaves_of, spread
from torap.engines.schedule.worktime import MOST_MINUTES

FAR = HORIZON  # no bound
DIRECT = -2  # frames of both ends and the time of the lag agree
EFFORT, SUMMARY = KINDS.index(Kind.LEVEL_OF_EFFORT), KINDS.index(Kind.SUMMARY)
FS, SS, FF, SF = (LINK_TYPES.index(kind) for kind in (LinkType.FS, LinkType.SS, LinkType.FF, LinkType.SF))
ELAPSED, PERCENT = UNITS.index(LagUnit.ELAPSED), UNITS.index(LagUnit.PERCENT)
FREE = frozenset((
    "left", "spreads", "driver_ids", "driver_kinds", "load_driver", "load_activity", "load", "risk_ids",
    "risk_owner", "probability", "relative", "impacts", "risk_of", "risk_activity", "way_names",
    "way_probability", "goals", "watched", "owner_names", "owner",
))  # fmt: skip  # columns that no program reads beyond asking whether a length can be counted
SHAPING = tuple(one.name for one in fields(Columns) if one.name not in FREE)
DONE, INSTANT, WORK, POINT = (
    0,
    1,
    2,
    3,
)  # node: fixed; on the clock; in working minutes; an instant with a calendar


class Links(NamedTuple):
    """Links in order of successor. `source`: node whose `end` (0 start, 1 finish) is read, `to` what it
    binds."""

    before: np.ndarray  # (L,) int32 node of the predecessor
    source: np.ndarray  # (L,) int32 node that is read: `before`, or its fixed start
    after: np.ndarray  # (L,) int32 node of the successor
    end: np.ndarray  # (L,) int8
    to: np.ndarray  # (L,) int8
    lag: np.ndarray  # (L,) int32 minutes
    percent: np.ndarray  # (L,) int32 hundredths of a percent of the predecessor's duration, 0: none
    clock: np.ndarray  # (L,) int32 calendar of the lag; DIRECT: its lag only adds
    pulls: np.ndarray  # (L,) bool: binds late dates
    simple: np.ndarray  # (L,) bool: direct, one lag for all trials, its predecessor in no branch
    simple_back: np.ndarray  # (L,) bool: nor its successor


class Nodes(NamedTuple):
    """N nodes in working order, links as CSR: `first_in[n] : first_in[n+1]`, and `outs` by `first_out`."""

    mode: np.ndarray  # (N,) int8
    frame: np.ndarray  # (N,) int32
    calendar: np.ndarray  # (N,) int32, ALWAYS or place
    activity: np.ndarray  # (N,) int32, -1: none
    floor: np.ndarray  # (N,) int32 instant
    floor_finish: np.ndarray  # (N,) int32 instant, -FAR: none
    cap: np.ndarray  # (N,) int32 instant, FAR: none
    cap_start: np.ndarray  # (N,) int32 instant, FAR: none
    held: np.ndarray  # (N,) int32 instant beyond which no link pushes the start, FAR: none
    held_finish: np.ndarray  # (N,) int32 the same of the finish
    capped: np.ndarray  # (N,) bool: the plan's finish binds it whatever must_finish says
    extra: np.ndarray  # (N,) int32 minutes
    branch: np.ndarray  # (N,) int32
    way: np.ndarray  # (N,) int32
    first_in: np.ndarray  # (N+1,) int64
    first_out: np.ndarray  # (N+1,) int64
    outs: np.ndarray  # (L,) int32 links by predecessor


@dataclass(frozen=True, kw_only=True)
class Program:
    """Nodes and links; `node`: (T,) int32 node of each activity, -1: none. `efforts`, `summaries`:
    activities whose
    dates follow from others, with what they follow from.
    """

    columns: Columns
    nodes: Nodes
    links: Links
    node: np.ndarray
    rows: np.ndarray  # (K,) int32 activities in the result
    efforts: tuple[tuple[int, tuple[int, ...]], ...]  # activity, places of its links in `effort_links`
    effort_links: np.ndarray  # (E, 2) int32 predecessor, successor activities; (k,) more in effort_more
    effort_more: np.ndarray  # (E, 4) int32 type, lag, percent, clock
    summaries: tuple[tuple[int, tuple[int, ...]], ...]  # activity, activities below it
    clocks: np.ndarray  # (T,) int32 calendar of each activity, ALWAYS where it is the clock

    @property
    def everything(self) -> bool:
        """The plan has levels of effort or summaries, whose dates follow from all others'."""
        return bool(self.efforts or self.summaries)


class _Family:
    """Who is whose part."""

    def __init__(self, columns: Columns) -> None:
        self.children: dict[int, list[int]] = defaultdict(list)
        for child in np.flatnonzero(columns.parent >= 0).tolist():
            self.children[int(columns.parent[child])].append(child)
        self.works = (columns.kind != SUMMARY) & columns.active
        self.working = frozenset(np.flatnonzero(self.works).tolist())

    def leaves(self, row: int) -> list[int]:
        """Activities below a summary; an activity stands for itself."""
        return leaves_of(self.children, self.working, row)


def program_of(columns: Columns) -> Program:
    """Everything about a plan that no trial changes."""
    family = _Family(columns)
    clocks = _clocks(columns)
    _check_lengths(columns, family.works)
    links = _expanded(columns, family)
    effort = columns.kind == EFFORT
    keep = family.works[links["before"]] & family.works[links["after"]]
    loose = effort[links["before"]] | effort[links["after"]]
    logic = {name: row[keep & ~loose] for name, row in links.items()}
    sequence = _sequence(columns, np.flatnonzero(family.works & ~effort), logic)
    nodes, table, node = _nodes(columns, clocks, sequence, logic)
    hanging = {name: row[keep & loose] for name, row in links.items()}
    efforts, effort_links, effort_more = _efforts(columns, clocks, family, hanging)
    summaries = [
        (int(row), tuple(family.leaves(int(row))))
        for row in np.flatnonzero((columns.kind == SUMMARY) & columns.active)
    ]
    summaries = [(row, below) for row, below in summaries if below]
    shown = family.works.copy()
    shown[[row for row, _ in summaries]] = True
    return Program(
        columns=columns, nodes=nodes, links=table, node=node, rows=np.flatnonzero(shown).astype(np.int32),
        efforts=efforts, effort_links=effort_links, effort_more=effort_more,
        summaries=tuple(summaries), clocks=clocks,
    )  # fmt: skip


def program_like(before: Program, columns: Columns) -> Program:
    """The program of `columns`; where only lengths, causes or owners are others, that of `before` serves."""
    old = before.columns
    for name in SHAPING:
        a, b = getattr(old, name), getattr(columns, name)
        arrays = isinstance(a, np.ndarray) or isinstance(b, np.ndarray)
        if a is not b and not (np.array_equal(a, b) if arrays else a == b):
            return program_of(columns)
    _check_lengths(columns, (columns.kind != SUMMARY) & columns.active)
    return replace(before, columns=columns)


def _check_lengths(columns: Columns, works: np.ndarray) -> None:
    """EngineInputError where an activity lasts longer than the trials can count."""
    rows = np.flatnonzero(works)
    _small(columns.left[rows], "duration", lambda row: columns.ids[int(rows[row])], most=MOST_MINUTES)


def _clocks(columns: Columns) -> np.ndarray:
    free = np.array([spec.always for spec in columns.calendars], np.bool_)
    return np.where(free[columns.calendar], ALWAYS, columns.calendar).astype(np.int32)


def _expanded(columns: Columns, family: _Family) -> dict[str, np.ndarray]:
    """Links with those of summaries spread over the activities below them."""
    before, after = columns.predecessor, columns.successor
    summary = columns.kind == SUMMARY
    rows = np.arange(len(before))
    if (summary[before] | summary[after]).any():
        ends = zip(before.tolist(), after.tolist(), strict=True)
        made = spread(ends, summary.tolist().__getitem__, family.leaves, lambda row: columns.ids[row])
        rows, before, after = np.array(list(made), np.int64).reshape(-1, 3).T
    return {
        "before": before, "after": after, "type": columns.link_type[rows],
        "lag": columns.lag[rows], "unit": columns.lag_unit[rows],
    }  # fmt: skip


def _sequence(columns: Columns, works: np.ndarray, logic: dict[str, np.ndarray]) -> np.ndarray:
    """Activities so that each comes after what it waits for, else as given; EngineInputError names a loop."""
    before, after = logic["before"], logic["after"]
    if (before < after).all():
        return works
    waiting = np.bincount(after, minlength=len(columns.ids))
    outs = np.argsort(before, kind="stable")
    first = np.searchsorted(before[outs], np.arange(len(columns.ids) + 1))
    later = after[outs].tolist()
    bounds, left = first.tolist(), waiting.tolist()
    ready = [row for row in works.tolist() if not left[row]]
    heapq.heapify(ready)
    found = []
    while ready:
        row = heapq.heappop(ready)
        found.append(row)
        for k in range(bounds[row], bounds[row + 1]):
            left[later[k]] -= 1
            if not left[later[k]]:
                heapq.heappush(ready, later[k])
    if len(found) < len(works):
        names = [columns.ids[row] for row in works]
        pairs = zip(before.tolist(), after.tolist(), strict=True)
        order(names, [(columns.ids[a], columns.ids[b]) for a, b in pairs])
    return np.array(found, np.int64)


def _small(values: np.ndarray, what: str, named: Callable[[int], str], *, most: int = FAR) -> np.ndarray:
    """`values` as int32; EngineInputError when one is farther off than the trials can count, with what
    `named` calls its row.
    """
    wrong = np.abs(values) > most
    if wrong.any():
        row = int(np.flatnonzero(wrong.reshape(len(values), -1).any(axis=1))[0])
        raise EngineInputError("time_out_of_range", where=named(row), activity=named(row), what=what)
    return values.astype(np.int32)


def _nodes(
    columns: Columns, clocks: np.ndarray, sequence: np.ndarray, logic: dict[str, np.ndarray]
) -> tuple[Nodes, Links, np.ndarray]:
    begun = (columns.actual_start != NONE) & (columns.actual_finish == NONE)
    from_start = np.isin(logic["type"], (SS, SF))
    held = (columns.actual_start != NONE)[logic["before"]] & from_start
    fixed = np.unique(logic["before"][held])
    hidden = np.full(len(columns.ids), -1, np.int64)
    hidden[fixed] = np.arange(len(fixed))
    node = np.full(len(columns.ids), -1, np.int64)
    node[sequence] = len(fixed) + np.arange(len(sequence))
    activity = np.concatenate([fixed, sequence]).astype(np.int64)
    is_hidden = np.arange(len(activity)) < len(fixed)
    mode, frame = _modes(columns, clocks, activity, is_hidden)
    logic = _binding(columns, logic, begun)
    capped = np.zeros(len(activity), np.bool_)
    late = _open(columns, logic) & begun[logic["before"]] & np.isin(logic["type"], (SS, SF))
    capped[node[logic["before"][late]]] = True
    links, first_in = _links(columns, clocks, logic, node, hidden, frame, begun)
    outs = np.argsort(links.before, kind="stable").astype(np.int32)
    floor, floor_finish, cap, cap_start = _bounds(columns, activity, is_hidden)
    held, held_finish = _held(columns, activity, is_hidden)

    def named(row: int) -> str:
        return columns.ids[int(activity[row])]

    places = np.where(is_hidden, -1, activity)
    nodes = Nodes(
        mode=mode, frame=frame, calendar=clocks[activity], activity=places.astype(np.int32),
        floor=_small(floor, "start", named), floor_finish=_small(floor_finish, "constraint", named),
        cap=_small(cap, "deadline", named), cap_start=_small(cap_start, "constraint", named), capped=capped,
        held=_small(held, "constraint", named), held_finish=_small(held_finish, "constraint", named),
        extra=_small(columns.extra[activity], "duration", named),
        branch=(columns.branch[activity] if columns.branch is not None else np.full(len(activity),
        -1)).astype(np.int32),
        way=(columns.way[activity] if columns.way is not None else np.zeros(len(activity))).astype(np.int32),
        first_in=first_in,
        first_out=np.searchsorted(links.before[outs], np.arange(len(activity) + 1)),
        outs=outs,
    )  # fmt: skip
    return nodes, links, node.astype(np.int32)


def _modes(
    columns: Columns, clocks: np.ndarray, activity: np.ndarray, is_hidden: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    calendar = clocks[activity]
    mode = np.where(calendar == ALWAYS, INSTANT, np.where(columns.milestone[activity], POINT, WORK))
    mode = np.where(is_hidden | (columns.actual_finish[activity] != NONE), DONE, mode)
    frame = np.where(mode == WORK, calendar, ALWAYS)
    return mode.astype(np.int8), frame.astype(np.int32)


def _binding(columns: Columns, logic: dict[str, np.ndarray], begun: np.ndarray) -> dict[str, np.ndarray]:
    """Links that still bind their successor, in order of successor as given."""
    binds = columns.actual_finish[logic["after"]] == NONE
    if not columns.retained:
        binds &= ~begun[logic["after"]]
    return {name: row[binds] for name, row in logic.items()}


def _open(columns: Columns, logic: dict[str, np.ndarray]) -> np.ndarray:
    """Links that pull late dates: those that bind, of predecessors not finished."""
    found: np.ndarray = columns.actual_finish[logic["before"]] == NONE
    return found


def _links(
    columns: Columns, clocks: np.ndarray, logic: dict[str, np.ndarray], node: np.ndarray, hidden: np.ndarray,
    frame: np.ndarray, begun: np.ndarray,
) -> tuple[Links, np.ndarray]:  # fmt: skip
    by = np.argsort(node[logic["after"]], kind="stable")
    logic = {name: row[by] for name, row in logic.items()}
    before, after, kind = logic["before"], logic["after"], logic["type"]
    end, to = np.isin(kind, (FS, FF)), np.isin(kind, (FF, SF))
    started = (columns.actual_start[before] != NONE) & ~end
    source = np.where(started, hidden[before], node[before])
    share = logic["unit"] == PERCENT
    lag = np.where(share, 0, logic["lag"])
    percent = np.where(share, logic["lag"], 0)
    clock = lag_clocks(columns, clocks, before, after, logic["unit"])
    source_frame, own_frame = frame[source], frame[node[after]]
    direct = (source_frame == own_frame) & (((lag == 0) & (percent == 0)) | (clock == own_frame))
    pulls = _open(columns, logic) & ~(begun[before] & ~end)
    forked = columns.branch if columns.branch is not None else np.full(len(columns.ids), -1, np.int32)
    simple = direct & (percent == 0) & (forked[before] < 0)

    def named(row: int) -> str:
        return f"{columns.ids[int(before[row])]} -> {columns.ids[int(after[row])]}"

    links = Links(
        before=node[before].astype(np.int32), source=source.astype(np.int32),
        after=node[after].astype(np.int32), end=end.astype(np.int8), to=to.astype(np.int8),
        lag=_small(lag * 4, "lag", named) // 4, percent=_small(percent, "lag", named),
        clock=np.where(direct, DIRECT, clock).astype(np.int32), pulls=pulls,
        simple=simple, simple_back=simple & (forked[after] < 0),
    )  # fmt: skip
    first_in = np.searchsorted(links.after, np.arange(len(frame) + 1))
    return links, first_in


def lag_clocks(
    columns: Columns, clocks: np.ndarray, before: np.ndarray, after: np.ndarray, unit: np.ndarray
) -> np.ndarray:
    """In whose time each lag passes: a calendar's place or ALWAYS."""
    rule = columns.lag_calendar
    if rule == LagCalendar.ALWAYS:
        return np.full(len(before), ALWAYS, np.int32)
    if rule == LagCalendar.PLAN:
        spec = columns.calendars[columns.plan_calendar]
        chosen = np.full(len(before), ALWAYS if spec.always else columns.plan_calendar)
    else:
        chosen = clocks[before if rule == LagCalendar.PREDECESSOR else after]
    return np.where(unit == ELAPSED, ALWAYS, chosen).astype(np.int32)


def _bounds(columns: Columns, activity: np.ndarray, is_hidden: np.ndarray) -> tuple[np.ndarray, ...]:
    """Floors and caps of start and finish as instants; the fixed date of what is done stands in `floor`."""
    starts, ends = columns.actual_start[activity], columns.actual_finish[activity]
    begun = starts != NONE
    resumed = np.where(begun, columns.resumed_at[activity], NONE)
    floor = np.maximum(
        np.maximum(columns.lowest, np.where(begun, starts, -FAR)), np.where(resumed != NONE, resumed, -FAR)
    )
    floor_finish = np.full(len(activity), -FAR, np.int64)
    deadline = columns.deadline[activity]
    cap = np.where(deadline != NONE, deadline, FAR)
    cap_start = np.full(len(activity), FAR, np.int64)
    for k in range(2):
        rule, at = columns.constraint[activity, k], columns.constraint_at[activity, k]
        dated = at != NONE
        floor = np.where(dated & ~begun & _among(rule, EARLY_START), np.maximum(floor, at), floor)
        early = dated & ~begun & _among(rule, EARLY_FINISH)
        floor_finish = np.where(early, np.maximum(floor_finish, at), floor_finish)
        cap = np.where(dated & _among(rule, LATE_FINISH), np.minimum(cap, at), cap)
        late = dated & ~begun & _among(rule, LATE_START)
        cap_start = np.where(late, np.minimum(cap_start, at), cap_start)
    floor = np.where(ends != NONE, ends, floor)
    floor = np.where(is_hidden, starts, floor)
    return floor, floor_finish, cap, cap_start


def _held(columns: Columns, activity: np.ndarray, is_hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Starts and finishes beyond which links cannot push what has not begun, as instants."""
    held, held_finish = np.full(len(activity), FAR, np.int64), np.full(len(activity), FAR, np.int64)
    free = ~is_hidden & (columns.actual_start[activity] == NONE) & (columns.actual_finish[activity] == NONE)
    for k in range(2):
        rule, at = columns.constraint[activity, k], columns.constraint_at[activity, k]
        wins = free & (at != NONE) & _among(rule, set(HELD[columns.holds]))
        of_start = _among(rule, LATE_START)
        held = np.where(wins & of_start, np.minimum(held, np.maximum(at, columns.lowest)), held)
        held_finish = np.where(wins & ~of_start, np.minimum(held_finish, at), held_finish)
    return held, held_finish


def _among(rule: np.ndarray, group: set[Constraint]) -> np.ndarray:
    return np.isin(rule, [CONSTRAINTS.index(one) for one in group])


def _efforts(
    columns: Columns, clocks: np.ndarray, family: _Family, links: dict[str, np.ndarray]
) -> tuple[tuple[tuple[int, tuple[int, ...]], ...], np.ndarray, np.ndarray]:
    """Levels of effort with the links that give them their dates."""
    effort = columns.kind == EFFORT
    useful = ~(effort[links["before"]] & effort[links["after"]])
    links = {name: row[useful] for name, row in links.items()}
    before, after = links["before"], links["after"]
    share = links["unit"] == PERCENT
    more = np.stack(
        [
            links["type"], np.where(share, 0, links["lag"]), np.where(share, links["lag"], 0),
            lag_clocks(columns, clocks, before, after, links["unit"]),
        ],
        axis=1,
    )  # fmt: skip
    own: dict[int, list[int]] = defaultdict(list)
    for k in range(len(before)):
        own[int(before[k]) if effort[before[k]] else int(after[k])].append(k)
    rows = np.flatnonzero(effort & family.works).tolist()
    pairs = np.stack([before, after], axis=1)
    small = _small(more, "lag", lambda k: f"{columns.ids[int(before[k])]} -> {columns.ids[int(after[k])]}")
    return tuple((row, tuple(own[row])) for row in rows), pairs.astype(np.int32), small


__all__ = ["SHAPING", "Links", "Nodes", "Program", "program_like", "program_of"]
