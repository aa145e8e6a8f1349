"""A part of a network by itself: its nodes, their neighbours with given dates, the links of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from torap.engines.lanes import LANES
from torap.engines.schedule.borders import KINDS, Borders, no_edges
from torap.engines.schedule.chance import part_of
from torap.engines.schedule.clocks import Clocks
from torap.engines.schedule.program import Links, Nodes, Program
from torap.engines.schedule.rows import LOWEST
from torap.engines.schedule.trial_kernels import Frame
from torap.engines.schedule.trials import Prepared


def part_nodes(program: Program, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes of a part, its neighbours first and then `inside` (N,) bool in working order; and its links."""
    links = program.links
    used = np.flatnonzero(inside[links.after] | (inside[links.before] & links.pulls))
    near = np.unique(np.concatenate([links.before[used], links.source[used], links.after[used]]))
    return np.concatenate([near[~inside[near]], np.flatnonzero(inside)]), used


def part_prepared(
    whole: Prepared, inside: np.ndarray, clocks: Clocks, borders: Borders, finishes: np.ndarray
) -> tuple[Prepared, np.ndarray]:
    """The part `inside` (N,) bool of a plan ready to run, and which rows of the result are its own.

    `borders`: dates of the plan before the change; `finishes`: when that ended, in every trial.
    """
    program = whole.program
    order, used = part_nodes(program, inside)
    given = len(order) - int(inside.sum())
    place = np.full(len(inside), -1, np.int32)
    place[order] = np.arange(len(order))
    nodes, links = _sliced(program, order, used, place)
    rows = whole.others.row[order[given:]]
    rows = np.sort(rows[rows >= 0])
    own_row = np.full(whole.rows, -1, np.int32)
    own_row[rows] = np.arange(len(rows))
    kept = own_row[whole.kept_rows]
    others, row = whole.others, whole.others.row[order]
    goal = np.full(len(rows), -1, np.int32)
    goal[kept[kept >= 0]] = np.arange(int((kept >= 0).sum()))
    others = others._replace(
        row=np.where((row >= 0) & (np.arange(len(order)) >= given), own_row[row], -1).astype(np.int32),
        goal=goal, frames=np.unique(nodes.frame[nodes.frame >= 0]).astype(np.int64),
        **{name: getattr(others, name)[rows] for name in ("begun_at", "finished", "done_at", "deadline")},
    )  # fmt: skip
    prepared = Prepared(
        program=replace(program, nodes=nodes, links=links, rows=program.rows[rows]),
        chance=part_of(whole.chance, order), random=whole.random[order], others=others,
        clocks=clocks, frame=Frame(*(values[order] for values in whole.frame)),
        goal_rows=np.zeros(0, np.int32), kept_rows=kept[kept >= 0],
        reaches=np.zeros((0, len(order)), np.bool_), rows=whole.rows, given=given,
        borders=_given(borders, program, inside, place, finishes),
    )  # fmt: skip
    return prepared, rows


def loose_part(whole: Prepared, order: np.ndarray, goals: np.ndarray) -> Prepared:
    """The nodes `order` without any link, and these goals: to see which durations go with them."""
    none = np.zeros(0, np.int64)
    nodes, links = _sliced(whole.program, order, none, none)
    return replace(
        whole, program=replace(whole.program, nodes=nodes, links=links), chance=part_of(whole.chance, order),
        random=whole.random[order], frame=Frame(*(values[order] for values in whole.frame)),
        goal_rows=whole.goal_rows[goals], reaches=np.ascontiguousarray(whole.reaches[goals][:, order]),
        spare=[],
    )  # fmt: skip


def _sliced(program: Program, order: np.ndarray, used: np.ndarray, place: np.ndarray) -> tuple[Nodes, Links]:
    links, count = program.links, len(order)
    used = used[np.argsort(place[links.after[used]], kind="stable")]
    ends = ("before", "source", "after")
    own = Links(
        *(
            place[row[used]] if name in ends else row[used]
            for name, row in zip(Links._fields, links, strict=True)
        )
    )
    outs = np.argsort(own.before, kind="stable").astype(np.int32)
    bounds = np.arange(count + 1)
    tables: dict[str, Any] = {
        "first_in": np.searchsorted(own.after, bounds), "outs": outs,
        "first_out": np.searchsorted(own.before[outs], bounds),
    }  # fmt: skip
    plain = (name for name in Nodes._fields if name not in tables)
    return Nodes(**tables, **{name: getattr(program.nodes, name)[order] for name in plain}), own


def _given(
    borders: Borders, program: Program, inside: np.ndarray, place: np.ndarray, finishes: np.ndarray
) -> Borders:
    """The borders of the part: its neighbours' dates to be given, its own that are read outside compared."""
    links, places = program.links, borders.places
    early, late = np.zeros(len(inside), np.bool_), np.zeros(len(inside), np.bool_)
    early[links.source[~inside[links.after]]] = True
    late[links.after[links.pulls & ~inside[links.before]]] = True
    own, given = [], []
    for k, kind in enumerate(KINDS):
        nodes, first = borders.nodes[kind], places[kind].start
        mine = np.flatnonzero(inside[nodes] & (late if kind.startswith("late") else early)[nodes])
        near = np.flatnonzero(~inside[nodes] & (place[nodes] >= 0))
        own.append(np.stack([np.full(len(mine), k), first + mine, place[nodes[mine]]]))
        given.append(np.stack([np.full(len(near), k), first + near, place[nodes[near]]]))
    own_kind, own_row, own_node = np.concatenate(own, axis=1).astype(np.int64)
    given_kind, given_row, given_node = np.concatenate(given, axis=1).astype(np.int64)
    edges = no_edges()._replace(
        dates=borders.edges.dates, own_kind=own_kind.astype(np.int8), own_row=own_row, own_node=own_node,
        given_kind=given_kind.astype(np.int8), given_row=given_row, given_node=given_node,
        changed=np.zeros(borders.edges.dates.shape[1], np.bool_), part=True,
        differs=np.zeros(-(-len(finishes) // LANES), np.bool_),
    )  # fmt: skip
    least = np.where(inside[borders.edges.last], LOWEST, finishes)
    return replace(borders, least=least, edges=edges)


__all__ = ["loose_part", "part_nodes", "part_prepared"]
