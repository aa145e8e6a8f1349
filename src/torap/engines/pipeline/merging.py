"""One project told by two pools is one project: what stands of it, so that no sum counts it twice."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from torap.engines.pipeline.model import STAGES, Project

NO_STAGE = -1


def merged(projects: Iterable[Project]) -> tuple[Project, ...]:
    """One row for each identity, in the order they first come, with all its pools.

    The furthest row stands (of equal ones the earliest there, one without a day last, then by id); what it
    lacks comes from the next: the day it came to its stage only from one of the same stage.
    """
    groups: dict[str, list[Project]] = defaultdict(list)
    for row in projects:
        groups[row.key].append(row)
    return tuple(_one(key, rows) for key, rows in groups.items())


def _one(key: str, rows: list[Project]) -> Project:
    ordered = sorted(rows, key=_firmness)
    first = ordered[0]
    money = next((row for row in ordered if row.amount is not None), first)
    return replace(
        first,
        identity=key,
        since=next((row.since for row in ordered if row.stage == first.stage and row.since), None),
        amount=money.amount,
        spent=money.spent,
        promised=next((row.promised for row in ordered if row.promised), None),
        place=next((row.place for row in ordered if row.place), ""),
        finish=next((row.finish for row in ordered if row.finish), ""),
        pools=tuple(sorted({pool for row in rows for pool in row.pools})),
    )


def _firmness(row: Project) -> tuple[int, int, str]:
    rank = STAGES.index(row.stage) if row.stage is not None else NO_STAGE
    return -rank, row.since.toordinal() if row.since else dt.date.max.toordinal(), row.id
