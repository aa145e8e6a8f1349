"""The quick way into the arrays and the careful one give the same arrays, and refuse the same files."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torap.engines.errors import EngineInputError
from torap.engines.schedule.columns import Columns, columns_of
from torap.engines.schedule.program import program_of
from torap.engines.schedule.risk_check import check
from torap.engines.schedule.uncertain import Settings
from torap.intake.schedules.constraints import not_used
from torap.intake.schedules.files import read_fields
from torap.intake.schedules.losses import ScheduleFileError
from torap.intake.schedules.quick_json import quick_columns
from torap.intake.schedules.write_json import data_of
from unit.intake.schedules.test_write_json import risk_plans

LENGTHS = [
    "0m",
    "480m",
    "90m",
    "5d",
    3,
    2.5,
    "2ed",
    "60%",
    "12.5%",
    None,
    "8h",
    "1mo",
    " 4d ",
    "-5d",
    "x",
    "",
]
SPREADS = [
    {"shape": "triangular", "low": "400m", "mode": "480m", "high": "900m"},
    {"shape": "pert", "low": "90%", "mode": "100%", "high": "130%"},
    {"shape": "uniform", "low": 1, "high": "2w"},
    {"shape": "uniform", "low": "1d", "high": "3ed"},
    {"shape": "lognormal", "median": "480m", "spread": 0.3},
    {"shape": "lognormal", "median": "0m", "spread": 0.3},
    {"shape": "lognormal", "median": "480m", "spread": "30%"},
    {"shape": "empirical", "values": ["2d", "1d"]},
    {"shape": "triangular", "low": "900m", "mode": "480m", "high": "400m"},
    {"shape": "triangular", "low": "400m", "mode": "480m"},
    {"shape": "wide"},
    "3d",
]
ODD = [
    {},
    {"type": "finish_milestone"},
    {"type": "summary", "id": "top"},
    {"parent": "top"},
    {"deadline": "2026-03-02"},
    {"actual_start": "2026-01-06T08:00", "remaining": "2d"},
    {"actual_start": "2026-01-06T08:00", "actual_finish": "2026-01-07T17:00"},
    {"constraint": {"type": "start_not_before", "date": "2026-02-02T08:00"}},
    {"constraint": "alap"},
    {"active": False},
    {"drivers": {"frost": 0.5}},
    {"drivers": {"frost": "80%"}},
    {"drivers": {"nobody": 0.5}},
    {"calendar": "site"},
    {"calendar": "24h"},
    {"calendar": "none"},
    {"owner": "akimat"},
    {"owner": 5},
    {"name": "Причал\u00a0№ 2"},
    {"name": "a\u0000b"},
    {"colour": "red"},
]
LAGS = [None, 0, "2d", -1, "-3d", "2ed", "50%", "x", 1.5, False]


@st.composite
def files(draw: Any) -> dict[str, Any]:
    """Small files of which most are plain and some say something strange or wrong."""
    count = draw(st.integers(1, 5))
    rows = []
    for i in range(count):
        row: dict[str, Any] = {"id": f"a{i}", "duration": draw(st.sampled_from(LENGTHS[:8]))}
        if draw(st.integers(0, 3)):
            row["uncertainty"] = draw(st.sampled_from(SPREADS if draw(st.booleans()) else SPREADS[:5]))
        if not draw(st.integers(0, 2)):
            row |= draw(st.sampled_from(ODD))
        if not draw(st.integers(0, 9)):
            row["duration"] = draw(st.sampled_from(LENGTHS))
        rows.append(row)
    ids = [row["id"] for row in rows]
    links = [
        {"from": draw(st.sampled_from(ids)), "to": draw(st.sampled_from([*ids, ids[0] + " "])), "lag": lag}
        for lag in draw(st.lists(st.sampled_from(LAGS), max_size=3))
    ]
    for link in links:
        if draw(st.booleans()):
            link["type"] = draw(st.sampled_from(["FS", "SS", "FF", "SF", "XX", None]))
    found: dict[str, Any] = {
        "start": "2026-01-05T08:00",
        "activities": rows,
        "links": links,
        "calendars": [{"id": "site", "week": {"mon": ["08:00-18:00"]}}],
        "calendar": draw(st.sampled_from(["site", "24h"])),
        "drivers": [{"id": "frost", "loads": {ids[0]: draw(st.sampled_from([0.5, 1, 0.9]))}}],
    }  # fmt: skip
    if draw(st.booleans()):
        impact = draw(st.sampled_from(["3d", "20%", {"shape": "uniform", "low": "1d", "high": "5d"}]))
        found["risks"] = [{"id": "r", "probability": 0.3, "activities": [ids[-1]], "impact": impact}]
    if draw(st.booleans()):
        found["branches"] = [{"id": "b", "ways": {"x": 0.4, "y": 0.6}, "activities": {ids[-1]: "y"}}]
        found["goals"] = [ids[0]]
    return found


def carefully(data: dict[str, Any]) -> tuple[Columns, list[Any]] | None:
    """What the careful readers and checks make of the file; None when they refuse it."""
    try:
        read = read_fields(data)
        check(read.risk, Settings())
    except (ScheduleFileError, EngineInputError):
        return None
    return columns_of(read.risk), [*read.losses, *not_used(read.plan, "torap")]


def assert_same(one: Any, other: Any) -> None:
    """Every array, type and text is the same."""
    for row in fields(one):
        a, b = getattr(one, row.name), getattr(other, row.name)
        assert type(a) is type(b), row.name
        if is_dataclass(a) and not isinstance(a, type) and row.name in {"spreads", "impacts"}:
            assert_same(a, b)
        elif isinstance(a, np.ndarray):
            assert (a.dtype, a.shape) == (b.dtype, b.shape), row.name
            assert np.array_equal(a, b), row.name
        else:
            assert a == b, row.name


def compared(data: dict[str, Any]) -> bool:
    """Whether the quick way took the file; if so, it took it as the careful one does."""
    quick, careful = quick_columns(data), carefully(data)
    if quick is None:
        return False
    assert careful is not None
    assert_same(quick.columns, careful[0])
    assert list(quick.losses) == careful[1]
    return True


@settings(max_examples=300, deadline=None)
@given(files())
def test_strange_files_are_read_alike_or_left_to_the_careful_readers(data: dict[str, Any]) -> None:
    compared(json.loads(json.dumps(data)))


@settings(max_examples=60, deadline=None)
@given(risk_plans())
def test_files_that_say_everything_are_read_alike(risk: Any) -> None:
    compared(json.loads(json.dumps(data_of(risk))))


def plain(**more: Any) -> dict[str, Any]:
    rows = [
        {
            "id": f"a{i}",
            "name": f"Работа {i}",
            "duration": f"{480 * i}m",
            "owner": "akimat",
            "uncertainty": row,
        }
        for i, row in enumerate([*SPREADS[:5], SPREADS[7]])
    ]
    rows[3]["duration"] = "3ed"
    links = [{"from": "a0", "to": "a1"}, {"from": "a1", "to": "a2", "type": "SS", "lag": "-2d"}]
    return {"start": "2026-01-05T08:00", "activities": rows, "links": links, **more}


def test_a_plain_file_goes_the_quick_way() -> None:
    assert compared(plain())
    assert compared(
        plain(convention="p6", name="Порт", goals=["a1"], drivers=[{"id": "d", "loads": {"a1": 0.5}}])
    )
    found = quick_columns(plain(convention="p6", name="Порт"), ["a2"])
    assert found is not None
    assert (found.name, found.profile, found.names[1]) == ("Порт", "p6", "Работа 1")
    assert [found.columns.ids[i] for i in found.columns.goals] == ["a2"]


@pytest.mark.parametrize("odd", [row for row in ODD if "id" not in row and "parent" not in row])
def test_an_odd_row_among_plain_ones(odd: dict[str, Any]) -> None:
    data = plain(calendars=[{"id": "site"}], drivers=[{"id": "frost"}])
    data["activities"][2] |= odd
    assert compared(data) == (carefully(data) is not None and odd != {"owner": 5})


@pytest.mark.parametrize(
    "wrong",
    [
        {"links": [{"from": "a0", "to": "a0"}]},
        {"links": [{"from": "a0", "to": "nothing"}]},
        {"links": [["a0", "a1"]]},
        {"links": [{"from": "a0", "to": "a1", "lag": True}]},
        {"goals": ["nothing"]},
        {"convention": "mine"},
        {"calendar": "none"},
        {"calendars": [{"id": "site", "week": {}}]},
        {"activities": []},
        {"activities": [5]},
        {"activities": [{"id": "a"}, {"id": "a"}]},
        {"activities": [{"id": " a"}, {"id": ""}]},
        {"start": "yesterday"},
        {"drivers": [{"id": "d", "loads": {"a0": 2}}]},
        {"drivers": [{"id": "d", "loads": {"a0": 0.8}}, {"id": "e", "loads": {"a0": 0.8}}]},
        {"risks": [{"id": "r", "probability": 5, "activities": ["a0"], "impact": "1d"}]},
        {"branches": [{"id": "b", "ways": {"x": 0.4}, "activities": {}}]},
    ],
)
def test_what_is_wrong_is_left_to_the_careful_readers(wrong: dict[str, Any]) -> None:
    assert quick_columns(plain(**wrong)) is None


def test_a_goal_that_is_no_activity_is_left_to_the_careful_readers() -> None:
    assert quick_columns(plain(), ["nothing"]) is None


def test_a_loop_is_named_as_the_careful_way_names_it() -> None:
    data = plain(links=[{"from": "a0", "to": "a1"}, {"from": "a1", "to": "a0"}])
    quick, careful = quick_columns(data), carefully(data)
    assert quick is not None
    assert careful is not None
    said = []
    for columns in (quick.columns, careful[0]):
        with pytest.raises(EngineInputError) as refused:
            program_of(columns)
        said.append((refused.value.code, refused.value.where))
    assert said[0] == said[1]
