"""Which buttons stand on a thing's page: only those this person would not be refused.

The services decide; nothing here gives a right. A visitor, or a reader of the past, sees none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from torap.common.permissions import may
from torap.delivery.models import Evidence, Instruction, InstructionEvent, Milestone, Obstacle, ObstacleEvent
from torap.delivery.selectors import instruction_due
from torap.registry.models import Subject
from torap.registry.selectors import subject_get
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters.links import SUBJECT_PAGES
from torap.web.work import access


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button: its words, where it leads, its icon; without an address it says why it leads nowhere."""

    label: str
    url: str = ""
    icon: str = "plus"
    why: str = ""


def actions_of(user: Any, kind: str, code: str) -> list[Action]:
    """What the person may do with the thing `kind`, `code`, in the order of daily use."""
    if user is None or not access.grants_of(user):
        return []
    found = list(_BY_KIND.get(kind, _only_history)(user, code))
    if kind in LEDGER_KINDS and may(user, "ledger.read"):
        found.append(Action(label=_("History"), url=reverse("history", args=[kind, code]), icon="clock"))
    return found


def _milestone(user: Any, code: str) -> Iterator[Action]:
    row = Milestone.objects.select_related("subject", "holder").filter(code=code).first()
    if row is None:
        return
    yield from _if_for(user, lambda: access.bodies_of_milestone(row), [
        ("promise.add", _("Add a promise"), "work_promise", "plus"),
        ("report.add", _("Report progress"), "work_report", "plus"),
    ], code)  # fmt: skip
    yield from _if_for(user, lambda: access.holders_of_milestone(row), [
        ("link.add", _("Say what it waits for"), "work_link", "plus"),
        ("schedule.attach", _("Attach a schedule"), "work_schedule", "upload"),
    ], code)  # fmt: skip
    if access.could(user, "evidence.add"):
        yield Action(
            label=_("Give evidence"), url=reverse("work_milestone_evidence", args=[code]), icon="upload"
        )
    if access.could(user, "evidence.verify") and Evidence.objects.filter(milestone=row).exists():
        yield Action(
            label=_("Verify evidence"), url=f"{reverse('evidence_waiting')}?milestone={code}", icon="check"
        )
    if access.could(user, "obstacle.add"):
        url = f"{reverse('work_obstacle', args=[row.subject.code])}?milestone={code}"
        yield from _obstacle_button(user, row.subject, url)


def _subject(user: Any, code: str) -> Iterator[Action]:
    row = subject_get(code)
    wanted = [("claim.add", _("Add a figure"), "work_claim", "plus")]
    if row.kind == "project":
        wanted.append(("money.add", _("Add an amount"), "work_money", "plus"))
    if row.kind == "place":
        wanted.append(("utility.add", _("Add network capacity"), "work_utility", "plus"))
    wanted.append(("milestone.add", _("Add a milestone"), "work_milestone", "plus"))
    yield from _if_for(user, lambda: access.bodies_of_subject(row), wanted, code)
    if access.could(user, "obstacle.add"):
        yield from _obstacle_button(user, row, reverse("work_obstacle", args=[code]))


def _instruction(user: Any, code: str) -> Iterator[Action]:
    row = Instruction.objects.filter(code=code).first()
    if row is None:
        return
    closed = row.events.filter(type=InstructionEvent.Type.CLOSED, invented=row.invented).exists()
    bodies = access.bodies_of_instruction(row)
    if not closed:
        yield from _of_executors(user, row, bodies)
        if may(user, "instruction.extend"):
            yield Action(
                label=_("Decide on an extension"), url=reverse("work_decision", args=[code]), icon="calendar"
            )
        if may(user, "instruction.close"):
            yield Action(label=_("Close"), url=reverse("work_close", args=[code]), icon="check")
    if access.could(user, "evidence.add"):
        yield Action(
            label=_("Give evidence"), url=reverse("work_instruction_evidence", args=[code]), icon="upload"
        )
    if access.could(user, "evidence.verify") and Evidence.objects.filter(instruction=row).exists():
        yield Action(
            label=_("Verify evidence"), url=f"{reverse('evidence_waiting')}?instruction={code}", icon="check"
        )


