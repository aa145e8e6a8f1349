"""What the queue of background work does for a run whose input is still to be read."""

from __future__ import annotations

from django_tasks import task

from torap.common.permissions import system_user
from torap.runs.services.freezing import request_freeze


@task()
def request_read(code: str) -> str:
    """Read the input of what was asked and compute it; the code of the run, empty where there is none."""
    return request_freeze(code, by=system_user())
