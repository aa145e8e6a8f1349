"""From the bytes of a schedule file to a schedule below a milestone: looked at first, then attached.

What cannot be read or computed is refused whole, with the place; nothing is half kept. Where the file is
silent about how uncertain a duration is, the shares given are assumed, and it is told of how many activities.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from torap.common.errors import Conflict
from torap.common.models import User
from torap.delivery import services as delivery
from torap.engines.schedule.dates import Row, Schedule, schedule
from torap.engines.schedule.plan import Activity, Kind
from torap.engines.schedule.quality import Check, assess
from torap.engines.schedule.uncertain import RiskPlan, Shape
from torap.engines.schedule.worktime import moment
from torap.intake.schedules.assumed import with_spread
from torap.intake.schedules.constraints import not_used
from torap.intake.schedules.files import ReadSchedule, read_bytes
from torap.intake.schedules.losses import Loss, Losses
from torap.intake.schedules.missing import MissedLimit, missed_limits
from torap.intake.schedules.naming import naming

if TYPE_CHECKING:
    from torap.delivery.models import AttachedSchedule
    from torap.delivery.services.writing import Days

# Percent of each duration: shortest, most likely, longest. A supposition of the product, shown as such.
ASSUMED_SHARES = (90.0, 100.0, 150.0)
TRIALS = "torap"  # the convention of the trials
AUTOMATIC = ""  # the convention of the program that wrote the file


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePreview:
    """What a file holds before anything is kept: the plan, its dates by a convention, and its quality."""

    read: ReadSchedule
    profile: str
    dates: Schedule
    checks: tuple[Check, ...]
    sha256: str
    losses: tuple[Loss, ...]  # of reading, and what neither the dates nor the trials use
    without_spread: int  # activities of whose duration the file says nothing uncertain

    @property
    def rows(self) -> list[tuple[Activity, Row]]:
        """Every activity with its dates, in the order of the file."""
        found = self.dates.rows
        return [(row, found[row.id]) for row in self.read.plan.activities if row.id in found]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks of quality that fail."""
        return tuple(row for row in self.checks if row.passed is False)

    @property
    def missed(self) -> tuple[MissedLimit, ...]:
        """Limits that the dates do not keep, the worst first."""
        return missed_limits(self.read, self.dates)

    def last_first(self) -> list[tuple[Activity, Row]]:
        """The activities that can stand for a milestone, those that finish last first: what nothing waits for
        comes before what is waited for."""
        waited_for = {link.predecessor for link in self.read.plan.links}
        able = [(row, dates) for row, dates in self.rows if row.kind != Kind.SUMMARY and row.active]
        return sorted(able, key=lambda pair: (pair[0].id in waited_for, -pair[1].finish, pair[0].id))


def schedule_preview(
    data: bytes, *, name: str, profile: str = AUTOMATIC, project: str = ""
) -> SchedulePreview:
    """Read a file and compute its dates. ScheduleFileError or EngineInputError says what is wrong and where.

    `profile`: the convention, else that of the program that wrote the file; `project`: of several.
    """
    read = read_bytes(data, name=name, project=project)
    chosen = profile or read.profile
    with naming(read):
        dates = schedule(read.plan, profile=chosen)
    return SchedulePreview(
        read=read,
        profile=chosen,
        dates=dates,
        checks=assess(read.plan, dates),
        sha256=hashlib.sha256(data).hexdigest(),
        losses=_told(read, chosen),
        without_spread=with_spread(read.risk, ASSUMED_SHARES, Shape.PERT)[1],
    )


def schedule_attach_file(
    *,
    by: User,
    milestone: str,
    data: bytes,
    name: str,
    finish_activity: str,
    said: Days,
    profile: str = AUTOMATIC,
    project: str = "",
    shares: tuple[float, float, float] | None = ASSUMED_SHARES,
    expected_sha256: str = "",
    given_by: str | None = None,
    said_by: str = "",
    said_note: str = "",
    invented: bool = False,
) -> AttachedSchedule:
    """Read a file and attach it to a milestone (code) through delivery.

    `shares`: percent of each duration the file says nothing uncertain of (None: such durations are certain).
    `expected_sha256`: of the file somebody looked at; Conflict when this is another.
    """
    if expected_sha256 and hashlib.sha256(data).hexdigest() != expected_sha256:
        raise Conflict("files_changed", field="file")
    read = read_bytes(data, name=name, project=project)
    risk, assumed = _with_assumed(read.risk, shares)
    with naming(read):
        return delivery.schedule_attach(
            by=by,
            milestone=milestone,
            plan=risk,
            file=data,
            file_name=name,
            format=read.format,
            profile=profile or read.profile,
            finish_activity=finish_activity,
            said=said,
            losses=[row.data() for row in _told(read, profile or read.profile)],
            assumed=assumed,
            given_by=given_by,
            said_by=said_by,
            said_note=said_note,
            invented=invented,
        )


def _told(read: ReadSchedule, profile: str) -> tuple[Loss, ...]:
    """What reading left out, what neither the dates nor the trials use, and a data date still to come."""
    found = (*read.losses, *not_used(read.plan, profile, TRIALS))
    since = read.plan.data_date
    if since is None or moment(since).date() <= timezone.localdate():
        return found
    ahead = Losses()
    ahead.add("data_date_ahead", value=moment(since).date().isoformat())
    return (*found, *ahead)


def _with_assumed(
    risk: RiskPlan, shares: tuple[float, float, float] | None
) -> tuple[RiskPlan, dict[str, Any]]:
    if shares is None:
        return risk, {}
    spread, count = with_spread(risk, shares, Shape.PERT)
    low, mode, high = shares
    told = {"shape": str(Shape.PERT), "low": low, "mode": mode, "high": high, "activities": count}
    return spread, told if count else {}
