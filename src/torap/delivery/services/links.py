"""Saying that one thing waits for another, and taking it back. A loop is refused, node by node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NotRequired, TypedDict

from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotFound
from torap.common.models import User
from torap.common.permissions import may, require
from torap.delivery.models import DeliveryLink
from torap.delivery.selectors.network import NOT_KEPT, networks_now, node_of_step
from torap.delivery.selectors.network_model import ACTIVITY, KINDS, STEP, Network, NetworkLink, Node
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, texts
from torap.registry.selectors import owners_of
from torap.rules.known import AsKnown
from torap.rules.network.loops import Waiting
from torap.rules.network.stages import LONGEST_LAG


class LinkFields(TypedDict):
    """What one link says; `before` and `after` are keys of nodes."""

    before: str
    after: str
    said: Days
    type: NotRequired[str]
    lag: NotRequired[int]
    lag_unit: NotRequired[str]
    why: NotRequired[Texts | None]
    source: NotRequired[str | None]
    said_by: NotRequired[str]
    said_note: NotRequired[str]
    key: NotRequired[str | None]
    invented: NotRequired[bool]


def link_add(
    *,
    by: User,
    before: str,
    after: str,
    said: Days,
    type: str = DeliveryLink.Type.FS,
    lag: int = 0,
    lag_unit: str = DeliveryLink.LagUnit.DAY,
    why: Texts | None = None,
    source: str | None = None,
    said_by: str = "",
    said_note: str = "",
    key: str | None = None,
    invented: bool = False,
) -> DeliveryLink:
    """Say that `after` waits for `before` (keys of nodes). `lag` in days of `lag_unit`, negative for a lead.

    A coordinator says it, or the body that holds what waits. Refused: an unknown node, a node waiting
    for itself, a link that stands already, one that would close a loop with links said or drawn.
    """
    fields: LinkFields = {
        "before": before,
        "after": after,
        "said": said,
        "type": type,
        "lag": lag,
        "lag_unit": lag_unit,
        "why": why,
        "source": source,
        "said_by": said_by,
        "said_note": said_note,
        "key": key,
        "invented": invented,
    }
    return link_add_many(by=by, rows=[fields])[0]


def link_add_many(*, by: User, rows: Sequence[LinkFields]) -> list[DeliveryLink]:
    """Add links together: all or none. The network is read once, so that thousands take seconds."""
    if not rows:
        return []
    with writing.writing():
        desk = _Desk.open()
        return [desk.add(by, row) for row in rows]


def link_drop(
    *,
    by: User,
    before: str,
    after: str,
    why: Texts,
    said: Days,
    source: str | None = None,
    said_by: str = "",
    said_note: str = "",
    key: str | None = None,
    invented: bool = False,
) -> DeliveryLink:
    """Say that `after` does not wait for `before`, and why: of a link said, or of one drawn by structure.

    Nothing is deleted: for days before it was said the link stands. NotFound when there is none to drop.
    """
    with writing.writing():
        desk = _Desk.open()
        waiting = desk.node(after, field="after")
        _allow(by, waiting)
        desk.node(before, field="before")
        link = desk.link(before, after, invented)
        old = DeliveryLink.objects.filter(key=link.key).first() if link.key else None
        origin = writing.related(DeliveryLink, "source", source)
        unreal = link.invented
        values = {
            **writing.said_fields(said, said_by, said_note, source=origin),
            **texts("why", why, required=True),
            "key": writing.new_key(DeliveryLink, key, "link"),
            "event": DeliveryLink.Event.DROPPED,
            "before": before,
            "after": after,
            "type": link.type,
            "lag": link.lag,
            "lag_unit": link.lag_unit,
            "source": origin,
            "drops": old,
            "invented": unreal,
        }
        if origin is not None and origin.invented and not unreal:
            raise Conflict("reality_changed", field="source", value=origin.code)
        return writing.append(DeliveryLink, by=by, kind="delivery_link.dropped", target=after, values=values)


class _Desk:
    """The network as it stands, read under the lock of the ledger, and what is added to it meanwhile."""

    def __init__(self, real: Network, unreal: Network) -> None:
        self.nodes: dict[str, Node] = {**unreal.nodes, **real.nodes}
        self.links: dict[tuple[str, str, bool], NetworkLink] = {}
        for link in (*real.links, *unreal.links):
            self.links[link.before, link.after, link.invented] = link
        self.not_kept = {
            (one.link.before, one.link.after, one.link.invented): one.link
            for one in (*real.left_out, *unreal.left_out)
            if one.reason == NOT_KEPT
        }
        self.waiting = Waiting((before, after) for before, after, _invented in self.links)

    @classmethod
    def open(cls) -> _Desk:
        """Read the network of today: what is real, and what is invented."""
        return cls(*networks_now(AsKnown(timezone.localdate())))

    def node(self, key: str, *, field: str) -> Node:
        """The node of that key; BadInput when there is none."""
        found = self.nodes.get(key)
        if found is None and key.startswith(f"{STEP}:"):
            found = node_of_step(key)
            if found is not None:
                self.nodes[key] = found
        if found is None or found.kind not in KINDS:
            raise BadInput("unknown_node", field=field, value=key)
        return found

    def link(self, before: str, after: str, invented: bool) -> NetworkLink:
        """The link that stands between two nodes, of the reality asked for where there are both.

        One that binds nobody, because its order was not kept, can be dropped as well: for good.
        """
        for unreal in (invented, not invented):
            ends = (before, after, unreal)
            link = self.links.get(ends) or self.not_kept.get(ends)
            if link is not None and not link.before.startswith(f"{ACTIVITY}:"):
                return link
        raise NotFound("no_such_link", field="before", entity="delivery_link", value=before)

    def add(self, by: User, row: LinkFields) -> DeliveryLink:
        """Check one link against everything there is, and write it."""
        before, after = self.node(row["before"], field="before"), self.node(row["after"], field="after")
        _allow(by, after)
        if before.key == after.key:
            raise BadInput("link_to_itself", field="before", name=_label(before))
        values = _values(row, before, after)
        unreal = values["invented"]
        standing = self.links.get((before.key, after.key, unreal))
        if standing is not None and standing.key:
            raise Conflict("link_there_already", field="before", name=_label(before))
        loop = self.waiting.loop(before.key, after.key)
        if loop:
            raise BadInput("closes_loop", field="before", loop=_around(loop, self.nodes))
        link = writing.append(
            DeliveryLink, by=by, kind="delivery_link.added", target=after.key, values=values
        )
        self.links[before.key, after.key, unreal] = NetworkLink(
            before=before.key, after=after.key, type=link.type, lag=link.lag, key=link.key, invented=unreal
        )
        self.waiting.add(before.key, after.key)
        return link


def _values(row: LinkFields, before: Node, after: Node) -> dict[str, Any]:
    lag = row.get("lag", 0)
    if not -LONGEST_LAG <= lag <= LONGEST_LAG:
        raise BadInput("out_of_range", field="lag", low=-LONGEST_LAG, high=LONGEST_LAG, value=lag)
    origin = writing.related(DeliveryLink, "source", row.get("source"))
    given = row.get("type", DeliveryLink.Type.FS)
    unit = row.get("lag_unit", DeliveryLink.LagUnit.DAY)
    return {
        **writing.said_fields(row["said"], row.get("said_by", ""), row.get("said_note", ""), source=origin),
        **texts("why", row.get("why")),
        "key": writing.new_key(DeliveryLink, row.get("key"), "link"),
        "event": DeliveryLink.Event.ADDED,
        "before": before.key,
        "after": after.key,
        "type": writing.choice(given, DeliveryLink.Type.values, field="type"),
        "lag": lag,
        "lag_unit": writing.choice(unit, DeliveryLink.LagUnit.values, field="lag_unit"),
        "source": origin,
        "invented": row.get("invented", False) or writing.any_invented(before, after, origin),
    }


def _allow(by: User, waiting: Node) -> None:
    """NotAllowed unless `by` may speak for what waits: a coordinator, or the body that holds it."""
    if may(by, "link.add"):
        return
    require(by, "link.add", organisations=holders_of(waiting))


def holders_of(node: Node) -> set[str]:
    """Codes of the bodies that hold a node: those named for it, else those answerable for its subject."""
    return set(node.holders) or (set(owners_of(node.subject)) if node.subject else set())


def _label(node: Node) -> str:
    """What a node is called in a refusal: its subject and its own name."""
    return f"{node.subject_name}: {node.name}" if node.subject_name != node.name else node.name


def _around(loop: Iterable[str], nodes: dict[str, Node]) -> str:
    """The loop as names, each before the one that waits for it, closed."""
    names = [_label(nodes[key]) for key in loop]
    return " → ".join([*names, names[0]])
