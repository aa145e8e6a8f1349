"""The histogram parted at the promised day: what keeps it and what misses it never share a bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from torap.runs.selectors import Bin, ForecastLine, Spread
from torap.web import formats
from torap.web.presenters.forecasts import chance_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the histogram: trials that end from `first` to `last`, as a share of all. `first` is none of
    what may have been reached by `last` without anybody saying so: `words` say so. `kept`: whether these
    trials keep the promised day."""

    first: dt.date | None
    last: dt.date
    share: float
    kept: bool
    words: str = ""

    @property
    def per_mille(self) -> int:
        """Of a thousand trials."""
        return round(self.share * 1000)


def bars(spread: Spread, line: ForecastLine, *, earlier: bool = False) -> list[Bar]:
    """The histogram as bars, parted at the promised day; first the trials in which it may have been reached
    already, for all that was said: they end by the known day, not on the days after it. `earlier`: another
    day is in force now."""
    bins = spread.bins
    if not bins:
        return []
    silent = min(line.untold or 0.0, bins[0].share) if bins[0].first <= line.known_on else 0.0
    rest = [replace(bins[0], share=bins[0].share - silent), *bins[1:]]
    chance = None if line.chance is None else max(line.chance - silent, 0.0)
    return by_now(silent, line, earlier=earlier) + [
        Bar(first=one.first, last=one.last, share=one.share, kept=line.due is None or one.last <= line.due)
        for one in parted(rest, line.due, chance)
        if one.share or not silent or one.first > line.known_on
    ]


def by_now(silent: float, line: ForecastLine, *, earlier: bool) -> list[Bar]:
    """The share of trials that may have come without anybody saying so; where the promised day has passed
    parted into what kept it and what did not."""
    passed = line.due is not None and line.due < line.known_on
    kept = min(line.chance or 0.0, silent) if passed else 0.0
    found = []
    if kept and line.due is not None:
        words = kept_words(line.due, earlier=earlier)
        found.append(Bar(first=None, last=line.due, share=kept, kept=True, words=words))
    if silent > kept:
        words = late_words() if kept else _("by now, and nobody has said so")
        bar = Bar(first=None, last=line.known_on, share=silent - kept, kept=not passed, words=words)
        found.append(bar)
    return found


def kept_words(due: dt.date, *, earlier: bool) -> str:
    """By the promised day, which may be that of an earlier promise."""
    name = _("by the day promised then, %(day)s") if earlier else _("by the promised day, %(day)s")
    return name % {"day": formats.day(due)}


def late_words() -> str:
    """After the promised day, though it may have come by now."""
    return _("later, but by now; nobody has said so")


def parted(bins: Sequence[Bin], due: dt.date | None, chance: float | None) -> list[Bin]:
    """The bins with the one that holds the promised day as two, one to the day and one from it. `chance`: the
    share of all trials that end by the day; so the first part gets what the bins before it leave of it."""
    found: list[Bin] = []
    for one in bins:
        if due is None or chance is None or not one.first < due < one.last:
            found.append(one)
            continue
        kept = min(max(chance - sum(row.share for row in found), 0.0), one.share)
        found += [replace(one, last=due, share=kept), replace(one, first=due, share=one.share - kept)]
    return found


def beyond_words(spread: Spread) -> str:
    """How much is not drawn, told apart; empty where all of it is drawn."""
    if spread.beyond <= 0:
        return ""
    return _("%(share)s of the trials end later still or cannot be told: they are not drawn.") % {
        "share": chance_words(spread.beyond)
    }


def told_as_shares(spread: Spread, line: ForecastLine) -> bool:
    """Whether all that can be drawn lies on the known day itself: it may have been reached, nobody has said
    so. One bar tells nothing then; shares do."""
    return bool(spread.bins) and all(one.last <= line.known_on + dt.timedelta(days=1) for one in spread.bins)


def shares(spread: Spread, line: ForecastLine, *, earlier: bool = False) -> list[dict[str, Any]]:
    """Where the trials of such a date end: by the promised day, later but by now, not by now. Shares of 1.

    Whole percents are differences of rounded sums, so that they add up to 100 and to what is told of them
    elsewhere: how many keep the day, how many may have come by now. `earlier`: another day is in force now.
    """
    reached = sum(one.share for one in spread.bins)
    passed = line.due is not None and line.due < line.known_on
    kept = min(line.chance or 0.0, reached) if passed else 0.0
    rows = [
        (_("by now, and nobody has said so"), reached - kept),
        (_("later: no day can be told"), max(1.0 - reached, 0.0)),
    ]
    if line.due is not None and passed:
        rows[0] = (late_words(), reached - kept)
        rows.insert(0, (kept_words(line.due, earlier=earlier), kept))
    edges = [0, *(round(100 * sum(share for _name, share in rows[: k + 1])) for k in range(len(rows)))]
    return [
        {"name": name, "share": share, "percent": after - before, "words": percent(after - before, share)}
        for (name, share), (before, after) in zip(rows, pairwise(edges), strict=True)
    ]


def percent(whole: int, share: float) -> str:
    """Whole percents as words; what is between none and all is told so, as a chance is."""
    return chance_words(share) if whole in (0, 100) else chance_words(whole / 100)


def shares_chart(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The shares as bars [% of trials], with the rows of the table beside them."""
    return {
        "rows": [{"name": row["name"], "value": row["percent"]} for row in rows],
        "unit": "%",
        "labels": {"value": _("share of trials:")},
        "table": list(rows),
    }
