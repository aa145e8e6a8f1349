"""Saving the registry's own rows: subjects and what hangs on them, with an event when something changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.ledger.records import columns_of, name_of, state_of
from torap.ledger.services import record, revise
from torap.ledger.writing import Texts, check, keep_reality, texts
from torap.registry.models import Subject
from torap.registry.services.search import search_put, search_renamed, search_row

Row = TypeVar("Row", bound=models.Model)
Kind = TypeVar("Kind", bound=Subject)


def save_row(
    row: Row,
    *,
    by: User,
    target: str,
    values: Mapping[str, Any],
    children: Mapping[str, tuple[Any, Any, Callable[[Row], None]]] | None = None,
    dated: Iterable[str] = (),
    said: dt.date | None = None,
) -> Row:
    """Create or update `row`; record `<entity>.added`, or `<entity>.changed` with only what differs, or
    nothing. What can be found is entered in the search index.

    `children`: name -> (state before, state after, writer called with the saved row when the two differ).
    `dated`: fields on which owners or totals hang; a change of one counts from the day it was `said` (today).
    """
    entity = target.partition(":")[0]
    fresh = row._state.adding
    keep_reality(row, values)
    before = {} if fresh else columns_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    after = columns_of(row)
    changed = [name for name in values if fresh or before[name] != after[name]]
    parts = {name: part for name, part in (children or {}).items() if fresh or part[0] != part[1]}
    if not changed and not parts:
        return row
    check(row)
    if fresh and hasattr(row, "recorded_by"):
        row.recorded_by = by.username
    row.save()
    for _old, _new, write in parts.values():
        write(row)
    if found := search_row(row):
        search_put(found)
    if not fresh and isinstance(row, Subject) and any(name.startswith("name_") for name in changed):
        search_renamed(row)
    if fresh:
        record(f"{entity}.added", by=by, target=target, after=state_of(row))
        return row
    old = {**{name: before[name] for name in changed}, **{name: part[0] for name, part in parts.items()}}
    new = {**{name: after[name] for name in changed}, **{name: part[1] for name, part in parts.items()}}
    record(f"{entity}.changed", by=by, target=target, before=old, after=new)
    moved = [name for name in dated if name in changed]
    revise(
        by=by,
        target=target,
        before={name: before[name] for name in moved},
        after={name: after[name] for name in moved},
        said_to=said,
    )
    return row


def subject_row(model: type[Kind], kind: str, code: str) -> Kind:
    """The row of that code, locked, or a new one; Conflict when the code names something of another kind."""
    manager: models.Manager[Kind] = model._default_manager  # type: ignore[assignment]
    found = manager.select_for_update().filter(code=code).first()
    if found is not None:
        return found
    other = Subject.objects.filter(code=code).values_list("kind", flat=True).first()
    if other:
        raise Conflict("code_taken", field="code", value=code, kind=other)
    return model(code=code, kind=kind)


def subject_values(name: Texts, aliases: Iterable[str], note: Texts | None, invented: bool) -> dict[str, Any]:
    """The columns every subject has."""
    return {
        **texts("name", name, required=True),
        **texts("note", note),
        "aliases": sorted({alias.strip() for alias in aliases if alias.strip()}),
        "invented": invented,
    }


def refuse_loop(row: models.Model, up: models.Model | None, *, field: str) -> None:
    """BadInput when `up`, or anything above it, is `row` itself."""
    seen: set[Any] = set()
    while up is not None and up.pk not in seen:
        if up.pk == row.pk:
            raise BadInput("loop", field=field, value=name_of(row))
        seen.add(up.pk)
        up = getattr(up, field)
