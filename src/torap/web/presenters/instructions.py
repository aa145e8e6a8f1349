"""Instructions as lines of a list: what is owed, by whom, by when, and whose turn it is.

The reasons of a due day are explained on the instruction's own page; here stands only the result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.delivery.selectors import InstructionState
from torap.publish.wording import fact_words
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import statuses
from torap.web.presenters.links import known_link
from torap.web.presenters.spans import span_words

TASKS: dict[str, Any] = {
    "execute": gettext_lazy("executes"),
    "co_execute": gettext_lazy("contributes as co-executor"),
    "decide_extension": gettext_lazy("decides on an extension"),
    "accept_answer": gettext_lazy("accepts or returns the answer"),
    "correct_address": gettext_lazy("names the right addressee"),
}

_TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionLine:
    """What a list shows of one instruction; texts are in the reader's language."""

    code: str
    title: str
    text: str
    href: str
    mark: str
    words: str
    executors: str
    given: dt.date
    due: dt.date | None
    due_note: str
    days_left: int | None
    rolled_from: dt.date | None
    answered: str
    triple: dict[str, dict[str, str]]
    session: str
    invented: bool


def instruction_line(state: InstructionState, known: AsKnown) -> InstructionLine:
    """One instruction as a line."""
    row, clock = state.instruction, state.control
    mark, words = statuses.instruction_words(state.schedule.code)
    rolled = clock.nominal if clock.nominal and clock.due and clock.nominal != clock.due else None
    parts = statuses.triple(state.said, state.evidenced, state.schedule)
    return InstructionLine(
        code=row.code,
        title=formats.shortened(row.text, _TITLE_LENGTH),
        text=row.text,
        href=known_link(known, "instruction", row.code),
        mark=mark,
        words=words,
        executors=executor_names(state),
        given=row.given_to,
        due=clock.due,
        due_note=due_note(state),
        days_left=clock.days_left,
        rolled_from=rolled,
        answered=answered_words(sum(1 for row in state.answers if row.event), len(state.answers)),
        triple=parts | {"schedule": {"code": mark, "label": words, "note": ""}},
        session=row.session,
        invented=row.invented,
    )


def instruction_lines(states: Iterable[InstructionState], known: AsKnown) -> list[InstructionLine]:
    """Instructions as lines, the nearest due day first; those without one at the end."""
    lines = [instruction_line(state, known) for state in states]
    return sorted(lines, key=lambda line: (line.due or dt.date.max, line.code))


def executor_names(state: InstructionState) -> str:
    """The bodies that answer for it, leads first; as said where no body could be named."""
    names = [row.organisation.name for row in state.leads]
    return ", ".join(names) or fact_words(state.instruction.executors_said)


def due_note(state: InstructionState) -> str:
    """How long is left or how late it is, or why there is no day."""
    clock = state.control
    if clock.state in {"no_deadline", "deadline_not_known", "closed"}:
        return statuses.instruction_words(clock.state)[1]
    days = clock.days_left
    if days is None:
        return ""
    if days < 0:
        return _("late by %(time)s") % {"time": span_words(-days)}
    if days == 0:
        return _("today")
    working = clock.working_days_left
    if working is None:
        return _("%(time)s left") % {"time": span_words(days)}
    words = ngettext("%(days)s working day left", "%(days)s working days left", working)
    return words % {"days": working}


def answered_words(answered: int, owing: int) -> str:
    """How many of the bodies that answer have answered; empty where one body answers alone, or none has."""
    if not answered or owing < 2:
        return ""
    words = ngettext("%(answered)s of %(count)s answered", "%(answered)s of %(count)s answered", owing)
    return words % {"answered": answered, "count": owing}


def task_words(code: str) -> str:
    """What the body whose turn it is has to do."""
    return str(TASKS.get(code, ""))
