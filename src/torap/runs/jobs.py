"""Work of the runs by the clock: each job calls a service as the system, and running it twice is harmless."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from torap.common.permissions import system_user
from torap.delivery.selectors import network, network_larger
from torap.engines.schedule.uncertain import Sampling
from torap.ledger.selectors import recorded_since
from torap.rules.known import AsKnown
from torap.runs.adapters.compute import ENGINE
from torap.runs.backtest import FORMAT
from torap.runs.frozen import unpack
from torap.runs.model import SEED
from torap.runs.models import Run, RunKind, RunResult
from torap.runs.replay_network import TRIALS
from torap.runs.services.asking import requests_resume
from torap.runs.services.requests import NO_FACTS, run_request, runs_resume


def forecast_today() -> list[str]:
    """Make the forecast of today, of what is real and, where there is any, of what is invented; the codes of
    the runs that were not there before. The day is part of the question: each day has its run, and a second
    one only where something changed since the first."""
    by, day = system_user(), timezone.localdate()
    there = set(RunResult.objects.filter(run__known_on=day).values_list("run__code", flat=True))
    found = []
    for invented in (False, True):
        if network_larger(0, invented=invented) or _any_node(AsKnown(day), invented):
            run = run_request(by=by, kind=RunKind.FORECAST, known_on=day, invented=invented)
            found.append(run.code)
    return [code for code in found if code not in there]


def _any_node(known: AsKnown, invented: bool) -> bool:
    return any(node.invented == invented for node in network(known, invented=invented).nodes.values())


def backtest_today() -> str:
    """Replay every known promise as of its day; the code of the run. The same histories are replayed once;
    they are not even read again while nothing but runs and what-ifs was recorded since."""
    day = timezone.localdate()
    return _standing(day) or run_request(by=system_user(), kind=RunKind.BACKTEST, known_on=day).code


def _standing(day: dt.date) -> str:
    """The done back-test of the day that would be made again; empty where there is none, or facts came since.
    Four queries."""
    asked = {"seed": SEED, "trials": TRIALS, "sampling": str(Sampling.PLAIN), "engine": ENGINE}
    rows = Run.objects.filter(kind=RunKind.BACKTEST, known_on=day, invented=False, result__isnull=False)
    run = rows.filter(**asked).order_by("-pk").first()
    if run is None or recorded_since(f"run:{run.code}", "run.requested", but=NO_FACTS):
        return ""
    content = unpack(run.content)
    return run.code if (content["format"], content["clock"]) == (FORMAT, "said") else ""


def resume_runs() -> list[str]:
    """Queue again the runs that wait or whose worker died, and those whose input is still to be read."""
    by = system_user()
    return [*requests_resume(by=by), *runs_resume(by=by)]
