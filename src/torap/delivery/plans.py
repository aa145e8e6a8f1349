"""A plan of the schedule engine and its uncertainty as JSON and back: what is kept of an attached schedule.

Everything a plan holds is carried, so that dates computed from the kept form equal those of the file. Values
that stand as the fields' defaults are left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from torap.engines.schedule.plan import (
    Activity,
    Constraint,
    Kind,
    LagUnit,
    Link,
    LinkType,
    Part,
    Plan,
)
from torap.engines.schedule.uncertain import (
    Branch,
    Driver,
    DriverKind,
    RiskEvent,
    RiskPlan,
    Shape,
    Spread,
)
from torap.engines.schedule.worktime import CalendarSpec, Shift

FORMAT = "torap-plan/1"
_ENUMS: Mapping[str, type[Enum]] = {
    "kind": Kind,
    "constraint": Constraint,
    "second": Constraint,
    "type": LinkType,
    "unit": LagUnit,
}
_PAIRS = frozenset({"manual", "external"})


def content_of(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-able values."""
    rows = _stated(plan)
    rows |= {
        "format": FORMAT,
        "activities": [_stated(row) | _parts(row.parts) for row in plan.activities],
        "links": [_stated(row) for row in plan.links],
        "calendars": [_calendar(row) for row in plan.calendars.values()],
        "options": dict(plan.options),
    }
    return rows


def risk_content_of(risk: RiskPlan) -> dict[str, Any]:
    """The plan and what is uncertain about it as JSON-able values."""
    return content_of(risk.plan) | {
        "uncertain": {
            "durations": {name: _spread(row) for name, row in risk.durations.items()},
            "drivers": [_stated(row) | {"loads": dict(row.loads)} for row in risk.drivers],
            "risks": [
                _stated(row) | {"activities": list(row.activities), "impact": _spread(row.impact)}
                for row in risk.risks
            ],
            "branches": [
                {"id": row.id, "ways": dict(row.ways), "activities": dict(row.activities)}
                for row in risk.branches
            ],
            "goals": list(risk.goals),
            "watched": list(risk.watched),
            "owners": dict(risk.owners),
        }
    }


def risk_of(content: Mapping[str, Any]) -> RiskPlan:
    """The plan that `risk_content_of` or `content_of` wrote; without the former nothing is uncertain."""
    found = content.get("uncertain") or {}
    return RiskPlan(
        plan=plan_of(content),
        durations={name: _spread_of(row) for name, row in found.get("durations", {}).items()},
        drivers=tuple(
            Driver(**row | {"kind": DriverKind(row.get("kind", DriverKind.OTHER))})
            for row in found.get("drivers", ())
        ),
        risks=tuple(
            RiskEvent(**row | {"activities": tuple(row["activities"]), "impact": _spread_of(row["impact"])})
            for row in found.get("risks", ())
        ),
        branches=tuple(Branch(**row) for row in found.get("branches", ())),
        goals=tuple(found.get("goals", ())),
        watched=tuple(found.get("watched", ())),
        owners=dict(found.get("owners", {})),
    )


def plan_of(content: Mapping[str, Any]) -> Plan:
    """The plan that `content_of` wrote."""
    calendars = [_calendar_of(row) for row in content["calendars"]]
    values = {name: value for name, value in content.items() if name in _PLAIN}
    return Plan(
        **values,
        activities=tuple(_activity_of(row) for row in content["activities"]),
        links=tuple(Link(**_typed(row)) for row in content["links"]),
        calendars={spec.id: spec for spec in calendars},
        options=dict(content.get("options") or {}),
    )


_PLAIN = frozenset({"start", "calendar", "data_date", "must_finish", "minutes_per_day", "name"})
_NESTED = frozenset(
    [
        "activities",
        "links",
        "calendars",
        "options",
        "parts",
        "week",
        "exceptions",
        "loads",
        "impact",
        "values",
    ]
)


def _stated(row: Any) -> dict[str, Any]:
    """The fields of a row that differ from their defaults; those without a default always."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if field.name in _NESTED or (field.default is not dataclasses.MISSING and value == field.default):
            continue
        found[field.name] = value.value if isinstance(value, Enum) else value
    return found


def _spread(row: Spread) -> dict[str, Any]:
    return _stated(row) | ({"values": list(row.values)} if row.values else {})


def _spread_of(row: Mapping[str, Any]) -> Spread:
    return Spread(**dict(row) | {"shape": Shape(row["shape"]), "values": tuple(row.get("values", ()))})


def _parts(parts: Sequence[Part]) -> dict[str, Any]:
    return {"parts": [_stated(part) for part in parts]} if parts else {}


def _calendar(spec: CalendarSpec) -> dict[str, Any]:
    return _stated(spec) | {
        "week": [[list(shift) for shift in day] for day in spec.week],
        "exceptions": {str(day): [list(shift) for shift in rows] for day, rows in spec.exceptions.items()},
    }


def _calendar_of(row: Mapping[str, Any]) -> CalendarSpec:
    return CalendarSpec(
        **{name: value for name, value in row.items() if name not in _NESTED},
        week=tuple(_shifts(day) for day in row["week"]),
        exceptions={int(day): _shifts(rows) for day, rows in row["exceptions"].items()},
    )


def _shifts(rows: Sequence[Sequence[int]]) -> tuple[Shift, ...]:
    return tuple((start, end) for start, end in rows)


def _activity_of(row: Mapping[str, Any]) -> Activity:
    parts = tuple(Part(**_typed(part)) for part in row.get("parts", ()))
    return Activity(**_typed({name: value for name, value in row.items() if name != "parts"}), parts=parts)


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _ENUMS[name](value)
        if name in _ENUMS
        else tuple(value)
        if name in _PAIRS
        else tuple((field, beyond) for field, beyond in value)
        if name == "tenths"
        else value
        for name, value in row.items()
    }
