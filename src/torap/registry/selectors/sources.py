"""Reading sources: what each says, and everything that rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, Value
from django.utils import timezone

from torap.common.errors import NotFound
from torap.common.known import known_q, visible
from torap.registry.models import Claim, MoneyEntry, PlacePoint, Source, UtilityEntry
from torap.registry.selectors.known import source_known_q
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFilters:
    """What to list; empty fields do not narrow. `text` is looked for in title, publisher and address."""

    source_class: str = ""
    publisher: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """A source and how many rows known on the day rest on it, by table (`claim`, `promise`…)."""

    source: Source
    rows: dict[str, int]
    invented: int = 0  # of all rows: those of an invented source, and invented ones on a real source

    @property
    def total(self) -> int:
        """All rows that rest on the source."""
        return sum(self.rows.values())


@dataclass(slots=True)
class _Resting:
    """Rows by table, and how many of all are invented."""

    rows: dict[str, int] = field(default_factory=dict)
    invented: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRows:
    """What of the registry rests on a source, as known; promises and reports are delivery's to list."""

    source: Source
    claims: list[Claim]
    money: list[MoneyEntry]
    utilities: list[UtilityEntry]
    points: list[PlacePoint]


def source_list(filters: SourceFilters | None = None, *, known: AsKnown | None = None) -> list[SourceCount]:
    """Sources known on that day (today), the newest first and the undated last, with counts.

    A constant number of queries.
    """
    known = known or AsKnown(timezone.localdate())
    wanted = filters or SourceFilters()
    rows = Source.objects.filter(source_known_q(known))
    if wanted.source_class:
        rows = rows.filter(source_class=wanted.source_class)
    if wanted.publisher:
        rows = rows.filter(publisher=wanted.publisher)
    if text := wanted.text.strip():
        rows = rows.filter(Q(title__icontains=text) | Q(publisher__icontains=text) | Q(url__icontains=text))
    found = sorted(
        rows, key=lambda row: (-(row.published_to.toordinal() if row.published_to else 0), row.code)
    )
    counts = _counts((row.pk for row in found), known)
    return [_counted(row, counts[row.pk]) for row in found]


def source_get(code: str, known: AsKnown | None = None) -> SourceCount:
    """A source with its counts; NotFound when there was none by that day (today)."""
    known = known or AsKnown(timezone.localdate())
    found = _source(code, known)
    return _counted(found, _counts([found.pk], known)[found.pk])


def _counted(source: Source, resting: _Resting) -> SourceCount:
    return SourceCount(source=source, rows=resting.rows, invented=resting.invented)


def _source(code: str, known: AsKnown) -> Source:
    found = Source.objects.filter(source_known_q(known), code=code).first()
    if found is None:
        raise NotFound("no_source", field="code", value=code)
    return found


def source_map(codes: Iterable[str]) -> dict[str, Source]:
    """Sources by code; codes that name nothing are left out."""
    return {row.code: row for row in Source.objects.filter(code__in=set(codes))}


def source_rows(code: str, known: AsKnown) -> SourceRows:
    """Everything in the registry that rests on a source, as known; NotFound when there is no such source."""
    source = Source.objects.filter(code=code).first()
    if source is None:
        raise NotFound("no_source", field="code", value=code)
    claims = visible(Claim.objects.filter(source=source), known).select_related(
        "subject", "attribute", "source"
    )
    money = MoneyEntry.objects.filter(known_q(known), source=source).select_related("project", "source")
    held = UtilityEntry.objects.filter(known_q(known), source=source).select_related(
        "utility__place", "source"
    )
    return SourceRows(
        source=source,
        claims=list(claims.order_by("subject__code", "attribute", "key")),
        money=list(money.order_by("project__code", "key")),
        utilities=list(held.order_by("utility", "effective_from")),
        points=list(PlacePoint.objects.filter(source=source).select_related("place")),
    )


def _counts(ids: Iterable[int], known: AsKnown) -> dict[int, _Resting]:
    """Rows by table for each source, as its page lists them: one query a table, whichever applications point
    to sources. A table without the two clocks counts whole."""
    wanted = list(ids)
    counts: dict[int, _Resting] = defaultdict(_Resting)
    for relation in Source._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        rows = model._default_manager.all()
        if len(wanted) < 500:
            rows = rows.filter(**{f"{column}__in": wanted})
        names = {field.name for field in model._meta.get_fields()}
        if "corrected_by" in names:
            rows = visible(rows, known)
        elif "said_to" in names:
            rows = rows.filter(known_q(known))
        unreal = Count("pk", filter=Q(invented=True)) if "invented" in names else Value(0)
        numbers = rows.values_list(column).annotate(number=Count("pk"), unreal=unreal).order_by()
        for pk, number, invented in numbers:
            if pk is not None:
                counts[pk].rows[str(model._meta.model_name)] = number
                counts[pk].invented += invented
    return counts
