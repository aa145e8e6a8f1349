"""The part of a frozen network that some nodes can be reached from.

Random numbers are drawn by the names of things, so a part of the network gives its nodes the very numbers
the whole gave them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from torap.runs.frozen import rows_to


def upstream_part(content: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """The frozen input cut down to these nodes and everything they wait for."""
    into: dict[str, list[str]] = defaultdict(list)
    for link in content["links"]:
        into[link["to"]].append(link["from"])
    kept, todo = set(), list(keys)
    while todo:
        key = todo.pop()
        if key not in kept:
            kept.add(key)
            todo += into.get(key, ())
    return {
        **content,
        "nodes": [row for row in content["nodes"] if row["key"] in kept],
        "links": [link for link in content["links"] if link["to"] in kept],
        "schedules": rows_to(content["schedules"], kept),
    }
