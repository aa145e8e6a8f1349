"""What one milestone waits for and holds up: the part of the delivery network around it, read alone.

The same links as in the whole network, at a cost that does not grow with the country.
"""

from __future__ import annotations

from dataclasses import dataclass

from torap.delivery.selectors.network import network_parts, shown
from torap.delivery.selectors.network_model import MILESTONE, LeftOut, NetworkLink, Node
from torap.ledger.memo import while_unchanged
from torap.registry.selectors import work_calendar
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A link with the node at its other end."""

    link: NetworkLink
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A milestone with what it waits for, what it holds up, and the links into it that bind nobody."""

    node: Node | None = None
    waits_for: tuple[Neighbour, ...] = ()
    holds_up: tuple[Neighbour, ...] = ()
    left_out: tuple[tuple[LeftOut, Node], ...] = ()


@while_unchanged
def around(milestone: str, subject: str, known: AsKnown, *, invented: bool = False) -> Around:
    """The neighbourhood of a milestone (code) of a subject (code). At most twelve queries.

    Links left out because they would close a loop are found in the whole network only.
    """
    calendar = work_calendar(known)
    key = f"{MILESTONE}:{milestone}"
    centre = Node(key=key, kind=MILESTONE, code=milestone, names=("", "", ""), subject=subject)
    net = shown(network_parts(known, calendar, around=centre), known, calendar, invented)
    nodes = net.nodes
    if key not in nodes:
        return Around()
    return Around(
        node=nodes[key],
        waits_for=tuple(Neighbour(link=one, node=nodes[one.before]) for one in net.waits_for(key)),
        holds_up=tuple(Neighbour(link=one, node=nodes[one.after]) for one in net.holds_up(key)),
        left_out=tuple((one, nodes[one.link.before]) for one in net.left_out if one.link.after == key),
    )
