"""Asking for a run: its input is frozen then and there; one and the same question is computed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any, overload

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from torap.common.collecting import uncollected
from torap.common.errors import BadInput
from torap.common.models import User
from torap.common.permissions import require
from torap.countries import DEFAULT
from torap.engines.schedule.uncertain import Sampling
from torap.ledger.records import state_of
from torap.ledger.selectors import head_now
from torap.ledger.services import record
from torap.ledger.snapshot import one_state
from torap.ledger.writing import check, find, find_or_none, writing
from torap.rules.known import CLOCKS, AsKnown, Clock
from torap.runs.adapters.compute import ENGINE
from torap.runs.adapters.network import frozen_network
from torap.runs.backtest import frozen_histories
from torap.runs.changes import applied
from torap.runs.frozen import packed, sha256_of, unpack
from torap.runs.model import SAMPLING, SEED, SMALL_NODES, TRIALS
from torap.runs.models import Run, RunKind, RunRequest, RunResult, RunState, Scenario, State
from torap.runs.replay_network import TRIALS as REPLAY_TRIALS
from torap.runs.services.executing import run_execute, runs_give_up
from torap.runs.services.holding import STALE, dead_q
from torap.runs.tasks import run_compute

MOST_TRIALS = 100_000
NO_FACTS = ("run.", "scenario.")  # events of what is computed, from which no history is made
FREE_TRIES = 2  # to read one state of the ledger while others write


def run_request(
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
    assumptions: Mapping[str, Any] | None = None,
    at_once: bool | None = None,
) -> Run:
    """Freeze the input and have it computed: small ones before this returns, others in the background
    (`at_once` says otherwise).

    A scenario (code) is applied to the frozen input of the run `base` (the newest forecast is the caller's to
    name). The same question asked again gives the run there is; one that failed is tried again. BadInput for
    a day to come, an unknown sampling, too many trials, a scenario without base.
    """
    require(by, "run.request")
    day = known_on or timezone.localdate()
    check_question(kind, day, clock, trials, sampling)
    held = find_or_none(Scenario, scenario, field="scenario")
    before = find_or_none(Run, base, field="base")
    values: dict[str, Any] = {
        "kind": kind,
        "title": title.strip(),
        "known_on": day,
        "clock": clock,
        "seed": seed,
        "trials": trials,
        "sampling": str(sampling),
        "engine": ENGINE,
        "scenario": held,
        "base": before,
        "invented": invented,
    }
    known = AsKnown(day, clock)
    if kind == RunKind.SCENARIO:
        scenario_row, base_row = check_what_if(held, before)
        run = run_added(values | varied(scenario_row.changes, base_row), by=by)
    elif kind == RunKind.BACKTEST:
        values["trials"] = min(
            trials, REPLAY_TRIALS
        )  # of each day: more are not made, so the run says no more
        run = _unmoved(values, partial(frozen_histories, known, invented=invented), by=by)
    else:
        read = partial(frozen_network, known, invented=invented, assumptions=assumptions)
        run = run_added(values | read_input(read), by=by)
    small = run.nodes <= SMALL_NODES if at_once is None else at_once
    if small:
        run_execute(run.code, by=by)
    elif not RunResult.objects.filter(run=run).exists():
        run_queue(run.code, by=by)
    return run


def check_question(kind: str, day: dt.date, clock: str, trials: int, sampling: str) -> None:
    """BadInput names the part of a question that cannot be asked."""
    if kind not in RunKind.values:
        raise BadInput("unknown_choice", field="kind", value=kind, allowed=", ".join(RunKind.values))
    if clock not in CLOCKS:
        raise BadInput("unknown_choice", field="clock", value=clock, allowed=", ".join(CLOCKS))
    if sampling not in set(Sampling):
        raise BadInput("unknown_choice", field="sampling", value=sampling, allowed=", ".join(Sampling))
    if day > timezone.localdate():
        raise BadInput("in_the_future", field="known_on", day=day)
    if not 1 <= trials <= MOST_TRIALS:
        raise BadInput("out_of_range", field="trials", value=trials, low=1, high=MOST_TRIALS)


def check_what_if(scenario: Scenario | None, base: Run | None) -> tuple[Scenario, Run]:
    """BadInput where a what-if cannot be asked of this base."""
    if scenario is None:
        raise BadInput("missing", field="scenario")
    if base is None:
        raise BadInput("missing", field="base")
    if scenario.discarded:
        raise BadInput("discarded", field="scenario", value=scenario.code)
    if base.kind == RunKind.BACKTEST:
        raise BadInput("not_a_basis", field="base", value=base.code)
    if scenario.invented != base.invented:
        raise BadInput("invented_mixed", field="base", value=base.code)
    return scenario, base


def varied(changes: Sequence[Mapping[str, Any]], base: Run) -> dict[str, Any]:
    """The input of a base with the changes of a scenario, as it was asked of the base."""
    asked = ("known_on", "clock", "read_seq", "read_hash", "invented", "trials", "seed", "sampling")
    with uncollected():
        frozen = frozen_columns(applied(unpack(base.content), changes))
    return frozen | {name: getattr(base, name) for name in asked}


def frozen_columns(content: Mapping[str, Any]) -> dict[str, Any]:
    """An input as a run keeps it. A nation's is large: only its packed text is held on to, and whoever
    computes reads it from the run."""
    text, sha256 = packed(content)
    return {
        "nodes": len(content.get("nodes") or content.get("histories") or ()),
        "content": text,
        "sha256": sha256,
    }


def read_input(read: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """An input as a run keeps it, all of it of one state of the ledger, with its newest event."""
    with uncollected(), one_state() as (seq, head):
        content = read()
    return frozen_columns(content) | {"read_seq": seq, "read_hash": head}


def _unmoved(values: dict[str, Any], read: Callable[[], Mapping[str, Any]], *, by: User) -> Run:
    """The run of what many queries read one after another, of one state of the ledger: read again where
    something was recorded meanwhile, at last under its lock. So nothing lies between what a new run read and
    the event that asked for it."""
    tries = 0
    while True:
        tries += 1
        with writing() if tries > FREE_TRIES else nullcontext():
            frozen = read_input(read)
            run = run_added(values | frozen, by=by, behind=frozen["read_seq"])
        if run is not None:
            return run


@overload
def run_added(values: dict[str, Any], *, by: User) -> Run: ...
@overload
def run_added(values: dict[str, Any], *, by: User, behind: int) -> Run | None: ...
def run_added(values: dict[str, Any], *, by: User, behind: int | None = None) -> Run | None:
    """The run of these values: a new one with its place in the queue, or the one that is there. None where a
    new one would not follow the event `behind`."""
    asked = ("kind", "sha256", "seed", "trials", "sampling", "engine")
    key = sha256_of({**{name: str(values[name]) for name in asked}, "country": settings.COUNTRY or DEFAULT})
    with writing():
        found = Run.objects.filter(key=key).first()
        if found is not None:
            RunState.objects.filter(run=found, state__in=(State.FAILED, State.STOPPED)).update(
                state=State.QUEUED, permille=0, attempts=0
            )
            return found
        if behind is not None and head_now()[0] != behind:
            return None
        run = Run(**values, key=key, code=code_of(values), recorded_by=by.username)
        check(run)
        run.save(force_insert=True)
        RunState.objects.create(run=run)
        record("run.requested", by=by, target=f"run:{run.code}", after=state_of(run))
    return run


def code_of(values: Mapping[str, Any], model: type[Run | RunRequest] = Run) -> str:
    """A code people can read: kind, day, and a number where there is more than one of that day."""
    name = f"{values['kind']}-{values['known_on'].isoformat()}" + ("-invented" if values["invented"] else "")
    taken = set(model._default_manager.filter(code__startswith=name).values_list("code", flat=True))
    number = 1
    while (code := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return code


def run_queue(code: str, *, by: User) -> None:
    """Put a run that waits into the queue of background work once the transaction is over."""
    require(by, "run.request")
    run = find(Run, code, field="code")
    transaction.on_commit(partial(run_compute.enqueue, run.code))


def runs_resume(*, by: User) -> list[str]:
    """Queue again the runs that wait or whose worker died; their codes. Doing it twice computes nothing
    twice. A run whose workers died three times has failed: it would end the next one too."""
    require(by, "run.request")
    runs_give_up(by=by)
    waiting = Q(progress__state=State.QUEUED, recorded_at__lt=timezone.now() - STALE)
    died = dead_q("progress__")
    done = RunResult.objects.values("run")
    codes = list(Run.objects.filter(waiting | died).exclude(pk__in=done).values_list("code", flat=True))
    for code in codes:
        run_queue(code, by=by)
    return codes
