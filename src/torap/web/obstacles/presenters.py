"""Obstacles as rows, and the ladder each climbs: rungs taken and when, rungs due, rungs still far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.countries import load_ladder
from torap.delivery.models import ObstacleEvent
from torap.delivery.selectors import ObstacleState
from torap.rules.escalation import Rung
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.said import said_html
from torap.web.presenters.sources import source_chip
from torap.web.presenters.spans import span_words

CSV_HEADER = (
    "code",
    "text",
    "blocks",
    "to_be_removed_by",
    "raised_by",
    "said",
    "open",
    "removed_on",
    "days_open",
    "milestones_blocked",
    "rung_taken",
    "rungs_due",
    "source",
    "invented",
)
RUNGS: dict[str, Any] = {
    "responsible_body": gettext_lazy("the body that has to remove it"),
    "deputy_head": gettext_lazy("its deputy head"),
    "first_head": gettext_lazy("its first head"),
    "overseeing_deputy_pm": gettext_lazy("the overseeing Deputy Prime Minister"),
    "prime_minister": gettext_lazy("the Prime Minister"),
}
VIEWS: dict[str, Any] = {
    "open": gettext_lazy("Open"),
    "removed": gettext_lazy("Removed"),
    "all": gettext_lazy("All"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleRow:
    """What the list shows of one obstacle."""

    code: str
    text: str
    href: str
    subject_name: str
    subject_href: str
    holder_name: str
    holder_href: str
    raised_by: str
    since: dt.date
    open: bool
    removed_on: dt.date | None
    days_open: int
    age: str
    blocked: int
    rung: str
    due: list[str]
    mark: str
    source: dict[str, Any] | None
    invented: bool


def rung_words(code: str) -> str:
    """Who is told on a rung of the ladder."""
    return str(RUNGS.get(code, code.replace("_", " "))) if code else ""


def obstacle_row(state: ObstacleState, known: AsKnown) -> ObstacleRow:
    """One obstacle as a row."""
    row = state.obstacle
    return ObstacleRow(
        code=state.code,
        text=row.text,
        href=known_link(known, "obstacle", state.code),
        subject_name=row.blocks.name,
        subject_href=subject_link(known, row.blocks.kind, row.blocks.code),
        holder_name=row.holder.name if row.holder else "",
        holder_href=known_link(known, "organisation", row.holder.code) if row.holder else "",
        raised_by=said_html(row.raised_by) if row.raised_by else "",
        since=row.said_to,
        open=state.open,
        removed_on=state.removed_on,
        days_open=state.days_open,
        age=span_words(state.days_open),
        blocked=len(state.blocked),
        rung=rung_words(state.rung),
        due=[rung_words(code) for code in state.rungs_due],
        mark="late" if state.open else "done_said",
        source=source_chip(known, row.source, row) if row.source else None,
        invented=row.invented,
    )


def tabs(states: Sequence[ObstacleState], view: str, known: AsKnown) -> list[dict[str, Any]]:
    """The tabs with their counts."""
    is_open = sum(1 for state in states if state.open)
    numbers = {"open": is_open, "removed": len(states) - is_open, "all": len(states)}
    return [
        {
            "label": str(label),
            "url": known_link(known, "obstacle_list", view="" if code == "open" else code),
            "current": code == view,
            "count": numbers[code],
        }
        for code, label in VIEWS.items()
    ]


def shown(states: Iterable[ObstacleState], view: str) -> list[ObstacleState]:
    """The obstacles of one tab."""
    return [state for state in states if view == "all" or state.open == (view == "open")]


def csv_rows(rows: Iterable[ObstacleRow]) -> list[list[Any]]:
    """Obstacles as rows of a download."""
    return [
        [
            row.code,
            row.text,
            row.subject_name,
            row.holder_name,
            row.raised_by,
            row.since,
            row.open,
            row.removed_on,
            row.days_open,
            row.blocked,
            row.rung,
            row.due,
            row.source["publisher"] if row.source else None,
            row.invented,
        ]
        for row in rows
    ]


def ladder_rows(state: ObstacleState) -> list[dict[str, Any]]:
    """Every rung from the lowest: taken on a day, due, or what will make it due."""
    taken = {
        event.rung: event.happened_on for event in state.events if event.type == ObstacleEvent.Type.ESCALATED
    }
    return [
        {
            "name": rung_words(rung.code),
            "taken": taken.get(rung.code),
            "due": rung.code in state.rungs_due,
            "when": threshold_words(rung),
            "mark": _mark(rung, taken, state),
        }
        for rung in sorted(load_ladder(settings.COUNTRY), key=lambda row: row.order)
    ]


def _mark(rung: Rung, taken: dict[str, dt.date], state: ObstacleState) -> str:
    if rung.code in taken:
        return "done_said"
    return "late" if rung.code in state.rungs_due else "unknown"


def threshold_words(rung: Rung) -> str:
    """What makes a rung due."""
    parts = []
    if rung.days_open is not None:
        days = ngettext("open for %(days)s day", "open for %(days)s days", rung.days_open)
        parts.append(days % {"days": rung.days_open} if rung.days_open else _("at once"))
    if rung.blocked_promises is not None:
        text = ngettext("blocks %(count)s promise", "blocks %(count)s promises", rung.blocked_promises)
        parts.append(text % {"count": rung.blocked_promises})
    if rung.blocked_value_kzt is not None:
        parts.append(_("blocks %(sum)s tenge") % {"sum": formats.number(rung.blocked_value_kzt)})
    return _(" or ").join(parts)


def event_rows(state: ObstacleState, known: AsKnown) -> list[dict[str, Any]]:
    """What happened, newest first, down to the day it was named."""
    row = state.obstacle
    rows = [
        {
            "date": event.happened_on,
            "title": _("taken to: %(rung)s") % {"rung": rung_words(event.rung)}
            if event.type == ObstacleEvent.Type.ESCALATED
            else _("removed"),
            "text": event.note,
            "status": "moved" if event.type == ObstacleEvent.Type.ESCALATED else "done_said",
            "source": source_chip(known, event.source, event) if event.source else None,
        }
        for event in reversed(state.events)
    ]
    named = {
        "earliest": row.said_from,
        "latest": row.said_to,
        "title": _("named"),
        "text": format_html_join(
            " — ",
            "{}",
            ((said_html(part),) for part in (row.raised_by or row.said_by, row.said_note) if part),
        ),
        "status": "late",
        "source": source_chip(known, row.source, row) if row.source else None,
    }
    return [*rows, named]
