"""The board of instructions and one instruction, from the states delivery computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.delivery.selectors import HolderItem, HolderLine, InstructionState
from torap.publish.wording import fact_words, issuer_words
from torap.rules.known import AsKnown
from torap.rules.obligations.model import State
from torap.web import formats
from torap.web.instructions.sentences import warning_words
from torap.web.law import presenters as law
from torap.web.law.sentences import reason_lines
from torap.web.law.words import choice_words, term
from torap.web.presenters import instructions as lines
from torap.web.presenters import statuses
from torap.web.presenters.invented import teller
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.said import said_html
from torap.web.presenters.sources import source_chip
from torap.web.presenters.spans import span_words

DUE_SOON_DAYS = 30
CSV_HEADER = (
    "code",
    "text",
    "session",
    "given",
    "issuer",
    "lead_executors",
    "co_executors",
    "deadline_as_said",
    "nominal",
    "due",
    "days_left",
    "control_type",
    "state",
    "said",
    "evidenced",
    "extensions",
    "answered",
    "not_answered",
    "co_executors_due",
    "report_due",
    "invented",
)
HOLDER_HEADER = (
    "holder",
    "name",
    "kind",
    "code",
    "text",
    "task",
    "since",
    "due",
    "days_left",
    "overdue",
    "evidenced",
    "invented",
)
VIEWS: dict[str, Any] = {
    "due": gettext_lazy("In force, by due day"),
    "overdue": gettext_lazy("Overdue"),
    "holder": gettext_lazy("By holder"),
    "closed": gettext_lazy("Answered or closed"),
    "all": gettext_lazy("All"),
}
# Nothing is owed any more; answered and done are told apart by the three statuses, not by this.
_SETTLED = frozenset({"closed", State.DONE, State.DONE_IN_TIME, State.DONE_LATE, State.VOID})
_TOLD = frozenset({"date", "term"})  # kinds of deadlines somebody put into words
_EVENT_MARKS = {
    "answered": "done_said",
    "co_answered": "done_said",
    "extended": "moved",
    "extension_requested": "moved",
    "refused": "late",
    "closed": "no_evidence",
}
TASKS: dict[str, Any] = {
    "reach": gettext_lazy("reaches what was promised"),
    "prove": gettext_lazy("said to be reached; gives evidence of it"),
    "remove": gettext_lazy("removes the obstacle"),
}
PAGES = {"instruction": "instruction", "milestone": "milestone", "obstacle": "obstacle"}
KIND_NAMES: dict[str, Any] = {
    "instruction": gettext_lazy("instruction"),
    "milestone": gettext_lazy("promise"),
    "obstacle": gettext_lazy("obstacle"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One instruction on the board: the shared line, and what only the board shows."""

    line: lines.InstructionLine
    leads: list[dict[str, Any]]
    co: int
    control: str
    as_said: str
    extensions: int
    why: list[dict[str, Any]]
    settled: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilters:
    """What of the board is shown; an empty value does not narrow."""

    body: str = ""
    issuer: str = ""
    control: str = ""


# -- the board --------------------


def settled(state: InstructionState) -> bool:
    """Nobody owes anything on it any more, whatever evidence says."""
    return state.control.state in _SETTLED


def counts(states: Sequence[InstructionState]) -> dict[str, int]:
    """The figures over the board."""
    in_force = [state for state in states if not settled(state)]
    left = [state.control.days_left for state in in_force if state.control.days_left is not None]
    return {
        "in_force": len(in_force),
        "overdue": sum(1 for state in in_force if state.control.overdue),
        "soon": sum(1 for days in left if 0 <= days <= DUE_SOON_DAYS),
        "no_day": sum(1 for state in in_force if state.control.due is None),
        "extended": sum(1 for state in states if state.control.extensions),
        "settled": len(states) - len(in_force),
        "unproved": sum(1 for state in states if settled(state) and not state.done),
    }


def chosen(states: Iterable[InstructionState], view: str, filters: BoardFilters) -> list[InstructionState]:
    """The instructions of one tab that pass the filters."""
    tests = {
        "due": lambda state: not settled(state),
        "overdue": lambda state: state.control.overdue,
        "closed": settled,
    }
    wanted = tests.get(view, lambda _state: True)
    return [state for state in states if wanted(state) and _passes(state, filters)]


