"""Carrying out a run: claimed once, computed outside any transaction, written in one.

Whoever claims a run holds it while it beats; a worker that died is followed by another. The result is written
once whatever happens: it is keyed by its run, and it is the same whoever computed it.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from torap.common.errors import Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.engines.errors import EngineInputError
from torap.ledger.records import state_of
from torap.ledger.services import record
from torap.ledger.writing import writing
from torap.runs.adapters.compute import computed, settings_of
from torap.runs.adapters.sums import nodes_wanted, sums_of
from torap.runs.backtest import backtest
from torap.runs.frozen import packed, sha256_of, unpack
from torap.runs.models import Forecast, Run, RunKind, RunResult, RunState, State

STALE = dt.timedelta(minutes=3)
BEAT_SECONDS = 0.5
BATCH = 1000
log = logging.getLogger(__name__)


def run_execute(code: str, *, by: User) -> bool:
    """Compute a run that waits, or whose worker died; False when somebody else does or did.

    A failure is told in the run's state, with the code of the error, and in the ledger; the run may be asked
    for again.
    """
    require(by, "run.request")
    worker = uuid.uuid4().hex
    if not _claim(code, worker):
        return False
    run = Run.objects.get(code=code)
    started = time.monotonic()
    try:
        rows, told = _compute(run, _beats(run, worker))
    except EngineInputError as error:
        _fail(run, worker, error.code, {"where": error.where, **error.params}, by=by)
        return True
    except Exception as error:
        log.exception("run %s failed", code)
        _fail(run, worker, "crashed", {"error": type(error).__name__}, by=by)
        return True
    return _finish(run, worker, rows, told, time.monotonic() - started, by=by)


def _claim(code: str, worker: str) -> bool:
    now = timezone.now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, beat_at__lt=now - STALE)
    return bool(
        RunState.objects.filter(free, run__code=code).update(
            state=State.RUNNING,
            worker=worker,
            beat_at=now,
            started_at=now,
            finished_at=None,
            permille=0,
            error="",
            error_params={},
            attempts=F("attempts") + 1,
        )
    )


def _beats(run: Run, worker: str) -> Callable[[float], None]:
    """Tells how far a run is, at most twice a second."""
    last = time.monotonic()

    def beat(share: float) -> None:
        nonlocal last
        if time.monotonic() - last < BEAT_SECONDS:
            return
        last = time.monotonic()
        RunState.objects.filter(run=run, worker=worker).update(
            permille=min(999, int(share * 1000)), beat_at=timezone.now()
        )

    return beat


def _compute(run: Run, beat: Callable[[float], None]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The forecasts of a run, and what else it found."""
    content = unpack(run.content)
    if run.kind == RunKind.BACKTEST:
        return [], backtest(content, beat)
    found = computed(
        content,
        settings_of(run.trials, run.seed, run.sampling),
        progress=beat,
        watched=nodes_wanted(content),
    )
    counts: dict[str, int] = {}
    for row in found.rows:
        counts[row["basis"]] = counts.get(row["basis"], 0) + 1
    told = {"counts": counts, "rows": sha256_of({"rows": [_plain(row) for row in found.rows]})}
    return found.rows, told | sums_of(content, found, trials=run.trials, seed=run.seed)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}


def _finish(
    run: Run, worker: str, rows: list[dict[str, Any]], told: dict[str, Any], seconds: float, *, by: User
) -> bool:
    try:
        with writing():
            held = RunState.objects.select_for_update().filter(run=run, worker=worker, state=State.RUNNING)
            if not held.exists() or RunResult.objects.filter(run=run).exists():
                return False
            text, sha256 = packed(told)
            result = RunResult(
                run=run,
                content=text,
                sha256=sha256,
                seconds=round(seconds, 3),
                recorded_by=by.username,
            )
            result.save(force_insert=True)
            for at in range(0, len(rows), BATCH):
                Forecast.objects.bulk_create(Forecast(run=run, **row) for row in rows[at : at + BATCH])
            held.update(state=State.DONE, permille=1000, finished_at=timezone.now())
            record("run.done", by=by, target=f"run:{run.code}", after=state_of(result))
    except Conflict:
        return False
    return True


def _fail(run: Run, worker: str, code: str, params: dict[str, Any], *, by: User) -> None:
    shown = {
        name: value if isinstance(value, str | int | list) else str(value) for name, value in params.items()
    }
    with writing():
        held = RunState.objects.select_for_update().filter(run=run, worker=worker)
        if held.update(state=State.FAILED, finished_at=timezone.now(), error=code, error_params=shown):
            record("run.failed", by=by, target=f"run:{run.code}", after={"error": code, **shown})
