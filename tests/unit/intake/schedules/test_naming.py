"""The engine names activities by id; people are told the name and the row too."""

from __future__ import annotations

import pytest

from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import schedule
from torap.intake.schedules.files import read_bytes
from torap.intake.schedules.naming import named, naming

MSPDI = (
    '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-01-05T08:00:00</StartDate><Tasks>'
    "<Task><UID>7</UID><ID>4</ID><Name>Dredging</Name><Duration>PT8H0M0S</Duration>"
    "<PredecessorLink><PredecessorUID>9</PredecessorUID></PredecessorLink></Task>"
    "<Task><UID>9</UID><Name>Quay wall</Name><Duration>PT8H0M0S</Duration>"
    "<PredecessorLink><PredecessorUID>7</PredecessorUID></PredecessorLink></Task></Tasks></Project>"
)


def test_a_loop_is_told_with_names_and_rows() -> None:
    read = read_bytes(MSPDI.encode())
    with pytest.raises(EngineInputError) as caught, naming(read):
        schedule(read.plan, profile="msproject")
    assert caught.value.where in {
        "7 (Dredging, row 4) -> 9 (Quay wall, row 2) -> 7 (Dredging, row 4)",
        "9 (Quay wall, row 2) -> 7 (Dredging, row 4) -> 9 (Quay wall, row 2)",
    }


def test_the_activity_that_uses_a_calendar_is_told_with_its_name() -> None:
    read = read_bytes(MSPDI.encode())
    error = EngineInputError("no_working_time", where="Off", calendar="3", activity="7")
    found = named(error, read.plan, read.rows)
    assert (found.where, found.params["activity"], found.params["calendar"]) == (
        "Off", "7 (Dredging, row 4)", "3",
    )  # fmt: skip


def test_without_a_name_the_row_in_the_plan_is_told() -> None:
    plain = b'{"start": "2026-01-05", "activities": [{"id": "A", "duration": "1d"}]}'
    read = read_bytes(plain)
    assert named(EngineInputError("activity_unknown", where="A"), read.plan, {}).where == "A (row 1)"
    assert named(EngineInputError("activity_unknown", where="Z"), read.plan, {}).where == "Z"


def test_what_is_no_error_of_the_engine_passes() -> None:
    with pytest.raises(KeyError), naming(read_bytes(MSPDI.encode())):
        raise KeyError("x")
