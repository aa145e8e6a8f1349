"""Uncertainty in Torap's own schedule format: what each field means, and what each mistake is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from torap.engines.schedule.uncertain import DriverKind, Shape, Spread
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.losses import Loss, ScheduleFileError

RISK = {"id": "R", "probability": 0.3, "activities": ["A"], "impact": "2d"}


def data(**fields: Any) -> dict[str, Any]:
    activities = [
        {"id": "A", "duration": "10d", "owner": "min_trade"},
        {"id": "B", "duration": "4ed"},
        {"id": "M", "type": "finish_milestone"},
    ]
    return {"start": "2026-01-05T08:00", "activities": activities, **fields}


def read(**fields: Any) -> Any:
    return read_bytes(json.dumps(data(**fields)).encode())


def spread(value: Any, **more: Any) -> Any:
    activities = [{"id": "A", "duration": "10d", "uncertainty": value, **more}]
    return read(activities=activities).risk.durations.get("A")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"shape": "uniform", "low": "8d", "high": "2w"}, Spread(shape=Shape.UNIFORM, low=3840, high=4800)),
        (
            {"shape": "triangular", "low": "90%", "mode": "100%", "high": "130%"},
            Spread(shape=Shape.TRIANGULAR, low=4320, mode=4800, high=6240),
        ),
        (
            {"shape": "pert", "low": 8, "mode": "80h", "high": "4800m"},
            Spread(shape=Shape.PERT, low=3840, mode=4800, high=4800),
        ),
        (
            {"shape": "lognormal", "median": "110%", "spread": 0.4},
            Spread(shape=Shape.LOGNORMAL, median=5280, spread=0.4),
        ),
        (
            {"shape": "empirical", "values": ["12d", "8d", "8d"]},
            Spread(shape=Shape.EMPIRICAL, values=(5760, 3840, 3840)),
        ),
    ],
)
def test_spreads_are_minutes_of_the_activity(value: Any, expected: Spread) -> None:
    assert spread(value) == expected


def test_a_share_is_of_what_is_left() -> None:
    value = {"shape": "uniform", "low": "50%", "high": "200%"}
    begun = {"actual_start": "2026-01-05T08:00", "actual": "6d", "remaining": "4d"}
    assert spread(value, **begun) == Spread(shape=Shape.UNIFORM, low=960, high=3840)


def test_days_of_an_activity_by_the_clock_have_24_hours() -> None:
    activities = [
        {"id": "A", "duration": "4ed", "uncertainty": {"shape": "uniform", "low": "3ed", "high": "5d"}}
    ]
    found = read(activities=activities).risk.durations["A"]
    assert (found.low, found.high) == (3 * 1440, 5 * 1440)


def test_what_is_finished_is_certain_and_told() -> None:
    done = {"actual_start": "2026-01-05T08:00", "actual_finish": "2026-01-09T17:00"}
    activities = [
        {"id": "A", "duration": "5d", "uncertainty": {"shape": "uniform", "low": 1, "high": 9}, **done}
    ]
    found = read(activities=activities)
    assert found.risk.durations == {}
    assert found.losses == (Loss(code="uncertainty_of_finished", where="A"),)


def test_drivers_risks_branches_goals_and_owners() -> None:
    risk = read(
        drivers=[
            {"id": "winter", "kind": "winter", "loads": {"A": 0.6}},
            {"id": "body", "name": "Akimat", "kind": "body"},
        ],
        activities=[
            {"id": "A", "duration": "10d", "drivers": {"body": "30%"}, "owner": "min_trade"},
            {"id": "B", "duration": "5d"},
        ],
        risks=[
            {"id": "R", "name": "Flood", "probability": "20%", "activities": ["A", "B"], "impact": "2d"},
            {
                "id": "Q",
                "probability": 0.5,
                "activities": ["B"],
                "impact": {"shape": "triangular", "low": "10%", "mode": "20%", "high": "50%"},
                "owner": "akimat",
            },
        ],
        branches=[{"id": "F", "ways": {"land": 0.7, "sea": 0.3}, "activities": {"A": "land", "B": "sea"}}],
        goals=["B", "A", "B"],
    ).risk
    winter, body = risk.drivers
    assert (winter.kind, dict(winter.loads)) == (DriverKind.WINTER, {"A": 0.6})
    assert (body.name, dict(body.loads)) == ("Akimat", {"A": 0.3})
    flood, share = risk.risks
    assert (flood.probability, flood.activities, flood.relative) == (0.2, ("A", "B"), False)
    assert flood.impact == Spread(shape=Shape.EMPIRICAL, values=(960,))
    assert share.relative
    assert share.impact == Spread(shape=Shape.TRIANGULAR, low=1000, mode=2000, high=5000)
    assert share.owner == "akimat"
    assert dict(risk.branches[0].ways) == {"land": 0.7, "sea": 0.3}
    assert dict(risk.branches[0].activities) == {"A": "land", "B": "sea"}
    assert risk.goals == ("B", "A")
    assert risk.owners == {"A": "min_trade"}


def test_days_of_an_impact_are_of_the_plan_and_a_difference_is_told() -> None:
    found = read(risks=[{**RISK, "activities": ["A", "B"]}])
    assert found.risk.risks[0].impact.values == (960,)
    assert [row.code for row in found.losses] == ["impact_days_differ"]
    alone = read(risks=[{**RISK, "activities": ["B"]}])
    assert alone.risk.risks[0].impact.values == (2 * 1440,)
    assert alone.losses == ()


UNIFORM = {"shape": "uniform", "low": 1, "high": 2}
A = {"id": "A", "duration": "10d"}


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"activities": [{**A, "uncertainty": "wide"}]}, "not_an_object", "row 1, activity A, uncertainty"),
        (
            {"activities": [{**A, "uncertainty": {"shape": "gauss"}}]},
            "unknown_choice",
            "row 1, activity A, uncertainty, shape",
        ),
        (
            {"activities": [{**A, "uncertainty": {**UNIFORM, "mode": 1}}]},
            "unknown_field",
            "row 1, activity A, uncertainty",
        ),
        (
            {"activities": [{**A, "uncertainty": {"shape": "pert", "low": 1, "high": 2}}]},
            "spread_incomplete",
            "row 1, activity A, uncertainty",
        ),
        (
            {"activities": [{**A, "uncertainty": {**UNIFORM, "high": 0.5}}]},
            "spread_order",
            "row 1, activity A, uncertainty",
        ),
        (
            {"activities": [{**A, "uncertainty": {**UNIFORM, "low": "-1d"}}]},
            "spread_order",
            "row 1, activity A, uncertainty",
        ),
        (
            {"activities": [{**A, "uncertainty": {**UNIFORM, "low": "soon"}}]},
            "bad_duration",
            "row 1, activity A, uncertainty, low",
        ),
        (
            {"activities": [{**A, "uncertainty": {**UNIFORM, "low": "1ed"}}]},
            "clock_in_working_time",
            "row 1, activity A, uncertainty, low",
        ),
        (
            {"activities": [{**A, "uncertainty": {"shape": "lognormal", "median": 0, "spread": 1}}]},
            "spread_order",
            "row 1, activity A, uncertainty, median",
        ),
        (
            {"activities": [{**A, "uncertainty": {"shape": "lognormal", "median": 1, "spread": 9}}]},
            "number_out_of_range",
            "row 1, activity A, uncertainty, spread",
        ),
        (
            {"activities": [{**A, "uncertainty": {"shape": "empirical", "values": []}}]},
            "values_count",
            "row 1, activity A, uncertainty",
        ),
        (
            {"activities": [{**A, "uncertainty": {"shape": "empirical", "values": [1, -1]}}]},
            "spread_order",
            "row 1, activity A, uncertainty",
        ),
        (
            {"activities": [{"id": "M", "type": "start_milestone", "uncertainty": UNIFORM}]},
            "uncertainty_without_duration",
            "row 1, activity M, uncertainty",
        ),
        (
            {"activities": [{**A, "drivers": {"snow": 0.5}}]},
            "driver_unknown",
            "row 1, activity A, drivers",
        ),
        (
            {"activities": [{**A, "drivers": {"d": 0.5}}], "drivers": [{"id": "d", "loads": {"A": 0.5}}]},
            "load_twice",
            "row 1, activity A, drivers",
        ),
        (
            {"drivers": [{"id": "d", "loads": {"A": 1.5}}]},
            "number_out_of_range",
            "row 1, driver d, loads, A",
        ),
        (
            {"drivers": [{"id": "d", "loads": {"A": 0.8}}, {"id": "e", "loads": {"A": 0.8}}]},
            "loads_too_high",
            "row 1, activity A, drivers",
        ),
        ({"drivers": [{"id": "d", "loads": {"Q": 0.5}}]}, "names_no_activity", "row 1, driver d, loads"),
        ({"drivers": [{"id": "d"}, {"id": "d"}]}, "id_twice", "row 2, driver d"),
        ({"drivers": [{"id": "d", "kind": "snow"}]}, "unknown_choice", "row 1, driver d, kind"),
        ({"risks": [{**RISK, "probability": 1.2}]}, "number_out_of_range", "row 1, risk R, probability"),
        ({"risks": [{**RISK, "probability": "often"}]}, "bad_number", "row 1, risk R, probability"),
        ({"risks": [{**RISK, "activities": ["Q"]}]}, "names_no_activity", "row 1, risk R, activities"),
        ({"risks": [{**RISK, "activities": ["A", "A"]}]}, "risk_activities", "row 1, risk R, activities"),
        ({"risks": [{**RISK, "activities": []}]}, "risk_activities", "row 1, risk R, activities"),
        ({"risks": [{**RISK, "impact": "-2d"}]}, "spread_order", "row 1, risk R, impact"),
        ({"risks": [{**RISK, "impact": None}]}, "missing_field", "row 1, risk R"),
        (
            {"risks": [{**RISK, "impact": {"shape": "uniform", "low": "1d", "high": "20%"}}]},
            "shares_and_lengths",
            "row 1, risk R, impact",
        ),
        ({"risks": [{"probability": 1}]}, "missing", "risks[0], id"),
        ({"risks": [RISK, RISK]}, "id_twice", "row 2, risk R"),
        (
            {"branches": [{"id": "F", "ways": {"a": 0.5}, "activities": {}}]},
            "ways_not_one",
            "row 1, branch F, ways",
        ),
        (
            {"branches": [{"id": "F", "ways": {"a": 1}, "activities": {"A": "b"}}]},
            "unknown_choice",
            "row 1, branch F, activities, A",
        ),
        (
            {"branches": [{"id": "F", "ways": {"a": 1}, "activities": {"Q": "a"}}]},
            "names_no_activity",
            "row 1, branch F, activities",
        ),
        (
            {
                "branches": [
                    {"id": "F", "ways": {"a": 1}, "activities": {"A": "a"}},
                    {"id": "G", "ways": {"a": 1}, "activities": {"A": "a"}},
                ]
            },
            "in_two_branches",
            "row 2, branch G, activities, A",
        ),
        ({"goals": ["Q"]}, "names_no_activity", "plan, goals"),
        ({"goals": "M"}, "not_a_list", "plan, goals"),
    ],
)
def test_mistakes_are_named(fields: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read(**fields)
    assert (caught.value.code, caught.value.where) == (code, where)
