"""What each node's forecast rests on, and which nodes' trials are kept with what moves them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

GOALS = 400  # up to so many open nodes the trials of each are kept, with what moves it
NEXT_DUE = 60  # of a larger network those of so many: what moves a node costs time and memory
Rows = Mapping[str, Mapping[str, Any]]


def bases_of(content: Mapping[str, Any], nodes: Rows, scheduled: Collection[str]) -> dict[str, str]:
    """What each node's forecast rests on; a node without anything of its own rests on what it waits for, if
    that can be told. `scheduled`: the nodes an attached schedule stands for."""
    into = _into(content)
    found: dict[str, str] = {}
    for key in nodes:
        todo = [key]
        while todo:  # depth first without recursion: a chain of nodes may be long
            node = todo[-1]
            own = _own(node, nodes, scheduled)
            missing = [one for one in into[node] if one in nodes and one not in found]
            if node not in found and missing and own == "none":
                todo.extend(missing)
                continue
            todo.pop()
            if node not in found:
                told = any(found.get(one, "none") not in {"none", "done"} for one in into[node])
                found[node] = "links" if own == "none" and told else own
    return found


def _own(key: str, nodes: Rows, scheduled: Collection[str]) -> str:
    row = nodes[key]
    if row["done_on"]:
        return "done"
    if row["kind"] == "activity":
        return "schedule"
    if row.get("fixed_on"):
        return "links"
    if key in scheduled:
        return "blend" if row["class"] else "schedule"
    return "class" if row["class"] else "none"


def goals_of(content: Mapping[str, Any], nodes: Rows, basis: Mapping[str, str]) -> list[str]:
    """All open nodes of a small network; of a large one those that fall due next, each with what it waits
    for, as far as there is room."""
    open_nodes = [key for key, found in basis.items() if found not in {"none", "done"}]
    if len(open_nodes) <= GOALS:
        return open_nodes
    there, known = set(open_nodes), content["known_on"]
    into = _into(content)
    found: dict[str, None] = {}
    for due, key in sorted((nodes[key]["due"] or "", key) for key in open_nodes):
        if due < known:
            continue
        more = [key, *(one for one in into.get(key, ()) if one in there)]
        if len(found.keys() | set(more)) > NEXT_DUE:
            break
        found |= dict.fromkeys(more)
    return list(found)


def _into(content: Mapping[str, Any]) -> dict[str, list[str]]:
    into: dict[str, list[str]] = defaultdict(list)
    for link in content["links"]:
        into[link["to"]].append(link["from"])
    return into
