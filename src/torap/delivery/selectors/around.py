"""What one milestone waits for and holds up: the part of the delivery network around it, read alone.

The same links as in the whole network, at a cost that does not grow with the country.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from torap.delivery.selectors.network import network, network_parts, shown
from torap.delivery.selectors.network_model import KINDS, MILESTONE, Attached, LeftOut, NetworkLink, Node
from torap.ledger.memo import while_unchanged
from torap.registry.selectors import search
from torap.rules.known import AsKnown

HITS = 60  # things looked at
OFFERED = 40  # nodes offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A link with the node at its other end."""

    link: NetworkLink
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A milestone with what it waits for, what it holds up, the links into it that bind nobody, and every
    schedule attached to it, newest first."""

    node: Node | None = None
    waits_for: tuple[Neighbour, ...] = ()
    holds_up: tuple[Neighbour, ...] = ()
    left_out: tuple[tuple[LeftOut, Node], ...] = ()
    schedules: tuple[Attached, ...] = ()


@while_unchanged
def around(milestone: str, subject: str, known: AsKnown, *, invented: bool = False) -> Around:
    """The neighbourhood of a milestone (code) of a subject (code). Five queries as a rule.

    Links left out because they would close a loop are found in the whole network only.
    """
    key = f"{MILESTONE}:{milestone}"
    centre = Node(key=key, kind=MILESTONE, code=milestone, names=("", "", ""), subject=subject)
    parts = network_parts(known, around=centre)
    net = shown(parts, known, invented, whole=False)
    nodes = net.nodes
    if key not in nodes:
        return Around()
    return Around(
        node=nodes[key],
        waits_for=tuple(Neighbour(link=one, node=nodes[one.before]) for one in net.waits_for(key)),
        holds_up=tuple(Neighbour(link=one, node=nodes[one.after]) for one in net.holds_up(key)),
        schedules=tuple(parts.schedules),
        left_out=tuple((one, nodes[one.link.before]) for one in net.left_out if one.link.after == key),
    )


def nodes_found(query: str, known: AsKnown, *, invented: bool = False) -> list[Node]:
    """Nodes whose name, or whose subject's, holds the words of `query`, the nearest first; or the one node of
    that key. What is real is offered for what is invented as well, never the other way round.
    """
    nodes = dict(network(known).nodes)
    if invented:
        nodes = {**network(known, invented=True).nodes, **nodes}
    if query.strip() in nodes:
        return [nodes[query.strip()]]
    of_subject: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        of_subject[node.subject].append(node)
    found: dict[str, Node] = {}
    for hit in search(query, limit=HITS):
        key = f"{hit.kind}:{hit.code}"
        own = [nodes[key]] if key in nodes else of_subject.get(hit.code, [])
        found.update((node.key, node) for node in own if node.kind in KINDS)
    return list(found.values())[:OFFERED]
