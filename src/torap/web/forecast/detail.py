"""The forecast of one date in full: what it rests on, why this date, what moves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.common.errors import NotFound
from torap.ledger.selectors import changed_since
from torap.registry.selectors import region_list
from torap.rules.known import AsKnown
from torap.runs.selectors import (
    ENGINE,
    Cause,
    ForecastLine,
    RunLine,
    Spread,
    Why,
    WhyStep,
    forecasts_beside,
    newest_run,
    run_made,
    spread,
    why,
)
from torap.web import formats
from torap.web.forecast.parting import bars, beyond_words, shares, shares_chart, told_as_shares
from torap.web.presenters.class_words import class_words
from torap.web.presenters.earlier import Dues, against, forecasts_now, present_dues, replaced
from torap.web.presenters.forecasts import (
    KINDS,
    ForecastWords,
    chance_words,
    day_words,
    forecast_words,
    full_name,
    line_name,
    node_link,
    percentile_words,
    sentence,
    slip_words,
    subject_names,
)
from torap.web.presenters.links import known_link
from torap.web.presenters.percentiles import percentile, percentile_reasons
from torap.web.presenters.replays import made_words, moment
from torap.web.presenters.spans import span_words

SHOWN = 12  # things it waits for, beside the chain
FAR_DAYS = 3652.5  # ten years: what moves a date by more rests on the rule for what nobody has seen
WHAT: dict[str, Any] = {
    "body": gettext_lazy("How well %(name)s works"),
    "contractor": gettext_lazy("Contractor: %(name)s"),
    "supply": gettext_lazy("Supply: %(name)s"),
    "budget": gettext_lazy("Budget: %(name)s"),
    "winter": gettext_lazy("Winter: %(name)s"),
    "class": gettext_lazy("How promises of its kind go: %(name)s"),
    "thing": gettext_lazy("What its milestones share: %(name)s"),
    "activity": gettext_lazy("Pace of: %(name)s"),
    "risk": gettext_lazy("Risk: %(name)s"),
    "branch": gettext_lazy("Schedule or kind: %(name)s"),
    "owner": gettext_lazy("All that %(name)s owes"),
}


SPREAD_HEADER = ("from", "to", "share_of_trials", "run")
CAUSES_HEADER = ("what", "name", "days_at_best", "days_at_worst", "share_of_variance", "run")


def section(
    kind: str, code: str, known: AsKnown, due: dt.date | None, *, invented: bool, shown: bool = False
) -> dict[str, Any]:
    """What the page of a milestone or an instruction needs for its forecast. `due`: the day in force on the
    page. `shown`: accepted evidence shows that it is reached. One query, two without one."""
    key = f"{kind}:{code}"
    words = forecasts_now({key: due}, known).get(key)
    if words is not None and words.basis == "done" and shown:
        words = replace(words, sentence=sentence(words.line, shown=True), mark="done_verified")
    return {
        "forecast": None
        if words is None
        else {
            "words": words,
            "facts": facts(words, known),
            "percentiles": percentiles(words),
            "rough": rough_words(words),
            "stale": stale_words(words),
        },
        "no_run": words is None and newest_run(known, invented=invented) is None,
        "reasons": percentile_reasons() if words else [],
        "why_url": known_link(known, "forecast_why", kind, code) if words and dated(words) else "",
        "what_if_url": what_if_link(words, known) if words and dated(words) else "",
    }


def stale_words(words: ForecastWords) -> str:
    """That something was recorded of a date after its forecast was made, so the two need not agree. One
    query."""
    made = words.line.made_at
    changed = changed_since(words.key, made) if made is not None else None
    if made is None or changed is None:
        return ""
    return _(
        "This forecast was made on %(made)s, before what was recorded here on %(changed)s. The next run, at "
        "most a day later, counts it in."
    ) % {"made": moment(made), "changed": moment(changed)}


def what_if_link(words: ForecastWords, known: AsKnown) -> str:
    """The builder of what-ifs with this date chosen."""
    return known_link(known, "what_if", node=words.key, invented="1" if words.invented else None)


def dated(words: ForecastWords) -> bool:
    """Whether a forecast has dates to explain."""
    return words.basis not in ("done", "none")


def foretold(kind: str, code: str, known: AsKnown) -> ForecastWords | None:
    """The forecast of one date with its full name; None while there is no run that could have it. NotFound
    where there is a run and the date is not in it."""
    key = f"{kind}:{code}"
    line = forecasts_beside([key], known).get(key)
    if line is not None:
        return forecast_words(line, known, subject_names([line]))
    if newest_run(known) is not None or newest_run(known, invented=True) is not None:
        raise NotFound("not_found", field="code", entity="forecast", value=key)
    return None


def explained(words: ForecastWords, known: AsKnown) -> dict[str, Any]:
    """Why this date: the histogram, what drives it, what moves it; against the days in force on the page."""
    line = words.line
    found, whole = why(line.run, line.key), spread(line.run, line.key)
    causes = causes_of(found)
    lines = [step.line for step in found.steps if step.line]
    names, subjects = cause_names(causes, known, lines)
    dues = present_dues([line, *lines], known)
    words = against(words, dues.get(line.key, line.due))
    parts = shares(whole, line, earlier=bool(words.earlier)) if told_as_shares(whole, line) else []
    return {
        "words": words,
        "run": line.run,
        "spread": spread_chart(whole, words) if whole.bins and not parts else None,
        "bins": bars(whole, line, earlier=bool(words.earlier)),
        "shares": shares_chart(parts) if parts else None,
        "beyond": beyond_words(whole),
        "older": older_engine(run_made(line.run)),
        "own": own_words(found),
        "chain": [step_row(step, subjects, line.subject, known, dues) for step in chain_of(found)],
        "others": [
            step_row(step, subjects, line.subject, known, dues)
            for step in sorted(found.steps, key=lambda one: -one.drives)
            if step.depth == 1 and not step.chain
        ][:SHOWN],
        "tornado_type": "bars" if far_words(causes) else "tornado",
        "tornado": moves_chart(causes, names, line.key, invented=line.invented) if causes else None,
        "causes": [cause_row(one, names, line.key) for one in causes],
        "far": far_words(causes),
        "moves_note": " ".join(one for one in (far_words(causes), overlap_words(causes)) if one),
    }


def older_engine(run: RunLine) -> str:
    """That drawings computed now from the input of a run need not agree with its dates: another engine made
    those."""
    if run.engine == ENGINE:
        return ""
    return _(
        "The dates of this run come from another version of the engine (%(engine)s); the drawings below are "
        "computed now and may differ from them until the next run."
    ) % {"engine": run.engine}


def causes_of(found: Why) -> list[Cause]:
    """What moves the date, by its share of the spread, else the widest first; what it waits for is apart.

    The share ranks: means rest on how far beyond anything seen the tail is drawn, which is only a rule.
    """
    causes = [one for one in found.line.causes if one.what not in {"link", "assumed"}]
    return sorted(without_echo(causes), key=lambda one: (-(one.share or 0.0), *_width(one)))[:SHOWN]


def _width(cause: Cause) -> tuple[float, str]:
    return cause.low_days - cause.high_days, cause.id


def without_echo(causes: Iterable[Cause]) -> list[Cause]:
    """The causes without those that tell another one over again: all that a body owes where it owes, of what
    moves this date, one thing only."""
    found = list(causes)
    bars = {(one.low_days, one.high_days, one.share) for one in found if one.what != "owner"}
    return [
        one for one in found if one.what != "owner" or (one.low_days, one.high_days, one.share) not in bars
    ]


def causes_rows(words: ForecastWords, known: AsKnown) -> list[list[Any]]:
    """What moves a date as rows of a download."""
    causes = causes_of(why(words.line.run, words.key))
    names, _subjects = cause_names(causes, known)
    return [
        [one.what, cause_name(one, names, words.key), one.low_days, one.high_days, one.share, words.line.run]
        for one in causes
    ]


def spread_rows(words: ForecastWords) -> list[list[Any]]:
    """The histogram as rows of a download."""
    found = spread(words.line.run, words.key)
    rows: list[list[Any]] = [
        [one.first, one.last, round(one.share, 6), found.run] for one in bars(found, words.line)
    ]
    if found.beyond > 0:  # what is not drawn: from the last day on
        rows.append([found.bins[-1].last if found.bins else None, None, found.beyond, found.run])
    return rows


def spread_chart(found: Spread, words: ForecastWords) -> dict[str, Any]:
    """How likely each date is, as the browser draws it."""
    line = words.line
    return {
        "invented": line.invented,
        "bins": [
            {
                "from": formats.iso(one.first),
                "to": one.last.isoformat(),
                "share": round(one.share, 5),
                "kept": one.kept,
                "words": one.words,
            }
            for one in bars(found, line, earlier=bool(words.earlier))
        ],
        "due": formats.iso(line.due),
        "first": formats.iso(line.first_due) if line.first_due != line.due else None,
        "p50": None if line.bound(50) else formats.iso(line.p50),
        "p80": None if line.bound(80) else formats.iso(line.p80),
        "p50_label": words.half,
        "p80_label": words.four,
        "today": line.known_on.isoformat(),
        "labels": {
            "due": _("promised when the run was made") if words.earlier else _("promised"),
            "first": _("first promised"),
            "p50": percentile(50),
            "p80": percentile(80),
            "today": _("today"),
            "share": _("share of trials:"),
            "kept": _("the day promised then is kept") if words.earlier else _("the promised day is kept"),
            "missed": _("it is missed"),
            "by_now": _("by now?"),
        },
    }


def chain_of(found: Why) -> list[WhyStep]:
    """The driving chain, the far end first: the order in which things have to come."""
    return sorted((step for step in found.steps if step.chain), key=lambda step: -step.depth)


def own_words(found: Why) -> str:
    """How often its own pace holds it, how often what it waits for."""
    if not any(step.depth == 1 and (step.line is None or step.line.basis != "done") for step in found.steps):
        return _("It waits for nothing else that is still open: only its own pace decides.")
    if found.own >= 0.9995:
        return _("What it waits for holds it up in none of the trials: only its own pace decides.")
    return _("In %(own)s of trials its own pace decides, in the rest what it waits for.") % {
        "own": chance_words(found.own)
    }


def step_row(
    step: WhyStep, subjects: Mapping[str, str], own: str, known: AsKnown, dues: Dues
) -> dict[str, Any]:
    """One thing it waits for; with its subject where that is another one than `own`. `dues`: the days in
    force now where the run knows an earlier day (see `present_dues`)."""
    line = step.line
    name = line_name(line) if line else step.name
    subject = subjects.get(line.subject, "") if line and line.subject != own else ""
    return {
        "name": name if name.startswith(subject) or not subject else f"{subject}: {name}",
        "href": node_link(line, known) if line else "",
        "kind": str(KINDS.get(line.kind, "")) if line else "",
        "holder": line.holder.name if line and line.holder else "",
        "holder_href": known_link(known, "organisation", line.holder.code) if line and line.holder else "",
        "drives": chance_words(step.drives),
        "share": step.drives,
        "due": formats.day(line.due) if line and line.due else "",
        "earlier": replaced(line, dues) if line else "",
        "done": formats.day(line.done_on) if line and line.done_on else "",
        "half": percentile_words(line, 50) if line and not line.done_on and line.basis != "none" else "",
        "lag": slip_words(round(step.lag_days)) if step.lag_days else "",
    }


def facts(words: ForecastWords, known: AsKnown) -> list[dict[str, str]]:
    """What a forecast says and rests on, in pairs."""
    line = words.line
    pairs = [
        {"name": present_name(line), "text": words.chance},
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
    pairs.append({"name": _("Made"), "text": made_words(line.known_on, line.made_at)})
    pairs.append({"name": _("Run"), "text": line.run, "href": known_link(known, "run", line.run)})
    return [pair for pair in pairs if pair["text"]]


def percentiles(words: ForecastWords) -> list[dict[str, Any]]:
    """P10, P50, P80 and P90 side by side, those of which the same is said as one; none of what is reached or
    has no forecast."""
    line = words.line
    if line.basis in ("done", "none"):
        return []
    return [
        {"name": ", ".join(name for name, _means in one.names), "text": one.text, "rough": one.rough}
        for one in day_words(line, (10, 50, 80, 90))
    ]


def rough_words(words: ForecastWords) -> str:
    """That a percentile lies beyond what was ever seen of its kind."""
    return (
        _("Dashed: later than any promise of its kind is known to have been reached; no day can be told.")
        if words.line.basis not in ("done", "none") and words.line.beyond
        else ""
    )


def cause_name(cause: Cause, names: Mapping[str, str], own: str) -> str:
    """What moves the date: a body by its name, the rest by what it is."""
    key = cause.kind if cause.what == "driver" else cause.what
    code = code_of(cause)
    if key == "activity" and code == own:
        return _("Its own pace")
    name = class_words(code) if key == "class" else names.get(code) or activity_name(code)
    return str(WHAT[key]) % {"name": name} if key in WHAT else name


def present_name(line: ForecastLine) -> str:
    """What the chance of the present promise is called: a day that has passed can be held no more."""
    if line.due is not None and line.due < line.known_on:
        return _("Chance that the present promise was kept in silence")
    return _("Chance to hold the present promise")


def activity_name(code: str) -> str:
    """What an activity of an attached schedule is called where only its number is known; else the code."""
    if not code.startswith("activity:"):
        return code
    return _("activity %(number)s of its schedule") % {"number": code.rpartition("/")[2]}


def code_of(cause: Cause) -> str:
    """What a cause is about: a body, a region, a class, another date."""
    return cause.node or cause.name or cause.id


def cause_row(cause: Cause, names: Mapping[str, str], own: str) -> dict[str, str]:
    """A cause as a row of the table beside the drawing."""
    return {
        "name": cause_name(cause, names, own),
        "low": reach_words(cause.low_days),
        "high": reach_words(cause.high_days),
        "share": chance_words(cause.share),
    }


def reach_words(days: float) -> str:
    """How far a cause moves the date; from ten years on no more exactly than that: `> +10 years`."""
    if abs(days) <= FAR_DAYS:
        return slip_words(round(days))
    return f"> {slip_words(round(FAR_DAYS))}" if days > 0 else f"< {slip_words(round(-FAR_DAYS))}"


def moves_chart(
    causes: Sequence[Cause], names: Mapping[str, str], own: str, *, invented: bool
) -> dict[str, Any]:
    """What moves a date as bars: days where they can be told; where means rest on the rule for the tail, the
    shares of the spread [%], which rank all the same."""
    if not far_words(causes):
        return tornado_chart(causes, names, own, invented=invented)
    return {
        "invented": invented,
        "rows": [
            {"name": cause_name(one, names, own), "value": round((one.share or 0.0) * 100, 1)}
            for one in causes
        ],
        "unit": "%",
        "labels": {"value": _("share of the spread")},
    }


def overlap_words(causes: Iterable[Cause]) -> str:
    """That shares of the spread hold one another, where they add up to more than all of it."""
    if sum(one.share or 0.0 for one in causes) <= 1.005:
        return ""
    words = _(
        "Shares of the spread overlap and add up to more than 100 %%: all that a body owes holds the paces "
        "of what it owes, and what causes do together counts with each of them."
    )
    return words % {}


def far_words(causes: Iterable[Cause]) -> str:
    """Why bars are shares and not days, where means rest on the tail."""
    if all(max(-one.low_days, one.high_days) <= FAR_DAYS for one in causes):
        return ""
    return _(
        "Bars are shares of the spread, not days: some causes move the mean by more than %(time)s. How much "
        "later than anything seen a date comes is only a rule, and trials that rest on it draw the mean far "
        "out."
    ) % {"time": span_words(round(FAR_DAYS))}


def tornado_chart(
    causes: Iterable[Cause], names: Mapping[str, str], own: str, *, invented: bool
) -> dict[str, Any]:
    """The causes as the browser draws them, in days."""
    return {
        "invented": invented,
        "rows": [
            {
                "name": cause_name(one, names, own),
                "low": one.low_days,
                "high": one.high_days,
                "low_words": slip_words(round(one.low_days)),
                "high_words": slip_words(round(one.high_days)),
                "share": one.share,
            }
            for one in causes
        ],
        "labels": {
            "low": _("when it goes best: earlier"),
            "high": _("when it goes worst: later"),
            "share": _("share of the spread"),
        },
    }


def cause_names(
    causes: Iterable[Cause], known: AsKnown, more: Iterable[ForecastLine] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the bodies, things, regions and other dates among the causes, by code; then of all subjects
    met, those of `more` forecasts among them. Three queries at most."""
    found = list(causes)
    lines = forecasts_beside([code_of(one) for one in found if one.node], known)
    named = {code_of(one) for one in found if one.what == "owner" or one.kind in {"body", "thing"}}
    subjects = subject_names([*lines.values(), *more], named)
    names = {code: subjects[code] for code in named if code in subjects}
    if any(one.kind == "winter" for one in found):
        names |= {row.code: row.name for row in region_list()}
    return names | {key: full_name(line, subjects) for key, line in lines.items()}, subjects
