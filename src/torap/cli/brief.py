"""`torap brief`: the situation at the command line, for people and for other programs."""

from __future__ import annotations

import json
from typing import Annotated, cast

import typer

from torap.cli.telling import err, need_tables, out, rooms, told
from torap.rules.known import AsKnown, Clock

FORMATS = ("text", "json", "md")
LANGUAGES = ("en", "ru", "kk")


@told
def brief_command(
    output: Annotated[str, typer.Option("--format", help="text, json or md")] = "text",
    as_of: Annotated[str, typer.Option("--as-of", help="Day, YYYY-MM-DD: the country as known then.")] = "",
    lang: Annotated[str, typer.Option("--lang", help="en, ru or kk")] = "en",
    clock: Annotated[
        str, typer.Option("--clock", help="said: when the world could know; recorded: when it was stored.")
    ] = "said",
) -> None:
    """Say what is late, what falls due, what moved, whose turn it is, and what is not known.

    Example: torap brief --as-of 2025-11-26 --lang kk
    """
    _one_of("--format", output, FORMATS)
    _one_of("--lang", lang, LANGUAGES)
    _one_of("--clock", clock, ("said", "recorded"))
    need_tables()
    opened = rooms()
    day, wrong = opened.day_asked(as_of, opened.localdate())
    if wrong == "not_a_day":
        err.print(f"--as-of {as_of}: no such day; write YYYY-MM-DD, for example 2025-11-26.", markup=False)
        raise typer.Exit(2)
    if wrong:
        words = f"--as-of {as_of} has not come yet: this is the country as known today, {day}."
        err.print(words, markup=False, soft_wrap=True)
    brief = opened.brief
    with opened.override(lang):
        found = opened.delivery.situation(AsKnown(day, cast(Clock, clock)))
        if output == "json":
            data = {"language": lang, **brief.brief_data(found)}
            out.print(json.dumps(data, ensure_ascii=False, indent=1), soft_wrap=True, markup=False)
            return
        words = brief.brief_text(found) if output == "text" else brief.brief_markdown(found)
        out.print(words, soft_wrap=True, markup=False, end="")


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        err.print(f"{option} {value}: choose one of {', '.join(allowed)}.", markup=False)
        raise typer.Exit(2)
