"""What pages are told of a run whose input is still to be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A run that was asked for. `percent`: how much of its input is read. `until`: nothing stored from then
    on counts. `run`: what came of it, empty while nothing has. `error`: a code."""

    code: str
    kind: str
    title: str
    known_on: dt.date
    seed: int
    trials: int
    state: str
    percent: float
    error: str
    error_params: Mapping[str, Any]
    by: str
    asked_at: dt.datetime
    until: dt.datetime
    read_seq: int
    read_hash: str
    run: str
    scenario: str
    base: str
    invented: bool

    @property
    def open(self) -> bool:
        """Whether it waits or is being read."""
        return self.state in ("queued", "running")
