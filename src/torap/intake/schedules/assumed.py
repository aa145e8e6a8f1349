"""A spread for files that carry none: the same shares of every duration, told as assumed."""

from __future__ import annotations

from dataclasses import replace

from torap.engines.schedule.plan import Activity, Kind
from torap.engines.schedule.uncertain import RiskPlan, Shape, Spread
from torap.intake.schedules.losses import ScheduleFileError

SHARE_LIMIT = 1000.0  # percent


def shares_of(text: str) -> tuple[float, float, float]:
    """ "90,100,130": percent of each duration, low, mode and high."""
    try:
        low, mode, high = (float(part.strip().removesuffix("%")) for part in text.split(","))
    except ValueError:
        raise ScheduleFileError("bad_spread", where="--spread", params={"value": text[:80]}) from None
    if not (0 <= low <= mode <= high <= SHARE_LIMIT and high >= 1):  # no work at all is no spread
        raise ScheduleFileError("bad_spread", where="--spread", params={"value": text[:80]})
    return low, mode, high


def with_spread(risk: RiskPlan, shares: tuple[float, float, float], shape: Shape) -> tuple[RiskPlan, int]:
    """The same plan with a spread for every duration that has none, and of how many it was assumed.

    What is finished, and what has no duration of its own, stays as it is.
    """
    low, mode, high = shares
    found = dict(risk.durations)
    for row in risk.plan.activities:
        if row.id not in found and _has_duration(row):
            found[row.id] = Spread(
                shape=shape,
                low=round(row.left * low / 100),
                mode=round(row.left * mode / 100),
                high=round(row.left * high / 100),
            )
    return replace(risk, durations=found), len(found) - len(risk.durations)


def _has_duration(row: Activity) -> bool:
    return row.kind == Kind.TASK and row.active and row.left > 0
