"""What can be wrong with a facts file: one record per finding, pointing at file, line and field.

A finding holds a stable code and parameters; the sentences in three languages stand in `intake.sentences`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. An error keeps its row (or, without a section, its whole file) out; a warning does not."""

    file: str
    line: int
    code: str
    section: str = ""
    key: str = ""
    field: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: Severity = "error"

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON-able values, for the stored report."""
        values = dataclasses.asdict(self)
        values["params"] = {name: _plain(value) for name, value in self.params.items()}
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Problem:
        """The finding back from a stored report."""
        return cls(**values)


class UnreadableFile(Exception):
    """A file that cannot be read at all: wrong size, encoding or YAML. Carries where and why."""

    def __init__(self, code: str, *, line: int = 1, **params: Any) -> None:
        super().__init__(f"line {line}: {code} {params}")
        self.code = code
        self.line = line
        self.params = params


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if isinstance(value, bool | int | float) or value is None else str(value)
