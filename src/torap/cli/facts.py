"""`torap facts`: check, load and report facts files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from torap.cli.facts_print import (
    emit,
    moved_json,
    preview_json,
    show_carried,
    show_counts,
    show_loads,
    show_moved,
    show_preview,
    show_problems,
)
from torap.cli.telling import err, need_tables, out, rooms, tables_ready, told
from torap.common.errors import NotFound
from torap.intake.readers.nodes import MAX_BYTES

facts_app = typer.Typer(
    no_args_is_help=True,
    help="Facts files (format torap-facts/1): check, load, report.",
    rich_markup_mode="rich",
)

Files = Annotated[
    list[Path], typer.Argument(help="Facts files (.yaml).", exists=True, dir_okay=False, readable=True)
]
By = Annotated[
    str, typer.Option("--by", help="Account in whose name the rows are written; else the system's.")
]

Output = Annotated[str, typer.Option("--format", help="text or json")]


@facts_app.command("check")
@told
def facts_check(
    files: Files,
    alone: Annotated[
        bool, typer.Option("--alone", help="Check the files by themselves, as if nothing were loaded.")
    ] = False,
    output: Output = "text",
) -> None:
    """Check files and list everything wrong with them: file, line, field, repair. Writes nothing.

    What they lean on may stand in the database, if there is one. Exit code 1 when a row would be refused.

    Example: torap facts check my-facts.yaml
    """
    _text_or_json(output)
    contents, opened = _read(files), rooms()
    if alone or not tables_ready():
        preview = opened.preview.facts_check(contents, today=opened.localdate())
    else:
        by = opened.system_user()
        preview = _working("Trying", lambda hear: _trial(by, contents, hear)).preview
    if output == "json":
        emit(preview_json(preview))
        raise typer.Exit(1 if preview.errors else 0)
    show_problems(preview.problems)
    show_counts(preview.counts)
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
    output: Output = "text",
) -> None:
    """Show what loading the files would change and move, ask, and load them in one transaction.

    Rows that fail are listed and kept out; the rest is loaded, and the exit code is 1. Loading a file twice
    changes nothing. A row missing from a newer file deletes nothing.

    Example: torap facts load my-facts.yaml --dry-run
    """
    _text_or_json(output)
    if output == "json" and not (yes or dry_run):
        err.print("--format json asks nothing: add --yes to load, or --dry-run to look.")
        raise typer.Exit(2)
    contents = _read(files)
    need_tables()
    person = _person(by)
    tried = _working("Trying", lambda hear: _trial(person, contents, hear))
    preview, refused = tried.preview, len(tried.preview.errors)
    loading = not dry_run and not preview.nothing_to_do
    if output == "json":
        load = _apply(person, contents, preview.sha256)[0] if loading else None
        emit({**preview_json(preview), **moved_json(tried), "loaded": load.pk if load else None})
        raise typer.Exit(1 if refused else 0)
    show_preview(preview)
    show_moved(tried.moves, "What would move")
    if preview.nothing_to_do:
        out.print("Nothing to load: everything that is sound is loaded already.")
    elif loading:
        if not yes and not typer.confirm("Load?"):
            err.print("Nothing was loaded.")
            raise typer.Exit(2)
        refused = apply_files(contents, expected=preview.sha256, by=by, seen=refused)
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
    output: Output = "text",
) -> None:
    """What is loaded: rows by section and file, collected entries carried or left out, and the loads so far.

    Example: torap facts report --format json
    """
    _text_or_json(output)
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
    show_carried(carried)
    show_loads(loads)


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
    done, fresh = _apply(_person(by), contents, expected)
    totals = done.report["totals"]
    if not fresh:
        out.print(f"All is loaded already: {totals['in_files']} rows.")
        return int(totals["refused"])
    opened = rooms()
    show_problems([p for p in opened.selectors.load_problems(done) if p.severity == "error"][seen:])
    out.print(
        f"Loaded: {totals['new']} new, {totals['changed']} changed, {totals['corrected']} corrected, "
        f"{totals['unchanged']} as before, {totals['refused']} refused of {totals['in_files']} rows."
    )
    show_moved(opened.services.moves_of(done), "What moved")
    if totals["refused"]:
        err.print("[yellow]The rows listed were refused; everything else was loaded.[/yellow]")
    return int(totals["refused"])


def _apply(by: Any, contents: list[tuple[str, bytes]], expected: str | None) -> tuple[Any, bool]:
    """The load, and whether it is a new one: the same files once more give the earlier load."""
    opened = rooms()
    before = {one.pk for one in opened.selectors.load_list()}

    def work(hear: Callable[..., None]) -> Any:
        hear("Reading", None, None)
        done = opened.services.facts_apply(
            by=by, files=contents, expected_sha256=expected, progress=partial(hear, "Writing")
        )
        if done.pk not in before:
            hear("Search index", None, None)
            opened.search.search_refresh(by=opened.system_user())
        return done

    done = _working("Loading", work)
    return done, done.pk not in before


def _trial(by: Any, contents: list[tuple[str, bytes]], hear: Callable[..., None]) -> Any:
    return rooms().services.facts_trial(by=by, files=contents, progress=partial(hear, "Trying"))


def _working(words: str, work: Callable[[Callable[..., None]], Any]) -> Any:
    """Call `work` under a progress bar on the error stream; `work` is given what hears of its progress."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(words, total=None)

        def hear(step: str, done: int | None, total: int | None) -> None:
            bar.update(task, description=step, completed=done or 0, total=total)

        return work(hear)


def _text_or_json(output: str) -> None:
    if output not in {"text", "json"}:
        err.print(f"--format {output}: choose text or json.")
        raise typer.Exit(2)


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
