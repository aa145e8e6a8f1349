"""The auditor's whole proof: the chain holds, and every record is what the ledger last said of it.

A trigger can be dropped by whoever owns the database, and a row altered behind the services' back. The chain
would not show it; the comparison of each row with its last event does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, transaction

from torap.common.triggers import unguarded
from torap.ledger.models import Event, Head
from torap.ledger.records import Kept, Tally, kept_tables, key_of, rows_of, stated, tallies
from torap.ledger.services import VerifyResult, lock_head, verify

Progress = Callable[[str, int, int], None]  # "events" or "tables", how many done, of how many
Said = dict[str, tuple[int, dict[str, Any]]]  # key -> the last event that spoke of the row, its state
CHUNK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFault:
    """A row that is not what the ledger says. `said` and `found`: the value in the ledger and in the table.

    Codes: record_changed (one field), record_missing, record_unknown (no event speaks of it),
    record_unreadable, guard_missing (the database would no longer refuse to change rows of the table).
    `seq`: the last event about the row; 0 where there is none.
    """

    code: str
    table: str
    key: str
    field: str = ""
    said: Any = None
    found: Any = None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`ok` when the chain and all records hold; records are not compared with a chain that cannot be read."""

    chain: VerifyResult
    records: int  # rows compared
    faults: tuple[RecordFault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.chain.ok and not self.faults


def prove(*, anchor: tuple[int, str] | None = None, progress: Progress | None = None) -> Proof:
    """Check the chain, then every record against it. Takes no lock unless others write meanwhile."""
    chain = verify(anchor=anchor, progress=partial(progress, "events") if progress else None)
    if chain.reason_code == "row_unreadable":
        return Proof(chain=chain, records=0, faults=())
    before = _end()
    count, faults = _compare(progress)
    if faults and _end() != before:
        with transaction.atomic():
            lock_head()  # somebody wrote between our reading of events and of rows: read again in peace
            count, faults = _compare(progress)
    faults += [RecordFault(code="guard_missing", table=table, key="") for table in unguarded(connection)]
    return Proof(chain=chain, records=count, faults=tuple(faults))


def _end() -> str | None:
    """The hash of the newest event, past whatever a page keeps."""
    return Head.objects.values_list("hash", flat=True).first()


def _compare(progress: Progress | None) -> tuple[int, list[RecordFault]]:
    count, faults = 0, []
    tables = kept_tables()
    for done, kept in enumerate(tables, start=1):
        found, wrong = _table(kept)
        count += found
        faults += wrong
        if progress:
            progress("tables", done, len(tables))
    for tally in tallies():
        faults += _tally(tally)
    return count, faults


def _table(kept: Kept) -> tuple[int, list[RecordFault]]:
    """Compare all rows of a table; returns how many there are, and what is wrong with them."""
    said, count, faults = _said(kept), 0, []
    for key, state in rows_of(kept):
        count += 1
        seq, expected = said.pop(key, (0, None))
        if state is None:
            faults.append(RecordFault(code="record_unreadable", table=kept.table, key=key, seq=seq))
        elif expected is None:
            faults.append(RecordFault(code="record_unknown", table=kept.table, key=key))
        else:
            faults += _differences(kept, key, seq, expected, state)
    faults += [
        RecordFault(code="record_missing", table=kept.table, key=key, seq=seq)
        for key, (seq, _state) in said.items()
    ]
    return count, faults


def _said(kept: Kept) -> Said:
    """What the events last said of each row of a table."""
    said: Said = {}
    events = Event.objects.filter(kind__in=(*kept.kinds, *kept.gone)).order_by("seq")
    for event in events.iterator(chunk_size=CHUNK):
        before, after = event.before or {}, event.after or {}
        if event.kind in kept.gone:
            said.pop(key_of(kept, before, event.target), None)
        elif event.kind.endswith(".changed"):
            key = key_of(kept, after, event.target)
            known = said.get(key, (0, {}))[1]
            emptied = set(before) - set(after)
            merged = {name: value for name, value in known.items() if name not in emptied} | after
            said[key] = event.seq, stated(merged)
        else:
            said[key_of(kept, after, event.target)] = event.seq, stated(after)
    return said


def _differences(
    kept: Kept, key: str, seq: int, said: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[RecordFault]:
    names = kept.names if kept.whole(said) else kept.names & set(said)
    for name in sorted(names):
        if said.get(name) != found.get(name):
            yield RecordFault(
                code="record_changed",
                table=kept.table,
                key=key,
                field=name,
                said=said.get(name),
                found=found.get(name),
                seq=seq,
            )


def _tally(tally: Tally) -> list[RecordFault]:
    """Compare the digests of groups of rows with those of the newest event that holds any."""
    events = Event.objects.filter(kind=tally.kind).order_by("-seq")
    newest = next((one for one in events.iterator() if tally.name in (one.after or {})), None)
    if newest is None:
        return []
    said, found = (newest.after or {})[tally.name], tally.found()
    return [
        RecordFault(
            code="record_changed",
            table=tally.table,
            key=group,
            said=said.get(group),
            found=found.get(group),
            seq=newest.seq,
        )
        for group in sorted({*said, *found})
        if said.get(group) != found.get(group)
    ]
