"""How the rows of other tables stand in the ledger: one state, which services record and the check compares.

Each application says in its module `kept`, found by name when Django starts, which of its tables events speak
of. What is computed anew (the search index), sessions and passwords are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from torap.ledger.chain import plain, sha256_of

EMPTY: tuple[Any, ...] = ("", None, [], {})
Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A table whose every row is spoken of by events. All columns count, save those left out here."""

    model: type[models.Model]
    key: tuple[str, ...]  # names in the state that tell one row from another; the first is never empty
    kinds: tuple[str, ...]  # events that say the state of a row; `….changed` says only what differs
    gone: tuple[str, ...] = ()  # events that take a row away
    left_out: frozenset[str] = frozenset()  # columns no event speaks of
    digests: frozenset[str] = frozenset()  # long columns that stand as the SHA-256 of their content
    parts: Mapping[str, Reader] = field(default_factory=dict)  # rows of other tables that belong to a row
    related: tuple[str, ...] = ()  # what the parts read, fetched together
    only: models.Q = field(default_factory=models.Q)  # the rows meant, where not all are

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.model._meta.db_table

    @property
    def columns(self) -> list[models.Field[Any, Any]]:
        """The columns that count: no automatic numbers (unless they are the key), nothing left out."""
        return [
            column
            for column in self.model._meta.concrete_fields
            if column.name not in self.left_out and (column.name in self.key or not _automatic(column))
        ]

    @property
    def names(self) -> frozenset[str]:
        """Names of everything a whole state holds."""
        return frozenset({column.name for column in self.columns} | set(self.parts))

    def unsaid(self, name: str) -> Any:
        """What a part of the key is where an event does not say it: empty, or as the column begins."""
        column = next(column for column in self.columns if column.name == name)
        return column.get_default() if column.has_default() else ""

    def whole(self, state: Mapping[str, Any]) -> bool:
        """Whether the events said everything; older ones say less, and then only that is compared."""
        return all(name in state for name in (self.key[0], *({"recorded_at"} & self.names)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Bookkeeping too plentiful for an event a row: the newest event holds a digest of each group."""

    table: str
    kind: str  # the event
    name: str  # where in its `after`: group -> digest
    found: Callable[[], Mapping[str, str]]  # the digests of the rows as they stand


_kept: dict[type[models.Model], Kept] = {}
_tallies: list[Tally] = []


def keep(*tables: Kept) -> None:
    """Register tables; called when Django starts."""
    _kept.update({table.model: table for table in tables})


def keep_tally(tally: Tally) -> None:
    """Register a table compared by groups of rows."""
    _tallies.append(tally)


def kept_tables() -> list[Kept]:
    """Every registered table, by name."""
    return sorted(_kept.values(), key=lambda one: one.table)


def tallies() -> list[Tally]:
    """Every table compared by groups of rows."""
    return list(_tallies)


def state_of(row: models.Model) -> dict[str, Any]:
    """`row` with its parts, as an event keeps it: in JSON's own types, empty values left out."""
    kept = _kept[type(row)]
    return stated({**columns_of(row), **{name: read(row) for name, read in kept.parts.items()}})


def columns_of(row: models.Model) -> dict[str, Any]:
    """The columns of `row` as an event keeps them; a row of another table by its code or key."""
    kept = _kept[type(row)]
    state = {}
    for column in kept.columns:
        value = plain(standing(row, column))
        state[column.name] = sha256_of(value) if column.name in kept.digests else value
    return state


def stated(state: Mapping[str, Any]) -> dict[str, Any]:
    """A state in plain values without the empty ones: what an event leaves unsaid is empty."""
    return {name: value for name, value in plain(state).items() if value not in EMPTY}


def standing(row: models.Model, column: models.Field[Any, Any]) -> Any:
    """One column of `row` as the database would give it back, so that 5 and 5.0 do not differ."""
    value = getattr(row, column.name)
    if isinstance(value, models.Model):
        return name_of(value)
    return column.get_prep_value(value)


def name_of(row: models.Model) -> Any:
    """What tells a row from the others of its table: its code, key or user name, else its number."""
    for name in ("code", "key", "username"):
        if found := getattr(row, name, None):
            return found
    return row.pk


def key_of(kept: Kept, state: Mapping[str, Any], target: str = "") -> str:
    """The key of a row by its state; by the target of the event where an old event does not say it."""
    if kept.key[0] not in state:
        return target.partition(":")[2]
    return "/".join(str(state[name] if name in state else kept.unsaid(name)) for name in kept.key)


def rows_of(kept: Kept, *, batch: int = 500) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Key and state of every row as the table holds it; None for a row that cannot be read."""
    every = kept.model._default_manager.filter(kept.only).order_by("pk")
    numbers = list(every.values_list("pk", flat=True))
    links = [column.name for column in kept.columns if column.is_relation]
    rows = every.select_related(*links) if links else every
    rows = rows.prefetch_related(*kept.related)
    for start in range(0, len(numbers), batch):
        some = numbers[start : start + batch]
        try:
            yield from [_read(kept, row) for row in rows.filter(pk__in=some)]
        except UNREADABLE:
            yield from (_one(kept, rows, number) for number in some)


UNREADABLE = (ValueError, TypeError, ArithmeticError)


def _read(kept: Kept, row: models.Model) -> tuple[str, dict[str, Any]]:
    state = state_of(row)
    return key_of(kept, state), state


def _one(kept: Kept, rows: Any, number: Any) -> tuple[str, dict[str, Any] | None]:
    try:
        return _read(kept, rows.get(pk=number))
    except UNREADABLE:
        plain_key = [c.name for c in kept.columns if c.name in kept.key and not c.is_relation]
        if len(plain_key) < len(kept.key):
            return f"#{number}", None
        values = kept.model._default_manager.values_list(*kept.key).get(pk=number)
        return "/".join(str(plain(value)) for value in values), None


def _automatic(column: models.Field[Any, Any]) -> bool:
    link = getattr(column.remote_field, "parent_link", False)
    return bool(link) or isinstance(column, models.AutoField)
