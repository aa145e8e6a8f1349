"""Who does a piece of work in the background: claimed once, held while its worker beats, given up after
three workers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from torap.runs.models import State

STALE = dt.timedelta(minutes=3)
MOST_ATTEMPTS = 3


class Stopped(Exception):
    """The work was stopped, or handed to another worker, while it was being done."""


def dead_q(prefix: str = "") -> Q:
    """The condition "its worker died" for progress, or for what hangs on it by `prefix` with its `__`."""
    silent = timezone.now() - STALE
    return Q(**{f"{prefix}state": State.RUNNING, f"{prefix}beat_at__lt": silent})


def claim(rows: QuerySet[Any], worker: str) -> bool:
    """Take work that waits, or whose worker died; False where somebody else holds it or it is over."""
    now = timezone.now()
    free = Q(state=State.QUEUED) | dead_q() & Q(attempts__lt=MOST_ATTEMPTS)
    return bool(
        rows.filter(free).update(
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


def beat(rows: QuerySet[Any], worker: str, share: float) -> bool:
    """Tell how far the work is; False where this worker does not hold it any more."""
    held = rows.filter(worker=worker, state=State.RUNNING)
    return bool(held.update(permille=min(999, int(share * 1000)), beat_at=timezone.now()))


def shown_params(params: dict[str, Any]) -> dict[str, Any]:
    """What an error says, as JSON holds it."""
    return {
        name: value if isinstance(value, str | int | list) else str(value) for name, value in params.items()
    }