def _passes(state: InstructionState, filters: BoardFilters) -> bool:
    bodies = {row.organisation.code for row in state.executors}
    return (
        (not filters.body or filters.body in bodies)
        and (not filters.issuer or filters.issuer == state.instruction.issuer)
        and (not filters.control or filters.control == state.control.type)
    )


def board_rows(states: Iterable[InstructionState], known: AsKnown) -> list[BoardRow]:
    """Rows of the board, what presses most first; those without a day at the end."""
    rows = [_board_row(state, known) for state in states]
    return sorted(rows, key=_urgency)


def _urgency(row: BoardRow) -> tuple[bool, int, dt.date, str]:
    """Certain breaches first, then what is coming, then days passed without a certain term, then no day."""
    past = row.line.days_left is not None and row.line.days_left < 0
    group = 0 if row.overdue else 3 if row.line.due is None else 2 if past else 1
    return row.settled, group, row.line.due or dt.date.max, row.line.code


def _board_row(state: InstructionState, known: AsKnown) -> BoardRow:
    return BoardRow(
        line=lines.instruction_line(state, known),
        leads=[_body(row.organisation, known) for row in state.leads],
        co=len(state.executors) - len(state.leads),
        control=control_words(state.control.type),
        as_said=said_html(state.instruction.deadline_said, quote=True)
        if state.instruction.deadline_kind in _TOLD
        else "",
        extensions=state.control.extensions,
        why=explanation(state),
        settled=settled(state),
        overdue=state.control.overdue,
    )


def _body(body: Any, known: AsKnown) -> dict[str, Any]:
    return {
        "name": body.name,
        "href": known_link(known, "organisation", body.code),
        "invented": body.invented,
    }


def control_words(code: str) -> str:
    """The control type in words; empty where the law gives none."""
    return choice_words(code) if code else ""


def explanation(state: InstructionState) -> list[dict[str, Any]]:
    """Every reason of the due day."""
    clock = state.control
    edition = clock.evaluation.edition if clock.evaluation is not None else None
    return reason_lines(clock.explanation, edition)


def tabs(found: dict[str, int], view: str, filters: BoardFilters, known: AsKnown) -> list[dict[str, Any]]:
    """The tabs of the board with their counts."""
    numbers = {
        "due": found.get("in_force"),
        "overdue": found.get("overdue"),
        "closed": found.get("settled"),
        "all": found["in_force"] + found["settled"] if found else None,
    }
    query = {"body": filters.body, "issuer": filters.issuer, "control": filters.control}
    return [
        {
            "label": str(label),
            "url": known_link(
                known, "instruction_board", **({"view": code} if code != "due" else {}), **query
            ),
            "current": code == view,
            "count": numbers.get(code),
        }
        for code, label in VIEWS.items()
    ]


def options(states: Iterable[InstructionState], filters: BoardFilters) -> dict[str, list[dict[str, Any]]]:
    """The options of the filters: only what occurs."""
    bodies: dict[str, str] = {}
    issuers: dict[str, str] = {}
    types: dict[str, str] = {}
    for state in states:
        bodies |= {row.organisation.code: row.organisation.name for row in state.executors}
        issuers[state.instruction.issuer] = issuer_words(state.instruction.issuer)
        if state.control.type:
            types[state.control.type] = control_words(state.control.type)
    return {
        "bodies": _options(bodies, filters.body),
        "issuers": _options(issuers, filters.issuer),
        "controls": _options(types, filters.control),
    }


def _options(names: dict[str, str], current: str) -> list[dict[str, Any]]:
    pairs = sorted(names.items(), key=lambda pair: pair[1])
    return [{"value": code, "label": name, "selected": code == current} for code, name in pairs]


