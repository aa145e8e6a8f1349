"""Manual summaries in Microsoft Project's convention: they stand where they stand, whatever lies below them.

The plan runs from Monday 5 January 2026; the summary S is put to Wednesday 7 up to Friday 9 January.
"""

from __future__ import annotations

from torap.engines.schedule.dates import Schedule, schedule
from torap.engines.schedule.plan import Activity, Constraint, Kind, Link
from unit.engines.schedule.cases import DAY, at, link, plan, task, text

C = Constraint
PUT = at("2026-01-07 08:00"), at("2026-01-09 17:00")
S = Activity(id="S", kind=Kind.SUMMARY, manual=PUT)


def found(*rows: Activity, links: tuple[Link, ...] = (), profile: str = "msproject") -> Schedule:
    return schedule(plan(*rows, links=links), profile=profile)


def shown(made: Schedule, name: str) -> tuple[str, str]:
    return text(made.rows[name].start), text(made.rows[name].finish)


def test_a_manual_summary_keeps_its_dates_and_the_plan_ends_with_it() -> None:
    made = found(S, task("A", 1, parent="S"))
    assert shown(made, "S") == ("2026-01-07 08:00", "2026-01-09 17:00")
    assert shown(made, "A") == (
        "2026-01-07 08:00",
        "2026-01-07 17:00",
    )  # what waits for nothing begins with it
    assert (text(made.finish), made.rows["A"].total_float) == ("2026-01-09 17:00", 2 * DAY)
    assert shown(found(S, task("A", 1, parent="S"), profile="torap"), "S")[0] == "2026-01-05 08:00"


