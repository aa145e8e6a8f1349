"""National figures as rows and charts. A year nobody measured stays a gap, in tables and in drawings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.publish.wording import fact_words
from torap.registry.models import Claim, Indicator
from torap.registry.selectors import Figure, Series, Year
from torap.rules.errors import RulesError
from torap.rules.gaps import gap_stands
from torap.rules.known import AsKnown
from torap.rules.units import convert
from torap.web.presenters import units
from torap.web.presenters.figures import FigureRow, claim_line, claim_words, figure_row
from torap.web.presenters.invented import of_reality
from torap.web.presenters.links import known_link

LIST_HEADER = (
    "code",
    "name",
    "programme",
    "unit",
    "measured",
    "measured_for",
    "target",
    "target_for",
    "invented",
)
SERIES_HEADER = (
    "year",
    "nature",
    "low",
    "high",
    "unit",
    "qualifier",
    "said",
    "publisher",
    "address",
    "missing",
    "invented",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """What a table shows of one national figure; `observed` and `target` are None where nothing is known."""

    code: str
    name: str
    href: str
    unit: str
    programme: str
    programme_code: str
    observed: FigureRow | None
    target: FigureRow | None
    observed_words: str
    target_words: str
    gap: str
    contradictions: int
    invented: bool


def indicator_rows(
    indicators: Iterable[Indicator], figures: Mapping[int, Sequence[Figure]], known: AsKnown
) -> list[IndicatorRow]:
    """Indicators as rows, in the order given."""
    return [_row(indicator, figures.get(indicator.pk, ()), known) for indicator in indicators]


def gap_now(indicator: Indicator, figures: Iterable[Figure]) -> str:
    """What is not known of a figure; empty when a year it names has been measured since it was noted."""
    claims = [claim for row in figures for claim in (row.best, *row.others)]
    measured = {
        claim.about_to.year
        for claim in claims
        if claim.nature == "observed" and not claim.scope and claim.about_to is not None
    }
    return indicator.gap if gap_stands(indicator.gap_en, measured) else ""


def gap_of_series(series: Series) -> str:
    """As `gap_now`, by the years of a series."""
    measured = [year.year for year in series.years if year.observed is not None]
    return series.indicator.gap if gap_stands(series.indicator.gap_en, measured) else ""


def _row(indicator: Indicator, figures: Sequence[Figure], known: AsKnown) -> IndicatorRow:
    figures = of_reality(figures, indicator.invented)
    numbers = [row for row in figures if row.best.low is not None]
    observed = _latest([row for row in numbers if row.nature == "observed"])
    target = _next([row for row in numbers if row.nature != "observed"], known)
    programme = indicator.programme
    return IndicatorRow(
        code=indicator.code,
        name=indicator.name,
        href=known_link(known, "indicator", indicator.code),
        unit=units.unit_label(indicator.unit),
        programme=programme.name if programme else "",
        programme_code=programme.code if programme else "",
        observed=figure_row(observed, known) if observed else None,
        target=figure_row(target, known) if target else None,
        observed_words=claim_words(observed.best) if observed else "",
        target_words=claim_words(target.best) if target else "",
        gap=gap_now(indicator, figures),
        contradictions=sum(len(row.contradictions) for row in figures),
        invented=indicator.invented,
    )


def _latest(figures: Sequence[Figure]) -> Figure | None:
    """The newest measurement: of the whole before any part."""
    return max(
        figures,
        key=lambda row: (not row.scope, row.best.about_to or row.best.said_to, row.best.said_to),
        default=None,
    )


def _next(figures: Sequence[Figure], known: AsKnown) -> Figure | None:
    """The nearest aim still ahead, else the last that has passed; targets before plans before forecasts."""
    ahead = [row for row in figures if (row.best.about_to or dt.date.max) >= known.day]
    natures = ("target", "plan", "forecast")
    if ahead:
        return min(
            ahead,
            key=lambda row: (natures.index(row.nature), row.best.about_to or dt.date.max, row.scope),
        )
    return max(figures, key=lambda row: row.best.about_to or row.best.said_to, default=None)


def by_programme(rows: Iterable[IndicatorRow]) -> list[dict[str, Any]]:
    """Rows under the headings of their programmes; those without one at the end."""
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = groups.setdefault(
            row.programme_code,
            {
                "name": row.programme or _("Other figures"),
                "code": row.programme_code,
                "table_id": f"figures-{row.programme_code or 'other'}",
                "rows": [],
            },
        )
        group["rows"].append(row)
    return sorted(groups.values(), key=lambda group: (not group["code"], group["name"]))


def list_csv(rows: Iterable[IndicatorRow]) -> list[list[Any]]:
    """National figures as rows of a download."""
    return [
        [
            row.code,
            row.name,
            row.programme,
            row.unit,
            row.observed_words,
            row.observed.best.about if row.observed else "",
            row.target_words,
            row.target.best.about if row.target else "",
            row.invented,
        ]
        for row in rows
    ]


def year_rows(series: Series, known: AsKnown) -> list[dict[str, Any]]:
    """The years as rows: measured, aimed at, or plainly missing."""
    return [
        {
            "year": year.year,
            "observed": figure_row(year.observed, known) if year.observed else None,
            "target": figure_row(year.target, known) if year.target else None,
            "missing": year.missing,
            "ahead": year.year >= known.day.year,
        }
        for year in series.years
    ]


def target_chart(series: Series, known: AsKnown) -> dict[str, Any]:
    """Measured bars against target bands; a missing year is an outline."""
    unit = series.indicator.unit
    return {
        "unit": units.unit_label(unit),
        "years": [_chart_year(year, unit, known) for year in series.years],
        "labels": chart_labels(),
    }


def chart_labels() -> dict[str, str]:
    """The words of the chart in the reader's language."""
    return {"observed": _("measured"), "target": _("target"), "no_data": _("no data")}


