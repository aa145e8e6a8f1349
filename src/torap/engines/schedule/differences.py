"""What differs between two plans: whether one may be computed from the other, and which nodes changed."""

from __future__ import annotations

import numpy as np

from torap.engines.schedule.chance import Causes, Chance
from torap.engines.schedule.columns import SHAPES, Columns
from torap.engines.schedule.program import Links, Program
from torap.engines.schedule.sampling import PERT, Quantiles
from torap.engines.schedule.trials import Prepared
from torap.engines.schedule.uncertain import Settings, Shape

EMPIRICAL = SHAPES.index(Shape.EMPIRICAL)
RULES = (
    "calendars", "plan_calendar", "start", "data_date", "must_finish", "retained", "holds", "lag_calendar",
    "critical_at",
)  # fmt: skip
TABLES = ("first_in", "first_out", "outs")  # of Nodes: they follow from the links


def alike(before: Prepared, old: Settings, program: Program, chance: Chance, new: Settings) -> bool:
    """The same trials of the same activities by the same rules, whatever their lengths, links and causes."""
    a, b = before.program.columns, program.columns
    return (
        (old.trials, old.seed, old.sampling) == (new.trials, new.seed, new.sampling)
        and not program.everything
        and _same_rules(a, b)
        and (a.ids is b.ids or list(a.ids) == list(b.ids))
        and np.array_equal(a.goals, b.goals)
        and np.array_equal(a.watched, b.watched)
        and np.array_equal(before.program.nodes.activity, program.nodes.activity)
        and np.array_equal(before.program.rows, program.rows)
        and same_forks(before.chance.causes, chance.causes)
        and np.array_equal(before.chance.draw.directions, chance.draw.directions)
    )


def _same_rules(a: Columns, b: Columns) -> bool:
    return all(getattr(a, name) == getattr(b, name) for name in RULES)


def same_forks(a: Causes, b: Causes) -> bool:
    """The branches draw the same ways."""
    names = ("fork_stream", "fork_dimension", "way_from", "way_below")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)


def same_causes(a: Chance, b: Chance) -> bool:
    """Drivers draw the same, and the same risk events happen."""
    names = ("driver_stream", "driver_dimension", "risk_stream", "risk_dimension", "threshold")
    return all(np.array_equal(getattr(a.causes, name), getattr(b.causes, name)) for name in names)


def changed_nodes(before: Prepared, after: Prepared) -> np.ndarray:
    """Nodes of which anything differs, ends of changed links included: (N,) bool."""
    a, b = before.program.nodes, after.program.nodes
    found = np.zeros(len(a.mode), np.bool_)
    for name in a._fields:
        if name not in TABLES:
            found |= getattr(a, name) != getattr(b, name)
    found |= _causes_differ(before.chance, after.chance)
    row = before.others.row
    for name in ("begun_at", "finished", "done_at", "deadline"):
        differs = getattr(before.others, name) != getattr(after.others, name)
        found |= (row >= 0) & differs[np.maximum(row, 0)]
    found[_ends_of_changed(before.program.links, after.program.links)] = True
    return found


def _causes_differ(a: Chance, b: Chance) -> np.ndarray:
    """Nodes that draw otherwise."""
    old, new = a.causes, b.causes
    found: np.ndarray = (old.base != new.base) | (old.own != new.own) | (old.dimension != new.dimension)
    found |= (old.stream != new.stream).any(axis=1)
    found |= _spreads_differ(a.quantiles, b.quantiles, np.arange(len(found)), np.arange(len(found)))
    loads = [_load_table(one) for one in (old, new)]
    found |= _pairs_differ(old.load_from, loads[0], new.load_from, loads[1])
    hits = [_hit_table(one.causes) for one in (a, b)]
    found |= _pairs_differ(old.hit_from, hits[0], new.hit_from, hits[1])
    same = (np.diff(old.hit_from) == np.diff(new.hit_from)) & ~found
    left, right = _places(old.hit_from, same), _places(new.hit_from, same)
    impacts = _spreads_differ(a.impacts, b.impacts, old.hit[left], new.hit[right])
    node = np.repeat(np.flatnonzero(same), np.diff(old.hit_from)[same])
    found[node[impacts]] = True
    return found


def _spreads_differ(a: Quantiles, b: Quantiles, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Which spreads `left` of `a` are not the spreads `right` of `b`."""
    shape = a.shape[left]
    found: np.ndarray = np.array(shape != b.shape[right]) | (a.par[left] != b.par[right]).any(axis=1)
    pert = np.flatnonzero((shape == PERT) & ~found)
    found[pert] = (a.poly[a.row[left[pert]]] != b.poly[b.row[right[pert]]]).any(axis=1)
    listed = (shape == EMPIRICAL) | (b.shape[right] == EMPIRICAL)
    if listed.any():
        same = np.array_equal(a.pool, b.pool)
        moved = (a.first[left] != b.first[right]) | (a.number[left] != b.number[right])
        found |= listed & (moved | (not same))
    return found


def _load_table(causes: Causes) -> np.ndarray:
    """What each load is, one row for a pair."""
    streams, at = causes.driver_stream[causes.load_driver], causes.driver_dimension[causes.load_driver]
    return np.column_stack([streams, at, causes.load.view(np.int32)]).astype(np.int64)


def _hit_table(causes: Causes) -> np.ndarray:
    """What each risk event of a node is, but for its impact, one row for a pair."""
    columns = (causes.risk_stream, causes.risk_dimension, causes.threshold, causes.relative)
    return np.column_stack([column[causes.hit] for column in columns]).astype(np.int64)


def _places(starts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Places of the pairs of the nodes `rows` (N,) bool."""
    return np.flatnonzero(np.repeat(rows, np.diff(starts)))


def _pairs_differ(old_from: np.ndarray, old: np.ndarray, new_from: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Nodes whose lists of pairs differ."""
    found: np.ndarray = np.diff(old_from) != np.diff(new_from)
    same = ~found
    differs = (old[_places(old_from, same)] != new[_places(new_from, same)]).any(axis=1)
    found[np.repeat(np.flatnonzero(same), np.diff(old_from)[same])[differs]] = True
    return found


def _ends_of_changed(a: Links, b: Links) -> np.ndarray:
    """Nodes at the ends of links that only one of the plans has."""
    if len(a.lag) == len(b.lag) and all(map(np.array_equal, a, b)):
        return np.zeros(0, np.int64)
    tables = [np.column_stack(links).astype(np.int64) for links in (a, b)]
    both, of = np.unique(np.concatenate(tables), axis=0, return_inverse=True)
    counts = [np.bincount(part, minlength=len(both)) for part in np.split(of, [len(a.lag)])]
    ends: np.ndarray = both[counts[0] != counts[1]][:, :3]
    return np.unique(ends)


__all__ = ["alike", "changed_nodes", "same_causes", "same_forks"]
