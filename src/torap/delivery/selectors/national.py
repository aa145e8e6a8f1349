"""National figures for the situation: which ones is the country's list, what they are is the claims.

All figures are read in one query and used three times: contradictions, the newest word, progress against
targets.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from torap.countries import country_path, load_yaml
from torap.delivery.selectors.situation_model import ContradictionLine, Progress, Ref, Value, YearValue
from torap.registry.selectors import (
    Figure,
    figure_of,
    figures_many,
    subject_list,
)
from torap.rules.gaps import gap_stands
from torap.rules.known import AsKnown
from torap.rules.sums import Sum, sum_said
from torap.rules.units import convert, same_dimension

if TYPE_CHECKING:
    from torap.registry.models import Claim, Indicator, Subject

FILE = "situation.yaml"
OBSERVED = "observed"
AIMS = ("target", "plan", "forecast")
WHOLE_YEAR_DAYS = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRows:
    """All figures of real subjects by subject, and what is needed to name them."""

    subjects: Mapping[int, Subject]
    indicators: Mapping[str, Indicator]
    figures: Mapping[int, list[Figure]]
    invented_left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One row of the country's list: what is measured, what it is held against, which years are shown."""

    section: str
    observed: str
    first: int
    last: int
    target: str
    per_year: str = ""
    goal: str = ""
    count_from: int | None = None


def figure_rows(known: AsKnown) -> FigureRows:
    """Every real figure known on that day: two queries. Invented claims of real subjects are only counted."""
    subjects = {row.pk: row for row in subject_list() if not row.invented}
    found = figures_many(subjects, known) if subjects else {}
    apart = [figure for rows in found.values() for figure in rows if figure.invented]
    return FigureRows(
        subjects=subjects,
        indicators={row.code: row.as_indicator for row in subjects.values() if row.kind == "indicator"},
        figures={pk: [figure for figure in rows if not figure.invented] for pk, rows in found.items()},
        invented_left_out=sum(len(_claims(figure)) for figure in apart),
    )


def newest_claim(rows: FigureRows) -> dt.date | None:
    """The day of the newest claim; an imprecise one counts by its earliest day."""
    claims = (claim for found in rows.figures.values() for figure in found for claim in _claims(figure))
    return max((claim.said_from for claim in claims), default=None)


def figure_conflicts(rows: FigureRows) -> list[ContradictionLine]:
    """Every contradiction between figures; the difference is a share of the larger value."""
    return [
        ContradictionLine(
            kind=row.kind,
            subject=_ref(rows.subjects[pk]),
            what=Ref(kind="attribute", code=figure.attribute.code, name=figure.attribute.name),
            low=row.low,
            high=row.high,
            unit=row.unit,
            members=len(row.members),
            difference=row.relative_difference,
        )
        for pk, found in rows.figures.items()
        for figure in found
        for row in figure.contradictions
    ]


@lru_cache(maxsize=8)
def sections(country: str) -> tuple[Section, ...]:
    """The country's list of figures for the situation; empty where it has none."""
    if not country_path(country).joinpath(FILE).is_file():
        return ()
    return tuple(_section(row) for row in load_yaml(country, FILE)["progress"])


def _section(row: Mapping[str, Any]) -> Section:
    return Section(
        section=row["section"],
        observed=row["observed"],
        target=row.get("target", row["observed"]),
        first=int(row["from"]),
        last=int(row["to"]),
        per_year=row.get("per_year", ""),
        goal=row.get("goal", ""),
        count_from=row.get("count_from"),
    )


def national_progress(rows: FigureRows, known: AsKnown) -> tuple[Progress, ...]:
    """The figures of the country's list whose indicator is there."""
    wanted = sections(settings.COUNTRY)
    return tuple(_progress(row, rows, known) for row in wanted if row.observed in rows.indicators)


def _progress(section: Section, rows: FigureRows, known: AsKnown) -> Progress:
    indicator = rows.indicators[section.observed]
    aim = rows.indicators.get(section.target)
    measured = _usable(rows, indicator, indicator.unit)
    aims = _usable(rows, aim, indicator.unit) if aim is not None else []
    by_year = _by_year((c for c in measured if c.nature == OBSERVED and not c.scope), known, indicator.unit)
    per_year = _aim(aims, section.per_year, known, indicator.unit) if section.per_year else None
    targets = _targets(aims, section, known, indicator.unit)
    years = tuple(
        YearValue(
            year=year,
            observed=by_year.get(year),
            target=targets.get(year),
            missing=year not in by_year and year < known.day.year,
        )
        for year in range(section.first, section.last + 1)
    )
    goal = _aim(aims, section.goal, known, indicator.unit) if section.goal else None
    counted = _counted(section, by_year, known) if goal is not None else _Counted()
    return Progress(
        section=section.section,
        indicator=_ref(indicator),
        target=_ref(aim) if aim is not None and aim.pk != indicator.pk else None,
        unit=indicator.unit,
        from_year=section.first,
        to_year=section.last,
        years=years,
        missing=sum(1 for row in years if row.missing),
        per_year=per_year,
        goal=goal,
        goal_year=_goal_year(aims, section.goal),
        count_from=section.count_from,
        counted=counted.sum.low if counted.sum else None,
        counted_to=counted.sum.high if counted.sum else None,
        counted_qualifier=counted.sum.qualifier if counted.sum else "",
        counted_contradicted=counted.contradicted,
        count_missing=counted.missing,
        latest=_latest(measured, known, indicator.unit),
        gap=indicator.gap if gap_stands(indicator.gap_en, by_year) else "",
    )


