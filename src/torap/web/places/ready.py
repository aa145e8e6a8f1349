"""When a place has what it needs: its networks, and a plot that waits for them, said, evidenced, foretold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.registry.models import Place
from torap.rules.known import AsKnown
from torap.runs.selectors import ForecastLine, forecasts_beside, forecasts_of_places
from torap.web import formats
from torap.web.forecast.detail import dated
from torap.web.presenters.forecasts import ForecastWords, forecast_words, network_kind, words_of
from torap.web.presenters.links import known_link

SHOWN = 60  # plots of a place that its page lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What is foretold of a place: its own networks by kind, and the plots (itself, or its parts) in the
    order of their names."""

    networks: dict[str, list[dict[str, Any]]]
    plots: list[dict[str, Any]]

    @property
    def invented(self) -> bool:
        """Whether any of it is invented."""
        rows = [*self.plots, *(row for rows in self.networks.values() for row in rows)]
        return any(row["words"].invented for row in rows)


def ready_of(place: Place, parts: Iterable[Place], known: AsKnown) -> Ready:
    """The forecasts of a place and of the plots in it. A plot without networks of its own is served by those
    of the place around it. One query, two more where dates were promised for plots."""
    names = {part.code: part.name for part in parts} | {place.code: place.name}
    around = {code: place.code for code in names} | {place.code: place.parent.code if place.parent else ""}
    lines = forecasts_of_places({*names, *filter(None, around.values())}, known)
    own: dict[str, list[ForecastLine]] = defaultdict(list)
    for line in lines:
        if line.kind == "utility":
            own[line.subject].append(line)
    networks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in own[place.code]:
        networks[network_kind(line)].append(_row(line, known))
    found = [line for line in lines if line.kind == "plot" and line.subject in names]
    plots = sorted(found, key=lambda one: names[one.subject])[:SHOWN]
    promised = _whose([line.due_by for line in plots if line.due_by], known)
    return Ready(
        networks=dict(networks),
        plots=[
            _row(line, known)
            | plot_words(line, own[line.subject] or own[around[line.subject]])
            | {"promised": promised.get(line.due_by or "")}
            for line in plots
        ],
    )


def _whose(keys: Sequence[str], known: AsKnown) -> dict[str, ForecastWords]:
    """The milestones and instructions whose dates plots have, by key. Two queries, none without any."""
    found = forecasts_beside(keys, known)
    return {words.key: words for words in words_of(found.values(), known)} if found else {}


def _row(line: ForecastLine, known: AsKnown) -> dict[str, Any]:
    words = forecast_words(line, known)
    return {"words": words, "why": why_link(words, known)}


def why_link(words: ForecastWords, known: AsKnown) -> str:
    """The page that says why a date is foretold as it is; empty where nothing is to explain."""
    return known_link(known, "forecast_why", words.kind, words.line.code) if dated(words) else ""


def plot_words(line: ForecastLine, networks: Sequence[ForecastLine]) -> dict[str, str]:
    """What is said and what is evidenced of a plot: the last promised day of its networks, how many are
    there."""
    days = [one.due for one in networks if one.due]
    undated = sum(1 for one in networks if not one.due and one.basis != "done")
    there = sum(1 for one in networks if one.basis == "done")
    said = _("all by %(day)s") % {"day": formats.day(max(days))} if days and not undated else ""
    if days and undated:
        words = ngettext(
            "%(count)s network without a promised day", "%(count)s networks without a promised day", undated
        )
        said = words % {"count": undated}
    return {"name": line.name, "said": said, "evidenced": _there(line, networks, there) if networks else ""}


def _there(line: ForecastLine, networks: Sequence[ForecastLine], there: int) -> str:
    """How many of the networks a plot waits for are there, and whose, where it has none of its own."""
    counted = {"there": there, "count": len(networks)}
    if all(one.subject and one.subject != line.subject for one in networks):
        return _("%(there)s of %(count)s networks of the place around it") % counted
    return _("%(there)s of %(count)s networks") % counted
