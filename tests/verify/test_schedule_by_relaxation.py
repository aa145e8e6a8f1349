"""Dates and float of random plans against a second way to them: arcs between starts, relaxed until still.

Where all work and all lags are in one calendar, every link is one arc between two starts, whatever its type,
and early and late starts are longest ways from the start of the plan and to its end (Bellman and Ford). That
knows nothing of an order of activities, of passes, or of calendars, and needs no second program.
"""

from __future__ import annotations

import random

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Link, LinkType, Plan
from torap.engines.schedule.worktime import ALWAYS, DAY, CalendarSpec, WorkTime

START = 20_458 * DAY + 480  # Monday 5 January 2026, 08:00
STANDARD = CalendarSpec(id="std", exceptions={20_460: (), 20_466: ((480, 720),)})
PLANS = 80
FS, SS, FF, SF = LinkType.FS, LinkType.SS, LinkType.FF, LinkType.SF


def random_plan(seed: str, calendar: CalendarSpec, types: list[LinkType], *, leads: bool) -> Plan:
    rng = random.Random(seed)
    count = rng.randint(2, 15)
    rows = [Activity(id=f"a{i}", minutes=rng.choice([60, 240, 480, 960, 1440, 3000])) for i in range(count)]
    links = []
    for i in range(1, count):
        for j in rng.sample(range(i), min(i, rng.randint(0, 3))):
            lag = rng.choice([0, 0, 0, 60, 480, 1000, *([-60, -480, -1000] if leads else [])])
            links.append(Link(predecessor=f"a{j}", successor=f"a{i}", type=rng.choice(types), lag=lag))
    rng.shuffle(rows)
    return Plan(
        start=START, activities=tuple(rows), links=tuple(links), calendars={calendar.id: calendar},
        calendar=calendar.id,
    )  # fmt: skip


def relaxed(plan: Plan) -> dict[str, tuple[int, int, int]]:
    """(early start, early finish, total float) in working minutes since the start of the plan."""
    lasts = {row.id: row.minutes for row in plan.activities}
    arcs = []
    for link in plan.links:
        before, later = lasts[link.predecessor], lasts[link.successor]
        weight = {FS: before, SS: 0, FF: before - later, SF: -later}[link.type] + link.lag
        arcs.append((link.predecessor, link.successor, weight))
    early = dict.fromkeys(lasts, 0)
    for _ in lasts:
        for a, b, weight in arcs:
            early[b] = max(early[b], early[a] + weight)
    end = max(early[name] + last for name, last in lasts.items())
    late = {name: end - last for name, last in lasts.items()}
    for _ in lasts:
        for a, b, weight in arcs:
            late[a] = min(late[a], late[b] - weight)
    return {name: (early[name], early[name] + last, late[name] - early[name]) for name, last in lasts.items()}


@pytest.mark.parametrize("calendar", [ALWAYS, STANDARD], ids=lambda spec: spec.id)
@pytest.mark.parametrize(
    ("profile", "types", "leads"),
    [
        ("torap", [FS, SS, FF, SF], True),
        ("torap", [FS], False),
        ("p6", [FS, SS, FF], False),
        ("msproject", [FS, SS, FF], False),
        ("msproject", [FS], False),
    ],
)
def test_dates_and_float_are_longest_ways(
    calendar: CalendarSpec, profile: str, types: list[LinkType], leads: bool
) -> None:
    time = WorkTime(calendar, START, START)
    for seed in range(PLANS):
        plan = random_plan(f"{profile}{seed}{types}", calendar, types, leads=leads)
        found, wanted = schedule(plan, profile=profile), relaxed(plan)
        for name, row in found.rows.items():
            dates = time.between(START, row.early_start), time.between(START, row.early_finish)
            assert (seed, name, *dates, row.total_float) == (seed, name, *wanted[name])
            assert row.critical == (wanted[name][2] <= 0)
        end = max(finish for _, finish, _ in wanted.values())
        assert time.between(START, found.finish) == end
