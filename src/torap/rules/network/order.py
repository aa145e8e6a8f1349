"""Where the milestones of one thing stand on its template: which wait for which, and what lies between.

A template becomes points: each stage has a beginning and an end, and a part between. A milestone stands at a
point. One waits for another when a way leads to it that passes no third milestone of the same thing; the lag
is the longest way of shortest durations in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from torap.rules.network.stages import Stage, Template

_FAR = -(10**9)


@dataclass(frozen=True, slots=True)
class Pair:
    """Milestones of type `after` wait for those of type `before`; `lag` in calendar days."""

    before: str
    after: str
    lag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StagesLeft:
    """The stages before a milestone that no other milestone of the thing stands for, in order.

    `shortest_days`: the least they take together, from today.
    """

    stages: tuple[Stage, ...] = ()
    shortest_days: int = 0


class _Ways:
    """Longest ways of shortest durations between all points of a template [calendar days]."""

    def __init__(self, template: Template) -> None:
        self.point: dict[str, int] = {}  # type of milestone -> where it stands
        self.begun: dict[str, int] = {}  # type of milestone -> what has begun when it is under way
        self.start: dict[str, int] = {}
        self.end: dict[str, int] = {}
        size = 3 * len(template.stages)
        self.days = [[_FAR] * size for _ in range(size)]
        for at, stage in enumerate(template.stages):
            self._stage(stage, 3 * at)
        self._close(size)
        works = next((self.start[stage.code] for stage in template.stages if stage.starts), None)
        for mark, begin in self.begun.items():
            if works is not None and self.leads(works, begin):
                self.begun[mark] = works

    def leads(self, before: int, after: int) -> bool:
        """True when a way leads from one point to another, or they are one."""
        return before == after or self.days[before][after] != _FAR

    def _stage(self, stage: Stage, begin: int) -> None:
        part, end = begin + 1, begin + 2
        self.start[stage.code], self.end[stage.code] = begin, end
        low = stage.days.low if stage.days else 0
        self.days[begin][end] = low
        self.days[begin][part] = self.days[part][end] = 0
        for mark, point in ((stage.starts, begin), (stage.parts, part), (stage.ends, end)):
            if mark:
                self.point[mark], self.begun[mark] = point, begin
        for one in stage.after:
            source = (self.end if one.type in {"FS", "FF"} else self.start)[one.stage]
            into = begin if one.type in {"FS", "SS"} else end
            self.days[source][into] = max(self.days[source][into], one.lag)

    def _close(self, size: int) -> None:
        for middle in range(size):
            row = self.days[middle]
            for before in self.days:
                first = before[middle]
                if first == _FAR:
                    continue
                for at in range(size):
                    if row[at] != _FAR and first + row[at] > before[at]:
                        before[at] = first + row[at]


@lru_cache(maxsize=64)
def _ways(template: Template) -> _Ways:
    return _Ways(template)


def order_pairs(template: Template, types: Collection[str]) -> tuple[Pair, ...]:
    """Which types of milestones wait for which, of those a thing has (`types`)."""
    return _pairs(template, frozenset(types))


@lru_cache(maxsize=1024)
def _pairs(template: Template, types: frozenset[str]) -> tuple[Pair, ...]:
    ways = _ways(template)
    at = {name: ways.point[name] for name in sorted(types) if name in ways.point}
    found = []
    for before, first in at.items():
        for after, last in at.items():
            if before == after or not ways.leads(first, last):
                continue
            between = (
                name for name in at if name not in {before, after}
                and ways.leads(first, at[name]) and ways.leads(at[name], last)
            )  # fmt: skip
            if not any(between):
                found.append(Pair(before, after, max(ways.days[first][last], 0)))
    return tuple(found)


def least_days(template: Template, before: str, after: str) -> int | None:
    """The least that lies between milestones of two types [calendar days]; None when neither waits for the
    other."""
    ways = _ways(template)
    if before not in ways.point or after not in ways.point or before == after:
        return None
    first, last = ways.point[before], ways.point[after]
    return max(ways.days[first][last], 0) if ways.leads(first, last) else None


def stages_left(
    template: Template,
    types: Collection[str],
    type: str,
    *,
    done: Collection[str] = (),
    begun: Collection[str] = (),
) -> StagesLeft:
    """The stages between today and a milestone of `type`, where no milestone of the thing lies on the way.

    `types`: those the thing has; `done`: those of them with one said or shown to be done; `begun`: with one
    said to be under way or partly done. Before what is under way nothing is left that anybody could name.
    """
    return _left(template, frozenset(types), frozenset(done), frozenset(begun), type)


@lru_cache(maxsize=4096)
def _left(
    template: Template, types: frozenset[str], done: frozenset[str], begun: frozenset[str], type: str
) -> StagesLeft:
    ways = _ways(template)
    if type not in ways.point or type in begun or type in done:
        return StagesLeft()
    target = ways.point[type]
    upstream = [
        point for name, point in ways.point.items()
        if name in types and name != type and ways.leads(point, target)
    ]  # fmt: skip
    passed = [ways.point[name] for name in done if name in ways.point]
    passed += [ways.begun[name] for name in begun if name in ways.begun]
    wanted = []
    for stage in template.stages:
        begin, end = ways.start[stage.code], ways.end[stage.code]
        if stage.days is None or not ways.leads(end, target):
            continue
        if any(ways.leads(end, point) for point in passed):
            continue
        if not any(ways.leads(end, point) or ways.leads(point, begin) for point in upstream):
            wanted.append(stage)
    return StagesLeft(stages=tuple(wanted), shortest_days=_shortest(wanted))


def _shortest(stages: Iterable[Stage]) -> int:
    """The longest chain of shortest durations through some stages of a template, in its order."""
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for stage in stages:
        low = stage.days.low if stage.days else 0
        begin, least_end = 0, 0
        for one in stage.after:
            if one.stage not in ends:
                continue
            source = ends[one.stage] if one.type in {"FS", "FF"} else starts[one.stage]
            if one.type in {"FS", "SS"}:
                begin = max(begin, source + one.lag)
            else:
                least_end = max(least_end, source + one.lag)
        starts[stage.code] = begin
        ends[stage.code] = max(begin + low, least_end)
    return max(ends.values(), default=0)
