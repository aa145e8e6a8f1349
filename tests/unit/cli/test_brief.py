"""`torap brief`: formats, days, languages, and refusals that say what to write."""

import datetime as dt
import json

import pytest
import typer
from django.utils import timezone
from typer.testing import CliRunner

from torap.cli.brief import brief_command
from torap.delivery import services as delivery
from torap.registry import services as registry

pytestmark = pytest.mark.django_db
app = typer.Typer()
app.command()(brief_command)


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_brief_of_nothing_says_so():
    result = run()
    assert result.exit_code == 0, result.output
    assert "Nothing is known on this day" in result.stdout


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


def test_a_day_to_come_is_not_shown():
    result = run("--format", "json", "--as-of", "2999-01-01")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["as_of"] == timezone.localdate().isoformat()
    assert "2999-01-01 has not come yet" in result.stderr


def test_the_recorded_clock_knows_what_was_stored(coordinator):
    registry.place_save(by=coordinator, code="hub", name="Hub", type="hub")
    registry.source_add(
        by=coordinator,
        code="s",
        publisher="P",
        source_class="press",
        title="T",
        published=dt.date(2020, 1, 1),
    )
    delivery.milestone_save(by=coordinator, code="open", subject="hub", name="Open", type="open")
    delivery.promise_add(
        by=coordinator, milestone="open", as_said="2021", source="s", said=dt.date(2020, 1, 1)
    )

    def counted(*options):
        data = json.loads(run("--format", "json", *options).stdout)
        return data["clock"], data["counts"]["milestones"]

    assert counted("--as-of", "2020-06-01") == ("said", 1)
    assert counted("--as-of", "2020-06-01", "--clock", "recorded") == ("recorded", 0)
    assert counted("--clock", "recorded") == ("recorded", 1)
