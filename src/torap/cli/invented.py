"""`torap invented`: the invented national network, to try the product at a nation's size.

Its rows stay for ever, like all rows. To be rid of them later, load it into a home of its own.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from torap.cli.answers import Format, FormatOption, emit
from torap.cli.telling import err, need_tables, out, rooms, told
from torap.countries.invention.shape import Size
from torap.engines.errors import EngineInputError

invented_app = typer.Typer(
    no_args_is_help=True,
    help="The invented national network: labelled so everywhere, in no real total.",
)

Projects = Annotated[int, typer.Option("--projects", help="How many projects.")]
Activities = Annotated[int, typer.Option("--activities", help="Activities in each schedule.")]
Links = Annotated[
    int | None, typer.Option("--links", help="Links between projects; by default six for each.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Another seed is another network.")]


@invented_app.command("load")
@told
def invented_load(
    projects: Projects = 1_000,
    activities: Activities = 50,
    links: Links = None,
    seed: Seed = 1,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Load it: bodies, places, projects with money, promises and their moves, instructions, links, schedules.

    Loading the same once more changes nothing. Nothing is ever deleted: use a home of its own to throw away.

    A new home needs its tables first: `torap seed` makes them and loads the country's facts.

    Example: TORAP_HOME=var/invented torap seed && TORAP_HOME=var/invented torap invented load --yes
    """
    size = _size(projects, activities, links, seed)
    need_tables()
    opened = rooms()
    if not yes and not typer.confirm(f"Load {projects} invented projects into {opened.settings.HOME}?"):
        err.print("Nothing was loaded.")
        raise typer.Exit(2)
    begun = time.monotonic()
    done = _loaded(opened, size)
    if output is Format.JSON:
        emit(asdict(done))
    else:
        out.print(
            f"Loaded: {done.rows} rows ({done.refused} refused), {done.schedules_new} of {done.schedules} "
            f"schedules new, in {time.monotonic() - begun:.0f} s.",
            soft_wrap=True,
        )
    raise typer.Exit(1 if done.refused else 0)


@invented_app.command("write")
@told
def invented_write(
    folder: Annotated[Path, typer.Argument(help="Folder for the files.", file_okay=False)],
    projects: Projects = 1_000,
    activities: Activities = 50,
    seed: Seed = 1,
) -> None:
    """Write it as files: facts files and one schedule for each project, without a database.

    Example: torap invented write /tmp/network --projects 20
    """
    size = _size(projects, activities, 0, seed)
    opened = rooms()
    count = opened.invented.write_files(folder, size, opened.settings.COUNTRY)
    out.print(f"Wrote {count} files into {folder}.", soft_wrap=True)


def _size(projects: int, activities: int, links: int | None, seed: int) -> Size:
    try:
        wanted = 6 * projects if links is None else links
        return Size(projects=projects, activities=activities, links=wanted, seed=seed)
    except EngineInputError as error:
        low, high = error.params["low"], error.params["high"]
        limits = f"{low} or more" if high is None else f"{low} to {high}"
        err.print(f"--{error.where} {error.params['value']}: give {limits}.", markup=False)
        raise typer.Exit(2) from None


def _loaded(opened: Any, size: Size) -> Any:
    """The load under a progress bar, and the search index after it."""
    by = opened.system_user()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("Loading", total=None)
        hear = partial(_hear, bar, task)
        done = opened.invented.invented_load(by=by, size=size, country=opened.settings.COUNTRY, progress=hear)
        hear("search index", 0, 1)
        opened.search.search_refresh(by=by)
    return done


def _hear(bar: Progress, task: Any, what: str, done: int, total: int) -> None:
    bar.update(task, description=f"Loading: {what}", completed=done, total=total)
