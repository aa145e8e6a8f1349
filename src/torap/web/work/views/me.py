"""A person's own page: which roles, what my body owes and by when, what waits for my decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.common.models import Role, User
from torap.common.permissions import may
from torap.delivery.selectors import (
    HolderItem,
    HolderLine,
    evidence_waiting,
    holder_board,
    instructions_of_plots,
)
from torap.ledger.selectors import EventFilters, event_list
from torap.publish.wording import issuer_words
from torap.registry.selectors import organisation_list
from torap.rules.known import AsKnown
from torap.web.presenters import statuses
from torap.web.presenters.earlier import forecasts_now, held_dues
from torap.web.presenters.instructions import instruction_lines, task_words
from torap.web.presenters.links import known_link
from torap.web.work import access, menu
from torap.web.work.access import WorkRequest, signed_in
from torap.web.work.views.ledger import event_row

LAST_EVENTS = 10


@signed_in
def me(request: WorkRequest) -> HttpResponse:
    """My work."""
    user, known = request.user, request.known
    mine = access.own_bodies(user)
    board = holder_board(known, invented=True)
    lines = [line for line in board if line.holder.kind == "organisation" and line.holder.code in mine]
    decides = may(user, "instruction.extend")
    about = instruction_lines(instructions_of_plots(frozenset(mine), known), known)
    waiting = evidence_waiting(known) if access.could(user, "evidence.verify") else []
    context = {
        "roles": _roles(user),
        "lines": [_line(line, known) for line in lines],
        "forecasts": forecasts_now(held_dues(item for line in lines for item in line.items), known),
        "overdue": sum(line.overdue for line in lines),
        "about": about,
        "idle": _idle(mine, lines),
        "decisions": _decisions(board, known) if decides else [],
        "decides": decides,
        "late_bodies": _late(board) if decides else [],
        "waiting": len(
            [item for item in waiting if not item.evidence.invented and not _given_by(item, mine)]
        ),
        "verifies": access.could(user, "evidence.verify"),
        "rooms": menu.user_menu(request)[1:],
        "events": _events(user),
        "invented_present": any(item.invented for line in lines for item in line.items)
        or any(line.invented for line in about),
    }
    return render(request, "torap/work/me.html", context)


def _roles(user: Any) -> list[dict[str, str]]:
    labels = dict(Role.choices)
    names = {body.code: body.name for body in _bodies(access.own_bodies(user))}
    return [
        {
            "label": str(labels.get(role, role)),
            "body": names.get(body, body),
            "code": body if body in names else "",
        }
        for role, body in access.grants_of(user)
    ]


def _bodies(codes: list[str]) -> list[Any]:
    return organisation_list(codes=codes) if codes else []


def _idle(mine: list[str], lines: list[HolderLine]) -> list[str]:
    """My bodies that owe nothing on this day."""
    owing = {line.holder.code for line in lines}
    return [body.name for body in _bodies(mine) if body.code not in owing]


def _events(person: User) -> list[dict[str, Any]]:
    rows = event_list(EventFilters(actor=person.username), 1, page_size=LAST_EVENTS).rows
    return [event_row(row, person) for row in rows]


def _line(line: HolderLine, known: AsKnown) -> dict[str, Any]:
    return {
        "name": line.holder.name,
        "href": known_link(known, "organisation", line.holder.code),
        "overdue": line.overdue,
        "items": [_item(item, known) for item in line.items],
    }


def _item(item: HolderItem, known: AsKnown) -> dict[str, Any]:
    mark = "late" if item.overdue else "on_first_promise" if item.due else "unknown"
    tasks = {"reach": _("reach it"), "remove": _("remove it")}
    return {
        "item": item,
        "key": f"{item.kind}:{item.code}",
        "mark": mark,
        "mark_label": _("overdue") if item.overdue else "",
        "task": tasks.get(item.task) or task_words(item.task),
        "href": known_link(known, item.kind, item.code),
        "said": statuses.said_words(item.said) if item.said else "",
        "evidenced": statuses.evidenced_words(item.evidenced) if item.evidenced else "",
        "days_late": -item.days_left if item.days_left is not None and item.days_left < 0 else None,
        "days_left": item.days_left if item.days_left is not None and item.days_left >= 0 else None,
    }


def _decisions(board: list[HolderLine], known: AsKnown) -> list[dict[str, Any]]:
    """What the givers of instructions have to decide."""
    return [
        _item(item, known) | {"issuer": issuer_words(line.holder.code)}
        for line in board
        if line.holder.kind == "issuer"
        for item in line.items
    ]


def _late(board: list[HolderLine]) -> list[HolderLine]:
    """Bodies with something overdue, those with most first."""
    return [line for line in board if line.overdue and line.holder.kind == "organisation"]


def _given_by(item: Any, bodies: list[str]) -> bool:
    giver = item.evidence.given_by
    return giver is None or giver.code in bodies
