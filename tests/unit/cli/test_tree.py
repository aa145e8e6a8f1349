"""Sub-commands are listed without being loaded, and loaded when they are called."""

from __future__ import annotations

import subprocess
import sys

import typer
from typer.testing import CliRunner

from torap.cli.main import PLACES, app
from torap.cli.tree import Commands, Place, group_of

HERE = {
    "greet": Place("unit.cli.test_tree", "greet", "Say a word."),
    "more": Place("unit.cli.test_tree", "more", "M."),
}
more = typer.Typer(help="M.")


def greet(word: str = "hello") -> None:
    """Say a word."""
    typer.echo(word)


@more.command("again")
def again() -> None:
    """Say it again."""
    typer.echo("again")


def test_the_list_tells_what_each_command_says_of_itself() -> None:
    commands = Commands(PLACES)
    for name, place in PLACES.items():
        assert " ".join((commands[name].help or "").split("\n\n")[0].split()) == place.help, name


def test_a_function_and_a_tree_are_both_commands() -> None:
    tree = typer.Typer(cls=group_of(HERE))
    tree.callback()(lambda: None)
    runner = CliRunner()
    assert runner.invoke(tree, ["greet", "--word", "сәлем"]).stdout == "сәлем\n"
    assert runner.invoke(tree, ["more", "again"]).stdout == "again\n"
    assert runner.invoke(tree, ["mor"]).exit_code == 2
    shown = runner.invoke(tree, ["--help"]).stdout
    assert "Say a word." in shown
    assert "greet" in shown


def test_commands_can_be_replaced_and_taken_away() -> None:
    commands = Commands(HERE)
    assert list(commands) == ["greet", "more"]
    commands["third"] = commands["greet"]
    assert len(commands) == 3
    del commands["greet"]
    assert sorted(commands) == ["more", "third"]
    assert "greet" not in commands


def test_help_loads_no_command() -> None:
    code = (
        "import sys\n"
        "from torap.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name.startswith(('torap.cli.', 'numpy')) and name not in "
        "('torap.cli.main', 'torap.cli.tree') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_dates_load_no_numbers() -> None:
    code = "import sys, torap.cli.schedule; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_place_has_its_command() -> None:
    assert set(typer.main.get_command(app).commands) == set(PLACES)
