"""The forecast of one date in full: what it rests on, why this date, what moves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.registry.selectors import subject_map
from torap.rules.known import AsKnown
from torap.runs.selectors import Cause, Why, WhyStep, tornado, why
from torap.web import formats
from torap.web.presenters.class_words import class_words
from torap.web.presenters.forecasts import (
    KINDS,
    ForecastWords,
    beyond_or,
    chance_words,
    forecasts_for,
    node_link,
    percentile_reasons,
    slip_words,
    subject_names,
)
from torap.web.presenters.links import known_link

SHOWN = 12  # things it waits for, beside the chain
WHAT: dict[str, Any] = {
    "body": gettext_lazy("pace of the body"),
    "contractor": gettext_lazy("pace of the contractor"),
    "supply": gettext_lazy("supply"),
    "budget": gettext_lazy("budget tranche"),
    "winter": gettext_lazy("winter of the region"),
    "class": gettext_lazy("luck of its kind"),
    "other": gettext_lazy("shared cause"),
    "activity": gettext_lazy("own pace"),
    "risk": gettext_lazy("risk"),
    "branch": gettext_lazy("schedule or kind"),
    "owner": gettext_lazy("work of a body"),
}


CAUSES_HEADER = ("what", "name", "days_at_best", "days_at_worst", "share_of_variance", "run")


def section(kind: str, code: str, known: AsKnown, *, invented: bool) -> dict[str, Any]:
    """What the page of a milestone or an instruction needs for its forecast."""
    key = f"{kind}:{code}"
    found = forecasts_for([key], known)
    words = found.get(key)
    return {
        "forecast": detail(words, known) if words else None,
        "no_run": not found.run,
        "reasons": percentile_reasons() if words else [],
        "what_if_url": known_link(known, "what_if", node=key, invented="1" if invented else None),
    }


def causes_table(kind: str, code: str, known: AsKnown) -> list[list[Any]]:
    """What moves a date as rows of a download; none without a forecast."""
    words = forecasts_for([f"{kind}:{code}"], known).get(f"{kind}:{code}")
    if words is None or words.basis in ("done", "none"):
        return []
    causes = tornado(words.line.run, words.key)
    names = _names(causes)
    return [
        [one.what, cause_name(one, names), one.low_days, one.high_days, one.share, words.line.run]
        for one in causes
    ]


def detail(words: ForecastWords, known: AsKnown) -> dict[str, Any]:
    """The section of a page about one forecast."""
    line = words.line
    context: dict[str, Any] = {
        "words": words,
        "facts": facts(words, known),
        "percentiles": percentiles(words),
        "rough": rough_words(words),
    }
    if line.basis in ("done", "none"):
        return context
    found = why(line.run, line.key)
    causes = tornado(line.run, line.key)
    names = _names(causes)
    subjects = subject_names(step.line for step in found.steps if step.line)
    return context | {
        "own": own_words(found),
        "chain": [step_row(step, subjects, line.subject, known) for step in chain_of(found)],
        "others": [
            step_row(step, subjects, line.subject, known)
            for step in sorted(found.steps, key=lambda one: -one.drives)
            if step.depth == 1 and not step.chain
        ][:SHOWN],
        "tornado": tornado_chart(causes, names, invented=line.invented) if causes else None,
        "causes": [cause_row(one, names) for one in causes],
    }


def chain_of(found: Why) -> list[WhyStep]:
    """The driving chain, the far end first: the order in which things have to come."""
    return sorted((step for step in found.steps if step.chain), key=lambda step: -step.depth)


def own_words(found: Why) -> str:
    """How often its own pace holds it, how often what it waits for."""
    if not any(step.depth == 1 for step in found.steps):
        return _("It waits for nothing else in the network: only its own pace decides.")
    return _("In %(own)s of trials its own pace decides, in the rest what it waits for.") % {
        "own": chance_words(found.own)
    }


def step_row(step: WhyStep, subjects: Mapping[str, str], own: str, known: AsKnown) -> dict[str, Any]:
    """One thing it waits for; with its subject where that is another one than `own`."""
    line = step.line
    subject = subjects.get(line.subject, "") if line and line.subject != own else ""
    return {
        "name": step.name if step.name.startswith(subject) or not subject else f"{subject}: {step.name}",
        "href": node_link(line, known) if line else "",
        "kind": str(KINDS.get(line.kind, "")) if line else "",
        "holder": line.holder.name if line and line.holder else "",
        "holder_href": known_link(known, "organisation", line.holder.code) if line and line.holder else "",
        "drives": chance_words(step.drives),
        "share": step.drives,
        "due": formats.day(line.due) if line and line.due else "",
        "done": formats.day(line.done_on) if line and line.done_on else "",
        "half": beyond_or(line.p50, line) if line and not line.done_on and line.basis != "none" else "",
        "lag": slip_words(round(step.lag_days)) if step.lag_days else "",
    }


def facts(words: ForecastWords, known: AsKnown) -> list[dict[str, str]]:
    """What a forecast says and rests on, in pairs."""
    line = words.line
    pairs = [
        {"name": _("Chance to hold the present promise"), "text": words.chance},
        {"name": _("Chance to hold the first promise"), "text": chance_words(line.chance_first)},
        {"name": _("Rests on"), "text": words.basis_words},
    ]
    if line.class_code:
        pairs.append(
            {
                "name": _("Reference class"),
                "text": _("%(name)s, n = %(count)s")
                % {"name": class_words(line.class_code), "count": formats.number(line.n, 0)},
                "href": words.class_href,
            }
        )
    pairs.append({"name": _("Run"), "text": line.run, "href": known_link(known, "run", line.run)})
    return [pair for pair in pairs if pair["text"]]


def percentiles(words: ForecastWords) -> list[dict[str, Any]]:
    """P10, P50, P80 and P90 side by side; none of what is reached or has no forecast."""
    line = words.line
    if line.basis in ("done", "none"):
        return []
    days = (("P10", line.p10, 0.1), ("P50", line.p50, 0.5), ("P80", line.p80, 0.8), ("P90", line.p90, 0.9))
    return [
        {"name": name, "text": beyond_or(day, line), "rough": line.extrapolated(share)}
        for name, day, share in days
    ]


def rough_words(words: ForecastWords) -> str:
    """That a percentile lies beyond what was ever seen of its kind."""
    return (
        _("Dashed: beyond what was ever seen of promises of its kind; it rests on the rule for the tail.")
        if words.line.basis not in ("done", "none") and words.line.extrapolated(0.9)
        else ""
    )


def cause_name(cause: Cause, names: Mapping[str, str]) -> str:
    """What moves the date: a body by its name, the rest by what it is."""
    key = cause.kind if cause.what == "driver" else cause.what
    what = str(WHAT.get(key, key))
    raw = cause.name or cause.id.partition(":")[2]
    name = names.get(raw, "") or (class_words(raw) if key == "class" else raw)
    if cause.what == "activity":
        return what
    return f"{what}: {name}" if name else what


def cause_row(cause: Cause, names: Mapping[str, str]) -> dict[str, str]:
    """A cause as a row of the table beside the drawing."""
    return {
        "name": cause_name(cause, names),
        "low": slip_words(round(cause.low_days)),
        "high": slip_words(round(cause.high_days)),
        "share": chance_words(cause.share),
    }


def tornado_chart(causes: Iterable[Cause], names: Mapping[str, str], *, invented: bool) -> dict[str, Any]:
    """The causes as the browser draws them."""
    return {
        "invented": invented,
        "rows": [
            {
                "name": cause_name(one, names),
                "low": one.low_days,
                "high": one.high_days,
                "share": one.share,
            }
            for one in causes
        ],
        "labels": {
            "low": _("when it goes best: earlier"),
            "high": _("when it goes worst: later"),
            "share": _("share of the spread"),
            "days": _("d"),
            "months": _("mo"),
        },
    }


def _names(causes: Iterable[Cause]) -> dict[str, str]:
    """Names of the bodies among the causes. One query, none without bodies."""
    codes = {one.name or one.id.partition(":")[2] for one in causes if one.what in ("driver", "owner")}
    return {code: row.name for code, row in subject_map(codes).items()} if codes else {}
