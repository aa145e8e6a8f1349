"""What the facts commands print: findings, differences, counts and what moves, as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rich.table import Table

from torap.cli.telling import err, out, rooms

SHOWN_DIFFERENCES = 40
SHOWN_PROBLEMS = 200
SHOWN_MOVES = 60


def emit(data: Any) -> None:
    """Print plain data as JSON."""
    out.print(json.dumps(data, ensure_ascii=False, indent=1, default=str), soft_wrap=True, markup=False)


def preview_json(preview: Any) -> dict[str, Any]:
    """What loading would do: totals, findings with their sentences, and the rows that differ."""
    sentences = rooms().sentences
    totals = ("in_files", "new", "changed", "corrected", "unchanged", "refused")
    return {
        "sha256": preview.sha256,
        "totals": {name: preview.total(name) for name in totals},
        "problems": [
            {**one.as_dict(), "message": sentences.message(one), "repair": sentences.repair(one)}
            for one in preview.problems
        ],
        "changes": [_change_json(change) for change in preview.changes if change.state != "unchanged"],
        "removed": [{"section": r.section, "key": r.key, "file": r.file} for r in preview.removed],
    }


def _change_json(change: Any) -> dict[str, Any]:
    fields = [{"field": d.field, "before": d.before, "after": d.after} for d in change.differences]
    row = change.row.row
    where = {"file": row.file, "line": row.line}
    return {"section": row.section, "key": row.key, "state": change.state, **where, "differences": fields}


def moved_json(tried: Any) -> dict[str, Any]:
    """What a load moves; `calendar_clocks`: the running clocks that edits of the calendar alone move."""
    clocks = [
        {"instruction": c.key, "step": c.step, "from": c.was_due, "to": c.is_due, "because": list(c.because)}
        for c in tried.clocks
    ]
    return {"moved": rooms().moved.moved_json(tried.moves), "calendar_clocks": clocks}


def show_moved(moves: Any, title: str) -> None:
    """What a load moves: clocks, statuses, promises, contradictions, lines of the situation."""
    if not moves:
        return
    out.print(f"[bold]{title}[/bold]")
    left = SHOWN_MOVES
    for group in rooms().moved.moved_groups(moves):
        for number, line in enumerate(group.lines[: max(left, 0)]):
            if not number:
                out.print(f" {group.title}", markup=False)
            out.print(f"  {line.as_text()}", soft_wrap=True, markup=False)
        left -= len(group.lines)
    if left < 0:
        out.print(f"  … and {-left} more; --format json lists them all.")


def show_preview(preview: Any) -> None:
    """Everything found and everything that would change."""
    show_problems(preview.problems)
    changed = [change for change in preview.changes if change.differences]
    for change in changed[:SHOWN_DIFFERENCES]:
        word = "corrected" if change.state == "corrected" else "changed"
        out.print(f"[bold]{change.row.section} {change.row.key}[/bold] ({word})", soft_wrap=True)
        for one in change.differences:
            out.print(
                f"  {one.field}: {_value(one.before)} → {_value(one.after)}", soft_wrap=True, markup=False
            )
    if len(changed) > SHOWN_DIFFERENCES:
        out.print(f"… and {len(changed) - SHOWN_DIFFERENCES} more rows that differ.")
    for row in preview.removed[:SHOWN_DIFFERENCES]:
        out.print(f"No longer in {row.file}: {row.section} {row.key} (stays as it is)", soft_wrap=True)
    if len(preview.removed) > SHOWN_DIFFERENCES:
        out.print(f"… and {len(preview.removed) - SHOWN_DIFFERENCES} more rows no longer in their file.")
    show_counts(preview.counts)


def _value(value: Any) -> str:
    if value is None:
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"


def show_counts(counts: Iterable[Any]) -> None:
    """Rows by section and fate."""
    rows = list(counts)
    if not rows:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("section")
    for name in ("in files", "new", "changed", "corrected", "as before", "refused"):
        table.add_column(name, justify="right")
    for one in rows:
        numbers = (one.in_files, one.new, one.changed, one.corrected, one.unchanged, one.refused)
        table.add_row(one.section, *(str(number) if number else "·" for number in numbers))
    out.print(table)


def show_problems(problems: list[Any]) -> None:
    """Findings with file, line, field and repair, on the error stream."""
    sentences = rooms().sentences
    for problem in problems[:SHOWN_PROBLEMS]:
        where = f"{problem.file}:{problem.line}"
        what = " ".join(part for part in (problem.section, problem.key, problem.field) if part)
        colour = "red" if problem.severity == "error" else "yellow"
        err.print(f"[{colour}]{where}[/{colour}]", end=" ")
        err.print(what, sentences.message(problem), sentences.repair(problem), markup=False, soft_wrap=True)
    if len(problems) > SHOWN_PROBLEMS:
        err.print(f"… and {len(problems) - SHOWN_PROBLEMS} more findings.")


def show_carried(carried: Any) -> None:
    """What is loaded so far."""
    table = Table("section", "rows", box=None, pad_edge=False)
    for section, number in carried.rows_by_section.items():
        table.add_row(section, str(number))
    out.print(table)
    files = ", ".join(f"{name} {number}" for name, number in carried.rows_by_file.items())
    out.print(f"Files: {files or 'none'}", soft_wrap=True)
    out.print(
        f"{carried.rows} rows, corrected {carried.corrections} times. They carry {carried.origins_carried} "
        f"collected entries; {len(carried.left_out)} were left out.",
        soft_wrap=True,
    )
    for origin, why in carried.left_out.items():
        out.print(f"  left out {origin}: {why}", markup=False, soft_wrap=True)


def show_loads(loads: Iterable[Any]) -> None:
    """The loads so far."""
    table = Table(
        "load", "at", "by", "files", "new", "changed", "corrected", "refused", box=None, pad_edge=False
    )
    for one in loads:
        totals = one.report.get("totals", {})
        table.add_row(
            str(one.pk),
            f"{one.recorded_at:%Y-%m-%d %H:%M}",
            one.recorded_by,
            str(len(one.report.get("files", []))),
            *(str(totals.get(name, 0)) for name in ("new", "changed", "corrected", "refused")),
        )
    out.print(table)
