"""Reading many tables as of one event: what many queries read in turn is of one state of the ledger.

On PostgreSQL one transaction with repeatable read, on SQLite one that takes no lock and sees the database as
it was when it began; nobody is kept from writing meanwhile. What pages have kept in this process is left
aside: another reader may have computed it while somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from torap.ledger.memo import apart, one_head
from torap.ledger.selectors import head_now

ISOLATED = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def one_state() -> Iterator[tuple[int, str]]:
    """Number and hash of the newest event, (0, "") before the first; all that is read within it is of that
    state, and nothing is written. Within another transaction the isolation is that transaction's."""
    with _begun():
        head = head_now()
        with one_head(head[1]), apart():
            yield head


@contextmanager
def _begun() -> Iterator[None]:
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _unlocked():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(ISOLATED)
            yield


@contextmanager
def _unlocked() -> Iterator[None]:
    """A transaction of SQLite that only reads: others begin theirs with the lock of a writer."""
    connection.ensure_connection()
    made: Any = connection
    mode, made.transaction_mode = made.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            made.transaction_mode = mode
            yield
    finally:
        made.transaction_mode = mode
