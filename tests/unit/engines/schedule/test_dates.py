"""Dates of small plans, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule, why
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Part
from torap.engines.schedule.profiles import PROFILES
from torap.engines.schedule.worktime import ALWAYS
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task, text

ALL = sorted(PROFILES)


def shown(found: object, name: str) -> tuple[str, str]:
    row = found.rows[name]  # type: ignore[attr-defined]
    return text(row.start), text(row.finish)


@pytest.mark.parametrize("profile", ALL)
def test_a_chain_over_a_weekend(profile: str) -> None:
    rows = (task("A", 5), task("B", 2), task("C", 1), milestone("M"))
    links = (link("A FS B"), link("C FS B"), link("B FS M"))
    found = schedule(plan(*rows, links=links), profile=profile)
    assert shown(found, "A") == ("2026-01-05 08:00", "2026-01-09 17:00")
    assert shown(found, "B") == ("2026-01-12 08:00", "2026-01-13 17:00")
    assert shown(found, "M") == ("2026-01-13 17:00", "2026-01-13 17:00")
    assert found.rows["C"].total_float == 4 * DAY
    assert found.rows["C"].free_float == 4 * DAY
    assert [name for name in "ABCM" if found.rows[name].critical] == ["A", "B", "M"]
    assert why(found, "M") == [("M", "FS"), ("B", "FS"), ("A", "plan")]


@pytest.mark.parametrize("profile", ALL)
@pytest.mark.parametrize(
    ("words", "lag", "start"),
    [
        ("A FS B", DAY, "2026-01-08 08:00"),
        ("A FS B", -DAY, "2026-01-06 08:00"),
        ("A SS B", DAY, "2026-01-06 08:00"),
        ("A FF B", DAY, "2026-01-07 08:00"),
    ],
)
def test_links_of_every_type_with_lags(profile: str, words: str, lag: int, start: str) -> None:
    found = schedule(plan(task("A", 2), task("B", 1), links=(link(words, lag),)), profile=profile)
    assert shown(found, "B")[0] == start


def test_a_start_to_finish_link_ends_the_successor_where_the_predecessor_starts() -> None:
    held = task("A", 2, constraint=Constraint.START_NOT_BEFORE, constraint_at=at("2026-01-08 08:00"))
    found = schedule(plan(held, task("B", 1), links=(link("A SF B"),)))
    assert shown(found, "B") == ("2026-01-07 08:00", "2026-01-07 17:00")


def test_lags_pass_in_the_time_of_the_convention() -> None:
    rows = (task("A", 5), task("B", 1, calendar="six"))
    links = (link("A FS B", DAY),)
    starts = {name: shown(schedule(plan(*rows, links=links), profile=name), "B")[0] for name in ALL}
    assert starts == {
        "msproject": "2026-01-12 08:00",  # Saturday passes in the successor's six-day week
        "p6": "2026-01-13 08:00",  # Monday, in the predecessor's five-day week
        "torap": "2026-01-13 08:00",
    }


def test_elapsed_and_percent_lags() -> None:
    rows = (task("A", 4), task("B"), task("C"))
    links = (link("A FS B", 1440, unit=LagUnit.ELAPSED), link("A FS C", 5000, unit=LagUnit.PERCENT))
    found = schedule(plan(*rows, links=links))
    assert shown(found, "B")[0] == "2026-01-09 17:00" or shown(found, "B")[0] == "2026-01-12 08:00"
    assert shown(found, "C")[0] == "2026-01-13 08:00"


@pytest.mark.parametrize(
    ("constraint", "day", "msproject", "p6"),
    [
        (Constraint.START_NOT_BEFORE, "2026-01-14 08:00", "2026-01-14 08:00", "2026-01-14 08:00"),
        (Constraint.FINISH_NOT_BEFORE, "2026-01-14 17:00", "2026-01-14 08:00", "2026-01-14 08:00"),
        (Constraint.START_NOT_AFTER, "2026-01-06 08:00", "2026-01-06 08:00", "2026-01-12 08:00"),
        (Constraint.FINISH_NOT_AFTER, "2026-01-06 17:00", "2026-01-06 08:00", "2026-01-12 08:00"),
        (Constraint.MUST_START, "2026-01-07 08:00", "2026-01-07 08:00", "2026-01-07 08:00"),
        (Constraint.MUST_FINISH, "2026-01-07 17:00", "2026-01-07 08:00", "2026-01-07 08:00"),
    ],
)
def test_constraints_hold_as_their_program_holds_them(
    constraint: Constraint, day: str, msproject: str, p6: str
) -> None:
    rows = (task("A", 5), task("B", 1, constraint=constraint, constraint_at=at(day)))
    made = plan(*rows, links=(link("A FS B"),))
    assert shown(schedule(made, profile="msproject"), "B")[0] == msproject
    assert shown(schedule(made, profile="p6"), "B")[0] == p6


def test_a_deadline_gives_negative_float_and_moves_nothing() -> None:
    rows = (task("A", 5), task("B", 1, deadline=at("2026-01-08 17:00")))
    found = schedule(plan(*rows, links=(link("A FS B"),)), profile="msproject")
    assert shown(found, "B")[0] == "2026-01-12 08:00"
    assert found.rows["B"].total_float == -2 * DAY


def test_what_must_finish_earlier_has_negative_float() -> None:
    found = schedule(plan(task("A", 5), must_finish=at("2026-01-08 17:00")))
    assert found.rows["A"].total_float == -DAY


def test_as_late_as_possible_takes_the_float_of_its_convention() -> None:
    rows = (task("A", 1, constraint=Constraint.ALAP), task("B", 5), task("C", 1))
    made = plan(*rows, links=(link("A FS C"), link("B FS C")))
    for profile in ("msproject", "p6"):
        assert shown(schedule(made, profile=profile), "A")[0] == "2026-01-09 08:00"


def test_progress_in_each_convention() -> None:
    begun = task("A", 4, actual_start=at("2026-01-05 08:00"), actual=DAY, remaining=3 * DAY)
    made = plan(begun, task("B"), links=(link("A FS B"),), data_date=at("2026-01-07 17:00"))
    assert shown(schedule(made, profile="msproject"), "A")[1] == "2026-01-08 17:00"
    for profile in ("p6", "torap"):
        found = schedule(made, profile=profile)
        assert shown(found, "A") == ("2026-01-05 08:00", "2026-01-12 17:00")
        assert shown(found, "B")[0] == "2026-01-13 08:00"


def test_work_out_of_sequence_waits_unless_the_progress_overrides() -> None:
    begun = task("B", 4, actual_start=at("2026-01-05 08:00"), actual=DAY, remaining=3 * DAY)
    made = plan(task("A", 5), begun, links=(link("A FS B"),), data_date=at("2026-01-06 08:00"))
    waits = schedule(made, profile="p6")
    assert shown(waits, "B")[1] == "2026-01-15 17:00"
    override = plan(task("A", 5), begun, links=(link("A FS B"),), data_date=at("2026-01-06 08:00"),
                    options={"progress": "override"})  # fmt: skip
    assert shown(schedule(override, profile="p6"), "B")[1] == "2026-01-08 17:00"


def test_an_expected_finish_replaces_what_is_left() -> None:
    made = plan(task("A", 2, expected_finish=at("2026-01-09 17:00")), task("B"), links=(link("A FS B"),))
    found = schedule(made, profile="p6")
    assert shown(found, "A")[1] == "2026-01-09 17:00"
    assert shown(found, "B")[0] == "2026-01-12 08:00"


def test_summaries_span_their_parts_and_pass_their_links_on() -> None:
    rows = (
        Activity(id="S", kind=Kind.SUMMARY),
        task("A", 2, parent="S"),
        task("B", 3, parent="S"),
        task("C", 1),
    )
    found = schedule(plan(*rows, links=(link("A FS B"), link("S FS C"))), profile="msproject")
    assert shown(found, "S") == ("2026-01-05 08:00", "2026-01-09 17:00")
    assert shown(found, "C")[0] == "2026-01-12 08:00"


def test_a_level_of_effort_lasts_as_long_as_its_neighbours_and_drives_nothing() -> None:
    rows = (task("A", 2), task("B", 3), Activity(id="L", kind=Kind.LEVEL_OF_EFFORT, minutes=480))
    links = (link("A FS B"), link("A SS L"), link("B FF L"))
    found = schedule(plan(*rows, links=links), profile="p6")
    assert shown(found, "L") == ("2026-01-05 08:00", "2026-01-09 17:00")
    assert found.finish == at("2026-01-09 17:00")


def test_parts_decide_the_duration_in_their_own_time() -> None:
    part = Part(calendar="six", minutes=6 * DAY, remaining=6 * DAY)
    found = schedule(plan(task("A", 6, parts=(part,))), profile="msproject")
    assert shown(found, "A")[1] == "2026-01-10 17:00"


def test_the_longest_path_is_critical_where_the_plan_says_so() -> None:
    rows = (task("A", 5), task("B", 1, deadline=at("2026-01-05 17:00")), task("C", 1))
    made = plan(*rows, links=(link("A FS C"),), options={"critical_longest": True})
    found = schedule(made, profile="p6")
    assert [name for name in "ABC" if found.rows[name].critical] == ["A", "C"]


def test_an_unknown_convention_is_named() -> None:
    with pytest.raises(EngineInputError, match="profile_unknown"):
        schedule(plan(task("A")), profile="asta")


def test_a_date_centuries_off_names_the_activity() -> None:
    year = 365 * 1440
    far = Activity(id="B", calendar="24h", minutes=1000 * year)
    made = plan(task("A"), far, links=(link("A FS B"), link("B FS C")))
    made = replace(
        made,
        calendars={**made.calendars, "24h": ALWAYS},
        activities=(*made.activities, replace(far, id="C")),
    )
    with pytest.raises(EngineInputError, match="date_out_of_range at C"):
        schedule(made)
    long = plan(task("A"), Activity(id="B", calendar="std", minutes=1 << 31), links=(link("A FS B"),))
    with pytest.raises(EngineInputError, match="time_out_of_range at std") as caught:
        schedule(long)
    assert caught.value.params["activity"] == "B"
