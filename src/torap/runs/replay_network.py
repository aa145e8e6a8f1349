"""The back-test of the network: of each day on which something was promised, what a run of that day would
have told of those promises, with all they waited for.

The networks of these days are frozen with the back-test, so that its figures can be computed again from the
run alone; the same ledger gives the same networks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from torap.engines.reference.classes import Measure
from torap.engines.reference.score import JUDGED, Judged
from torap.engines.schedule.uncertain import Settings
from torap.rules.known import AsKnown
from torap.runs.adapters.compute import computed
from torap.runs.adapters.network import frozen_upstream
from torap.runs.adapters.observed import thaw_classes
from torap.runs.frozen import HORIZON_DAYS
from torap.runs.replay import Case, History, judged_by, promises_by_day

Day = TypeVar("Day")
MOST_DAYS = 60
MOST_READ = 30_000  # milestones in all: of a nation fewer days are read, for each takes seconds
TRIALS = 2_000  # at most; the share below a told P80 is then off by 0.9 of a percent (standard deviation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A promise that the back-test's class and the network both told something of on its day, each with what
    came.

    `alone`: what the class said that a run of the day held, which instructions stand in too, without what the
    promise waits for (None: a schedule or links alone speak). `waits`: whether it waited for anything;
    `staged`: whether stages nobody has told of held it back by the least they take.
    """

    case: Case
    by_class: Judged
    by_network: Judged
    alone: Judged | None
    waits: bool
    staged: bool


def frozen_replays(
    known: AsKnown, histories: Sequence[History], *, size: int, invented: bool = False
) -> tuple[list[dict[str, Any]], int]:
    """The networks of the days on which something was promised, each cut down to what those promises hang on,
    the oldest first; and how many days are left out.

    `size`: milestones of the country. By the auditors' clock nothing is replayed: it says when things were
    stored, and facts are stored together.
    """
    days = [
        (day, {f"milestone:{one.key}" for one, _outcome in rows})
        for day, rows in promises_by_day(histories, known.day)
    ]
    chosen = days_chosen(days, size) if known.clock == "said" else []
    found = [frozen_upstream(AsKnown(day), keys, invented=invented) for day, keys in chosen]
    return [one for one in found if one["nodes"]], len(days) - len(chosen)


def days_chosen(days: Sequence[Day], size: int) -> list[Day]:
    """As many days as there is time for, spread evenly from the first to the last."""
    most = max(1, min(MOST_DAYS, MOST_READ // max(1, size)))
    if len(days) <= most:
        return list(days)
    if most == 1:
        return [days[-1]]
    return [days[round(number * (len(days) - 1) / (most - 1))] for number in range(most)]


def replayed(
    networks: Iterable[Mapping[str, Any]],
    cases: Iterable[Case],
    settings: Settings,
    progress: Callable[[float], None] | None = None,
) -> list[Replayed]:
    """The cases on the days of these networks that both the class and the network told something of. The
    network is simulated as a run would, with these settings and at most `TRIALS` trials."""
    few = replace(settings, trials=min(settings.trials, TRIALS))
    by_day: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_day[case.said.isoformat()].append(case)
    every = list(networks)
    found: list[Replayed] = []
    for number, content in enumerate(every, start=1):
        found += _of_day(content, by_day[content["known_on"]], few)
        if progress is not None:
            progress(number / len(every))
    return found


def _of_day(content: Mapping[str, Any], cases: Sequence[Case], settings: Settings) -> Iterable[Replayed]:
    keys = {f"milestone:{case.key}" for case in cases if case.judged is not None}
    if not keys:
        return
    rows = {row["key"]: row for row in computed(content, settings, goals=(), watched=keys).rows}
    told = {key: row for key, row in rows.items() if row["basis"] not in {"none", "done"}}
    waiting = _waiting(content["links"], told)
    classes = thaw_classes(content["classes"])
    measure = Measure(content["assumptions"]["measure"])
    staged = {node["key"] for node in content["nodes"] if node["least_days"]}
    for case in cases:
        row = told.get(f"milestone:{case.key}")
        if case.judged is None or row is None:
            continue
        own = classes.get(row["class_code"])
        yield Replayed(
            case=case,
            by_class=case.judged,
            by_network=judged_row(row, case),
            alone=judged_by(own, case.outcome, measure) if own else None,
            waits=row["key"] in waiting,
            staged=row["key"] in staged,
        )


def _waiting(links: Iterable[Mapping[str, Any]], told: Collection[str]) -> set[str]:
    """The nodes that wait for another one whose day is told, or for a schedule of their own."""
    return {link["to"] for link in links if link["from"] in told or link["origin"] == "schedule"}


def judged_row(row: Mapping[str, Any], case: Case) -> Judged:
    """What a network's row said of a promise on its day, and what came."""
    ends = {share: row[f"p{round(share * 100)}"] for share in JUDGED}
    return Judged(
        quantiles={share: _days(end, case.said) for share, end in ends.items()},
        bounds=frozenset(int(name[1:]) / 100 for name in row["beyond"]) & frozenset(JUDGED),
        chance=row["chance"],
        due_days=float((case.promised - case.said).days),
        outcome_days=float((case.outcome.until - case.said).days),
        done=case.outcome.done,
        node=case.outcome.key,
    )


def _days(end: dt.date | None, said: dt.date) -> float:
    """Days from when the promise was said; beyond the horizon of a forecast, the horizon."""
    return float(HORIZON_DAYS) if end is None else float((end - said).days)
