"""Every case of the back-test as rows of a file, so that anybody can compute its figures anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from torap.runs.selectors import CalibrationBin, ScoreTable
from torap.web.scores.score import wilson

SHARES = ("0.1", "0.5", "0.8", "0.9")
COVERED = "0.8"
CASES_HEADER = (
    "milestone", "said", "promised", "holder", "class", "class_n", "class_events", "p10", "p50", "p80", "p90",
    "chance", "heard_until", "reached", "held", "p80_held", "squared_error", "run",
)  # fmt: skip
NETWORK_HEADER = (*CASES_HEADER, "waited", "held_back_by_stages")
POINTS_HEADER = (
    "part", "chance_from", "chance_to", "foretold", "held", "n", "interval_low", "interval_high",
)  # fmt: skip


def case_rows(table: ScoreTable) -> list[list[Any]]:
    """Each promise replayed: what would have been said on its day, and what is known of it now."""
    return [_case(one, table.run) for one in table.cases]


def network_rows(table: ScoreTable) -> list[list[Any]]:
    """The promises the network was asked of, with what it would have said on their day."""
    found = table.network.cases if table.network is not None else ()
    return [[*_case(one, table.run), one["waits"], one["staged"]] for one in found]


def _case(one: Mapping[str, Any], run: str) -> list[Any]:
    said = dt.date.fromisoformat(one["said"])
    days = {share: one["quantiles"].get(share) for share in SHARES}
    return [
        one["key"],
        one["said"],
        one["promised"],
        one["holder"],
        one["class"],
        one["n"],
        one["events"],
        *(_day(said, days[share]) for share in SHARES),
        one["chance"],
        one["until"],
        one["done"],
        one["held"],
        _covered(one, said),
        _error(one),
        run,
    ]


def _day(said: dt.date, days: int | None) -> dt.date | None:
    return None if days is None else said + dt.timedelta(days=days)


def _covered(one: Mapping[str, Any], said: dt.date) -> bool | None:
    """Whether it was reached by its P80; None while that is not known, or where no P80 was told."""
    limit = _day(said, one["quantiles"].get(COVERED))
    if limit is None or COVERED in one.get("bounds", ()):
        return None
    until = dt.date.fromisoformat(one["until"])
    if one["done"]:
        return until <= limit
    return False if until >= limit else None


def _error(one: Mapping[str, Any]) -> float | None:
    """What the case adds to the Brier score, before the mean."""
    if one["chance"] is None or one["held"] is None:
        return None
    return round((one["chance"] - float(one["held"])) ** 2, 6)


def point_rows(part: str, found: Sequence[CalibrationBin]) -> list[list[Any]]:
    """The marks of a calibration plot."""
    rows: list[list[Any]] = []
    for one in found:
        if one.n and one.came is not None:
            low, high = wilson(round(one.came * one.n), one.n)
            rows.append([part, one.low, one.high, one.said, one.came, one.n, round(low, 6), round(high, 6)])
    return rows
