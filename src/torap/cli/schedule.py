"""`torap schedule …`: dates and quality of a schedule file, without a database and without a web framework.

A file that cannot be read or scheduled is told on the error stream, with the place and the repair, and the
command ends with code 2. JSON answers are plain data; nothing else is written to the output then.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from torap.cli.answers import Format, FormatOption, emit, tells
from torap.cli.schedule_text import check_sentence, engine_sentence, file_sentence, loss_sentence
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import Row, Schedule, schedule, why
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.quality import Check, assess
from torap.engines.schedule.worktime import moment
from torap.intake.schedules import Loss, ReadSchedule, ScheduleFileError, read_projects, read_schedule
from torap.intake.schedules.losses import Losses
from torap.intake.schedules.write_mspdi import mspdi_of

schedule_app = typer.Typer(help="Dates and quality of a schedule file.", no_args_is_help=True)
told = tells("schedule", {ScheduleFileError: file_sentence, EngineInputError: engine_sentence})
FLOAT_SCALE = 60


class Convention(StrEnum):
    """Whose dates are computed."""

    MSPROJECT = "msproject"
    P6 = "p6"
    TORAP = "torap"


FileArgument = Annotated[Path, typer.Argument(help="a schedule: Torap JSON, Microsoft Project XML, P6 XER")]
ProfileOption = Annotated[
    Convention | None,
    typer.Option(
        "--profile", "-p", help="msproject, p6 or torap; default: of the program that wrote the file"
    ),
]
ProjectOption = Annotated[str, typer.Option("--project", help="which project of an XER file with several")]


@schedule_app.command("dates")
@told
def schedule_dates(
    file: FileArgument,
    profile: ProfileOption = None,
    output: FormatOption = Format.TEXT,
    project: ProjectOption = "",
    reason: Annotated[str, typer.Option("--why", help="tell what drives the start of this activity")] = "",
    write: Annotated[
        Path | None, typer.Option("--write", help="also write the dates as Microsoft Project XML")
    ] = None,
) -> None:
    """Compute start, finish and float of every activity.

    A file with several projects gives the activities of all; --project chooses one.

    Example: torap schedule dates plan.xml --profile msproject --format json
    """
    one = project or write is not None or reason
    read_all = [read_schedule(file, project=project)] if one else read_projects(file)
    computed = [(read, _dates(read, profile)) for read in read_all]
    if write is not None:
        _write(write, computed[0][0].plan, computed[0][1])
    if reason:
        _say_why(computed[0][1], computed[0][0].plan, reason, output)
        return
    if output == Format.JSON:
        emit(_rows_json(computed))
        return
    for read, found in computed:
        _tell_losses(read.losses)
        _table(read.plan, found)


@schedule_app.command("check")
@told
def schedule_check(
    file: FileArgument,
    profile: ProfileOption = None,
    output: FormatOption = Format.TEXT,
    project: ProjectOption = "",
) -> None:
    """Check the quality of a schedule, with the name of every activity that fails; end with 1 when one does.

    Example: torap schedule check plan.xer
    """
    read, found = _computed(file, profile, project)
    checks = assess(read.plan, found)
    if output == Format.JSON:
        emit(
            {
                "losses": [_loss_json(row) for row in read.losses],
                "checks": [_check_json(row) for row in checks],
            }
        )
    else:
        _tell_losses(read.losses)
        console = Console(soft_wrap=True)
        for row in checks:
            console.print(check_sentence(row), markup=False, highlight=False)
    if any(row.passed is False for row in checks):
        raise typer.Exit(code=1)


def _computed(file: Path, profile: Convention | None, project: str) -> tuple[ReadSchedule, Schedule]:
    read = read_schedule(file, project=project)
    return read, _dates(read, profile)


def _dates(read: ReadSchedule, profile: Convention | None) -> Schedule:
    return schedule(read.plan, profile=str(profile) if profile else read.profile)


def _rows_json(computed: list[tuple[ReadSchedule, Schedule]]) -> list[dict[str, Any]]:
    """Rows of every project; where a file holds several, each row says of which it is."""
    rows = []
    for read, found in computed:
        of = {"project": read.plan.name} if len(computed) > 1 else {}
        rows += [{**_row_json(row, name), **of} for row, name in _named(read.plan, found)]
    return rows


def _named(plan: Plan, found: Schedule) -> list[tuple[Row, str]]:
    names = {row.id: row.name for row in plan.activities}
    return [(row, names[row.id]) for row in found.rows.values()]


def _row_json(row: Row, name: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": name,
        "start": moment(row.start).isoformat(timespec="minutes"),
        "finish": moment(row.finish).isoformat(timespec="minutes"),
        "total_float_h": None if row.total_float is None else round(row.total_float / FLOAT_SCALE, 4),
        "critical": row.critical,
    }


def _loss_json(row: Loss) -> dict[str, Any]:
    return {"code": row.code, "where": row.where, "value": row.value, "count": row.count}


def _check_json(row: Check) -> dict[str, Any]:
    return {
        "check": row.code,
        "passed": row.passed,
        "failed": row.failed,
        "of": row.of,
        "value": row.value,
        "limit": row.limit,
        "activities": list(row.names),
    }


def _tell_losses(losses: tuple[Loss, ...]) -> None:
    for row in losses:
        typer.echo(loss_sentence(row), err=True)


def _table(plan: Plan, found: Schedule) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("activity", "name", "start", "finish"):
        table.add_column(title)
    table.add_column("float, h", justify="right")
    table.add_column("")
    for row, name in _named(plan, found):
        slack = "" if row.total_float is None else f"{row.total_float / FLOAT_SCALE:g}"
        start, finish = (f"{moment(at):%Y-%m-%d %H:%M}" for at in (row.start, row.finish))
        table.add_row(row.id, name, start, finish, slack, "critical" if row.critical else "")
    console = Console()
    console.print(table)
    console.print(f"Finish of the plan: {moment(found.finish):%Y-%m-%d %H:%M} ({found.profile.name})")


def _say_why(found: Schedule, plan: Plan, name: str, output: Format) -> None:
    if name not in found.rows:
        raise EngineInputError("activity_unknown", where=name)
    names = {row.id: row.name for row in plan.activities}
    chain = why(found, name)
    if output == Format.JSON:
        emit([{"id": key, "name": names[key], "driver": driver} for key, driver in chain])
        return
    for key, driver in chain:
        row = found.rows[key]
        typer.echo(f"{key}  {names[key]}  starts {moment(row.start):%Y-%m-%d %H:%M}  because of {driver}")


def _write(path: Path, plan: Plan, found: Schedule) -> None:
    losses = Losses()
    data = mspdi_of(plan, found, losses)
    path.write_bytes(data)
    _tell_losses(tuple(losses))
