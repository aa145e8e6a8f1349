"""How likely each date of one node is: the histogram of its trials, with the run's own numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from torap.common.errors import NotFound
from torap.engines.schedule.worktime import DAY
from torap.ledger.memo import while_unchanged
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.parts import upstream_part
from torap.runs.adapters.plan_parts import day_at
from torap.runs.model import RunLine
from torap.runs.selectors.classes import run_content
from torap.runs.selectors.near import LARGE, near
from torap.runs.selectors.runs import run_made

Ends = np.ndarray[Any, Any]
BINS = 40
SHOWN = 0.9  # the share of trials drawn bin by bin at most; the rest lies beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Days from `first` to `last`, and the share of the trials that end in them."""

    first: dt.date
    last: dt.date
    share: float

    @property
    def per_mille(self) -> int:
        """Of a thousand trials."""
        return round(self.share * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The histogram of a node in a run; `beyond`: the share of the trials that end after the last bin, or
    later than any promise of the kind is known to have been reached."""

    key: str
    run: str
    bins: tuple[Bin, ...]
    beyond: float


@while_unchanged
def spread(run: str, key: str) -> Spread:
    """The histogram of a node in a run; NotFound where it was not open there. Two queries.

    Random numbers are drawn by the names of things, so the part of the network that the node waits for gives
    it the very trials of the whole.
    """
    found = run_made(run)
    finishes, least = _ends(found, key)
    kept = finishes if least is None else finishes[least >= finishes]
    bins = _bins(sorted(int(minute) for minute in kept), len(finishes))
    return Spread(key=key, run=run, bins=bins, beyond=round(1.0 - sum(one.share for one in bins), 6))


def _ends(run: RunLine, key: str) -> tuple[Ends, Ends | None]:
    """The minute at which a node ended, by trial, and the earliest that what was seen allows (None where no
    trial rests on the rule for a tail); of a large run with what moves it."""
    if run.nodes > LARGE:
        found = near(run, [key])
        ends, least = found.ends.get(key), found.least.get(key)
    else:
        part = upstream_part(run_content(run.code, run.sha256), [key])
        told = computed(part, settings_of(run.trials, run.seed, run.sampling), goals=[key])
        goal = told.result.goals.get(key) if told.result is not None else None
        ends = None if goal is None else goal.finishes
        least = told.bounds.watched.get(key) if told.bounds is not None else None
    if ends is None:
        raise NotFound("not_found", field="key", entity="forecast", value=key)
    return ends, least


def _bins(ends: list[int], trials: int) -> tuple[Bin, ...]:
    """Bins over rising `ends`, as shares of all trials; none where no trial is left."""
    if not ends:
        return ()
    last = ends[min(int(trials * SHOWN), len(ends) - 1)]
    width = max((last - ends[0]) // BINS + 1, DAY)
    counts: dict[int, int] = {}
    for minute in ends:
        place = (minute - ends[0]) // width
        if place < BINS:
            counts[place] = counts.get(place, 0) + 1
    return tuple(
        Bin(
            first=day_at(ends[0] + place * width),
            last=day_at(ends[0] + (place + 1) * width),
            share=counts.get(place, 0) / trials,
        )
        for place in range(max(counts) + 1)
    )
