"""Progress in Microsoft Project XML: what is done, what is left, and when it goes on."""

from __future__ import annotations

import pytest

from torap.engines.schedule.dates import schedule
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.files import read_bytes


def file(task: str) -> bytes:
    return (
        '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-01-05T08:00:00</StartDate>'
        f"<Tasks>{task}</Tasks></Project>"
    ).encode()


def progress(planned: int, done: str, left: str) -> str:
    begun = f"<ActualStart>2026-01-05T08:00:00</ActualStart>{done}{left}"
    return f"<Task><UID>1</UID><Duration>PT{planned}H0M0S</Duration>{begun}</Task>"


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ("<ActualDuration>PT24H0M0S</ActualDuration>", "<RemainingDuration>PT16H0M0S</RemainingDuration>"),
        ("", "<RemainingDuration>PT16H0M0S</RemainingDuration>"),
        ("<ActualDuration>PT8H0M0S</ActualDuration>", ""),
        ("", ""),
    ],
)
def test_work_under_way_ends_after_its_duration(done: str, left: str) -> None:
    """Whatever of its progress the file leaves unsaid, in every convention."""
    read = read_bytes(file(progress(40, done, left)))
    for profile in ("msproject", "torap", "p6"):
        assert moment(schedule(read.plan, profile=profile).rows["1"].finish).isoformat() == (
            "2026-01-09T17:00:00"
        )


@pytest.mark.parametrize(
    ("valid", "stop", "finish", "told"),
    [
        ("", "2026-01-07T12:00:00", "2026-01-16T12:00:00", False),
        ("<ResumeValid>1</ResumeValid>", "2026-01-07T12:00:00", "2026-01-16T12:00:00", False),
        ("<ResumeValid>0</ResumeValid>", "2026-01-07T12:00:00", "2026-01-09T17:00:00", True),
        ("<ResumeValid>0</ResumeValid>", "2026-01-13T17:00:00", "2026-01-09T17:00:00", False),
        ("", "2026-01-13T17:00:00", "2026-01-09T17:00:00", False),
    ],
)
def test_suspended_work_goes_on_when_the_file_says(valid: str, stop: str, finish: str, told: bool) -> None:
    done = "<ActualDuration>PT20H0M0S</ActualDuration>"
    when = f"<Stop>{stop}</Stop><Resume>2026-01-14T08:00:00</Resume>{valid}"
    read = read_bytes(file(progress(40, done, when)))
    assert moment(schedule(read.plan, profile="msproject").rows["1"].finish).isoformat() == finish
    assert ("resume_not_valid" in {row.code for row in read.losses}) == told
