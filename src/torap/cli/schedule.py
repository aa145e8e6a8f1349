"""`torap schedule …`: dates, quality, risk and exchange of a schedule file, without a database and without a
web framework.

A file that cannot be read or scheduled is told on the error stream, with the place and the repair, and the
command ends with code 2. JSON answers are plain data; nothing else is written to the output then.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from torap.cli.answers import TableFormat, TableOption, emit
from torap.cli.schedule_base import (
    Convention,
    FileArgument,
    ProfileOption,
    ProjectOption,
    at_text,
    tell_losses,
    told,
    wide_console,
)
from torap.cli.schedule_missed import missed_json, tell_missed
from torap.cli.schedule_risk import schedule_risk
from torap.cli.schedule_text import check_sentence, shown
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import Row, Schedule, schedule, why
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.quality import Check, assess
from torap.engines.schedule.worktime import moment
from torap.intake.schedules import Loss, ReadSchedule, ScheduleFileError, read_projects, read_schedule
from torap.intake.schedules.constraints import not_used
from torap.intake.schedules.losses import Losses
from torap.intake.schedules.missing import missed_limits
from torap.intake.schedules.naming import naming
from torap.intake.schedules.write_json import json_of
from torap.intake.schedules.write_mspdi import mspdi_of, tell_uncertainty
from torap.publish.cells import harmless

schedule_app = typer.Typer(help="Dates, quality and risk of a schedule file.", no_args_is_help=True)
schedule_app.command("risk")(schedule_risk)
FLOAT_SCALE = 60


@schedule_app.command("dates")
@told
def schedule_dates(
    file: FileArgument,
    profile: ProfileOption = None,
    output: TableOption = TableFormat.TEXT,
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
    if write is not None:
        _check_other(file, write)
    one = project or write is not None or reason
    read_all = [read_schedule(file, project=project)] if one else read_projects(file)
    computed = [(read, _dates(read, profile)) for read in read_all]
    if write is not None:
        _write(write, *computed[0])
    if reason:
        _say_why(computed[0][1], computed[0][0].plan, reason, output)
        return
    if output != TableFormat.TEXT:
        _emit_rows(_rows_json(computed), output)
    for read, found in computed:
        if output == TableFormat.TEXT:
            tell_losses(_all_losses(read, found))
            _table(read.plan, found)
        tell_missed(missed_limits(read, found))


@schedule_app.command("why")
@told
def schedule_why(
    file: FileArgument,
    activity: Annotated[str, typer.Argument(help="the id of an activity")],
    profile: ProfileOption = None,
    output: TableOption = TableFormat.TEXT,
    project: ProjectOption = "",
) -> None:
    """Tell why an activity starts when it does: the chain of links and dates that drive it, back to a date.

    Example: torap schedule why plan.xer A1040
    """
    read, found = _computed(file, profile, project)
    _say_why(found, read.plan, activity, output)


@schedule_app.command("check")
@told
def schedule_check(
    file: FileArgument,
    profile: ProfileOption = None,
    output: TableOption = TableFormat.TEXT,
    project: ProjectOption = "",
) -> None:
    """Check the quality of a schedule, with the name of every activity that fails; end with 1 when one does.

    Example: torap schedule check plan.xer
    """
    read, found = _computed(file, profile, project)
    checks = assess(read.plan, found)
    losses, missed = _all_losses(read, found), missed_limits(read, found)
    if output == TableFormat.JSON:
        emit(
            {
                "losses": [row.data() for row in losses],
                "missed": [missed_json(row) for row in missed],
                "checks": [_check_json(row) for row in checks],
            }
        )
    elif output == TableFormat.CSV:
        tell_missed(missed)
        _emit_csv([{**row, "activities": "; ".join(row["activities"])} for row in map(_check_json, checks)])
    else:
        tell_losses(losses)
        tell_missed(missed)
        console = Console(soft_wrap=True)
        for row in checks:
            console.print(shown(check_sentence(row)), markup=False, highlight=False)
    if any(row.passed is False for row in checks):
        raise typer.Exit(code=1)


@schedule_app.command("convert")
@told
def schedule_convert(
    file: FileArgument,
    out: Annotated[Path, typer.Argument(help="where to write: a name that ends in .xml or in .json")],
    profile: ProfileOption = None,
    project: ProjectOption = "",
) -> None:
    """Write a schedule as Microsoft Project XML or as Torap JSON, and tell what was lost in reading it and in
    writing it. Torap JSON loses nothing and carries the uncertainty; the file is there whole or not at all.

    Example: torap schedule convert plan.xer plan.xml
    """
    if out.suffix.lower() not in {".xml", ".json"}:
        raise ScheduleFileError("cannot_write", where=shown(out.name))
    _check_other(file, out)
    read, found = _computed(file, profile, project)
    tell_losses(_all_losses(read, found))
    if out.suffix.lower() == ".json":
        _put(out, json_of(read.risk, profile=found.profile.name).encode())
    else:
        _write(out, read, found)


def _computed(file: Path, profile: Convention | None, project: str) -> tuple[ReadSchedule, Schedule]:
    read = read_schedule(file, project=project)
    return read, _dates(read, profile)


def _dates(read: ReadSchedule, profile: Convention | None) -> Schedule:
    with naming(read):
        return schedule(read.plan, profile=str(profile) if profile else read.profile)


def _rows_json(computed: list[tuple[ReadSchedule, Schedule]]) -> list[dict[str, Any]]:
    """Rows of every project; where a file holds several, each row says of which it is."""
    rows = []
    for read, found in computed:
        of = {"project": read.plan.name} if len(computed) > 1 else {}
        rows += [{**_row_json(row, name), **of} for row, name in _named(read.plan, found)]
    return rows


def _all_losses(read: ReadSchedule, found: Schedule) -> tuple[Loss, ...]:
    """What reading left out, and what the convention does not use."""
    return (*read.losses, *not_used(read.plan, found.profile.name))


def _emit_rows(rows: list[dict[str, Any]], output: TableFormat) -> None:
    """Rows that all have the same fields, as JSON or as CSV."""
    if output == TableFormat.CSV:
        _emit_csv(rows)
    else:
        emit(rows)


def _emit_csv(rows: list[dict[str, Any]]) -> None:
    """One line per row, with the names of the fields above; true and false as JSON writes them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows[0] if rows else ())
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    typer.echo(out.getvalue(), nl=False)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return harmless(value) if isinstance(value, str) else value


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


