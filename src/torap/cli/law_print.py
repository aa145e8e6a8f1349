"""The answers of the law commands as text for people: one obligation a block, one reason a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from torap.cli.law_text import condition, counted, limit_words, sentence, shown
from torap.rules.obligations.holders import totals
from torap.rules.obligations.inputs import event_specs, param_specs, repeating
from torap.rules.obligations.model import (
    Clock,
    Edition,
    Evaluation,
    Obligation,
    ParamSpec,
    Procedure,
    Trigger,
)

INDENT = "    "


def print_evaluation(found: Evaluation, procedure: Procedure, calendar: str) -> None:
    """Text of `torap law explain`; `calendar` says which working calendar was used."""
    typer.echo(f"{procedure.id}  {procedure.name}")
    typer.echo(f"Edition {found.edition.id}; as known on {found.known_on.isoformat()}")
    typer.echo(calendar)
    for reason in found.notes:
        typer.echo(f"Note: {sentence(reason)}")
    for clock in found.clocks:
        _print_clock(clock)
    for finding in found.findings:
        value = "not known" if finding.value is None else shown(finding.value)
        typer.echo(f"\n{finding.code}: {value}")
        for reason in finding.reasons:
            typer.echo(f"{INDENT}{sentence(reason)}")
    if found.held_by is not None:
        held = found.held_by
        typer.echo(f"\nHeld by {held.holder} since {held.since.isoformat()} (step {held.step or '-'})")
        sums = totals(found.spans).items()
        typer.echo(INDENT + ", ".join(f"{name} {counted(days, 'day')}" for name, days in sums))
    if not found.clocks:
        _print_facts(found.edition)
    _print_unknown(found.edition)


def _print_clock(clock: Clock) -> None:
    row = clock.obligation
    due = clock.due.isoformat() if clock.due else "no date"
    marks = [str(clock.state), *(["projected"] if clock.projected else []), f"confidence {row.confidence}"]
    typer.echo(f"\n{row.id}  {due}  {', '.join(marks)}")
    typer.echo(f"{INDENT}{row.holder}: {row.action}")
    for reason in clock.reasons:
        basis = f"  [{reason.basis}]" if reason.basis else ""
        typer.echo(f"{INDENT}- {sentence(reason)}{basis}")


def print_procedure(procedure: Procedure) -> None:
    """Text of `torap law show`."""
    typer.echo(f"{procedure.id}  {procedure.name}  (confidence {procedure.confidence})")
    for edition in procedure.editions:
        period = f"{shown(edition.valid_from)} to {shown(edition.valid_to)}"
        typer.echo(f"\nEdition {edition.id} ({period})")
        for act in edition.acts:
            number = f" No. {act.number}" if act.number else ""
            note = f"; {act.note}" if act.note else ""
            typer.echo(f"{INDENT}{act.title}{number} [{act.source}, {act.confidence}{note}]")
        _print_inputs(edition)
        for row in edition.obligations:
            _print_step(row)
        _print_facts(edition)
        _print_unknown(edition)


def _print_inputs(edition: Edition) -> None:
    again = repeating(edition)
    typer.echo("\nEvents (--event NAME=YYYY-MM-DD)")
    for event in event_specs(edition).values():
        also = f"  (also: {', '.join(event.also)})" if event.also else ""
        many = "; may happen many times" if event.name in again else ""
        typer.echo(f"{INDENT}{event.name}: {event.title}{many}{also}")
    typer.echo("\nParameters (--set NAME=VALUE)")
    for param in param_specs(edition).values():
        also = f"  (also: {', '.join(param.also)})" if param.also else ""
        typer.echo(f"{INDENT}{param.name} ({_takes(param)}): {param.title}{also}")
        if param.aliases:
            pairs = ", ".join(f"{alias} = {choice}" for alias, choice in param.aliases.items())
            typer.echo(f"{INDENT * 2}also understood: {pairs}")
    if edition.obligations:
        typer.echo("\nSteps")


def _takes(param: ParamSpec) -> str:
    """What a parameter takes: its kind, its choices or its range, its default."""
    choices = f" = {' | '.join(param.choices)}" if param.choices else ""
    span = ""
    if param.kind in ("money", "number"):
        span = f" from {param.low:f}" + (f" to {param.high:f}" if param.high is not None else "")
    default = f", else {shown(param.default)}" if param.default is not None else ""
    return f"{'whole ' if param.whole else ''}{param.kind}{choices}{span}{default}"


def _starts(trigger: Trigger | None) -> str:
    """From what a step is counted, in a few words."""
    if trigger is None:
        return ""
    named = [trigger.event, trigger.fallback, trigger.param]
    named += [f"the end of {trigger.due_of}"] if trigger.due_of else []
    return f" from {', else '.join(name for name in named if name)}"


def _print_step(row: Obligation) -> None:
    start = _starts(row.trigger)
    limit = (
        f"by case ({len(row.variants)})"
        if row.variants and not row.limit.is_known
        else limit_words(row.limit)
    )
    article = f"  [{row.article}]" if row.article else ""
    typer.echo(
        f"{INDENT}{row.step:<4} {row.holder}: {row.action} — {limit}{start}{article}, {row.confidence}"
    )
    for variant in row.variants:
        own = _starts(variant.trigger)
        when = _when(variant.when)
        typer.echo(
            f"{INDENT * 2}{when}: {limit_words(variant.limit)}{own}  [{variant.article or row.article}]"
        )
    for words in _more(row):
        typer.echo(f"{INDENT * 2}{words}")


def _more(row: Obligation) -> list[str]:
    """What else decides the state of a step: when it applies, what it excludes, what discharges it."""
    return [
        *([f"applies when {_when(row.when)}"] if row.when else []),
        *([f"one of the alternatives '{row.group}'"] if row.group else []),
        *(["a right: it lapses, it is never overdue"] if row.kind == "right" else []),
        *([f"done by {', '.join(row.done_by)}"] if row.done_by else []),
    ]


def _when(conditions: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {condition(value)}" for name, value in conditions.items())


def _print_facts(edition: Edition) -> None:
    if edition.facts:
        typer.echo("\nFacts")
    for fact in edition.facts:
        ref = f" [{fact['ref']}]" if fact.get("ref") else ""
        typer.echo(f"{INDENT}{fact['text']}{ref} ({fact.get('confidence', 'high')})")


def _print_unknown(edition: Edition) -> None:
    if edition.unknown:
        typer.echo("\nNot known")
    for row in edition.unknown:
        typer.echo(f"{INDENT}{row['item']}: {row.get('text', 'found in no text we could read')}")


def print_calendar(data: dict[str, Any], calendar: str) -> None:
    """Text of `torap law calendar`; `calendar` says which working calendar it is."""
    official = "" if data["official"] else "  (computed: no official list carried)"
    typer.echo(
        f"{data['year']}: {data['working_days']} working days as known on {data['known_on']}{official}"
    )
    typer.echo(calendar)
    typer.echo("  ".join(f"{month:02d}:{count}" for month, count in enumerate(data["months"], start=1)))
    for day in data["days"]:
        kind = "working" if day["working"] else "off"
        typer.echo(f"{INDENT}{day['day']}  {kind:<7}  {day['code']}  {day['title']}  [{day['source']}]")
