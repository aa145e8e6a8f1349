"""Writes a plan and what is uncertain about it in Torap's own format, so that it reads back the same.

Lengths are written in minutes and shares in hundredths of a percent, as the engine keeps them: nothing is
rounded, and nothing is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from torap.engines.schedule.plan import Activity, Constraint, Kind, LagUnit, Link, LinkType, Part
from torap.engines.schedule.uncertain import RiskEvent, RiskPlan, Shape, Spread
from torap.engines.schedule.worktime import ALWAYS, EPOCH, CalendarSpec, Shift, moment
from torap.intake.schedules.json_tenths import tenths_out
from torap.intake.schedules.own_json import DAYS
from torap.intake.schedules.own_json_risk import NEEDED
from torap.intake.schedules.shifts import hours


def json_of(risk: RiskPlan, *, profile: str = "torap") -> str:
    """The file's text. `profile`: the convention that the plan's dates follow."""
    return json.dumps(data_of(risk, profile=profile), ensure_ascii=False, indent=1) + "\n"


def data_of(risk: RiskPlan, *, profile: str = "torap") -> dict[str, Any]:
    """The plan as plain data; fields that say nothing are left out."""
    plan = risk.plan
    default = plan.calendars[plan.calendar].minutes_per_day
    return _full(
        name=plan.name,
        convention=profile if profile != "torap" else None,
        start=_instant(plan.start),
        data_date=_instant(plan.data_date),
        must_finish=_instant(plan.must_finish),
        calendar=plan.calendar,
        hours_per_day=plan.minutes_per_day / 60 if plan.minutes_per_day != default else None,
        calendars=[_calendar(spec) for spec in plan.calendars.values() if spec != ALWAYS],
        options={name: _plain(value) for name, value in sorted(plan.options.items())},
        activities=[_activity(row, risk) for row in plan.activities],
        links=[_link(row) for row in plan.links],
        drivers=[
            _full(id=row.id, name=row.name, kind=str(row.kind), loads=dict(row.loads)) for row in risk.drivers
        ],
        risks=[_risk(row) for row in risk.risks],
        branches=[
            _full(id=row.id, ways=dict(row.ways), activities=dict(row.activities)) for row in risk.branches
        ],
        goals=list(risk.goals),
    )


def _full(**fields: Any) -> dict[str, Any]:
    """The fields that say something: neither none nor empty."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float) else str(value)


def _activity(row: Activity, risk: RiskPlan) -> dict[str, Any]:
    spread = risk.durations.get(row.id)
    return _full(
        id=row.id,
        name=row.name,
        type=str(row.kind) if row.kind != Kind.TASK else None,
        duration=_length(row.minutes) if row.minutes else None,
        remaining=_length(row.remaining),
        actual=_length(row.actual) if row.actual or row.remaining is not None else None,
        calendar=row.calendar,
        parent=row.parent,
        constraint=_constraint(row.constraint, row.constraint_at),
        second_constraint=_constraint(row.second, row.second_at),
        deadline=_instant(row.deadline),
        actual_start=_instant(row.actual_start),
        actual_finish=_instant(row.actual_finish),
        suspended=_instant(row.suspended_at),
        resumed=_instant(row.resumed_at),
        expected_finish=_instant(row.expected_finish),
        levelling_delay=_length(row.levelling_delay) if row.levelling_delay else None,
        manual=_pair(row.manual),
        external=_pair(row.external),
        active=None if row.active else False,
        undated=True if row.undated else None,
        parts=[_part(part) for part in row.parts],
        owner=risk.owners.get(row.id),
        uncertainty=None if spread is None else _spread(spread, _length),
        tenths=tenths_out(row.tenths),
    )


def _part(part: Part) -> dict[str, Any]:
    return {
        "calendar": part.calendar,
        "duration": _length(part.minutes),
        "actual": _length(part.actual),
        "remaining": _length(part.remaining),
        **({"offset": _length(part.offset)} if part.offset else {}),
        **({"tenths": tenths_out(part.tenths)} if part.tenths else {}),
    }


def _link(row: Link) -> dict[str, Any]:
    lag = {
        LagUnit.WORK: f"{row.lag}m",
        LagUnit.ELAPSED: f"{row.lag}em",
        LagUnit.PERCENT: _share(row.lag),
    }[row.unit]
    says = row.lag or row.unit != LagUnit.WORK
    found = {"from": row.predecessor, "to": row.successor}
    return found | _full(
        type=str(row.type) if row.type != LinkType.FS else None,
        lag=lag if says else None,
        lag_tenths=row.lag_tenths or None,
    )


def _risk(row: RiskEvent) -> dict[str, Any]:
    write = _share if row.relative else _length
    fixed = row.impact.shape == Shape.EMPIRICAL and len(row.impact.values) == 1
    found = _full(
        id=row.id,
        name=row.name,
        activities=list(row.activities),
        impact=write(row.impact.values[0]) if fixed else _spread(row.impact, write),
        owner=row.owner,
    )
    return {**found, "probability": row.probability}


def _spread(spread: Spread, write: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"shape": str(spread.shape)}
    for name in NEEDED[spread.shape]:
        value = getattr(spread, name)
        if name == "spread":
            found[name] = value
        else:
            found[name] = [write(one) for one in value] if name == "values" else write(value)
    return found


def _calendar(spec: CalendarSpec) -> dict[str, Any]:
    week = {day: _shifts(shifts) for day, shifts in zip(DAYS, spec.week, strict=True) if shifts}
    found = {"id": spec.id, "week": week, "hours_per_day": spec.minutes_per_day / 60}
    return found | _full(name=spec.name, exceptions=list(_exceptions(spec)))


def _exceptions(spec: CalendarSpec) -> Iterator[dict[str, Any]]:
    """Runs of days with the same hours, in order."""
    for first_day, last_day, shifts in spec.exception_runs():
        first, last = _day(first_day), _day(last_day)
        dates = {"date": first} if first == last else {"from": first, "to": last}
        yield dates | _full(hours=_shifts(shifts))


def _shifts(shifts: Sequence[Shift]) -> list[str]:
    return [hours(shift) for shift in shifts]


def _constraint(kind: Constraint, at: int | None) -> dict[str, Any] | None:
    if kind == Constraint.ASAP and at is None:
        return None
    return _full(type=str(kind), date=_instant(at))


def _pair(pair: tuple[int, int] | None) -> dict[str, Any] | None:
    return None if pair is None else {"start": _instant(pair[0]), "finish": _instant(pair[1])}


def _length(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes}m"


def _share(hundredths: int) -> str:
    sign, whole = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{whole // 100}.{whole % 100:02d}%"


def _instant(at: int | None) -> str | None:
    return None if at is None else moment(at).isoformat(timespec="minutes")


def _day(at: int) -> str:
    return (EPOCH.fromordinal(EPOCH.toordinal() + at)).isoformat()
