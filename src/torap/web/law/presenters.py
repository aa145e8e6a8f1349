"""Procedures, steps, clocks and findings as rows of pages: who owes what by when, how sure it is, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.rules.known import AsKnown
from torap.rules.obligations.model import (
    DONE_STATES,
    Clock,
    Edition,
    Evaluation,
    Finding,
    Obligation,
    Procedure,
    State,
    Trigger,
)
from torap.web import formats
from torap.web.law import words
from torap.web.law.sentences import reason_lines
from torap.web.presenters.links import known_link
from torap.web.presenters.spans import span_words

LIST_HEADER = ("procedure", "name", "confidence", "steps", "steps_with_a_term", "not_known", "acts")
STEP_HEADER = ("step", "holder", "creditor", "action", "case", "term", "starts_with", "article", "confidence")
CLOCK_HEADER = (
    "step",
    "holder",
    "creditor",
    "action",
    "due",
    "nominal",
    "state",
    "projected",
    "days_left",
    "breach_by_itself",
    "confidence",
    "article",
    "why",
)

STATES: dict[State, tuple[str, Any]] = {
    State.NOT_YET_TRIGGERED: ("unknown", gettext_lazy("not yet begun")),
    State.RUNNING: ("on_first_promise", gettext_lazy("running")),
    State.PAUSED: ("unknown", gettext_lazy("stopped")),
    State.EXTENDED: ("moved", gettext_lazy("extended")),
    State.OVERDUE: ("late", gettext_lazy("overdue")),
    State.DONE: ("done_said", gettext_lazy("done")),
    State.DONE_IN_TIME: ("done_said", gettext_lazy("done in time")),
    State.DONE_LATE: ("late", gettext_lazy("done late")),
    State.VOID: ("unknown", gettext_lazy("falls away")),
}
FINDINGS: dict[str, Any] = {
    "closed_on_ground": gettext_lazy("Ground of closing"),
    "closes_by_fact": gettext_lazy("Closes on the fact"),
    "control": gettext_lazy("Control type"),
    "date": gettext_lazy("Last day of the term"),
    "deadline_range": gettext_lazy("Range of the deadline"),
    "deposit_kzt": gettext_lazy("Deposit, tenge"),
    "eligibility": gettext_lazy("Eligibility"),
    "extension": gettext_lazy("Extension"),
    "extension_request": gettext_lazy("Request for an extension"),
    "forcing": gettext_lazy("Reminder"),
    "grant_cap_kzt": gettext_lazy("Largest grant in kind, tenge"),
    "may_be_closed_by": gettext_lazy("May be taken off control by"),
    "may_be_extended_by": gettext_lazy("May be extended by"),
    "minimum_term": gettext_lazy("Minimum term"),
    "nominal_deadline": gettext_lazy("Deadline as said"),
    "pool": gettext_lazy("Pool"),
    "pool_threshold_kzt": gettext_lazy("Line between the pools, tenge"),
    "repeated_extension": gettext_lazy("Extended more than once"),
    "security_at_filing_kzt": gettext_lazy("Security at filing, tenge"),
    "security_term_years": gettext_lazy("Years for the rest of the security"),
    "silent_co_executor": gettext_lazy("A silent co-executor"),
    "target": gettext_lazy("Target"),
    "term_working_days": gettext_lazy("Term in working days"),
    "training_spend_per_year_kzt": gettext_lazy("Spending on training a year, tenge"),
    "working_days_between": gettext_lazy("Working days between the two"),
    "working_days_in_year": gettext_lazy("Working days in the year"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One obligation of a case: what, who, until when, in which state, and every reason."""

    step: str
    action: str
    holder: str
    creditor: str
    due: dt.date | None
    due_at: dt.datetime | None
    nominal: dt.date | None
    later: tuple[dt.date, ...]
    mark: str
    words: str
    left: str
    projected: bool
    void: bool
    binding: bool
    soft: bool
    confidence: str
    low_confidence: bool
    article: str
    term: str
    started_on: dt.date | None
    done_on: dt.date | None
    days_left: int | None
    why: list[dict[str, Any]]


# -- procedures and steps --------------------


def procedure_rows(procedures: Mapping[str, Procedure], known: AsKnown) -> list[dict[str, Any]]:
    """All procedures, with how many of their steps have a term in the texts read."""
    return [_procedure_row(row, known) for row in procedures.values()]


