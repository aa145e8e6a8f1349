"""The fourteen checks, each with a plan that fails it and one that does not."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Constraint, Plan
from torap.engines.schedule.quality import Check, assess
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task


def checks(made: Plan, profile: str = "torap") -> dict[str, Check]:
    return {row.code: row for row in assess(made, schedule(made, profile=profile))}


def chain(**more: object) -> Plan:
    rows = (task("A", 5), task("B", 5), milestone("M"))
    return plan(*rows, links=(link("A FS B"), link("B FS M")), **more)


def test_a_clean_chain_fails_nothing() -> None:
    assert [row.code for row in checks(chain()).values() if row.passed is False] == []
    assert len(checks(chain())) == 14


@pytest.mark.parametrize(
    ("code", "made", "names"),
    [
        ("missing_logic", plan(task("A"), task("B"), task("C"), links=(link("A FS B"),)), ("A", "B", "C")),
        ("leads", plan(task("A"), task("B"), links=(link("A FS B", -60),)), ("A -> B",)),
        ("lags", plan(task("A"), task("B"), links=(link("A FS B", 60),)), ("A -> B",)),
        ("link_types", plan(task("A"), task("B"), links=(link("A SS B"),)), ("A -> B",)),
        (
            "hard_constraints",
            plan(task("A", constraint=Constraint.MUST_START, constraint_at=at("2026-01-06 08:00"))),
            ("A",),
        ),
        ("high_float", plan(task("A", 60), task("B"), task("C"), links=(link("B FS C"),)), ("B", "C")),
        ("negative_float", chain(must_finish=at("2026-01-09 17:00")), ("A", "B", "M")),
        ("high_duration", plan(task("A", 45)), ("A",)),
        ("missed_deadlines", plan(task("A", 5, deadline=at("2026-01-07 17:00"))), ("A",)),
        (
            "invalid_dates",
            plan(task("A", actual_start=at("2026-02-05 08:00")), data_date=at("2026-01-07 17:00")),
            ("A",),
        ),
    ],
)
def test_what_fails_is_named(code: str, made: Plan, names: tuple[str, ...]) -> None:
    found = checks(made)[code]
    assert found.passed is False
    assert found.names == names


def test_the_indices_say_nothing_where_there_is_nothing_to_count() -> None:
    found = checks(chain())
    assert found["path_length_index"].value is None
    assert found["execution_index"].passed is None


def test_the_indices_where_there_is() -> None:
    rows = (
        task(
            "A",
            actual_start=at("2026-01-05 08:00"),
            actual_finish=at("2026-01-05 17:00"),
            deadline=at("2026-01-05 17:00"),
        ),
        task("B", deadline=at("2026-01-06 17:00")),
    )
    made = plan(*rows, data_date=at("2026-01-07 08:00"), must_finish=at("2026-01-08 17:00"))
    found = checks(made)
    assert found["execution_index"].value == 0.5
    assert found["path_length_index"].value == pytest.approx((DAY + DAY) / DAY)


def test_the_critical_path_is_led_back_to_a_start() -> None:
    assert checks(chain())["critical_path_broken"].passed
    late = {"constraint": Constraint.START_NOT_BEFORE, "constraint_at": at("2026-01-19 08:00")}
    rows = (task("A", 5), task("B", 5, **late), milestone("M"))
    held = checks(plan(*rows, links=(link("A FS B"), link("B FS M"))))["critical_path_broken"]
    assert (held.passed, held.names) == (False, ("B",))  # a date decides though B waits for A
    first = checks(plan(task("B", 5, **late), milestone("M"), links=(link("B FS M"),)))
    assert first["critical_path_broken"].passed  # nothing goes before: it is a start


def test_what_is_done_breaks_no_path() -> None:
    done = task("A", 5, actual_start=at("2026-01-05 08:00"), actual_finish=at("2026-01-09 17:00"))
    late = {"constraint": Constraint.START_NOT_BEFORE, "constraint_at": at("2026-01-19 08:00")}
    made = plan(done, task("B", 5, **late), links=(link("A FS B"),), data_date=at("2026-01-12 08:00"))
    assert checks(made)["critical_path_broken"].passed


def test_a_driver_with_float_breaks_the_path() -> None:
    found = checks(chain(must_finish=at("2026-01-30 17:00")))["critical_path_broken"]
    assert (found.passed, found.names) == (False, ("B", "M"))


@pytest.mark.parametrize("profile", ["torap", "msproject", "p6"])
def test_of_a_plan_held_to_a_finish_the_last_activities_count_not_that_date(profile: str) -> None:
    found = checks(chain(must_finish=at("2026-01-23 17:00")), profile=profile)
    assert found["path_length_index"].value == pytest.approx(15 / 10)  # five days of float on ten
    assert found["critical_path_broken"].of == 2  # B and M, which finish together
