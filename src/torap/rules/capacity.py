"""Free capacity of a network over time: what was added less what is reserved and taken, never below zero.

Two ledgers must hold at once: with everything entered, and with evidenced entries alone, so that a promised
transformer can be reserved against but nothing is taken from what does not stand yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

ADDED, RESERVED, TAKEN, RELEASED = "added", "reserved", "taken", "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityMove:
    """One entry: what happened to the capacity, from which day, in the unit of the network."""

    day: dt.date
    move: str
    amount: Decimal
    evidenced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityStep:
    """The state from `day` on: added, held (reserved and taken, less released) and free."""

    day: dt.date
    added: Decimal
    held: Decimal

    @property
    def free(self) -> Decimal:
        """What nobody holds, in the unit of the network."""
        return self.added - self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """The first day on which a ledger does not hold. Codes: balance_negative, released_more_than_held."""

    code: str
    day: dt.date
    free: Decimal
    basis: str


def steps(moves: Iterable[CapacityMove]) -> list[CapacityStep]:
    """The state after every day on which something moves, in order of days."""
    by_day: dict[dt.date, list[CapacityMove]] = {}
    for move in moves:
        by_day.setdefault(move.day, []).append(move)
    added = held = Decimal(0)
    result = []
    for day in sorted(by_day):
        for move in by_day[day]:
            if move.move == ADDED:
                added += move.amount
            elif move.move == RELEASED:
                held -= move.amount
            else:
                held += move.amount
        result.append(CapacityStep(day=day, added=added, held=held))
    return result


def first_shortage(moves: Iterable[CapacityMove]) -> Shortage | None:
    """The first day on which more is held than added, or more released than held; None when all is well."""
    rows = list(moves)
    for basis, part in (("evidenced", [m for m in rows if m.evidenced]), ("all", rows)):
        for step in steps(part):
            if step.held < 0:
                return Shortage(code="released_more_than_held", day=step.day, free=step.held, basis=basis)
            if step.free < 0:
                return Shortage(code="balance_negative", day=step.day, free=step.free, basis=basis)
    return None
