"""A run in words: what it was asked, what went in, how far it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.common.permissions import SYSTEM_USERNAME
from torap.rules.known import AsKnown
from torap.runs.selectors import REPLAY_TRIALS, RequestLine, RunLine, ScoreTable
from torap.web import formats
from torap.web.presenters.forecasts import chance_words
from torap.web.presenters.links import known_link
from torap.web.presenters.replays import moment, replayed

KINDS: dict[str, Any] = {
    "forecast": gettext_lazy("Forecast"),
    "scenario": gettext_lazy("What if"),
    "backtest": gettext_lazy("Back-test"),
}
STATES: dict[str, tuple[str, Any]] = {
    "queued": ("unknown", gettext_lazy("waiting")),
    "running": ("no_evidence", gettext_lazy("computing")),
    "done": ("done_verified", gettext_lazy("done")),
    "failed": ("late", gettext_lazy("failed")),
    "stopped": ("unknown", gettext_lazy("stopped")),
}
SAMPLING: dict[str, Any] = {
    "plain": gettext_lazy("independent random numbers"),
    "latin": gettext_lazy("Latin hypercube"),
    "sobol": gettext_lazy("scrambled Sobol sequence"),
}
CLOCKS: dict[str, Any] = {
    "said": gettext_lazy("by the day the world could know it"),
    "recorded": gettext_lazy("by the day it was recorded here"),
}
CSV_HEADER = (
    "code",
    "kind",
    "title",
    "known_on",
    "state",
    "nodes",
    "trials",
    "seed",
    "sampling",
    "engine",
    "sha256",
    "asked_at",
    "seconds",
    "by",
    "scenario",
    "base",
    "invented",
    "clock",
    "ledger_event",
    "ledger_hash",
)


def run_rows(runs: Iterable[RunLine], known: AsKnown, shown: Collection[str] = ()) -> list[dict[str, Any]]:
    """Runs as rows of the list. `shown`: codes of those that the pages show."""
    return [run_row(run, known) | {"shown": run.code in shown} for run in runs]


def run_row(run: RunLine, known: AsKnown) -> dict[str, Any]:
    """One run as the list and its page tell it. `experiment`: a forecast with other settings than those of
    the national one."""
    mark, words = STATES.get(run.state, ("unknown", run.state))
    return {
        "code": run.code,
        "title": run.title or run_title(run),
        "label": label(run),
        "href": known_link(known, "run", run.code),
        "kind": str(KINDS.get(run.kind, run.kind)),
        "mark": mark,
        "state": str(words),
        "percent": run.percent,
        "open": run.state in ("queued", "running"),
        "seconds": formats.number(run.seconds, 2) if run.seconds is not None else "",
        "experiment": run.kind == "forecast" and not run.national,
        "trials": trials_made(run),
        "line": run,
    }


def run_title(run: RunLine) -> str:
    """What a run is, when nobody named it: of which day, and when it was made."""
    made = timezone.localtime(run.asked_at)
    values = {
        "kind": str(KINDS.get(run.kind, run.kind)),
        "day": formats.day(run.known_on),
        "made": formats.day(made.date()),
        "time": f"{made:%H:%M}",
    }
    if replayed(run.known_on, run.asked_at):
        return _("%(kind)s of %(day)s, computed on %(made)s at %(time)s") % values
    return _("%(kind)s of %(day)s, %(time)s") % values


def label(run: RunLine) -> str:
    """A run where several stand in a list: never like another one."""
    return f"{run.title or run_title(run)} · {run.code}"


def standing(run: RunLine, shown: RunLine | None, known: AsKnown) -> dict[str, str]:
    """Whether the pages show this run (`shown` is the one they do), and why not; no text for other kinds."""
    found = {"name": _("On the pages"), "text": "", "href": ""}
    if run.kind != "forecast" or shown is None:
        return found
    if shown.code == run.code:
        if run.national:
            return found | {"text": _("The pages show this run.")}
        return found | {
            "text": _("An experiment with settings of its own; the pages show it, for there is no other run.")
        }
    words = (
        _("The pages show another run, %(run)s.")
        if run.national
        else _("An experiment with settings of its own; the pages show the run %(run)s.")
    )
    return found | {"text": words % {"run": shown.code}, "href": known_link(known, "run", shown.code)}


def facts(run: RunLine, known: AsKnown, shown: RunLine | None = None) -> list[dict[str, str]]:
    """What was computed from what, in pairs. `shown`: the run that the pages show."""
    pairs = [
        standing(run, shown, known),
        {"name": _("As known on"), "text": formats.day(run.known_on)},
        *sizes(run),
        {"name": _("Sampling"), "text": str(SAMPLING.get(run.sampling, run.sampling))},
        {"name": _("Seed"), "text": str(run.seed)},
        {"name": _("Engine"), "text": run.engine},
        {"name": _("Known by which clock"), "text": str(CLOCKS.get(run.clock or "", ""))},
        {"name": _("Read from the ledger as of"), "text": read_words(run)},
        asked_by(run),
        {"name": _("Computed on"), "text": moment(run.asked_at)},
        {"name": _("Time taken"), "text": _seconds(run)},
        *compared_with(run, known),
    ]
    return [pair for pair in pairs if pair["text"]]


def asked_by(run: RunLine | RequestLine) -> dict[str, str]:
    """Who asked for it, as a pair."""
    return {"name": _("Asked by"), "text": _("Torap itself") if run.by == SYSTEM_USERNAME else run.by}


def compared_with(run: RunLine | RequestLine, known: AsKnown) -> list[dict[str, str]]:
    """The scenario of a run and the run it is a change of, as pairs with links; empty texts where none."""
    return [
        {
            "name": name,
            "text": code,
            "href": known_link(known, page, code) if code else "",
        }
        for name, page, code in (
            (_("Scenario"), "scenario", run.scenario),
            (_("Against run"), "run", run.base),
        )
    ]


def read_words(run: RunLine | RequestLine) -> str:
    """The newest event of the ledger in the state that a run was read from; empty where it kept none."""
    if run.read_seq is None:
        return ""
    return _("event %(number)s, hash %(hash)s") % {
        "number": formats.number(run.read_seq, 0),
        "hash": (run.read_hash or "–")[:12],
    }


def sizes(run: RunLine) -> list[dict[str, str]]:
    """How much was computed: dates and trials; of a back-test what was replayed, and the trials made of the
    network of each day (earlier versions kept the number asked for instead)."""
    nodes, trials = formats.number(run.nodes, 0), formats.number(run.trials, 0)
    if run.kind != "backtest":
        return [{"name": _("Dates in the network"), "text": nodes}, {"name": _("Trials"), "text": trials}]
    return [
        {"name": _("Milestones replayed"), "text": nodes},
        {"name": _("Trials of each day"), "text": formats.number(trials_made(run), 0)},
    ]


def trials_made(run: RunLine) -> int:
    """How many trials were made: of a back-test no more than a replay makes of each day."""
    return min(run.trials, REPLAY_TRIALS) if run.kind == "backtest" else run.trials


def result(table: ScoreTable | None) -> list[dict[str, str]]:
    """What a back-test gave, in short; the page of the score has the rest."""
    if table is None:
        return []
    whole, days = table.whole, table.network.days if table.network else 0
    pairs = [
        {"name": _("Promises scored"), "text": formats.number(whole.n, 0)},
        {"name": _("Reached by now"), "text": formats.number(whole.reached, 0)},
        {"name": _("Reached by their P80"), "text": chance_words(whole.coverage)},
        {"name": _("Brier score"), "text": "" if whole.brier is None else formats.number(whole.brier, 3)},
        {
            "name": _("Days whose network was asked"),
            "text": formats.number(days, 0) if days else "",
        },
    ]
    return [pair for pair in pairs if pair["text"]]


def _seconds(run: RunLine) -> str:
    return _("%(count)s s") % {"count": formats.number(run.seconds, 2)} if run.seconds is not None else ""


def csv_rows(runs: Iterable[RunLine]) -> list[list[Any]]:
    """Runs as rows of a download."""
    return [
        [
            run.code,
            run.kind,
            run.title,
            run.known_on,
            run.state,
            run.nodes,
            run.trials,
            run.seed,
            run.sampling,
            run.engine,
            run.sha256,
            run.asked_at,
            run.seconds,
            run.by,
            run.scenario,
            run.base,
            run.invented,
            run.clock,
            run.read_seq,
            run.read_hash,
        ]
        for run in runs
    ]
