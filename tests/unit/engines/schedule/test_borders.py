"""Clusters follow the projects, and only dates that cross a border are kept."""

from __future__ import annotations

import numpy as np
from networks import portfolio

from torap.engines.lanes import LANES
from torap.engines.schedule.borders import (
    KINDS,
    LARGE,
    borders_of,
    clusters_of,
    crossings_of,
    enders_of,
    read_across,
)
from torap.engines.schedule.program import program_of


def test_clusters_are_runs_of_neighbours_that_few_links_leave() -> None:
    program = program_of(portfolio(40, 50, across=2))
    cluster = clusters_of(program)
    assert np.all(np.diff(cluster[program.node]) >= 0)
    assert np.bincount(cluster).max() <= LARGE + 32
    crossing = crossings_of(program, cluster)
    assert len(crossing.ahead) <= 40 * 2
    read = read_across(program, crossing)
    ends = program.links.source[crossing.ahead]
    assert set(read["start"]) | set(read["finish"]) == set(ends.tolist())
    assert not len(read["at"])


def test_room_is_made_for_every_trial_of_a_border() -> None:
    program = program_of(portfolio(6, 50, calendars=True))
    found = borders_of(program, 100)
    count = sum(map(len, found.nodes.values()))
    assert found.edges.dates.shape == (2, count, LANES)
    assert sum(own.stop - own.start for own in found.places.values()) == count
    assert found.edges.own_node.tolist() == [n for kind in KINDS for n in found.nodes[kind].tolist()]
    assert set(enders_of(program)) >= set(np.flatnonzero(np.diff(program.nodes.first_out) == 0).tolist())
