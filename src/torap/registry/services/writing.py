"""What all writing services share: finding what a code names, checking values, saving with an event when
changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.ledger.records import columns_of, name_of, state_of
from torap.ledger.services import lock_head, record, revise
from torap.registry.models import Subject
from torap.registry.services.search import search_put, search_row

Row = TypeVar("Row", bound=models.Model)
Kind = TypeVar("Kind", bound=Subject)
Texts = str | Mapping[str, str]  # one English text, or {"en":, "ru":, "kk":}
Days = dt.date | tuple[dt.date, dt.date]  # a day, or the interval an imprecise date lies in

LANGUAGES = ("en", "ru", "kk")


@contextmanager
def writing() -> Iterator[None]:
    """One transaction; a clash with somebody who saved the same thing meanwhile becomes a Conflict.

    The chain's head is locked before any row: all services lock in this order, so none waits in a circle.
    """
    try:
        with transaction.atomic():
            lock_head()
            yield
    except IntegrityError as error:
        raise Conflict("changed_meanwhile") from error


def texts(field: str, value: Texts | None, *, required: bool = False) -> dict[str, str]:
    """`value` as columns `<field>_en`, `_ru`, `_kk`."""
    given = {"en": value} if isinstance(value, str) else dict(value or {})
    unknown = sorted(set(given) - set(LANGUAGES))
    if unknown:
        raise BadInput("unknown_language", field=field, languages=", ".join(unknown))
    columns = {f"{field}_{lang}": str(given.get(lang) or "").strip() for lang in LANGUAGES}
    if not columns[f"{field}_en"] and (required or any(columns.values())):
        raise BadInput("english_missing", field=field)
    return columns


def days(field: str, value: Days | None) -> tuple[dt.date, dt.date] | None:
    """`value` as (earliest, latest)."""
    if value is None:
        return None
    earliest, latest = value if isinstance(value, tuple) else (value, value)
    if earliest > latest:
        raise BadInput("interval_reversed", field=field, earliest=earliest, latest=latest)
    return earliest, latest


def find(model: type[Row], value: str | None, *, field: str, by: str = "code") -> Row:
    """The row `value` names; BadInput naming the field when there is none."""
    found = model._default_manager.filter(**{by: value}).first() if value else None
    if found is None:
        raise BadInput("unknown_reference", field=field, value=value or "", entity=model._meta.model_name)
    return found


def find_or_none(model: type[Row], value: str | None, *, field: str, by: str = "code") -> Row | None:
    """As `find`; an empty `value` gives None."""
    return find(model, value, field=field, by=by) if value else None


def check(row: models.Model) -> None:
    """Check lengths, choices and forms of a row's own columns; BadInput names the first field at fault."""
    links = [f.name for f in row._meta.fields if f.is_relation]
    automatic = [f.name for f in row._meta.fields if f.primary_key and f.is_relation]
    for column in row._meta.fields:
        value = getattr(row, column.attname)
        if isinstance(value, str) and not _storable(value):
            raise BadInput("bad_characters", field=column.name)
    try:
        row.clean_fields(exclude={*links, *automatic, "id"})
    except ValidationError as error:
        field, problems = next(iter(error.error_dict.items()))
        first = problems[0]
        told = first.params or {}
        limit = told.get("limit_value", told.get("max", ""))
        shown = str(getattr(row, field, ""))[:80]
        raise BadInput(f"invalid.{first.code or 'value'}", field=field, value=shown, limit=limit) from error


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


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


def said_in_time(told: tuple[dt.date, dt.date], source: Any, *, field: str = "said") -> None:
    """BadInput when what a source tells would have been said, or have happened, after it was published."""
    published = source.published_to if source is not None else None
    if published is not None and told[0] > published:
        raise BadInput("after_source", field=field, day=told[0], published=published, source=source.code)


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


def any_invented(*rows: Any) -> bool:
    """True when one of the rows (None for none) is invented: what hangs on it is invented as well."""
    return any(row is not None and row.invented for row in rows)


def keep_reality(row: models.Model, values: Mapping[str, Any]) -> None:
    """Conflict when a record that is there would turn from real to invented, or back.

    Everything that hangs on it took over what it was when it was written.
    """
    if not row._state.adding and "invented" in values and row.invented != values["invented"]:  # type: ignore[attr-defined]
        raise Conflict("reality_changed", field="invented", value=name_of(row))


def same_reality(invented: bool, old: Any) -> None:
    """Conflict when a correction is invented and what it corrects (`old`, None for none) is not, or back."""
    if old is not None and old.invented != invented:
        raise Conflict("reality_changed", field="corrects", value=old.key)


def refuse_loop(row: models.Model, up: models.Model | None, *, field: str) -> None:
    """BadInput when `up`, or anything above it, is `row` itself."""
    seen: set[Any] = set()
    while up is not None and up.pk not in seen:
        if up.pk == row.pk:
            raise BadInput("loop", field=field, value=name_of(row))
        seen.add(up.pk)
        up = getattr(up, field)
