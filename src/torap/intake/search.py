"""Makes everything findable anew, and finds it as known on a day."""

from __future__ import annotations

from dataclasses import replace

from torap.common.models import User
from torap.delivery.selectors import instructions_known, milestones_known, obstacles_known
from torap.delivery.services import search_rows
from torap.registry.selectors import Hit, known_codes, search
from torap.registry.services import search_rebuild
from torap.rules.known import AsKnown


def search_refresh(*, by: User) -> int:
    """Build the search index anew and return how many entries it has."""
    return search_rebuild(by=by, extra=search_rows())


def search_known(query: str, known: AsKnown) -> list[Hit]:
    """What the words find of the things known on that day, the closest first; what is invented is marked."""
    hits = search(query)
    there = known_codes(hits, known)
    ways = {
        "instruction": instructions_known,
        "milestone": milestones_known,
        "obstacle": obstacles_known,
    }
    for kind, known_of in ways.items():
        codes = [hit.code for hit in hits if hit.kind == kind]
        for code, invented in known_of(codes, known).items() if codes else ():
            there[kind, code] = invented
    return [replace(hit, invented=there[hit.kind, hit.code]) for hit in hits if (hit.kind, hit.code) in there]
