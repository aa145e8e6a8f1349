"""Constraints that no date can keep, whatever the rest of the plan says.

Microsoft Project and Primavera take such plans and show negative float, so files of theirs are read and the
activity is told; our own format refuses them. A constraint before the data date, on work that has not begun,
is told in all formats: the work then starts at the data date and its float is negative.
"""

from __future__ import annotations

from collections.abc import Iterator

from torap.engines.schedule.plan import Activity, Constraint, Kind, Plan
from torap.engines.schedule.unused import unused
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.losses import Loss, Losses, ScheduleFileError
from torap.intake.schedules.own_json import place

C = Constraint
# Of which end, and whether from below and from above.
BOUNDS: dict[Constraint, tuple[str, bool, bool]] = {
    C.START_NOT_BEFORE: ("start", True, False),
    C.START_NOT_AFTER: ("start", False, True),
    C.START_ON: ("start", True, True),
    C.MUST_START: ("start", True, True),
    C.FINISH_NOT_BEFORE: ("finish", True, False),
    C.FINISH_NOT_AFTER: ("finish", False, True),
    C.FINISH_ON: ("finish", True, True),
    C.MUST_FINISH: ("finish", True, True),
}


def refuse_impossible(plan: Plan) -> None:
    """ScheduleFileError for the first activity whose two constraints contradict one another."""
    for i, row in enumerate(plan.activities):
        words = _contradiction(row)
        if words:
            where = f"{place('activity', row.id, i)}, second_constraint"
            raise ScheduleFileError("constraint_impossible", where=where, params={"value": words})


def refuse_loose(plan: Plan) -> None:
    """ScheduleFileError for the first activity whose `parent` is no summary of the plan."""
    kinds = {row.id: row.kind for row in plan.activities}
    for i, row in enumerate(plan.activities):
        if row.parent and kinds.get(row.parent) != Kind.SUMMARY:
            code = "parent_not_summary" if row.parent in kinds else "parent_unknown"
            where = f"{place('activity', row.id, i)}, parent"
            raise ScheduleFileError(code, where=where, params={"value": row.parent[:80]})


def tell_impossible(plan: Plan, losses: Losses) -> None:
    """Note every activity whose two constraints contradict one another."""
    for row in plan.activities:
        words = _contradiction(row)
        if words:
            losses.add("constraint_impossible", where=row.id, value=words)


def held_in_the_past(plan: Plan) -> Iterator[tuple[str, str]]:
    """(activity, constraint) of work not begun that is to start or finish before the data date."""
    if plan.data_date is None:
        return
    for row in plan.activities:
        if row.actual_start is not None or row.actual_finish is not None or not row.active:
            continue
        for kind, at in ((row.constraint, row.constraint_at), (row.second, row.second_at)):
            if at is not None and BOUNDS.get(kind, ("", False, False))[2] and at < plan.data_date:
                yield row.id, f"{kind} {_said(at)}"


def not_used(plan: Plan, *profiles: str) -> Iterator[Loss]:
    """What the plan says of its activities that one of the conventions does not use."""
    losses = Losses()
    if plan.options.get("from_finish") and set(profiles) - {"msproject"}:
        losses.add("from_finish", where="plan")
    for code, activity, value in dict.fromkeys(row for name in profiles for row in unused(plan, name)):
        losses.add(code, where=activity, value=value)
    yield from losses


def _contradiction(row: Activity) -> str:
    """The two constraints in words when the second cannot be kept with the first; otherwise nothing."""
    held = [
        (kind, at)
        for kind, at in ((row.constraint, row.constraint_at), (row.second, row.second_at))
        if at is not None and kind in BOUNDS
    ]
    if len(held) < 2 or row.actual_finish is not None:
        return ""
    for (below, low), (above, high) in ((held[0], held[1]), (held[1], held[0])):
        end, from_below, _ = BOUNDS[below]
        other, _, from_above = BOUNDS[above]
        # A start after the latest finish is as impossible as a start after the latest start.
        if from_below and from_above and low > high and (end, other) != ("finish", "start"):
            return f"{below} {_said(low)}, {above} {_said(high)}"
    return ""


def _said(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}"
