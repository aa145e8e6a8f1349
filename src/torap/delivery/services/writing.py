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
from torap.ledger import services as ledger
from torap.ledger.records import columns_of, state_of, stated
from torap.registry.selectors.owners import subject_owners
from torap.registry.services.writing import Days, Texts, check, days, find_or_none, texts

__all__ = ["Days", "Texts", "days", "texts"]

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


def said_fields(said: Days, said_by: str = "", said_note: str = "") -> dict[str, Any]:
    """The columns of the first clock, from a day or the interval it lies in. Nothing was said tomorrow."""
    first, last = interval(said, field="said")
    if last > timezone.localdate():
        raise BadInput("in_the_future", field="said", day=last)
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


def save_named(
    model: type[M], *, by: User, entity: str, code: str, values: Mapping[str, Any]
) -> tuple[M, bool]:
    """Create the row `code`, or change it; an event only when something changed. Returns (row, changed)."""
    ledger.lock_head()
    row = model._default_manager.select_for_update().filter(code=code).first()
    if row is None:
        new = {**values, "code": code}
        return append(model, by=by, kind=f"{entity}.added", target=f"{entity}:{code}", values=new), True
    old = columns_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    new = columns_of(row)
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return row, False
    check(row)
    row.save(update_fields=changed)
    before, after = (stated({name: state[name] for name in changed}) for state in (old, new))
    ledger.record(f"{entity}.changed", by=by, target=f"{entity}:{code}", before=before, after=after)
    return row, True
