"""Checks the rows of a load against each other and what is known: references, units, periods, dates, ids.

A failing row is listed with its file, line and field; everything that does not need it still loads.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torap.intake.graph import Graph, Ident
from torap.intake.known import Known
from torap.intake.problems import Problem
from torap.intake.readers.rows import SUBJECT_SECTIONS
from torap.intake.readers.yaml_rows import FactsFile, FileRow
from torap.intake.row_checks import ROW_CHECKS, Finding, Lookup

# Not tables of their own: publishers stand in each source, and what was left out only in the report.
UNSTORED = ("publishers", "left_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """A row fit to be loaded. `resolved` holds what other rows decide: when it was said, the period meant."""

    row: FileRow
    resolved: Mapping[str, Any]
    canonical: Mapping[str, Any]  # JSON-able: equal when two versions of a row say the same
    fingerprint: str

    @property
    def section(self) -> str:
        """The section of the row."""
        return self.row.section

    @property
    def key(self) -> str:
        """The code or id of the row."""
        return self.row.key


@dataclass(slots=True, kw_only=True)
class Checked:
    """The outcome: rows in the order to load them, findings, and how many rows each section has."""

    rows: list[CheckedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    keys: set[Ident] = field(default_factory=set)  # every row written in the files, good or bad

    @property
    def errors(self) -> list[Problem]:
        """The findings that keep rows out."""
        return [p for p in self.problems if p.severity == "error"]

    @property
    def refused(self) -> int:
        """How many rows do not load."""
        return sum(self.counts.values()) - len(self.rows)


def check_files(files: Sequence[FactsFile], known: Known, *, today: dt.date) -> Checked:
    """Check all rows of `files` together. `today`: nothing can have been said later."""
    out = Checked(problems=[problem for file in files for problem in file.problems])
    failed = set().union(*(file.failed for file in files)) if files else set()
    rows = _unique(files, out)
    graph = Graph(rows=rows, known=known, failed=failed - set(rows))
    findings = {ident: graph.link(row) for ident, row in rows.items()}
    bad = {ident for ident, problems in findings.items() if problems}
    out.problems += [problem for problems in findings.values() for problem in problems]
    out.problems += graph.fall(bad)

    resolved = _each_row(graph, bad, out, Lookup(graph, known, today))
    out.problems += graph.fall(bad)
    order, circular = graph.in_order(ident for ident in rows if ident not in bad)
    out.problems += circular
    out.rows = [_checked(row, resolved[row.ident]) for row in order]
    out.problems.sort(key=lambda p: (p.file, p.line, p.field))
    out.keys = set(rows) | failed
    for file in files:
        for section, count in file.counts.items():
            out.counts[section] = out.counts.get(section, 0) + count
    return out


def fingerprint(canonical: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a row."""
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _unique(files: Iterable[FactsFile], out: Checked) -> dict[Ident, FileRow]:
    """The rows by section and key; a second row of a key is refused, as is a code of two kinds of subject."""
    rows: dict[Ident, FileRow] = {}
    owners: dict[str, FileRow] = {}
    for row in (row for file in files for row in file.rows):
        first = rows.get(row.ident)
        if first is None and row.section in SUBJECT_SECTIONS:
            first = owners.setdefault(row.key, row)
            first = None if first is row else first
        if first is None:
            rows[row.ident] = row
            continue
        where = f"{first.file}:{first.line}"
        out.problems.append(row.problem("duplicate_id", value=row.key, first=where, other=first.section))
    return rows


def _each_row(graph: Graph, bad: set[Ident], out: Checked, lookup: Lookup) -> dict[Ident, dict[str, Any]]:
    """Run the checks of each section; adds failing rows to `bad`."""
    resolved: dict[Ident, dict[str, Any]] = defaultdict(dict)
    # Sources first: when a row was said follows from its source's date.
    for ident, row in sorted(graph.rows.items(), key=lambda item: item[0][0] != "sources"):
        out.problems += _languages(row)
        if ident in bad:
            continue
        finding = Finding(row)
        ROW_CHECKS.get(row.section, _nothing)(row.data, finding, lookup)
        out.problems += finding.problems
        resolved[ident] = finding.resolved
        if any(p.severity == "error" for p in finding.problems):
            bad.add(ident)
    return resolved


def _nothing(data: Any, finding: Finding, lookup: Lookup) -> None:
    """Some sections have nothing to check beyond their own fields."""


def _languages(row: FileRow) -> list[Problem]:
    """Warn where a text in three languages stands in a field that keeps one."""
    written = row.node.value
    return [
        row.problem("one_language_kept", name, severity="warning")
        for name in row.data.one_text
        if name in written and isinstance(written[name].value, dict)
    ]


def _checked(row: FileRow, resolved: dict[str, Any]) -> CheckedRow:
    canonical = row.data.model_dump(mode="json", exclude={"origin"}, exclude_defaults=True)
    canonical |= {name: _plain(value) for name, value in resolved.items()}
    if row.invented:
        canonical["invented"] = True
    return CheckedRow(row=row, resolved=resolved, canonical=canonical, fingerprint=fingerprint(canonical))


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_defaults=True)
    return value.isoformat() if isinstance(value, dt.date) else value
