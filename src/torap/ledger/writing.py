"""What all writing services share, whatever they write: one transaction under the chain's lock, what a code
names, checks of columns and days, and that real and invented stay apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from torap.common.errors import BadInput, Conflict
from torap.ledger.records import name_of
from torap.ledger.services import lock_head

Row = TypeVar("Row", bound=models.Model)
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


def said_in_time(told: tuple[dt.date, dt.date], source: Any, *, field: str = "said") -> None:
    """BadInput when what a source tells would have been said, or have happened, after it was published."""
    published = source.published_to if source is not None else None
    if published is not None and told[0] > published:
        raise BadInput("after_source", field=field, day=told[0], published=published, source=source.code)


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
