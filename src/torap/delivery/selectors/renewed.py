"""The states of the country made of those before: only what was recorded since is read anew.

A nation's states take seconds to read; what people record between two looks at a page is a promise here and a
report there. Each event names what it is about, so what it touches is known. Where it is not (names, the
calendar, evidence, anything this module does not know), everything is read anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from torap.ledger.selectors import EventRow

MOST_EVENTS = 500  # of more everything is read anew
MOST_TOUCHED = 200
# Events after which no state of a milestone, an instruction or an obstacle is another one.
WITHOUT_EFFECT = (
    "baseline.", "claim.", "delivery_link.", "fact.", "facts.", "grant.", "money.", "network.", "revision.",
    "run.", "scenario.", "schedule.", "user.", "utility.",
)  # fmt: skip
# A new thing is spoken of by nothing that is there already.
NEW = frozenset(
    f"{entity}.added"
    for entity in (
        "attribute",
        "indicator",
        "link",
        "organisation",
        "place",
        "programme",
        "project",
        "region",
    )
) | {"source.added"}
OF_MILESTONE = ("promise", "report")


@dataclass(slots=True)
class Touched:
    """Codes of what has to be read anew; `obstacles`: all of them, they are few."""

    milestones: set[str] = field(default_factory=set)
    instructions: set[str] = field(default_factory=set)
    obstacles: bool = False

    def __bool__(self) -> bool:
        return bool(self.milestones or self.instructions or self.obstacles)


def touched(events: Sequence[EventRow]) -> Touched | None:
    """What these events touch; None where that cannot be told, or is too much."""
    found = Touched()
    for event in events:
        if event.kind in NEW or event.kind.startswith(WITHOUT_EFFECT):
            continue
        if not _named(event, found):
            return None
    return found if len(found.milestones) + len(found.instructions) <= MOST_TOUCHED else None


def _named(event: EventRow, found: Touched) -> bool:
    """Adds what an event is about; False for one of another kind."""
    entity = event.kind.partition(".")[0]
    if entity in OF_MILESTONE:
        code = (event.after or {}).get("milestone")
        found.milestones.add(str(code))
        return bool(code)
    if entity == "milestone":
        found.milestones.add(event.code)
    elif entity == "instruction":
        code = event.code if event.entity == "instruction" else (event.after or {}).get("instruction")
        found.instructions.add(str(code))
        return bool(code)
    elif entity == "obstacle":
        found.obstacles = True
    else:
        return False
    return True
