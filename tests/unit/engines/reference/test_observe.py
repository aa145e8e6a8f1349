"""What a history of promises shows: reached, or not heard of as reached until a day."""

import datetime as dt

import pytest

from torap.engines.reference.observe import PromiseSeen, class_path, observations_of

DAY = dt.date


def seen(said, promised, key="p"):
    return PromiseSeen(key=key, said=DAY.fromisoformat(said), promised=DAY.fromisoformat(promised))


def test_classes_stand_from_the_narrowest_to_all():
    assert class_path("milestone", "open", "place") == (
        "milestone.open.place",
        "milestone.open",
        "milestone",
        "all",
    )
    assert class_path("instruction") == ("instruction", "all")


def test_a_promise_kept_is_an_event_before_its_date():
    (one,) = observations_of(
        [seen("2024-01-01", "2024-12-31")], done=DAY(2024, 12, 1), heard=[], path=("all",)
    )
    assert (one.done, one.slip_days, one.lead_days) == (True, -30, 365)


def test_a_later_promise_proves_that_it_was_not_reached():
    rows = observations_of(
        [seen("2024-01-01", "2024-12-31", "a"), seen("2025-02-01", "2026-12-31", "b")],
        done=None,
        heard=[DAY(2024, 1, 1), DAY(2025, 2, 1)],
        path=("all",),
    )
    assert [(row.key, row.done, row.until) for row in rows] == [
        ("a", False, DAY(2025, 2, 1)),
        ("b", False, DAY(2025, 2, 1)),
    ]
    assert rows[0].slip_days == 32
    assert rows[1].slip_days < 0


def test_silence_proves_nothing():
    (one,) = observations_of([seen("2024-01-01", "2024-12-31")], done=None, heard=[], path=("all",))
    assert one.until == DAY(2024, 1, 1)
    assert one.slip_days == -365


def test_a_promise_after_the_fact_is_none():
    rows = observations_of([seen("2024-06-01", "2024-12-31")], done=DAY(2024, 5, 1), heard=[], path=("all",))
    assert rows == []


@pytest.mark.parametrize(("promised", "lead"), [("2024-01-01", 0), ("2023-12-01", 0), ("2024-01-31", 30)])
def test_lead_is_never_below_zero(promised, lead):
    (one,) = observations_of([seen("2024-01-01", promised)], done=None, heard=[], path=("all",))
    assert one.lead_days == lead
