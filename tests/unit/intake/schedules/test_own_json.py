"""Torap's own schedule format: what it means, and what each mistake is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.plan import Constraint, Kind, LagUnit
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.losses import ScheduleFileError
from torap.intake.schedules.own_json import length

START = "2026-01-05T08:00"


def read(**fields: Any) -> Any:
    data = {"start": START, "activities": [{"id": "A", "duration": "5d"}], **fields}
    return read_bytes(json.dumps(data).encode())


def test_a_plan_in_full() -> None:
    found = read(
        name="Hub",
        data_date="2026-01-06",
        calendars=[
            {
                "id": "site",
                "week": {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat")},
                "exceptions": [{"date": "2026-01-07"}, {"from": "2026-11-01", "to": "2027-03-31"}],
            }
        ],
        activities=[
            {"id": "A", "name": "Earth", "duration": "2w", "constraint": {"type": "alap"}},
            {"id": "B", "duration": "3ed", "deadline": "2026-05-01", "remaining": "1d"},
            {"id": "M", "type": "finish_milestone"},
        ],
        links=[
            {"from": "A", "to": "B", "type": "SS", "lag": "50%"},
            {"from": "B", "to": "M", "lag": "-2h"},
            {"from": "A", "to": "M", "lag": "2ed"},
        ],
    )
    plan = found.plan
    assert (found.format, found.profile, found.losses) == ("json", "torap", ())
    assert plan.minutes_per_day == 720
    assert plan.activities[0].minutes == 10 * 720
    assert plan.activities[0].constraint == Constraint.ALAP
    assert plan.activities[1].calendar == "24h"
    assert plan.activities[1].minutes == 3 * 1440
    assert plan.activities[2].kind == Kind.FINISH_MILESTONE
    assert [(link.lag, link.unit) for link in plan.links] == [
        (5000, LagUnit.PERCENT),
        (-120, LagUnit.WORK),
        (2880, LagUnit.ELAPSED),
    ]
    assert len(plan.calendars["site"].exceptions) == 1 + 151


def test_without_calendars_the_week_is_the_usual_one() -> None:
    found = schedule(read().plan)
    assert str(moment(found.rows["A"].finish)) == "2026-01-09 17:00:00"


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        (5, 2400),
        ("5d", 2400),
        ("1.5d", 720),
        ("8h", 480),
        ("30m", 30),
        ("2w", 4800),
        ("1mo", 9600),
        ("1ew", 10080),
    ],
)
def test_lengths(value: object, minutes: int) -> None:
    assert length(value, 480, "x")[0] == minutes


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"start": None}, "project_without_start", "plan, start"),
        ({"activities": []}, "no_activities", "plan, activities"),
        ({"activities": [{"duration": 1}]}, "missing", "activities[0], id"),
        ({"activities": [{"id": "A", "duration": "five"}]}, "bad_duration", "row 1, activity A, duration"),
        (
            {"activities": [{"id": "A", "duration": "-1d"}]},
            "duration_negative",
            "row 1, activity A, duration",
        ),
        (
            {"activities": [{"id": "A", "remaining": "-1d"}]},
            "remaining_negative",
            "row 1, activity A, remaining",
        ),
        ({"activities": [{"id": "A", "duration": "9e9d"}]}, "bad_duration", "row 1, activity A, duration"),
        ({"activities": [{"id": "A", "duration": "99999999w"}]}, "too_long", "row 1, activity A, duration"),
        ({"activities": [{"id": "A", "durration": "1d"}]}, "unknown_field", "row 1, activity A"),
        ({"activities": [{"id": "A", "type": "hammock"}]}, "unknown_choice", "row 1, activity A, type"),
        ({"activities": [{"id": "A", "deadline": "soon"}]}, "bad_date", "row 1, activity A, deadline"),
        (
            {"activities": [{"id": "A", "constraint": "must_start"}]},
            "constraint_without_date",
            "row 1, activity A, constraint",
        ),
        ({"activities": [{"id": "A", "calendar": "x"}]}, "calendar_unknown", "row 1, activity A, calendar"),
        ({"links": [{"from": "A", "to": "B"}]}, "link_to_nothing", "links[0], to"),
        ({"links": [{"from": "A", "to": "A", "type": "FB"}]}, "unknown_choice", "links[0], type"),
        ({"links": [{"from": "A", "to": "A", "lag": "x%"}]}, "bad_duration", "links[0], lag"),
        ({"links": {}}, "not_a_list", "plan, links"),
        (
            {"calendars": [{"id": "c", "week": {"mon": ["17:00-08:00"]}}]},
            "bad_shift",
            "row 1, calendar c, mon",
        ),
        (
            {"calendars": [{"id": "c", "exceptions": [{"date": "2026-02-30"}]}]},
            "bad_date",
            "row 1, calendar c, exceptions[0]",
        ),
        ({"calendar": "nobody"}, "calendar_unknown", "plan, calendar"),
    ],
)
def test_mistakes_are_named(fields: dict[str, Any], code: str, where: str) -> None:
    if fields.get("links") == {}:
        fields = {"links": {"a": 1}}
    with pytest.raises(ScheduleFileError) as caught:
        read(**fields)
    assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b'{"start": ', "broken_json"),
        (b"[1, 2]", "not_a_plan"),
        (b"hello", "unknown_format"),
        (b'{"name": "\xff\xfe\xfa"}', "wrong_encoding"),
        (b'{"a":' * 100_000, "too_deep"),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(data, name="x.json")
    assert caught.value.code == code
