"""Asking for a run from a page: what is small is computed at once, of what is large the question is kept.

Reading a nation's input takes many seconds, so it is the first stage of the work in the background (see
`freezing`). What the input may know is settled here, under the lock of the chain: the day, the clock, and
that nothing stored from now on counts, whatever is recorded until somebody reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from torap.common.errors import BadInput, NotAllowed
from torap.common.models import User
from torap.common.permissions import may, require
from torap.delivery.selectors import network_larger
from torap.ledger.records import state_of
from torap.ledger.selectors import head_now, recorded_since
from torap.ledger.services import record
from torap.ledger.writing import check, find, find_or_none, writing
from torap.rules.known import Clock
from torap.runs.model import SAMPLING, SEED, SMALL_NODES, TRIALS
from torap.runs.models import RequestState, Run, RunKind, RunRequest, RunState, Scenario, State
from torap.runs.reading_tasks import request_read
from torap.runs.services.holding import MOST_ATTEMPTS, STALE, dead_q
from torap.runs.services.requests import NO_FACTS, check_question, check_what_if, code_of, run_request

OPEN = (State.QUEUED, State.RUNNING)


def run_ask(
    *,
    by: User,
    kind: str = RunKind.FORECAST,
    known_on: dt.date | None = None,
    clock: Clock = "said",
    invented: bool = False,
    trials: int = TRIALS,
    seed: int = SEED,
    sampling: str = SAMPLING,
    title: str = "",
    scenario: str = "",
    base: str = "",
) -> Run | RunRequest:
    """Ask for a forecast or a what-if: a small one is computed before this returns (its run), of a large one
    the question is kept and its input read in the background (the request).

    The same question asked while the first is still being read, and nothing else was recorded, is that
    request. BadInput as for `run_request`; a back-test is not asked for this way.
    """
    require(by, "run.request")
    day = known_on or timezone.localdate()
    check_question(kind, day, clock, trials, sampling)
    if kind == RunKind.BACKTEST:
        raise BadInput("unknown_choice", field="kind", value=kind, allowed="forecast, scenario")
    held = find_or_none(Scenario, scenario, field="scenario")
    before = find_or_none(Run, base, field="base")
    values: dict[str, Any] = {"kind": kind, "known_on": day, "clock": clock, "invented": invented}
    values |= {"trials": trials, "seed": seed, "sampling": str(sampling)}
    if kind == RunKind.SCENARIO:
        held, before = check_what_if(held, before)
        values |= {name: getattr(before, name) for name in values if name != "kind"}
        values |= {"scenario": held, "changes": held.changes, "base": before}
        large = before.nodes > SMALL_NODES
    else:
        large = network_larger(SMALL_NODES, invented=invented)
    if not large:
        asked = {name: value for name, value in values.items() if name != "changes"}
        return run_request(by=by, **asked | {"title": title, "scenario": scenario, "base": base})
    return _asked(values | {"title": title.strip()}, by=by)


def _asked(values: Mapping[str, Any], *, by: User) -> RunRequest:
    """The request of these values: the one that is being read, or a new one with its place in the queue."""
    with writing():
        rows = RunRequest.objects.filter(progress__state__in=OPEN, **values)
        for found in rows.order_by("-pk"):
            if not recorded_since(f"request:{found.code}", "run.asked", but=NO_FACTS):
                return found
        seq, head = head_now()
        row = RunRequest(
            **values,
            code=code_of(values, RunRequest),
            until=timezone.now(),
            read_seq=seq,
            read_hash=head,
            recorded_by=by.username,
        )
        check(row)
        row.save(force_insert=True)
        RequestState.objects.create(request=row)
        record("run.asked", by=by, target=f"request:{row.code}", after=state_of(row))
    request_queue(row.code, by=by)
    return row


def request_queue(code: str, *, by: User) -> None:
    """Put a request that waits into the queue of background work once the transaction is over."""
    require(by, "run.request")
    row = find(RunRequest, code, field="code")
    transaction.on_commit(partial(request_read.enqueue, row.code))


def requests_resume(*, by: User) -> list[str]:
    """Queue again the requests that wait or whose worker died; their codes. One whose workers died three
    times has failed."""
    require(by, "run.request")
    _give_up()
    waiting = Q(progress__state=State.QUEUED, recorded_at__lt=timezone.now() - STALE)
    rows = RunRequest.objects.filter(waiting | dead_q("progress__"))
    codes = list(rows.values_list("code", flat=True))
    for code in codes:
        request_queue(code, by=by)
    return codes


def _give_up() -> None:
    tried = RequestState.objects.filter(dead_q(), attempts__gte=MOST_ATTEMPTS)
    tried.update(state=State.FAILED, error="gave_up", error_params={"attempts": MOST_ATTEMPTS})


def request_stop(*, by: User, code: str) -> bool:
    """Stop the reading of an input that waits or is under way; False where it was over already.

    Whoever asked may, and a coordinator; NotAllowed for others.
    """
    row = find(RunRequest, code, field="code")
    _may_stop(by, row.recorded_by)
    return _stop(RequestState.objects.filter(request=row), f"request:{code}", by=by)


def run_stop(*, by: User, code: str) -> bool:
    """Stop a run that waits or is being computed; False where it was over already. Asked for again it is
    computed from its frozen input."""
    row = find(Run, code, field="code")
    _may_stop(by, row.recorded_by)
    return _stop(RunState.objects.filter(run=row, run__result__isnull=True), f"run:{code}", by=by)


def _may_stop(by: User, asked_by: str) -> None:
    require(by, "run.request")
    if asked_by != by.username and not may(by, "run.any"):
        raise NotAllowed("not_allowed", action="run.any", organisations="")


def _stop(rows: Any, target: str, *, by: User) -> bool:
    with writing():
        stopped = rows.filter(state__in=OPEN).update(state=State.STOPPED, finished_at=timezone.now())
        if stopped:
            record("run.stopped", by=by, target=target, after={"state": str(State.STOPPED)})
    return bool(stopped)
