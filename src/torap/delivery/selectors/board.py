"""Whose turn it is: for each body what it holds now, since when, and what is due next."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from torap.delivery.selectors.instructions import InstructionState, Turn
from torap.delivery.selectors.milestones import MilestoneState
from torap.delivery.selectors.obstacles import ObstacleState
from torap.delivery.selectors.situation_model import Ref
from torap.delivery.selectors.whole import country_states
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderItem:
    """One thing a body holds. `kind`: instruction, milestone, obstacle; `task`: what is to be done about it.

    `days_left` until `due`, negative when past; None without a known day. `overdue`: past, and neither
    evidence nor word that it was done; of an instruction only when the law makes it a breach.
    """

    kind: str
    code: str
    text: str
    task: str
    since: dt.date
    due: dt.date | None
    days_left: int | None
    overdue: bool
    said: str
    evidenced: str
    invented: bool

    @property
    def is_coming(self) -> bool:
        """Its day is today or later: a day that passed without a breach is no next day."""
        return self.days_left is not None and self.days_left >= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLine:
    """A body, or the giver of instructions (`holder.kind` "issuer"), with all it holds: the most pressing
    first.

    `overdue` counts real records; `since` and `next_due` are of real ones, where it holds any.
    """

    holder: Ref
    type: str
    items: tuple[HolderItem, ...]
    overdue: int
    since: dt.date
    next_due: dt.date | None

    def count(self, kind: str) -> int:
        """How many things of one kind it holds."""
        return sum(1 for item in self.items if item.kind == kind)


def holder_board(known: AsKnown, *, invented: bool = False) -> list[HolderLine]:
    """Every body that has to act, the one with most overdue first. With `invented` also for invented
    records."""
    states = country_states(known)
    return board_of(
        [row for row in states.instructions if invented or not row.invented],
        [row for row in states.milestones if invented or not row.invented],
        [row for row in states.obstacles if row.open and (invented or not row.invented)],
        known.day,
    )


def board_of(
    instructions: Iterable[InstructionState],
    milestones: Iterable[MilestoneState],
    obstacles: Iterable[ObstacleState],
    day: dt.date,
) -> list[HolderLine]:
    """The board from states already read."""
    held: dict[tuple[str, str], list[HolderItem]] = defaultdict(list)
    bodies: dict[tuple[str, str], Any] = {}
    rows = [
        *(
            (turn.organisation, turn.issuer, _duty(state, turn, day))
            for state in instructions
            for turn in state.turns
        ),
        *(
            (row.holder, "", _promise(row, day))
            for row in milestones
            if row.holder and row.current and not row.done
        ),
        *((row.obstacle.holder, "", _obstacle(row)) for row in obstacles if row.open and row.obstacle.holder),
    ]
    for body, issuer, item in rows:
        key = ("organisation", body.code) if body is not None else ("issuer", issuer)
        bodies[key] = body
        held[key].append(item)
    lines = [_line(key, bodies[key], items) for key, items in held.items()]
    return sorted(
        lines, key=lambda line: (-line.overdue, line.next_due or dt.date.max, line.since, line.holder.code)
    )


def body_ref(body: Any) -> Ref | None:
    """A door to an organisation; None stays None."""
    return Ref(kind="organisation", code=body.code, name=body.name) if body is not None else None


def _line(key: tuple[str, str], body: Any, items: list[HolderItem]) -> HolderLine:
    ordered = sorted(
        items,
        key=lambda item: (item.invented, not item.overdue, item.due or dt.date.max, item.since, item.code),
    )
    counted = [item for item in items if not item.invented] or items
    coming = [item.due for item in counted if item.due is not None and item.is_coming]
    return HolderLine(
        holder=body_ref(body) or Ref(kind=key[0], code=key[1], name=key[1]),
        type=body.type if body is not None else "",
        items=tuple(ordered),
        overdue=sum(1 for item in items if item.overdue and not item.invented),
        since=min(item.since for item in counted),
        next_due=min(coming, default=None),
    )


def _duty(state: InstructionState, turn: Turn, day: dt.date) -> HolderItem:
    left = (turn.due - day).days if turn.due else None
    return HolderItem(
        kind="instruction",
        code=state.code,
        text=state.instruction.text,
        task=turn.task,
        since=turn.since,
        due=turn.due,
        days_left=left,
        overdue=state.control.overdue and left is not None and left < 0,
        said=state.said.code,
        evidenced=state.evidenced.code,
        invented=state.invented,
    )


def _promise(state: MilestoneState, day: dt.date) -> HolderItem:
    due = state.current.latest if state.current else None
    first = state.promises[0].said_to if state.promises else day
    said_done = _said_done(state)
    return HolderItem(
        kind="milestone",
        code=state.code,
        text=f"{state.subject.name}: {state.milestone.name}",
        task="prove" if said_done else "reach",
        since=first,
        due=due,
        days_left=(due - day).days if due else None,
        overdue=state.passed and not said_done,
        said=state.said.code,
        evidenced=state.evidenced.code,
        invented=state.invented,
    )


def _said_done(state: MilestoneState) -> bool:
    """Whether the newest word is that it is done, nothing shown speaks against it, and no day was promised
    again since: what is left is to prove it."""
    word = state.said
    again = word.said_on is not None and any(row.said_to > word.said_on for row in state.promises)
    return word.code == "done" and state.evidenced.code != "rejected" and not again


def _obstacle(state: ObstacleState) -> HolderItem:
    return HolderItem(
        kind="obstacle",
        code=state.code,
        text=state.obstacle.text,
        task="remove",
        since=state.obstacle.said_to,
        due=None,
        days_left=None,
        overdue=False,
        said="",
        evidenced="",
        invented=state.invented,
    )
