"""What a scenario does, against its base, without storing anything: the answer while the user watches.

The base is kept computed in this process, so that a change reruns only what it can reach.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from torap.common.errors import BadInput
from torap.engines.errors import EngineInputError
from torap.runs.adapters.compute import Computed, computed, settings_of
from torap.runs.changes import applied
from torap.runs.frozen import unpack
from torap.runs.model import ForecastLine, RunLine, ScenarioAnswer
from torap.runs.models import Forecast, Run
from torap.runs.selectors.lines import forecast_lines
from torap.runs.selectors.runs import run_get, shifts_between

KEPT = 4
_bases: OrderedDict[str, tuple[dict[str, Any], Computed]] = OrderedDict()
_lock = Lock()


def scenario_answer(base: str, changes: Sequence[Mapping[str, Any]]) -> ScenarioAnswer:
    """Which nodes move against the run `base`, by how many days at P50 and P80, and how their chances change.

    The same numbers are drawn for both, so what differs is the change. BadInput names a change that does not
    apply. Four queries at most.
    """
    run = run_get(base)
    started = time.perf_counter()
    content, before = base_of(run)
    try:
        after = computed(
            applied(content, changes),
            settings_of(run.trials, run.seed, run.sampling),
            previous=before,
        )
    except EngineInputError as error:
        raise BadInput("cannot_be_scheduled", field="changes", reason=error.code, where=error.where) from None
    shifts = shifts_between(_lines(before, run), _lines(after, run))
    moved = tuple(row for row in shifts if row.moved)
    return ScenarioAnswer(
        base=run,
        changes=tuple(dict(one) for one in changes),
        moved=moved,
        same=len(shifts) - len(moved),
        counts=dict(Counter(row.line.kind for row in moved)),
        seconds=round(time.perf_counter() - started, 3),
    )


def base_of(run: RunLine) -> tuple[dict[str, Any], Computed]:
    """The frozen input of a run and what it gave, computed anew where this process does not hold it."""
    with _lock:
        if run.code in _bases:
            _bases.move_to_end(run.code)
            return _bases[run.code]
    content = unpack(Run.objects.values_list("content", flat=True).get(code=run.code))
    found = (content, computed(content, settings_of(run.trials, run.seed, run.sampling)))
    with _lock:
        _bases[run.code] = found
        while len(_bases) > KEPT:
            _bases.popitem(last=False)
    return found


def forget_bases() -> None:
    """Drop what is kept computed (tests, and to measure a cold answer)."""
    with _lock:
        _bases.clear()


def _lines(found: Computed, run: RunLine) -> dict[str, ForecastLine]:
    return {line.key: line for line in forecast_lines([Forecast(**row) for row in found.rows], run)}
