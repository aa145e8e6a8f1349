"""What the runs tell the plan of one place or project: its bars, frozen rows without tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from torap.delivery.selectors import Ref
from torap.runs.model import RunLine


@dataclass(frozen=True, slots=True, kw_only=True)
class GanttRow:
    """A bar: what was promised first, what is promised now, the band, and what it waits for."""

    key: str
    name: str
    kind: str
    start: dt.date | None
    first_due: dt.date | None
    due: dt.date | None
    done_on: dt.date | None
    p10: dt.date | None
    p50: dt.date | None
    p80: dt.date | None
    chance: float | None
    basis: str
    holder: Ref | None
    after: tuple[tuple[str, float], ...]  # keys it waits for, with the share of trials they drive it in
    driving: bool  # on the driving chain of the subject's last node
    beyond: tuple[str, ...] = ()  # percentiles of which only is known that they are not before their day
    by_now: tuple[str, ...] = ()  # those that may have come already, for all that was said
    shown: bool = False  # whether evidence that was accepted shows that it is done
    known_due: dt.date | None = None  # the day the run knew where `due`, in force now, is another


@dataclass(frozen=True, slots=True, kw_only=True)
class Gantt:
    """The bars of one subject, in the order of their dates. `causes`: whether what drives them is told."""

    run: RunLine | None
    rows: tuple[GanttRow, ...]
    known_on: dt.date
    causes: bool = True
