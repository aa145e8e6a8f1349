"""What Microsoft Project does and the textbook does not, on plans worked out by hand."""

from __future__ import annotations

from torap.engines.schedule.dates import Schedule, schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, Part, Plan
from unit.engines.schedule.cases import DAY, at, link, milestone, plan, task, text

C = Constraint


def dates(made: Plan) -> Schedule:
    return schedule(made, profile="msproject")


def shown(found: Schedule, name: str) -> tuple[str, str]:
    return text(found.rows[name].start), text(found.rows[name].finish)


def summary(name: str, **more: object) -> Activity:
    return Activity(id=name, kind=Kind.SUMMARY, **more)  # type: ignore[arg-type]


def test_a_delay_by_levelling_comes_after_the_links_and_counts_by_the_clock() -> None:
    rows = task("A", 1), task("B", 1, levelling_delay=2 * 1440), task("C", 1)
    found = dates(plan(*rows, links=(link("A FS B"), link("B FS C"))))
    assert shown(found, "B") == ("2026-01-08 08:00", "2026-01-08 17:00")  # Tuesday 08:00 and two days
    assert found.rows["B"].driver == "levelling"
    assert shown(found, "C")[0] == "2026-01-09 08:00"


def test_a_start_to_finish_link_names_the_finish() -> None:
    held = task("A", 2, constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-08 08:00"))
    found = dates(plan(held, task("B", 1), links=(link("A SF B"),)))
    assert shown(found, "B") == ("2026-01-07 08:00", "2026-01-08 08:00")


def test_a_milestone_stands_on_a_day_off_where_a_task_waits_for_work() -> None:
    sunday = at("2026-01-04 08:00")
    rows = milestone("M"), milestone("N"), task("A", 1)
    found = dates(plan(*rows, links=(link("M FS N"), link("N FS A")), start=sunday))
    assert shown(found, "M")[0] == shown(found, "N")[0] == "2026-01-04 08:00"
    assert shown(found, "A")[0] == "2026-01-05 08:00"


def test_the_late_dates_of_a_milestone_are_where_what_follows_begins() -> None:
    links = link("A FS M"), link("M FS B")
    found = dates(plan(task("A", 1), milestone("M"), task("B", 1), links=links))
    assert shown(found, "M")[0] == "2026-01-05 17:00"
    assert text(found.rows["M"].late_finish) == text(found.rows["M"].late_start) == "2026-01-06 08:00"
    assert (found.rows["M"].total_float, found.rows["M"].critical) == (0, True)
    found = dates(plan(task("A", 1), milestone("M", constraint=C.ALAP), task("B", 1), links=links))
    assert shown(found, "M") == ("2026-01-06 08:00", "2026-01-06 08:00")  # late dates are what it shows
    assert shown(found, "B")[0] == "2026-01-06 08:00"


def test_a_task_held_to_a_day_off_starts_on_the_next_working_day() -> None:
    held = task("A", 1, constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-10 08:00"))
    found = dates(plan(held, task("B", 1), links=(link("B FS A"),)))
    assert shown(found, "A") == ("2026-01-12 08:00", "2026-01-12 17:00")


def test_a_constraint_of_a_summary_holds_what_lies_under_it() -> None:
    top = summary("S", constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-07 08:00"))
    inner = summary("T", parent="S")
    rows = top, inner, task("A", 1, parent="T"), task("B", 1, parent="S"), task("C", 1)
    found = dates(plan(*rows, links=(link("C FS B"),)))
    assert [shown(found, name)[0] for name in "AB"] == ["2026-01-07 08:00"] * 2
    assert found.rows["S"].driver == "parts"


def test_a_summary_that_must_finish_gives_its_tasks_less_float() -> None:
    top = summary("S", constraint=C.FINISH_NOT_AFTER, constraint_at=at("2026-01-06 17:00"))
    found = dates(plan(top, task("A", 1, parent="S"), task("B", 5)))
    assert found.rows["A"].total_float == DAY


def test_tasks_under_a_manual_summary_begin_with_it() -> None:
    top = summary("S", manual=(at("2026-01-12 08:00"), at("2026-01-30 17:00")))
    rows = top, task("A", 2, parent="S"), task("B", 1, parent="S"), task("C", 1)
    found = dates(plan(*rows, links=(link("C FS B"),)))
    assert shown(found, "A") == ("2026-01-12 08:00", "2026-01-13 17:00")
    assert shown(found, "B")[0] == "2026-01-12 08:00"  # though a link would let it begin before


def test_what_waits_for_the_start_of_a_summary_waits_for_its_first_task() -> None:
    rows = summary("S"), task("A", 1, parent="S"), task("B", 9, parent="S"), task("C", 5), task("D", 1)
    links = link("A FS B"), Link(predecessor="S", successor="D", type=link("A SS B").type, lag=DAY)
    found = dates(plan(*rows, links=links))
    assert shown(found, "D")[0] == "2026-01-06 08:00"
    assert found.rows["B"].total_float == 0  # D does not hold the second task
    assert found.rows["D"].driven_by == "A"


def test_the_float_of_a_summary_is_between_its_own_ends() -> None:
    # A may move by two days within the ten of the plan, B by nine; together they may end eight days later.
    rows = summary("S"), task("A", 1, parent="S"), task("B", 1, parent="S"), task("C", 7), task("D", 10)
    found = dates(plan(*rows, links=(link("A FS C"),)))
    assert found.rows["A"].total_float == 2 * DAY
    assert found.rows["S"].total_float == 2 * DAY  # of the start; the finish may move nine
    begun = at("2026-01-05 08:00")
    rows = summary("S"), task("A", 1, parent="S", actual_start=begun), *rows[2:]
    assert dates(plan(*rows, links=(link("A FS C"),))).rows["S"].total_float == 9 * DAY


def test_what_is_done_has_no_float_and_is_not_critical() -> None:
    done = {"actual_start": at("2026-01-05 08:00"), "actual_finish": at("2026-01-05 17:00")}
    found = dates(plan(summary("S"), task("A", 1, parent="S", **done), task("B", 3)))
    assert [(found.rows[name].total_float, found.rows[name].critical) for name in "AS"] == [(0, False)] * 2


def test_an_inactive_task_has_dates_and_moves_nothing() -> None:
    rows = summary("S"), task("A", 2, parent="S"), task("B", 5, parent="S", active=False), task("C", 1)
    found = dates(plan(*rows, links=(link("A FS B"), link("B FS C"))))
    assert shown(found, "B") == ("2026-01-07 08:00", "2026-01-13 17:00")
    assert shown(found, "C")[0] == "2026-01-05 08:00"
    assert shown(found, "S")[1] == "2026-01-06 17:00"
    assert not found.rows["B"].critical
    assert "B" not in schedule(plan(*rows), profile="torap").rows


def test_a_manual_task_without_dates_is_never_critical() -> None:
    fixed = at("2026-01-05 08:00"), at("2026-01-09 17:00")
    found = dates(plan(task("A", 5, manual=fixed), task("B", 5, manual=fixed, undated=True)))
    assert (found.rows["A"].critical, found.rows["B"].critical) == (True, False)
    assert found.rows["B"].total_float == 0


def test_a_plan_scheduled_from_its_finish_is_late_up_to_it() -> None:
    late = {"constraint": C.ALAP}
    rows = task("A", 1, **late), task("B", 1, **late), task("C", 5, **late)
    found = dates(plan(*rows, links=(link("A FS B"),), must_finish=at("2026-01-16 17:00")))
    assert shown(found, "B") == ("2026-01-16 08:00", "2026-01-16 17:00")
    assert shown(found, "A") == ("2026-01-15 08:00", "2026-01-15 17:00")
    assert shown(found, "C")[0] == "2026-01-12 08:00"


def test_a_part_that_begins_later_ends_later() -> None:
    parts = Part(calendar="std", minutes=2 * DAY), Part(calendar="std", minutes=2 * DAY, offset=DAY)
    rows = task("A", 3, parts=parts), task("B", 1), task("C", 10)
    found = dates(plan(*rows, links=(link("A FS B"),)))
    assert shown(found, "A") == ("2026-01-05 08:00", "2026-01-07 17:00")
    assert text(found.rows["A"].late_start) == "2026-01-13 08:00"


def test_an_inactive_task_waits_for_the_lag_of_its_link() -> None:
    for more in ({"lag": DAY}, {"lag": 10_000, "unit": LagUnit.PERCENT}):
        found = dates(plan(task("A"), task("B", active=False), links=(link("A FS B", **more),)))
        assert shown(found, "B")[0] == "2026-01-07 08:00"


def test_a_milestone_held_to_an_hour_without_work_stands_there() -> None:
    early = at("2026-01-06 06:00")
    held = milestone("M", constraint=C.START_NOT_BEFORE, constraint_at=early)
    found = schedule(plan(held, task("A", 3)), profile="msproject")
    assert text(found.rows["M"].start) == "2026-01-06 06:00"
    later = task("B", 1, constraint=C.START_NOT_BEFORE, constraint_at=early)
    found = schedule(plan(later, task("A", 3)), profile="msproject")
    assert text(found.rows["B"].start) == "2026-01-06 08:00"


def test_a_task_made_inactive_waits_for_a_lag_too() -> None:
    for tie in (link("A FS B", DAY), link("A FF B", DAY)):
        found = dates(plan(task("A", 2), task("B", 1, active=False), task("C", 9), links=(tie,)))
        assert shown(found, "B")[1] == ("2026-01-08 17:00" if tie.type == "FS" else "2026-01-07 17:00")
