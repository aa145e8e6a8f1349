"""The situation in sentences and lines: what the Prime Minister's office reads in five seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import (
    ContradictionLine,
    DutyLine,
    PromiseLine,
    Ref,
    Situation,
)
from torap.publish.wording import issuer_words
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import statuses, units
from torap.web.presenters.instructions import answered_words
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.milestones import end_words, slip_end
from torap.web.presenters.spans import span_words

SHOWN = 6
TITLE_LENGTH = 110
CSV_HEADER = (
    "list",
    "kind",
    "code",
    "what",
    "of",
    "holder",
    "day",
    "days",
    "shift_months",
    "said",
    "evidenced",
    "invented",
)


# The sentence of the day.


def overdue_words(count: int) -> str:
    """How many instructions are overdue."""
    words = ngettext("%(count)s instruction overdue", "%(count)s instructions overdue", count)
    return words % {"count": count}


def passed_words(count: int) -> str:
    """How many promised dates have passed."""
    words = ngettext("%(count)s promised date has passed", "%(count)s promised dates have passed", count)
    return words % {"count": count}


def unproven_words(count: int) -> str:
    """How many promised dates have passed, none of them proved."""
    return _("%(passed)s without proof") % {"passed": passed_words(count)}


def headline(found: Situation) -> str:
    """The one sentence that says the news."""
    params = found.headline.params
    late = overdue_words(params.get("instructions", 0))
    passed = passed_words(params.get("promises", 0))
    coming = params.get("due_instructions", 0) + params.get("due_promises", 0)
    sentences = {
        "empty": _("Nothing is known on this day"),
        "late_both": _("%(late)s, %(passed)s without proof") % {"late": late, "passed": passed},
        "late_instructions": late,
        "late_promises": unproven_words(params.get("promises", 0)),
        "due_soon": ngettext(
            "Nothing is late; %(count)s thing falls due in %(days)s days",
            "Nothing is late; %(count)s things fall due in %(days)s days",
            coming,
        )
        % {"count": coming, "days": params.get("days", 0)},
        "quiet": _("Nothing is late and nothing falls due soon"),
    }
    return sentences.get(found.headline.code, sentences["quiet"])


def lead(found: Situation) -> str:
    """Beneath the sentence of the day: how much moved, and how old the news is."""
    counts = found.counts
    parts = []
    if counts.promises_dated:
        parts.append(
            _("%(moved)s of %(dated)s promised dates moved at least once.")
            % {"moved": counts.promises_moved, "dated": counts.promises_dated}
        )
    if found.facts_newest is not None:
        parts.append(
            _("The newest word is of %(day)s (%(age)s).")
            % {"day": formats.day(found.facts_newest), "age": formats.age(found.facts_newest, found.as_of)}
        )
    return " ".join(parts)


# Figures of the day.


def kpis(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """The four figures of the day as `kpi_card` takes them."""
    return [
        _kpi_instructions(found, known),
        _kpi_overdue(found, known),
        _kpi_moved(found, known),
        _kpi_conflicts(found, known),
    ]


def _kpi_instructions(found: Situation, known: AsKnown) -> dict[str, Any]:
    counts = found.counts
    notes = []
    if counts.instructions_overdue:
        words = ngettext("%(count)s overdue", "%(count)s overdue", counts.instructions_overdue)
        notes.append(words % {"count": counts.instructions_overdue})
    nearest = found.due_30.instructions[0] if found.due_30.instructions else None
    if nearest is not None:
        notes.append(_("next due %(day)s") % {"day": formats.day(nearest.due)})
    if counts.instructions_without_known_deadline:
        unknown = counts.instructions_without_known_deadline
        words = ngettext("%(count)s without a known day", "%(count)s without a known day", unknown)
        notes.append(words % {"count": unknown})
    return {
        "label": _("Instructions in force"),
        "value": counts.instructions_open,
        "note": " · ".join(notes),
        "href": known_link(known, "instruction_board"),
        "status": "late" if counts.instructions_overdue else "",
    }


def _kpi_overdue(found: Situation, known: AsKnown) -> dict[str, Any]:
    said = found.overdue.said_done
    words = ngettext(
        "%(count)s is said to be done, unproven", "%(count)s are said to be done, unproven", said
    )
    return {
        "label": _("Promised dates passed without proof"),
        "value": len(found.overdue.promises),
        "of": found.counts.promises_dated,
        "note": words % {"count": said} if said else _("none of them is said to be done"),
        "href": known_link(known, "promise_list", status="passed"),
        "status": "late" if found.overdue.promises else "",
    }


def _kpi_moved(found: Situation, known: AsKnown) -> dict[str, Any]:
    counts = found.counts
    notes = []
    if counts.slip_median_months is not None:
        notes.append(_("median shift %(months)s") % {"months": formats.slip(counts.slip_median_months)})
    if counts.slip_max_months:
        notes.append(_("largest %(months)s") % {"months": formats.slip(counts.slip_max_months)})
    return {
        "label": _("Promises moved at least once"),
        "value": counts.promises_moved,
        "of": counts.promises_dated,
        "note": " · ".join(notes),
        "href": known_link(known, "promise_list"),
        "status": "moved" if counts.promises_moved else "",
    }


def _kpi_conflicts(found: Situation, known: AsKnown) -> dict[str, Any]:
    conflicts = found.contradictions
    top = conflicts.top[0] if conflicts.top else None
    return {
        "label": _("Contradictions"),
        "value": conflicts.total,
        "note": _("the widest: %(what)s, %(spread)s") % {"what": top.subject.name, "spread": spread(top)}
        if top
        else _("no two sayings contradict each other"),
        "href": known_link(known, "contradiction_list"),
        "status": "at_risk" if conflicts.total else "",
    }


# Lists.


def overdue_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """Instructions that are late, the longest late first."""
    return [_duty(row, known) for row in found.overdue.instructions[:SHOWN]]


def passed_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """Promises whose day has passed without proof, the longest late first."""
    return [promise_line(row, known) for row in found.overdue.promises[:SHOWN]]


def due_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """What falls due soon, the nearest day first."""
    rows = [(row.days, row.code, _duty(row, known)) for row in found.due_30.instructions]
    rows += [(row.days, row.code, promise_line(row, known)) for row in found.due_30.promises]
    return [line for _days, _code, line in sorted(rows, key=lambda row: row[:2])][:SHOWN]


def _duty(row: DutyLine, known: AsKnown) -> dict[str, Any]:
    names = ", ".join(ref.name for ref in row.executors[:3])
    more = len(row.executors) - 3
    if more > 0:
        names = _("%(names)s and %(count)s more") % {"names": names, "count": more}
    return {
        "kind": _("instruction"),
        "title": formats.shortened(row.text, TITLE_LENGTH),
        "href": known_link(known, "instruction", row.code),
        "sub": names,
        "mark": "late" if row.overdue else "no_evidence" if row.evidenced == "none" else "on_first_promise",
        "words": ", ".join(
            part
            for part in (
                answered_words(len(row.answered), len(row.executors)),
                statuses.said_words(row.said),
                statuses.evidenced_words(row.evidenced),
            )
            if part
        ),
        "day": formats.day(row.due),
        "left": days_words(row.days, row.working_days),
        "rolled": formats.day(row.nominal) if row.nominal and row.nominal != row.due else "",
    }


def promise_line(row: PromiseLine, known: AsKnown) -> dict[str, Any]:
    """A promise as a line of a list: of what, who owes it, by when, how it stands."""
    return {
        "kind": _("promise"),
        "title": f"{row.subject.name}: {row.name}",
        "href": known_link(known, "milestone", row.code),
        "sub": row.holder.name if row.holder else "",
        "mark": statuses.schedule_mark(row.schedule),
        "words": f"{statuses.said_words(row.said)}, {statuses.evidenced_words(row.evidenced)}",
        "day": end_words(row.current),
        "left": days_words(row.days, None),
        "rolled": "",
    }


def days_words(days: int, working: int | None) -> str:
    """How long is left, in working days where they count; or how late it is."""
    if days < 0:
        return _("late by %(time)s") % {"time": span_words(-days)}
    if days == 0:
        return _("today")
    if working is not None:
        words = ngettext("%(days)s working day left", "%(days)s working days left", working)
        return words % {"days": working}
    return _("%(time)s left") % {"time": span_words(days)}


def turn_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """Whose turn it is: body, what it holds, what comes next."""
    lines = []
    for row in found.whose_turn[:SHOWN]:
        is_body = row.holder.kind == "organisation"
        lines.append(
            {
                "name": row.holder.name if is_body else issuer_words(row.holder.code),
                "href": known_link(known, "organisation", row.holder.code) if is_body else "",
                "overdue": row.overdue,
                "mark": "late" if row.overdue else "no_evidence",
                "holds": _holds(row.instructions, row.milestones, row.obstacles),
                "next_day": formats.day(row.next_due) if row.next_due else "",
                "next_text": formats.shortened(row.next_text, TITLE_LENGTH),
                "since": formats.month(row.since),
            }
        )
    return lines


def _holds(instructions: int, milestones: int, obstacles: int) -> str:
    parts = []
    if instructions:
        words = ngettext("%(count)s instruction", "%(count)s instructions", instructions)
        parts.append(words % {"count": instructions})
    if milestones:
        words = ngettext("%(count)s milestone", "%(count)s milestones", milestones)
        parts.append(words % {"count": milestones})
    if obstacles:
        words = ngettext("%(count)s obstacle to remove", "%(count)s obstacles to remove", obstacles)
        parts.append(words % {"count": obstacles})
    return ", ".join(parts)


def slipped_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """What moved furthest from its first promise."""
    return [
        {
            "title": f"{row.subject.name}: {row.name}",
            "href": known_link(known, "milestone", row.code),
            "first": end_words(row.first),
            "last": slip_end(row.slip_to, row.slip_basis) if row.slip_to else "",
            "mark": statuses.schedule_mark(row.schedule),
            "words": statuses.schedule_words(row.schedule),
            "slip": row.slip_months,
        }
        for row in found.slipped_most
    ]


def slip_chart(found: Situation, known: AsKnown) -> dict[str, Any]:
    """The dumbbell of first and last date for what moved furthest."""
    return {
        "today": known.day.isoformat(),
        "rows": [
            {
                "name": f"{row.subject.name}: {row.name}",
                "first": row.first.isoformat(),
                "last": formats.iso(row.slip_to),
                "first_label": end_words(row.first),
                "last_label": slip_end(row.slip_to, row.slip_basis) if row.slip_to else "",
                "href": known_link(known, "milestone", row.code),
                "status": statuses.schedule_mark(row.schedule),
                "moved": formats.slip(row.slip_months or 0),
            }
            for row in found.slipped_most
        ],
        "labels": {"first": _("first promise"), "last": _("last date"), "today": _("today")},
    }


def conflict_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """The widest contradictions, with between what they stand."""
    return [
        {
            "title": f"{row.subject.name}: {row.what.name}",
            "href": _conflict_link(row, known),
            "words": statuses.contradiction_words(row.kind),
            "spread": spread(row),
        }
        for row in found.contradictions.top[:SHOWN]
    ]


def _conflict_link(row: ContradictionLine, known: AsKnown) -> str:
    if row.what.kind == "milestone":
        return f"{known_link(known, 'milestone', row.what.code)}#conflicts"
    return subject_link(known, row.subject.kind, row.subject.code)


def spread(row: ContradictionLine) -> str:
    """Between which values or days sayings stand apart."""
    if row.low is None or row.high is None:
        return ngettext("%(count)s sayings", "%(count)s sayings", row.members) % {"count": row.members}
    if isinstance(row.low, dt.date) and isinstance(row.high, dt.date):
        return f"{formats.day(row.low)} – {formats.day(row.high)}"
    return f"{formats.number(row.low)} – {units.quantity(row.high, row.unit)}"  # type: ignore[arg-type]


def blocked_lines(found: Situation, known: AsKnown) -> list[dict[str, Any]]:
    """What stands in the way, and who must remove it."""
    return [
        {
            "title": formats.shortened(row.text, TITLE_LENGTH),
            "href": known_link(known, "obstacle", row.code),
            "subject": row.subject.name,
            "subject_href": subject_link(known, row.subject.kind, row.subject.code),
            "holder": row.holder.name if row.holder else _("nobody was named to remove it"),
            "blocked": len(row.blocked),
            "days": row.days_open,
        }
        for row in found.blocked_by[:SHOWN]
    ]


# Download.


def csv_rows(found: Situation) -> list[list[Any]]:
    """The lists of the situation as rows of one download."""
    rows: list[list[Any]] = []
    for name, duties, promises in (
        ("overdue", found.overdue.instructions, found.overdue.promises),
        ("due", found.due_30.instructions, found.due_30.promises),
        ("slipped", (), found.slipped_most),
    ):
        rows += [_duty_row(name, row) for row in duties]
        rows += [_promise_row(name, row) for row in promises]
    return rows


def _duty_row(name: str, row: DutyLine) -> list[Any]:
    return [
        name,
        "instruction",
        row.code,
        row.text,
        _names(row.subjects),
        _names(row.executors),
        row.due,
        row.days,
        None,
        row.said,
        row.evidenced,
        False,  # nothing invented stands in the situation
    ]


def _promise_row(name: str, row: PromiseLine) -> list[Any]:
    return [
        name,
        "promise",
        row.code,
        row.name,
        row.subject.name,
        row.holder.name if row.holder else "",
        row.current,
        row.days,
        row.slip_months,
        row.said,
        row.evidenced,
        False,  # nothing invented stands in the situation
    ]


def _names(refs: Iterable[Ref]) -> str:
    return "; ".join(ref.name for ref in refs)
