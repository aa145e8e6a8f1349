"""Wholes and the parts they are late with, by the structure of things; and whose trials tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from torap.delivery.selectors import TEMPLATE

# The rules by which a whole waits for other things that are its parts (see rules/network/structure.py).
OF_PARTS = frozenset({"members", "parts", "builds", "indicator"})
MOST = 1_500  # nodes of a large network whose trials are kept for this: of ten thousand trials 60 MB


def is_part(link: Mapping[str, Any]) -> bool:
    """Whether what a link waits for is a part of what waits, by the structure of things."""
    return link["origin"] == TEMPLATE and link["why"] in OF_PARTS


def links_in(content: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """What each node waits for; what a schedule says of its milestone is its own pace."""
    into: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for link in content["links"]:
        if link["origin"] != "schedule":
            into[link["to"]].append(link)
    return into


def wholes_of(content: Mapping[str, Any]) -> list[str]:
    """The wholes whose day is still to come, the soonest first."""
    due = {row["key"]: row["due"] for row in content["nodes"] if row["due"] and not row["done_on"]}
    found = {link["to"] for link in content["links"] if is_part(link)}
    return sorted(
        (key for key in found if due.get(key, "") >= content["known_on"]), key=lambda key: (due[key], key)
    )


def wholes_watched(content: Mapping[str, Any], most: int = MOST) -> list[str]:
    """The nodes whose trials say with which part a whole is late: the wholes and all they wait for, those
    that fall due soonest as far as there is room."""
    into, found = links_in(content), dict[str, None]()
    for key in wholes_of(content):
        more = dict.fromkeys([key, *(link["from"] for link in into[key])])
        if len(found | more) > most:
            break
        found |= more
    return list(found)
