"""The situation: what is late, what falls due, what slipped, whose turn it is, where sayings contradict each
other.

One look at the whole country as known on a day, at most fifteen queries, computed anew each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from torap.delivery.selectors import lines
from torap.delivery.selectors.board import board_of
from torap.delivery.selectors.evidence import EvidenceIndex
from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.milestones import MilestoneState, contradictions_in, moved_of
from torap.delivery.selectors.national import (
    FigureRows,
    figure_conflicts,
    figure_rows,
    national_progress,
    newest_claim,
)
from torap.delivery.selectors.obstacles import ObstacleState
from torap.delivery.selectors.situation_model import (
    ContradictionLine,
    Contradictions,
    Counts,
    Due,
    Freshness,
    Headline,
    Overdue,
    Ref,
    Situation,
)
from torap.delivery.selectors.whole import country_states
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.rules.statuses import DONE, NO_WORD

WITHIN_DAYS = 30
LIMIT = 10


@dataclass(frozen=True, slots=True)
class _Rows:
    milestones: list[MilestoneState]
    instructions: list[InstructionState]
    obstacles: list[ObstacleState]
    evidence: EvidenceIndex
    invented_left_out: int


@while_unchanged
def situation(known: AsKnown, *, limit: int = LIMIT) -> Situation:
    """The situation as known on a day; lists that only rank are cut at `limit`, lists of what is late or due
    are whole.

    Invented records are left out and counted. An empty database gives an empty situation, not an error.
    """
    figures = figure_rows(known)
    rows = _read(known, figures.invented_left_out)
    day = known.day
    late = lines.overdue(rows.instructions, rows.milestones, day)
    due = lines.due_within(rows.instructions, rows.milestones, day, WITHIN_DAYS)
    conflicts = _contradictions(rows, figures, limit)
    fresh = _freshness(rows, newest_claim(figures), known.day, limit)
    counts = _counts(rows, late, conflicts)
    return Situation(
        as_of=day,
        clock=known.clock,
        facts_newest=fresh.newest,
        headline=headline(counts, late, due),
        counts=counts,
        overdue=late,
        due_30=due,
        coming=lines.coming(rows.milestones, day, limit),
        slipped_most=lines.slipped_most(rows.milestones, day, limit),
        whose_turn=lines.turn_lines(
            board_of(rows.instructions, rows.milestones, rows.obstacles, day), day, limit
        ),
        contradictions=conflicts,
        freshness=fresh,
        progress=national_progress(figures, known),
        blocked_by=lines.blocked_lines(rows.obstacles, limit),
    )


def headline(counts: Counts, late: Overdue, due: Due) -> Headline:
    """The sentence of the day: what is late, else what is near, else that nothing is; or that nothing is
    known."""
    if not counts.instructions and not counts.milestones:
        return Headline(code="empty")
    params = {
        "instructions": len(late.instructions),
        "promises": len(late.promises),
        "moved": counts.promises_moved,
        "dated": counts.promises_dated,
        "days": due.within_days,
        "due_instructions": len(due.instructions),
        "due_promises": len(due.promises),
    }
    if late.instructions and late.promises:
        return Headline(code="late_both", params=params)
    if late.instructions:
        return Headline(code="late_instructions", params=params)
    if late.promises:
        return Headline(code="late_promises", params=params)
    if due.instructions or due.promises:
        return Headline(code="due_soon", params=params)
    return Headline(code="quiet", params=params)


def _read(known: AsKnown, invented_claims: int) -> _Rows:
    """The states of the country that are real, and how many invented records stand beside them."""
    whole = country_states(known)
    real = _Rows(
        milestones=[row for row in whole.milestones if not row.invented],
        instructions=[row for row in whole.instructions if not row.invented],
        obstacles=[row for row in whole.obstacles if not row.invented],
        evidence=whole.evidence,
        invented_left_out=0,
    )
    kept = len(real.milestones) + len(real.instructions) + len(real.obstacles)
    every = len(whole.milestones) + len(whole.instructions) + len(whole.obstacles)
    left_out = invented_claims + every - kept
    for states in (real.milestones, real.instructions, real.obstacles):
        left_out += sum(len(row.apart) for row in states)
    return _Rows(real.milestones, real.instructions, real.obstacles, whole.evidence, left_out)


def _counts(rows: _Rows, late: Overdue, conflicts: Contradictions) -> Counts:
    milestones, instructions = rows.milestones, rows.instructions
    moved, dated = moved_of(milestones)
    slips = [m.slip_months for m in milestones if m.slip_months is not None]
    groups = (rows.evidence.milestones, rows.evidence.instructions)
    items = [
        item for group in groups for found in group.values() for item in found if not item.evidence.invented
    ]
    states = [row.control.state for row in instructions]
    return Counts(
        instructions=len(instructions),
        instructions_open=sum(1 for row in instructions if not row.closed),
        instructions_closed=sum(1 for row in instructions if row.closed),
        instructions_permanent=states.count("no_deadline"),
        instructions_without_known_deadline=states.count("deadline_not_known"),
        instructions_overdue=len(late.instructions),
        instructions_done=sum(1 for row in instructions if row.done),
        milestones=len(milestones),
        milestones_done=sum(1 for row in milestones if row.done),
        milestones_said_done=sum(1 for row in milestones if row.said.code == DONE and not row.done),
        milestones_without_promise=sum(1 for row in milestones if row.current is None),
        milestones_without_word=sum(1 for row in milestones if row.said.code == NO_WORD),
        promises_overdue=len(late.promises),
        promises_moved=len(moved),
        promises_dated=len(dated),
        promises_comparable=len(slips),
        slip_median_months=float(median(slips)) if slips else None,
        slip_max_months=max(slips, default=None),
        obstacles_open=sum(1 for row in rows.obstacles if row.open),
        evidence_waiting=sum(1 for item in items if item.verdict == "offered"),
        files_used_twice=sum(1 for item in items if item.same_file),
        contradictions=conflicts.total,
        invented_left_out=rows.invented_left_out,
    )


def _contradictions(rows: _Rows, read: FigureRows, limit: int) -> Contradictions:
    promises = [lines.promise_conflict_line(row) for row in contradictions_in(rows.milestones)]
    figures = figure_conflicts(read)
    clashing = [row for row in figures if row.kind != "restated"]
    return Contradictions(
        total=len(promises) + len(figures),
        figures=len(clashing),
        restated=len(figures) - len(clashing),
        promises=sum(1 for row in promises if row.kind == "promise_conflict"),
        statuses=sum(1 for row in promises if row.kind != "promise_conflict"),
        top=_top(clashing, promises, limit),
    )


def _top(
    figures: Sequence[ContradictionLine], promises: Sequence[ContradictionLine], limit: int
) -> tuple[ContradictionLine, ...]:
    """The widest of each sort in turn: shares and days cannot be ranked against each other. A figure nobody
    said, only computed, comes after those two bodies name."""
    by_width = [
        sorted(rows, key=lambda r: (r.kind == "computed", -(r.difference or 0), r.what.code))
        for rows in (figures, promises)
    ]
    mixed: list[ContradictionLine] = []
    for rank in range(max(len(rows) for rows in by_width)):
        mixed.extend(rows[rank] for rows in by_width if rank < len(rows))
    return tuple(mixed[:limit])


def _freshness(rows: _Rows, claimed: dt.date | None, day: dt.date, limit: int) -> Freshness:
    words = [row.newest_said for row in rows.milestones if row.newest_said is not None]
    words += [row.newest_said for row in rows.instructions]
    words += [claimed] if claimed is not None else []
    newest = max(words, default=None)
    reports = [row.said_from for state in rows.milestones for row in state.reports]
    reports += [row.said.said_from for row in rows.instructions if row.said.said_from is not None]
    report = max(reports, default=None)
    silent = lines.silent(rows.milestones, day)
    return Freshness(
        newest=newest,
        newest_age_days=_age(newest, day),
        newest_report=report,
        newest_report_age_days=_age(report, day),
        silent=tuple(silent[:limit]),
        silent_total=len(silent),
        asked_for_word=tuple(_permanent(rows.instructions)),
    )


def _age(newest: dt.date | None, day: dt.date) -> int | None:
    return (day - newest).days if newest is not None else None


def _permanent(instructions: Iterable[InstructionState]) -> list[Ref]:
    """Instructions without an end: asked for a fresh word instead."""
    return [
        Ref(kind="instruction", code=row.code, name=row.instruction.text)
        for row in instructions
        if "asked_for_freshness" in row.control.warnings and not row.closed
    ]
