"""Clusters follow the projects, and only dates that cross a border are kept."""

from __future__ import annotations

import numpy as np
from networks import portfolio

from torap.engines.schedule.borders import (
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
    assert {rows.shape[1] for rows in found.rows.values()} == {100}
    assert {kind: len(rows) for kind, rows in found.rows.items()} == {
        kind: len(nodes) for kind, nodes in found.nodes.items()
    }
    assert all(np.shares_memory(rows, found.edges.dates) for rows in found.rows.values() if rows.size)
    assert set(enders_of(program)) >= set(np.flatnonzero(np.diff(program.nodes.first_out) == 0).tolist())
