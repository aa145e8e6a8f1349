"""Plans counted in tenths of a minute: whole minutes give the same dates, nothing adds up along a chain."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.schedule import tenths
from torap.engines.schedule.dates import _scheduled, schedule
from torap.engines.schedule.plan import Activity, Constraint, LagUnit, Part, Plan
from torap.engines.schedule.profiles import profile_of
from torap.engines.schedule.worktime import WorkTime
from unit.engines.schedule.cases import DAY, STANDARD, at, link, plan, task, text
from unit.engines.schedule.random_plans import CALENDARS, START, plans

instants = st.integers(START - 50_000, START + 50_000)


@given(st.sampled_from(sorted(CALENDARS)), instants, instants, st.integers(-5000, 5000))
@settings(max_examples=80, deadline=None)
def test_working_time_in_tenths_is_working_time(name: str, one: int, other: int, work: int) -> None:
    whole = WorkTime(CALENDARS[name], START, START)
    fine = WorkTime(CALENDARS[name], START * 10, START * 10, ticks=10)
    assert fine.add(one * 10, work * 10) == whole.add(one, work) * 10
    assert fine.between(one * 10, other * 10) == whole.between(one, other) * 10
    assert fine.next_start(one * 10) == whole.next_start(one) * 10
    assert fine.previous_finish(one * 10) == whole.previous_finish(one) * 10
    assert fine.touches(one * 10) == whole.touches(one)


@given(plans())
@settings(max_examples=40, deadline=None)
def test_a_plan_in_whole_minutes_has_the_same_dates_in_tenths(drawn: Plan) -> None:
    links = tuple(row for row in drawn.links if row.unit != LagUnit.PERCENT)
    made = replace(drawn, links=links)
    rules = profile_of(made, "msproject")
    fine = replace(rules, critical_at=rules.critical_at * tenths.SCALE)
    try:
        whole = _scheduled(made, rules)
    except EngineInputError as error:
        assume(error.code != "loop")
        raise
    found = tenths.coarser(_scheduled(tenths.finer(made), fine, ticks=tenths.SCALE))
    assert (found.rows, found.finish, found.missed) == (whole.rows, whole.finish, whole.missed)
    assert not tenths.needed(made)


def test_tenths_do_not_add_up_along_a_chain() -> None:
    # Each lasts 100.4 minutes: after three of them five hours and one minute have passed, not five hours.
    rows = [Activity(id=name, minutes=100, tenths=(("minutes", 4),)) for name in "ABC"]
    made = plan(*rows, links=(link("A FS B"), link("B FS C")))
    found = schedule(made, profile="msproject")
    assert [text(row.finish) for row in found.rows.values()] == [
        "2026-01-05 09:40",
        "2026-01-05 11:20",
        "2026-01-05 14:01",
    ]
    assert all(row.critical for row in found.rows.values())
    assert text(schedule(made, profile="torap").rows["C"].finish) == "2026-01-05 14:00"


def test_lags_instants_and_parts_have_tenths() -> None:
    held = Activity(
        id="A",
        minutes=60,
        constraint=Constraint.START_NOT_BEFORE,
        constraint_at=at("2026-01-05 08:00"),
        tenths=(("constraint_at", 9),),
    )
    split = Activity(
        id="B", minutes=60, parts=(Part(calendar="std", minutes=60, offset=0, tenths=(("minutes", 1),)),)
    )
    made = plan(held, split, links=(link("A FS B", 9, lag_tenths=1),))
    fine = tenths.finer(made)
    assert (fine.activities[0].constraint_at, fine.links[0].lag) == (at("2026-01-05 08:00") * 10 + 9, 91)
    assert fine.activities[1].parts[0].minutes == 601
    assert text(schedule(made, profile="msproject").rows["B"].start) == "2026-01-05 09:10"
    assert not tenths.needed(plan(task("A")))
    percent = replace(made.links[0], unit=LagUnit.PERCENT, lag_tenths=0)
    assert tenths.finer(replace(made, links=(percent,))).links[0].lag == 9  # a share is no time


def test_pairs_floats_and_limits_come_back_in_minutes() -> None:
    manual = task(
        "A", manual=(at("2026-01-05 08:00"), at("2026-01-05 09:00")), tenths=(("manual_finish", 5),)
    )
    assert tenths.finer(plan(manual)).activities[0].manual == (
        at("2026-01-05 08:00") * 10,
        at("2026-01-05 09:00") * 10 + 5,
    )
    short = Activity(id="B", minutes=60, tenths=(("minutes", 4),))
    late = Activity(
        id="C",
        minutes=DAY,
        constraint=Constraint.MUST_FINISH,
        constraint_at=at("2026-01-05 17:00"),
        tenths=(("minutes", 4),),
    )
    found = schedule(plan(short, late, task("D", 2), links=(link("B FS C"),)), profile="msproject")
    assert found.rows["D"].total_float == 0
    assert found.rows["B"].total_float == -61  # 60.8 minutes
    (one,) = found.missed
    assert (one.id, one.minutes, one.against_links) == ("C", 61, True)
    assert STANDARD.minutes_per_day == DAY
