"""Tenths of a minute in Torap's own format: what a plan of Microsoft Project has beyond whole minutes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from torap.intake.schedules.json_fields import known, mapped, number

# The engine's name of a field -> that of the format, where they differ.
CALLED = {
    "minutes": "duration",
    "constraint_at": "constraint",
    "second_at": "second_constraint",
    "suspended_at": "suspended",
    "resumed_at": "resumed",
}
MOST = 9


def tenth(value: Any, where: str) -> int:
    """Tenths of a minute: fewer than a minute, either way."""
    return 0 if value is None else round(number(value, where, low=-MOST, high=MOST))


def tenths_in(row: Mapping[str, Any], where: str, names: Collection[str]) -> tuple[tuple[str, int], ...]:
    """The field `tenths` of an activity or a part, by the engine's `names`, in the order of the file."""
    given = mapped(row, "tenths", where)
    if not given:
        return ()
    own = {CALLED.get(name, name): name for name in names}
    known(given, set(own), f"{where}, tenths")
    return tuple((own[name], tenth(value, f"{where}, tenths, {name}")) for name, value in given.items())


def tenths_out(tenths: tuple[tuple[str, int], ...]) -> dict[str, int]:
    """The same as the format writes it."""
    return {CALLED.get(name, name): value for name, value in tenths}


__all__ = ["tenth", "tenths_in", "tenths_out"]
