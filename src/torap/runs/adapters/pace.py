"""A schedule whose work goes faster or slower: what is left of each activity, times a factor."""

from __future__ import annotations

from dataclasses import replace

from torap.engines.schedule.plan import Activity, Part
from torap.engines.schedule.uncertain import RiskPlan, Spread


def paced(risk: RiskPlan, factor: float) -> RiskPlan:
    """The plan with what is left of its activities times `factor` (0 or more); of durations drawn, which are
    of what is left, every value. Lags, constraints, and what may go wrong besides stay as they are."""
    if factor == 1.0:
        return risk
    plan = replace(risk.plan, activities=tuple(_activity(one, factor) for one in risk.plan.activities))
    durations = {name: _spread(one, factor) for name, one in risk.durations.items()}
    return replace(risk, plan=plan, durations=durations)


def _activity(one: Activity, factor: float) -> Activity:
    if one.actual_finish is not None:
        return one
    begun = one.actual_start is not None
    left = round(one.left * factor)
    return replace(
        one,
        minutes=one.minutes if begun else left,
        remaining=None if one.remaining is None and not begun else left,
        parts=tuple(_part(part, factor, begun=begun) for part in one.parts),
    )


def _part(part: Part, factor: float, *, begun: bool) -> Part:
    minutes = part.minutes if begun else round(part.minutes * factor)
    return replace(part, minutes=minutes, remaining=round(part.remaining * factor))


def _spread(one: Spread, factor: float) -> Spread:
    return replace(
        one,
        low=round(one.low * factor),
        mode=round(one.mode * factor),
        high=round(one.high * factor),
        median=round(one.median * factor),
        values=tuple(round(value * factor) for value in one.values),
    )
