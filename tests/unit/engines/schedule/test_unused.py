"""What a convention does not use is told, activity by activity."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Constraint
from torap.engines.schedule.profiles import PROFILES
from torap.engines.schedule.unused import UNUSED, unused
from torap.intake.schedules.constraints import not_used
from unit.engines.schedule.cases import DAY, at, plan, task

LATER = at("2026-01-20 17:00")
SAYS = {
    "expected_finish": {"expected_finish": LATER},
    "levelling_delay": {"levelling_delay": 3 * 1440},
    "external": {"external": (LATER - DAY, LATER)},
    "manual": {"manual": (LATER - DAY, LATER)},
    "as_late_as_possible": {"constraint": Constraint.ALAP},
    "second_constraint": {"second": Constraint.FINISH_NOT_AFTER, "second_at": at("2026-01-05 12:00")},
    "suspended": {"actual_start": at("2026-01-05 08:00"), "suspended_at": at("2026-01-05 12:00")},
}


def rows(more: dict[str, object]) -> tuple[Activity, ...]:
    return task("A", 1, **more), task("B", 5)


@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize("code", sorted(UNUSED))
def test_what_is_told_moves_nothing_and_what_moves_something_is_not_told(code: str, profile: str) -> None:
    more = SAYS[code]
    without = {"actual_start": more["actual_start"]} if code == "suspended" else {}
    said, plain = (schedule(plan(*rows(one)), profile=profile).rows["A"] for one in (more, without))
    told = [name for name, *_ in unused(plan(*rows(more)), profile)]
    assert (code in told) == (said == plain)


def test_finished_work_says_nothing_more() -> None:
    done = {"actual_start": at("2026-01-05 08:00"), "actual_finish": at("2026-01-05 17:00")}
    assert list(unused(plan(task("A", **done, expected_finish=LATER)), "torap")) == []


def test_losses_of_two_conventions_are_told_once() -> None:
    made = plan(task("A", expected_finish=LATER), task("B", expected_finish=LATER, levelling_delay=60))
    losses = {row.code: row for row in not_used(made, "p6", "torap")}
    assert (losses["expected_finish"].where, losses["expected_finish"].count) == ("A", 2)
    assert (losses["levelling_delay"].value, losses["levelling_delay"].count) == ("60", 1)
