"""Nodes of the delivery network in words: what each is called, which page shows it, when it is due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from torap.delivery.selectors import Node
from torap.registry.models import UtilityKind
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.law.words import law_text
from torap.web.presenters import statuses
from torap.web.presenters.links import known_link, subject_link

LONGEST = 160


def node_words(node: Node) -> str:
    """What a node is called: the thing and its milestone, an instruction's text, a place's network."""
    if node.kind == "milestone":
        return f"{node.subject_name}: {node.name}"
    if node.kind == "utility":
        return _("%(place)s: network: %(kind)s") % {
            "place": node.subject_name,
            "kind": str(UtilityKind(node.type).label).lower(),
        }
    if node.kind == "plot":
        return _("%(plot)s is ready") % {"plot": node.name}
    if node.kind == "step":
        return _("%(subject)s: %(step)s (step of a procedure)") % {
            "subject": node.subject_name,
            "step": law_text(node.name),
        }
    if node.kind == "activity":
        return _("Attached schedule: %(name)s") % {"name": node.name}
    return formats.shortened(node.name, LONGEST)


def kind_words(node: Node) -> str:
    """What kind of thing a node is."""
    return {
        "milestone": _("Milestone"),
        "instruction": _("Instruction"),
        "utility": _("Network"),
        "plot": _("Plot"),
        "step": _("Step of a procedure"),
        "activity": _("Schedule"),
    }[node.kind]


def node_link(node: Node, known: AsKnown | None) -> str:
    """The page that shows a node; empty where there is none."""
    if node.kind in {"milestone", "instruction"}:
        return known_link(known, node.kind, node.code)
    if node.kind in {"utility", "plot"}:
        return subject_link(known, node.subject_kind or "place", node.subject)
    if node.kind == "step":
        return known_link(known, "law", node.type)
    return ""


def node_line(node: Node, known: AsKnown | None) -> dict[str, Any]:
    """A node as a line of a list."""
    return {
        "key": node.key,
        "words": node_words(node),
        "kind": kind_words(node),
        "href": node_link(node, known),
        "due": formats.day(node.due) if node.due else "",
        "state": state_words(node),
        "mark": state_mark(node),
        "invented": node.invented,
    }


def state_words(node: Node) -> str:
    """How far it is, as said or shown."""
    if node.done == "shown":
        return _("done, verified")
    if node.done == "said":
        return _("said to be done")
    return str(statuses.said_words(node.said)) if node.said else _("nobody has reported on it")


def state_mark(node: Node) -> str:
    """The mark beside it."""
    return {"shown": "done_verified", "said": "done_said"}.get(node.done, "unknown")
