"""Reading the input of a run in the background: the first stage of a run that was asked for from a page.

The input is that of the moment it was asked: what was stored since does not count (`AsKnown.until`), so it
is the same however long it waited. It is read within one transaction that may not write; how far it is, is
told by a thread with a connection of its own, which also hears that somebody stopped it.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from torap.common.errors import ApplicationError
from torap.common.models import User
from torap.common.permissions import require
from torap.ledger.services import record
from torap.ledger.writing import writing
from torap.rules.known import AsKnown
from torap.runs.adapters.compute import ENGINE
from torap.runs.adapters.network import frozen_network
from torap.runs.models import RequestState, Run, RunKind, RunRequest, State
from torap.runs.services.executing import run_execute
from torap.runs.services.holding import Stopped, beat, claim, shown_params
from torap.runs.services.requests import read_input, run_added, varied

TELL_SECONDS = 0.5
ASKED = (
    "kind", "title", "known_on", "clock", "seed", "trials", "sampling", "scenario", "base", "invented",
)  # fmt: skip
log = logging.getLogger(__name__)


def request_freeze(code: str, *, by: User) -> str:
    """Read the input of what was asked and compute its run; the code of the run, empty where somebody else
    does or did, where it was stopped, or where it failed (told in the state of the request)."""
    require(by, "run.request")
    worker = uuid.uuid4().hex
    rows = RequestState.objects.filter(request__code=code)
    if not claim(rows, worker):
        return ""
    request = RunRequest.objects.select_related("base", "scenario").get(code=code)
    try:
        with _telling(request, worker) as tell:
            values = _values(request, tell)
    except Stopped:
        return ""
    except ApplicationError as error:
        _fail(request, worker, error.code, dict(error.params), by=by)
        return ""
    except Exception as error:
        log.exception("the input of %s could not be read", code)
        _fail(request, worker, "crashed", {"error": type(error).__name__}, by=by)
        return ""
    run = _made(request, worker, values)
    if run is None:
        return ""
    run_execute(run.code, by=by)
    return run.code


def _values(request: RunRequest, tell: Callable[[float], None]) -> dict[str, Any]:
    """What the run of a request is: what was asked, and the input as it stood when it was asked."""
    values = {name: getattr(request, name) for name in ASKED} | {"engine": ENGINE}
    if request.kind == RunKind.SCENARIO:
        assert request.base is not None
        return values | varied(request.changes, request.base)
    known = AsKnown(request.known_on, request.clock, until=request.until)  # type: ignore[arg-type]
    found = read_input(partial(frozen_network, known, invented=request.invented, tell=tell))
    return values | found | {"read_seq": request.read_seq, "read_hash": request.read_hash}


def _made(request: RunRequest, worker: str, values: dict[str, Any]) -> Run | None:
    """The run of what was read, in the name of who asked; None where it was stopped meanwhile."""
    asker = User.objects.get(username=request.recorded_by)
    with writing():
        held = RequestState.objects.select_for_update()
        held = held.filter(request=request, worker=worker, state=State.RUNNING)
        if not held.exists():
            return None
        run = run_added(values, by=asker)
        held.update(state=State.DONE, permille=1000, finished_at=timezone.now(), run=run)
    return run


@contextmanager
def _telling(request: RunRequest, worker: str) -> Iterator[Callable[[float], None]]:
    """Gives a function that hears how far the reading is, and raises Stopped once it was stopped."""
    over, stopped, done = threading.Event(), threading.Event(), [0.0]

    def keep_telling() -> None:
        while not over.wait(TELL_SECONDS):
            try:
                if not beat(RequestState.objects.filter(request=request), worker, done[0]):
                    stopped.set()
            except DatabaseError:  # held by somebody; the next beat may get through
                log.warning("%s could not tell how far its input is read", request.code)
            finally:
                connection.close()

    def tell(share: float) -> None:
        done[0] = share
        if stopped.is_set():
            raise Stopped

    teller = threading.Thread(target=keep_telling, name=f"telling-{request.code}", daemon=True)
    teller.start()
    try:
        yield tell
    finally:
        over.set()
        teller.join(timeout=TELL_SECONDS)


def _fail(request: RunRequest, worker: str, code: str, params: dict[str, Any], *, by: User) -> None:
    shown = shown_params(params)
    with writing():
        held = RequestState.objects.filter(request=request, worker=worker, state=State.RUNNING)
        if held.update(state=State.FAILED, finished_at=timezone.now(), error=code, error_params=shown):
            record("run.failed", by=by, target=f"request:{request.code}", after={"error": code, **shown})
