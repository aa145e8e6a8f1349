"""Constraints that no date can keep, whatever the rest of the plan says.

Microsoft Project and Primavera take such plans and show negative float, so files of theirs are read and the
activity is told; so is one of our own format that says it follows their convention. A plan of our own
convention is refused. What only the links, or the data date, make impossible is no matter of the file: the
engine tells it with the dates (`engines.schedule.limits`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from torap.engines.schedule.limits import Impossible, impossible
from torap.engines.schedule.plan import Kind, Plan
from torap.engines.schedule.unused import unused
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.labels import label
from torap.intake.schedules.losses import Loss, Losses, ScheduleFileError
from torap.intake.schedules.own_json import place

HOUR = 60
OWN = "torap"  # the convention whose files are refused
# Both programs let work be held before the plan begins.
NEVER_TOLD = "constraint_before_plan"


def judge_constraints(plan: Plan, convention: str, losses: Losses) -> None:
    """Of a file of our own format: refuse what is impossible, or note it where the plan follows the
    convention of a program that takes it.
    """
    if convention == OWN:
        refuse_impossible(plan)
    else:
        tell_impossible(plan, losses)


def refuse_impossible(plan: Plan) -> None:
    """ScheduleFileError for the first thing that no date keeps: the plan as a whole, then its activities."""
    if plan.must_finish is not None and plan.must_finish < plan.start:
        params = {"value": _said(plan.must_finish), "start": _said(plan.start)}
        raise ScheduleFileError("plan_ends_before_start", where="plan, must_finish", params=params)
    for one in impossible(plan):
        number = next(i for i, row in enumerate(plan.activities) if row.id == one.activity.id)
        field = "second_constraint" if one.second else "constraint"
        where = f"{place('activity', one.activity.id, number)}, {field}"
        raise ScheduleFileError(one.code, where=where, params=_params(one, plan))


def _params(one: Impossible, plan: Plan) -> dict[str, Any]:
    """What the sentence of an error tells."""
    params: dict[str, Any] = {"value": _words(one)}
    if one.code in {"constraints_and_duration", "constraint_before_plan"}:
        params["hours"] = f"{one.activity.minutes / HOUR:g}"
    if one.code == "constraint_before_plan":
        params["start"] = _said(plan.start)
    if one.earliest is not None:
        params["earliest"] = _said(one.earliest)
    return params


def refuse_loose(plan: Plan) -> None:
    """ScheduleFileError for the first activity whose `parent` is no summary of the plan."""
    kinds = {row.id: row.kind for row in plan.activities}
    for i, row in enumerate(plan.activities):
        if row.parent and kinds.get(row.parent) != Kind.SUMMARY:
            code = "parent_not_summary" if row.parent in kinds else "parent_unknown"
            where = f"{place('activity', row.id, i)}, parent"
            raise ScheduleFileError(code, where=where, params={"value": row.parent[:80]})


def tell_impossible(plan: Plan, losses: Losses, rows: Mapping[str, str] | None = None) -> None:
    """Note every activity with constraints that no date keeps; `rows`: where in the file each stands."""
    for one in impossible(plan):
        if one.code != NEVER_TOLD:
            where = label(one.activity.id, one.activity.name, (rows or {}).get(one.activity.id, ""))
            losses.add(one.code, where=where, value=_words(one))


def not_used(plan: Plan, *profiles: str) -> Iterator[Loss]:
    """What the plan says of its activities that one of the conventions does not use."""
    losses = Losses()
    if plan.options.get("from_finish") and set(profiles) - {"msproject"}:
        losses.add("from_finish", where="plan")
    for code, activity, value in dict.fromkeys(row for name in profiles for row in unused(plan, name)):
        losses.add(code, where=activity, value=value)
    yield from losses


def _words(one: Impossible) -> str:
    """The constraints that cannot be kept, with their dates."""
    return ", ".join(f"{kind} {_said(at)}" for kind, at in one.asked)


def _said(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M}"
