"""Commands look for a database before they start Django: here, there is one for the tests that ask for it."""

from __future__ import annotations

import pytest

from torap.conf import env


@pytest.fixture(autouse=True)
def _database_there(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "db" in request.fixturenames or request.node.get_closest_marker("django_db") is not None
    monkeypatch.setattr(env, "database_there", lambda: asked)
