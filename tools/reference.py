"""Writes the reference pages that come from the code: every command, every setting, every public name.

python tools/reference.py           # write docs/reference/{commands,settings,python}.md
python tools/reference.py --check   # exit 1 when a page no longer fits the code
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import reference_python
import typer

from torap.cli.main import app
from torap.conf.env import SETTINGS

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py from the code: change the code, then run `make docs`. -->"


def pages() -> dict[str, str]:
    """Every generated page by the name of its file."""
    return {
        "commands.md": _commands_page(),
        "settings.md": _settings_page(),
        "python.md": reference_python.page(NOTE),
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check tell which are out of date; returns the exit code."""
    if "--check" not in arguments:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (FOLDER / name).write_text(text, encoding="utf-8")
        return 0
    stale = [name for name, text in pages().items() if _kept(name) != text]
    for name in stale:
        print(f"docs/reference/{name} is out of date: run `python tools/reference.py`")
    return 1 if stale else 0


def _kept(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _commands_page() -> str:
    parts = [
        "# Commands",
        NOTE,
        "`torap --help` and `torap COMMAND --help` tell the same in the terminal. Commands end with 0 when "
        "done, 1 when something was refused or a check failed, 2 when nothing was done.",
    ]
    for words, command in _commands(typer.main.get_command(app)):
        parts.append(f"## `torap {' '.join(words)}`")
        parts += _help(command.help or "")
        if rows := _parameters(command):
            parts.append(
                "\n".join(["| option or argument | default | what it does |", "|---|---|---|", *rows])
            )
    return "\n\n".join(parts) + "\n"


def _commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, (*words, name))
        else:
            yield (*words, name), command


def _help(text: str) -> list[str]:
    """The paragraphs of a help text; the example as code."""
    parts = []
    for paragraph in text.split("\n\n"):
        plain = " ".join(paragraph.split())
        if plain.startswith("Example: "):
            parts.append(f"```sh\n{plain.removeprefix('Example: ')}\n```")
        elif plain:
            parts.append(plain)
    return parts


def _parameters(command: Any) -> list[str]:
    rows = []
    for one in command.params:
        if one.name == "help":
            continue
        is_argument = one.param_type_name == "argument"
        name = (one.metavar or one.name.upper()) if is_argument else ", ".join(one.opts)
        rows.append(f"| `{name}` | {_default(one)} | {_cell(getattr(one, 'help', '') or '')} |")
    return rows


def _default(parameter: Any) -> str:
    if parameter.required:
        return "needed"
    value = parameter.default
    if callable(value) or value in (None, "", (), [], False):
        return ""
    return f"`{getattr(value, 'value', value)}`"


def _settings_page() -> str:
    rows = [
        f"| `{one.name}` | {f'`{one.default}`' if one.default else 'empty'} | {_cell(one.meaning)} |"
        for one in SETTINGS
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            NOTE,
            "",
            "Settings are environment variables. `torap settings` shows the ones in force.",
            "",
            "| variable | default | what it does |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
