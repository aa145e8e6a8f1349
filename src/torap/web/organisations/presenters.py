"""Bodies as rows, and one body with its duties, from the states delivery computes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from torap.delivery.selectors import (
    HolderItem,
    HolderLine,
    InstructionState,
    MilestoneState,
    ObstacleState,
    board_of,
)
from torap.registry.models import Organisation
from torap.registry.selectors import body_relations
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.instructions import presenters as board
from torap.web.presenters import instructions as lines
from torap.web.presenters import milestones
from torap.web.presenters.links import known_link

CSV_HEADER = (
    "code",
    "name",
    "type",
    "region",
    "holds",
    "instructions",
    "promises",
    "obstacles",
    "overdue",
    "next_due",
    "invented",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """What the list shows of one body."""

    code: str
    name: str
    href: str
    type: str
    type_label: str
    region: str
    parent: str
    instructions: int
    promises: int
    obstacles: int
    overdue: int
    next_due: dt.date | None
    mark: str
    invented: bool

    @property
    def holds(self) -> int:
        """All it holds now."""
        return self.instructions + self.promises + self.obstacles


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What one body owes: `overdue` and `turns` are what it holds now; `lead` and `co` are instructions in
    force that are no longer its turn.
    """

    overdue: list[dict[str, Any]]
    turns: list[dict[str, Any]]
    lead: list[lines.InstructionLine]
    co: list[lines.InstructionLine]
    settled: list[lines.InstructionLine]
    milestones: list[milestones.MilestoneRow]
    obstacles: list[ObstacleState]
    raised: list[ObstacleState]
    waiting: list[dict[str, Any]]

    @property
    def holds(self) -> int:
        """How much it holds now."""
        return len(self.overdue) + len(self.turns)


def body_rows(bodies: Iterable[Organisation], held: Iterable[HolderLine], known: AsKnown) -> list[BodyRow]:
    """Bodies as rows: those with something late first, then by how much they hold."""
    by_code = {line.holder.code: line for line in held if line.holder.kind == "organisation"}
    rows = [_row(body, by_code.get(body.code), known) for body in bodies]
    return sorted(rows, key=lambda row: (-row.overdue, -row.holds, row.name))


def _row(body: Organisation, line: HolderLine | None, known: AsKnown) -> BodyRow:
    kinds = Counter(item.kind for item in line.items) if line is not None else Counter()
    overdue = line.overdue if line is not None else 0
    return BodyRow(
        code=body.code,
        name=body.name,
        href=known_link(known, "organisation", body.code),
        type=body.type,
        type_label=str(Organisation.Type(body.type).label),
        region=body.region.name if body.region else "",
        parent=body.parent.name if body.parent else "",
        instructions=kinds["instruction"],
        promises=kinds["milestone"],
        obstacles=kinds["obstacle"],
        overdue=overdue,
        next_due=line.next_due if line is not None else None,
        mark="late" if overdue else "no_evidence" if kinds else "unknown",
        invented=body.invented,
    )


def csv_rows(rows: Iterable[BodyRow]) -> list[list[Any]]:
    """Bodies as rows of a download."""
    return [
        [
            row.code,
            row.name,
            row.type_label,
            row.region,
            row.holds,
            row.instructions,
            row.promises,
            row.obstacles,
            row.overdue,
            row.next_due,
            row.invented,
        ]
        for row in rows
    ]


def type_options(chosen: str) -> list[dict[str, Any]]:
    """The options of the filter by kind of body."""
    return [
        {"value": value, "label": label, "selected": value == chosen}
        for value, label in Organisation.Type.choices
    ]


def line_of(
    code: str,
    states: Iterable[InstructionState],
    promised: Iterable[MilestoneState],
    obstacles: Iterable[ObstacleState],
    day: dt.date,
) -> HolderLine | None:
    """What the board says of one body: made of what it holds, not of the whole country."""
    own = [row for row in promised if row.holder is not None and row.holder.code == code]
    stuck = [row for row in obstacles if row.obstacle.holder is not None and row.obstacle.holder.code == code]
    return next((row for row in board_of(states, own, stuck, day) if row.holder.code == code), None)


