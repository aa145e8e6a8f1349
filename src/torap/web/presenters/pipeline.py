"""Investment by year against its target: what projects say, what measured years say, what nobody said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from torap.registry import selectors as registry
from torap.registry.models import MoneyStage, Project
from torap.rules.known import AsKnown
from torap.runs.selectors import Above, Below, Chance, Part, PassRate, PipelineView, Span
from torap.web import formats
from torap.web.presenters import units
from torap.web.presenters.forecasts import chance_words
from torap.web.presenters.links import known_link

UNIT = "bn USD"
DIGITS = 2
PARTS_SHOWN, NAMED = 100, 100
FAN = (10, 50, 80)
SMALL, TINY = 0.1, 0.001
LEAST = 1e-6  # a share of trials is never told as none
FLAT = 0.1  # of the target: sums below it are drawn on a scale of their own
CSV_HEADER = (
    "series",
    "year",
    "p10",
    "p20",
    "p50",
    "p80",
    "mean",
    "chance_low",
    "chance_high",
    "unit",
    "invented",
)

UNKNOWN: Mapping[str, Any] = {
    "no_amount": gettext_lazy("No amount was named: in no sum"),
    "no_exchange": gettext_lazy("No exchange rate of the day is known: in no sum"),
    "no_rate": gettext_lazy("Nothing is recorded of how such projects go on: in no sum"),
    "only_announced": gettext_lazy("Nothing firmer than an announcement"),
    "no_promise": gettext_lazy("No day of completion is promised"),
    "no_site": gettext_lazy("Nothing is known of when the site is ready"),
    "undated": gettext_lazy("Spent in years nobody named: in no year"),
}
ONLY_COUNTED = frozenset({"no_promise", "no_site", "only_announced", "undated"})


def section(view: PipelineView, known: AsKnown, code: str, *, assumed: bool = True) -> dict[str, Any]:
    """What the pages of the indicator `code` show: headline, drawings, years, goal. `assumed`: with the
    declared assumptions, or only by what is recorded.
    """
    below = view.below if assumed else view.recorded
    apart = {"invented": "1"} if view.invented else {}
    page = view.target_code or code
    return {
        "view": view,
        "assumed": assumed,
        "headline": headline(view),
        "below_chart": fan_chart(below.yearly, view, targets=not dwarfed(below.yearly, view)),
        "below_scale": scale_words(below.yearly, view),
        "below_words": fan_words(below.yearly),
        "sum_chart": fan_chart(below.cumulative, view, targets=False),
        "above_chart": fan_chart(view.above.yearly, view) if view.above else None,
        "above_words": fan_words(view.above.yearly) if view.above else "",
        "years": year_rows(below, view.above, view),
        "goal": goal_words(below, view),
        "href": known_link(known, "indicator_pipeline", page, **apart),
        "csv": known_link(known, "indicator_pipeline", page, format="csv", **apart),
    }


def headline(view: PipelineView) -> list[str]:
    """What is known and what is not, in plain sentences, before any number is drawn."""
    below = view.below
    named = units.quantity(_shown(below.named), UNIT)
    words = []
    if view.goal_value is not None:
        goal = units.quantity(_shown(view.goal_value), UNIT)
        params = {"named": named, "goal": goal, "year": view.goal_year}
        words.append(_("Named projects stand for %(named)s of the %(goal)s aimed at by %(year)s.") % params)
    else:
        words.append(_("Named projects stand for %(named)s.") % {"named": named})
    words += _gaps(below)
    if view.goal_value is not None and below.named < view.goal_value:
        words.append(
            _(
                "Named projects alone cannot reach it, and what all others will spend is in no source: "
                "from projects it cannot be told whether the goal is reached."
            )
        )
    return words


def _gaps(below: Below) -> list[str]:
    none, early = len(below.unknown["no_amount"]), len(below.unknown["only_announced"])
    told = ngettext(
        "%(count)s of %(all)s projects has no amount that anybody named.",
        "%(count)s of %(all)s projects have no amount that anybody named.",
        none,
    ) % {"count": none, "all": below.projects}
    firm = ngettext(
        "%(count)s has nothing firmer than an announcement.",
        "%(count)s have nothing firmer than an announcement.",
        early,
    ) % {"count": early}
    return ([told] if none else []) + ([firm] if early else [])


def goal_chance(share: float) -> str:
    """A chance counted in trials: that none of them reached it does not say that nothing can."""
    return chance_words(max(share, LEAST))


def goal_words(below: Below, view: PipelineView) -> list[str]:
    """The chance of the goal, from below and from above, each with what it rests on."""
    words = []
    if below.goal is not None:
        chance = {"chance": goal_chance(below.goal)}
        words.append(_("Chance that named projects alone reach the goal: %(chance)s.") % chance)
    above = view.above
    if above is not None and above.goal is not None:
        params = {
            "n": above.n,
            "chance": goal_chance(above.goal),
            "low": formats.number(_shown(above.sums.p10[-1], 0)),
            "high": units.quantity(_shown(above.sums.p80[-1], 0), UNIT),
        }
        words.append(
            _(
                "By the %(n)s measured years alone the chance is %(chance)s; the sum would lie between "
                "%(low)s (P10) and %(high)s (P80). So few years say little, and they measure something "
                "wider than the named projects: the two are never added."
            )
            % params
        )
    return words


def fan_chart(span: Span, view: PipelineView, *, targets: bool = True) -> dict[str, Any]:
    """The data of the drawing `fan`; lists hold one value a year, None where there is none."""
    measured = view.above.measured if view.above and targets else {}
    aims = view.targets if targets else {}
    return {
        "unit": units.unit_label(UNIT),
        "years": list(span.years),
        "p10": list(span.p10),
        "p50": list(span.p50),
        "p80": list(span.p80),
        "mean": list(span.mean),
        "target_low": [aims[year][0] if year in aims else None for year in span.years],
        "target_high": [aims[year][1] if year in aims else None for year in span.years],
        "realised": [measured.get(year) for year in span.years],
        "base": view.known_on.year,
        "notes": [_note(span, index) for index in range(len(span.years))],
        "labels": {
            **{f"p{share}": f"P{share}" for share in FAN},
            "mean": _("mean"),
            "band": "P10–P80",
            "target": _("target"),
            "realised": _("measured"),
            "no_data": _("no data"),
        },
    }


def dwarfed(span: Span, view: PipelineView) -> bool:
    """Whether the sums are so small beside the target that on one scale they would lie flat on the axis."""
    aims = [view.targets[year][0] for year in span.years if year in view.targets]
    return bool(aims) and max(span.p80, default=0.0) < FLAT * min(aims)


def scale_words(span: Span, view: PipelineView) -> str:
    """That the target lies far above the drawing, and where; empty where it is drawn."""
    if not dwarfed(span, view):
        return ""
    aims = [view.targets[year] for year in span.years if year in view.targets]
    target = _range(min(low for low, _high in aims), max(high for _low, high in aims))
    return _("Drawn on a scale of its own: the target, %(target)s a year, lies far above it.") % {
        "target": f"{target} {units.unit_label(UNIT)}"
    }


def _note(span: Span, index: int) -> str:
    params = {name: _amount(getattr(span, name)[index]) for name in ("p10", "p50", "p80")}
    return _("%(year)s: P10 %(p10)s, P50 %(p50)s, P80 %(p80)s") % {"year": span.years[index], **params}


def fan_words(span: Span) -> str:
    """The drawing in one sentence, for those who do not see it."""
    return _("%(first)s–%(last)s: P50 from %(low)s to %(high)s.") % {
        "first": span.years[0],
        "last": span.years[-1],
        "low": _amount(min(span.p50)),
        "high": units.quantity(_shown(max(span.p50)), UNIT),
    }


def year_rows(below: Below, above: Above | None, view: PipelineView) -> list[dict[str, Any]]:
    """One row a year: the projects, the measured years, the target, and the chances to reach it."""
    from_projects = {row.year: row for row in below.chances}
    from_years = {row.year: row for row in above.chances} if above else {}
    rows = []
    for index, year in enumerate(below.yearly.years):
        target = view.targets.get(year)
        rows.append(
            {
                "year": year,
                "past": year < view.known_on.year,
                "below": _cells(below.yearly, index),
                "mean": _amount(below.yearly.mean[index]),
                "above": _cells(above.yearly, index) if above else None,
                "target": _range(*target) if target else "",
                "below_chance": _chance(from_projects.get(year)),
                "above_chance": _chance(from_years.get(year)),
            }
        )
    return rows


def _cells(span: Span, index: int) -> dict[str, str]:
    kept = {name: getattr(span, name) for name in ("p10", "p20", "p50", "p80")}
    return {name: _amount(values[index]) if values else "" for name, values in kept.items()}


def _chance(row: Chance | None) -> str:
    return chance_words(row.low) if row else ""


def _range(low: float, high: float) -> str:
    ends = [formats.number(_shown(low)), formats.number(_shown(high))]
    return ends[0] if low == high else "–".join(ends)


def part_rows(below: Below, known: AsKnown) -> list[dict[str, Any]]:
    """What each project brings, most first; of a large network the first hundred."""
    shown = below.parts[:PARTS_SHOWN]
    names = registry.subject_map([part.code for part in shown])
    return [_part(part, names[part.code].name, known) for part in shown]


def _part(part: Part, name: str, known: AsKnown) -> dict[str, Any]:
    total = sum(part.years)
    return {
        "code": part.code,
        "name": name,
        "href": known_link(known, "project", part.code),
        "stage": str(MoneyStage(part.stage).label),
        "basis": _("as its milestones show") if part.stage_basis == "milestone" else "",
        "since": part.since,
        "amount": _amount(part.amount),
        "said": units.money(Decimal(str(part.value)), part.currency),
        "rate": rate_words(part),
        "brings": _amount(total),
        "starts": chance_words(part.starts),
        "assumed": part.basis == "assumed",
        "undated": _amount(part.undated) if part.undated else "",
        "unspent": _amount(part.unspent) if _amount(part.unspent) != _amount(0.0) else "",
    }


def rate_words(part: Part) -> str:
    """By which rate the amount was turned into dollars; empty when it was named in them."""
    if part.rate_rule == "dated_rate" and part.rate_on is not None:
        return _("rate of %(day)s") % {"day": formats.day(part.rate_on)}
    if part.rate_rule == "year_average":
        return _("average rate of %(year)s") % {"year": part.rate_year}
    if part.rate_rule == "older_rate":
        if part.rate_on is not None:
            return _("last rate known, of %(day)s") % {"day": formats.day(part.rate_on)}
        return _("last rate known, the average of %(year)s") % {"year": part.rate_year}
    return ""


def rate_rows(rates: Iterable[PassRate]) -> list[dict[str, Any]]:
    """How fast projects leave a stage, with n, or plainly as an assumption."""
    return [
        {
            "type": str(Project.Type(row.type).label),
            "stage": str(MoneyStage(row.stage).label),
            "mean": formats.number(_shown(row.mean)),
            "low": formats.number(_shown(row.low)),
            "high": formats.number(_shown(row.high)),
            "n": row.n,
            "watched": formats.number(_shown(row.watched, 1)),
            "assumed": row.assumed,
        }
        for row in rates
    ]


def unknown_rows(below: Below, view: PipelineView, known: AsKnown) -> list[dict[str, Any]]:
    """What nobody said, with the projects it is unknown of."""
    counted = {part.code for part in below.parts}
    found = {**below.unknown, "no_exchange": view.no_exchange}
    codes = {code for name in UNKNOWN for code in found.get(name, ())}
    names = registry.subject_map(codes)
    rows = []
    for name, words in UNKNOWN.items():
        wanted = [code for code in found.get(name, ()) if name not in ONLY_COUNTED or code in counted]
        if name == "no_amount":
            wanted = [code for code in wanted if code not in view.no_exchange]
        if wanted:
            things = sorted((names[code].name, known_link(known, "project", code)) for code in wanted)
            rows.append({"what": str(words), "count": len(things), "things": things[:NAMED]})
    return rows


def pipeline_csv(view: PipelineView) -> list[list[Any]]:
    """Years of every series as rows of a download."""
    rows: list[list[Any]] = []
    series = [("projects", view.below), ("projects_recorded_only", view.recorded)]
    for name, below in series:
        rows += _csv(name, below.yearly, below.chances, view)
        rows += _csv(f"{name}_cumulative", below.cumulative, (), view)
    if view.above is not None:
        rows += _csv("measured_years", view.above.yearly, view.above.chances, view)
        rows += _csv("measured_years_cumulative", view.above.sums, (), view)
    return rows


def _csv(name: str, span: Span, chances: Iterable[Chance], view: PipelineView) -> list[list[Any]]:
    by_year = {row.year: row for row in chances}
    rows = []
    for index, year in enumerate(span.years):
        chance = by_year.get(year)
        values = (
            span.p10[index],
            span.p20[index] if span.p20 else None,
            span.p50[index],
            span.p80[index],
            span.mean[index] if span.mean else None,
        )
        ends = (chance.low, chance.high) if chance else (None, None)
        rows.append([name, year, *values, *ends, UNIT, view.invented])
    return rows


def tile(view: PipelineView | None, known: AsKnown) -> dict[str, Any] | None:
    """One line for the situation: what is known of the goal, and where to read on."""
    if view is None or view.goal_value is None:
        return None
    params = {
        "named": units.quantity(_shown(view.below.named), UNIT),
        "goal": units.quantity(_shown(view.goal_value), UNIT),
    }
    words = _("Named projects stand for %(named)s of %(goal)s; it cannot be told from them.") % params
    if view.below.named >= view.goal_value and view.below.goal is not None:
        chance = {"chance": goal_chance(view.below.goal)}
        words = _("Chance that named projects alone reach the goal: %(chance)s.") % chance
    return {
        "words": words,
        "link": pgettext("link", "how investment may come"),
        "href": known_link(known, "indicator_pipeline", view.target_code),
    }


def _amount(value: float) -> str:
    """A sum in a table; what is small keeps two figures, what is smaller still is never shown as nothing."""
    if 0 < value < TINY:
        return f"< {formats.number(Decimal(str(TINY)), DIGITS + 1)}"
    if 0 < value < SMALL:
        return formats.number(_shown(value, DIGITS + 1), DIGITS + 1)
    return formats.number(_shown(value, DIGITS))


def _shown(value: float, digits: int = DIGITS) -> Decimal:
    """A figure as it is shown: two figures after the point, trailing noughts away."""
    shown = Decimal(str(round(value, digits)))
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown.normalize()
