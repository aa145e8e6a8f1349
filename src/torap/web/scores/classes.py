"""A reference class as a curve, a sentence, a rule and the promises in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import MilestoneState, States, states_named
from torap.engines.reference.curve import CONFIDENCE
from torap.rules.known import AsKnown
from torap.runs.selectors import ClassLine, CurvePoint
from torap.web import formats
from torap.web.presenters.class_words import class_words
from torap.web.presenters.links import known_link
from torap.web.presenters.spans import span_words
from torap.web.scores.score import percent

DAYS_PER_MONTH = 30.4375
LEVEL = round(CONFIDENCE * 100)  # of 100
MOST_STEPS = 200
CSV_HEADER = (
    "class",
    "name",
    "broader_class",
    "n",
    "reached",
    "not_known_to_be_reached",
    "own_weight",
    "median_lead_days",
    "kept_share",
    "p50_days_after_promise",
    "p80_days_after_promise",
    "not_before",
    "known_on",
    "invented",
)
CURVE_HEADER = ("months_after_promise", "share_not_reached", "low", "high", "at_risk", "reached")


def class_rows(classes: Iterable[ClassLine], known: AsKnown) -> list[dict[str, Any]]:
    """Classes as rows, the broadest first, each under the one it leans on."""
    by_code = {one.code: one for one in classes}
    return [class_row(one, known) | {"depth": _depth(one, by_code)} for one in _nested(by_code)]


def class_row(one: ClassLine, known: AsKnown) -> dict[str, Any]:
    """One class as a row."""
    return {
        "code": one.code,
        "name": class_words(one.code),
        "href": known_link(known, "reference_class", one.code, invented="1" if one.invented else None),
        "n": one.n,
        "events": one.events,
        "censored": one.censored,
        "kept": percent(one.kept_share),
        "p50": quantile_words(one, 0.5),
        "p80": quantile_words(one, 0.8),
        "weight": percent(one.weight),
        "line": one,
    }


def _nested(by_code: Mapping[str, ClassLine]) -> list[ClassLine]:
    """Every class followed by those that lean on it."""
    under: dict[str, list[ClassLine]] = {}
    for one in by_code.values():
        under.setdefault(one.parent if one.parent in by_code else "", []).append(one)
    found: list[ClassLine] = []

    def walk(code: str) -> None:
        for one in sorted(under.get(code, []), key=lambda row: (-row.n, row.code)):
            found.append(one)
            walk(one.code)

    walk("")
    return found


def _depth(one: ClassLine, by_code: Mapping[str, ClassLine]) -> int:
    depth, parent = 0, one.parent
    while parent in by_code and depth < 5:
        depth, parent = depth + 1, by_code[parent].parent
    return depth


def later_words(days: float | None) -> str:
    """How long after the promised day: `11 months later`, `2 months earlier`, `on the day`."""
    if days is None:
        return _("beyond the horizon")
    whole = round(days)
    if whole == 0:
        return _("on the day")
    time = span_words(abs(whole))
    return (_("%(time)s later") if whole > 0 else _("%(time)s earlier")) % {"time": time}


def quantile_words(one: ClassLine, share: float) -> str:
    """How long after the promised day; of what lies beyond anything seen, how long at least."""
    days = one.quantiles.get(share)
    return at_least_words(days) if days is not None and share in one.extrapolated else later_words(days)


def at_least_words(days: float) -> str:
    """How long after the promised day at the earliest."""
    whole = round(days)
    if whole == 0:
        return _("not before the day")
    time = {"time": span_words(abs(whole))}
    return (_("at least %(time)s later") if whole > 0 else _("at most %(time)s earlier")) % time


def sentence(one: ClassLine) -> str:
    """What the class says of a promise of its kind, in words."""
    if one.kept_share is None:
        return _("No promise of this class, nor of any broader one, is known to have been reached.")
    kept = _("Of 100 promises of this class %(count)s are reached by their day.") % {
        "count": formats.number(round(one.kept_share * 100), 0)
    }
    half, four = quantile_words(one, 0.5), quantile_words(one, 0.8)
    if half == four and 0.5 in one.extrapolated:
        return f"{kept} " + _("Half are reached %(half)s; of four of five no more is known.") % {"half": half}
    return f"{kept} " + _("Half are reached %(half)s, four of five %(four)s.") % {"half": half, "four": four}


def smallness(one: ClassLine) -> str:
    """How little the class knows, said aloud."""
    counted = {"events": formats.number(one.events, 0)}
    words = ngettext(
        "It holds %(count)s promise; reached as far as is known: %(events)s.",
        "It holds %(count)s promises; reached as far as is known: %(events)s.",
        one.n,
    ) % (counted | {"count": formats.number(one.n, 0)})
    if one.events < 10:
        words += " " + _("That is few: the curve is a rough guide, and its interval is wide.")
    return words


def leaning(one: ClassLine) -> str:
    """How far a small class leans on the broader one."""
    if not one.parent:
        return ""
    words = _("Its own promises weigh %(own)s, the broader class the rest: few promises say little.")
    return words % {"own": percent(one.weight)}


def beyond(one: ClassLine) -> str:
    """That a part of what it says lies beyond what was ever seen."""
    if not one.extrapolated:
        return ""
    return _(
        "Later than any promise of the kind is known to have been reached lie %(shares)s: of them is told "
        "only how late they are at least. For chances the curve is carried on by a rule."
    ) % {"shares": ", ".join(f"P{round(share * 100)}" for share in one.extrapolated)}


def curve_chart(one: ClassLine, broader: ClassLine | None) -> dict[str, Any]:
    """The curve with its interval, that of the broader class, the promised day at zero."""
    return {
        "level": LEVEL,
        "invented": one.invented,
        "curve": curve_points(one.curve),
        "broader": curve_points(broader.curve) if broader else [],
        "marker": 0,
        "labels": {
            "along": _("months after the promised day"),
            "up": _("not yet reached"),
            "curve": _("this class"),
            "interval": _("%(level)s of 100 such intervals hold the truth") % {"level": LEVEL},
            "broader": _("the broader class"),
            "marker": _("the promised day"),
            "at_risk": _("promises still watched"),
            "open": _("not yet reached:"),
            "months": _("mo"),
        },
    }


def curve_points(curve: Iterable[CurvePoint]) -> list[dict[str, Any]]:
    """Steps in months; before the first of them nothing is reached."""
    points = [
        {
            "t": round(one.at / DAYS_PER_MONTH, 2),
            "s": one.share,
            "low": one.low,
            "high": one.high,
            "at_risk": one.at_risk,
        }
        for one in drawn(curve)
    ]
    if not points:
        return []
    start = {"t": min(points[0]["t"] - 1, -1), "s": 1.0, "low": 1.0, "high": 1.0}
    return [start | {"at_risk": points[0]["at_risk"]}, *points]


def drawn(curve: Iterable[CurvePoint]) -> list[CurvePoint]:
    """The steps a drawing and its table show: of a long curve so many, first and last among them. The
    download has them all."""
    points = list(curve)
    if len(points) <= MOST_STEPS:
        return points
    every = (len(points) - 1) / (MOST_STEPS - 1)
    return [points[round(number * every)] for number in range(MOST_STEPS)]


def states_of_members(members: Iterable[Mapping[str, Any]], known: AsKnown) -> States:
    """What is known of the milestones and instructions among promises of a class. Queries as
    `states_named`."""
    keys = [row["key"].partition(":") for row in members]
    return states_named(
        known,
        milestone_codes=[code for kind, _colon, code in keys if kind == "milestone"],
        instruction_codes=[code for kind, _colon, code in keys if kind == "instruction"],
    )


def member_rows(
    members: Iterable[Mapping[str, Any]],
    states: Iterable[MilestoneState],
    titles: Mapping[str, str],
    known: AsKnown,
) -> list[dict[str, Any]]:
    """Promises of a class: what, when said, for when, what became of it."""
    by_key = {f"milestone:{state.code}": state for state in states}
    return [_member(row, by_key.get(row["key"]), titles, known) for row in members]


def _member(
    row: Mapping[str, Any], state: MilestoneState | None, titles: Mapping[str, str], known: AsKnown
) -> dict[str, Any]:
    said, promised, until = (dt.date.fromisoformat(row[key]) for key in ("said", "promised", "until"))
    name, href = row["key"], ""
    if state is not None:
        name = f"{state.subject.name}: {state.milestone.name}"
        href = known_link(known, "milestone", state.code)
    elif row["key"] in titles:
        code = row["key"].partition(":")[2]
        name, href = titles[row["key"]], known_link(known, "instruction", code)
    slip = (until - promised).days
    if row["done"]:
        became = _("reached, %(when)s") % {"when": later_words(slip)}
    else:
        became = _("not known to be reached by %(day)s") % {"day": formats.day(until)}
    return {
        "name": name,
        "href": href,
        "said": said,
        "promised": promised,
        "until": until,
        "done": row["done"],
        "became": became,
    }


def csv_rows(classes: Iterable[ClassLine]) -> list[list[Any]]:
    """Classes as rows of a download."""
    return [
        [
            one.code,
            class_words(one.code),
            one.parent,
            one.n,
            one.events,
            one.censored,
            one.weight,
            one.lead_days,
            one.kept_share,
            one.quantiles.get(0.5),
            one.quantiles.get(0.8),
            [f"p{round(share * 100)}" for share in one.extrapolated],
            one.known_on,
            one.invented,
        ]
        for one in classes
    ]


def table_points(one: ClassLine) -> list[dict[str, Any]]:
    """The curve as rows of the table beside it."""
    return [
        {
            "t": point.at / DAYS_PER_MONTH,
            "share": percent(point.share),
            "low": percent(point.low),
            "high": percent(point.high),
            "at_risk": point.at_risk,
            "events": point.events,
        }
        for point in drawn(one.curve)
    ]


def curve_rows(one: ClassLine) -> list[list[Any]]:
    """The curve as rows of a download."""
    return [[round(p.at / DAYS_PER_MONTH, 2), p.share, p.low, p.high, p.at_risk, p.events] for p in one.curve]
