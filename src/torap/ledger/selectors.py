"""Reading the ledger: the history of one thing, and the whole list, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from torap.common.known import end_of, stored_before
from torap.ledger.models import TARGET_LENGTH as TARGET_LENGTH
from torap.ledger.models import Event, Head, Revision
from torap.rules.known import AsKnown

PAGE_SIZE = 50
Row = TypeVar("Row", bound=Model)
Before = dict[str, dict[str, Any]]  # code -> field -> its value as known on the day


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event as read."""

    seq: int
    at: dt.datetime
    actor: str
    kind: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    hash: str

    @property
    def entity(self) -> str:
        """The part of the target before the colon: `claim`, `milestone`…"""
        return self.target.partition(":")[0]

    @property
    def code(self) -> str:
        """The part of the target after the colon."""
        return self.target.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilters:
    """What to list; empty fields do not narrow. `kind` may be a beginning such as `claim.`."""

    kind: str = ""
    target: str = ""
    actor: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """One page of events, newest first."""

    rows: list[EventRow]
    page: int
    pages: int
    total: int


def events_of(target: str) -> list[EventRow]:
    """The history of one thing, oldest first; `target` as in the ledger (`claim:khorgos_hub.area.1`)."""
    return [_row(event) for event in Event.objects.filter(target=target).order_by("seq")]


def changed_since(target: str, at: dt.datetime) -> dt.datetime | None:
    """When something was last recorded of one thing after a moment; None where nothing was. One query."""
    rows = Event.objects.filter(target=target, at__gt=at).order_by("-seq")
    return rows.values_list("at", flat=True).first()


def head_now() -> tuple[int, str]:
    """Number and hash of the newest event as it is this moment, whatever the page saw before; (0, "") while
    nothing was ever recorded. One query."""
    return Head.objects.values_list("seq", "hash").first() or (0, "")


def events_between(first: str, last: str, *, most: int) -> list[EventRow] | None:
    """The events after the one of the hash `first` up to that of the hash `last`, oldest first; None where
    the one does not follow the other (what was taken back), or more than `most` lie between. One query, read
    from the newest event back."""
    found: list[EventRow] = []
    for event in Event.objects.order_by("-seq")[: most + 1].iterator(chunk_size=50):
        if event.hash == first:
            return found[::-1] if found else None
        if found or event.hash == last:
            found.append(_row(event))
    return None


def recorded_since(target: str, kind: str, *, but: Collection[str] = ()) -> bool:
    """Whether anything was recorded after the newest event of this kind of one thing, leaving out kinds that
    begin so (`run.`); also true where there is no such event. Two queries."""
    event = Event.objects.filter(target=target, kind=kind).order_by("-seq").first()
    if event is None:
        return True
    rows = Event.objects.filter(seq__gt=event.seq)
    for beginning in but:
        rows = rows.exclude(kind__startswith=beginning)
    return rows.exists()


def event_list(
    filters: EventFilters | None = None, page: int = 1, *, page_size: int = PAGE_SIZE
) -> EventPage:
    """A page of events, newest first; a page number outside the list gives the nearest page."""
    rows = _filtered(filters or EventFilters())
    total = rows.count()
    pages = max(1, -(-total // page_size))
    page = min(max(1, page), pages)
    start = (page - 1) * page_size
    found = [_row(event) for event in rows.order_by("-seq")[start : start + page_size]]
    return EventPage(rows=found, page=page, pages=pages, total=total)


def with_changed(rows: QuerySet[Row], entity: str, known: AsKnown) -> QuerySet[Row]:
    """Rows that have a `code`, marked `changed` when a dated field of theirs changed after the day.

    Costs no query: what was not marked needs nothing taken back. For today nothing is marked.
    """
    marked: QuerySet[Any] = rows.annotate(changed=changed_after(known, entity))
    return marked


def changed_after(known: AsKnown, entity: str, field: str = "") -> Any:
    """The condition "a dated field (this one) changed after the day" for rows that have a `code`."""
    later = _later(known)
    if later is None:
        return Value(False)
    rows = later.filter(target=Concat(Value(f"{entity}:"), OuterRef("code")))
    return Exists(rows.filter(field=field) if field else rows)


def unknown_yet(known: AsKnown, entity: str, codes: Collection[str]) -> Before:
    """Dated fields of things of a kind as they were known on the day, where they changed after it. One query;
    none for today, when everything said is known."""
    later = _later(known)
    if later is None or not codes:
        return {}
    found: Before = {}
    rows = later.filter(target__in=[f"{entity}:{code}" for code in codes])
    for target, field, before in rows.order_by("-id").values_list("target", "field", "before"):
        found.setdefault(target.partition(":")[2], {})[field] = before
    return found


def unknown_yet_of(known: AsKnown, entities: Collection[str]) -> dict[str, Before]:
    """The same for all things of several kinds, by kind. One query; none for today."""
    return before_by(changes_unknown(known), entities)


def changes_unknown(known: AsKnown, entities: Collection[str] = ()) -> QuerySet[Revision, Any]:
    """What was changed after the day of things of all kinds, or some: the question, to be asked together with
    others; it has no answer for today."""
    later = _later(known)
    if later is None:
        return Revision.objects.none().values_list("id", "target", "field", "before")
    wanted = Q()
    for entity in entities:
        wanted |= Q(target__startswith=f"{entity}:")
    return later.filter(wanted).order_by("-id").values_list("id", "target", "field", "before")


def before_by(rows: Iterable[tuple[Any, ...]], entities: Collection[str]) -> dict[str, Before]:
    """The answer to `changes_unknown` by kind: dated fields as they were known on the day."""
    found: dict[str, Before] = {entity: {} for entity in entities}
    for _id, target, field, before in rows:
        entity, _colon, code = target.partition(":")
        if entity in found:
            found[entity].setdefault(code, {})[field] = before
    return found


def _later(known: AsKnown) -> QuerySet[Revision] | None:
    if known.day >= timezone.localdate() and known.until is None:
        return None
    if known.clock == "recorded":
        return Revision.objects.filter(recorded_at__gte=stored_before(known))
    later = Q(said_to__gt=known.day)
    return Revision.objects.filter(later | Q(recorded_at__gte=known.until) if known.until else later)


def event_stream(filters: EventFilters | None = None) -> Iterator[EventRow]:
    """Every event that fits, newest first, read as it is asked for: a download has no end."""
    rows = _filtered(filters or EventFilters()).order_by("-seq")
    return (_row(event) for event in rows.iterator(chunk_size=1000))


def _filtered(filters: EventFilters) -> QuerySet[Event]:
    rows = Event.objects.all()
    if filters.kind:
        rows = rows.filter(kind__startswith=filters.kind)
    if filters.target:
        rows = rows.filter(target=filters.target)
    if filters.actor:
        rows = rows.filter(actor=filters.actor)
    if filters.since:
        rows = rows.filter(at__gte=end_of(filters.since - dt.timedelta(days=1)))
    if filters.until:
        rows = rows.filter(at__lt=end_of(filters.until))
    return rows


def _row(event: Event) -> EventRow:
    return EventRow(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        target=event.target,
        before=event.before,
        after=event.after,
        hash=event.hash,
    )
