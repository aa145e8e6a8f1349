"""Work under way in a plan without a data date: what is left of it goes on after what is done.

The passes ask `Network.goes_on`; trials, and networks that take a plan in, take the instants from here.
"""

from __future__ import annotations

from dataclasses import replace

from torap.engines.schedule.network import Network, rest_of
from torap.engines.schedule.plan import Activity, Kind, Plan
from torap.engines.schedule.profiles import TORAP


def going_on(plan: Plan) -> dict[str, int]:
    """When what is left of each activity under way goes on: it ends there where the plain pass ends it. Empty
    in a plan that names its data date.
    """
    begun = [row for row in plan.activities if row.actual_start is not None and row.actual_finish is None]
    if plan.data_date is not None or not begun:
        return {}
    alone = tuple(replace(row, kind=Kind.TASK, parent="") for row in begun)
    net = Network(replace(plan, activities=alone, links=()), TORAP)
    found = {}
    for row in begun:
        going = net.goes_on(row)
        if going is not None:
            found[row.id] = net.calendar(row).subtract(net.finish_of_left(row, going), left_of(row))
    return found


def resumed(row: Activity, going: dict[str, int]) -> int | None:
    """When an activity goes on that was suspended, or that is under way, whichever is later."""
    known = [at for at in (row.resumed_at, going.get(row.id)) if at is not None]
    return max(known, default=None)


def left_of(row: Activity) -> int:
    """Minutes still to be done: to the end of the last part, where parts of one calendar carry the work."""
    if not row.parts or row.actual_finish is not None:
        return row.left
    return max(work + offset for _, work, offset in rest_of(row, row.left))


__all__ = ["going_on", "left_of", "resumed"]
