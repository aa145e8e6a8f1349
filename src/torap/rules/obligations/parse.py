"""From a law file (YAML, already read into plain data) to the model, or an error that says what to repair.

The format is described in docs/reference/law-format.md. Nothing is guessed: a field the format does not know,
a step that refers to nothing, a unit that does not exist stop the load.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from torap.rules.errors import BadLawFile, listed
from torap.rules.obligations.model import (
    CONFIDENCES,
    Basis,
    Counting,
    Edition,
    EventSpec,
    Executed,
    Intake,
    Limit,
    Obligation,
    ParamSpec,
    Procedure,
    Trigger,
    Unit,
    Variant,
)

PROCEDURE_FIELDS = {"id", "name", "confidence", "editions"}
EDITION_FIELDS = {
    "id", "valid_from", "valid_to", "read_as_of", "acts", "counting", "intake", "events", "params", "steps",
    "decisions", "closing_events", "executed", "facts", "unknown", "about",
}  # fmt: skip
STEP_FIELDS = {
    "step", "holder", "creditor", "action", "limit", "trigger", "variants", "article", "act", "confidence",
    "done_by", "group", "when", "kind", "start", "roll", "extendable", "suspensions", "silence", "notes",
    "implies",
}  # fmt: skip
LIMIT_FIELDS = {"value", "unit", "before", "form", "dates", "date_param", "unit_stated"}
TRIGGER_FIELDS = {"event", "after", "due_of", "param", "stated", "original", "fallback"}
PARAM_FIELDS = {"kind", "title", "choices", "also", "aliases", "default", "min", "max", "whole"}
EXECUTED_FIELDS = {"event", "when", "steps"}
INTAKE_FIELDS = {"events", "until", "article", "hours_stated", "plain_days"}
FORMS = ("within", "not_less_than", "every")
KINDS = ("duty", "right")


class _Where:
    """The place in a file, for messages: file, edition, step."""

    def __init__(self, *path: str) -> None:
        self.path = path

    def at(self, name: object) -> _Where:
        return _Where(*self.path, str(name))

    def error(self, problem: str) -> BadLawFile:
        return BadLawFile(f"{': '.join(self.path)}: {problem}", file=self.path[0], path=self.path)

    def check_fields(
        self, row: Mapping[str, Any], allowed: Collection[str], needed: Iterable[str] = ()
    ) -> None:
        unknown = set(row) - set(allowed)
        absent = set(needed) - set(row)
        if unknown or absent:
            raise self.error(
                f"missing {listed(absent)}; unknown {listed(unknown)}; fields are {listed(allowed)}."
            )

    def one_of(self, value: Any, allowed: Collection[str], name: str) -> str:
        if value not in allowed:
            raise self.error(f"{name} is {value!r}; choose one of {listed(allowed)}.")
        return str(value)


def parse_procedure(data: Mapping[str, Any], *, where: str) -> Procedure:
    """A procedure with all its editions. `BadLawFile` names file, edition, step, field and repair."""
    place = _Where(where)
    place.check_fields(data, PROCEDURE_FIELDS, PROCEDURE_FIELDS)
    place.one_of(data["confidence"], CONFIDENCES, "confidence")
    editions = tuple(
        _edition(row, data, place.at(row.get("id", "edition without id"))) for row in data["editions"]
    )
    if not editions:
        raise place.error("no editions; give at least one.")
    return Procedure(
        id=str(data["id"]), name=str(data["name"]), confidence=str(data["confidence"]), editions=editions
    )


def _edition(row: Mapping[str, Any], procedure: Mapping[str, Any], where: _Where) -> Edition:
    where.check_fields(row, EDITION_FIELDS, {"id", "acts", "steps"})
    acts = tuple(_act(act, where) for act in row["acts"])
    if not acts:
        raise where.error("no acts; name at least one with its source.")
    context = {"procedure": procedure["id"], "confidence": procedure["confidence"], "act": acts[0].key}
    steps = tuple(_step(step, context, where.at(f"step {step.get('step')}")) for step in row["steps"])
    edition = Edition(
        procedure=str(procedure["id"]),
        id=str(row["id"]),
        valid_from=row.get("valid_from"),
        valid_to=row.get("valid_to"),
        read_as_of=row.get("read_as_of"),
        acts=acts,
        confidence=str(procedure["confidence"]),
        counting=Counting(**row.get("counting", {})),
        intake=_intake(row.get("intake"), where),
        events=MappingProxyType({name: _event(name, spec) for name, spec in row.get("events", {}).items()}),
        params=MappingProxyType(
            {name: _param(name, spec, where) for name, spec in row.get("params", {}).items()}
        ),
        obligations=steps,
        decisions=tuple(row.get("decisions", ())),
        closing_events=tuple(row.get("closing_events", ())),
        facts=tuple(row.get("facts", ())),
        unknown=tuple(row.get("unknown", ())),
        about=row.get("about", {}),
        executed=_executed(row.get("executed"), where),
    )
    _check_references(edition, where)
    return edition


def _act(row: Mapping[str, Any], where: _Where) -> Basis:
    fields = {
        "key",
        "title",
        "number",
        "date",
        "articles",
        "in_force",
        "read_as_of",
        "source",
        "confidence",
        "note",
    }
    where.check_fields(row, fields, {"key", "title", "confidence"})
    where.one_of(row["confidence"], CONFIDENCES, "confidence of an act")
    return Basis(**row)


def _intake(row: Mapping[str, Any] | None, where: _Where) -> Intake | None:
    if row is None:
        return None
    where.check_fields(row, INTAKE_FIELDS, {"events", "article"})
    until = dt.time.fromisoformat(row["until"]) if row.get("until") else None
    return Intake(
        events=tuple(row["events"]),
        until=until,
        article=str(row["article"]),
        hours_stated=bool(row.get("hours_stated", True)),
        plain_days=bool(row.get("plain_days", True)),
    )


def _executed(row: Mapping[str, Any] | None, where: _Where) -> Executed | None:
    if row is None:
        return None
    where.check_fields(row, EXECUTED_FIELDS, EXECUTED_FIELDS)
    steps = tuple(str(step) for step in row["steps"])
    return Executed(event=str(row["event"]), when=row["when"], steps=steps)


def _event(name: str, spec: Any) -> EventSpec:
    if isinstance(spec, str):
        return EventSpec(name=name, title=spec)
    return EventSpec(
        name=name,
        title=str(spec["title"]),
        also=tuple(spec.get("also", ())),
        repeats=bool(spec.get("repeats")),
    )


def _param(name: str, spec: Mapping[str, Any], where: _Where) -> ParamSpec:
    place = where.at(f"parameter {name}")
    place.check_fields(spec, PARAM_FIELDS, {"kind", "title"})
    place.one_of(spec["kind"], ("money", "number", "bool", "date", "dates", "choice", "text"), "kind")
    return ParamSpec(
        name=name,
        kind=spec["kind"],
        title=str(spec["title"]),
        choices=tuple(spec.get("choices", ())),
        also=tuple(spec.get("also", ())),
        aliases=spec.get("aliases", {}),
        default=spec.get("default"),
        low=Decimal(str(spec.get("min", 0))),
        high=Decimal(str(spec["max"])) if "max" in spec else None,
        whole=bool(spec.get("whole", False)),
    )


def _step(row: Mapping[str, Any], context: Mapping[str, str], where: _Where) -> Obligation:
    where.check_fields(row, STEP_FIELDS, {"step", "holder", "action", "limit"})
    step = str(row["step"])
    done_by = row.get("done_by", ())
    return Obligation(
        step=step,
        id=f"{context['procedure']}.{step}",
        holder=str(row["holder"]),
        creditor=row.get("creditor"),
        action=str(row["action"]),
        limit=_limit(row["limit"], where),
        trigger=_trigger(row.get("trigger"), where),
        variants=tuple(_variant(variant, where) for variant in row.get("variants", ())),
        article=row.get("article"),
        act=str(row.get("act", context["act"])),
        confidence=where.one_of(row.get("confidence", context["confidence"]), CONFIDENCES, "confidence"),
        done_by=(done_by,) if isinstance(done_by, str) else tuple(done_by),
        group=row.get("group"),
        when=row.get("when", {}),
        kind=where.one_of(row.get("kind", "duty"), KINDS, "kind"),
        start=row.get("start"),
        roll=row.get("roll"),
        extendable=bool(row.get("extendable", False)),
        suspensions=tuple(row.get("suspensions", ())),
        silence=row.get("silence"),
        notes=tuple(row.get("notes", ())),
        implies=tuple(str(other) for other in row.get("implies", ())),
    )


def _limit(row: Mapping[str, Any] | None, where: _Where) -> Limit:
    if row is None:
        return Limit()
    where.check_fields(row, LIMIT_FIELDS)
    unit = row.get("unit")
    if unit is not None:
        where.one_of(unit, [str(name) for name in Unit], "unit")
    return Limit(
        value=row.get("value"),
        unit=Unit(unit) if unit is not None else None,
        before=bool(row.get("before", False)),
        form=where.one_of(row.get("form", "within"), FORMS, "form"),
        dates=tuple(_month_day(text, where) for text in row.get("dates", ())),
        date_param=row.get("date_param"),
        unit_stated=bool(row.get("unit_stated", True)),
    )


def _month_day(text: str, where: _Where) -> tuple[int, int]:
    try:
        month, day = (int(part) for part in str(text).split("-"))
        dt.date(2000, month, day)
    except ValueError:
        raise where.error(f"fixed date {text!r}; write MM-DD in quotes.") from None
    return month, day


def _trigger(row: str | Mapping[str, Any] | None, where: _Where) -> Trigger | None:
    if row is None:
        return None
    if isinstance(row, str):
        return Trigger(event=row)
    where.check_fields(row, TRIGGER_FIELDS)
    other = sum(row.get(name) is not None for name in ("due_of", "param"))
    if other > 1 or other + (row.get("event") is not None) == 0:
        raise where.error(
            "a trigger has an event, or one of due_of and param, or an event beside one of them."
        )
    after, due_of = row.get("after"), row.get("due_of")
    return Trigger(
        event=row.get("event"),
        after=None if after is None else str(after),
        due_of=None if due_of is None else str(due_of),
        param=row.get("param"),
        stated=bool(row.get("stated", True)),
        original=bool(row.get("original", False)),
        fallback=row.get("fallback"),
    )


def _variant(row: Mapping[str, Any], where: _Where) -> Variant:
    where.check_fields(row, {"when", "limit", "trigger", "article", "code"}, {"when", "limit"})
    return Variant(
        when=row["when"],
        limit=_limit(row["limit"], where),
        trigger=_trigger(row.get("trigger"), where),
        article=row.get("article"),
        code=row.get("code"),
    )


def _check_references(edition: Edition, where: _Where) -> None:
    steps = [row.step for row in edition.obligations]
    if len(set(steps)) != len(steps):
        raise where.error(f"a step is given twice among {listed(steps)}.")
    acts = {act.key for act in edition.acts}
    known = set(edition.events) | {"paused", "resumed", "extended", "withdrawn"}
    for row in edition.obligations:
        place = where.at(f"step {row.step}")
        place.one_of(row.act, acts, "act")
        for name in row.done_by:
            place.one_of(name, known, "done_by")
        for name in row.implies:
            place.one_of(name, steps, "step implied")
        for trigger in [row.trigger, *(variant.trigger for variant in row.variants)]:
            if trigger is not None:
                _check_trigger(trigger, edition, known, steps, place)
    ended = edition.executed
    for name in (*edition.closing_events, *([ended.event] if ended else [])):
        where.one_of(name, known, "closing event")
    for step in ended.steps if ended else ():
        where.one_of(step, steps, "step executed by closing")
    _check_order(edition, where)


def _check_trigger(
    trigger: Trigger, edition: Edition, events: Collection[str], steps: Collection[str], where: _Where
) -> None:
    for event in (trigger.event, trigger.fallback):
        if event is not None:
            where.one_of(event, events, "trigger event")
    if trigger.param is not None:
        where.one_of(trigger.param, edition.params, "trigger parameter")
    for name in (trigger.after, trigger.due_of):
        if name is not None:
            where.one_of(name, steps, "step named by the trigger")


def _check_order(edition: Edition, where: _Where) -> None:
    """A step counts from and proves only steps above it: the table reads downwards and closes no loop."""
    seen: set[str] = set()
    for row in edition.obligations:
        for implied in row.implies:
            where.at(f"step {row.step}").one_of(implied, seen, "step implied, which has to stand above,")
        for trigger in [row.trigger, *(variant.trigger for variant in row.variants)]:
            for name in (trigger.after, trigger.due_of) if trigger else ():
                if name is not None and name not in seen:
                    raise where.at(f"step {row.step}").error(
                        f"counts from step {name} below it; move it above."
                    )
        seen.add(row.step)
