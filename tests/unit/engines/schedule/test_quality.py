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
