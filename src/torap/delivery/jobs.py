"""Work that runs by the clock: each job calls a service as the system, and running it twice is harmless."""

from __future__ import annotations

from torap.common.permissions import system_user
from torap.delivery.services import obstacle_escalate_all


def escalate_obstacles() -> int:
    """Climb the rungs that have fallen due today; returns how many were climbed by this run."""
    return len(obstacle_escalate_all(by=system_user()))
