"""Fields of our own format: what is taken, and what is said otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from torap.engines.schedule.plan import LinkType
from torap.intake.schedules import json_fields as fields
from torap.intake.schedules.losses import ScheduleFileError


def refused(code: str, call: Any, *words: Any, **more: Any) -> ScheduleFileError:
    with pytest.raises(ScheduleFileError) as caught:
        call(*words, **more)
    assert caught.value.code == code
    return caught.value


def test_objects_lists_texts_and_flags() -> None:
    row = {"list": [1], "map": {"a": 1}, "text": "a", "number": 7, "flag": True, "none": None}
    assert fields.listed(row, "list", "r") == [1]
    assert fields.listed(row, "none", "r") == []
    assert fields.mapped(row, "map", "r") == {"a": 1}
    assert fields.mapped(row, "none", "r") == {}
    assert (fields.text_of(row, "text", "r"), fields.text_of(row, "number", "r")) == ("a", "7")
    assert fields.text_of(row, "none", "r") == ""
    assert fields.flag(row, "flag", "r", default=False)
    assert fields.flag(row, "none", "r", default=True)
    assert refused("not_a_list", fields.listed, row, "map", "r").where == "r, map"
    refused("not_an_object", fields.mapped, row, "list", "r")
    refused("not_a_text", fields.text_of, row, "flag", "r")
    refused("not_a_flag", fields.flag, row, "number", "r", default=True)
    refused("text_too_long", fields.text_of, {"text": "a" * 10_001}, "text", "r")
    assert refused("bad_character", fields.text_of, {"text": "ab\x1b"}, "text", "r").params == {
        "value": "U+001B",
        "at": 3,
    }
    refused("unknown_field", fields.known, row, {"list"}, "r")
    refused("missing", fields.id_of, {"id": "  "}, "r")
    assert fields.id_of({"id": " A "}, "r") == "A"


def test_numbers_and_shares() -> None:
    assert fields.number("25%", "r", low=0, high=1) == 0.25
    assert fields.number(1, "r", low=0, high=1) == 1.0
    assert fields.share("12.5%", "r") == 1250
    assert fields.share("12.5", "r") is None
    for value in (True, "often", None, [1]):
        refused("bad_number", fields.number, value, "r", low=0, high=1)
    for value in (2, "101%", 10**400):
        refused("number_out_of_range", fields.number, value, "r", low=0, high=1)
    refused("bad_duration", fields.share, "5e%", "r")
    refused("too_long", fields.share, "99999999%", "r")


def test_dates_and_durations() -> None:
    assert fields.instant({"at": "1970-01-02"}, "at", "r") == 1440
    assert fields.instant({"at": ""}, "at", "r") is None
    assert fields.day_of("1970-01-02", "r") == 1
    refused("bad_date", fields.instant, {"at": 5}, "at", "r")
    refused("bad_date", fields.day_of, None, "r")
    assert fields.day_of("1899-12-30", "r") == -25_569  # the first day of spreadsheets, in calendars of P6
    refused("date_out_of_range", fields.day_of, "1799-12-31", "r")
    for value in ("2026-01-05T08:00+05:00", "2026-01-05T08:00Z"):
        assert refused("zone_given", fields.instant, {"at": value}, "at", "r").where == "r, at"
    refused("date_out_of_range", fields.instant, {"at": "2300-01-01"}, "at", "r")
    assert fields.length("2w", 480, "r") == (4800, False)
    assert fields.length("2ed", 480, "r") == (2880, True)
    refused("too_long", fields.length, "999999mo", 480, "r")
    refused("bad_duration", fields.length, "5%", 480, "r")


def test_choices_and_what_json_itself_cannot_say() -> None:
    assert fields.choice(LinkType, "SS", "r") is LinkType.SS
    assert refused("unknown_choice", fields.choice, LinkType, "XX", "r").params["known"] == "FS, SS, FF, SF"
    refused("unknown_choice", fields.choice, LinkType, ["FS"], "r")
    refused("field_twice", fields.loaded, '{"a": 1, "a": 2}')
    refused("bad_number", fields.loaded, '{"a": Infinity}')
    refused("bad_number", fields.loaded, '{"a": ' + "9" * 5000 + "}")
    refused("broken_json", fields.loaded, '{"a"')
    refused("too_deep", fields.loaded, "[" * 100_000)
    refused("not_a_plan", fields.loaded, "[]")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"activities": [{"id": "A"}, {"id": "B", "duration": NaN}]}', "row 2, activity B, duration"),
        ('{"activities": [{"duration": NaN}]}', "activities[0], duration"),
        ('{"links": [{"from": "A", "lag": -Infinity}]}', "links[0], lag"),
        ('{"risks": [{"id": 7, "impact": {"low": [1, Infinity]}}]}', "row 1, risk 7, impact, low[1]"),
        ('{"activities": [NaN], "hours_per_day": NaN}', "activities[0]"),
        ('{"name": "NaN", "hours_per_day": NaN}', "plan, hours_per_day"),
    ],
)
def test_what_is_no_number_is_named_with_its_row_and_field(text: str, where: str) -> None:
    assert refused("bad_number", fields.loaded, text).where == where


def test_a_name_that_reads_like_no_number_is_a_name() -> None:
    assert fields.loaded('{"name": "NaN"}') == {"name": "NaN"}