def _of_executors(user: Any, row: Instruction, bodies: list[str]) -> Iterator[Action]:
    if access.shared(user, "instruction.respond", bodies):
        yield Action(label=_("Answer"), url=reverse("work_response", args=[row.code]))
    if may(user, "instruction.respond", organisations=bodies):
        yield Action(label=_("Record what happened"), url=reverse("work_event", args=[row.code]))
    leads = access.bodies_of_instruction(row, lead_only=True)
    if access.shared(user, "instruction.request_extension", leads):
        yield _extension(row.code)


def _extension(code: str) -> Action:
    """Asking for more time, or why it cannot be asked for any more."""
    today = timezone.localdate()
    due = instruction_due(code, AsKnown(today))
    if due is None:
        return Action(label=_("Ask for more time"), why=_("it has no due day to move"), icon="calendar")
    if today >= due:
        last = due - dt.timedelta(days=1)
        why = _("too late: it could be asked for until %(day)s") % {"day": formats.day(last)}
        return Action(label=_("Ask for more time"), why=why, icon="calendar")
    return Action(label=_("Ask for more time"), url=reverse("work_extension", args=[code]), icon="calendar")


def _obstacle(user: Any, code: str) -> Iterator[Action]:
    row = Obstacle.objects.select_related("holder").filter(code=code).first()
    if row is None or row.events.filter(type=ObstacleEvent.Type.REMOVED, invented=row.invented).exists():
        return
    if may(user, "obstacle.remove", organisations=access.bodies_of_obstacle(row)):
        yield Action(label=_("It is removed"), url=reverse("work_removal", args=[code]), icon="check")


def _calendar(user: Any, _code: str) -> Iterator[Action]:
    if may(user, "calendar.edit"):
        yield Action(label=_("Change days"), url=reverse("calendar_edit"), icon="calendar")


def _instruction_board(user: Any, _code: str) -> Iterator[Action]:
    if may(user, "instruction.add"):
        yield Action(label=_("New instruction"), url=reverse("work_instruction"))


def _obstacle_list(user: Any, _code: str) -> Iterator[Action]:
    if may(user, "obstacle.escalate"):
        yield Action(label=_("Escalate what is due"), url=reverse("work_escalation"), icon="right")


def _only_history(_user: Any, _code: str) -> Iterator[Action]:
    return iter(())


def _if_for(
    user: Any, bodies: Callable[[], Iterable[str]], wanted: list[tuple[str, str, str, str]], code: str
) -> Iterator[Action]:
    """Those the person may do for one of the bodies, which are looked up only when it depends on them."""
    mine = [row for row in wanted if access.could(user, row[0])]
    owners: set[str] | None = None
    for action, label, name, icon in mine:
        if access.bodies_for(user, action) is not None and owners is None:
            owners = set(bodies())
        if may(user, action, organisations=owners or ()):
            yield Action(label=label, url=reverse(name, args=[code]), icon=icon)


def _obstacle_button(user: Any, subject: Subject, url: str) -> Iterator[Action]:
    mine = access.bodies_for(user, "obstacle.add")
    if mine is None or set(mine) & access.bodies_of_subject(subject):
        yield Action(label=_("Name an obstacle"), url=url, icon="warn")


_BY_KIND: dict[str, Callable[[Any, str], Iterator[Action]]] = {
    "milestone": _milestone,
    "instruction": _instruction,
    "obstacle": _obstacle,
    "calendar": _calendar,
    "instruction_board": _instruction_board,
    "obstacle_list": _obstacle_list,
    **dict.fromkeys(SUBJECT_PAGES, _subject),
}
# Kinds whose events the ledger keeps under their own name.
LEDGER_KINDS = frozenset({*SUBJECT_PAGES, "milestone", "instruction", "obstacle", "source", "baseline"})
