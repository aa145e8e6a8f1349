"""Work of the runs by the clock: each job calls a service as the system, and running it twice is harmless."""

from __future__ import annotations

from django.utils import timezone

from torap.common.permissions import system_user
from torap.delivery.selectors import network
from torap.rules.known import AsKnown
from torap.runs.models import RunKind, RunResult
from torap.runs.services.requests import run_request, runs_resume


def forecast_today() -> list[str]:
    """Make the forecast of today, of what is real and, where there is any, of what is invented; the codes of
    the runs that were not there before. The day is part of the question: each day has its run, and a second
    one only where something changed since the first."""
    by, day = system_user(), timezone.localdate()
    there = set(RunResult.objects.filter(run__known_on=day).values_list("run__code", flat=True))
    found = []
    for invented in (False, True):
        nodes = network(AsKnown(day), invented=invented).nodes.values()
        if any(node.invented == invented for node in nodes):
            run = run_request(by=by, kind=RunKind.FORECAST, known_on=day, invented=invented)
            found.append(run.code)
    return [code for code in found if code not in there]


def backtest_today() -> str:
    """Replay every known promise as of its day; the code of the run. The same histories are replayed once."""
    return run_request(by=system_user(), kind=RunKind.BACKTEST, known_on=timezone.localdate()).code


def resume_runs() -> list[str]:
    """Queue again the runs that wait or whose worker died."""
    return runs_resume(by=system_user())
