"""A plan's order, its loops, and what is refused before anything is computed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, check, order
from torap.engines.schedule.worktime import CalendarSpec
from unit.engines.schedule.cases import STANDARD, at, link, plan, task


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
        (plan(task("a", parent="s"), task("s")), "parent_not_summary", "a"),
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


def test_summaries_below_themselves_or_too_deep_are_refused() -> None:
    loop = (Activity(id="A", parent="B", kind=Kind.SUMMARY), Activity(id="B", parent="A", kind=Kind.SUMMARY))
    with pytest.raises(EngineInputError, match="parent_loop at A"):
        check(plan(*loop))
    deep = [Activity(id=f"s{i}", parent=f"s{i + 1}", kind=Kind.SUMMARY) for i in range(300)]
    with pytest.raises(EngineInputError, match="summaries_too_deep"):
        check(plan(*deep, Activity(id="s300", kind=Kind.SUMMARY)))
    with pytest.raises(EngineInputError, match="summaries_too_deep"):
        check(plan(Activity(id="s300", kind=Kind.SUMMARY), *deep[::-1]))


def test_a_calendar_that_never_works_names_who_uses_it() -> None:
    never = CalendarSpec(id="never", name="Holidays", week=((),) * 7)
    made = replace(plan(task("A"), task("B", calendar="never")), calendars={"std": STANDARD, "never": never})
    with pytest.raises(EngineInputError, match="no_working_time at Holidays") as caught:
        check(made)
    assert caught.value.params["activity"] == "B"


def test_links_of_large_summaries_are_counted_before_they_are_made() -> None:
    rows = [Activity(id=name, kind=Kind.SUMMARY) for name in ("S", "T")]
    rows += [task(f"{side}{i}", parent=side) for side in ("S", "T") for i in range(2300)]
    with pytest.raises(EngineInputError, match="links_too_many at S -> T"):
        schedule(plan(*rows, links=(link("S FS T"),)))


def test_a_long_loop_is_named_by_its_beginning_and_its_end() -> None:
    names = [f"a{i}" for i in range(100)]
    with pytest.raises(EngineInputError) as caught:
        order(names, [*itertools.pairwise(names), ("a99", "a0")])
    said = caught.value.where.split(" -> ")
    assert (len(said), said[0], said[-1], said.count("…")) == (24, said[-1], said[0], 1)
    assert sorted(caught.value.params["loop"]) == sorted(names)
