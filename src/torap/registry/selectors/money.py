"""Money by stage: never across stages, every project once, invented projects apart, with what is missing
counted.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.db.models import F

from torap.common.known import known_q
from torap.countries import load_procedure, load_profile, load_rates
from torap.ledger.memo import while_unchanged
from torap.registry.models import MoneyEntry, MoneyStage, Project
from torap.registry.selectors.calendar import work_calendar
from torap.registry.selectors.known import subject_known_q
from torap.registry.selectors.revised import as_it_was
from torap.rules.calendar import WorkCalendar
from torap.rules.claims import SOURCE_CLASSES
from torap.rules.errors import NoEdition, NotKnown
from torap.rules.known import AsKnown
from torap.rules.money import FxRate, Money, convert
from torap.rules.obligations.editions import chosen_edition
from torap.rules.obligations.engine import evaluate
from torap.rules.obligations.model import Finding
from torap.rules.sums import sum_said

_STAGE_ORDER = {stage: at for at, stage in enumerate(MoneyStage.values)}
COST_STAGES = (MoneyStage.COMMITTED, MoneyStage.AGREED, MoneyStage.ANNOUNCED)  # the firmest first


@dataclass(frozen=True, slots=True, kw_only=True)
class StageAmount:
    """The latest amount at one stage, for the whole ("") or a part; `earlier`: what it superseded."""

    stage: str
    part: str
    amount: Decimal
    currency: str
    qualifier: str
    entry: MoneyEntry
    earlier: list[MoneyEntry]

    @property
    def invented(self) -> bool:
        """An invented amount: shown apart, in no total."""
        return self.entry.invented


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyTotal:
    """A sum in one currency over so many projects; `inexact` of them were said as about, more than…

    `qualifier`: how exactly the sum may be said.
    """

    currency: str
    amount: Decimal
    projects: int
    inexact: int
    qualifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTotal:
    """The totals of one stage by currency, and how many projects have no amount at it."""

    stage: str
    totals: list[CurrencyTotal]
    projects: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOf:
    """Which pool a project falls into by its cost; `code` None with the reason when that cannot be said.

    Reason codes: no_amount, rate_not_known, rules_not_read, mci_not_known, cost_compared. Amounts in
    `currency`, that of the country.
    """

    code: str | None
    reason_code: str
    cost: Decimal | None = None
    threshold: Decimal | None = None
    year: int | None = None
    stage: str = ""
    rate: FxRate | None = None
    confidence: str = ""
    currency: str = ""


def money_of(project_ids: Iterable[int], known: AsKnown) -> dict[int, list[StageAmount]]:
    """The latest known amount of every stage and part, for each project; an empty list where none is.

    Invented amounts supersede no real ones: they stand apart, last.
    """
    ids = set(project_ids)
    heard: dict[int, dict[tuple[str, str, bool], list[MoneyEntry]]] = {pk: defaultdict(list) for pk in ids}
    rows = MoneyEntry.objects.filter(known_q(known), project__in=ids).select_related("source")
    for entry in rows:
        heard[entry.project_id][entry.stage, entry.part, entry.invented].append(entry)
    return {pk: _latest(entries) for pk, entries in heard.items()}


def with_money(project_ids: Iterable[int], known: AsKnown) -> set[int]:
    """Of these projects those with an amount known, of real ones a real amount. One query."""
    rows = MoneyEntry.objects.filter(
        known_q(known), project__in=set(project_ids), invented=F("project__invented")
    )
    return set(rows.values_list("project_id", flat=True).distinct())


@while_unchanged
def money_totals(known: AsKnown) -> list[StageTotal]:
    """Totals of all real projects for every stage; a project that repeats another counts with it, once."""
    known_then = Project.objects.filter(subject_known_q(known), invented=False)
    projects = as_it_was(known_then, "project", known)
    amounts = money_of([project.pk for project in projects], known)
    groups: dict[int, list[StageAmount]] = defaultdict(list)
    roots = _roots(projects)
    for project in projects:
        real = [row for row in amounts[project.pk] if not row.invented]
        groups[roots[project.pk]] += real
    return [_stage_total(stage, list(groups.values())) for stage in MoneyStage.values]


def pool_of(
    project: Project,
    known: AsKnown,
    *,
    amounts: Sequence[StageAmount] | None = None,
    calendar: WorkCalendar | None = None,
) -> PoolOf:
    """The pool of a project by its cost against the threshold of the year the cost was named in.

    The firmest amount of the whole counts (committed, agreed, announced), in tenge by the dated rate; of a
    real project only real amounts. Whether the project has an investment contract, which alone makes it
    national, is not known here. `amounts`, `calendar`: already read, for who asks of many projects.
    """
    rows = money_of([project.pk], known)[project.pk] if amounts is None else amounts
    whole = {row.stage: row for row in rows if not row.part and row.invented == project.invented}
    cost = next((whole[stage] for stage in COST_STAGES if stage in whole), None)
    if cost is None:
        return PoolOf(code=None, reason_code="no_amount")
    said = cost.entry.said_to
    own, rates = load_profile(settings.COUNTRY).currency, load_rates(settings.COUNTRY)
    try:
        tenge = convert(Money(cost.amount, cost.currency), own, on=said, rates=rates)
    except NotKnown:
        return PoolOf(code=None, reason_code="rate_not_known", year=said.year, stage=cost.stage)
    try:
        days = work_calendar(known) if calendar is None else calendar
        findings = _pool_findings(tenge.money.amount, said.year, known, days)
    except NoEdition:
        return PoolOf(code=None, reason_code="rules_not_read", year=said.year, stage=cost.stage)
    pool = findings["pool"]
    threshold = findings.get("pool_threshold_kzt")
    doubts = [reason.params["confidence"] for reason in pool.reasons if "confidence" in reason.params]
    return PoolOf(
        code=pool.value,
        reason_code=_pool_reason(pool),
        cost=tenge.money.amount,
        threshold=threshold.value if threshold else None,
        year=said.year,
        stage=cost.stage,
        rate=tenge.rate,
        confidence=str(doubts[0]) if doubts else "high",
        currency=own,
    )


@lru_cache(maxsize=4096)
def rate_on(currency: str, to: str, day: dt.date) -> Decimal | None:
    """Units of `to` for one of `currency` on `day` by the country's dated rates; None where none is known."""
    try:
        made = convert(Money(Decimal(10**9), currency), to, on=day, rates=load_rates(settings.COUNTRY))
    except NotKnown:
        return None
    return made.money.amount / 10**9


