"""What a work of an attached schedule belongs to: its bare name (Fit-out) says nothing among other dates."""

from __future__ import annotations

from collections.abc import Iterable

from torap.delivery.models import Milestone

KIND = "activity:"


def milestones_above(keys: Iterable[str]) -> dict[str, str]:
    """For each work among these keys of nodes the milestone its schedule is attached to, with the place or
    project of that: `Aktau container hub: Construction complete`. One query, none without works."""
    above = {key: milestone_of(key) for key in keys if key.startswith(KIND)}
    if not above:
        return {}
    rows = Milestone.objects.filter(code__in=set(above.values())).select_related("subject")
    names = {row.code: f"{row.subject.name}: {row.name}" for row in rows}
    return {key: names[code] for key, code in above.items() if code in names}


def milestone_of(key: str) -> str:
    """The code of the milestone in `activity:MILESTONE:SCHEDULE/WORK`."""
    return key.removeprefix(KIND).partition(":")[0]
