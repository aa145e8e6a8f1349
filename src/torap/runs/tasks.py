"""What the queue of background work does."""

from __future__ import annotations

from django_tasks import task

from torap.common.permissions import system_user
from torap.runs.services.executing import run_execute


@task()
def run_compute(code: str) -> bool:
    """Compute the run of that code; False when it was done, or is being done, by somebody else."""
    return run_execute(code, by=system_user())
