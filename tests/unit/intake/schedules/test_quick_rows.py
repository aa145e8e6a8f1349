"""Plain rows in bulk: what is taken, and what is left to the careful readers."""

from __future__ import annotations

from typing import Any

import pytest

from torap.engines.schedule.columns import LINK_TYPES, SHAPES, UNITS
from torap.engines.schedule.plan import LagUnit, LinkType
from torap.engines.schedule.uncertain import Shape
from torap.intake.schedules.losses import ScheduleFileError
from torap.intake.schedules.own_json import plan_of_data
from torap.intake.schedules.quick_rows import NotPlainError, ids_of, link_columns, plain_rows, texts_of

PLAN = plan_of_data(
    {
        "start": "2026-01-05",
        "activities": [{"id": "a"}],
        "calendars": [{"id": "site", "week": {"mon": ["08:00-18:00"]}}, {"id": "dead", "week": {}}],
    }
)


def test_durations_of_all_ways_of_writing() -> None:
    rows: list[dict[str, Any]] = [
        {"duration": "480m"}, {"duration": "2d"}, {"duration": "2d", "calendar": "24h"}, {"duration": "1ed"},
        {"duration": 3}, {}, {"duration": "-1d"}, {"duration": "long"}, {"duration": "1d", "parent": "x"},
    ]  # fmt: skip
    found = plain_rows(rows, PLAN)
    assert found.at.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.minutes.tolist() == [480, 1200, 2880, 1440, 1800, 0]
    assert list(found.named) == ["", "", "24h", "24h", "", ""]
    clock, site = list(PLAN.calendars).index("24h"), list(PLAN.calendars).index("site")
    assert found.calendar.tolist() == [site, site, clock, clock, site, site]


def test_whole_minutes_are_read_in_bulk() -> None:
    found = plain_rows([{"duration": f"{i}m"} for i in range(50)], PLAN)
    assert found.minutes.tolist() == list(range(50))
    assert (found.shape == -1).all()


def test_a_length_that_hides_two_is_not_taken() -> None:
    assert plain_rows([{"duration": "1m\n2m"}, {"duration": "3m"}], PLAN).at.tolist() == [1]


def test_spreads_are_minutes_of_the_activity() -> None:
    pert = {"shape": "pert", "low": "50%", "mode": "2d", "high": "3d"}
    falling = {"shape": "uniform", "low": "3d", "high": "1d"}
    clock = {"shape": "uniform", "low": "1ed", "high": "2ed"}
    rows = [
        {"duration": "2d", "uncertainty": pert},
        {"duration": "2d", "uncertainty": falling},
        {"duration": "2d", "uncertainty": clock},
        {"duration": "2ed", "uncertainty": clock},
        {"duration": "2d", "uncertainty": {"shape": "lognormal", "median": "600m", "spread": "50%"}},
        {"duration": "2d", "uncertainty": {"shape": "empirical", "values": ["1d"]}},
    ]
    found = plain_rows(rows, PLAN)
    assert found.at.tolist() == [0, 3, 4]
    assert found.shape.tolist() == [
        SHAPES.index(kind) for kind in (Shape.PERT, Shape.UNIFORM, Shape.LOGNORMAL)
    ]
    assert (found.low[0], found.mode[0], found.high[0]) == (600, 1200, 1800)
    assert (found.low[1], found.high[1]) == (1440, 2880)
    assert (found.mode[2], found.sigma[2]) == (600, 0.5)


@pytest.mark.parametrize("row", [{"calendar": "none"}, {"calendar": 0}, {"calendar": "dead"}])
def test_calendars_that_somebody_must_judge(row: dict[str, Any]) -> None:
    with pytest.raises(NotPlainError):
        plain_rows([row], PLAN)


def test_ids_have_places() -> None:
    assert ids_of([{"id": "б 1"}, {"id": "a"}]) == {"б 1": 0, "a": 1}


@pytest.mark.parametrize("ids", [["a", "a"], [" a"], [""], ["a\u0000"], ["x" * 10_001]])
def test_ids_that_somebody_must_judge(ids: list[str]) -> None:
    with pytest.raises(NotPlainError):
        ids_of([{"id": name} for name in ids])


def test_texts_with_a_hard_blank_are_taken_and_others_not() -> None:
    texts_of(["a\u00a0b", "Причал"])
    with pytest.raises(TypeError):
        texts_of(["a", 5])


def test_links_of_all_kinds() -> None:
    rows = [
        {"from": "a", "to": "b"},
        {"from": "a", "to": "b", "type": "SF", "lag": "-2d"},
        {"from": "b", "to": "a", "type": None, "lag": "30%"},
        {"from": "b", "to": "a", "lag": "1ed"},
    ]
    found = link_columns(rows, {"a": 0, "b": 1}, 480)
    assert found["predecessor"].tolist() == [0, 0, 1, 1]
    assert [LINK_TYPES[kind] for kind in found["link_type"]] == [
        LinkType.FS,
        LinkType.SF,
        LinkType.FS,
        LinkType.FS,
    ]
    assert found["lag"].tolist() == [0, -960, 3000, 1440]
    units = [LagUnit.WORK, LagUnit.WORK, LagUnit.PERCENT, LagUnit.ELAPSED]
    assert [UNITS[unit] for unit in found["lag_unit"]] == units
    assert link_columns([], {}, 480)["lag"].shape == (0,)


@pytest.mark.parametrize(
    "row",
    [
        {"from": "a", "to": "a"},
        {"from": "a"},
        {"from": "a", "to": "b", "lag": "x"},
        {"from": "a", "to": "b", "type": "AA"},
    ],
)
def test_links_that_somebody_must_judge(row: dict[str, Any]) -> None:
    with pytest.raises((NotPlainError, KeyError, ValueError, ScheduleFileError)):
        link_columns([row], {"a": 0, "b": 1}, 480)
