"""What Microsoft Project XML cannot hold is told, and the outline follows the summaries."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Activity, Kind, LagUnit, Link, Plan
from torap.engines.schedule.uncertain import Branch, Driver, RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, CalendarSpec
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.losses import Losses
from torap.intake.schedules.write_mspdi import mspdi_of, tell_uncertainty

MONDAY = 29460000


def plan(*rows: Activity, links: tuple[Link, ...] = (), **more: object) -> Plan:
    calendars = {"std": CalendarSpec(id="std"), ALWAYS.id: ALWAYS}
    return Plan(start=MONDAY, activities=rows, links=links, calendars=calendars, calendar="std", **more)  # type: ignore[arg-type]


def test_summaries_that_come_after_their_parts_keep_them() -> None:
    made = plan(
        Activity(id="a", parent="S", minutes=480),
        Activity(id="T", kind=Kind.SUMMARY, parent="S"),
        Activity(id="S", kind=Kind.SUMMARY),
        Activity(id="b", parent="T", minutes=960),
        Activity(id="c", minutes=60),
    )
    found = read_bytes(mspdi_of(made, schedule(made), Losses())).plan
    names = {row.id: row.name for row in found.activities}
    parents = {row.name: names.get(row.parent, "") for row in found.activities}
    assert parents == {"S": "", "a": "S", "T": "S", "b": "T", "c": ""}


def test_what_is_lost_is_told() -> None:
    made = plan(
        Activity(id="a", name="bell \x07", minutes=480, suspended_at=MONDAY, levelling_delay=60),
        Activity(id="b", minutes=480, external=(MONDAY, MONDAY + 480)),
        links=(Link(predecessor="a", successor="b", lag=3333, unit=LagUnit.PERCENT),),
        options={"critical_at": 60},
        must_finish=MONDAY + 9999,
    )
    losses = Losses()
    data = mspdi_of(made, schedule(made), losses)
    assert read_bytes(data).plan.activities[0].name == "bell"
    codes = {row.code for row in losses}
    assert codes >= {
        "characters",
        "suspension",
        "levelling_delay",
        "external",
        "lag_rounded",
        "option",
        "ids",
    }
    assert "must_finish" in codes


@pytest.mark.parametrize(("profile", "told"), [("msproject", False), ("torap", True)])
def test_that_links_win_is_written_or_told(profile: str, told: bool) -> None:
    made = plan(Activity(id="1", minutes=480), options={"links_win": True})
    losses = Losses()
    data = mspdi_of(made, schedule(made, profile=profile), losses)
    assert ("option" in {row.code for row in losses}) is told
    assert (b"<HonorConstraints>0" in data) is not told


def test_uncertainty_is_lost_and_told() -> None:
    spread = Spread(shape=Shape.UNIFORM, low=1, high=2)
    risk = RiskPlan(
        plan=plan(Activity(id="a", minutes=480)),
        durations={"a": spread},
        drivers=(Driver(id="d"),),
        risks=(RiskEvent(id="r", probability=0.5, activities=("a",), impact=spread),),
        branches=(Branch(id="f", ways={"x": 1.0}, activities={"a": "x"}),),
        goals=("a",),
        owners={"a": "akimat"},
    )
    losses = Losses()
    tell_uncertainty(risk, losses)
    assert [row.code for row in losses] == [
        "branches",
        "drivers",
        "goals",
        "owners",
        "risk_events",
        "uncertainty",
    ]


def test_work_that_takes_longer_than_planned_is_read_again_with_its_dates() -> None:
    row = Activity(id="A", minutes=2400, actual_start=MONDAY, actual=1440, remaining=1920)
    made = plan(row)
    found = schedule(made, profile="msproject")
    again = read_bytes(mspdi_of(made, found, Losses())).plan
    assert again.activities[0].minutes == 3360
    assert schedule(again, profile="msproject").rows["1"].finish == found.rows["A"].finish
