"""A part of a network by itself: its neighbours, its links, and the dates it is given."""

from __future__ import annotations

import numpy as np
import pytest
from networks import portfolio

from torap.engines.schedule.around import prepared_of
from torap.engines.schedule.borders import KINDS, borders_of
from torap.engines.schedule.chance import chance_of
from torap.engines.schedule.clocks import clocks_of
from torap.engines.schedule.parts import loose_part, part_nodes, part_prepared
from torap.engines.schedule.program import Program, program_of
from torap.engines.schedule.trials import Prepared
from torap.engines.schedule.uncertain import Settings

SETTINGS = Settings(trials=100)
YEARS = 20 * 366 * 1440


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    program = program_of(portfolio(6, 20, across=10))
    clocks = clocks_of(
        program.columns.calendars, program.columns.start - YEARS, program.columns.start + YEARS
    )
    return prepared_of(program, chance_of(program.columns, program.nodes.activity, SETTINGS), clocks)


def inside_of(program: Program, first: int, last: int) -> np.ndarray:
    inside = np.zeros(len(program.nodes.mode), np.bool_)
    inside[first:last] = True
    return inside


def test_neighbours_come_first_and_every_link_of_the_part_is_there(prepared: Prepared) -> None:
    program = prepared.program
    inside = inside_of(program, 20, 40)
    order, used = part_nodes(program, inside)
    given = len(order) - 20
    assert inside[order].tolist() == [False] * given + [True] * 20
    assert order[given:].tolist() == list(range(20, 40))
    links = program.links
    reads = [
        j
        for j in range(len(links.before))
        if inside[links.after[j]] or (inside[links.before[j]] and links.pulls[j])
    ]
    assert used.tolist() == reads
    near = {int(n) for j in reads for n in (links.before[j], links.source[j], links.after[j])}
    assert set(order.tolist()) == near | set(range(20, 40))


def test_all_of_a_network_has_no_neighbours(prepared: Prepared) -> None:
    program = prepared.program
    order, used = part_nodes(program, inside_of(program, 0, len(program.nodes.mode)))
    assert order.tolist() == list(range(len(program.nodes.mode)))
    assert len(used) == len(program.links.before)


def test_a_part_keeps_its_own_rows_links_and_bounds(prepared: Prepared) -> None:
    program = prepared.program
    inside = inside_of(program, 20, 40)
    finishes = np.zeros(100, np.int32)
    part, rows = part_prepared(prepared, inside, prepared.clocks, borders_of(program, 100), finishes)
    order, used = part_nodes(program, inside)
    assert part.given == len(order) - 20
    assert rows.tolist() == sorted(prepared.others.row[20:40].tolist())
    links, whole = part.program.links, program.links
    assert sorted(zip(order[links.before], order[links.after], links.lag, strict=True)) == sorted(
        zip(whole.before[used], whole.after[used], whole.lag[used], strict=True)
    )
    assert (np.diff(links.after) >= 0).all()
    assert part.program.nodes.first_in[-1] == len(used)
    assert part.program.nodes.floor.tolist() == program.nodes.floor[order].tolist()
    assert part.borders is not None
    edges, nodes = part.borders.edges, np.concatenate([part.borders.nodes[kind] for kind in KINDS])
    assert inside[nodes[edges.own_row]].all()
    assert (edges.own_node >= part.given).all()
    assert not inside[nodes[edges.given_row]].any()
    assert (edges.given_node < part.given).all()
    assert order[edges.given_node].tolist() == nodes[edges.given_row].tolist()


def test_loose_nodes_have_no_links(prepared: Prepared) -> None:
    order = np.array([3, 1, 7])
    part = loose_part(prepared, order, np.arange(len(prepared.goal_rows)))
    assert not len(part.program.links.before)
    assert part.program.nodes.first_in.tolist() == [0, 0, 0, 0]
    assert part.program.nodes.activity.tolist() == program_activities(prepared, order)
    assert part.reaches.shape == (len(prepared.goal_rows), 3)


def program_activities(prepared: Prepared, order: np.ndarray) -> list[int]:
    found: list[int] = prepared.program.nodes.activity[order].tolist()
    return found
