"""Writes about obstacles: what is in the way, its removal, and the ladder of escalation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import require, require_recorder
from torap.countries import load_ladder
from torap.delivery.models import Milestone, Obstacle, ObstacleEvent
from torap.delivery.selectors.obstacles import obstacle_states
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, texts
from torap.ledger import services as ledger
from torap.rules.known import AsKnown


def obstacle_save(
    *,
    by: User,
    code: str,
    text: Texts,
    blocks: str,
    said: Days,
    milestone: str | None = None,
    holder: str | None = None,
    raised_by: str = "",
    source: str | None = None,
    said_by: str = "",
    said_note: str = "",
    invented: bool = False,
) -> Obstacle:
    """Create or change an obstacle: what it blocks (subject's code), who must remove it (`holder`, a body's
    code).

    One that stands is changed by a coordinator or by whoever recorded it, and stays with its subject. Another
    holder counts from the day it was said, when that is later than the day the obstacle was told of, else
    today.
    """
    blocked = writing.required(Obstacle, "blocks", blocks)
    writing.allow(by, "obstacle.add", subject=blocked)
    at = writing.get(Milestone, code=milestone) if milestone else None
    if at is not None and at.subject_id != blocked.pk:
        raise BadInput("milestone_of_another", field="milestone", milestone=milestone, subject=blocks)
    body = writing.related(Obstacle, "holder", holder)
    origin = writing.related(Obstacle, "source", source)
    values: dict[str, Any] = {
        **writing.said_fields(said, said_by, said_note, source=origin),
        **texts("text", text, required=True),
        "blocks": blocked,
        "milestone": at,
        "holder": body,
        "raised_by": raised_by.strip(),
        "source": origin,
        "invented": invented or writing.any_invented(blocked, at, body, origin),
    }
    code = writing.text(code, field="code")
    with writing.writing():
        old, told = writing.locked(Obstacle, code), None
        if old is not None:
            require_recorder(by, old.recorded_by)
            writing.stays(old, values, "blocks")
            told = writing.keep_first_saying(old, values)
        return writing.save_named(
            Obstacle, old, by=by, entity="obstacle", code=code, values=values, said=told
        )


def obstacle_remove(
    *,
    by: User,
    obstacle: str,
    happened_on: dt.date | None = None,
    note: str = "",
    source: str | None = None,
    said: Days | None = None,
    invented: bool = False,
) -> ObstacleEvent:
    """Say that an obstacle (code) is gone since a day that has come. Once only."""
    owner = writing.get(Obstacle, code=obstacle)
    writing.allow(by, "obstacle.remove", bodies=[owner.holder])
    day = _come(happened_on or timezone.localdate())
    origin = writing.related(ObstacleEvent, "source", source)
    values = {
        **writing.said_fields(said or day, by.username, source=origin),
        "obstacle": owner,
        "type": ObstacleEvent.Type.REMOVED,
        "happened_on": day,
        "note": note.strip(),
        "source": origin,
        "invented": invented or writing.any_invented(owner, origin),
    }
    try:
        with transaction.atomic():
            ledger.lock_head()
            return writing.append(
                ObstacleEvent, by=by, kind="obstacle.removed", target=f"obstacle:{obstacle}", values=values
            )
    except IntegrityError as error:
        raise Conflict("already_removed", field="obstacle", obstacle=obstacle) from error


def obstacle_event_add(
    *,
    by: User,
    obstacle: str,
    type: str,
    happened_on: dt.date,
    rung: str = "",
    note: str = "",
    source: str | None = None,
    said: Days | None = None,
    invented: bool = False,
) -> ObstacleEvent:
    """Add an event told by a source: a rung climbed or the removal. Exactly once per rung."""
    if writing.choice(type, ObstacleEvent.Type.values, field="type") == ObstacleEvent.Type.REMOVED:
        return obstacle_remove(
            by=by,
            obstacle=obstacle,
            happened_on=happened_on,
            note=note,
            source=source,
            said=said,
            invented=invented,
        )
    require(by, "obstacle.escalate")
    writing.choice(rung, [step.code for step in load_ladder(settings.COUNTRY)], field="rung")
    owner = writing.get(Obstacle, code=obstacle)
    origin = writing.related(ObstacleEvent, "source", source)
    saying = writing.said_fields(said or happened_on, source=origin)
    event = _climb(
        owner,
        rung,
        by=by,
        day=_come(happened_on),
        note=note,
        saying=saying,
        source=origin,
        invented=invented,
    )
    if event is None:
        raise Conflict("already_there", field="rung", obstacle=obstacle, rung=rung)
    return event


def obstacle_escalate_all(*, by: User, day: dt.date | None = None) -> list[ObstacleEvent]:
    """Climb every rung that has fallen due by `day` (today). Running it twice, or two at once, adds nothing
    twice."""
    require(by, "obstacle.escalate")
    day = day or timezone.localdate()
    climbed = []
    for state in obstacle_states(AsKnown(day), open_only=True):
        for rung in state.rungs_due:
            saying = writing.said_fields(day, by.username)
            event = _climb(state.obstacle, rung, by=by, day=day, note="", saying=saying)
            if event is not None:
                climbed.append(event)
    return climbed


def _climb(
    obstacle: Obstacle,
    rung: str,
    *,
    by: User,
    day: dt.date,
    note: str,
    saying: dict[str, Any],
    source: Any = None,
    invented: bool = False,
) -> ObstacleEvent | None:
    """Add the rung unless it is there, looked for under the lock of the ledger: two workers add it once."""
    kind = ObstacleEvent.Type.ESCALATED
    unreal = invented or writing.any_invented(obstacle, source)
    values = {
        **saying,
        "obstacle": obstacle,
        "type": kind,
        "rung": rung,
        "happened_on": day,
        "note": note.strip(),
        "source": source,
        "invented": unreal,
    }
    with writing.writing():
        climbed = ObstacleEvent.objects.filter(obstacle=obstacle, type=kind, rung=rung, invented=unreal)
        if climbed.exists():
            return None
        return writing.append(
            ObstacleEvent,
            by=by,
            kind="obstacle.escalated",
            target=f"obstacle:{obstacle.code}",
            values=values,
        )


def _come(day: dt.date) -> dt.date:
    """The day, when it has come: nothing happened tomorrow."""
    if day > timezone.localdate():
        raise BadInput("in_the_future", field="happened_on", day=day)
    return day
