"""What moves dates of a large run, computed beside the pages: nearest first, once, with the run's numbers."""

import sys
from threading import Event

import pytest

from torap.runs import selectors
from torap.runs.selectors import later, near, reasons
from torap.runs.selectors.near import nearest

pytestmark = pytest.mark.django_db
OPEN, HALL = "milestone:hub-open", "milestone:hub-hall"


def test_what_is_made_is_made_once():
    calls = []
    assert later.made("k", lambda: calls.append(1) or "x") == "x"
    assert later.made("k", lambda: calls.append(1) or "y") == "x"
    assert len(calls) == 1


def test_what_failed_raises_and_is_made_anew():
    with pytest.raises(ZeroDivisionError):
        later.made("k", lambda: 1 / 0)
    assert later.made("k", lambda: 2) == 2


def test_what_takes_long_is_made_beside_the_pages():
    go = Event()
    assert not later.at_hand("slow", lambda: go.wait(20) and "there")
    assert not later.at_hand("slow", lambda: "another")
    go.set()
    assert later.made("slow", lambda: "another") == "there"
    assert later.at_hand("slow", lambda: "another")


def test_only_so_much_is_kept():
    for number in range(later.KEPT + 5):
        later.made(number, lambda: 0)
    assert len(later._kept) == later.KEPT
    for number in range(5):
        later.made(("content", number), lambda: 0)
    assert sum(isinstance(key, tuple) for key in later._kept) == later.MOST["content"]
    assert ("content", 4) in later._kept


def test_nearest_goes_level_by_level():
    links = [{"from": a, "to": b} for a, b in ("ba", "ca", "db", "ec")]
    assert nearest(links, ["a"]) == ["a", "b", "c", "d", "e"]
    assert nearest(links, ["a"], most=3) == ["a", "b", "c", "d"]
    assert nearest(links, ["x"]) == ["x"]


def test_causes_and_histogram_of_a_large_run_are_those_of_a_small_one(forecast, monkeypatch):
    small = selectors.spread(forecast.code, OPEN)
    monkeypatch.setattr(sys.modules["torap.runs.selectors.spread"], "LARGE", 0)
    assert selectors.spread.__wrapped__(forecast.code, OPEN) == small
    found = near.near(forecast, [OPEN])
    own = reasons.lines_of(forecast.code, {OPEN})[OPEN]
    shares = {one["id"]: one["share"] for one in found.causes[OPEN] if one["what"] == "link"}
    assert shares == {one.id: one.share for one in own.causes if one.what == "link"}


def test_a_small_run_has_its_causes_at_hand(forecast, monkeypatch):
    assert selectors.causes_at_hand(forecast, [OPEN])
    asked = []
    monkeypatch.setattr(near, "LARGE", 0)
    monkeypatch.setattr(later, "at_hand", lambda key, make: asked.append(key) or False)
    assert not selectors.causes_at_hand(forecast, [OPEN])
    plan = selectors.gantt(forecast.code, "hub", wait=False)
    assert not plan.causes
    assert {row.key for row in plan.rows} == {row.key for row in selectors.gantt(forecast.code, "hub").rows}
    assert len(asked) == 2


def test_the_input_of_a_run_is_read_once_whatever_is_recorded(forecast, django_assert_num_queries):
    first = reasons.run_content(forecast.code)
    reasons.run_content(forecast.code)
    with django_assert_num_queries(1):  # the head of the ledger
        assert reasons.run_content(forecast.code) is first
