"""What was loaded is found, in any of the three scripts."""

from __future__ import annotations

import pytest

from torap.intake.search import search_refresh
from torap.intake.services import facts_apply
from torap.registry.selectors import search

pytestmark = pytest.mark.django_db


def test_places_instructions_and_milestones_are_found(good, coordinator, system):
    facts_apply(by=coordinator, files=[("good.yaml", good)])
    assert search_refresh(by=system) > 10
    assert "hub" in {hit.code for hit in search("пограничный хаб")}
    assert "hub" in {hit.code for hit in search("Шекара")}
    assert "I-1" in {hit.code for hit in search("открыть хаб")}
    assert "hub-open" in {hit.code for hit in search("opening")}


def test_an_empty_database_has_an_empty_index(system):
    assert search_refresh(by=system) == 0
