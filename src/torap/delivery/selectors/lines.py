"""From states to the lines of the situation: what is late, what is due, what slipped, who is silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from torap.delivery.models import Executor
from torap.delivery.selectors.board import HolderLine, body_ref
from torap.delivery.selectors.control import Step
from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.milestones import MilestoneState, PromiseContradiction
from torap.delivery.selectors.obstacles import ObstacleState
from torap.delivery.selectors.situation_model import (
    BlockedLine,
    ContradictionLine,
    Due,
    DutyLine,
    Overdue,
    PromiseLine,
    Ref,
    SilentLine,
    TurnLine,
)
from torap.rules.statuses import DONE


def overdue(
    instructions: Iterable[InstructionState], milestones: Iterable[MilestoneState], day: dt.date
) -> Overdue:
    """Everything late on `day`, longest late first; promises said to be done stand last, but they stand."""
    duties = _duties(instructions, day)
    late = [row for row in duties if row.overdue]
    soft = [row for row in duties if not row.overdue and row.days < 0]
    promises = [promise_line(s, day) for s in milestones if s.passed]
    return Overdue(
        instructions=_by_days(late),
        past_not_binding=_by_days(soft),
        steps=_by_days(row for row in _steps(instructions, day) if row.overdue),
        promises=tuple(sorted(promises, key=lambda row: (row.said == DONE, row.days, row.code))),
        said_done=sum(1 for row in promises if row.said == DONE),
    )


def due_within(
    instructions: Iterable[InstructionState], milestones: Iterable[MilestoneState], day: dt.date, within: int
) -> Due:
    """What falls due from `day` to `within` days later."""
    duties = _duties(instructions, day)
    promises = [promise_line(s, day) for s in milestones if s.current is not None and not s.done]
    near = [row for row in promises if 0 <= row.days <= within]
    return Due(
        within_days=within,
        instructions=_by_days(row for row in duties if 0 <= row.days <= within),
        steps=_by_days(row for row in _steps(instructions, day) if 0 <= row.days <= within),
        promises=tuple(sorted(near, key=lambda row: (row.days, row.code))),
    )


def coming(milestones: Iterable[MilestoneState], day: dt.date, limit: int) -> tuple[PromiseLine, ...]:
    """The promises in force that fall next, the nearest first; of one day those that moved most often.

    All of the nearest day are there, whatever `limit` says.
    """
    ahead = [promise_line(s, day) for s in milestones if s.current is not None and not s.done]
    rows = sorted((row for row in ahead if row.days >= 0), key=lambda row: (row.days, -row.moves, row.code))
    nearest = sum(1 for row in rows if row.days == rows[0].days)
    return tuple(rows[: max(limit, nearest)])


def _duties(instructions: Iterable[InstructionState], day: dt.date) -> list[DutyLine]:
    """Instructions whose answer is owed by a known day and not done by evidence."""
    owed = (s for s in instructions if s.control.open and s.control.due is not None and not s.done)
    return [duty_line(state, day) for state in owed]


def _by_days(rows: Iterable[DutyLine]) -> tuple[DutyLine, ...]:
    return tuple(sorted(rows, key=lambda row: (row.days, row.code, row.step)))


def duty_line(state: InstructionState, day: dt.date, step: Step | None = None) -> DutyLine:
    """An instruction, or one step of it, as a line; there is a due day."""
    control = state.control
    due = step.due if step is not None else control.due
    if due is None:
        raise ValueError(f"{state.code} has no due day")
    is_co = step is not None and step.by_co_executors
    owing = state.co_answers if is_co else state.answers
    return DutyLine(
        code=state.code,
        text=state.instruction.text,
        issuer=state.instruction.issuer,
        given=state.instruction.given_to,
        step=step.step if step is not None else "",
        due=due,
        nominal=step.nominal if step is not None else control.nominal,
        days=(due - day).days,
        working_days=step.working_days_left if step is not None else control.working_days_left,
        type=control.type,
        overdue=(step.binding and due < day) if step is not None else control.overdue,
        said=state.said.code,
        evidenced=state.evidenced.code,
        moved=control.extensions,
        executors=_bodies(row.executor for row in owing),
        answered=_bodies(row.executor for row in owing if row.event is not None),
        co_executors=len(state.executors) - len(state.leads),
        subjects=tuple(Ref(kind=s.kind, code=s.code, name=s.name) for s in state.subjects),
        warnings=control.warnings,
    )


def _bodies(executors: Iterable[Executor]) -> tuple[Ref, ...]:
    return tuple(ref for row in executors if (ref := body_ref(row.organisation)) is not None)


def _steps(instructions: Iterable[InstructionState], day: dt.date) -> list[DutyLine]:
    """Answers of co-executors and reports still owed on instructions not done by evidence."""
    return [duty_line(s, day, step) for s in instructions if not s.done for step in s.control.steps()]


def promise_line(state: MilestoneState, day: dt.date) -> PromiseLine:
    """A milestone with a promise as a line."""
    first, current = state.first, state.current
    if first is None or current is None:
        raise ValueError(f"{state.code} has no promise")
    return PromiseLine(
        code=state.code,
        name=state.milestone.name,
        subject=Ref(kind=state.subject.kind, code=state.subject.code, name=state.subject.name),
        holder=body_ref(state.holder),
        first=first.latest,
        first_as_said=first.as_said,
        first_said_on=first.said_to,
        current=current.latest,
        current_as_said=current.as_said,
        current_said_on=current.said_to,
        source=current.source.code,
        days=(current.latest - day).days,
        moves=state.moves,
        slip_months=state.slip_months,
        slip_to=state.slip_to,
        slip_basis=state.slip_basis,
        schedule=state.schedule.code,
        said=state.said.code,
        evidenced=state.evidenced.code,
    )


def slipped_most(milestones: Iterable[MilestoneState], day: dt.date, limit: int) -> tuple[PromiseLine, ...]:
    """Milestones whose last date lies furthest behind the first promise, in months."""
    later = [s for s in milestones if s.slip_months is not None and s.slip_months > 0]
    later.sort(key=lambda s: (-(s.slip_months or 0), s.code))
    return tuple(promise_line(s, day) for s in later[:limit])


def silent(milestones: Iterable[MilestoneState], day: dt.date) -> list[SilentLine]:
    """Milestones nobody has spoken of since their promise passed, the longest silent first."""
    rows = []
    for state in milestones:
        current, last = state.current, state.newest_said
        if current is None or not state.passed or (last is not None and last > current.latest):
            continue
        rows.append((state, current.latest, last))
    return [
        SilentLine(
            code=state.code,
            name=state.milestone.name,
            subject=Ref(kind=state.subject.kind, code=state.subject.code, name=state.subject.name),
            promised=promised,
            last_word=last,
            silent_days=(day - (last or promised)).days,
        )
        for state, promised, last in sorted(rows, key=lambda row: (row[1], row[0].code))
    ]


def turn_lines(board: Iterable[HolderLine], day: dt.date, limit: int) -> tuple[TurnLine, ...]:
    """The board in short, the bodies with most overdue first."""
    lines = []
    for row in board:
        coming = next((item for item in row.items if item.is_coming), None)
        lines.append(
            TurnLine(
                holder=row.holder,
                instructions=row.count("instruction"),
                milestones=row.count("milestone"),
                obstacles=row.count("obstacle"),
                overdue=row.overdue,
                since=row.since,
                waiting_days=(day - row.since).days,
                next_due=coming.due if coming else None,
                next_text=coming.text if coming else row.items[0].text,
            )
        )
    return tuple(lines[:limit])


def blocked_lines(obstacles: Iterable[ObstacleState], limit: int) -> tuple[BlockedLine, ...]:
    """Open obstacles: those that hold up most milestones first, then the oldest."""
    rows = sorted((o for o in obstacles if o.open), key=lambda o: (-len(o.blocked), -o.days_open, o.code))
    return tuple(
        BlockedLine(
            code=row.code,
            text=row.obstacle.text,
            subject=Ref(
                kind=row.obstacle.blocks.kind, code=row.obstacle.blocks.code, name=row.obstacle.blocks.name
            ),
            holder=body_ref(row.obstacle.holder),
            days_open=row.days_open,
            rung=row.rung,
            blocked=row.blocked,
        )
        for row in rows[:limit]
    )


def promise_conflict_line(row: PromiseContradiction) -> ContradictionLine:
    """A contradiction between promises or reports as a line; the difference is in days."""
    subject = row.milestone.subject
    return ContradictionLine(
        kind=row.conflict.kind,
        subject=Ref(kind=subject.kind, code=subject.code, name=subject.name),
        what=Ref(kind="milestone", code=row.milestone.code, name=row.milestone.name),
        low=row.conflict.low,
        high=row.conflict.high,
        unit="days",
        members=len(row.conflict.members),
        difference=float(row.conflict.days),
    )
