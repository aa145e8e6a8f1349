"""Tenths of a minute in Torap's own format."""

from __future__ import annotations

import json

import pytest

from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.json_tenths import tenth, tenths_in, tenths_out
from torap.intake.schedules.losses import ScheduleFileError


def test_tenths_carry_the_names_of_the_format() -> None:
    row = {"tenths": {"duration": 4, "constraint": -1, "manual_start": 9}}
    names = {"minutes", "constraint_at", "manual_start"}
    found = tenths_in(row, "row 1", names)
    assert found == (("minutes", 4), ("constraint_at", -1), ("manual_start", 9))
    assert tenths_out(found) == row["tenths"]
    assert tenths_in({}, "row 1", names) == ()
    assert tenth(None, "") == 0


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"tenths": {"duration": 10}}, "row 1, activity A, tenths, duration"),
        ({"tenths": {"length": 1}}, "row 1, activity A, tenths"),
        ({"tenths": 4}, "row 1, activity A, tenths"),
    ],
)
def test_tenths_that_make_no_sense_are_refused(change: dict[str, object], where: str) -> None:
    data = {"start": "2026-01-05T08:00", "activities": [{"id": "A", "duration": "1h", **change}]}
    with pytest.raises(ScheduleFileError) as caught:
        read_bytes(json.dumps(data).encode())
    assert caught.value.where == where
