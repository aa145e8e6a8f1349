"""Which limits no date keeps, and which the dates of a plan do not keep: by whose convention, by how much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import Schedule, schedule
from torap.engines.schedule.limits import BOUNDS, Missed, asked_of, impossible
from torap.engines.schedule.plan import Activity, Constraint, Kind, Part, Plan
from torap.engines.schedule.worktime import CalendarSpec
from unit.engines.schedule.cases import DAY, at, link, plan, task, text
from unit.engines.schedule.random_plans import plans

C = Constraint
MONDAY, TUESDAY, FRIDAY = at("2026-01-05 08:00"), at("2026-01-06 17:00"), at("2026-01-09 17:00")


def codes(*rows: Activity, **more: Any) -> list[str]:
    return [one.code for one in impossible(plan(*rows, **more))]


def pair(days: float, first: Constraint, one: int, second: Constraint, other: int, **more: Any) -> Activity:
    return task("A", days, constraint=first, constraint_at=one, second=second, second_at=other, **more)


@pytest.mark.parametrize(
    ("first", "one", "second", "other", "days", "code"),
    [
        (C.START_NOT_BEFORE, FRIDAY, C.START_NOT_AFTER, MONDAY, 1, "constraint_impossible"),
        (C.START_NOT_AFTER, MONDAY, C.START_NOT_BEFORE, FRIDAY, 1, "constraint_impossible"),
        (C.START_NOT_BEFORE, FRIDAY, C.FINISH_NOT_AFTER, TUESDAY, 1, "constraint_impossible"),
        (C.FINISH_NOT_BEFORE, FRIDAY, C.FINISH_ON, TUESDAY, 1, "constraint_impossible"),
        (C.MUST_START, MONDAY, C.MUST_START, MONDAY, 1, ""),
        # Two days of work fit between Monday morning and Tuesday evening, a minute more does not.
        (C.START_NOT_BEFORE, MONDAY, C.MUST_FINISH, TUESDAY, 2, ""),
        (C.START_NOT_BEFORE, MONDAY, C.MUST_FINISH, TUESDAY, 2 + 1 / DAY, "constraints_and_duration"),
        (C.START_NOT_AFTER, MONDAY, C.FINISH_NOT_BEFORE, FRIDAY, 5, ""),
        (C.START_NOT_AFTER, MONDAY, C.FINISH_NOT_BEFORE, FRIDAY, 4, "constraints_and_duration"),
        (C.MUST_START, MONDAY, C.MUST_FINISH, TUESDAY, 1, "constraints_and_duration"),
    ],
)
def test_two_constraints_of_one_activity(
    first: Constraint, one: int, second: Constraint, other: int, days: float, code: str
) -> None:
    row = pair(days, first, one, second, other)
    assert codes(row) == ([code] if code else [])


def test_what_is_not_asked_whether_it_is_possible() -> None:
    against = C.START_NOT_BEFORE, FRIDAY, C.START_NOT_AFTER, MONDAY
    assert codes(pair(1, *against)) == ["constraint_impossible"]
    assert codes(pair(1, *against, active=False)) == []
    assert codes(pair(1, *against, actual_start=MONDAY, actual_finish=TUESDAY)) == []
    assert codes(Activity(id="S", kind=Kind.SUMMARY, constraint=C.MUST_FINISH, constraint_at=0)) == []
    tight = C.START_NOT_BEFORE, MONDAY, C.MUST_FINISH, TUESDAY
    parts = (Part(calendar="std", minutes=60),)
    assert codes(pair(9, *tight, parts=parts)) == []  # its parts say how long it takes
    nothing = CalendarSpec(id="std", week=((),) * 7)
    made = plan(pair(9, *tight))
    broken = Plan(start=made.start, activities=made.activities, calendars={"std": nothing}, calendar="std")
    assert list(impossible(broken)) == []  # the passes tell the calendar


def test_one_constraint_and_what_has_happened_or_begins_the_plan() -> None:
    must = task("A", 3, constraint=C.MUST_FINISH, constraint_at=TUESDAY)
    (one,) = impossible(plan(must))
    assert (one.code, text(one.earliest or 0), one.second) == (
        "constraint_before_plan",
        "2026-01-07 17:00",
        False,
    )
    assert codes(task("A", 2, constraint=C.MUST_FINISH, constraint_at=TUESDAY)) == []
    begun = task("A", 3, constraint=C.MUST_FINISH, constraint_at=TUESDAY, actual_start=FRIDAY)
    assert codes(begun) == ["constraint_before_actual_start"]
    assert codes(task("A", 3, constraint=C.MUST_START, constraint_at=TUESDAY, actual_start=FRIDAY)) == []


def scheduled(made: Plan, profile: str) -> Schedule:
    """Dates of a random plan; one whose links of summaries make a loop is no example."""
    try:
        return schedule(made, profile=profile)
    except EngineInputError as error:
        assume(error.code != "loop")
        raise


@given(plans())
@settings(max_examples=60, deadline=None)
def test_what_is_impossible_is_missed_by_the_plain_convention(made: Plan) -> None:
    """Where no date keeps the constraints of one activity, its dates do not keep them either."""
    plain = replace(made, options={**made.options, "holds": "none"})
    by_work = {"constraints_and_duration", "constraint_before_plan"}
    never = {one.activity.id for one in impossible(plain) if one.code in by_work}
    assert never <= {one.id for one in scheduled(plain, "torap").missed}


def missed(made: Plan, profile: str) -> list[tuple[str, str, str, float, bool, str]]:
    return [
        (one.id, one.constraint, text(one.stands), one.minutes / DAY, one.against_links, one.driven_by)
        for one in schedule(made, profile=profile).missed
    ]


def driven(kind: Constraint, **more: Any) -> Plan:
    """B waits for the five days of A, and is held to a date in them."""
    limit = MONDAY + 1440 if BOUNDS[kind].of_start else at("2026-01-07 17:00")
    rows = task("A", 5), task("B", 2, constraint=kind, constraint_at=limit)
    return plan(*rows, links=(link("A FS B"),), **more)


@pytest.mark.parametrize("profile", ["torap", "msproject", "p6"])
@pytest.mark.parametrize(
    ("kind", "stands", "days", "of"),
    [
        (C.START_NOT_AFTER, "2026-01-12 08:00", 4, {"torap", "p6"}),
        (C.FINISH_NOT_AFTER, "2026-01-13 17:00", 4, {"torap", "p6"}),
        (C.MUST_FINISH, "2026-01-13 17:00", 4, {"torap"}),
        (C.MUST_START, "2026-01-12 08:00", 4, {"torap"}),
    ],
)
def test_what_links_make_impossible(
    kind: Constraint, stands: str, days: int, of: set[str], profile: str
) -> None:
    found = missed(driven(kind), profile)
    if profile in of:
        assert found == [("B", str(kind), stands, days, False, "A")]
    else:  # the date is kept, against the link out of A
        assert found == [("B", str(kind), "2026-01-12 08:00", days, True, "A")]


def test_what_is_kept_against_links_in_the_plain_convention() -> None:
    held = driven(C.MUST_START, options={"holds": "must"})
    assert missed(held, "torap") == [("B", "must_start", "2026-01-12 08:00", 4, True, "A")]
    loose = driven(C.MUST_START, options={"links_win": True})
    assert missed(loose, "msproject") == [("B", "must_start", "2026-01-12 08:00", 4, False, "A")]


@pytest.mark.parametrize("profile", ["torap", "p6"])
def test_what_the_data_date_makes_impossible_has_no_predecessor(profile: str) -> None:
    late = task("A", 1, constraint=C.MUST_FINISH, constraint_at=TUESDAY)
    found = schedule(plan(late, data_date=at("2026-01-08 08:00")), profile=profile).missed
    assert [(one.id, one.minutes / DAY, one.driven_by) for one in found] == [("A", 2, "")]


def test_what_is_not_looked_at() -> None:
    limit: dict[str, Any] = {"constraint": C.FINISH_NOT_AFTER, "constraint_at": at("2026-01-05 12:00")}
    done = task("A", 1, actual_start=MONDAY, actual_finish=TUESDAY, **limit)
    assert missed(plan(done), "torap") == []
    assert missed(plan(task("A", 1, manual=(MONDAY, TUESDAY), **limit)), "msproject") == []
    second = task("A", 1, second=C.FINISH_NOT_AFTER, second_at=at("2026-01-05 12:00"))
    assert missed(plan(second), "msproject") == []
    assert [row[0] for row in missed(plan(second), "p6")] == ["A"]
    begun = task("A", 1, actual_start=TUESDAY, constraint=C.MUST_START, constraint_at=MONDAY)
    assert missed(plan(begun), "torap") == []
    assert asked_of(task("A", 1, constraint=C.ALAP)) == ()


def test_a_summary_and_the_plan_as_a_whole_name_what_ends_last() -> None:
    above = Activity(id="S", kind=Kind.SUMMARY, constraint=C.FINISH_NOT_AFTER, constraint_at=TUESDAY)
    rows = above, task("A", 1, parent="S"), task("B", 4, parent="S")
    made = plan(*rows, links=(link("A FS B"),), must_finish=at("2026-01-08 17:00"))
    assert [(one.id, one.constraint, one.minutes / DAY, one.driven_by) for one in schedule(made).missed] == [
        ("S", "finish_not_after", 3, "B"),
        ("B", "plan_finish", 1, "A"),
    ]


@given(plans(), st.sampled_from(["torap", "msproject", "p6"]))
@settings(max_examples=60, deadline=None)
def test_a_missed_limit_has_negative_float_or_is_kept_against_links(made: Plan, profile: str) -> None:
    found = scheduled(made, profile)
    for one in found.missed:
        assert isinstance(one, Missed)
        assert one.minutes > 0
        assert one.stands > one.at or one.against_links
