"""Writes about obstacles: what is in the way, its removal, and the ladder of escalation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from torap.common.errors import BadInput, Conflict
from torap.common.models import User
from torap.common.permissions import require
from torap.countries import load_ladder
from torap.delivery.models import Milestone, Obstacle, ObstacleEvent
from torap.delivery.selectors.obstacles import obstacle_states
from torap.delivery.services import writing
from torap.delivery.services.writing import Days, Texts, texts
from torap.ledger import services as ledger
from torap.ledger.records import state_of
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
    code)."""
    blocked = writing.required(Obstacle, "blocks", blocks)
    writing.allow(by, "obstacle.add", subject=blocked)
    at = writing.get(Milestone, code=milestone) if milestone else None
    if at is not None and at.subject_id != blocked.pk:
        raise BadInput("milestone_of_another", field="milestone", milestone=milestone, subject=blocks)
    values: dict[str, Any] = {
        **writing.said_fields(said, said_by, said_note),
        **texts("text", text, required=True),
        "blocks": blocked,
        "milestone": at,
        "holder": writing.related(Obstacle, "holder", holder),
        "raised_by": raised_by.strip(),
        "source": writing.related(Obstacle, "source", source),
        "invented": invented,
    }
    with transaction.atomic():
        obstacle, _ = writing.save_named(
            Obstacle, by=by, entity="obstacle", code=writing.text(code, field="code"), values=values
        )
    return obstacle


def obstacle_remove(
    *,
    by: User,
    obstacle: str,
    happened_on: dt.date | None = None,
    note: str = "",
    source: str | None = None,
    said: Days | None = None,
) -> ObstacleEvent:
    """Say that an obstacle (code) is gone since a day. Once only."""
    owner = writing.get(Obstacle, code=obstacle)
    writing.allow(by, "obstacle.remove", bodies=[owner.holder])
    day = happened_on or timezone.localdate()
    values = {
        **writing.said_fields(said or day, by.username),
        "obstacle": owner,
        "type": ObstacleEvent.Type.REMOVED,
        "happened_on": day,
        "note": note.strip(),
        "source": writing.related(ObstacleEvent, "source", source),
    }
    try:
        with transaction.atomic():
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
        )
    require(by, "obstacle.escalate")
    rung = writing.text(rung, field="rung")
    writing.choice(rung, [step.code for step in load_ladder(settings.COUNTRY)], field="rung")
    owner = writing.get(Obstacle, code=obstacle)
    origin = writing.related(ObstacleEvent, "source", source)
    saying = writing.said_fields(said or happened_on)
    event = _climb(owner, rung, by=by, day=happened_on, note=note, saying=saying, source=origin)
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
) -> ObstacleEvent | None:
    """Add the rung unless it is there: the unique row decides between two workers, the loser adds nothing."""
    kind = ObstacleEvent.Type.ESCALATED
    with transaction.atomic():
        ledger.lock_head()
        event, made = ObstacleEvent.objects.get_or_create(
            obstacle=obstacle,
            type=kind,
            rung=rung,
            defaults={
                **saying,
                "happened_on": day,
                "note": note.strip(),
                "source": source,
                "recorded_by": by.username,
            },
        )
        if not made:
            return None
        target = f"obstacle:{obstacle.code}"
        ledger.record("obstacle.escalated", by=by, target=target, after=state_of(event))
    return event
