"""How commands of the engines answer: text or JSON, errors as one sentence. No database, no Django."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

P = ParamSpec("P")
R = TypeVar("R")


class Format(StrEnum):
    """How a command answers."""

    TEXT = "text"
    JSON = "json"


class TableFormat(StrEnum):
    """How a command answers whose answer is a table."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


TableOption = Annotated[TableFormat, typer.Option("--format", "-f", help="text, json or csv")]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="text or json")]


def emit(data: Any) -> None:
    """Print plain data as JSON."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def tells(
    name: str,
    sentences: Mapping[type[Exception], Callable[[Any], str]],
    about: Callable[[Exception, Mapping[str, Any]], str] = lambda error, asked: "",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For commands of `torap <name>`: say errors of these kinds on the error stream and end with code 2.

    `about`: what comes before the sentence, such as the file at fault, from the error and what was asked.
    """

    def told(command: Callable[P, R]) -> Callable[P, R]:
        @wraps(command)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return command(*args, **kwargs)
            except tuple(sentences) as error:
                say = next(say for kind, say in sentences.items() if isinstance(error, kind))
                typer.echo(f"torap {name}: {about(error, kwargs)}{say(error)}", err=True)
                raise typer.Exit(code=2) from error

        return run

    return told
