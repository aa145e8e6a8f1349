"""Which row leans on which: references over all files, what falls with a bad row, the order to load in.

The order of files and of rows in them does not matter: rows are sorted by what they refer to.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from torap.intake.known import SUBJECTS, Known
from torap.intake.problems import Problem
from torap.intake.readers.row_links import NodesRow, named_by
from torap.intake.readers.rows import SECTIONS, SUBJECT_SECTIONS
from torap.intake.readers.yaml_rows import FileRow, nearest

Ident = tuple[str, str]
Path = tuple[str | int, ...]
MAX_SUGGESTIONS = 50
_RANK = {section: rank for rank, section in enumerate(SECTIONS)}


@dataclass(slots=True)
class Graph:
    """The rows of a load by section and key, and their references to one another."""

    rows: dict[Ident, FileRow]
    known: Known
    failed: set[Ident] = field(default_factory=set)  # rows that could not even be read
    needs: dict[Ident, set[Ident]] = field(default_factory=lambda: defaultdict(set))
    _leans: dict[Ident, list[tuple[FileRow, Path, str]]] = field(default_factory=lambda: defaultdict(list))
    _suggested: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, section: str, code: str) -> FileRow | None:
        """The row of this load a reference names, if it is in the load."""
        return next((self.rows[s, code] for s in _sections(section) if (s, code) in self.rows), None)

    def link(self, row: FileRow) -> list[Problem]:
        """Resolve the references of a row: notes what it needs, returns what it names in vain."""
        problems = []
        for path, section, code in references(row):
            idents = [(s, code) for s in _sections(section)]
            target = next((i for i in idents if i in self.rows or i in self.failed), None)
            held = self.known.has(section, code)
            if target == row.ident:
                problems.append(row.problem("refers_to_itself", *path, value=code))
            elif target is not None:
                if path[0] not in row.data.soft:
                    self.needs[row.ident].add(target)
                if not held:
                    self._leans[target].append((row, path, code))
            elif not held:
                hint = self._nearest(section, code)
                params = {"value": code, "target": section, "nearest": hint}
                problems.append(row.problem("unknown_reference", *path, **params))
        return problems

    def fall(self, bad: set[Ident]) -> list[Problem]:
        """Add to `bad` every row that needs a bad one the database does not hold; a finding for each."""
        problems: list[Problem] = []
        waiting = list(bad | self.failed)
        while waiting:
            fallen = waiting.pop()
            for row, path, code in self._leans.get(fallen, ()):
                if row.ident not in bad:
                    problems.append(row.problem("depends_on_failed", *path, value=code, target=fallen[0]))
                    bad.add(row.ident)
                    waiting.append(row.ident)
        return problems

    def in_order(self, idents: Iterable[Ident]) -> tuple[list[FileRow], list[Problem]]:
        """The rows sorted so that each comes after those it needs; rows in a circle are refused."""
        chosen = set(idents)
        open_needs = {ident: len(self.needs.get(ident, set()) & chosen) for ident in chosen}
        waiting_for: dict[Ident, list[Ident]] = defaultdict(list)
        for ident in chosen:
            for need in self.needs.get(ident, set()) & chosen:
                waiting_for[need].append(ident)
        ready = [self._place(ident) for ident in chosen if not open_needs[ident]]
        heapq.heapify(ready)
        order: list[FileRow] = []
        while ready:
            ident = heapq.heappop(ready)[-1]
            order.append(self.rows[ident])
            for dependent in waiting_for[ident]:
                open_needs[dependent] -= 1
                if not open_needs[dependent]:
                    heapq.heappush(ready, self._place(dependent))
        stuck = {ident for ident, count in open_needs.items() if count}
        return order, self._circle(stuck, waiting_for) if stuck else []

    def _circle(self, stuck: set[Ident], waiting_for: dict[Ident, list[Ident]]) -> list[Problem]:
        """Findings for rows that could not be placed: those in the circle, those that need one of them."""
        circle = set(stuck)
        while outer := {i for i in circle if not any(d in circle for d in waiting_for[i])}:
            circle -= outer
        names = ", ".join(key for _section, key in sorted(circle)[:5])
        problems = [self.rows[ident].problem("circular_reference", names=names) for ident in sorted(circle)]
        for ident in sorted(stuck - circle):
            need = min(self.needs[ident] & stuck)
            problems.append(self.rows[ident].problem("depends_on_failed", value=need[1], target=need[0]))
        return problems

    def _place(self, ident: Ident) -> tuple[int, str, int, Ident]:
        row = self.rows[ident]
        return _RANK[ident[0]], row.file, row.line, ident

    def _nearest(self, section: str, code: str) -> str:
        """A suggestion for a name that is not known. Searching is slow, so only the first few get one."""
        asked = (section, code)
        if asked not in self._suggested:
            names = {key for s, key in self.rows if s in _sections(section)} | self.known.all_codes(section)
            enough = len(self._suggested) >= MAX_SUGGESTIONS
            self._suggested[asked] = "" if enough else nearest(code, names)
        return self._suggested[asked]


def _sections(section: str) -> tuple[str, ...]:
    return SUBJECT_SECTIONS if section == SUBJECTS else (section,)


def references(row: FileRow) -> Iterator[tuple[Path, str, str]]:
    """Every reference of a row: path of the field, section it names, code."""
    for spec, section in row.data.refs:
        for path, value in _values(row.data, spec.split("."), ()):
            if value:
                yield path, section, str(value)
    if isinstance(row.data, NodesRow):
        for name, written in row.data.nodes:
            section, code = named_by(getattr(row.data, name))
            yield (written,), section, code


def _values(value: Any, steps: list[str], path: Path) -> Iterator[tuple[Path, Any]]:
    if not steps:
        yield path, value
        return
    name = steps[0].removesuffix("[]")
    inner = getattr(value, name)
    if not steps[0].endswith("[]"):
        yield from _values(inner, steps[1:], (*path, name))
        return
    for index, item in enumerate(inner):
        yield from _values(item, steps[1:], (*path, name, index))