def test_what_lies_below_begins_no_earlier_unless_a_date_holds_it() -> None:
    held = task("B", 1, parent="S", constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-06 08:00"))
    made = found(S, task("P", 1), task("A", 1, parent="S"), held, links=(link("P FS A"), link("P FS B")))
    assert shown(made, "A")[0] == "2026-01-07 08:00"
    assert shown(made, "B")[0] == "2026-01-06 08:00"


def test_a_summary_that_begins_before_the_plan_takes_its_tasks_along() -> None:
    early = Activity(id="S", kind=Kind.SUMMARY, manual=(at("2026-01-01 08:00"), at("2026-01-02 17:00")))
    assert shown(found(early, task("A", 1, parent="S")), "A")[0] == "2026-01-01 08:00"


def test_links_bind_the_summary_and_not_what_lies_below() -> None:
    late = task("P", 4)  # up to Thursday: the link out of it is broken, and moves nothing
    links = link("P FS S"), link("S FS Q")
    made = found(S, late, task("A", 1, parent="S"), task("Q", 1), task("L", 10), links=links)
    assert shown(made, "A")[0] == "2026-01-07 08:00"
    assert shown(made, "Q")[0] == "2026-01-12 08:00"  # after the summary, not after A
    assert made.rows["P"].total_float == -2 * DAY  # it should have ended on Tuesday
    assert made.rows["A"].total_float == 2 * DAY  # up to the end of the summary, which links hold


def test_an_outer_summary_spans_the_inner_one_and_not_what_it_hides() -> None:
    outer = Activity(id="O", kind=Kind.SUMMARY)
    inner = Activity(id="S", kind=Kind.SUMMARY, manual=PUT, parent="O")
    far = task("A", 1, parent="S", constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-19 08:00"))
    made = found(outer, inner, far, task("Q", 1), links=(link("O FS Q"),))
    assert shown(made, "O") == ("2026-01-07 08:00", "2026-01-09 17:00")
    assert shown(made, "Q")[0] == "2026-01-12 08:00"


def test_a_manual_task_counts_in_its_summary_as_it_stands() -> None:
    day = at("2026-01-05 08:00"), at("2026-01-05 17:00")
    made = found(Activity(id="O", kind=Kind.SUMMARY), task("A", 1, parent="O", manual=day), task("L", 5))
    assert (made.rows["A"].total_float, made.rows["O"].total_float) == (4 * DAY, 0)
    assert made.rows["O"].critical


def test_a_begun_manual_task_keeps_its_dates() -> None:
    begun = task("A", 1, manual=PUT, actual_start=at("2026-01-08 08:00"))
    assert shown(found(begun), "A") == ("2026-01-07 08:00", "2026-01-09 17:00")


def test_a_finish_held_to_a_day_off_stands_there() -> None:
    sunday = at("2026-01-11 17:00")
    held = task("A", 1, constraint=C.FINISH_NOT_BEFORE, constraint_at=sunday)
    assert shown(found(held), "A") == ("2026-01-09 08:00", "2026-01-11 17:00")
    assert shown(found(task("P", 1), held, links=(link("P FS A"),)), "A")[1] == "2026-01-11 17:00"


def summary(name: str, start: str, finish: str, **more: str) -> Activity:
    return Activity(
        id=name,
        kind=Kind.SUMMARY,
        manual=(at(f"2026-01-{start} 08:00"), at(f"2026-01-{finish} 17:00")),
        **more,
    )


def test_what_lies_below_should_end_before_the_summaries_that_wait_for_its_own() -> None:
    first, later = summary("S", "05", "09"), summary("T", "08", "16")
    rows = first, later, task("A", 1, parent="S"), task("B", 5, parent="T")
    made = found(*rows, task("L", 12), links=(link("S FS T"),))
    assert shown(made, "T")[0] == "2026-01-08 08:00"  # the link is broken, and moves nothing
    assert text(made.rows["A"].late_finish) == "2026-01-07 17:00"
    # What lies below T must begin on Wednesday for its deadline: so A should have ended on Tuesday.
    early = task("B", 5, parent="T", deadline=at("2026-01-13 17:00"))
    made = found(*rows[:3], early, task("L", 12), links=(link("S FS T"),))
    assert made.rows["B"].total_float == -DAY
    assert text(made.rows["A"].late_finish) == "2026-01-06 17:00"
    alone = found(*rows, task("L", 12))
    assert text(alone.rows["A"].late_finish) == text(alone.finish)  # no link holds S


def test_a_chain_of_summaries_hands_late_dates_back_to_its_first() -> None:
    chain = summary("S", "05", "06"), summary("T", "07", "08"), summary("U", "09", "12")
    last = task("C", 3, parent="U", deadline=at("2026-01-09 17:00"))
    below = task("A", 1, parent="S"), task("B", 1, parent="T"), last
    made = found(*chain, *below, links=(link("S FS T"), link("T FS U")))
    assert [made.rows[name].total_float for name in "CBA"] == [-2 * DAY, -DAY, 0]
    assert text(made.rows["B"].late_finish) == "2026-01-06 17:00"


def test_a_manual_task_below_two_summaries_ends_before_what_waits_for_the_outer_one() -> None:
    day = at("2026-01-05 08:00"), at("2026-01-05 17:00")
    outer, inner, later = (
        summary("S", "05", "09"),
        summary("I", "05", "07", parent="S"),
        summary("T", "08", "16"),
    )
    made = found(outer, inner, later, task("A", 1, parent="I", manual=day), links=(link("S FS T"),))
    assert text(made.rows["A"].late_finish) == "2026-01-07 17:00"


def test_a_manual_task_has_no_negative_float() -> None:
    # B stands before A has ended: the link is broken, and takes nothing from A, which stands where it stands.
    first = at("2026-01-05 08:00"), at("2026-01-09 17:00")
    second = at("2026-01-07 08:00"), at("2026-01-08 17:00")
    rows = task("A", 5, manual=first), task("B", 2, manual=second)
    made = found(*rows, task("P", 1), links=(link("A FS B"), link("P FS A")))
    assert made.rows["A"].total_float == 0
    assert (text(made.rows["A"].late_start), text(made.rows["A"].late_finish)) == (
        "2026-01-05 08:00",
        "2026-01-09 17:00",
    )
    assert made.rows["P"].total_float == -DAY  # it is not manual: it should end before A begins


def test_what_a_manual_summary_waits_for_ends_before_what_lies_below_it() -> None:
    later = summary("S", "12", "16")
    early = task("B", 5, parent="S", deadline=at("2026-01-14 17:00"))  # should begin on Thursday 8 January
    made = found(later, early, task("P", 1), task("L", 12), links=(link("P FS S"),))
    assert text(made.rows["P"].late_finish) == "2026-01-07 17:00"
    inner = summary("I", "07", "08", parent="S")
    made = found(later, inner, task("P", 1), task("L", 12), links=(link("P FS S"),))
    assert text(made.rows["P"].late_finish) == "2026-01-06 17:00"  # before a manual summary below it
