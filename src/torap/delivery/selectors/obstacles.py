"""Obstacles with their age, what they block, and the rungs of the ladder taken and due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from torap.common.errors import NotFound
from torap.common.known import known_q
from torap.common.together import together
from torap.countries import load_ladder
from torap.delivery.models import Obstacle, ObstacleEvent
from torap.delivery.selectors.milestones import Ids, MilestoneState, milestone_states
from torap.delivery.selectors.revised import taken_back
from torap.ledger.selectors import Before, with_changed
from torap.rules import escalation
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleState:
    """An obstacle as known on a day. `days_open` counts to its removal, or to the day asked for.

    `rung`: the highest rung taken, "" before the first; `rungs_due`: reached by rule and not yet taken.
    `blocked`: codes of the milestones it holds up that are not done by evidence; a real obstacle counts real
    ones only. `apart`: invented events of a real obstacle, which neither raise nor remove it.
    """

    obstacle: Obstacle
    events: tuple[ObstacleEvent, ...]
    open: bool
    removed_on: dt.date | None
    days_open: int
    rung: str
    rungs_due: tuple[str, ...]
    blocked: tuple[str, ...]
    apart: tuple[ObstacleEvent, ...] = ()

    @property
    def invented(self) -> bool:
        """Invented: kept out of every total of real data."""
        return self.obstacle.invented

    @property
    def code(self) -> str:
        """The obstacle's code."""
        return self.obstacle.code


def obstacles_known(codes: Collection[str], known: AsKnown) -> dict[str, bool]:
    """Of these obstacles those known on that day, by code: whether each is invented. One query."""
    rows = Obstacle.objects.filter(known_q(known), code__in=codes)
    return dict(rows.values_list("code", "invented"))


def obstacle_states(
    known: AsKnown,
    *,
    codes: Collection[str] | None = None,
    open_only: bool = False,
) -> list[ObstacleState]:
    """States of obstacles known on that day, longest open first. Two queries and those of
    `milestone_states`, one where there is none."""
    rows = together(*obstacle_questions(known, codes=codes))
    if not rows[0]:
        return []
    milestones = milestone_states(known, subject_ids={row.blocks_id for row in rows[0]})
    return [state for state in states_of(rows, milestones, known) if state.open or not open_only]


def obstacle_questions(
    known: AsKnown, *, codes: Collection[str] | None = None, subject_ids: Ids | None = None
) -> tuple[QuerySet[Any], ...]:
    """What has to be read to tell the states of obstacles, milestones aside: themselves, events."""
    wanted = known_q(known)
    if codes is not None:
        wanted &= Q(code__in=codes)
    if subject_ids is not None:
        wanted &= Q(blocks__in=subject_ids)
    asked = Obstacle.objects.filter(wanted)
    happened = ObstacleEvent.objects.filter(known_q(known), obstacle__in=asked.values("pk"))
    return (
        with_changed(
            asked.select_related("blocks", "holder", "milestone", "source").order_by("code"),
            "obstacle",
            known,
        ),
        happened.select_related("source").order_by("happened_on", "pk"),
    )


def states_of(
    answers: Sequence[list[Any]],
    milestones: Iterable[MilestoneState],
    known: AsKnown,
    before: Before | None = None,
) -> list[ObstacleState]:
    """The states of obstacles, removed ones too, from the answers to `obstacle_questions`, the states of the
    milestones of what they block, and what was changed of them after the day where that is read already."""
    rows, happened = answers
    taken_back(rows, "obstacle", known, before)
    events: dict[int, list[ObstacleEvent]] = defaultdict(list)
    for event in happened:
        events[event.obstacle_id].append(event)
    waiting: dict[int, list[MilestoneState]] = defaultdict(list)
    for state in milestones:
        if not state.done:
            waiting[state.milestone.subject_id].append(state)
    states = [_state(row, events[row.pk], waiting[row.blocks_id], known.day) for row in rows]
    return sorted(states, key=lambda state: (not state.open, -state.days_open, state.code))


def obstacle_get(code: str, known: AsKnown) -> ObstacleState:
    """The state of one obstacle; NotFound when it was not known by that day."""
    found = obstacle_states(known, codes=[code])
    if not found:
        raise NotFound("not_found", field="code", entity="obstacle", value=code)
    return found[0]


def _state(
    row: Obstacle, events: Sequence[ObstacleEvent], waiting: Sequence[MilestoneState], day: dt.date
) -> ObstacleState:
    apart = tuple(e for e in events if e.invented != row.invented)
    events = [e for e in events if e.invented == row.invented]
    waiting = [s for s in waiting if row.invented or not s.invented]
    removed = next((e.happened_on for e in events if e.type == ObstacleEvent.Type.REMOVED), None)
    taken = {e.rung for e in events if e.type == ObstacleEvent.Type.ESCALATED}
    blocked = [s.code for s in waiting if row.milestone_id in (None, s.milestone.pk)]
    days_open = max(0, ((removed or day) - row.said_to).days)
    ladder = load_ladder(settings.COUNTRY)
    measured = escalation.ObstacleState(days_open=days_open, blocked_promises=len(blocked))
    due = () if removed else escalation.rungs_due(ladder, measured, taken)
    return ObstacleState(
        obstacle=row,
        events=tuple(events),
        open=removed is None,
        removed_on=removed,
        days_open=days_open,
        rung=next((r.code for r in sorted(ladder, key=lambda r: -r.order) if r.code in taken), ""),
        rungs_due=tuple(reached.rung.code for reached in due),
        blocked=tuple(blocked),
        apart=apart,
    )
