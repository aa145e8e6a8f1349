"""Pages answered before a reader asks: inside the process, in each language, again after a change."""

from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from torap.cli import warming
from torap.cli.telling import rooms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _static_folder():
    """`torap serve` makes it before it opens the application. Nor may an answer close the tests' database."""
    Path(rooms().settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_a_page_is_answered_inside_the_process():
    assert warming.answered(rooms().get_wsgi_application(), "/en/about/") == "200 OK"
    assert warming.answered(rooms().get_wsgi_application(), "/en/nowhere/") == "404 Not Found"


def test_the_pages_most_read_are_answered_in_each_language(monkeypatch):
    asked = []
    monkeypatch.setattr(warming, "answered", lambda _application, path: asked.append(path))
    warming.warm_all(None)
    assert {"/en/", "/ru/forecast/", "/kk/promises/"} <= set(asked)
    asked.clear()
    warming.warm_first(None)
    assert asked == [f"/{code}/about/" for code, _name in rooms().settings.LANGUAGES]


def test_every_page_most_read_is_there():
    for path in warming.MOST_READ:
        assert warming.answered(rooms().get_wsgi_application(), f"/en/{path}") == "200 OK"


def test_a_page_that_fails_does_not_stop_the_server(monkeypatch):
    def fails(_application, _path):
        raise RuntimeError

    monkeypatch.setattr(warming, "answered", fails)
    warming.warm_first(None)


def test_it_is_warmed_once_until_something_is_recorded_and_it_is_quiet(monkeypatch):
    heads = iter(["a", "a", "b", "b", "b"])
    done = []
    monkeypatch.setattr(rooms(), "head_hash", lambda: next(heads))
    monkeypatch.setattr(warming, "warm_all", lambda _application: done.append("warm"))

    class Stop:
        turns = 0

        def wait(self, _seconds):
            self.turns += 1
            return self.turns == 5

    monkeypatch.setattr(rooms().connections, "close_all", lambda: None)
    warming._keep_warm(None, Stop())
    assert done == ["warm", "warm"]
