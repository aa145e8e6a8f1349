"""Plans that Microsoft Project schedules from their finish: by hand, and as mirror images of plans from their
start.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.schedule.dates import Schedule, schedule, why
from torap.engines.schedule.plan import DATED, Activity, Constraint, Link, LinkType, Plan
from torap.engines.schedule.worktime import CalendarSpec
from unit.engines.schedule.cases import at, link, milestone, plan, task, text

C = Constraint
FINISH = at("2026-01-16 17:00")  # a Friday
LATE = {"constraint": C.ALAP}
MIRRORED = {
    C.ASAP: C.ALAP,
    C.ALAP: C.ASAP,
    C.START_NOT_BEFORE: C.FINISH_NOT_AFTER,
    C.FINISH_NOT_AFTER: C.START_NOT_BEFORE,
    C.START_NOT_AFTER: C.FINISH_NOT_BEFORE,
    C.FINISH_NOT_BEFORE: C.START_NOT_AFTER,
    C.MUST_START: C.MUST_FINISH,
    C.MUST_FINISH: C.MUST_START,
}
ENDS = {
    LinkType.FS: LinkType.FS,
    LinkType.SF: LinkType.SF,
    LinkType.SS: LinkType.FF,
    LinkType.FF: LinkType.SS,
}
# SF names a finish only forward; a lead of two starts may reach before the start of a plan.
TURNED = [(kind, lag) for kind in (LinkType.FS, LinkType.SS, LinkType.FF) for lag in (0, 0, 240)]
EVEN = CalendarSpec(id="std", week=(((480, 720), (720, 960)),) * 5 + ((), ()))  # the same from behind
MONDAY, SATURDAY = at("2026-01-05 00:00"), at("2026-01-10 00:00")


def back(*rows: Activity, links: tuple[Link, ...] = (), finish: int = FINISH, **options: object) -> Schedule:
    made = plan(*rows, links=links, must_finish=finish, options={"from_finish": True, **options})
    return schedule(made, profile="msproject")


def shown(found: Schedule, name: str) -> tuple[str, str]:
    return text(found.rows[name].start), text(found.rows[name].finish)


def test_a_chain_ends_with_the_plan_and_what_waits_for_nothing_does_too() -> None:
    rows = task("A", 2, **LATE), task("B", 3, **LATE), task("C", 1, **LATE)
    found = back(*rows, links=(link("A FS B"),))
    assert shown(found, "B") == ("2026-01-14 08:00", "2026-01-16 17:00")
    assert shown(found, "A") == ("2026-01-12 08:00", "2026-01-13 17:00")
    assert shown(found, "C") == ("2026-01-16 08:00", "2026-01-16 17:00")
    assert [found.rows[name].total_float for name in "ABC"] == [0, 0, 0]  # all are as late as possible
    assert all(found.rows[name].critical for name in "ABC")
    assert why(found, "A") == [("A", "FS"), ("B", "plan")]


def test_what_is_as_soon_as_possible_stands_at_the_start_of_the_plan_and_pulls_what_goes_before() -> None:
    rows = task("A", 5, **LATE), task("B", 1), task("C", 1, **LATE), task("D", 1)
    found = back(*rows, links=(link("C FS D"),))
    assert shown(found, "A")[0] == shown(found, "B")[0] == "2026-01-12 08:00"
    assert shown(found, "C")[0] == "2026-01-12 08:00"  # pulled by D, which is as soon as possible
    assert shown(found, "D")[0] == "2026-01-13 08:00"
    assert (found.rows["B"].total_float, found.rows["B"].critical) == (4 * 480, False)


def test_not_before_wins_over_what_follows_unless_the_links_win() -> None:
    held = task("A", 1, constraint=C.START_NOT_BEFORE, constraint_at=at("2026-01-15 08:00"))
    rows, links = (held, task("B", 5, **LATE)), (link("A FS B"),)
    found = back(*rows, links=links)
    assert shown(found, "A") == ("2026-01-15 08:00", "2026-01-15 17:00")
    assert (shown(found, "B")[0], found.rows["A"].total_float) == ("2026-01-12 08:00", -4 * 480)
    assert shown(back(*rows, links=links, links_win=True), "A")[0] == "2026-01-09 08:00"


def test_not_after_pulls_and_a_deadline_does_not() -> None:
    held = task("A", 1, constraint=C.FINISH_NOT_AFTER, constraint_at=at("2026-01-14 17:00"))
    rows = held, task("B", 1, deadline=at("2026-01-13 17:00"), **LATE), task("C", 5, **LATE)
    found = back(*rows)
    assert shown(found, "A")[0] == "2026-01-14 08:00"
    assert (shown(found, "B")[0], found.rows["B"].critical) == ("2026-01-16 08:00", True)


def test_what_has_begun_and_what_is_fixed_keep_their_dates() -> None:
    begun = task("A", 2, actual_start=at("2026-01-05 08:00"), actual=480, remaining=480, **LATE)
    fixed = task("M", 1, manual=(at("2026-01-07 08:00"), at("2026-01-07 17:00")), **LATE)
    found = back(begun, fixed, task("B", 1, **LATE), milestone("E", **LATE), links=(link("B FS M"),))
    assert shown(found, "A") == ("2026-01-05 08:00", "2026-01-06 17:00")
    assert shown(found, "M") == ("2026-01-07 08:00", "2026-01-07 17:00")
    assert shown(found, "B")[0] == "2026-01-06 08:00"
    assert shown(found, "E")[0] == "2026-01-16 17:00"


def test_an_inactive_task_moves_nothing() -> None:
    rows = task("A", 1, **LATE), task("X", 2, active=False, **LATE), task("B", 1, **LATE)
    found = back(*rows, links=(link("A FS X"), link("X FS B")))
    assert shown(found, "X")[1] == "2026-01-15 17:00"
    assert shown(found, "A")[1] == "2026-01-16 17:00"


def test_without_a_finish_there_is_nothing_to_count_back_from() -> None:
    made = plan(task("A", 1), options={"from_finish": True})
    assert text(schedule(made, profile="msproject").rows["A"].start) == "2026-01-05 08:00"


def mirrored(made: Plan, finish: int) -> Plan:
    """The plan with time running backwards."""
    rows = tuple(
        replace(
            row,
            constraint=MIRRORED[row.constraint],
            constraint_at=None if row.constraint_at is None else turned(row.constraint_at),
        )
        for row in made.activities
    )
    links = tuple(
        replace(one, predecessor=one.successor, successor=one.predecessor, type=ENDS[one.type])
        for one in made.links
    )
    return replace(
        made,
        activities=rows,
        links=links,
        must_finish=turned(made.start),
        start=turned(finish),
        options={"from_finish": True},
    )


def turned(instant: int) -> int:
    return MONDAY + SATURDAY - instant


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rows: list[Activity] = []
    for i in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from([C.ASAP, C.ASAP, C.ALAP, *sorted(DATED - {C.START_ON, C.FINISH_ON})]))
        halves = draw(st.integers(0, 6))
        if not halves and kind != C.ALAP:
            kind = C.ASAP  # a date that holds a milestone has no mirror
        day = MONDAY + 1440 * 7 + 1440 * draw(st.integers(0, 4))
        ends = "finish" in kind
        when = None if kind in {C.ASAP, C.ALAP} else day + (960 if ends else 480)
        rows.append(task(f"a{i}", halves / 2, constraint=kind, constraint_at=when))
    links = []
    for later in range(1, len(rows)):
        for before in draw(st.lists(st.integers(0, later - 1), max_size=2, unique=True)):
            kind, lag = draw(st.sampled_from([*TURNED, (LinkType.FS, -120)]))
            if not (rows[before].minutes and rows[later].minutes):
                kind, lag = LinkType.FS, 0  # nor have other links of one
            links.append(Link(predecessor=f"a{before}", successor=f"a{later}", type=kind, lag=lag))
    return replace(
        plan(*rows, links=tuple(links)), start=MONDAY + 480, calendars={"std": EVEN}, calendar="std"
    )


@settings(max_examples=100, deadline=None)
@given(plans())
def test_time_turned_round_gives_the_dates_turned_round(made: Plan) -> None:
    forward = schedule(made, profile="msproject")
    other = schedule(mirrored(made, forward.finish), profile="msproject")
    kinds = {row.id: row.constraint for row in made.activities}
    for name, row in forward.rows.items():
        turned_row = other.rows[name]
        assert (row.start, row.finish) == (turned(turned_row.finish), turned(turned_row.start)), name
        if kinds[name] not in {C.ASAP, C.ALAP}:  # only what stands late has no float
            assert row.total_float == turned_row.total_float, name
