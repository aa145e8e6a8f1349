"""Lean rows for the delivery network: every subject with what structure asks of it, as it stood on a day."""

import datetime as dt

import pytest
from django.utils import timezone

from torap.ledger.selectors import unknown_yet_of
from torap.registry import services
from torap.registry.selectors import network_words, subject_facts
from torap.rules.known import AsKnown

TODAY = timezone.localdate()
NOW = AsKnown(TODAY)
D = dt.date


@pytest.fixture
def by(coordinator):
    services.source_add(by=coordinator, code="s", publisher="P", source_class="press", title="T")
    services.place_save(by=coordinator, code="hub", name={"en": "Hub", "ru": "Хаб", "kk": "Хаб"}, type="hub")
    services.place_save(by=coordinator, code="plot", name="Plot", type="plot", parent="hub")
    services.project_save(by=coordinator, code="road", name="Road", type="infrastructure", place="hub")
    services.link_save(by=coordinator, code="rail", name="Rail", type="rail")
    services.programme_save(by=coordinator, code="p1", name="P1", members=["hub", "road"])
    services.programme_save(by=coordinator, code="p2", name="P2", members=["hub"])
    services.indicator_save(by=coordinator, code="teu", name="TEU", unit="thousand TEU", programme="p1")
    return coordinator


def test_each_subject_stands_once_with_all_that_ties_it(by, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = subject_facts(NOW)
    assert (found["hub"].kind, found["hub"].type, found["hub"].programmes) == ("place", "hub", ("p1", "p2"))
    assert found["hub"].names == ("Hub", "Хаб", "Хаб")
    assert (found["plot"].type, found["plot"].place) == ("plot", "hub")
    assert (found["road"].type, found["road"].place, found["road"].programmes) == (
        "infrastructure", "hub", ("p1",),
    )  # fmt: skip
    assert (found["teu"].kind, found["teu"].programme) == ("indicator", "p1")
    assert found["rail"].type == "rail"


def test_a_project_that_moved_stands_where_it_stood_on_the_day(by):
    services.money_add(
        by=by,
        key="m",
        project="road",
        stage="announced",
        amount=1,
        currency="KZT",
        source="s",
        said=D(2025, 1, 1),
    )
    services.project_save(
        by=by, code="road", name="Road", type="infrastructure", place="plot", said=D(2025, 6, 1)
    )
    then = AsKnown(D(2025, 3, 1))
    before = unknown_yet_of(then, ["place", "project", "milestone"])
    assert before["project"] == {"road": {"place": "hub"}}
    assert (before["place"], before["milestone"]) == ({}, {})
    assert subject_facts(then, before=before)["road"].place == "hub"
    assert subject_facts(NOW, before=unknown_yet_of(NOW, ["project"]))["road"].place == "plot"
    assert unknown_yet_of(NOW, ["project"]) == {"project": {}}


def test_words_about_networks_come_in_the_order_they_were_said(by, django_assert_num_queries):
    for key, said, day, basis, move in (
        ("b", D(2025, 5, 1), D(2027, 1, 1), "promised", "added"),
        ("a", D(2025, 1, 1), D(2026, 1, 1), "promised", "added"),
        ("c", D(2025, 6, 1), D(2025, 6, 1), "evidenced", "added"),
        ("d", D(2025, 7, 1), D(2027, 6, 1), "promised", "reserved"),
    ):
        services.utility_entry_add(
            by=by, key=key, place="hub", kind="gas", move=move, basis=basis, amount=1, effective_from=day,
            source="s", said=said,
        )  # fmt: skip
    with django_assert_num_queries(1):
        rows = network_words(NOW)
    assert [row.key for row in rows] == ["a", "b", "c"]
    assert [row.evidenced for row in rows] == [False, False, True]
    assert [row.key for row in network_words(AsKnown(D(2025, 2, 1)))] == ["a"]
    assert network_words(NOW, places=["plot"]) == []
