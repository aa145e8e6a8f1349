"""The shape of the delivery network: nodes, links and attached schedules as plain frozen data.

Names come in all three languages, so that what is computed from a network does not hang on a reader's.
Keys: `milestone:CODE`, `instruction:CODE`, `utility:PLACE/KIND`, `plot:CODE`, `step:SUBJECT/PROCEDURE/STEP`,
`activity:SCHEDULE/ID`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torap.common.models import in_language
from torap.rules.calendar import WorkCalendar
from torap.rules.known import AsKnown
from torap.rules.network.stages import Stage

MILESTONE, INSTRUCTION, UTILITY, PLOT, STEP, ACTIVITY = (
    "milestone", "instruction", "utility", "plot", "step", "activity",
)  # fmt: skip
KINDS = (MILESTONE, INSTRUCTION, UTILITY, PLOT, STEP)
SAID, TEMPLATE, SCHEDULE = "said", "template", "schedule"
SHOWN = "shown"
FINISH_START = "FS"
Names = tuple[str, str, str]  # English, Russian, Kazakh

CALENDAR_PER_WORKING = 7 / 5


@dataclass(frozen=True, slots=True)
class Promised:
    """A date named: from `earliest` (None: by `latest`), said on `said_on`."""

    earliest: dt.date | None
    latest: dt.date
    said_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Something that comes on a day. `type`: of a milestone its type, of a network its kind.

    `first`, `current`: the first promise and the one in force. `due`: the day it stands for: of an
    instruction the computed one, else the end of the promise in force. `said`: its newest state as said, ""
    without word. `done`: "" or by what (`said`, `shown`: evidence accepted by another body) since `done_on`;
    when only said, nobody has shown it. `due_by`: of a plot, the milestone or instruction whose date its due
    day is. `heard`: the day of the newest word.
    `stages`: those of its template left before it for which no milestone of the thing stands;
    `shortest_days`: the least they take together, counted from today [calendar days].
    """

    key: str
    kind: str
    code: str
    names: Names
    subject: str = ""
    subject_names: Names = ("", "", "")
    subject_kind: str = ""
    subject_type: str = ""
    type: str = ""
    holders: tuple[str, ...] = ()
    first: Promised | None = None
    current: Promised | None = None
    moves: int = 0
    due: dt.date | None = None
    first_due: dt.date | None = None
    due_by: str = ""
    said: str = ""
    done: str = ""
    done_on: dt.date | None = None
    heard: dt.date | None = None
    template: str = ""
    stages: tuple[Stage, ...] = ()
    shortest_days: int = 0
    invented: bool = False

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(*self.names)

    @property
    def subject_name(self) -> str:
        """The name of its subject in the reader's language."""
        return in_language(*self.subject_names)

    @property
    def holder(self) -> str:
        """Code of the body that owes it, the lead where there are several; empty when nobody is named."""
        return self.holders[0] if self.holders else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLink:
    """`after` waits for `before`. `origin`: `said` (somebody said so), `template` (by structure, `rule` says
    which), `schedule` (the activity of an attached schedule that stands for a milestone).

    `lag` counts `lag_unit` days. `key`, `source`, `said_on`, `why` stand for what was said only.
    """

    before: str
    after: str
    type: str = FINISH_START
    lag: int = 0
    lag_unit: str = "day"
    origin: str = SAID
    rule: str = ""
    why: Names = ("", "", "")
    key: str = ""
    source: str = ""
    said_on: dt.date | None = None
    invented: bool = False

    @property
    def lag_days(self) -> int:
        """The lag in calendar days; five working days count as seven, rounded away from zero."""
        if self.lag_unit == "day":
            return self.lag
        return int(math.copysign(math.ceil(abs(self.lag) * CALENDAR_PER_WORKING), self.lag))

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return in_language(*self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A schedule below a milestone. `current`: no newer one has taken its place on the day."""

    key: str
    milestone: str
    name: str
    format: str
    profile: str
    data_date: dt.date | None
    finish_activity: str
    finish_name: str
    activities: int
    losses: tuple[Mapping[str, Any], ...]
    assumed: Mapping[str, Any]
    sha256: str
    content_sha256: str
    file_name: str
    given_by: str
    said_on: dt.date
    invented: bool
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A link that does not bind: `not_kept` (the order of its rule was not kept), `dropped` (somebody said it
    does not hold), `loop` (it would close one).
    """

    link: NetworkLink
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Everything that is to come, and what waits for what, as known on a day. It never holds a loop."""

    known: AsKnown
    invented: bool
    nodes: Mapping[str, Node]
    links: tuple[NetworkLink, ...]
    schedules: tuple[Attached, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    calendar: WorkCalendar | None = field(default=None, repr=False)

    def waits_for(self, key: str) -> list[NetworkLink]:
        """The links into a node."""
        return [link for link in self.links if link.after == key]

    def holds_up(self, key: str) -> list[NetworkLink]:
        """The links out of a node."""
        return [link for link in self.links if link.before == key]