def board_chart(rows: Sequence[BoardRow], states: Iterable[InstructionState], day: dt.date) -> dict[str, Any]:
    """The running clocks whose term is certain, as bars from receipt to due day."""
    starts = {state.code: state.control.received_on for state in states}
    return {
        "today": day.isoformat(),
        "labels": law.chart_labels(),
        "rows": [
            {
                "name": row.line.title,
                "start": (starts[row.line.code] or row.line.given).isoformat(),
                "due": row.line.due.isoformat(),
                "done": None,
                "status": row.line.mark,
                "note": row.line.due_note,
                "href": row.line.href,
            }
            for row in rows
            if row.line.due is not None and not row.settled and row.line.mark != "at_risk"
        ],
    }


def csv_rows(states: Iterable[InstructionState], known: AsKnown) -> list[list[Any]]:
    """The board as rows of a download."""
    return [_csv_row(state, known) for state in states]


def _csv_row(state: InstructionState, known: AsKnown) -> list[Any]:
    row, clock = state.instruction, state.control
    leads = {executor.pk for executor in state.leads}
    return [
        row.code,
        row.text,
        row.session,
        row.given_to,
        issuer_words(row.issuer),
        [executor.organisation.name for executor in state.leads] or fact_words(row.executors_said),
        [executor.organisation.name for executor in state.executors if executor.pk not in leads],
        fact_words(row.deadline_said),
        clock.nominal,
        clock.due,
        clock.days_left,
        control_words(clock.type),
        statuses.instruction_words(state.schedule.code)[1],
        statuses.said_words(state.said.code),
        statuses.evidenced_words(state.evidenced.code),
        clock.extensions,
        [row.executor.organisation.name for row in state.answers if row.event],
        [row.executor.organisation.name for row in state.answers if not row.event],
        clock.co_executor_due,
        clock.report_due,
        row.invented,
    ]


# -- by holder --------------------


def holder_rows(
    board: Iterable[HolderLine], known: AsKnown, *, limit: int | None = None
) -> list[dict[str, Any]]:
    """Every body that has to act with what it holds, the most pressing first; of each at most `limit`."""
    return [_holder(line, known, limit) for line in board]


def _holder(line: HolderLine, known: AsKnown, limit: int | None) -> dict[str, Any]:
    is_body = line.holder.kind == "organisation"
    return {
        "code": line.holder.code,
        "anchor": f"holder-{line.holder.code}",
        "name": line.holder.name if is_body else issuer_words(line.holder.code),
        "href": known_link(known, "organisation", line.holder.code) if is_body else "",
        "overdue": line.overdue,
        "next_due": line.next_due,
        "since": line.since,
        "items": [holder_item(item, known) for item in line.items[:limit]],
        "more": max(0, len(line.items) - limit) if limit is not None else 0,
    }


def holder_item(item: HolderItem, known: AsKnown) -> dict[str, Any]:
    """One thing a body holds, as a line."""
    return {
        "kind": str(KIND_NAMES.get(item.kind, item.kind)),
        "code": item.code,
        "text": item.text,
        "href": known_link(known, PAGES[item.kind], item.code),
        "task": lines.task_words(item.task) or str(TASKS.get(item.task, "")),
        "since": item.since,
        "due": item.due,
        "days_left": item.days_left,
        "overdue": item.overdue,
        "mark": "late" if item.overdue else statuses.held_mark(item.task, item.due),
        "note": "" if item.task == "prove" else left_words(item.days_left),
        "evidenced": statuses.evidenced_words(item.evidenced) if item.evidenced else "",
        "invented": item.invented,
    }


def left_words(days: int | None) -> str:
    """How long is left, or how late it is, in calendar time."""
    if days is None:
        return ""
    if days == 0:
        return _("today")
    return (_("late by %(time)s") if days < 0 else _("%(time)s left")) % {"time": span_words(abs(days))}