def _chart_year(year: Year, unit: str, known: AsKnown) -> dict[str, Any]:
    low, high = _span(year.observed, unit)
    value = _number(year.observed.best, unit, "low") if year.observed else None
    target = year.target.best if year.target else None
    shown = year.observed or year.target
    return {
        "year": year.year,
        "value": value,
        "low": low,
        "high": high,
        "target_low": _number(target, unit, "low") if target else None,
        "target_high": _number(target, unit, "high") if target else None,
        "note": claim_words(shown.best) if shown else _("no data"),
        "href": known_link(known, "source", shown.best.source.code) if shown else "",
    }


def _span(figure: Figure | None, unit: str) -> tuple[float | None, float | None]:
    """Between which values claims about one year differ; nothing where they agree."""
    if figure is None or not figure.contradictions:
        return None, None
    claims = [claim for item in figure.contradictions for claim in item.members]
    ends = [
        end for claim in claims for name in ("low", "high") if (end := _number(claim, unit, name)) is not None
    ]
    return min(ends, default=None), max(ends, default=None)


def _number(claim: Claim, unit: str, end: str) -> float | None:
    """One end of a claim's value in the indicator's unit; None where it has none or cannot be converted."""
    value: Decimal | None = getattr(claim, end)
    if value is None:
        value = claim.low
    if value is None:
        return None
    try:
        return float(convert(value, claim.unit, unit))
    except RulesError:
        return None


def chart_words(series: Series) -> str:
    """The chart in one sentence, for those who do not see it."""
    measured = sum(1 for year in series.years if year.observed)
    if not series.years:
        return _("No figure of a whole year is known.")
    words = ngettext("%(count)s year measured", "%(count)s years measured", measured) % {"count": measured}
    lacking = ngettext("%(count)s missing", "%(count)s missing", series.missing) % {"count": series.missing}
    return f"{series.years[0].year}–{series.years[-1].year}: {words}, {lacking}."


def aim_rows(series: Series, known: AsKnown) -> list[dict[str, Any]]:
    """Every target, plan and forecast ever named, by the year it speaks of and then by when it was said."""
    figures = [year.target for year in series.years if year.target is not None]
    figures += [figure for figure in series.others if figure.nature != "observed"]
    rows: dict[str, tuple[Claim, Figure]] = {}
    for figure in figures:
        for claim in (figure.best, *figure.others):
            rows[claim.key] = (claim, figure)
    ordered = sorted(
        rows.values(), key=lambda row: (row[0].about_to or dt.date.max, row[0].scope, row[0].said_to)
    )
    return [
        {
            "line": claim_line(claim, known),
            "scope": figure_row(figure, known).scope,
            "nature": figure_row(figure, known).nature,
            "is_best": claim.key == figure.best.key and len(figure.others) > 0,
        }
        for claim, figure in ordered
    ]


def measured_others(series: Series) -> list[Figure]:
    """Measured figures of part-years, parts, or other units."""
    return [figure for figure in series.others if figure.nature == "observed"]


def newest(series: Series) -> dt.date | None:
    """The day of the newest claim about the figure; an imprecise one counts by its earliest day."""
    figures = [
        figure for year in series.years for figure in (year.observed, year.target) if figure is not None
    ]
    figures += of_reality(series.others, series.indicator.invented)
    claims = [claim for figure in figures for claim in (figure.best, *figure.others)]
    return max((claim.said_from for claim in claims), default=None)


def series_csv(series: Series) -> list[list[Any]]:
    """The years as rows of a download; a missing year has empty values, never zero."""
    rows: list[list[Any]] = []
    for year in series.years:
        for nature, figure in (("observed", year.observed), ("target", year.target)):
            if figure is not None:
                claim = figure.best
                rows.append(
                    [
                        year.year,
                        claim.nature,
                        claim.low,
                        claim.high,
                        claim.unit,
                        claim.qualifier,
                        claim.said_to,
                        fact_words(claim.source.publisher),
                        claim.source.url,
                        False,
                        claim.invented,
                    ]
                )
            elif nature == "observed" and year.missing:
                rows.append(
                    [
                        *(year.year, "observed", None, None, series.indicator.unit, "", None, "", ""),
                        True,
                        series.indicator.invented,
                    ]
                )
    return rows


def subjects_of(series: Series) -> set[str]:
    """Whose targets the page of a national figure shows: its own, and those of the programme it measures."""
    programme = series.indicator.programme
    return {series.indicator.code} | ({programme.code} if programme else set())
