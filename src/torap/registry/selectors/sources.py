"""Reading sources: what each says, and everything that rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from torap.common.errors import NotFound
from torap.common.known import known_q, visible
from torap.registry.models import Claim, MoneyEntry, PlacePoint, Source, UtilityEntry
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFilters:
    """What to list; empty fields do not narrow. `text` is looked for in title, publisher and address."""

    source_class: str = ""
    publisher: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """A source and how many rows rest on it, by table (`claim`, `promise`, `statusreport`, `moneyentry`…)."""

    source: Source
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """All rows that rest on the source."""
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRows:
    """What of the registry rests on a source, as known; promises and reports are delivery's to list."""

    source: Source
    claims: list[Claim]
    money: list[MoneyEntry]
    utilities: list[UtilityEntry]
    points: list[PlacePoint]


def source_list(filters: SourceFilters | None = None) -> list[SourceCount]:
    """Sources, the newest first and the undated last, with counts: a constant number of queries."""
    wanted = filters or SourceFilters()
    rows = Source.objects.all()
    if wanted.source_class:
        rows = rows.filter(source_class=wanted.source_class)
    if wanted.publisher:
        rows = rows.filter(publisher=wanted.publisher)
    if text := wanted.text.strip():
        rows = rows.filter(Q(title__icontains=text) | Q(publisher__icontains=text) | Q(url__icontains=text))
    found = sorted(
        rows, key=lambda row: (-(row.published_to.toordinal() if row.published_to else 0), row.code)
    )
    counts = _counts(row.pk for row in found)
    return [SourceCount(source=row, rows=counts[row.pk]) for row in found]


def source_get(code: str) -> SourceCount:
    """A source with its counts; NotFound when there is none."""
    found = Source.objects.filter(code=code).first()
    if found is None:
        raise NotFound("no_source", field="code", value=code)
    return SourceCount(source=found, rows=_counts([found.pk])[found.pk])


def source_map(codes: Iterable[str]) -> dict[str, Source]:
    """Sources by code; codes that name nothing are left out."""
    return {row.code: row for row in Source.objects.filter(code__in=set(codes))}


def source_rows(code: str, known: AsKnown) -> SourceRows:
    """Everything in the registry that rests on a source."""
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


def _counts(ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Rows by table for each source: one query a table, whichever applications point to sources."""
    wanted = list(ids)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for relation in Source._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        rows = (
            model._default_manager.filter(**{f"{column}__in": wanted})
            if len(wanted) < 500
            else model._default_manager
        )
        for pk, number in rows.values_list(column).annotate(number=Count("pk")).order_by():
            if pk is not None:
                counts[pk][str(model._meta.model_name)] = number
    return counts
