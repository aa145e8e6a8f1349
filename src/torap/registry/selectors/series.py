"""An indicator year by year: what was measured beside what was aimed at, and the years that are missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from torap.common.known import visible
from torap.registry.models import Claim, Indicator, Nature
from torap.registry.selectors.figures import Figure, figure_of, figures
from torap.registry.selectors.subjects import indicator_get
from torap.rules.known import AsKnown
from torap.rules.units import same_dimension

FULL_YEAR_DAYS = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year: `missing` when it has ended and no figure of the whole year is known."""

    year: int
    observed: Figure | None
    target: Figure | None
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The years from the first to the last with a figure, none left out; `others` are all other figures."""

    indicator: Indicator
    years: list[Year]
    others: list[Figure]

    @property
    def missing(self) -> int:
        """How many ended years have no figure."""
        return sum(year.missing for year in self.years)


def indicator_series(code: str, known: AsKnown) -> Series:
    """Whole-year figures of an indicator's main attribute and whole scope, in its unit's dimension, by year.

    Figures of part-years, of several years together, of other scopes or units stand in `others`, and so do
    invented claims about a real indicator.
    """
    indicator = indicator_get(code)
    claims = list(
        visible(Claim.objects.filter(subject=indicator.pk), known).select_related(
            "attribute", "source", "subject"
        )
    )
    yearly = [
        claim
        for claim in claims
        if claim.invented == indicator.invented and _year_of(claim, indicator) is not None
    ]
    main = _main_attribute(yearly)
    groups: dict[tuple[int, str], list[Claim]] = defaultdict(list)
    for claim in yearly:
        year = _year_of(claim, indicator)
        if claim.attribute_id == main and year is not None:
            groups[year, "observed" if claim.nature == Nature.OBSERVED else claim.nature].append(claim)
    found = {place: figure_of(rows, known) for place, rows in groups.items()}
    used = {claim.pk for rows in groups.values() for claim in rows}
    years = [year for year, _nature in found]
    rows = [_year(year, found, known) for year in range(min(years), max(years) + 1)] if years else []
    others = [
        figure
        for figure in figures(indicator.pk, known)
        if not {claim.pk for claim in (figure.best, *figure.others)} <= used
    ]
    return Series(indicator=indicator, years=rows, others=others)


def _year(year: int, found: dict[tuple[int, str], Figure], known: AsKnown) -> Year:
    observed = found.get((year, Nature.OBSERVED.value))
    aims = (found.get((year, nature)) for nature in (Nature.TARGET, Nature.PLAN, Nature.FORECAST))
    target = next((figure for figure in aims if figure is not None), None)
    return Year(
        year=year, observed=observed, target=target, missing=observed is None and year < known.day.year
    )


def _year_of(claim: Claim, indicator: Indicator) -> int | None:
    """The year a claim speaks of: the whole of it, or one day in it; None for anything else."""
    start, end = claim.about_from, claim.about_to
    if claim.scope or claim.low is None or start is None or end is None or start.year != end.year:
        return None
    if not same_dimension(claim.unit, indicator.unit):
        return None
    days = (end - start).days + 1
    return end.year if days == 1 or days >= FULL_YEAR_DAYS else None


def _main_attribute(claims: Iterable[Claim]) -> str:
    counts = Counter(claim.attribute_id for claim in claims)
    return min(counts, key=lambda code: (-counts[code], code), default="")
