"""The law commands count with the calendar of the pages where there is a database, and say which it was."""

import datetime as dt
import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from torap.cli import law_calendar
from torap.cli.main import app
from torap.conf import env
from torap.registry.services import calendar_edit_add

CASE = ("explain", "P03a", "--event", "filed=2026-03-02", "--known-on", "2026-03-20", "--format", "json")


def law(*words):
    return CliRunner().invoke(app, ["law", *words])


def due(answer):
    return {row["id"]: row["due"] for row in answer["obligations"]}["P03a.3a"]


@pytest.fixture
def day_off(system):
    """An edit entered on the pages: 17 March 2026 is no working day, known from 10 March."""
    calendar_edit_add(
        by=system, day=dt.date(2026, 3, 17), working=False, known_from=dt.date(2026, 3, 10),
        kind="moved_rest_day", title="Rest day", source_title="Order 1",
    )  # fmt: skip


def test_edits_kept_in_the_database_count(day_off):
    answer = json.loads(law(*CASE).stdout)
    assert due(answer) == "2026-03-18"
    assert answer["calendar"] == {"kept_in": "database", "edits_entered": 1}
    earlier = json.loads(law(*CASE, "--known-on", "2026-03-09").stdout)
    assert (due(earlier), earlier["calendar"]["edits_entered"]) == ("2026-03-17", 0)
    assert "Calendar: the database's (1 edit beside the country's file)" in law(*CASE[:-2]).stdout
    assert "2026-03-17" in law("calendar", "2026", "--known-on", "2026-03-20").stdout


def test_without_a_database_the_file_of_the_country_counts():
    answer = json.loads(law(*CASE).stdout)
    assert due(answer) == "2026-03-17"
    assert answer["calendar"] == {"kept_in": "country_file", "edits_entered": 0}
    assert "Calendar: the country's file" in law(*CASE[:-2]).stdout


def test_a_database_that_was_not_asked_is_told(monkeypatch):
    monkeypatch.setattr(env, "database_there", lambda: True)

    def missing():
        raise ModuleNotFoundError(name="django")

    monkeypatch.setattr(law_calendar, "open_rooms", missing)
    answer = json.loads(law(*CASE).stdout)
    assert answer["calendar"]["kept_in"] == "country_file"
    assert "package django is not installed" in answer["calendar"]["note"]


def test_it_works_where_django_is_not_installed(tmp_path):
    code = (
        "import sys; sys.modules['django'] = None; sys.argv = ['torap', 'law', 'explain', 'P03a'];"
        "from torap.cli.main import app; app()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"TORAP_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "the country's file" in done.stdout


@pytest.mark.parametrize("words", [["brief"], ["facts", "report"], ["ledger", "verify"], ["user", "list"]])
def test_elsewhere_commands_say_where_they_looked_and_leave_nothing_behind(tmp_path, words):
    done = subprocess.run(
        [sys.executable, "-m", "torap", *words], env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert str(tmp_path / "var") in done.stderr
    assert list(tmp_path.iterdir()) == []
