"""What a schedule file says that a plan does not keep, and why a file is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing left out or changed: a code, where it stood (an activity, a link, a calendar, a table),
    what it was.

    `count` > 1: the same thing at so many places, of which `where` is the first. `days`: by how many it
    matters at the most, and then at `where`.
    """

    code: str
    where: str = ""
    value: str = ""
    count: int = 1
    days: float | None = None

    def data(self) -> dict[str, Any]:
        """As plain data; `days` only where they are told."""
        found = {"code": self.code, "where": self.where, "value": self.value, "count": self.count}
        return found if self.days is None else {**found, "days": self.days}


class Losses:
    """Collects losses; the same thing with the same value is counted, not repeated."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Loss] = {}

    def add(self, code: str, *, where: str = "", value: object = "") -> None:
        """Note that something was left out."""
        key = (code, str(value))
        known = self._rows.get(key)
        if known is None:
            self._rows[key] = Loss(code=code, where=where, value=str(value))
        else:
            self._rows[key] = Loss(code=code, where=known.where, value=known.value, count=known.count + 1)

    def __iter__(self) -> Iterator[Loss]:
        return iter(sorted(self._rows.values(), key=lambda row: (row.code, row.where)))


@dataclass(slots=True)
class ScheduleFileError(Exception):
    """A file that cannot be read as a schedule: a code, where in the file, and the values to tell."""

    code: str
    where: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code} at {self.where or 'file'} {self.params or ''}".strip()
