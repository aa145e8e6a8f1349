"""`torap up`, `seed`, `serve`, `settings`: one command to start, and a sentence when it cannot."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from typer.testing import CliRunner

from torap.cli import site
from torap.cli.main import app
from torap.conf.env import SETTINGS
from torap.intake import country
from torap.intake.models import LoadedRow


def run(*arguments, **options):
    return CliRunner().invoke(app, arguments, **options)


@pytest.fixture
def small(monkeypatch):
    """A country with one file of two rows, so that a test does not load the real one."""
    content = b"format: torap-facts/1\nregions: [{code: KZ-33, name: A}, {code: KZ-47, name: B}]\n"
    monkeypatch.setattr(country, "country_files", lambda code: [("small.yaml", content)])
    monkeypatch.setattr(site, "migrate", lambda: None)  # the test's database is ready


@pytest.mark.django_db
def test_seed_loads_and_says_how_to_begin(small):
    result = run("seed")
    assert result.exit_code == 0, result.output
    assert "Loaded: 2 new" in result.output
    assert "torap admin create NAME" in result.output
    assert LoadedRow.objects.count() == 2
    again = run("seed")
    assert again.exit_code == 0
    assert "All is loaded already: 2 rows." in again.output
    assert LoadedRow.objects.count() == 2


@pytest.mark.django_db
def test_with_an_administrator_nothing_is_said_of_one(small, administrator):
    assert "admin create" not in run("seed").output


def test_a_port_that_is_taken_is_told(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("TORAP_PORT", str(taken.getsockname()[1]))
        result = run("serve")
    assert result.exit_code == 2
    assert "Set TORAP_PORT to a free port" in result.stderr.replace("\n", " ")


@pytest.mark.parametrize("port", ["eighty", "0", "99999", "-1"])
def test_a_port_that_is_none_is_told(monkeypatch, port):
    monkeypatch.setenv("TORAP_PORT", port)
    result = run("serve")
    assert result.exit_code == 2
    assert "1 to 65535" in result.stderr


def test_serving_prints_the_address_and_ends_quietly(monkeypatch):
    class Server:
        closed = False

        def run(self):
            raise KeyboardInterrupt

        def close(self):
            self.closed = True

    server, started = Server(), {}

    def beside(name):
        started[name] = threading.Event()
        return threading.Thread(), started[name]

    monkeypatch.setattr(site, "start_daily", lambda: beside("daily"))
    monkeypatch.setattr(site, "start_working", lambda: beside("queue"))
    monkeypatch.setattr(site, "start_warming", lambda _application: beside("warming"))
    monkeypatch.setattr(site, "warm_first", lambda _application: None)
    monkeypatch.setattr(site, "_server", lambda application, host, port: server)
    monkeypatch.setenv("TORAP_HOST", "::1")
    monkeypatch.setenv("TORAP_PORT", "8123")
    result = run("serve")
    assert result.exit_code == 0
    assert "http://[::1]:8123" in result.output
    assert server.closed
    assert set(started) == {"daily", "queue", "warming"}, "they run beside the server"
    assert all(stop.is_set() for stop in started.values()), "and are told to stop when it ends"


def test_settings_lists_all_and_hides_secrets(monkeypatch):
    monkeypatch.setenv("TORAP_SECRET_KEY", "do-not-tell")
    monkeypatch.setenv("TORAP_PORT", "8123")
    text = run("settings")
    assert text.exit_code == 0
    assert all(one.name in text.output for one in SETTINGS)
    assert "TORAP_PORT = 8123" in text.output
    assert "do-not-tell" not in text.output
    rows = {row["name"]: row["value"] for row in json.loads(run("settings", "--format", "json").output)}
    assert rows["TORAP_SECRET_KEY"] == "(set)"
    assert run("settings", "--format", "xml").exit_code == 2


def test_a_taken_port_is_told_before_anything_is_loaded(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("TORAP_PORT", str(taken.getsockname()[1]))
        monkeypatch.setattr(site, "_prepare", lambda: pytest.fail("loaded before the port was tried"))
        result = run("up")
    assert result.exit_code == 2
    assert "TORAP_PORT" in result.output