def _pool_findings(cost: Decimal, year: int, known: AsKnown, calendar: WorkCalendar) -> Mapping[str, Finding]:
    procedure = load_procedure(load_profile(settings.COUNTRY).procedures["pool"], settings.COUNTRY)
    params = {"cost_kzt": cost, "year": Decimal(year)}
    evaluation = evaluate(
        chosen_edition(procedure, [], params, known.day),
        [],
        calendar,
        known_on=known.day,
        params=params,
        rates=load_rates(settings.COUNTRY),
    )
    return {finding.code: finding for finding in evaluation.findings}


def _pool_reason(pool: Finding) -> str:
    if pool.value:
        return "cost_compared"
    codes = {reason.code for reason in pool.reasons}
    return "rules_not_read" if "limit_not_known" in codes else "mci_not_known"


def _latest(entries: Mapping[tuple[str, str, bool], list[MoneyEntry]]) -> list[StageAmount]:
    rows = []
    for (stage, part, _invented), said in entries.items():
        ordered = sorted(said, key=_standing, reverse=True) if len(said) > 1 else said
        newest = ordered[0]
        rows.append(
            StageAmount(
                stage=stage,
                part=part,
                amount=newest.amount,
                currency=newest.currency,
                qualifier=newest.qualifier,
                entry=newest,
                earlier=ordered[1:],
            )
        )
    return sorted(rows, key=lambda row: (row.invented, _STAGE_ORDER[row.stage], row.part))


def _standing(entry: MoneyEntry) -> tuple[dt.date, int, bool, str]:
    """Later said first; of one day the firmer source, then the national currency, then by key."""
    rank = -SOURCE_CLASSES.index(entry.source.source_class)
    return entry.said_to, rank, entry.currency == load_profile(settings.COUNTRY).currency, entry.key


def _roots(projects: Sequence[Project]) -> dict[int, int]:
    """For every project the one it repeats in the end (itself when none)."""
    above = {project.pk: project.same_as_id for project in projects}
    roots = {}
    for pk in above:
        root, seen = pk, {pk}
        while (up := above.get(root)) is not None and up in above and up not in seen:
            seen.add(up)
            root = up
        roots[pk] = root
    return roots


def _stage_total(stage: str, groups: Sequence[Sequence[StageAmount]]) -> StageTotal:
    counted = [rows for group in groups if (rows := _once([row for row in group if row.stage == stage]))]
    said: dict[str, list[StageAmount]] = defaultdict(list)
    projects: dict[str, int] = defaultdict(int)
    inexact: dict[str, int] = defaultdict(int)
    for rows in counted:
        for currency in {row.currency for row in rows}:
            mine = [row for row in rows if row.currency == currency]
            said[currency] += mine
            projects[currency] += 1
            inexact[currency] += any(row.qualifier != "exact" for row in mine)
    totals = [
        CurrencyTotal(
            currency=code,
            amount=total.low,
            projects=projects[code],
            inexact=inexact[code],
            qualifier=total.qualifier,
        )
        for code in sorted(said)
        if (total := sum_said((row.amount, row.amount, row.qualifier) for row in said[code])) is not None
    ]
    return StageTotal(stage=stage, totals=totals, projects=len(counted), missing=len(groups) - len(counted))


def _once(rows: Sequence[StageAmount]) -> list[StageAmount]:
    """What counts of one project at one stage: the whole where it was said, else its parts."""
    latest: dict[str, StageAmount] = {}
    for row in sorted(rows, key=lambda row: _standing(row.entry)):
        latest[row.part] = row
    return [latest[""]] if "" in latest else list(latest.values())