def _table(plan: Plan, found: Schedule) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("activity", "name", "start", "finish"):
        table.add_column(title)
    table.add_column("float, h", justify="right")
    table.add_column("")
    for row, name in _named(plan, found):
        slack = "" if row.total_float is None else f"{row.total_float / FLOAT_SCALE:g}"
        cells = (row.id, name, at_text(row.start), at_text(row.finish), slack)
        table.add_row(*(Text(shown(cell)) for cell in cells), "critical" if row.critical else "")
    console = wide_console()
    console.print(table)
    console.print(f"Finish of the plan: {at_text(found.finish)} ({found.profile.name})")


def _say_why(found: Schedule, plan: Plan, name: str, output: TableFormat) -> None:
    if name not in found.rows:
        raise EngineInputError("activity_unknown", where=name)
    names = {row.id: row.name for row in plan.activities}
    chain = why(found, name)
    if output != TableFormat.TEXT:
        rows = [(key, driver, found.rows[key]) for key, driver in chain]
        _emit_rows([{"driver": driver, **_row_json(row, names[key])} for key, driver, row in rows], output)
        return
    for key, driver in chain:
        start = at_text(found.rows[key].start)
        typer.echo(shown(f"{key}  {names[key]}  starts {start}  because of {driver}"))


def _write(path: Path, read: ReadSchedule, found: Schedule) -> None:
    losses = Losses()
    data = mspdi_of(read.plan, found, losses)
    tell_uncertainty(read.risk, losses)
    _put(path, data)
    tell_losses(tuple(losses))


def _check_other(file: Path, out: Path) -> None:
    """Refuse to write over the schedule that is read."""
    try:
        same = file.samefile(out)
    except (OSError, ValueError):  # one of them is not there
        return
    if same:
        raise ScheduleFileError("same_file", where=shown(str(out)))


def _put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".torap-")
    except OSError as error:
        raise _cannot_write(path, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o666 & ~_mask())
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _cannot_write(path, error) from None


def _mask() -> int:
    """The mask of this process for new files."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _cannot_write(path: Path, error: OSError) -> ScheduleFileError:
    return ScheduleFileError("cannot_save", where=shown(str(path)), params={"reason": error.strerror or ""})