def _usable(rows: FigureRows, indicator: Indicator, unit: str) -> list[Claim]:
    """Claims with a number in the dimension of `unit`, real ones only."""
    found = (claim for figure in rows.figures.get(indicator.pk, ()) for claim in _claims(figure))
    return [
        claim
        for claim in found
        if (claim.low is not None or claim.high is not None) and same_dimension(claim.unit, unit)
    ]


def _claims(figure: Figure) -> list[Claim]:
    return [figure.best, *figure.others]


def _by_year(claims: Iterable[Claim], known: AsKnown, unit: str) -> dict[int, Value]:
    """The best figure of each whole year."""
    groups: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        year = _year(claim)
        if year is not None:
            groups[year].append(claim)
    return {year: _best(rows, known, unit) for year, rows in groups.items()}


def _targets(aims: list[Claim], section: Section, known: AsKnown, unit: str) -> dict[int, Value]:
    """The target of each year: one named for that year, else one named for every year of a span."""
    found: dict[int, Value] = {}
    for nature in reversed(AIMS):
        found |= _by_year((c for c in aims if c.nature == nature and not c.scope), known, unit)
    if not section.per_year:
        return found
    spans = [c for c in aims if c.scope == section.per_year and c.about_from and c.about_to]
    for year in range(section.first, section.last + 1):
        holding = [c for c in spans if _spans(c, year)]
        if holding and (year not in found or section.target != section.observed):
            found[year] = _best(holding, known, unit)
    return found


def _spans(claim: Claim, year: int) -> bool:
    start, end = claim.about_from, claim.about_to
    return start is not None and end is not None and start.year <= year <= end.year


def _aim(aims: list[Claim], scope: str, known: AsKnown, unit: str) -> Value | None:
    chosen = [claim for claim in aims if claim.scope == scope]
    return _best(chosen, known, unit) if chosen else None


def _goal_year(aims: list[Claim], scope: str) -> int | None:
    years = [claim.about_to.year for claim in aims if scope and claim.scope == scope and claim.about_to]
    return max(years, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """The measured years added, those of them that are contradicted, and how many ended years it lacks."""

    sum: Sum | None = None
    contradicted: tuple[int, ...] = ()
    missing: int = 0


def _counted(section: Section, by_year: Mapping[int, Value], known: AsKnown) -> _Counted:
    """The measured years added from the year the goal counts."""
    if section.count_from is None:
        return _Counted()
    ended = range(section.count_from, min(known.day.year, section.last + 1))
    ends = {year: _ends(by_year[year]) for year in ended if year in by_year}
    return _Counted(
        sum=sum_said((*span, by_year[year].qualifier) for year, span in ends.items()),
        contradicted=tuple(year for year in ends if by_year[year].contradicted),
        missing=len(ended) - len(ends),
    )


def _ends(value: Value) -> tuple[Decimal, Decimal]:
    """Both ends of a figure; where one only was said, both are that."""
    low = value.low if value.low is not None else value.high
    high = value.high if value.high is not None else low
    return low or Decimal(0), high or Decimal(0)


def _latest(measured: list[Claim], known: AsKnown, unit: str) -> YearValue | None:
    """The newest measured figure of the whole: by the time it speaks of, else by the day it was said."""
    rows = [claim for claim in measured if claim.nature == OBSERVED and not claim.scope]
    if not rows:
        return None
    newest = max((claim.about_to or claim.said_to) for claim in rows)
    chosen = [claim for claim in rows if (claim.about_to or claim.said_to) == newest]
    value = _best(chosen, known, unit)
    return YearValue(year=newest.year, observed=value, target=None, missing=False)


def _year(claim: Claim) -> int | None:
    """The year a claim speaks of: the whole of it, or one day in it; None for anything else."""
    start, end = claim.about_from, claim.about_to
    if start is None or end is None or start.year != end.year:
        return None
    days = (end - start).days + 1
    return end.year if days == 1 or days >= WHOLE_YEAR_DAYS else None


def _best(claims: list[Claim], known: AsKnown, unit: str) -> Value:
    figure = figure_of(claims, known)
    best = figure.best
    return Value(
        low=convert(best.low, best.unit, unit) if best.low is not None else None,
        high=convert(best.high, best.unit, unit) if best.high is not None else None,
        unit=unit,
        qualifier=best.qualifier,
        nature=best.nature,
        scope=best.scope,
        claim=best.key,
        said_on=best.said_to,
        contradicted=bool(figure.conflicts),
    )


def _ref(subject: Subject) -> Ref:
    return Ref(kind=subject.kind, code=subject.code, name=subject.name)
