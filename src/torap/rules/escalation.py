"""The ladder of an obstacle: how high it must be taken, by days open and by what it blocks.

The rungs are data (the product's own default, not law). The answer is a code and what made it; who is told,
and that nobody is told twice, is the caller's part: a rung is reached once, `rungs_due` names those not yet
taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from torap.rules.errors import BadLawFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder: reached when any threshold that is set is met."""

    code: str
    order: int
    to: str  # role that is told
    days_open: int | None = None  # calendar days
    blocked_promises: int | None = None
    blocked_value_kzt: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleState:
    """What the ladder looks at.

    `blocked_value_kzt=None`: not known, which never escalates and never calms.
    """

    days_open: int
    blocked_promises: int = 0
    blocked_value_kzt: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A rung that is reached, and the names of the measures that made it."""

    rung: Rung
    because: tuple[str, ...]


def rungs_reached(ladder: Sequence[Rung], state: ObstacleState) -> tuple[Reached, ...]:
    """All rungs reached, lowest first. Reaching a rung reaches every lower one."""
    direct = {rung.code: _because(rung, state) for rung in ladder}
    ordered = sorted(ladder, key=lambda rung: rung.order)
    highest = max((rung.order for rung in ordered if direct[rung.code]), default=0)
    return tuple(
        Reached(rung=rung, because=direct[rung.code] or ("higher_rung",))
        for rung in ordered
        if rung.order <= highest
    )


def rungs_due(ladder: Sequence[Rung], state: ObstacleState, taken: Collection[str]) -> tuple[Reached, ...]:
    """Rungs reached and not yet taken: running it twice with the same `taken` gives the same answer."""
    return tuple(reached for reached in rungs_reached(ladder, state) if reached.rung.code not in taken)


def _because(rung: Rung, state: ObstacleState) -> tuple[str, ...]:
    pairs = (
        ("days_open", rung.days_open, state.days_open),
        ("blocked_promises", rung.blocked_promises, state.blocked_promises),
        ("blocked_value_kzt", rung.blocked_value_kzt, state.blocked_value_kzt),
    )
    return tuple(
        name for name, limit, value in pairs if limit is not None and value is not None and value >= limit
    )


def parse_ladder(data: Mapping[str, Any], *, where: str) -> tuple[Rung, ...]:
    """The ladder from its YAML form; `where` names the file in errors."""
    rows = data.get("rungs") or []
    if not rows:
        raise BadLawFile(f"{where}: no rungs; list at least one under 'rungs'.", file=where)
    return tuple(_rung(row, order, where) for order, row in enumerate(rows, start=1))


def _rung(row: Mapping[str, Any], order: int, where: str) -> Rung:
    allowed = {"code", "to", "days_open", "blocked_promises", "blocked_value_kzt"}
    if set(row) - allowed or not {"code", "to"} <= set(row):
        raise BadLawFile(
            f"{where}: rung {order}: it takes code, to and any of days_open, blocked_promises, "
            "blocked_value_kzt.",
            file=where,
        )
    value = row.get("blocked_value_kzt")
    return Rung(
        code=str(row["code"]),
        order=order,
        to=str(row["to"]),
        days_open=row.get("days_open"),
        blocked_promises=row.get("blocked_promises"),
        blocked_value_kzt=None if value is None else Decimal(str(value)),
    )
