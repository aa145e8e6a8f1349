"""The report of a load: what was in the files, what became of it, and which collected entries are carried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from torap.delivery.selectors import MovedClock
from torap.intake.apply import Outcome
from torap.intake.compare import Change, Preview, count
from torap.intake.readers.row_links import NodesRow

MAX_PROBLEMS = 2000
COLUMNS = ("in_files", "new", "changed", "corrected", "unchanged", "refused")


def report_of(preview: Preview, outcome: Outcome) -> dict[str, Any]:
    """The report as JSON-able values. What the services refused counts as refused."""
    kept = [c for c in preview.changes if (c.row.section, c.row.key) not in outcome.failed]
    in_files = {one.section: one.in_files for one in preview.counts}
    counts = count(in_files, kept)
    problems = [*preview.problems, *outcome.problems]
    return {
        "files": [_file(file, preview.changes) for file in preview.files],
        "sections": [asdict(one) for one in counts],
        "totals": {name: sum(int(getattr(one, name)) for one in counts) for name in COLUMNS},
        "origins": origins_of(kept),
        "problems": [problem.as_dict() for problem in problems[:MAX_PROBLEMS]],
        "problems_in_all": len(problems),
        "removed": [asdict(row) for row in preview.removed],
        "clocks": [_clock(row) for row in outcome.clocks],
    }


def reasons_of(outcome: Outcome) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each thing written about, the rows that were: `instruction_events I-1.closed (report.yaml:12)`."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for change, _place in outcome.done:
        row = change.row.row
        where = f"{row.section} {row.key} ({row.file}:{row.line})"
        for name in _SPEAKS_OF:
            if code := getattr(row.data, name, None):
                found[name, code].append(where)
        if isinstance(row.data, NodesRow):
            kind, _colon, code = row.data.after.partition(":")
            found[kind, code].append(where)
        if row.section in ("milestones", "instructions", "obstacles"):
            found[row.section.removesuffix("s"), row.key].append(where)
    for clock in outcome.clocks:
        found["instruction", clock.key] += [day.isoformat() for day in clock.because]
    return {key: tuple(dict.fromkeys(rows)) for key, rows in found.items()}


_SPEAKS_OF = ("milestone", "instruction", "obstacle")


def _clock(row: MovedClock) -> dict[str, Any]:
    """A clock that edits of the calendar moved: from when to when, and because of which days."""
    return {
        "instruction": row.key,
        "step": row.step,
        "from": row.was_due.isoformat(),
        "to": row.is_due.isoformat(),
        "days": row.days,
        "because": [day.isoformat() for day in row.because],
    }


def origins_of(changes: Iterable[Change]) -> dict[str, Any]:
    """How many entries of the collected material the rows carry, and which were left out and why."""
    rows = [(c.row.section, tuple(c.row.row.data.origin), c.row.canonical) for c in changes]
    return origin_counts(rows)


def origin_counts(rows: Iterable[tuple[str, Iterable[str], Mapping[str, Any]]]) -> dict[str, Any]:
    """The same from (section, origin, data): each entry counts once, however many rows carry it."""
    carried: set[str] = set()
    left_out: dict[str, str] = {}
    for section, origin, data in rows:
        if section == "left_out":
            left_out |= dict.fromkeys(origin, str(data.get("why", "")))
        else:
            carried |= set(origin)
    return {"carried": len(carried), "left_out": dict(sorted(left_out.items()))}


def _file(file: Any, changes: Iterable[Change]) -> dict[str, Any]:
    title = file.title.model_dump() if file.title else {"en": file.name, "ru": "", "kk": ""}
    return {
        "name": file.name,
        "sha256": file.sha256,
        "title": title,
        "invented": file.invented,
        "rows": sum(file.counts.values()),
        "fit": sum(1 for change in changes if change.row.row.file == file.name),
    }