def _procedure_row(procedure: Procedure, known: AsKnown) -> dict[str, Any]:
    edition = procedure.editions[-1]
    return {
        "id": procedure.id,
        "name": words.law_text(procedure.name),
        "href": known_link(known, "law", procedure.id),
        "confidence": procedure.confidence,
        "confidence_words": str(words.CONFIDENCES[procedure.confidence]),
        "mark": confidence_mark(procedure.confidence),
        "steps": len(edition.obligations),
        "timed": sum(1 for row in edition.obligations if has_term(row)),
        "unknown": len(edition.unknown),
        "acts": [words.law_text(act.title) for act in edition.acts],
        "editions": len(procedure.editions),
    }


def list_csv(rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Procedures as rows of a download."""
    keys = ("id", "name", "confidence", "steps", "timed", "unknown", "acts")
    return [[row[key] for key in keys] for row in rows]


def confidence_mark(code: str) -> str:
    """A filled mark for what stands in an act that was read, a dashed one for the rest."""
    return {"high": "on_first_promise", "medium": "at_risk", "low": "no_evidence"}.get(code, "unknown")


def has_term(row: Obligation) -> bool:
    """True when the texts read give a term for the step, in some case at least."""
    return row.limit.is_known or any(variant.limit.is_known for variant in row.variants)


def step_rows(edition: Edition) -> list[dict[str, Any]]:
    """The obligations of an edition as a table, each with the terms of its cases."""
    return [
        {
            "step": row.step,
            "number": row.step if row.step[:1].isdigit() else "",
            "anchor": f"step-{row.step}",
            "action": words.law_text(row.action),
            "holder": words.holder_words(row.holder),
            "creditor": words.holder_words(row.creditor),
            "term": words.limit_words(row.limit, edition),
            "unit_stated": row.limit.unit_stated,
            "cases": [_case(row, variant, edition) for variant in row.variants],
            "starts": trigger_words(row.trigger, edition),
            "start_stated": row.trigger is None or row.trigger.stated,
            "when": words.conditions_words(row.when, edition),
            "right": row.kind == "right",
            "article": words.article_words(row.article or ""),
            "act": edition.act(row.act),
            "confidence": str(words.CONFIDENCES[row.confidence]),
            "mark": confidence_mark(row.confidence),
            "timed": has_term(row),
        }
        for row in edition.obligations
    ]


def _case(row: Obligation, variant: Any, edition: Edition) -> dict[str, str]:
    return {
        "when": words.conditions_words(variant.when, edition),
        "term": words.limit_words(variant.limit, edition),
        "starts": trigger_words(variant.trigger, edition) if variant.trigger else "",
        "article": words.article_words(variant.article or row.article or ""),
    }


def step_csv(edition: Edition) -> list[list[Any]]:
    """The obligations as rows of a download: one row for each case of a step."""
    rows: list[list[Any]] = []
    for row in step_rows(edition):
        cases = row["cases"] or [{"when": "", "term": row["term"], "starts": "", "article": row["article"]}]
        for case in cases:
            starts = case["starts"] or row["starts"]
            head = [row["step"], row["holder"], row["creditor"], row["action"], case["when"]]
            rows.append([*head, case["term"] or None, starts, case["article"], row["confidence"]])
    return rows


def trigger_words(trigger: Trigger | None, edition: Edition) -> str:
    """What starts a clock."""
    if trigger is None:
        return ""
    if trigger.event is not None:
        return words.event_title(trigger.event, edition)
    if trigger.param is not None:
        return words.param_title(trigger.param, edition)
    return _("the last day of step %(step)s") % {"step": words.step_words(str(trigger.due_of), edition)}


def edition_facts(edition: Edition) -> dict[str, Any]:
    """What else stands in an edition: acts with sources, facts, what is not known, who answers for it."""
    return {
        "acts": [
            {
                "act": act,
                "title": words.law_text(act.title),
                "note": words.law_text(act.note),
                "note_lang": words.language_of(act.note),
                "source": words.law_source(act.source),
            }
            for act in edition.acts
        ],
        "facts": [
            {
                "text": words.law_text(str(row["text"])),
                "lang": words.language_of(str(row["text"])),
                "ref": words.article_words(str(row.get("ref", ""))),
                "source": words.law_source(str(row.get("source", ""))),
                "confidence": row.get("confidence", "high"),
                "confidence_words": str(words.CONFIDENCES[str(row.get("confidence", "high"))]),
            }
            for row in edition.facts
        ],
        "unknown": [
            {
                "item": words.named("unknown", str(row["item"])),
                "text": words.law_text(str(row["text"])) if row.get("text") else "",
            }
            for row in edition.unknown
        ],
    }


# -- the clocks of a case --------------------


def clock_rows(found: Evaluation, *, applying: bool = False) -> list[ClockRow]:
    """The obligations of a case; with `applying` only those that do not fall away."""
    clocks = [clock for clock in found.clocks if not (applying and clock.state is State.VOID)]
    return [clock_row(clock, found.edition) for clock in clocks]


def clock_row(clock: Clock, edition: Edition) -> ClockRow:
    """One obligation of a case."""
    row = clock.obligation
    mark, label = STATES[clock.state]
    if clock.past_due_not_binding:
        mark, label = "at_risk", gettext_lazy("past its day; no breach by itself")
    elif clock.projected:
        mark, label = "unknown", gettext_lazy("expected")
    return ClockRow(
        step=row.step if row.step[:1].isdigit() else "",
        action=words.law_text(row.action),
        holder=words.holder_words(row.holder),
        creditor=words.holder_words(row.creditor),
        due=clock.due,
        due_at=clock.due_at,
        nominal=clock.nominal if clock.nominal != clock.due else None,
        later=clock.dates[1:],
        mark=mark,
        words=str(label),
        left=left_words(clock),
        projected=clock.projected,
        void=clock.state is State.VOID,
        binding=clock.binding,
        soft=clock.past_due_not_binding,
        confidence=str(words.CONFIDENCES[row.confidence]),
        low_confidence=row.confidence != "high",
        article=words.article_words(clock.article or ""),
        term=words.limit_words(clock.limit, edition),
        started_on=clock.started_on,
        done_on=clock.done_on,
        days_left=clock.days_left,
        why=reason_lines(clock.reasons, edition),
    )


def left_words(clock: Clock) -> str:
    """How long is left, or how late it is; nothing for what is over."""
    if clock.days_left is None or clock.state in DONE_STATES:
        return ""
    days, working = clock.days_left, clock.working_days_left
    if days < 0:
        return _("late by %(time)s") % {"time": span_words(-days)}
    if days == 0:
        return _("today")
    if working is None:
        return _("%(time)s left") % {"time": span_words(days)}
    text = ngettext("%(days)s working day left", "%(days)s working days left", working)
    return text % {"days": working}


def clock_csv(rows: Iterable[ClockRow], *, invented: bool | None = None) -> list[list[Any]]:
    """Clocks as rows of a download, with all reasons in one cell.

    `invented`: of the instruction they belong to; None where there is none (a case tried out).
    """
    return [
        [
            row.step,
            row.holder,
            row.creditor,
            row.action,
            row.due,
            row.nominal,
            row.words,
            row.projected,
            row.days_left,
            row.binding,
            row.confidence,
            row.article,
            " ".join(line["text"] for line in row.why),
            *([] if invented is None else [invented]),
        ]
        for row in rows
    ]


def finding_rows(found: Evaluation, *, leave_out: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Decisions that are no clocks, each with its reasons; a value that is not known is None."""
    hidden = set(leave_out)
    return [
        {
            "code": finding.code,
            "label": finding_label(finding.code),
            "value": finding_value(finding),
            "why": reason_lines(finding.reasons, found.edition),
        }
        for finding in found.findings
        if finding.code not in hidden
    ]


def finding_label(code: str) -> str:
    """The name of a finding; what a country's law file names itself is named in its words."""
    if code in FINDINGS:
        return str(FINDINGS[code])
    return words.named("findings", code.removeprefix("target:"))


def finding_value(finding: Finding) -> str | None:
    """The value of a finding in words."""
    value = finding.value
    if value is None:
        return None
    return words.choice_words(value.lower()) if isinstance(value, str) else words.shown(value)


def holding_rows(found: Evaluation) -> list[dict[str, Any]]:
    """Who held the case, from when to when, in calendar days; the pieces sum to its age."""
    return [
        {
            "holder": words.holder_words(span.holder),
            "step": words.step_words(span.step, found.edition) if span.step else "",
            "since": span.since,
            "until": span.until,
            "days": span.days,
        }
        for span in found.spans
        if span.days
    ]


def clock_chart(rows: Sequence[ClockRow], day: dt.date) -> dict[str, Any]:
    """The clocks as bars from their start to their due day."""
    return {
        "today": day.isoformat(),
        "rows": [
            {
                "name": f"{row.step} · {row.holder}" if row.step else row.action,
                "start": formats.iso(row.started_on),
                "due": formats.iso(row.due),
                "done": formats.iso(row.done_on),
                "status": row.mark,
                "note": row.left or row.words,
                "projected": row.projected,
            }
            for row in rows
            if row.due is not None and row.started_on is not None and not row.void
        ],
        "labels": chart_labels(),
    }


def chart_labels() -> dict[str, str]:
    """The words of the chart of clocks."""
    return {"start": _("begins"), "due": _("due"), "today": _("today"), "done": _("done")}
