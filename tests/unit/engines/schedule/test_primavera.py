"""What Primavera P6 does and the textbook does not, on plans worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.schedule.dates import Schedule, schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, Plan
from torap.engines.schedule.profiles import Progress
from torap.engines.schedule.worktime import CalendarSpec
from unit.engines.schedule.cases import CALENDARS, DAY, at, link, milestone, plan, task, text
from unit.engines.schedule.random_plans import plans

C = Constraint
EARLY = CalendarSpec(id="early", week=(((0, 480),),) * 7)  # every day, from midnight to eight


def dates(made: Plan) -> Schedule:
    return schedule(made, profile="p6")


def shown(found: Schedule, name: str) -> tuple[str, str]:
    return text(found.rows[name].start), text(found.rows[name].finish)


def with_early(*rows: Activity, **more: Any) -> Plan:
    """A plan with one more calendar, in which nothing is worked when others work."""
    return replace(plan(*rows, **more), calendars={**CALENDARS, "early": EARLY})


def test_a_finish_asked_on_a_day_off_is_the_next_start_of_work() -> None:
    # A works on Saturday, B does not: what ends with it ends on Monday morning, and has worked until Friday.
    rows = task("A", 6, calendar="six"), task("B", 2)
    found = dates(plan(*rows, links=(link("A FF B"),)))
    assert shown(found, "B") == ("2026-01-08 08:00", "2026-01-12 08:00")
    begun = at("2026-01-05 08:00")
    rows = rows[0], task("B", 2, actual_start=begun, remaining=DAY)
    found = dates(plan(*rows, links=(link("A FF B"),), data_date=begun))
    assert text(found.rows["B"].finish) == "2026-01-12 08:00"


def test_a_start_to_finish_link_names_the_finish() -> None:
    held = task("A", 2, constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-08 08:00"))
    found = dates(plan(held, task("B", 1), links=(link("A SF B"),)))
    assert shown(found, "B") == ("2026-01-07 08:00", "2026-01-08 08:00")


def test_a_finish_milestone_stands_with_the_later_of_two_ends_of_the_same_working_time() -> None:
    rows = task("A", 5), task("B", 6, calendar="six"), milestone("M")
    found = dates(plan(*rows, links=(link("A FS M"), link("B FS M"))))
    assert shown(found, "M")[0] == "2026-01-12 08:00"  # Saturday is no day of work for the milestone
    found = dates(plan(rows[0], rows[2], links=(link("A FS M"),)))
    assert shown(found, "M")[0] == "2026-01-09 17:00"


def test_a_mandatory_date_before_the_data_date_moves_no_work_before_it() -> None:
    must = milestone("M", constraint=C.MUST_FINISH, constraint_at=at("2026-01-06 07:00"))
    start = task("A", 1, constraint=C.MUST_START, constraint_at=at("2026-01-06 08:00"))
    found = dates(plan(must, start, task("B", 3), data_date=at("2026-01-07 09:40")))
    assert shown(found, "M") == ("2026-01-07 09:40", "2026-01-07 09:40")
    assert found.rows["M"].total_float == -(100 + DAY)  # back over Tuesday to the end of Monday
    assert shown(found, "A")[0] == "2026-01-07 09:40"


def test_a_constraint_earlier_on_the_same_day_does_not_break_a_link() -> None:
    held = task("B", 1, constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-06 08:00"))
    found = dates(plan(task("A", 1.5), held, links=(link("A FS B"),)))
    assert shown(found, "B") == ("2026-01-06 13:00", "2026-01-07 12:00")
    bare = replace(held, constraint_at=at("2026-01-06 00:00"))
    found = dates(plan(task("A", 2), bare, links=(link("A FS B"),)))
    assert shown(found, "B")[0] == "2026-01-07 08:00"


def begun(name: str, **more: Any) -> Activity:
    return task(name, 3, actual_start=at("2026-01-05 08:00"), remaining=DAY, actual=2 * DAY, **more)


def test_under_override_what_has_begun_holds_its_predecessors_no_more() -> None:
    done = task("C", 1, actual_start=at("2026-01-05 08:00"), actual_finish=at("2026-01-05 17:00"))
    rows = task("A", 2), begun("B"), done, task("D", 9)
    made = plan(*rows, links=(link("A FS B"), link("A FF C")), data_date=at("2026-01-07 08:00"))
    assert (dates(made).rows["A"].total_float or 0) < 7 * DAY
    override = replace(made, options={"progress": Progress.OVERRIDE})
    assert dates(override).rows["A"].total_float == 7 * DAY


def test_by_actual_dates_what_is_finished_waits_for_nothing() -> None:
    done = task("B", 1, actual_start=at("2026-01-05 08:00"), actual_finish=at("2026-01-06 17:00"))
    rows = task("A", 5), done, task("C", 1), begun("D")
    links = (link("A FS B"), link("B FS C"), link("A FS D"))
    made = plan(*rows, links=links, data_date=at("2026-01-07 08:00"))
    assert shown(dates(made), "C") == ("2026-01-14 08:00", "2026-01-14 17:00")
    found = dates(replace(made, options={"progress": Progress.ACTUAL}))
    assert shown(found, "C") == ("2026-01-07 08:00", "2026-01-07 17:00")
    assert shown(found, "D")[1] == shown(dates(made), "D")[1] == "2026-01-14 17:00"  # under way: it waits
    assert (found.rows["A"].total_float, found.rows["C"].total_float) == (0, 5 * DAY)
    longest = replace(made, options={"progress": Progress.ACTUAL, "critical_longest": True})
    assert [name for name, row in dates(longest).rows.items() if row.critical] == ["A", "D"]
    # What is said to have finished after the data date passes that on.
    later = replace(done, actual_finish=at("2026-01-09 17:00"))
    made = replace(made, activities=(rows[0], later, *rows[2:]), options={"progress": Progress.ACTUAL})
    assert shown(dates(made), "C")[0] == "2026-01-12 08:00"


def _without_summaries(made: Plan) -> Plan:
    """Tasks and milestones alone, none as late as possible, none finished after the data date."""
    since = max(made.start, made.data_date if made.data_date is not None else made.start)
    rows = []
    for row in made.activities:
        if row.kind not in {Kind.SUMMARY, Kind.LEVEL_OF_EFFORT}:
            alap, ended = row.constraint == C.ALAP, row.actual_finish
            rows.append(
                replace(
                    row,
                    parent="",
                    constraint=C.ASAP if alap else row.constraint,
                    actual_finish=None if ended is None else min(ended, since),
                )
            )
    ids = {row.id for row in rows}
    links = tuple(row for row in made.links if {row.predecessor, row.successor} <= ids)
    return replace(made, activities=tuple(rows), links=links)


@given(plans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_actual_dates_are_retained_logic_without_links_into_what_is_finished(
    drawn: Plan, longest: bool
) -> None:
    made = _without_summaries(drawn)
    done = {row.id for row in made.activities if row.actual_finish is not None}
    options = {**made.options, "critical_longest": longest}
    actual = dates(replace(made, options={**options, "progress": "actual"}))
    links = tuple(row for row in made.links if row.successor not in done)
    retained = dates(replace(made, links=links, options={**options, "progress": "retained_logic"}))
    for name, row in actual.rows.items():
        assert name in done or row == retained.rows[name]


def test_a_lag_from_the_start_runs_from_what_is_left_or_from_the_actual_start() -> None:
    rows = replace(begun("A"), minutes=6 * DAY, remaining=5 * DAY, actual=DAY), task("B", 1)
    links = (link("A SS B", 4 * DAY),)
    made = plan(*rows, links=links, data_date=at("2026-01-07 08:00"))
    assert shown(dates(made), "B")[0] == "2026-01-12 08:00"  # three days from the data date
    actual = replace(made, options={"lag_from_actual": True})
    found = dates(actual)
    assert shown(found, "B")[0] == "2026-01-09 08:00"  # four days from Monday
    # Backward too: two of the four days have passed, so A must go on two days before B must start.
    assert text(found.rows["B"].late_start) == "2026-01-13 08:00"
    assert text(found.rows["A"].late_start) == "2026-01-07 08:00"


def test_a_lag_of_which_nothing_is_done_is_not_counted_backward_either() -> None:
    rows = task("A", 2, actual_start=at("2026-01-05 08:00"), remaining=2 * DAY), task("B", 1), task("C", 5)
    found = dates(plan(*rows, links=(link("A SS B", DAY),)))
    assert shown(found, "B")[0] == "2026-01-05 08:00"
    assert found.rows["A"].total_float == 3 * DAY  # of its own finish; B may start four days later


def test_open_ends_are_critical_where_the_file_says_so() -> None:
    made = plan(task("A", 1), task("B", 3))
    assert not dates(made).rows["A"].critical
    found = dates(replace(made, options={"open_ends_critical": True}))
    assert [found.rows[name].total_float for name in "AB"] == [0, 0]
    assert found.rows["A"].critical


def test_every_link_that_drives_lies_on_the_longest_path() -> None:
    rows = task("A", 2), task("B", 2), task("C", 1), task("D", 1)
    links = link("A FS C"), link("B FS C"), link("D FS C")
    found = dates(plan(*rows, links=links, options={"critical_longest": True}))
    assert [name for name in "ABCD" if found.rows[name].critical] == ["A", "B", "C"]


def test_dates_of_another_project_hold_from_both_sides() -> None:
    outside = at("2026-01-07 08:00"), at("2026-01-08 17:00")
    found = dates(plan(task("A", 1, external=outside), task("B", 9)))
    assert shown(found, "A")[0] == "2026-01-07 08:00"
    assert found.rows["A"].total_float == DAY


def test_a_wbs_summary_has_the_float_of_its_finish() -> None:
    rows = (
        Activity(id="S", kind=Kind.SUMMARY),
        task("A", 1, parent="S"),
        task("B", 2, parent="S"),
        task("C", 9),
    )
    found = dates(plan(*rows, links=(link("A FS C"),)))
    assert shown(found, "S") == ("2026-01-05 08:00", "2026-01-06 17:00")
    assert found.rows["S"].total_float == 8 * DAY
    done = {"actual_start": at("2026-01-05 08:00"), "actual_finish": at("2026-01-05 17:00")}
    found = dates(plan(rows[0], task("A", 1, parent="S", **done), rows[3]))
    assert found.rows["S"].total_float is None


def test_a_calendar_nobody_uses_may_be_without_work() -> None:
    made = with_early(task("A", 1, calendar="early"))
    empty = CalendarSpec(id="none", week=((),) * 7)
    found = dates(replace(made, calendars={**made.calendars, "none": empty}))
    assert shown(found, "A") == ("2026-01-06 00:00", "2026-01-06 08:00")
