"""`torap --help` is quick and shows everything; every command explains itself with an example."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from torap.cli.main import app


def commands(group, path=()):
    """Every command of the tree with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(typer.main.get_command(app)))


def test_help_needs_no_django():
    code = "import sys; import torap.cli.main; sys.exit('django.conf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_helps(path):
    result = CliRunner().invoke(app, [*path, "--help"])
    assert result.exit_code == 0
    assert ALL[path].help


@pytest.mark.parametrize(
    "path",
    [p for p in ALL if p[0] in {"facts", "admin", "user", "jobs", "up", "seed", "serve", "settings"}],
    ids=" ".join,
)
def test_our_commands_show_an_example(path):
    assert "Example: " in ALL[path].help
