"""What a place has of each network: added, held and free, as known on a day; unknown without any entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from torap.common.known import known_q
from torap.registry.models import UtilityEntry, UtilityKind
from torap.rules.capacity import ADDED, CapacityMove, CapacityStep, steps
from torap.rules.known import AsKnown
from torap.rules.units import NETWORK_UNITS


@dataclass(frozen=True, slots=True, kw_only=True)
class UtilityBalance:
    """One network of a place, in `unit`. `evidenced` and `free` count what stands on that day, by evidence
    alone: None while no evidenced entry adds capacity by that day, which is not zero. `held`: what is
    reserved and taken; None while no entry says so.

    `promised` is the capacity only promised by that day, None without such an entry; `coming` are the days
    after it on which something changes, promises included, with what is free then if all of it comes.
    `newest_said` is the earliest day the newest entry can have been said.
    """

    kind: str
    unit: str
    evidenced: Decimal | None
    held: Decimal | None
    free: Decimal | None
    promised: Decimal | None
    coming: list[CapacityStep]
    entries: list[UtilityEntry]
    newest_said: dt.date
    invented: bool


def utility_balance(place_id: int, known: AsKnown) -> list[UtilityBalance]:
    """The networks of a place that anything is known of, in the catalogue's order; invented ones apart."""
    rows = UtilityEntry.objects.filter(known_q(known), utility__place=place_id).select_related(
        "utility", "source"
    )
    groups: dict[tuple[str, bool], list[UtilityEntry]] = {}
    for entry in rows.order_by("effective_from", "pk"):
        groups.setdefault((entry.utility.kind, entry.invented), []).append(entry)
    found = [_balance(kind, entries, known.day) for (kind, _invented), entries in groups.items()]
    return sorted(found, key=lambda row: (UtilityKind.values.index(row.kind), row.invented))


def capacity_moves(entries: Sequence[UtilityEntry]) -> list[CapacityMove]:
    """Entries as the rules of capacity read them."""
    return [
        CapacityMove(
            day=entry.effective_from,
            move=entry.move,
            amount=entry.amount,
            evidenced=entry.basis == UtilityEntry.Basis.EVIDENCED,
        )
        for entry in entries
    ]


def _balance(kind: str, entries: list[UtilityEntry], day: dt.date) -> UtilityBalance:
    moves = capacity_moves(entries)
    reached = [move for move in moves if move.day <= day]
    added = [move for move in reached if move.move == ADDED]
    firm = [move for move in added if move.evidenced]
    promised = [move.amount for move in added if not move.evidenced]
    holds = [move for move in reached if move.move != ADDED and move.evidenced]
    state = _at(steps(move for move in reached if move.evidenced), day)
    return UtilityBalance(
        kind=kind,
        unit=NETWORK_UNITS[kind],
        evidenced=state.added if firm else None,
        held=state.held if holds else None,
        free=state.free if firm else None,
        promised=sum(promised, Decimal(0)) if promised else None,
        coming=[step for step in steps(moves) if step.day > day],
        entries=entries,
        newest_said=max(entry.said_from for entry in entries),
        invented=entries[0].invented,
    )


def _at(states: Sequence[CapacityStep], day: dt.date) -> CapacityStep:
    reached = [step for step in states if step.day <= day]
    return reached[-1] if reached else CapacityStep(day=day, added=Decimal(0), held=Decimal(0))
