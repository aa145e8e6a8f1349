"""Milestones, obstacles and instructions as they stood on a day: fields that changed since are taken back.

Texts and translations are shown as they read today; what clocks and owners hang on is not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model

from torap.delivery.models import Executor
from torap.ledger.selectors import Before, unknown_yet
from torap.rules.known import AsKnown

M = TypeVar("M", bound=Model)
EXECUTORS = "executors"
# Kind -> the fields whose change is dated.
DATED: dict[str, frozenset[str]] = {
    "milestone": frozenset({"holder", "type"}),
    "obstacle": frozenset({"holder", "milestone"}),
    "instruction": frozenset(
        {
            "issuer",
            "given_from",
            "given_to",
            "deadline_kind",
            "deadline_on",
            "deadline_said",
            "law_params",
            EXECUTORS,
        }
    ),
}


def taken_back(found: Iterable[M], kind: str, known: AsKnown, told: Before | None = None) -> Before:
    """Change these rows, read by `with_changed`, in memory to how they stood on the day; what was taken back
    of each by its code.

    No query; where a field changed since, one for what it was unless that is `told`, and one for each kind of
    row it named.
    """
    by_code: dict[str, Any] = {row.code: row for row in found}  # type: ignore[attr-defined]
    changed = [code for code, row in by_code.items() if row.changed]
    if told is None:
        told = unknown_yet(known, kind, changed)
    before = {code: told[code] for code in changed if code in told}
    fields = {name for was in before.values() for name in was} - {EXECUTORS}
    for name in fields:
        there = _named(type(next(iter(by_code.values()))), name, before)
        for code, was in before.items():
            if name in was:
                value = was[name]
                setattr(by_code[code], name, there.get(value) if there is not None else _day(value, name))
    return before


def executors_as_were(before: Before) -> dict[str, tuple[Executor, ...]]:
    """The executors of instructions (by code) whose executors changed since the day."""
    changed = {code: was[EXECUTORS] for code, was in before.items() if EXECUTORS in was}
    if not changed:
        return {}
    wanted = {body for pairs in changed.values() for body, _role in pairs}
    bodies = _rows_of(Executor, "organisation", wanted)
    return {
        code: tuple(
            Executor(pk=at, organisation=bodies[body], role=role)
            for at, (body, role) in enumerate(pairs)
            if body in bodies
        )
        for code, pairs in changed.items()
    }


def _named(model: type[Model], name: str, before: Before) -> dict[str, Any] | None:
    """The rows a foreign key named, by code; None for a field that is no foreign key."""
    if not model._meta.get_field(name).is_relation:
        return None
    return _rows_of(model, name, {was[name] for was in before.values() if was.get(name)})


def _rows_of(model: type[Model], name: str, codes: set[str]) -> dict[str, Any]:
    target: Any = model._meta.get_field(name).related_model
    return {row.code: row for row in target._default_manager.filter(code__in=codes)}


def _day(value: Any, name: str) -> Any:
    return (
        dt.date.fromisoformat(value) if value and name in {"given_from", "given_to", "deadline_on"} else value
    )
