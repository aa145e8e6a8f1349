"""A plan made ready: whose work is meant, which links give a level of effort its dates."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.network import Network
from torap.engines.schedule.plan import Activity, Kind, LagUnit, Part
from torap.engines.schedule.profiles import MSPROJECT, P6, TORAP
from unit.engines.schedule.cases import DAY, at, link, plan, task, text

MONDAY = at("2026-01-05 08:00")


def part(days: float, *, left: float = 0, done: float = 0, offset: float = 0) -> Part:
    return Part(
        calendar="std",
        minutes=round(days * DAY),
        remaining=round(left * DAY),
        actual=round(done * DAY),
        offset=round(offset * DAY),
    )


def net_of(row: Activity) -> Network:
    return Network(plan(row), TORAP)


def test_what_is_whole_left_and_done_is_never_guessed_from_equal_minutes() -> None:
    # Five days of ten are left and five are done: equal minutes, three meanings.
    parts = (part(10, left=5, done=4, offset=1),)
    row = task("A", 10, remaining=5 * DAY, actual=5 * DAY, actual_start=MONDAY, parts=parts)
    net = net_of(row)
    assert text(net.finish_of_left(row, MONDAY)) == "2026-01-09 17:00"
    assert text(net.finish_of_done(row, MONDAY)) == "2026-01-09 17:00"  # a day later begun, four days long
    assert text(net.finish_from(row, MONDAY, row.minutes)) == "2026-01-19 17:00"
    assert net.start_of_left(row, at("2026-01-09 17:00")) == MONDAY


def test_other_amounts_scale_the_parts() -> None:
    row = task("A", 10, parts=(part(10), part(4, offset=2)))
    net = net_of(row)
    assert text(net.finish_from(row, MONDAY, 5 * DAY)) == "2026-01-09 17:00"
    assert net.start_from(row, at("2026-01-09 17:00"), 5 * DAY) == MONDAY


def test_work_that_nobody_left_anything_of_takes_what_is_asked() -> None:
    row = task("A", 10, remaining=0, actual_start=MONDAY, parts=(part(10, done=10),))
    net = net_of(row)
    net.remaining["A"] = 2 * DAY
    assert text(net.finish_of_left(row, MONDAY)) == "2026-01-06 17:00"


def test_a_part_of_work_not_begun_keeps_its_offset() -> None:
    row = task("A", 5, remaining=4 * DAY, parts=(part(2, left=2, offset=3),))
    assert text(net_of(row).finish_of_left(row, MONDAY)) == "2026-01-09 17:00"


def test_an_expected_finish_of_an_activity_with_parts_leaves_late_start_before_late_finish() -> None:
    row = task("A", 10, parts=(part(10, left=10),), expected_finish=at("2026-01-30 17:00"))
    found = schedule(plan(row), profile="p6").rows["A"]
    assert text(found.finish) == "2026-01-30 17:00"
    assert text(found.late_start) == "2026-01-05 08:00"
    assert text(found.late_finish) == "2026-01-30 17:00"


def test_links_of_a_level_of_effort_are_found_once() -> None:
    effort = Activity(id="L", kind=Kind.LEVEL_OF_EFFORT)
    other = Activity(id="K", kind=Kind.LEVEL_OF_EFFORT)
    made = plan(
        task("A"),
        task("B"),
        effort,
        other,
        links=(link("A SS L"), link("L FF B"), link("L FS K"), link("A FS B")),
    )
    net = Network(made, TORAP)
    assert [(one.predecessor, one.successor) for one in net.of_effort["L"]] == [("A", "L"), ("L", "B")]
    assert net.of_effort["K"] == []
    assert [one.predecessor for one in net.into["B"]] == ["L", "A"]


@pytest.mark.parametrize(
    ("profile", "unit", "wanted"),
    [
        (TORAP, LagUnit.WORK, "2026-01-12 17:00"),  # Saturday and Sunday off for the predecessor
        (MSPROJECT, LagUnit.WORK, "2026-01-10 17:00"),  # the successor works on Saturdays
        (P6, LagUnit.ELAPSED, "2026-01-10 01:00"),
    ],
)
def test_whose_time_a_lag_passes_in(profile: object, unit: LagUnit, wanted: str) -> None:
    made = plan(task("A", 5), task("B", calendar="six"), links=(link("A FS B", DAY, unit=unit),))
    net = Network(made, profile)  # type: ignore[arg-type]
    assert text(net.lag(made.links[0], at("2026-01-09 17:00"))) == wanted


def test_a_lag_that_is_a_share_is_of_the_whole_duration() -> None:
    made = plan(task("A", 4), task("B"), links=(link("A FS B", 2_500, unit=LagUnit.PERCENT),))
    assert Network(made, TORAP).lag_minutes(made.links[0]) == DAY
