"""The answers of the law commands as plain data for JSON: stable keys, ISO days, numbers as numbers.

The shape is part of what others build on: docs/engines/law.md lists every key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from torap.cli.law_text import limit_words, sentence
from torap.rules.obligations.holders import totals
from torap.rules.obligations.inputs import event_specs, param_specs, repeating
from torap.rules.obligations.model import (
    Basis,
    Clock,
    Edition,
    Evaluation,
    Finding,
    Limit,
    Obligation,
    Procedure,
    Reason,
    Span,
    Trigger,
)


def plain(value: Any) -> Any:
    """Days as ISO text, whole sums as integers, mappings and tuples as JSON knows them."""
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(item) for item in value]
    return value


def reason_json(reason: Reason) -> dict[str, Any]:
    """One line of an explanation."""
    row: dict[str, Any] = {"code": reason.code, "text": sentence(reason)}
    if reason.day is not None:
        row["day"] = reason.day.isoformat()
    if reason.basis is not None:
        row["basis"] = reason.basis
    if reason.params:
        row["params"] = plain(reason.params)
    return row


def limit_json(limit: Limit) -> dict[str, Any] | None:
    """A limit; None when the texts read do not give it."""
    if not limit.is_known:
        return None
    return {
        "value": limit.value,
        "unit": str(limit.unit) if limit.unit else None,
        "before": limit.before,
        "form": limit.form,
        "dates": [f"{month:02d}-{day:02d}" for month, day in limit.dates],
        "date_param": limit.date_param,
        "unit_stated": limit.unit_stated,
        "text": limit_words(limit),
    }


def _basis(act: Basis, article: str | None) -> dict[str, Any]:
    return {
        "act": act.title,
        "number": act.number,
        "date": plain(act.date),
        "article": article,
        "source": act.source,
        "note": act.note or None,
    }


def _clock(clock: Clock, edition: Edition) -> dict[str, Any]:
    row = clock.obligation
    return {
        "id": row.id,
        "step": row.step,
        "holder": row.holder,
        "creditor": row.creditor,
        "action": row.action,
        "due": plain(clock.due),
        "nominal": plain(clock.nominal),
        "original_due": plain(clock.original_due),
        "due_at": plain(clock.due_at),
        "dates": plain(clock.dates),
        "state": str(clock.state),
        "projected": clock.projected,
        "started_on": plain(clock.started_on),
        "done_on": plain(clock.done_on),
        "days_left": clock.days_left,
        "working_days_left": clock.working_days_left,
        "days_paused": clock.days_paused,
        "binding": clock.binding,
        "past_due_not_binding": clock.past_due_not_binding,
        "kind": row.kind,
        "group": row.group,
        "limit": limit_json(clock.limit),
        "confidence": row.confidence,
        "basis": _basis(edition.act(row.act), clock.article),
        "why": [reason_json(reason) for reason in clock.reasons],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "value": plain(finding.value),
        "why": [reason_json(reason) for reason in finding.reasons],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "holder": span.holder,
        "step": span.step,
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "days": span.days,
    }


def evaluation_json(found: Evaluation, procedure: Procedure) -> dict[str, Any]:
    """Everything `torap law explain` answers."""
    edition = found.edition
    held = found.held_by
    return {
        "procedure": found.procedure,
        "name": procedure.name,
        "edition": edition.id,
        "known_on": found.known_on.isoformat(),
        "confidence": edition.confidence,
        "params": {name: plain(value) for name, value in found.params.items() if value is not None},
        "obligations": [_clock(clock, edition) for clock in found.clocks],
        "findings": [_finding(finding) for finding in found.findings],
        "held_by": _span(held) if held is not None else None,
        "holders": [_span(span) for span in found.spans],
        "days_by_holder": totals(found.spans),
        "facts": plain(edition.facts),
        "unknown": plain(edition.unknown),
        "notes": [reason_json(reason) for reason in found.notes],
    }


def _trigger(trigger: Trigger | None) -> dict[str, Any] | None:
    if trigger is None:
        return None
    return {
        "event": trigger.event,
        "after_step": trigger.after,
        "due_of_step": trigger.due_of,
        "param": trigger.param,
        "fallback": trigger.fallback,
        "stated": trigger.stated,
    }


def _step(row: Obligation) -> dict[str, Any]:
    return {
        "id": row.id,
        "step": row.step,
        "holder": row.holder,
        "creditor": row.creditor,
        "action": row.action,
        "limit": limit_json(row.limit),
        "trigger": _trigger(row.trigger),
        "cases": [
            {
                "when": plain(v.when),
                "limit": limit_json(v.limit),
                "trigger": _trigger(v.trigger),
                "article": v.article,
            }
            for v in row.variants
        ],
        "when": plain(row.when),
        "done_by": list(row.done_by),
        "group": row.group,
        "kind": row.kind,
        "article": row.article,
        "act": row.act,
        "confidence": row.confidence,
        "silence": row.silence,
    }


def edition_json(edition: Edition) -> dict[str, Any]:
    """One edition as `torap law show` prints it."""
    return {
        "id": edition.id,
        "valid_from": plain(edition.valid_from),
        "valid_to": plain(edition.valid_to),
        "read_as_of": plain(edition.read_as_of),
        "acts": [
            {
                **_basis(act, act.articles),
                "key": act.key,
                "in_force": plain(act.in_force),
                "confidence": act.confidence,
            }
            for act in edition.acts
        ],
        "events": [
            {
                "name": spec.name,
                "title": spec.title,
                "also": list(spec.also),
                "repeats": spec.name in repeating(edition),
            }
            for spec in event_specs(edition).values()
        ],
        "params": [
            {
                "name": spec.name,
                "kind": spec.kind,
                "title": spec.title,
                "choices": list(spec.choices),
                "also": list(spec.also),
                "aliases": dict(spec.aliases),
                "default": plain(spec.default),
                "min": plain(spec.low) if spec.kind in ("money", "number") else None,
                "max": plain(spec.high),
                "whole": spec.whole,
            }
            for spec in param_specs(edition).values()
        ],
        "steps": [_step(row) for row in edition.obligations],
        "decisions": [str(spec["decision"]) for spec in edition.decisions],
        "facts": plain(edition.facts),
        "unknown": plain(edition.unknown),
        "about": plain(edition.about),
    }


def procedure_json(procedure: Procedure) -> dict[str, Any]:
    """A procedure with all its editions."""
    return {
        "id": procedure.id,
        "name": procedure.name,
        "confidence": procedure.confidence,
        "editions": [edition_json(edition) for edition in procedure.editions],
    }
