"""What moves some dates of a large run: it keeps no causes, so they are computed from the part of its network
that these dates wait for, with the run's own numbers.

At the size of a nation that takes seconds, so pages ask `causes_at_hand` first and say that it is computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.parts import upstream_part
from torap.runs.model import RunLine
from torap.runs.selectors import later
from torap.runs.selectors.classes import run_content

LARGE = 3_000  # up to so many dates the causes of one are there at once
NEAREST = 40  # what the dates wait for, nearest first: of so many the causes are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """`causes` by node, as rows of forecasts keep them; `ends`: minutes at which a node ended, by trial;
    `least`: the earliest that what was seen of its class allows, where a trial rests on a tail."""

    causes: Mapping[str, list[dict[str, Any]]]
    ends: Mapping[str, np.ndarray[Any, Any]]
    least: Mapping[str, np.ndarray[Any, Any]]


def near(run: RunLine, keys: Collection[str]) -> Near:
    """The causes of these nodes and of what they wait for, computed where they are not at hand."""
    found: Near = later.made(_key(run, keys), partial(_near, run, frozenset(keys)))
    return found


def causes_at_hand(run: RunLine, keys: Collection[str]) -> bool:
    """Whether what moves these nodes can be told at once; of a large run it is begun otherwise."""
    if run.nodes <= LARGE:
        return True
    return later.at_hand(_key(run, keys), partial(_near, run, frozenset(keys)))


def _key(run: RunLine, keys: Collection[str]) -> Hashable:
    return ("near", run.sha256, run.engine, run.seed, run.trials, run.sampling, frozenset(keys))


def _near(run: RunLine, keys: frozenset[str]) -> Near:
    content = run_content(run.code, run.sha256)
    part = upstream_part(content, keys)
    goals = nearest(content["links"], keys)
    told = computed(part, settings_of(run.trials, run.seed, run.sampling), goals=goals)
    result, bounds = told.result, told.bounds
    return Near(
        causes={row["key"]: row["drivers"] for row in told.rows if row["drivers"]},
        ends={} if result is None else {key: result.goals[key].finishes for key in keys & set(result.goals)},
        least={} if bounds is None else {key: bounds.watched[key] for key in keys & set(bounds.watched)},
    )


def nearest(links: Iterable[Mapping[str, Any]], keys: Collection[str], most: int = NEAREST) -> list[str]:
    """These nodes and what they wait for, level by level, until `most` beside them are reached."""
    into: dict[str, list[str]] = defaultdict(list)
    for link in links:
        into[link["to"]].append(link["from"])
    found = dict.fromkeys(sorted(keys))
    front, room = list(found), len(found) + most
    while front and len(found) < room:
        level = dict.fromkeys(one for key in front for one in into.get(key, ()) if one not in found)
        front = list(level)[: room - len(found)]
        found |= dict.fromkeys(front)
    return list(found)
