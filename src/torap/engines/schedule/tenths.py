"""Plans whose durations hold tenths of a minute, as Microsoft Project counts them: passed in tenths.

All else of the engine counts whole minutes, so such a plan keeps its minutes rounded and says beside them
what is beyond (`tenths` of activities and parts, `lag_tenths` of links). Its dates are computed in tenths and
told as the minute they fall into; floats are rounded. What changes a duration and leaves its tenths is off by
less than a minute.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from torap.engines.schedule.plan import Activity, LagUnit, Link, Part, Plan

if TYPE_CHECKING:
    from torap.engines.schedule.dates import Row, Schedule

SCALE = 10
# Fields that hold minutes or instants; of pairs each end has a name of its own.
FIELDS = (
    "minutes", "remaining", "actual", "levelling_delay", "constraint_at", "second_at", "deadline",
    "actual_start", "actual_finish", "suspended_at", "resumed_at", "expected_finish",
)  # fmt: skip
OF_PART = ("minutes", "actual", "remaining", "offset")
PAIRS = ("manual", "external")
NAMES = frozenset({*FIELDS, *(f"{pair}_{end}" for pair in PAIRS for end in ("start", "finish"))})


def needed(plan: Plan) -> bool:
    """Anything of the plan is said to the tenth of a minute."""
    said = any(row.tenths or any(part.tenths for part in row.parts) for row in plan.activities)
    return said or any(link.lag_tenths for link in plan.links)


def finer(plan: Plan) -> Plan:
    """The plan with every duration and instant in tenths of a minute; calendars stay as they are."""
    return replace(
        plan,
        start=plan.start * SCALE,
        data_date=None if plan.data_date is None else plan.data_date * SCALE,
        must_finish=None if plan.must_finish is None else plan.must_finish * SCALE,
        activities=tuple(map(_activity, plan.activities)),
        links=tuple(map(_link, plan.links)),
    )


def coarser(found: Schedule) -> Schedule:
    """Dates that were computed in tenths of a minute, in minutes."""
    return replace(
        found,
        rows={name: _row(row) for name, row in found.rows.items()},
        finish=found.finish // SCALE,
        missed=tuple(
            replace(
                one,
                at=one.at // SCALE,
                stands=one.stands // SCALE,
                minutes=max(round(one.minutes / SCALE), 1),
            )
            for one in found.missed
        ),
    )


def _activity(row: Activity) -> Activity:
    pairs = {name: _pair(getattr(row, name), name, dict(row.tenths)) for name in PAIRS}
    fine = replace(row, **_fields(row, FIELDS), **pairs, tenths=())  # type: ignore[arg-type]
    return replace(fine, parts=tuple(_part(part) for part in row.parts))


def _fields(row: Activity | Part, names: tuple[str, ...]) -> dict[str, int]:
    """The fields of a row that say something, in tenths."""
    beyond = dict(row.tenths)
    values = {name: getattr(row, name) for name in names}
    return {name: value * SCALE + beyond.get(name, 0) for name, value in values.items() if value is not None}


def _pair(pair: tuple[int, int] | None, name: str, beyond: dict[str, int]) -> tuple[int, int] | None:
    if pair is None:
        return None
    start, finish = pair
    return (
        start * SCALE + beyond.get(f"{name}_start", 0),
        finish * SCALE + beyond.get(f"{name}_finish", 0),
    )


def _part(part: Part) -> Part:
    return replace(part, **_fields(part, OF_PART), tenths=())  # type: ignore[arg-type]


def _link(link: Link) -> Link:
    if link.unit == LagUnit.PERCENT or not (link.lag or link.lag_tenths):
        return link
    return replace(link, lag=link.lag * SCALE + link.lag_tenths, lag_tenths=0)


def _row(row: Row) -> Row:
    return replace(
        row,
        start=row.start // SCALE,
        finish=row.finish // SCALE,
        early_start=row.early_start // SCALE,
        early_finish=row.early_finish // SCALE,
        late_start=row.late_start // SCALE,
        late_finish=row.late_finish // SCALE,
        total_float=None if row.total_float is None else round(row.total_float / SCALE),
        free_float=None if row.free_float is None else round(row.free_float / SCALE),
    )


__all__ = ["NAMES", "OF_PART", "SCALE", "coarser", "finer", "needed"]
