"""Writing to the ledger, and proving that nobody changed it since.

The chain has one end, the head row. Whoever records locks it until the surrounding transaction ends, so two
workers add one after the other and the chain cannot fork. On SQLite the write lock taken at BEGIN does it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from torap.common.models import User
from torap.ledger.chain import GENESIS, link_hash, plain
from torap.ledger.memo import moved
from torap.ledger.models import TARGET_LENGTH, Event, Head, Revision
from torap.ledger.records import state_of

HEAD_ID = 1
CHUNK = 2000


class Draft(NamedTuple):
    """An event to be recorded: `kind` like `claim.added`, `target` like `claim:khorgos_hub.area.1`."""

    kind: str
    target: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """`ok`, or the first row at fault with a reason code; `head_hash` is the anchor to keep elsewhere."""

    ok: bool
    count: int
    first_bad_seq: int | None = None
    reason_code: str = ""
    head_seq: int = 0
    head_hash: str = GENESIS


def record(
    kind: str,
    *,
    by: User,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """Add one event to the chain, in the caller's transaction."""
    return record_many([Draft(kind, target, before, after)], by=by)[0]


def record_many(rows: Iterable[Draft | tuple[Any, ...]], *, by: User) -> list[Event]:
    """Add events to the chain in the order given: one lock and one insert for all of them."""
    drafts = [Draft(*row) for row in rows]
    if not drafts:
        return []
    with transaction.atomic(savepoint=False):
        head = lock_head()
        seq, previous, at = head.seq, head.hash, timezone.now()
        events = []
        for draft in drafts:
            if len(draft.target) > TARGET_LENGTH:
                raise ValueError(f"the ledger names its target whole: {draft.target[:60]}… is too long")
            seq += 1
            event = Event(
                seq=seq,
                at=at,
                actor=by.username,
                kind=draft.kind,
                target=draft.target,
                before=plain(draft.before),
                after=plain(draft.after),
                previous_hash=previous,
            )
            event.hash = previous = _hash_of(event, previous)
            events.append(event)
        Event.objects.bulk_create(events, batch_size=500)
        head.seq, head.hash = seq, previous
        head.save(update_fields=["seq", "hash"])
        moved()
    return events


def revise(
    *,
    by: User,
    target: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    said_to: dt.date | None = None,
) -> None:
    """Note that fields of `target` changed on which clocks, owners or totals hang, in the caller's
    transaction: texts are edited in place, but a page as known on a day must show these as they stood on it.

    `said_to`: the day the world could know of it, counted only when it is later than the last one noted and
    has come; else today, the first day on which it can be known from here.
    """
    if not after:
        return
    today = timezone.localdate()
    day = said_to if said_to is not None and said_to <= today else today
    last = Revision.objects.filter(target=target).aggregate(last=Max("said_to"))["last"]
    if last is not None and day < last:
        day = today
    rows = [
        Revision(
            target=target,
            field=field,
            before=plain(before[field]),
            after=plain(after[field]),
            said_to=day,
            recorded_by=by.username,
        )
        for field in after
    ]
    Revision.objects.bulk_create(rows)
    record_many([Draft("revision.added", target, None, state_of(row)) for row in rows], by=by)


def lock_head() -> Head:
    """Take the lock of the chain's end until the transaction ends.

    A service that locks other rows too calls this first: one order of locks for all, no waiting in a circle.
    """
    head, _made = Head.objects.select_for_update().get_or_create(
        id=HEAD_ID, defaults={"seq": 0, "hash": GENESIS}
    )
    moved()  # what this page saw before may be behind: who writes looks again
    return head


def verify(
    *, anchor: tuple[int, str] | None = None, progress: Callable[[int, int], None] | None = None
) -> VerifyResult:
    """Walk the whole chain and name the first row that was changed, removed or put in.

    `anchor` is a (seq, hash) noted elsewhere earlier: it alone can show a chain written anew, head and all.
    `progress` hears how many events of how many are done. Codes: row_changed, row_missing, row_unreadable,
    link_broken, tail_cut, head_changed, anchor_differs.
    """
    start = _head()
    walked = _walk(start, anchor, progress)
    if not walked.ok:
        return walked
    # Others may go on writing: the head moves with the rows, so read after the walk it is not behind them.
    if walked.head_seq > _head()[0]:
        return _bad(walked.count, walked.head_seq, "head_changed")
    return walked


def _head() -> tuple[int, str]:
    found = Head.objects.filter(id=HEAD_ID).values_list("seq", "hash").first()
    return (found[0], found[1]) if found else (0, GENESIS)


def _walk(
    head: tuple[int, str], anchor: tuple[int, str] | None, progress: Callable[[int, int], None] | None
) -> VerifyResult:
    seq, previous = 0, GENESIS
    rows = Event.objects.order_by("seq").iterator(chunk_size=CHUNK)
    while True:
        try:
            event = next(rows, None)
        except ValueError:  # what stands in the table is no JSON or no date any more
            return _bad(seq, seq + 1, "row_unreadable")
        if event is None:
            break
        reason = _fault(event, seq + 1, previous)
        if reason:
            return _bad(seq, seq + 1, reason)
        seq, previous = event.seq, event.hash
        if progress and seq % CHUNK == 0:
            progress(seq, max(head[0], seq))
        for end, code in ((anchor, "anchor_differs"), (head, "head_changed")):
            if end and end[0] == seq and end[1] != previous:
                return _bad(seq, seq, code)
    if seq < max(head[0], anchor[0] if anchor else 0):
        return _bad(seq, seq + 1, "tail_cut")
    if progress:
        progress(seq, seq)
    return VerifyResult(ok=True, count=seq, head_seq=seq, head_hash=previous)


def _fault(event: Event, seq: int, previous: str) -> str:
    if event.seq != seq:
        return "row_missing"
    if event.previous_hash != previous:
        return "link_broken"
    if event.at is None or event.hash != _hash_of(event, previous):
        return "row_changed"
    return ""


def _bad(count: int, seq: int, reason: str) -> VerifyResult:
    return VerifyResult(ok=False, count=count, first_bad_seq=seq, reason_code=reason)


def _hash_of(event: Event, previous: str) -> str:
    return link_hash(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        target=event.target,
        before=event.before,
        after=event.after,
        previous_hash=previous,
    )
