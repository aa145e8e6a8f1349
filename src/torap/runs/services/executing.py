"""Carrying out a run: claimed once, computed outside any transaction, written in one.

Whoever claims a run holds it while it beats; a worker that died is followed by another, three times at most:
what ended three workers ends the fourth. The beat is a thread's own, for there are minutes in which nothing
can be told of how far the work is. The result is written once whatever happens: it is keyed by its run, and
it is the same whoever computed it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
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
from torap.runs.services.holding import MOST_ATTEMPTS, Stopped, beat, claim, dead_q, shown_params

BEAT_SECONDS = 0.5
ALIVE_SECONDS = 30.0  # a worker that cannot tell how far it is tells that it lives
BATCH = 1000
log = logging.getLogger(__name__)


def run_execute(code: str, *, by: User) -> bool:
    """Compute a run that waits, or whose worker died; False when somebody else does or did, or stopped it.

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
        with _alive(run, worker):
            rows, told = _compute(run, _beats(run, worker))
    except Stopped:
        return False
    except EngineInputError as error:
        _fail(run, worker, error.code, {"where": error.where, **error.params}, by=by)
        return True
    except Exception as error:
        log.exception("run %s failed", code)
        _fail(run, worker, "crashed", {"error": type(error).__name__}, by=by)
        return True
    return _finish(run, worker, rows, told, time.monotonic() - started, by=by)


def _claim(code: str, worker: str) -> bool:
    return claim(RunState.objects.filter(run__code=code), worker)


@contextmanager
def _alive(run: Run, worker: str) -> Iterator[None]:
    """Tells every half a minute that the worker of a run lives, until the work is over."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(ALIVE_SECONDS):
            try:
                RunState.objects.filter(run=run, worker=worker).update(beat_at=timezone.now())
            except DatabaseError:  # held by somebody; the next beat may get through
                log.warning("run %s could not tell that it is being computed", run.code)
            finally:
                connection.close()

    teller = threading.Thread(target=tell, name=f"alive-{run.code}", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join(timeout=BEAT_SECONDS)  # one that waits for the database ends by itself, soon after


def _beats(run: Run, worker: str) -> Callable[[float], None]:
    """Tells how far a run is, at most twice a second; ends the work of a run that was stopped."""
    last = time.monotonic()

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last < BEAT_SECONDS:
            return
        last = time.monotonic()
        if not beat(RunState.objects.filter(run=run), worker, share):
            raise Stopped

    return tell


def _compute(run: Run, tell: Callable[[float], None]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The forecasts of a run, and what else it found."""
    content = unpack(run.content)
    settings = settings_of(run.trials, run.seed, run.sampling)
    if run.kind == RunKind.BACKTEST:
        return [], backtest(content, tell, settings)
    found = computed(
        content,
        settings,
        progress=tell,
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


def runs_give_up(*, by: User) -> list[str]:
    """Tell of the runs whose workers died three times that they failed; their codes."""
    require(by, "run.request")
    tried = RunState.objects.filter(dead_q(), attempts__gte=MOST_ATTEMPTS)
    held = tried.filter(run__result__isnull=True).select_related("run")
    found = list(held.defer("run__content"))
    for state in found:
        _fail(state.run, state.worker, "gave_up", {"attempts": state.attempts}, by=by)
    return [state.run.code for state in found]


def _fail(run: Run, worker: str, code: str, params: dict[str, Any], *, by: User) -> None:
    shown = shown_params(params)
    with writing():
        held = RunState.objects.select_for_update().filter(run=run, worker=worker, state=State.RUNNING)
        if held.update(state=State.FAILED, finished_at=timezone.now(), error=code, error_params=shown):
            record("run.failed", by=by, target=f"run:{run.code}", after={"error": code, **shown})