def holder_csv(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """What every body holds as rows of a download."""
    return [
        [
            row["code"],
            row["name"],
            item["kind"],
            item["code"],
            item["text"],
            item["task"],
            item["since"],
            item["due"],
            item["days_left"],
            item["overdue"],
            item["evidenced"],
            item["invented"],
        ]
        for row in rows
        for item in row["items"]
    ]


# -- one instruction --------------------


def clock_facts(state: InstructionState) -> list[dict[str, Any]]:
    """The clock in pairs; `day` is a date, `text` words; a pair with neither is not known."""
    clock = state.control
    rolled = clock.nominal is not None and clock.due is not None and clock.nominal != clock.due
    pairs: list[dict[str, Any]] = [
        {"name": _("Deadline as said"), "text": said_html(state.instruction.deadline_said)},
        {"name": _("Received"), "day": clock.received_on},
        {"name": _("Day the term ends"), "day": clock.nominal if rolled else None, "optional": True},
        {"name": _("Due"), "day": clock.due, "strong": True},
        {
            "name": _("Due before any extension"),
            "day": clock.first_due if clock.extensions else None,
            "optional": True,
        },
        {"name": _("Control type"), "text": control_words(clock.type)},
        {
            "name": _("Length of the term"),
            "text": term(clock.working_days, "wd") if clock.working_days is not None else "",
            "optional": True,
        },
        {"name": _("Co-executors answer the lead by"), "day": clock.co_executor_due, "optional": True},
        {"name": _("Report on the minutes by"), "day": clock.report_due, "optional": True},
        {"name": _("Answered or closed on"), "day": clock.done_on, "optional": True},
    ]
    return [pair for pair in pairs if not pair.get("optional") or pair.get("day") or pair.get("text")]


def executor_rows(state: InstructionState, known: AsKnown) -> list[dict[str, Any]]:
    """The executors with their roles, and whether it is their turn."""
    turns = {turn.organisation.pk: turn for turn in state.turns if turn.organisation is not None}
    answered = {row.executor.pk: row.event for row in (*state.answers, *state.co_answers)}
    return [
        {
            **_body(row.organisation, known),
            "role": row.get_role_display(),
            "turn": turns.get(row.organisation_id),
            "answered": answered.get(row.pk),
            "owes": row.pk in answered and answered[row.pk] is None and not settled(state),
        }
        for row in state.executors
    ]


def turn_rows(state: InstructionState, known: AsKnown) -> list[dict[str, Any]]:
    """Whose move it is, what for, since when, until when."""
    return [
        {
            "name": turn.organisation.name if turn.organisation else issuer_words(turn.issuer),
            "href": known_link(known, "organisation", turn.organisation.code) if turn.organisation else "",
            "task": lines.task_words(turn.task),
            "since": turn.since,
            "due": turn.due,
        }
        for turn in state.turns
    ]


def event_rows(state: InstructionState, known: AsKnown) -> list[dict[str, Any]]:
    """What happened, newest first, down to the day it was given."""
    rows = [_event(event, known) for event in reversed(state.events)]
    row = state.instruction
    given = {
        "earliest": row.given_from,
        "latest": row.given_to,
        "title": _("given by: %(issuer)s") % {"issuer": issuer_words(row.issuer)},
        "text": row.session,
        "status": "unknown",
        "source": source_chip(known, row.source, row),
    }
    return [*rows, given]


def _event(event: Any, known: AsKnown) -> dict[str, Any]:
    said = statuses.said_words(event.said_state) if event.said_state else ""
    extra = []
    if event.new_deadline:
        extra.append(_("new deadline: %(day)s") % {"day": formats.day(event.new_deadline)})
    if event.ground:
        extra.append(_("ground: %(ground)s") % {"ground": choice_words(event.ground)})
    mark = statuses.SAID[event.said_state][0] if event.said_state in statuses.SAID else "unknown"
    return {
        "id": f"event-{event.pk}",
        "earliest": event.happened_from,
        "latest": event.happened_to,
        "title": " · ".join(part for part in (str(event.get_type_display()), said, *extra) if part),
        "text": " — ".join(part for part in (teller(event), event.text) if part),
        "status": _EVENT_MARKS.get(event.type, mark),
        "tag": event.organisation.name if event.organisation else "",
        "source": source_chip(known, event.source, event) if event.source else None,
        "invented": event.invented,
    }


def subject_rows(state: InstructionState, known: AsKnown) -> list[dict[str, Any]]:
    """What the instruction is about."""
    return [
        {
            "name": row.name,
            "href": subject_link(known, row.kind, row.code),
            "kind": str(row.get_kind_display()),
            "invented": row.invented,
        }
        for row in state.subjects
    ]


def warnings(state: InstructionState) -> list[str]:
    """Sentences of what to look at."""
    return warning_words(state.control.warnings)
