"""Loops among things that wait for one another: found when a link is added, named node by node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence


class Waiting:
    """Who waits for whom, growing link by link. Nodes are keys."""

    def __init__(self, links: Iterable[tuple[str, str]] = ()) -> None:
        self._later: dict[str, set[str]] = defaultdict(set)
        for before, after in links:
            self.add(before, after)

    def add(self, before: str, after: str) -> None:
        """`after` waits for `before` from now on."""
        self._later[before].add(after)

    def loop(self, before: str, after: str) -> list[str]:
        """The loop that the link would close, from `before` on; empty when there is none."""
        if before == after:
            return [before]
        came: dict[str, str] = {after: before}
        todo = [after]
        while todo:
            node = todo.pop()
            for later in sorted(self._later.get(node, ())):
                if later == before:
                    return _way(came, before, node)
                if later not in came:
                    came[later] = node
                    todo.append(later)
        return []


def _way(came: Mapping[str, str], before: str, node: str) -> list[str]:
    way = [node]
    while came[way[-1]] != before:
        way.append(came[way[-1]])
    return [before, *reversed(way)]


def any_loop(links: Iterable[tuple[str, str]]) -> list[str]:
    """One loop among the links, each node before the one that waits for it; empty when there is none."""
    later: dict[str, list[str]] = defaultdict(list)
    open_links: dict[str, int] = defaultdict(int)
    for before, after in links:
        later[before].append(after)
        open_links[after] += 1
        open_links.setdefault(before, 0)
    ready = [node for node, count in open_links.items() if not count]
    while ready:
        for after in later.pop(ready.pop(), ()):
            open_links[after] -= 1
            if not open_links[after]:
                ready.append(after)
    left = {node for node, count in open_links.items() if count}
    return _around(left, later) if left else []


def _around(left: set[str], later: Mapping[str, Sequence[str]]) -> list[str]:
    """Back from any node that is left along what it waits for, until one comes again."""
    waits: dict[str, str] = {}
    for before in sorted(left):
        for after in later.get(before, ()):
            if after in left:
                waits.setdefault(after, before)
    path, seen = [min(left)], {min(left): 0}
    while True:
        node = waits[path[-1]]
        if node in seen:
            return path[seen[node] :][::-1]
        seen[node] = len(path)
        path.append(node)
