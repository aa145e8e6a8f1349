"""What a load would do to each row: new, changed, corrected, unchanged, or refused: it can never change."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from torap.intake.compare import differences
from torap.intake.preview import facts_check, files_sha256

TODAY = dt.date(2026, 6, 1)


def applied(preview, *, file_name=None):
    """The rows of a preview as if they had been applied."""
    return {
        (c.row.section, c.row.key): SimpleNamespace(
            record_key=c.row.key,
            version=1,
            fingerprint=c.row.fingerprint,
            data=dict(c.row.canonical),
            file_name=file_name or c.row.row.file,
        )
        for c in preview.changes
    }


@pytest.fixture
def twice(good):
    """Previews the sample loaded once and then edited: `twice("old", "new")`."""

    def run(old: str, new: str, name: str = "good.yaml"):
        first = facts_check([("good.yaml", good)], today=TODAY)
        text = good.decode()
        assert old in text
        edited = text.replace(old, new).encode()
        return facts_check([(name, edited)], today=TODAY, applied=applied(first))

    return run


def test_everything_is_new_at_first(good):
    preview = facts_check([("good.yaml", good)], today=TODAY)
    assert {change.state for change in preview.changes} == {"new"}
    assert preview.total("new") == preview.total("in_files") == 40
    assert not preview.nothing_to_do


def test_nothing_is_to_do_the_second_time(twice):
    preview = twice("A small country", "The same country")
    assert preview.nothing_to_do
    assert preview.total("unchanged") == 40
    assert preview.problems == []
    assert preview.removed == []


def test_a_changed_row_shows_each_field(twice):
    preview = twice("ru: Пограничный хаб", "ru: Хаб на границе")
    (change,) = preview.to_apply
    assert (change.state, change.row.key) == ("changed", "hub")
    assert [(d.field, d.before, d.after) for d in change.differences] == [
        ("name.ru", "Пограничный хаб", "Хаб на границе")
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("value: 42,", "value: 43,", "teu.2024"),
        ("promised: by 2024", "promised: by 2025", "hub-open.1"),
        ("percent: 40", "percent: 45", "hub-open.r1"),
    ],
)
def test_what_was_said_becomes_a_correction(twice, old, new, key):
    (change,) = twice(old, new).to_apply
    assert (change.state, change.row.key) == ("corrected", key)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("amount: 1500000000", "amount: 1600000000", "plant.announced"),
        ("amount: 10.5", "amount: 11", "hub.power.1"),
        ("happened: 2025-11-26, organisation", "happened: 2025-11-25, organisation", "I-1.received"),
        ("note: Line built", "note: Line was built", "no_power:removed:"),
        ("title: Walls", "title: The walls", "hub-open:2025-11-20:https://gov.example/p.jpg"),
        ("title: Holiday withdrawn", "title: No holiday", "2026-08-30:2026-03-18"),
    ],
)
def test_what_can_never_change_is_refused(twice, old, new, key):
    preview = twice(old, new)
    assert [(p.code, p.key) for p in preview.problems] == [("append_only_changed", key)]
    assert preview.nothing_to_do
    assert preview.total("refused") == 1


def test_a_corrected_row_is_history(twice):
    preview = twice("value: 100, unit: ha", "value: 101, unit: ha")
    assert [(p.code, p.key, p.params["by"]) for p in preview.problems] == [
        ("corrected_already", "hub.area.1", "hub.area.2")
    ]


def test_a_removed_row_is_told_and_nothing_deleted(twice, good):
    line = next(line for line in good.decode().splitlines() if "teu.2024" in line)
    preview = twice(line, "")
    assert [(row.section, row.key, row.file) for row in preview.removed] == [
        ("claims", "teu.2024", "good.yaml")
    ]
    assert preview.nothing_to_do


def test_an_unreadable_file_removes_nothing(good):
    first = facts_check([("good.yaml", good)], today=TODAY)
    preview = facts_check([("good.yaml", b"\x00")], today=TODAY, applied=applied(first))
    assert preview.removed == []
    assert [p.code for p in preview.errors] == ["binary_file"]


def test_a_row_that_moved_and_changed_is_pointed_out(twice):
    preview = twice("value: 42,", "value: 43,", name="other.yaml")
    assert [(p.code, p.severity, p.params["first"]) for p in preview.warnings] == [
        ("from_another_file", "warning", "good.yaml")
    ]


def test_differences_go_into_the_fields():
    assert [
        (d.field, d.before, d.after) for d in differences({"a": {"b": 1}, "c": 2}, {"a": {"b": 3}, "d": 4})
    ] == [
        ("a.b", 1, 3),
        ("c", 2, None),
        ("d", None, 4),
    ]


def test_the_fingerprint_of_files_ignores_their_order():
    one, two = ("a.yaml", b"1"), ("b.yaml", b"2")
    assert files_sha256([one, two]) == files_sha256([two, one]) != files_sha256([one, ("b.yaml", b"3")])
