"""Float as Microsoft Project counts it behind levelling, begun work and broken constraints, by hand."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, Link, Part
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task, text

MONDAY, TUESDAY = at("2026-01-05 08:00"), at("2026-01-06 08:00")
HOUR = 60
LONG = task("L", 10)  # holds the plan open up to Friday 16 January 17:00


def begun(name: str, start: int, done: int, **more: object) -> Activity:
    """A task of one day that began at `start`, of which `done` minutes are worked."""
    return task(name, 1, actual_start=start, actual=done, remaining=DAY - done, **more)


def floats(*rows: Activity, links: tuple[Link, ...]) -> dict[str, int | None]:
    """Total float in minutes by activity."""
    found = schedule(plan(*rows, links=links), profile="msproject").rows
    return {name: row.total_float for name, row in found.items()}


def test_a_delay_by_levelling_is_no_float_of_what_goes_before() -> None:
    rows = task("A", 1), task("B", 1, levelling_delay=2 * 1440), LONG
    found = schedule(plan(*rows, links=(link("A FS B"),)), profile="msproject").rows
    # B: Thursday 8 January, at the latest Friday 16 January 08:00; two days before that is Wednesday 08:00.
    assert text(found["A"].late_finish) == "2026-01-13 17:00"
    assert (found["A"].total_float, found["B"].total_float) == (6 * DAY, 6 * DAY)


def test_a_delay_by_levelling_shortens_the_float_of_every_type_of_link() -> None:
    # B ends on Wednesday 7 January, at the latest on Friday 16 January: seven days.
    for kind in ("FF", "SS"):
        found = floats(
            task("A", 1), task("B", 1, levelling_delay=2 * 1440), LONG, links=(link(f"A {kind} B"),)
        )
        assert (kind, found["A"], found["B"]) == (kind, 7 * DAY, 7 * DAY)
    later = task("A", 1, constraint=Constraint.START_NOT_BEFORE, constraint_at=at("2026-01-06 08:00"))
    found = floats(later, task("B", 1, levelling_delay=2 * 1440), LONG, links=(link("A SF B"),))
    assert found["A"] == found["B"] == 7 * DAY


def test_a_delay_of_what_has_begun_is_past() -> None:
    rows = task("A", 1), begun("B", TUESDAY, 0, levelling_delay=2 * 1440), LONG
    assert floats(*rows, links=(link("A FS B"),))["A"] == 8 * DAY  # as if B had no delay


def test_begun_work_holds_its_predecessor_where_it_goes_on() -> None:
    found = floats(begun("A", MONDAY, 240), begun("B", TUESDAY, 120), LONG, links=(link("A FS B"),))
    assert found["A"] == 120  # from Monday 17:00 to Tuesday 10:00
    assert found["B"] == 8 * DAY


def test_work_that_goes_on_after_a_shift_goes_on_in_the_next() -> None:
    found = floats(begun("A", MONDAY, 240), begun("B", TUESDAY, 240), LONG, links=(link("A FS B"),))
    assert found["A"] == 240  # noon and one o'clock are one point of working time


def test_a_begun_milestone_holds_back_like_one_to_come() -> None:
    reached = milestone("M", actual_start=at("2026-01-05 17:00"))
    links = link("A FS M"), link("M FS B")
    found = floats(begun("A", MONDAY, 240), reached, task("B", 1), LONG, links=links)
    assert found["A"] == found["M"] == found["B"] == 8 * DAY


def test_a_begun_summary_holds_its_predecessor_at_its_start() -> None:
    rows = (
        begun("A", MONDAY, 240),
        Activity(id="S", kind=Kind.SUMMARY),
        begun("X", TUESDAY, 240, parent="S"),
        task("Y", 1, parent="S"),
        LONG,
    )
    found = floats(*rows, links=(link("A FS S"),))
    assert (found["A"], found["Y"]) == (0, 8 * DAY)


def test_a_constraint_against_the_links_has_the_float_they_ask_for() -> None:
    for kind in (Constraint.MUST_FINISH, Constraint.FINISH_NOT_AFTER, Constraint.START_NOT_AFTER):
        held = milestone("M", constraint=kind, constraint_at=at("2026-01-05 17:00"))
        found = floats(task("A", 2), held, LONG, links=(link("A FS M"),))
        assert (kind, found["A"], found["M"]) == (kind, -DAY, -DAY)
    held = milestone("M", constraint=Constraint.MUST_FINISH, constraint_at=at("2026-01-08 17:00"))
    assert floats(task("A", 2), held, LONG, links=(link("A FS M"),))["M"] == 0


def test_begun_work_goes_on_where_those_with_work_left_work() -> None:
    parts = (
        Part(calendar="six", minutes=480, actual=480),
        Part(calendar="std", minutes=960, actual=480, remaining=480),
    )
    friday = at("2026-01-09 08:00")
    rows = (
        task("A", 1, actual_start=MONDAY, actual=DAY // 2, remaining=DAY // 2, calendar="six"),
        Activity(id="B", minutes=960, actual=480, remaining=480, actual_start=friday, parts=parts),
        LONG,
    )
    # What is done of B lasts until Friday 17:00; only who does not work on Saturdays has work left.
    found = schedule(plan(*rows, links=(link("A FS B"),)), profile="msproject").rows
    assert text(found["A"].late_finish) == "2026-01-10 17:00"  # A itself could be worked on on Saturday
    assert found["A"].total_float == 5 * DAY


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
    st.integers(0, 4),
    st.sampled_from(["start", "finish"]),
)
def test_every_task_up_to_a_broken_constraint_lacks_the_same(days: list[int], on: int, end: str) -> None:
    """Float belongs to a path: what a constraint takes from it is missing on each task before it and on the
    held one itself, by as much working time as lies between the constraint and what the links ask.
    """
    chain = [task(f"T{i}", length) for i, length in enumerate(days)]
    date = at("2026-01-05 08:00") + on * 1440
    kind = Constraint.MUST_START if end == "start" else Constraint.MUST_FINISH
    wanted = date if end == "start" else date + 9 * HOUR
    held = task("H", 1, constraint=kind, constraint_at=wanted)
    names = [row.id for row in chain]
    links = tuple(link(f"{a} FS {b}") for a, b in itertools.pairwise([*names, "H"]))
    found = floats(*chain, held, links=links)
    missing = max(sum(days) - on, 0) * DAY
    if missing:
        assert [found[name] for name in [*names, "H"]] == [-missing] * (len(days) + 1)
    else:
        assert found["H"] == 0