def concerning(
    body: Organisation,
    states: Iterable[InstructionState],
    promised: Iterable[MilestoneState],
    obstacles: Iterable[ObstacleState],
) -> list[InstructionState | MilestoneState | ObstacleState]:
    """All records that ask something of the body, real and invented; `states` are its own instructions."""
    return [
        *states,
        *(row for row in promised if row.milestone.holder_id == body.pk),
        *(row for row in obstacles if body.pk in (row.obstacle.holder_id, row.obstacle.blocks_id)),
    ]


def duties(
    body: Organisation,
    states: Sequence[InstructionState],
    promised: Sequence[MilestoneState],
    obstacles: Sequence[ObstacleState],
    held: HolderLine | None,
    known: AsKnown,
) -> Duties:
    """Everything one body owes. `promised`: all milestones; `held`: its line of the board."""
    items = [held_item(item, known) for item in held.items] if held is not None else []
    shown = {item["code"] for item in items}
    own = [state for state in promised if state.milestone.holder_id == body.pk]
    is_lead = {state.code for state in states if body.pk in {row.organisation_id for row in state.leads}}
    open_ones = [state for state in states if not board.settled(state) and state.code not in shown]
    to_remove = [state for state in obstacles if state.obstacle.holder_id == body.pk]
    return Duties(
        overdue=[item for item in items if item["overdue"]],
        turns=[item for item in items if not item["overdue"]],
        lead=lines.instruction_lines([s for s in open_ones if s.code in is_lead], known),
        co=lines.instruction_lines([s for s in open_ones if s.code not in is_lead], known),
        settled=lines.instruction_lines([s for s in states if board.settled(s)], known),
        milestones=milestones.milestone_rows(own, known),
        obstacles=to_remove,
        raised=[s for s in obstacles if s.obstacle.holder_id != body.pk and s.obstacle.blocks_id == body.pk],
        waiting=_waiting(to_remove, promised, known),
    )


def held_item(item: HolderItem, known: AsKnown) -> dict[str, Any]:
    """One thing a body holds, as a line, with the key of its forecast."""
    return board.holder_item(item, known) | {"key": f"{item.kind}:{item.code}"}


def _waiting(
    obstacles: Iterable[ObstacleState], promised: Iterable[MilestoneState], known: AsKnown
) -> list[dict[str, Any]]:
    """Milestones held up by an open obstacle this body has to remove, with who waits."""
    by_code = {state.code: state for state in promised}
    rows: dict[str, dict[str, Any]] = {}
    for obstacle in obstacles:
        for code in obstacle.blocked if obstacle.open else ():
            state = by_code.get(code)
            if state is not None:
                row = milestones.milestone_row(state, known)
                rows.setdefault(code, {"row": row, "obstacle": obstacle})
    return list(rows.values())


def facts(body: Organisation, known: AsKnown) -> list[dict[str, Any]]:
    """What a body is, in pairs."""
    parent, region = body.parent, body.region
    pairs = [
        {"name": _("Kind"), "text": str(body.get_type_display())},
        {"name": _("Region"), "text": region.name if region else ""},
        {"name": _("Country"), "text": formats.country_names([body.country]).get(body.country, body.country)},
        {
            "name": _("Belongs to"),
            "text": parent.name if parent else "",
            "href": known_link(known, "organisation", parent.code) if parent else "",
        },
        {"name": _("Also called"), "text": "; ".join(body.aliases)},
    ]
    return [pair for pair in pairs if pair["text"]]


def related(body: Organisation, known: AsKnown) -> dict[str, list[dict[str, Any]]]:
    """Places it manages, and the bodies under it."""
    places, children = body_relations(body, known)
    return {
        "places": [
            {"name": row.name, "href": known_link(known, "place", row.code), "invented": row.invented}
            for row in places
        ],
        "children": [
            {"name": row.name, "href": known_link(known, "organisation", row.code), "invented": row.invented}
            for row in children
        ],
    }
