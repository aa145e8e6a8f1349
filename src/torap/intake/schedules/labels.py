"""How an activity of a file is called: its id, its name, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from torap.engines.schedule.plan import Plan

LONGEST_NAME = 60


def label(key: str, name: str, place: str) -> str:
    """ "7" as "7 (Quay wall, row 9)"; what is not known is left out."""
    known = name.strip()[:LONGEST_NAME]
    about = ", ".join(part for part in (known if known != key else "", place) if part)
    return f"{key} ({about})" if about else key


def labels(plan: Plan, rows: Mapping[str, str]) -> dict[str, str]:
    """How each activity of a plan is called, by its id; those `rows` does not name stand in its order."""
    return {
        row.id: label(row.id, row.name, rows.get(row.id, f"row {number}"))
        for number, row in enumerate(plan.activities, 1)
    }


__all__ = ["label", "labels"]
