"""Fields of Microsoft Project XML: what they say, and where they are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pytest

from torap.engines.schedule.worktime import moment
from torap.intake.schedules.losses import ScheduleFileError
from torap.intake.schedules.mspdi_fields import (
    flag,
    instant_tenths,
    number,
    period,
    period_tenths,
    place,
    stamp,
    stamp_tenths,
    text,
    units,
    whole_tenths,
)


def row(**fields: str) -> Element:
    found = Element("Task")
    for name, value in {"UID": "7", **fields}.items():
        SubElement(found, name).text = value
    return found


def test_fields_say_what_they_hold() -> None:
    one = row(Name=" Piles ", Manual="1", Count="2.9", Start="2026-01-05T08:00:30", Units="0.5")
    assert text(one, "Name") == "Piles"
    assert text(one, "Nothing") == ""
    assert (flag(one, "Manual"), flag(one, "Nothing")) == (True, False)
    assert (number(one, "Count", 0), number(one, "Nothing", 4)) == (2, 4)
    assert str(moment(stamp(one, "Start") or 0)) == "2026-01-05 08:00:00"
    assert stamp(row(Start="NA"), "Start") is None
    assert (units(one), units(row()), units(row(Units="-1"))) == (0.5, 1.0, 0.0)
    assert (period(row(Work="PT1H29M60S"), "Work"), period(row(), "Work", 5)) == (90, 5)
    assert place(one, "Start") == "Task UID 7 (Piles), Start"


@pytest.mark.parametrize(
    ("read", "name", "value", "code"),
    [
        (lambda one, name: number(one, name, 0), "Count", "many", "bad_number"),
        (lambda one, name: number(one, name, 0), "Count", "1e30", "bad_number"),
        (lambda one, name: units(one), "Units", "nan", "bad_number"),
        (stamp, "Start", "soon", "bad_date"),
        (period, "Work", "8 hours", "bad_duration"),
        (period, "Work", "-PT8H0M0S", "duration_negative"),
        (period, "Work", "P999999999D", "too_long"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    read: Callable[[Element, str], Any], name: str, value: str, code: str
) -> None:
    with pytest.raises(ScheduleFileError) as refused:
        read(row(**{name: value}), name)
    assert refused.value.code == code
    assert "UID 7" in refused.value.where


@pytest.mark.parametrize(
    ("value", "minutes", "beyond"),
    [("PT1H0M0S", 60, 0), ("PT1H0M24S", 60, 4), ("PT1H0M36S", 61, -4), ("PT1H0M30S", 60, 5), ("", 0, 0)],
)
def test_a_period_has_tenths_of_a_minute(value: str, minutes: int, beyond: int) -> None:
    one = row(Duration=value)
    assert (period(one, "Duration"), period_tenths(one, "Duration")) == (minutes, beyond)
    assert whole_tenths(one, "Duration", 7) == (10 * minutes + beyond if value else 7)


def test_an_instant_has_tenths_of_a_minute() -> None:
    one = row(Start="1970-01-01T00:01:54", Finish="NA")
    assert (instant_tenths(one, "Start"), stamp_tenths(one, "Start")) == (9, 19)
    assert (instant_tenths(one, "Finish"), stamp_tenths(one, "Finish")) == (0, None)
