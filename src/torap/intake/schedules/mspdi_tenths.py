"""What a Microsoft Project XML file says beyond whole minutes: the program counts tenths of a minute."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from torap.engines.schedule.plan import Activity
from torap.intake.schedules.mspdi_fields import instant_tenths, number, period_tenths, text

SPANS = {"minutes": "Duration", "remaining": "RemainingDuration", "actual": "ActualDuration"}
INSTANTS = {
    "constraint_at": "ConstraintDate",
    "deadline": "Deadline",
    "actual_start": "ActualStart",
    "actual_finish": "ActualFinish",
    "resumed_at": "Resume",
}
OWN = {"start": "Start", "finish": "Finish"}  # ends of the dates that a task is given


def tenths_of(task: Element, row: Activity) -> tuple[tuple[str, int], ...]:
    """(field of the activity, tenths of a minute beyond it), for the fields that have some."""
    found: dict[str, int] = {}
    for name, element in SPANS.items():
        if element == "RemainingDuration" and (row.actual_finish is not None or not text(task, element)):
            element = "Duration" if row.actual_finish is None else ""
        found[name] = period_tenths(task, element) if element else 0
        if name == "remaining" and element == "Duration":
            found[name] -= period_tenths(task, "ActualDuration")
    for name, element in INSTANTS.items():
        if getattr(row, name) is not None:
            found[name] = instant_tenths(task, element)
    for pair in ("manual", "external"):
        if getattr(row, pair) is not None:
            for end, element in OWN.items():
                first = element if text(task, element) else f"Manual{element}"
                found[f"{pair}_{end}"] = instant_tenths(task, first)
    found["levelling_delay"] = number(task, "LevelingDelay", 0) % 10
    return tuple((name, value) for name, value in found.items() if value)
