"""A plan's order, its loops, and what is refused before anything is computed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torap.engines.errors import EngineInputError
from torap.engines.schedule.plan import Constraint, check, order
from unit.engines.schedule.cases import at, link, plan, task


def test_order_keeps_the_given_order_where_it_can() -> None:
    assert order(["c", "a", "b"], [("a", "b")]) == ["c", "a", "b"]
    assert order(["b", "a"], [("a", "b")]) == ["a", "b"]


def test_a_loop_is_named_without_what_hangs_on_it() -> None:
    links = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]
    with pytest.raises(EngineInputError) as caught:
        order(["a", "b", "c", "d"], links)
    assert caught.value.code == "loop"
    assert sorted(caught.value.params["loop"]) == ["b", "c"]


def test_a_long_chain_is_sorted_in_one_go() -> None:
    names = [str(i) for i in range(50_000)]
    pairs = list(zip(names, names[1:], strict=False))
    assert order(reversed(names), pairs) == names


@pytest.mark.parametrize(
    ("wrong", "code", "where"),
    [
        (plan(task("a"), task("a")), "activity_twice", "a"),
        (plan(task("a", calendar="none")), "calendar_unknown", "a"),
        (plan(task("a", -1)), "duration_negative", "a"),
        (plan(task("a", remaining=-5)), "remaining_negative", "a"),
        (plan(task("a", constraint=Constraint.MUST_START)), "constraint_without_date", "a"),
        (plan(task("a", actual_finish=at("2026-01-06 08:00"))), "finished_without_start", "a"),
        (plan(task("a"), links=(link("a FS b"),)), "link_to_nothing", "a -> b"),
        (plan(task("a"), links=(link("a FS a"),)), "loop", "a -> a"),
        (plan(task("a", parent="s")), "parent_unknown", "a"),
        (replace(plan(task("a")), calendar="none"), "calendar_unknown", "plan"),
    ],
)
def test_what_cannot_be_scheduled_is_named(wrong: object, code: str, where: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        check(wrong)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.where) == (code, where)


def test_a_finish_before_the_start_is_refused() -> None:
    row = task("a", actual_start=at("2026-01-06 08:00"), actual_finish=at("2026-01-05 08:00"))
    with pytest.raises(EngineInputError, match="finished_before_start"):
        check(plan(row))
