"""Random plans for the property tests of the trials: every link type, lag, calendar, constraint and kind of
progress."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from torap.engines.schedule.plan import DATED, Activity, Constraint, Kind, LagUnit, Link, LinkType, Part, Plan
from torap.engines.schedule.worktime import ALWAYS, DAY, CalendarSpec
from unit.engines.schedule.cases import at

START = at("2026-01-05 08:00")
FIRST_DAY = START // DAY
ODD = CalendarSpec(
    id="odd", week=(((475, 731), (800, 1001)), (), ((0, 300), (1200, 1440)), ((0, 1440),), ((30, 60),), (),
    ((600, 601),)),
    exceptions={FIRST_DAY + 3: (), FIRST_DAY + 5: ((0, 720),), FIRST_DAY + 12: ((100, 200), (200, 260))},
)  # fmt: skip
CALENDARS = {
    "std": CalendarSpec(id="std", exceptions={FIRST_DAY + 7: (), FIRST_DAY + 8: ()}),
    "six": CalendarSpec(id="six", week=(((480, 720), (780, 1020)),) * 6 + ((),)),
    "odd": ODD,
    "24h": ALWAYS,
}
instants = st.integers(-20 * DAY, 60 * DAY).map(lambda minutes: START + minutes)
lengths = st.sampled_from([0, 0, 1, 59, 240, 480, 481, 960, 2400, 5000])
lags = st.sampled_from([0, 0, 0, 1, -1, 240, 480, -480, 1440, -2000, 3000])


@st.composite
def activities(draw: Any, name: str, parents: list[str], data_date: int, split: bool) -> Activity:
    """One activity of any kind and state; `split`: some of their work in parts that begin later."""
    kind = draw(
        st.sampled_from([Kind.TASK] * 6 + [Kind.START_MILESTONE, Kind.FINISH_MILESTONE, Kind.LEVEL_OF_EFFORT])
    )
    minutes = 0 if kind in {Kind.START_MILESTONE, Kind.FINISH_MILESTONE} else draw(lengths)
    more: dict[str, Any] = {}
    state = draw(st.sampled_from(["open"] * 4 + ["begun", "done"]))
    if state != "open":
        more["actual_start"] = data_date - draw(st.integers(0, 10 * DAY))
        more["remaining"] = draw(lengths) if minutes else 0
        if state == "done":
            more["actual_finish"] = more["actual_start"] + draw(st.integers(0, 5 * DAY))
        elif draw(st.booleans()):
            more["resumed_at"] = draw(instants)
    for which, date in (("constraint", "constraint_at"), ("second", "second_at")):
        if draw(st.integers(0, 3)) == 0:
            more[which] = draw(st.sampled_from(sorted(DATED | {Constraint.ALAP})))
            more[date] = draw(instants) if more[which] in DATED else None
    if draw(st.integers(0, 4)) == 0:
        more["deadline"] = draw(instants)
    if parents and draw(st.booleans()):
        more["parent"] = draw(st.sampled_from(parents))
    calendar = draw(st.sampled_from(["", *CALENDARS]))
    active = draw(st.integers(0, 9)) > 0
    if split and kind == Kind.TASK and calendar and draw(st.integers(0, 2)) == 0:
        more["parts"] = tuple(draw(st.lists(parts(calendar), min_size=1, max_size=2)))
    return Activity(id=name, kind=kind, minutes=minutes, calendar=calendar, active=active, **more)


def parts(calendar: str) -> st.SearchStrategy[Part]:
    """Work of one resource in a calendar."""
    return st.builds(
        Part, calendar=st.just(calendar), minutes=lengths, actual=lengths, remaining=lengths, offset=lengths
    )


@st.composite
def plans(draw: Any, *, most: int = 9, split: bool = False) -> Plan:
    """A plan of up to `most` activities in a random order, with summaries above some of them."""
    data_date = draw(st.one_of(st.none(), instants))
    tops = [f"s{i}" for i in range(draw(st.integers(0, 2)))]
    rows = [Activity(id=name, kind=Kind.SUMMARY, parent=tops[0] if i else "") for i, name in enumerate(tops)]
    count = draw(st.integers(1, most))
    names = [f"a{i}" for i in range(count)]
    since = START if data_date is None else data_date
    rows += [draw(activities(name, tops, since, split)) for name in names]
    links = []
    for i in range(1, count):
        for before in draw(st.lists(st.integers(0, i - 1), max_size=3, unique=True)):
            unit = draw(st.sampled_from([LagUnit.WORK] * 3 + [LagUnit.ELAPSED, LagUnit.PERCENT]))
            lag = (
                draw(st.sampled_from([0, 2500, 3333, 10_000, -5000]))
                if unit == LagUnit.PERCENT
                else draw(lags)
            )
            kind = draw(st.sampled_from(sorted(LinkType)))
            links.append(Link(predecessor=names[before], successor=names[i], type=kind, lag=lag, unit=unit))
    if tops and draw(st.booleans()):
        outside = [row.id for row in rows if row.kind != Kind.SUMMARY and not row.parent]
        if outside:
            links.append(Link(predecessor=outside[0], successor=tops[-1], lag=draw(lags)))
    options: dict[str, object] = {
        "progress": draw(st.sampled_from(["retained_logic", "override", "actual"])),
        "holds": draw(st.sampled_from(["none", "must", "all"])),
        "lag_calendar": draw(st.sampled_from(["predecessor", "successor", "plan", "always"])),
    }
    return Plan(
        start=START, activities=tuple(draw(st.permutations(rows))), links=tuple(links), calendars=CALENDARS,
        calendar=draw(st.sampled_from(["std", "24h", "odd"])), data_date=data_date, options=options,
        must_finish=draw(st.one_of(st.none(), instants)),
    )  # fmt: skip


__all__ = ["CALENDARS", "START", "plans"]
