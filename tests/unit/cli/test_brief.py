"""`torap brief`: formats, days, languages, and refusals that say what to write."""

import json

import pytest
import typer
from typer.testing import CliRunner

from torap.cli.brief import brief_command

pytestmark = pytest.mark.django_db
app = typer.Typer()
app.command()(brief_command)


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_brief_of_nothing_says_so():
    result = run()
    assert result.exit_code == 0, result.output
    assert "Nothing is known yet" in result.stdout


def test_brief_json_names_the_day():
    data = json.loads(run("--format", "json", "--as-of", "2025-11-26", "--lang", "kk").stdout)
    assert (data["as_of"], data["facts_newest"], data["language"]) == ("2025-11-26", None, "kk")
    assert data["counts"]["milestones"] == 0


def test_brief_markdown():
    assert run("--format", "md", "--as-of", "2025-11-26").stdout.startswith(
        "# The situation as known on 26 Nov 2025"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "xml"), "choose one of text, json, md"),
        (("--lang", "fr"), "choose one of en, ru, kk"),
        (("--as-of", "yesterday"), "write YYYY-MM-DD"),
        (("--clock", "heard"), "choose one of said, recorded"),
    ],
)
def test_brief_refusals(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
