"""What the commands of `torap schedule` share: arguments, refusals, losses, dates in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from torap.cli.answers import tells
from torap.cli.schedule_text import engine_sentence, file_sentence, loss_sentence, shown
from torap.engines.errors import EngineInputError
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.losses import Loss, ScheduleFileError
from torap.intake.schedules.missing import MissedLimit


def _file(error: Any, asked: Mapping[str, Any]) -> str:
    """The file that was read, for errors of what stands in it; not of an option, nor where it is named."""
    name = shown(asked["file"].name) if "file" in asked else ""
    return f"{name}: " if name and not error.where.startswith("--") and name not in error.where else ""


told = tells("schedule", {ScheduleFileError: file_sentence, EngineInputError: engine_sentence}, _file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """A spread that the file did not give: percent of each duration, and of how many it was assumed."""

    shares: tuple[float, float, float]
    shape: str
    activities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the answer says of the plan itself. `names`, `deadlines`: by the id of the activity, in the
    order of the file; `missed`: limits that its dates without uncertainty do not keep; `finish` of the plan
    by the convention of the file, where it was computed.
    """

    name: str
    profile: str
    losses: tuple[Loss, ...]
    names: Mapping[str, str]
    deadlines: Mapping[str, int]
    missed: tuple[MissedLimit, ...] = ()
    finish: int | None = None


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


def at_text(value: int) -> str:
    """An instant in words."""
    return f"{moment(value):%Y-%m-%d %H:%M}"


def tell_losses(losses: Iterable[Loss]) -> None:
    """Say what was left out, on the error stream."""
    for row in losses:
        typer.echo(loss_sentence(row), err=True)


def wide_console() -> Console:
    """A console of the terminal's width; where there is none, one that does not break lines."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200)
