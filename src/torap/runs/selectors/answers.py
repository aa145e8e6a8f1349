"""What a scenario does, against its base, without storing anything: the answer while the user watches.

The base is kept computed in this process, so that a change costs one run and not two; so are the last
answers, and at most two are computed at once: anybody may ask, and it takes seconds of all processors.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import BoundedSemaphore, Lock
from typing import Any

import numpy as np
from django.utils.translation import get_language

from torap.common.errors import BadInput, Conflict
from torap.engines.errors import EngineInputError
from torap.ledger.memo import head_hash
from torap.runs.adapters.compute import Computed, computed, settings_of
from torap.runs.adapters.sums import nodes_wanted, sums_of
from torap.runs.changes import MOST_CHANGES, applied
from torap.runs.frozen import unpack
from torap.runs.model import ForecastLine, RunLine, ScenarioAnswer, Shift, TargetShift
from torap.runs.models import Forecast, Run, RunKind
from torap.runs.selectors.lines import forecast_lines
from torap.runs.selectors.runs import run_get, shifts_between
from torap.runs.selectors.targets import moved_counts, sums_told, target_shifts, targets_of

KEPT = 4
KEPT_ANSWERS = 64
AT_ONCE = 2
WAIT_SECONDS = 10.0  # for others to be done, before it is told that they are not
Asked = tuple[str, str, str, str | None]
_bases: OrderedDict[str, tuple[dict[str, Any], Computed]] = OrderedDict()
_answers: OrderedDict[Asked, ScenarioAnswer] = OrderedDict()
_lock = Lock()
_places = BoundedSemaphore(AT_ONCE)


def scenario_answer(base: str, changes: Sequence[Mapping[str, Any]]) -> ScenarioAnswer:
    """Which nodes and targets move against the run `base`, by how many days at P50, P80 and on average, and
    how their chances change.

    The same numbers are drawn for both, so what differs is the change. The same question asked again, with
    nothing recorded between, is answered from memory. BadInput names a change that does not apply, or a base
    that is no forecast; Conflict `busy` while two others are being computed. Six queries at most.
    """
    run = run_get(base)
    if run.kind == RunKind.BACKTEST:
        raise BadInput("not_a_basis", field="base", value=base)
    if len(changes) > MOST_CHANGES:
        raise BadInput("too_many", field="changes", value=len(changes), limit=MOST_CHANGES)
    asked = (run.code, _hash(changes), head_hash(), get_language())
    with _lock:
        if asked in _answers:
            _answers.move_to_end(asked)
            return _answers[asked]
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Conflict("busy")
    try:
        found = _answered(run, changes)
    finally:
        _places.release()
    with _lock:
        _answers[asked] = found
        while len(_answers) > KEPT_ANSWERS:
            _answers.popitem(last=False)
    return found


def _hash(changes: Sequence[Mapping[str, Any]]) -> str:
    """The hash of what is asked, whatever it is; BadInput for what nobody could write down."""
    try:
        text = json.dumps([dict(one) for one in changes], sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        raise BadInput("bad_characters", field="changes") from None
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _answered(run: RunLine, changes: Sequence[Mapping[str, Any]]) -> ScenarioAnswer:
    started = time.perf_counter()
    content, before = base_of(run)
    changed = applied(content, changes)
    try:
        after = computed(
            changed,
            settings_of(run.trials, run.seed, run.sampling),
            previous=before,
            watched=nodes_wanted(content),
        )
    except EngineInputError as error:
        raise BadInput("cannot_be_scheduled", field="changes", reason=error.code, where=error.where) from None
    shifts = [
        _by_trials(row, before, after) for row in shifts_between(_lines(before, run), _lines(after, run))
    ]
    moved = tuple(row for row in shifts if row.moved)
    targets = _targets(run, (content, before), (changed, after))
    return ScenarioAnswer(
        base=run,
        changes=tuple(dict(one) for one in changes),
        moved=moved,
        same=len(shifts) - len(moved),
        counts=moved_counts(moved, targets),
        targets=targets,
        seconds=round(time.perf_counter() - started, 3),
    )


def base_of(run: RunLine) -> tuple[dict[str, Any], Computed]:
    """The frozen input of a run and what it gave, computed anew where this process does not hold it."""
    with _lock:
        if run.code in _bases:
            _bases.move_to_end(run.code)
            return _bases[run.code]
    content = unpack(Run.objects.values_list("content", flat=True).get(code=run.code))
    settings = settings_of(run.trials, run.seed, run.sampling)
    found = (content, computed(content, settings, watched=nodes_wanted(content)))
    with _lock:
        _bases[run.code] = found
        while len(_bases) > KEPT:
            _bases.popitem(last=False)
    return found


def forget_bases() -> None:
    """Drop what is kept computed (tests, and to measure a cold answer)."""
    with _lock:
        _bases.clear()
        _answers.clear()


def _by_trials(row: Shift, before: Computed, after: Computed) -> Shift:
    """The shift with the share of trials in which it moves: the same numbers were drawn for both."""
    if before.result is None or after.result is None:
        return row
    first, second = before.result.watched.get(row.key), after.result.watched.get(row.key)
    if first is None or second is None:
        return row
    return replace(row, moved_share=round(float((first != second).mean()), 6))


def _targets(
    run: RunLine, before: tuple[dict[str, Any], Computed], after: tuple[dict[str, Any], Computed]
) -> tuple[TargetShift, ...]:
    """The targets that move; nothing is counted where no node they wait for does."""
    if not any(_moves(key, before[1], after[1]) for key in nodes_wanted(before[0])):
        return ()
    changed, found = after
    told = sums_of(changed, found, trials=run.trials, seed=run.seed)
    return target_shifts(targets_of(before[0], sums_told(run.code)), targets_of(changed, told))


def _moves(key: str, before: Computed, after: Computed) -> bool:
    if before.result is None or after.result is None:
        return before.result is not after.result
    first, second = before.result.watched.get(key), after.result.watched.get(key)
    return first is not None and second is not None and not np.array_equal(first, second)


def _lines(found: Computed, run: RunLine) -> dict[str, ForecastLine]:
    return {line.key: line for line in forecast_lines([Forecast(**row) for row in found.rows], run)}
