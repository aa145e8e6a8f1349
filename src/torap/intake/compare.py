"""What a load would do: each row against its version as last applied, field by field.

What may be edited is changed in place. What was said stays said: a changed claim, promise or report becomes a
correction that names the old one. Other append-only rows cannot be changed at all. An invented row changes no
real one, nor the other way round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from torap.intake.check import UNSTORED, Checked, CheckedRow
from torap.intake.graph import Ident
from torap.intake.problems import Problem
from torap.intake.readers.rows import SECTIONS
from torap.intake.readers.yaml_rows import FactsFile

CORRECTABLE = frozenset({"claims", "promises", "reports"})
APPEND_ONLY = frozenset(
    {
        "money",
        "instruction_events",
        "obstacle_events",
        "evidence",
        "utilities",
        "delivery_links",
        "dropped_links",
        "calendar_edits",
    }
)
# Words both real and invented rows use; a row that says the same again changes nothing.
SHARED = frozenset({"publishers", "regions", "attributes", "left_out"})
State = Literal["new", "changed", "corrected", "unchanged"]


class Applied(Protocol):
    """A row as last applied, as the table of loaded rows remembers it."""

    record_key: Any
    version: Any
    fingerprint: Any
    data: Any
    file_name: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that changes; None stands for an absent value."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row and what loading it would do."""

    row: CheckedRow
    state: State
    applied: Applied | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCount:
    """How many rows of a section are in the files, and what becomes of them."""

    section: str
    in_files: int
    new: int = 0
    changed: int = 0
    corrected: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedRow:
    """A row an earlier version of a file had. Nothing is deleted: it is only told."""

    section: str
    key: str
    file: str


@dataclass(slots=True, kw_only=True)
class Preview:
    """What loading the files would do, with everything that is wrong with them."""

    files: tuple[FactsFile, ...]
    sha256: str
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: list[SectionCount] = field(default_factory=list)
    removed: list[RemovedRow] = field(default_factory=list)

    @property
    def to_apply(self) -> list[Change]:
        """The rows that would be written, in the order to write them."""
        return [change for change in self.changes if change.state != "unchanged"]

    @property
    def nothing_to_do(self) -> bool:
        """True when loading would change nothing."""
        return not self.to_apply

    @property
    def errors(self) -> list[Problem]:
        """The findings that keep rows out."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """The findings that keep nothing out."""
        return [problem for problem in self.problems if problem.severity == "warning"]

    def total(self, name: str) -> int:
        """Sum of one column of `counts`, for example `new` or `refused`."""
        return sum(int(getattr(count, name)) for count in self.counts)


def compare(
    files: Sequence[FactsFile], checked: Checked, applied: Mapping[Ident, Applied], *, sha256: str
) -> Preview:
    """Sort the checked rows into new, changed, corrected, unchanged; note what the files no longer have."""
    preview = Preview(files=tuple(files), sha256=sha256, problems=list(checked.problems))
    superseded = {
        (section, row.data["corrects"]): key
        for (section, key), row in applied.items()
        if row.data.get("corrects")
    }
    for row in checked.rows:
        ident = (row.section, row.key)
        change, problem = _one(row, applied.get(ident))
        if change and change.state == "corrected" and ident in superseded:
            change, problem = None, row.row.problem("corrected_already", by=superseded[ident])
        if change:
            preview.changes.append(change)
        if problem:
            preview.problems.append(problem)
    preview.counts = count(checked.counts, preview.changes)
    names = {file.name for file in files if not file.unreadable}
    preview.removed = [
        RemovedRow(section=section, key=key, file=row.file_name)
        for (section, key), row in sorted(applied.items())
        if row.file_name in names and (section, key) not in checked.keys
    ]
    return preview


def count(in_files: Mapping[str, int], changes: Iterable[Change]) -> list[SectionCount]:
    """Rows by section and fate; a row in the files that no change speaks of was refused."""
    states = Counter((change.row.section, change.state) for change in changes)
    out = []
    for section in SECTIONS:
        if not (total := in_files.get(section, 0)):
            continue
        by_state = {s: states[section, s] for s in ("new", "changed", "corrected", "unchanged")}
        refused = total - sum(by_state.values())
        out.append(SectionCount(section=section, in_files=total, refused=refused, **by_state))
    return out


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The fields whose values differ, nested ones by their path (`name.ru`)."""
    old, new = _flat(before), _flat(after)
    return tuple(
        Difference(field=name, before=old.get(name), after=new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _one(row: CheckedRow, before: Applied | None) -> tuple[Change | None, Problem | None]:
    if before is None:
        return Change(row=row, state="new"), None
    if before.fingerprint == row.fingerprint:
        return Change(row=row, state="unchanged", applied=before), None
    differing = differences(before.data, row.canonical)
    if bool(before.data.get("invented")) != row.row.invented:
        if row.section in SHARED and {one.field for one in differing} == {"invented"}:
            return Change(row=row, state="unchanged", applied=before), None
        return None, row.row.problem("reality_changed", first=before.file_name)
    if row.section in APPEND_ONLY:
        names = ", ".join(one.field for one in differing[:5])
        return None, row.row.problem("append_only_changed", fields=names)
    state: State = "corrected" if row.section in CORRECTABLE else "changed"
    problem = None
    if before.file_name != row.row.file and row.section not in UNSTORED:
        problem = row.row.problem("from_another_file", severity="warning", first=before.file_name)
    return Change(row=row, state=state, applied=before, differences=differing), problem


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            out |= _flat(value, f"{path}{name}.")
        else:
            out[f"{path}{name}"] = value
    return out
