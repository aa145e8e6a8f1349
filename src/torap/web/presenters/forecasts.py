"""A forecast in words: the days, the chance, what it rests on, or why there is none.

A forecast is never shown more exactly than it deserves: a month, or a day when it is near.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from torap.registry.models import UtilityKind
from torap.registry.selectors import subject_map
from torap.rules.known import AsKnown
from torap.runs.selectors import ForecastLine, coming_run, forecasts_beside, newest_run
from torap.web import formats
from torap.web.law.words import law_text
from torap.web.presenters.links import known_link
from torap.web.presenters.percentiles import percentile, percentile_means
from torap.web.presenters.statuses import evidenced_words, said_words
from torap.web.presenters.works import milestones_above

NEAR_DAYS = 75  # nearer than this a day is named, farther a month
EVEN, SMALL = 0.5, 0.2
HANGS = 0.05
SHOWN = "shown"  # of what is done: accepted evidence shows it

BASIS: dict[str, Any] = {
    "done": gettext_lazy("said to be reached"),
    "class": gettext_lazy("how promises of its kind went"),
    "schedule": gettext_lazy("its own schedule"),
    "blend": gettext_lazy("its schedule and how promises of its kind went"),
    "links": gettext_lazy("what it waits for"),
    "none": gettext_lazy("nothing to go by"),
}
REACHED = gettext_lazy("reached, as evidence shows")
KINDS: dict[str, Any] = {
    "milestone": gettext_lazy("milestone"),
    "instruction": gettext_lazy("instruction"),
    "utility": gettext_lazy("network of a place"),
    "plot": gettext_lazy("plot"),
    "activity": gettext_lazy("activity of a schedule"),
    "step": gettext_lazy("step of a procedure"),
    "target": gettext_lazy("target"),
}
KINDS_CAPITAL: dict[str, Any] = {
    "milestone": gettext_lazy("Milestones"),
    "instruction": gettext_lazy("Instructions"),
    "plot": gettext_lazy("Plots"),
    "utility": gettext_lazy("Networks of places"),
    "step": gettext_lazy("Steps of procedures"),
    "activity": gettext_lazy("Works of schedules"),
    "target": gettext_lazy("Targets"),
}
_PAGES = {"milestone": "milestone", "instruction": "instruction"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWords:
    """What is said of one percentile, or of neighbours of which the same is said. `names`: each as its name
    and what it means (empty where that is said elsewhere). `rough`: it lies beyond what was seen."""

    names: tuple[tuple[str, str], ...]
    text: str
    rough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastWords:
    """What a list or a page says of one forecast; empty texts where there is nothing to say.

    `mark`: late below one chance in five, at risk below an even one. `why_none`: why there is no date.
    """

    key: str
    kind: str
    kind_words: str
    name: str
    href: str
    holder_name: str
    holder_href: str
    due: str
    first: str
    half: str
    four: str
    days: tuple[DayWords, ...]
    chance: str
    chance_of_100: str
    share: float | None
    share_first: float | None
    passed: bool
    mark: str
    sentence: str
    basis: str
    basis_words: str
    class_href: str
    n: int
    why_none: str
    invented: bool
    line: ForecastLine
    said_words: str = ""
    evidence_words: str = ""
    assumed: str = ""
    earlier: str = ""  # that no chance is told, for the run knew another day than the page shows

    @property
    def held(self) -> str:
        """The chance in words that fit a cell: of a day that has passed, whether it was kept in silence."""
        return held_words(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """Forecasts of the dates of one page, by key. `absent`: why none is there at all: `computing` while a run
    is under way, `none` where none was made; empty otherwise."""

    words: Mapping[str, ForecastWords]
    absent: str = ""

    def get(self, key: str) -> ForecastWords | None:
        """The forecast of one node; None where it is in no run."""
        return self.words.get(key)


def forecasts_for(keys: Iterable[str], known: AsKnown) -> Forecasts:
    """The forecasts beside the dates of a page, which names the things already."""
    keys = tuple(keys)
    found = forecasts_beside(keys, known)
    words = {key: forecast_words(line, known) for key, line in found.items()}
    return Forecasts(words=words, absent="" if found or not keys else absence(known))


def absence(known: AsKnown) -> str:
    """Why a page has no forecast at all: empty where a run is there and merely does not know its dates. Two
    queries at most."""
    if newest_run(known) is not None:
        return ""
    coming = coming_run(known)
    return "computing" if coming is not None and coming.state in ("queued", "running") else "none"


def words_of(lines: Iterable[ForecastLine], known: AsKnown) -> list[ForecastWords]:
    """Forecasts as a list tells them, each with the name of what it is a date of. One query."""
    found = list(lines)
    names = subject_names(found)
    return [forecast_words(line, known, names) for line in found]


def subject_names(lines: Iterable[ForecastLine], more: Iterable[str] = ()) -> dict[str, str]:
    """Names of what the dates are dates of, and of `more` codes, by code; of works of schedules by their key.
    One query, none without codes; one more with works."""
    found = list(lines)
    codes = {line.subject for line in found if line.subject} | set(more)
    names = {code: row.name for code, row in subject_map(codes).items()} if codes else {}
    return names | milestones_above(line.key for line in found)


def full_name(line: ForecastLine, names: Mapping[str, str]) -> str:
    """`Aktau container hub: Construction started`; the name alone of what has no subject, or bears it."""
    subject, name = names.get(line.subject or line.key, ""), line_name(line)
    return name if not subject or name.startswith(subject) else f"{subject}: {name}"


def name_within(line: ForecastLine, names: Mapping[str, str]) -> str:
    """The full name inside a sentence: the text of an instruction is one itself and ends without its stop."""
    name = full_name(line, names)
    return name.removesuffix(".") if line.kind == "instruction" else name


def line_name(line: ForecastLine) -> str:
    """What a date is called; a step of a procedure as the law words it in the reader's language, a network by
    what it carries, a plot that it is ready."""
    if line.kind == "utility":
        return network_name(line.code)
    if line.kind == "plot":
        return _("%(plot)s is ready") % {"plot": line.name}
    return law_text(line.name) if line.kind == "step" else line.name


def network_name(code: str) -> str:
    """`network: gas`, of a code `PLACE/KIND`; with its day where more was promised (`PLACE/KIND/DAY`)."""
    _place, kind, day = [*code.split("/"), "", ""][:3]
    label = str(UtilityKind(kind).label) if kind in UtilityKind.values else kind
    name = _("network: %(kind)s") % {"kind": label.lower()}
    return f"{name}, {day}" if day else name


def network_kind(line: ForecastLine) -> str:
    """The kind of a network as the registry has it; empty of any other node."""
    return line.code.split("/")[1] if line.kind == "utility" and "/" in line.code else ""


def forecast_words(
    line: ForecastLine, known: AsKnown, subjects: Mapping[str, str] | None = None
) -> ForecastWords:
    """One forecast as a page tells it. `subjects`: names of what dates are dates of, by code."""
    dated = line.basis not in ("done", "none")
    return ForecastWords(
        key=line.key,
        kind=line.kind,
        kind_words=str(KINDS.get(line.kind, line.kind)),
        name=full_name(line, subjects or {}),
        href=node_link(line, known),
        holder_name=line.holder.name if line.holder else "",
        holder_href=known_link(known, "organisation", line.holder.code) if line.holder else "",
        due=formats.day(line.due) if line.due else "",
        first=formats.day(line.first_due) if line.first_due else "",
        half=percentile_words(line, 50) if dated else "",
        four=percentile_words(line, 80) if dated else "",
        days=day_words(line, (50, 80)) if dated else (),
        chance=chance_words(line.chance),
        chance_of_100=of_hundred(line.chance),
        share=line.chance,
        share_first=line.chance_first,
        passed=line.due is not None and line.due < line.known_on and not line.chance,
        mark=chance_mark(line),
        sentence=sentence(line),
        basis=line.basis,
        basis_words=str(REACHED if is_shown(line) else BASIS.get(line.basis, line.basis)),
        said_words=said_of(line),
        evidence_words=evidence_of(line),
        assumed=assumed_words(line) if dated else "",
        class_href=class_link(line, known),
        n=line.n,
        why_none=why_none(line),
        invented=line.invented,
        line=line,
    )


def is_shown(line: ForecastLine) -> bool:
    """Whether accepted evidence showed by the day of the run that it is reached."""
    return line.basis == "done" and line.done_by == SHOWN


def assumed_words(line: ForecastLine) -> str:
    """That a date hangs on time nobody named: the stages between, which must take some. Told of the gap that
    binds most often, with its own days, where that is in a twentieth of the trials: several may bind in one
    and the same trial, so their shares make no sum."""
    gaps = [one for one in line.causes if one.what == "assumed"]
    most = max(gaps, key=lambda one: one.share or 0.0, default=None)
    if most is None or (most.share or 0.0) < HANGS:
        return ""
    words = ngettext(
        "In %(count)s of 100 trials it hangs on %(days)s day that stages before it take at least: assumed, "
        "not said by anyone.",
        "In %(count)s of 100 trials it hangs on %(days)s days that stages before it take at least: assumed, "
        "not said by anyone.",
        most.assumed_days,
    )
    return words % {"count": of_hundred(most.share), "days": formats.number(most.assumed_days, 0)}


def held_words(line: ForecastLine) -> str:
    """`12 % to hold`; of a day that has passed, how likely it was kept without anybody saying so, or that it
    has passed; empty without a chance."""
    if line.chance is None:
        return ""
    if line.due is None or line.due >= line.known_on or line.basis == "done":
        return _("%(chance)s to hold") % {"chance": chance_words(line.chance)}
    return kept_in_silence(line.chance)


def kept_in_silence(chance: float | None) -> str:
    """How likely a day that has passed was kept without anybody saying so."""
    if not chance:
        return _("its day has passed")
    return _("may have been kept without anybody saying so: %(count)s of 100") % {"count": of_hundred(chance)}


def said_of(line: ForecastLine) -> str:
    """What was said last of a milestone or an instruction, as far as the run kept it."""
    return said_words(line.said) if line.kind in _PAGES and line.said is not None else ""


def evidence_of(line: ForecastLine) -> str:
    """What evidence supports of a date, as far as the run kept it: that it is reached, or nothing."""
    if line.done_by is None or (line.kind not in _PAGES and line.done_by != SHOWN):
        return ""
    return evidenced_words("accepted" if line.done_by == SHOWN else "none")


def node_link(line: ForecastLine, known: AsKnown) -> str:
    """The page of a node; of the place or project it belongs to when it has none of its own."""
    if line.kind in _PAGES:
        return known_link(known, _PAGES[line.kind], line.code)
    return known_link(known, "subject", line.subject) if line.subject else ""


def class_link(line: ForecastLine, known: AsKnown) -> str:
    """The page of the class a forecast rests on; empty without one."""
    if not line.class_code:
        return ""
    return known_link(known, "reference_class", line.class_code, invented="1" if line.invented else None)


def percentile_words(line: ForecastLine, of: int) -> str:
    """A percentile (of 100): its day; where nobody has seen a promise of the kind come so late, only the day
    it is not before, and not even that where it has passed."""
    if not line.bound(of):
        return beyond_or(getattr(line, f"p{of}"), line)
    return not_before(bound_words(line, of))


def bound_words(line: ForecastLine, of: int) -> str:
    """The day a percentile beyond what was seen is not before; empty where that has passed, or it is told."""
    day: dt.date | None = getattr(line, f"p{of}")
    if day is None or not line.bound(of) or day <= line.known_on:
        return ""
    return formats.day(day) if near(day, line) else formats.month(day)


def not_before(day: str) -> str:
    """That something is not before a day, in words that fit a cell; that nothing can be told without one."""
    return _("not before %(day)s") % {"day": day} if day else _("cannot be told")


def day_words(line: ForecastLine, percentiles: Iterable[int]) -> tuple[DayWords, ...]:
    """The days of percentiles in their order; neighbours of which the same is said are told once."""
    found: list[DayWords] = []
    for of in percentiles:
        names: tuple[tuple[str, str], ...] = ((percentile(of), percentile_means(of)),)
        text = percentile_words(line, of)
        if found and found[-1].text == text:
            names = found.pop().names + names
        found.append(DayWords(names=names, text=text, rough=line.bound(of)))
    return tuple(found)


def beyond_or(day: dt.date | None, line: ForecastLine) -> str:
    """A day of the forecast, that it may have come already, or that it lies beyond what can be foretold."""
    if day is None:
        return _("beyond the horizon")
    if line.maybe_reached and day <= line.known_on:
        return _("by now?")
    return formats.day(day) if near(day, line) else formats.month(day)


def near(day: dt.date, line: ForecastLine) -> bool:
    """Whether a day is named exactly: it is near, or the forecast rests on a schedule alone."""
    return (day - line.known_on).days < NEAR_DAYS


def by_when(day: dt.date, line: ForecastLine) -> str:
    """`by the end of March 2028`, `by 12 December 2025` when it is near, or that it may have come already."""
    if line.maybe_reached and day <= line.known_on:
        return _("by now (though nobody has said so)")
    locale = formats.reader_locale()
    year = format_date(day, "y", locale=locale)
    month = format_date(day, "MMMM", locale=locale)
    if near(day, line):
        return _("by %(day)s %(month)s %(year)s") % {"day": day.day, "month": month, "year": year}
    return _("by the end of %(month)s %(year)s") % {"month": month, "year": year}


def sentence(line: ForecastLine, *, shown: bool = False) -> str:
    """The forecast in a sentence for somebody who has never seen one. `shown`: accepted evidence shows that
    it is reached, though the run may know no more than that it was said."""
    if line.basis == "done":
        if line.kind == "plot":
            return _ready(line)
        if line.done_on is None:
            return _("It is said to be reached: nothing is left to foretell.")
        day = {"day": formats.day(line.done_on)}
        if shown or line.done_by == SHOWN:
            return _("Reached on %(day)s, as evidence shows: nothing is left to foretell.") % day
        return _("Said to be reached on %(day)s, no evidence: nothing is left to foretell.") % day
    if line.basis == "none":
        return why_none(line)
    undated = _("No date was promised for it.") if line.kind == "plot" and line.due is None else ""
    return " ".join(part for part in (_dates(line), _kept(line), undated, maybe(line)) if part)


def _ready(line: ForecastLine) -> str:
    """That everything a plot waits for is there, as far as is known."""
    day = {"day": formats.day(line.done_on) if line.done_on else ""}
    if line.done_by == SHOWN:
        return _("Ready since %(day)s, as evidence shows: all that it is known to wait for is there.") % day
    return _("Said to be ready since %(day)s: all that it is known to wait for is said to be there.") % day


def maybe(line: ForecastLine) -> str:
    """That it may have been reached already, and since when nobody said anything."""
    if not line.maybe_reached or line.heard_on is None:
        return ""
    return _(
        "It may have been reached already, in %(count)s of 100 trials: nothing was said since %(day)s."
    ) % {"count": of_hundred(line.untold), "day": formats.day(line.heard_on)}


def _dates(line: ForecastLine) -> str:
    if line.p50 is None:
        return _("In more than half of the trials it is not reached within the years that can be foretold.")
    if line.bound(50):
        return _more_than_seen(line.p50, line)
    half = by_when(line.p50, line)
    if line.p80 is not None and line.bound(80):
        return _(
            "Half of the trials end %(half)s; one in five ends later than anything seen of its kind."
        ) % {"half": half}
    if line.p80 is None:
        return _("Half of the trials end %(half)s; one in five ends later than can be foretold.") % {
            "half": half
        }
    four = by_when(line.p80, line)
    if half == four:
        return _("Four of five trials end %(four)s.") % {"four": four}
    return _("Half of the trials end %(half)s, four of five %(four)s.") % {"half": half, "four": four}


def _more_than_seen(day: dt.date, line: ForecastLine) -> str:
    if day <= line.known_on:
        return _("More than half of the trials end later than anything seen of its kind: no day can be told.")
    return _("More than half of the trials end later than anything seen of its kind: not before %(day)s.") % {
        "day": formats.day(day) if near(day, line) else formats.month(day)
    }


def _kept(line: ForecastLine) -> str:
    if line.due is None or line.chance is None:
        return ""
    ordered = line.kind == "instruction"
    values = {"count": of_hundred(line.chance), "day": formats.day(line.due)}
    if line.due < line.known_on:
        passed = _("The due day, %(day)s, has passed.") if ordered else None
        told = (passed or _("The promised day, %(day)s, has passed.")) % values
        if not line.chance:
            return told
        silent = _("In %(count)s of 100 trials it was kept without anybody saying so.") % values
        return f"{told} {silent}"
    kept = _("%(count)s of 100 keep the due day, %(day)s.") if ordered else None
    told = (kept or _("%(count)s of 100 keep the promised day, %(day)s.")) % values
    return told[:1].upper() + told[1:]  # the count may be words


def of_hundred(chance: float | None) -> str:
    """How many of 100 trials: never 0 or 100 where there is doubt left."""
    if chance is None:
        return ""
    if 0 < chance < 0.005:
        return _("fewer than 1")
    if 0.995 < chance < 1:
        return _("more than 99")
    return formats.number(round(chance * 100), 0)


def chance_words(chance: float | None) -> str:
    """`12 %`, with `< 1 %` and `> 99 %` at the ends."""
    if chance is None:
        return ""
    if 0 < chance < 0.005:
        return "< 1 %"
    if 0.995 < chance < 1:
        return "> 99 %"
    return f"{formats.number(round(chance * 100), 0)} %"


def chance_mark(line: ForecastLine) -> str:
    """The mark of the chance to keep the promised day."""
    if line.basis == "done":
        return "done_verified" if is_shown(line) else "done_said"
    if line.chance is None:
        return "unknown"
    if line.chance < SMALL:
        return "late"
    if line.due is not None and line.due < line.known_on:  # it may have been kept, and nobody knows
        return "unknown"
    return "at_risk" if line.chance < EVEN else "on_first_promise"


def why_none(line: ForecastLine) -> str:
    """Why there is no date."""
    if line.basis != "none":
        return ""
    if line.kind == "plot":
        return _("No forecast: nothing is known that it waits for, or nothing of that has a date.")
    return _(
        "No forecast: no promise of its kind is known to have been kept or broken, and it has no schedule."
    )


def slip_words(days: int | None) -> str:
    """How much later or earlier: days when few, else months with their sign."""
    if days is None:
        return ""
    if abs(days) < 60:
        if days == 0:
            return _("no shift")
        sign = "+" if days > 0 else "\N{MINUS SIGN}"
        shown = {"days": f"{sign}{formats.number(abs(days), 0)}"}
        return ngettext("%(days)s day", "%(days)s days", abs(days)) % shown
    return formats.slip(days / 30.4375)
