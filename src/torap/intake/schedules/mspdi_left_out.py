"""What a Microsoft Project XML file says that a plan does not keep: told by kind, with how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from torap.intake.schedules.losses import Losses
from torap.intake.schedules.mspdi_fields import flag, text

# Elements left out wherever they stand.
ANYWHERE = {
    "ExtendedAttribute": "user_fields",
    "OutlineCode": "outline_codes",
    "Notes": "notes",
    "Baseline": "baselines",
}
NOBODY = {"", "-1", "0", "-65535"}  # as resource: none, or the unassigned one
USUAL_PRIORITY = "500"


def tell_left_out(root: Element, losses: Losses) -> None:
    """Note what is left out of a file, with the number of places."""
    for name, code in ANYWHERE.items():
        _tell(losses, code, name, sum(1 for _ in root.iter(name)))
    for code, where, rows, says in (
        ("task_costs", "Tasks", root.iterfind("Tasks/Task"), _costs),
        ("hyperlinks", "Tasks", root.iterfind("Tasks/Task"), _leads_somewhere),
        ("priorities", "Tasks", root.iterfind("Tasks/Task"), _has_priority),
        ("wbs_codes", "Tasks", root.iterfind("Tasks/Task"), _has_code),
        ("resource_names", "Resources", root.iterfind("Resources/Resource"), _is_somebody),
        ("assignments", "Assignments", root.iterfind("Assignments/Assignment"), _assigns),
    ):
        _tell(losses, code, where, _count(rows, says))


def _tell(losses: Losses, code: str, where: str, count: int) -> None:
    if count:
        losses.add(code, where=where, value=count)


def _count(rows: Iterator[Element], says: Callable[[Element], bool]) -> int:
    return sum(1 for row in rows if not flag(row, "IsNull") and says(row))


def _costs(task: Element) -> bool:
    """A task, not the project as a whole, that costs something."""
    return text(task, "UID") != "0" and any(_above_zero(text(task, name)) for name in ("Cost", "FixedCost"))


def _above_zero(value: str) -> bool:
    return bool(value.strip("0.-+"))


def _leads_somewhere(task: Element) -> bool:
    return bool(text(task, "HyperlinkAddress"))


def _has_priority(task: Element) -> bool:
    return text(task, "UID") != "0" and text(task, "Priority") not in {"", USUAL_PRIORITY}


def _has_code(task: Element) -> bool:
    """A code of the work breakdown structure that is not the place in the outline."""
    return text(task, "UID") != "0" and text(task, "WBS") not in {"", text(task, "OutlineNumber")}


def _is_somebody(resource: Element) -> bool:
    return text(resource, "UID") not in NOBODY and bool(text(resource, "Name"))


def _assigns(row: Element) -> bool:
    return text(row, "ResourceUID") not in NOBODY
