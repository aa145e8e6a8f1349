"""On which day the world is looked at, and by which of the two clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Clock = Literal["said", "recorded"]
CLOCKS: tuple[Clock, ...] = ("said", "recorded")


@dataclass(frozen=True, slots=True)
class AsKnown:
    """The country as known on `day`.

    `clock` "said" filters by when the world could know (readers); "recorded" by when we stored it (auditors).
    `until`: by either clock nothing counts that was stored at this moment or later: what was asked then is
    answered later without what came between. None: all that is stored counts.
    """

    day: dt.date
    clock: Clock = "said"
    until: dt.datetime | None = None
