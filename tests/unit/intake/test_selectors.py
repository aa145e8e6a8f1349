"""What was loaded can be counted and read again, with every finding as it was."""

from __future__ import annotations

import pytest

from torap.common.errors import NotFound
from torap.intake.selectors import carried, load_get, load_list, load_problems
from torap.intake.services import facts_apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def loads(good, write, base, coordinator):
    first = facts_apply(by=coordinator, files=[("good.yaml", good)])
    second = facts_apply(by=coordinator, files=[("bad.yaml", write(places=[{"code": "x"}]))])
    return first, second


def test_loads_come_newest_first(loads):
    assert [load.pk for load in load_list()] == [loads[1].pk, loads[0].pk]
    assert load_get(loads[0].pk) == loads[0]
    with pytest.raises(NotFound):
        load_get(10**6)


def test_findings_are_kept_as_they_were(loads):
    assert load_problems(loads[0]) == []
    assert [(p.file, p.line, p.field, p.code) for p in load_problems(loads[1])] == [
        ("bad.yaml", 2, "name", "field_missing"),
        ("bad.yaml", 2, "type", "field_missing"),
    ]


def test_collected_entries_count_once(loads):
    state = carried()
    assert state.rows == 40
    assert state.rows_by_section["claims"] == 5
    assert state.rows_by_file == {"good.yaml": 40}
    assert state.origins_carried == 3
    assert state.left_out == {"hubs[0].facts[9]": "Repeats another entry word for word"}
    assert state.corrections == 0


def test_corrections_are_counted(loads, good, coordinator):
    facts_apply(by=coordinator, files=[("good.yaml", good.replace(b"value: 42,", b"value: 43,"))])
    facts_apply(by=coordinator, files=[("good.yaml", good.replace(b"name: Opening", b"name: Opened"))])
    assert carried().corrections == 2  # 42 to 43 and back again


def test_an_empty_database_has_loaded_nothing(db):
    assert carried().rows == 0
    assert load_list() == []
