"""`torap facts`: check, load and report facts files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from torap.cli.telling import err, need_tables, out, rooms, tables_ready, told
from torap.common.errors import NotFound
from torap.intake.readers.nodes import MAX_BYTES

facts_app = typer.Typer(
    no_args_is_help=True,
    help="Facts files (format torap-facts/1): check, load, report.",
    rich_markup_mode="rich",
)

SHOWN_DIFFERENCES = 40
SHOWN_PROBLEMS = 200

Files = Annotated[
    list[Path], typer.Argument(help="Facts files (.yaml).", exists=True, dir_okay=False, readable=True)
]
By = Annotated[
    str, typer.Option("--by", help="Account in whose name the rows are written; else the system's.")
]


@facts_app.command("check")
@told
def facts_check(
    files: Files,
    alone: Annotated[
        bool, typer.Option("--alone", help="Check the files by themselves, as if nothing were loaded.")
    ] = False,
) -> None:
    """Check files and list everything wrong with them: file, line, field, repair. Writes nothing.

    What they lean on may stand in the database, if there is one. Exit code 1 when a row would be refused.

    Example: torap facts check my-facts.yaml
    """
    contents = _read(files)
    if alone or not tables_ready():
        today = rooms().localdate()
        preview = rooms().preview.facts_check(contents, today=today)
    else:
        preview = rooms().services.facts_preview(contents)
    _show_problems(preview.problems)
    _show_counts(preview.counts)
    if preview.errors:
        broken = sum(1 for file in preview.files if file.unreadable)
        err.print(
            f"[red]{preview.total('refused')} rows would be refused; {broken} files cannot be read.[/red]"
        )
        raise typer.Exit(1)
    out.print("All rows are sound.")


@facts_app.command("load")
@told
def facts_load(
    files: Files,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and stop.")] = False,
    by: By = "",
) -> None:
    """Show what loading the files would change, ask, and load them in one transaction.

    Rows that fail are listed and kept out; the rest is loaded, and the exit code is 1. Loading a file twice
    changes nothing. A row missing from a newer file deletes nothing.

    Example: torap facts load my-facts.yaml --dry-run
    """
    contents = _read(files)
    need_tables()
    preview = rooms().services.facts_preview(contents)
    _show_preview(preview)
    if preview.nothing_to_do:
        out.print("Nothing to load: everything that is sound is loaded already.")
        raise typer.Exit(1 if preview.errors else 0)
    if dry_run:
        raise typer.Exit(1 if preview.errors else 0)
    if not yes and not typer.confirm("Load?"):
        err.print("Nothing was loaded.")
        raise typer.Exit(2)
    refused = apply_files(contents, expected=preview.sha256, by=by, seen=len(preview.errors))
    raise typer.Exit(1 if refused else 0)


@facts_app.command("country")
@told
def facts_country(by: By = "") -> None:
    """Load the facts shipped for the country of TORAP_COUNTRY.

    Example: torap facts country
    """
    need_tables()
    raise typer.Exit(1 if load_country(by=by) else 0)


@facts_app.command("report")
@told
def facts_report(
    output: Annotated[str, typer.Option("--format", help="text or json")] = "text",
) -> None:
    """What is loaded: rows by section and file, collected entries carried or left out, and the loads so far.

    Example: torap facts report --format json
    """
    if output not in {"text", "json"}:
        err.print(f"--format {output}: choose text or json.")
        raise typer.Exit(2)
    need_tables()
    selectors = rooms().selectors
    carried, loads = selectors.carried(), selectors.load_list()
    if output == "json":
        rows = [
            {"id": one.pk, "at": one.recorded_at.isoformat(), "by": one.recorded_by, "report": one.report}
            for one in loads
        ]
        out.print_json(json.dumps({"carried": asdict(carried), "loads": rows}, ensure_ascii=False))
        return
    _show_carried(carried)
    _show_loads(loads)


def load_country(*, by: str = "") -> int:
    """Load the country's own files; returns how many rows were refused."""
    opened = rooms()
    files = opened.country.country_files(opened.settings.COUNTRY)
    return apply_files(files, by=by)


def apply_files(
    contents: list[tuple[str, bytes]], *, expected: str | None = None, by: str = "", seen: int = 0
) -> int:
    """Load files with a progress bar and tell the outcome; returns how many rows were refused.

    `seen`: refusals already shown, not to be repeated. Warnings are for `check` and for the preview.
    """
    opened = rooms()
    services, selectors = opened.services, opened.selectors
    before = {one.pk for one in selectors.load_list()}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, description="Writing", completed=done, total=total)

        done = services.facts_apply(
            by=_person(by), files=contents, expected_sha256=expected, progress=progress
        )
        if done.pk in before:
            out.print(f"All is loaded already: {done.report['totals']['in_files']} rows.")
            return int(done.report["totals"]["refused"])
        bar.update(task, description="Search index", total=None)
        opened.search.search_refresh(by=opened.system_user())
    _show_problems([p for p in selectors.load_problems(done) if p.severity == "error"][seen:])
    totals = done.report["totals"]
    out.print(
        f"Loaded: {totals['new']} new, {totals['changed']} changed, {totals['corrected']} corrected, "
        f"{totals['unchanged']} as before, {totals['refused']} refused of {totals['in_files']} rows."
    )
    if totals["refused"]:
        err.print("[yellow]The rows listed were refused; everything else was loaded.[/yellow]")
    return int(totals["refused"])


def _read(paths: Iterable[Path]) -> list[tuple[str, bytes]]:
    """Names and contents; of a file that is too large only as much as shows that it is."""
    limit = MAX_BYTES
    contents = []
    for path in paths:
        with path.open("rb") as stream:
            contents.append((path.name, stream.read(limit + 1)))
    return contents


def _person(name: str) -> Any:
    opened = rooms()
    if not name:
        return opened.system_user()
    user = opened.User.objects.filter(username=name).first()
    if user is None:
        raise NotFound("not_found", entity="account", name=name)
    return user


def _show_preview(preview: Any) -> None:
    _show_problems(preview.problems)
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
    _show_counts(preview.counts)


def _value(value: Any) -> str:
    if value is None:
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"


def _show_counts(counts: Iterable[Any]) -> None:
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


def _show_problems(problems: list[Any]) -> None:
    sentences = rooms().sentences
    for problem in problems[:SHOWN_PROBLEMS]:
        where = f"{problem.file}:{problem.line}"
        what = " ".join(part for part in (problem.section, problem.key, problem.field) if part)
        colour = "red" if problem.severity == "error" else "yellow"
        err.print(f"[{colour}]{where}[/{colour}]", end=" ")
        err.print(what, sentences.message(problem), sentences.repair(problem), markup=False, soft_wrap=True)
    if len(problems) > SHOWN_PROBLEMS:
        err.print(f"… and {len(problems) - SHOWN_PROBLEMS} more findings.")


def _show_carried(carried: Any) -> None:
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


def _show_loads(loads: Iterable[Any]) -> None:
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
