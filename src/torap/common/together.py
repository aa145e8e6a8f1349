"""Several questions asked of the database at once: rows of many tables in one round trip.

What a page shows of one thing lies in a dozen tables. Asked one after another each question costs a journey
to the database; asked together they cost one. The answers are those the querysets would have given: Django's
own compiler builds each question and makes the rows of it.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet, prefetch_related_objects

Rows = list[Any]
Slot = tuple[str, int]  # a column of the common answer: its type and which of those of that type


def together(*questions: QuerySet[Any]) -> list[Rows]:
    """The rows of each of these querysets, in their orders (what is empty last). One query, and one for each
    relation they prefetch.

    The questions stand one below another (UNION ALL), each in columns of its types. Orders are kept in
    Python: names of fields that are read. Querysets of one database, no slices.
    """
    asked = [_Question(rows) for rows in questions]
    open_ones = [one for one in asked if one.sql]
    if len(open_ones) == 1:  # nothing to be joined with
        open_ones[0].give([list(open_ones[0].plain_rows())])
    elif open_ones:
        _ask(open_ones)
    return [one.rows for one in asked]


def _ask(asked: Sequence[_Question]) -> None:
    slots = list(dict.fromkeys(slot for one in asked for slot in one.slots))
    slots.sort()
    connection = connections[asked[0].using]
    sql = " UNION ALL ".join(
        f"SELECT {at} AS asked, {one.columns(slots, connection)} FROM ({one.sql}) AS part"
        for at, one in enumerate(asked)
    )
    answers: list[Rows] = [[] for _one in asked]
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for one in asked for value in one.params])
        for row in cursor.fetchall():
            answers[row[0]].append(row)
    for one, rows in zip(asked, answers, strict=True):
        places = [slots.index(slot) + 1 for slot in one.slots]
        if len(places) == 1:  # of one place itemgetter would give no tuple
            one.give([[(row[places[0]],) for row in rows]])
        else:
            one.give([list(map(operator.itemgetter(*places), rows))])


class _Question:
    """One queryset as a part of a common question."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._asked: Any = rows
        self._order = tuple(rows.query.order_by) or tuple(rows.model._meta.ordering)
        bare = rows.order_by()
        self.using: str = bare.db
        self._compiler: Any = bare.query.get_compiler(using=self.using)
        self.rows: Rows = []
        self.sql, self.params = "", tuple[Any, ...]()
        try:
            self.sql, self.params = self._compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:  # nothing can fit: it is not asked
            return
        self.slots = _slots(self._compiler.select, connections[self.using])

    def columns(self, slots: Iterable[Slot], connection: Any) -> str:
        """The columns of the common answer, empty where this question has none."""
        quote = connection.ops.quote_name
        # A plus takes a column's declared type from it: SQLite would read each by that of another question.
        plain = "+" if connection.vendor == "sqlite" else ""
        aliases = (f"{plain}{quote(alias)}" for _col, _sql, alias in self._compiler.select)
        own = dict(zip(self.slots, aliases, strict=True))
        return ", ".join(own.get(slot) or _empty(slot, connection) for slot in slots)

    def plain_rows(self) -> Iterable[Any]:
        """The answer to this question alone, as the database gives it."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, self.params)
            yield from cursor.fetchall()

    def give(self, answer: list[Rows]) -> None:
        """Make the rows of what the database answered, in order and with what they prefetch."""
        compiler = self._compiler
        compiler.execute_sql = lambda *_args, **_named: answer
        shim = SimpleNamespace(
            db=self.using,
            model=self._asked.model,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _known_related_objects={},
        )
        self.rows = _ordered(list(self._asked._iterable_class(shim)), self._order, self._asked._fields or ())
        if self._asked._prefetch_related_lookups and self.rows:
            prefetch_related_objects(self.rows, *self._asked._prefetch_related_lookups)


def _slots(select: Iterable[tuple[Any, Any, str]], connection: Any) -> list[Slot]:
    """The columns that a question fills: columns of one type are shared by all questions."""
    counts: Counter[str] = Counter()
    found = []
    for expression, _sql, _alias in select:
        type = expression.output_field.cast_db_type(connection).partition("(")[0]
        found.append((type, counts[type]))
        counts[type] += 1
    return found


def _empty(slot: Slot, connection: Any) -> str:
    return "NULL" if connection.vendor == "sqlite" else f"CAST(NULL AS {slot[0]})"


def _ordered(rows: Rows, order: Sequence[Any], fields: Sequence[str]) -> Rows:
    """Sort by each name in turn, the last first. ValueError for tuples that do not hold it."""
    for name in map(str, reversed(order)):
        value = _getter(name.removeprefix("-"), fields)
        full = [row for row in rows if value(row) is not None]
        full.sort(key=value, reverse=name.startswith("-"))
        rows = [*full, *(row for row in rows if value(row) is None)]
    return rows


def _getter(name: str, fields: Sequence[str]) -> Callable[[Any], Any]:
    return operator.itemgetter(fields.index(name)) if fields else operator.attrgetter(name)
