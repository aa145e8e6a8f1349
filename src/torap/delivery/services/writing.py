"""What all writes of this application share: finding what a code names, dates of saying, before and after.

The end of the ledger's chain is locked before any other row, as everywhere: nobody waits in a circle.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from torap.common.errors import BadInput, Conflict, NotFound
from torap.common.models import User
from torap.common.permissions import may, require
from torap.delivery.selectors.revised import DATED
from torap.delivery.services.finding import search_row
from torap.ledger import services as ledger
from torap.ledger.records import columns_of, state_of, stated
from torap.ledger.writing import (
    Days,
    Texts,
    any_invented,
    check,
    days,
    find_or_none,
    keep_reality,
    said_in_time,
    same_reality,
    texts,
    writing,
)
from torap.registry.selectors import subject_owners
from torap.registry.services import search_put

__all__ = [
    "Days",
    "Texts",
    "any_invented",
    "check",
    "days",
    "said_in_time",
    "same_reality",
    "texts",
    "writing",
]

M = TypeVar("M", bound=models.Model)


def related(model: type[models.Model], field: str, code: str | None, *, named: str = "") -> Any:
    """The row that foreign key `field` of `model` would point to for `code`; None for an empty code.

    BadInput names the input when there is no such row. Going through the key keeps the registry's tables out
    of here.
    """
    target: Any = model._meta.get_field(field).related_model
    return find_or_none(target, code, field=named or field)


def required(model: type[models.Model], field: str, code: str | None, *, named: str = "") -> Any:
    """Like `related`, but an empty code is refused too."""
    if not code:
        raise BadInput("missing", field=named or field)
    return related(model, field, code, named=named)


def get(model: type[M], **lookup: str) -> M:
    """The row of this application with this code or key; NotFound otherwise."""
    found = model._default_manager.filter(**lookup).first()
    if found is None:
        field, value = next(iter(lookup.items()))
        raise NotFound("not_found", field=field, entity=model._meta.model_name, value=value)
    return found


def said_fields(said: Days, said_by: str = "", said_note: str = "", *, source: Any = None) -> dict[str, Any]:
    """The columns of the first clock, from a day or the interval it lies in.

    Nothing was said tomorrow, nor after the `source` that tells of it was published.
    """
    first, last = interval(said, field="said")
    if last > timezone.localdate():
        raise BadInput("in_the_future", field="said", day=last)
    said_in_time((first, last), source)
    return {"said_from": first, "said_to": last, "said_by": said_by.strip(), "said_note": said_note.strip()}


def interval(value: Days | None, *, field: str) -> tuple[dt.date, dt.date]:
    """Both ends of a day or an imprecise day; it must be given."""
    found = days(field, value)
    if found is None:
        raise BadInput("missing", field=field)
    return found


def choice(value: str, allowed: Iterable[str], *, field: str) -> str:
    """`value` when it is one of `allowed`; BadInput listing them otherwise."""
    known = list(allowed)
    if value not in known:
        raise BadInput("unknown_choice", field=field, value=value, allowed=", ".join(known))
    return value


def text(value: str, *, field: str) -> str:
    """A required text, trimmed."""
    trimmed = value.strip()
    if not trimmed:
        raise BadInput("missing", field=field)
    return trimmed


def new_key(model: type[models.Model], key: str | None, owner: str) -> str:
    """The key of an append-only row: as given by the file it came from, or a fresh one. Conflict when
    taken."""
    if not key:
        return f"{owner}:{uuid.uuid4().hex[:12]}"
    if model._default_manager.filter(key=key).exists():
        raise Conflict("already_there", field="key", key=key)
    return key


def allow(by: User, action: str, *, subject: Any = None, bodies: Iterable[Any] = ()) -> None:
    """NotAllowed unless `by` may do `action` for one of the bodies, or for a body answerable for the
    subject."""
    if may(by, action):
        return
    codes = {body.code for body in bodies if body is not None}
    if subject is not None:
        codes |= subject_owners(subject)
    require(by, action, organisations=codes)


def append(model: type[M], *, by: User, kind: str, target: str, values: Mapping[str, Any]) -> M:
    """Add one row and its event; the caller has opened the transaction."""
    ledger.lock_head()
    row = model(**values, recorded_by=by.username)
    check(row)
    row.save(force_insert=True)
    ledger.record(kind, by=by, target=target, after=state_of(row))
    return row


def locked(model: type[M], code: str) -> M | None:
    """The row of that code as it stands, held until the transaction ends; None when there is none."""
    return model._default_manager.select_for_update().filter(code=code).first()


def stays(row: models.Model, values: Mapping[str, Any], field: str) -> None:
    """BadInput when a row would be moved to another owner: what was said of it was said of the old one."""
    if getattr(row, field) != values[field]:
        raise BadInput("stays_where_it_is", field=field)


def keep_first_saying(row: Any, values: dict[str, Any]) -> dt.date | None:
    """A thing told of again on a later day was known since the first: its first saying is kept.

    Returns the later day, from which what changes with it counts; None when it is told of no later.
    """
    if values["said_to"] <= row.said_to:
        return None
    told: dt.date = values["said_to"]
    for name in ("said_from", "said_to", "said_note", "said_by"):
        if name in values:
            values[name] = getattr(row, name)
    return told


def save_named(
    model: type[M],
    row: M | None,
    *,
    by: User,
    entity: str,
    code: str,
    values: Mapping[str, Any],
    said: dt.date | None = None,
) -> M:
    """Create the row `code`, or change the one that stands there (`row`, locked); an event when something
    changed.

    A change of a dated field counts from the day it was `said` (today).
    """
    if row is None:
        new = {**values, "code": code}
        row = append(model, by=by, kind=f"{entity}.added", target=f"{entity}:{code}", values=new)
    else:
        keep_reality(row, values)
        old = columns_of(row)
        for name, value in values.items():
            setattr(row, name, value)
        new = columns_of(row)
        changed = [name for name in new if new[name] != old[name]]
        if not changed:
            return row
        check(row)
        row.save(update_fields=changed)
        before, after = ({name: state[name] for name in changed} for state in (old, new))
        target = f"{entity}:{code}"
        ledger.record(f"{entity}.changed", by=by, target=target, before=stated(before), after=stated(after))
        revise(by=by, target=target, before=before, after=after, said=said)
    if found := search_row(row):
        search_put(found)
    return row


def revise(
    *,
    by: User,
    target: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    said: dt.date | None = None,
) -> None:
    """Keep what the dated fields among those changed were, so that earlier days are shown as they were."""
    names = [name for name in after if name in DATED[target.partition(":")[0]]]
    ledger.revise(
        by=by,
        target=target,
        before={name: before[name] for name in names},
        after={name: after[name] for name in names},
        said_to=said,
    )
