"""The back-test: every known promise replayed as of its day, by its reference class and by the network.

The input is frozen as histories of sayings and the networks of past days, so the same back-test can be
computed again from the run alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.utils import timezone

from torap.delivery.selectors import MilestoneState, country_states
from torap.engines.reference.classes import PRIOR_WEIGHT, Measure
from torap.engines.reference.observe import class_path
from torap.engines.reference.score import Judged, Score, calibration, score_of
from torap.engines.schedule.uncertain import Settings
from torap.rules.known import AsKnown
from torap.rules.statuses import PromiseFact, ReportFact
from torap.runs.frozen import iso
from torap.runs.replay import Case, Choice, History, at_its_word, replay, replays
from torap.runs.replay_network import TRIALS, frozen_replays, replayed

FORMAT = "torap-backtest/3"
USED = Choice(every=False, measure=Measure.DAYS, weight=PRIOR_WEIGHT)
# The ways that were open, tried side by side: what is measured, how much the broader class weighs.
TRIED = (
    *(Choice(every=False, measure=measure, weight=PRIOR_WEIGHT) for measure in Measure),
    Choice(every=True, measure=Measure.DAYS, weight=PRIOR_WEIGHT),
    *(Choice(every=False, measure=Measure.DAYS, weight=weight) for weight in (3.0, 30.0)),
)
MOST_HISTORIES = 2_000
CASES_KEPT = 500
SEED = 1
Progress = Callable[[float], None] | None


def frozen_histories(known: AsKnown, *, invented: bool = False) -> dict[str, Any]:
    """All that was said by a day of the milestones that have a promise; of more than two thousand the first
    by code, and `left_out` says how many there are besides. Beside them the networks of the days on which
    these promises were made."""
    rows = [
        state for state in country_states(known).milestones if state.invented == invented and state.promises
    ]
    kept = [_freeze(row) for row in rows[:MOST_HISTORIES]]
    networks, days_left_out = frozen_replays(
        known, [_thaw(row) for row in kept], size=len(rows), invented=invented
    )
    return {
        "format": FORMAT,
        "known_on": known.day.isoformat(),
        "clock": known.clock,
        "invented": invented,
        "histories": kept,
        "left_out": max(0, len(rows) - MOST_HISTORIES),
        "networks": networks,
        "days_left_out": days_left_out,
    }


def backtest(
    content: Mapping[str, Any],
    progress: Callable[[float], None] | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """The report: scores of what is used, beside the promise at its word and the class of all that is known
    today; by class and body; calibration; the choices tried; and the cases themselves. With frozen networks
    also what they said, `settings` their trials."""
    classes, networks = _halves(progress)
    today = dt.date.fromisoformat(content["known_on"])
    histories = [_thaw(row) for row in content["histories"]]
    replayed = dict(zip(TRIED, replays(histories, today, TRIED, classes), strict=True))
    cases = replayed[USED]
    told = [case for case in cases if case.judged is not None]
    judged = [case.judged for case in told if case.judged is not None]
    same = {case.outcome.key for case in told}
    hindsight = [
        case.judged
        for case in replay(histories, today, USED, hindsight=True)
        if case.judged is not None and case.outcome.key in same
    ]
    tried = [
        {
            "group": name_of(choice),
            **_score(score_of([one.judged for one in found if one.judged is not None])),
        }
        for choice, found in replayed.items()
    ]
    return {
        "format": FORMAT,
        "cases": len(cases),
        "untold": len(cases) - len(told),
        "whole": {"group": "all", **_score(score_of(judged))},
        "classes": _grouped(told, lambda case: class_of(case.class_code)),
        "holders": _grouped(told, lambda case: case.holder),
        "baselines": [
            {"group": "word", **_score(score_of(at_its_word(one) for one in judged))},
            {"group": "hindsight", **_score(score_of(hindsight))},
        ],
        "tried": tried,
        "calibration": [asdict(one) for one in calibration(judged)],
        "list": [_case(case) for case in cases[:CASES_KEPT]],
        "network": _of_networks(content, cases, settings or Settings(trials=TRIALS, seed=SEED), networks),
    }


def _halves(progress: Callable[[float], None] | None) -> tuple[Progress, Progress]:
    """Tells the shares of each half of the work as shares of the whole."""
    if progress is None:
        return None, None
    return (lambda share: progress(0.5 * share)), (lambda share: progress(0.5 + 0.5 * share))


def _of_networks(
    content: Mapping[str, Any], cases: Sequence[Case], settings: Settings, progress: Progress
) -> dict[str, Any] | None:
    """What the networks of past days said, beside the class alone on the same promises; apart those that
    waited for something, and of the others those that stages not told of held back. None for an input that
    froze no networks."""
    if "networks" not in content:
        return None
    found = replayed(content["networks"], cases, settings, progress)
    rows: list[dict[str, Any]] = []
    waiting = [one for one in found if one.waits]
    staged = [one for one in found if one.staged and not one.waits]
    for name, some in (("", found), (".waiting", waiting), (".staged", staged)):
        alone = [one.alone for one in some if one.alone is not None]
        ways = (
            ("class", [one.by_class for one in some]),
            ("alone", alone),
            ("network", [one.by_network for one in some]),
        )
        rows += [{"group": f"{way}{name}", **_score(score_of(judged))} for way, judged in ways]
    return {
        "trials": min(settings.trials, TRIALS),
        "seed": settings.seed,
        "days": len(content["networks"]),
        "days_left_out": content["days_left_out"],
        "rows": rows,
        "calibration": [asdict(one) for one in calibration([one.by_network for one in found])],
        "list": [
            _case(replace(one.case, judged=one.by_network)) | {"waits": one.waits, "staged": one.staged}
            for one in found[:CASES_KEPT]
        ],
    }


def name_of(choice: Choice) -> str:
    """A choice in one word: measure, first or every promise, weight of the broader class."""
    return f"{choice.measure}.{'every' if choice.every else 'first'}.{choice.weight:g}"


def class_of(code: str) -> str:
    """A class by its type, without the kind of subject: `milestone.open.place` is `milestone.open`."""
    return ".".join(code.split(".")[:2])


def _grouped(cases: Iterable[Case], key: Callable[[Case], str]) -> list[dict[str, Any]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        if case.judged is not None:
            groups[key(case)].append(case.judged)
    return [{"group": name, **_score(score_of(rows))} for name, rows in sorted(groups.items())]


def _score(score: Score) -> dict[str, Any]:
    row = asdict(score)
    for name in ("pinball", "pinball_least", "told"):
        row[name] = {f"{share:g}": round(value, 3) for share, value in row[name].items()}
    for name in ("brier", "coverage", "early"):
        row[name] = None if row[name] is None else round(row[name], 6)
    return row


def _case(case: Case) -> dict[str, Any]:
    judged = case.judged
    return {
        "key": case.key,
        "said": case.said.isoformat(),
        "promised": case.promised.isoformat(),
        "class": case.class_code,
        "n": case.class_n,
        "events": case.class_events,
        "holder": case.holder,
        "until": case.outcome.until.isoformat(),
        "done": case.outcome.done,
        "chance": None if judged is None or judged.chance is None else round(judged.chance, 6),
        "quantiles": {} if judged is None else {f"{k:g}": int(v) for k, v in judged.quantiles.items()},
        "bounds": [] if judged is None else sorted(f"{share:g}" for share in judged.bounds),
        "held": None if judged is None else judged.held,
    }


def _freeze(state: MilestoneState) -> dict[str, Any]:
    return {
        "key": state.code,
        "type": state.milestone.type,
        "subject_kind": state.subject.kind,
        "holder": state.holder.code if state.holder else "",
        "promises": [
            [
                row.key,
                row.latest.isoformat(),
                row.said_from.isoformat(),
                row.said_to.isoformat(),
                row.yardstick,
            ]
            for row in state.promises
        ],
        "reports": [
            [row.key, row.state, row.said_from.isoformat(), row.said_to.isoformat(), iso(row.done_to)]
            for row in state.reports
        ],
        "shown": [
            [known.isoformat(), item.evidence.shows_on.isoformat()]
            for item in state.evidence
            if item.verdict == "accepted"
            for known in [timezone.localdate(max(one.recorded_at for one in item.verifications))]
        ],
    }


def _thaw(row: Mapping[str, Any]) -> History:
    day = dt.date.fromisoformat
    return History(
        key=row["key"],
        path=class_path("milestone", row["type"], row["subject_kind"]),
        holder=row["holder"],
        promises=tuple(
            PromiseFact(
                key=key, latest=day(latest), said_from=day(first), said_to=day(last), yardstick=yardstick
            )
            for key, latest, first, last, yardstick in row["promises"]
        ),
        reports=tuple(
            ReportFact(
                key=key,
                state=state,
                said_from=day(first),
                said_to=day(last),
                done_to=day(done) if done else None,
            )
            for key, state, first, last, done in row["reports"]
        ),
        shown=tuple((day(known), day(shown)) for known, shown in row["shown"]),
    )
