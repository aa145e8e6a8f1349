"""What lies below a summary, and what a link of one stands for: all below wait, and all are waited for."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from torap.engines.errors import EngineInputError

LINKS_LIMIT = 5_000_000  # that links of summaries may stand for
K = TypeVar("K", str, int)


def leaves_of(children: Mapping[K, Sequence[K]], works: Container[K], name: K) -> list[K]:
    """The activities (of `works`) below a summary, however deep, in order; an activity stands for itself."""
    found: list[K] = []
    todo = [name]
    while todo:
        one = todo.pop()
        if one in children:
            todo.extend(reversed(children[one]))
        elif one in works:
            found.append(one)
    return found


def spread(
    links: Iterable[tuple[K, K]],
    summary: Callable[[K], bool],
    leaves: Callable[[K], list[K]],
    called: Callable[[K], str],
) -> Iterator[tuple[int, K, K]]:
    """(place of the link, predecessor, successor), those of summaries spread over the activities below.

    EngineInputError, with the ids that `called` gives, when that makes more than LINKS_LIMIT.
    """
    made = 0
    for place, (before, after) in enumerate(links):
        if not summary(before) and not summary(after):
            yield place, before, after
            continue
        above, below = leaves(before), leaves(after)
        made += len(above) * len(below)
        if made > LINKS_LIMIT:
            where = f"{called(before)} -> {called(after)}"
            raise EngineInputError("links_too_many", where=where, limit=LINKS_LIMIT)
        for one in above:
            for other in below:
                yield place, one, other


__all__ = ["LINKS_LIMIT", "leaves_of", "spread"]
