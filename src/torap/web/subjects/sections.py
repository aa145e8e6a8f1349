"""The sections every subject's page has: figures, milestones, instructions, obstacles, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from torap.delivery.selectors import (
    InstructionState,
    MilestoneState,
    ObstacleState,
    moved_of,
    subject_states,
)
from torap.registry.models import Subject
from torap.registry.selectors import Figure, StageAmount, figures
from torap.rules.known import AsKnown
from torap.web.presenters import milestones, statuses
from torap.web.presenters.earlier import forecasts_now, milestone_dues
from torap.web.presenters.figures import figure_groups
from torap.web.presenters.forecasts import Forecasts
from torap.web.presenters.instructions import InstructionLine, instruction_lines
from torap.web.presenters.invented import apart_lines, of_reality
from torap.web.presenters.sources import source_chip

CHART_MILESTONES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What is known of one subject, ready for its page. `newest` is the day of the newest word on it.

    `apart`: what is invented of a real subject, in no count. `invented`: something on the page is.
    """

    code: str
    groups: list[dict[str, Any]]
    figures: int
    contradictions: int
    states: list[MilestoneState]
    rows: list[milestones.MilestoneRow]
    forecasts: Forecasts
    chart: dict[str, Any] | None
    chart_rows: list[dict[str, Any]]
    chart_words: str
    instructions: list[InstructionLine]
    obstacles: list[ObstacleState]
    evidence: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    mark: str
    moved: int
    dated: int
    passed: int
    furthest: milestones.MilestoneRow | None
    newest: dt.date | None
    invented: bool
    apart: list[dict[str, Any]]


def sections_of(
    subject: Subject,
    known: AsKnown,
    *,
    states: list[MilestoneState] | None = None,
    amounts: Iterable[StageAmount] = (),
) -> Sections:
    """Everything the page of `subject` shows, in a constant number of queries. `states`: already read;
    `amounts`: its money, whose sources and days count with the others."""
    pk = subject.pk
    found = figures(pk, known)
    whole = subject_states(pk, known)
    states = list(whole.milestones) if states is None else states
    duties, obstacles = list(whole.instructions), list(whole.obstacles)
    apart = apart_lines([*states, *duties, *obstacles], subject.invented, known)
    groups, unreal = figure_groups(found, known), any(row.invented for row in found)
    found, states = of_reality(found, subject.invented), of_reality(states, subject.invented)
    duties, obstacles = of_reality(duties, subject.invented), of_reality(obstacles, subject.invented)
    sums = of_reality([entry for row in amounts for entry in (row.entry, *row.earlier)], subject.invented)
    rows = milestones.milestone_rows(states, known)
    charted = chart_states(states)
    moved, dated = moved_of(states)
    slipped = [row for row in rows if row.slip_months and row.slip_months > 0]
    return Sections(
        code=subject.code,
        groups=groups,
        figures=len(found),
        contradictions=sum(len(row.contradictions) for row in found) + sum(row.conflicts for row in rows),
        states=states,
        rows=rows,
        forecasts=forecasts_now(milestone_dues(rows), known),
        chart=milestones.trend_charts(charted, known) if charted else None,
        chart_rows=chart_table(charted, known),
        chart_words=" ".join(f"{state.milestone.name}: {milestones.trend_words(state)}" for state in charted),
        instructions=instruction_lines(duties, known),
        obstacles=obstacles,
        evidence=[line for state in states for line in milestones.evidence_lines(state, known)],
        sources=source_chips(found, states, duties, known, sums),
        mark=statuses.worst_mark([row.mark for row in rows]),
        moved=len(moved),
        dated=len(dated),
        passed=sum(1 for row in rows if row.passed),
        furthest=max(slipped, key=lambda row: row.slip_months or 0, default=None),
        newest=newest_word(found, states, duties, sums),
        invented=subject.invented or unreal or bool(apart),
        apart=apart,
    )


def chart_states(states: Iterable[MilestoneState]) -> list[MilestoneState]:
    """Milestones worth a chart: those with most promises first, then those that moved furthest."""
    dated = [state for state in states if any(promise.yardstick for promise in state.promises)]
    dated.sort(key=lambda state: (-len(state.promises), -(state.slip_months or 0), state.code))
    return dated[:CHART_MILESTONES]


def chart_table(states: Iterable[MilestoneState], known: AsKnown) -> list[dict[str, Any]]:
    """The promises of the chart as rows of its table."""
    return [
        {"milestone": state.milestone.name, **line}
        for state in states
        for line in milestones.promise_lines(state, known)
    ]


def newest_word(
    found: Iterable[Figure],
    states: Iterable[MilestoneState],
    duties: Iterable[InstructionState],
    sums: Iterable[Any] = (),
) -> dt.date | None:
    """The day of the newest claim, promise, report, event or amount (`sums`: entries of money)."""
    days = [claim.said_from for figure in found for claim in (figure.best, *figure.others)]
    days += [state.newest_said for state in states if state.newest_said]
    days += [state.newest_said for state in duties]
    days += [entry.said_from for entry in sums]
    return max(days, default=None)


def source_chips(
    found: Iterable[Figure],
    states: Iterable[MilestoneState],
    duties: Iterable[InstructionState],
    known: AsKnown,
    sums: Iterable[Any] = (),
) -> list[dict[str, Any]]:
    """The sources all this rests on, each once, the newest first. `sums`: entries of money."""
    sources: dict[str, Any] = {}
    for row in (*_sourced(found, states, duties), *sums):
        if row.source is not None:
            sources.setdefault(row.source.code, row.source)
    ordered: Sequence[Any] = sorted(
        sources.values(), key=lambda source: (source.published_to or dt.date.min, source.code), reverse=True
    )
    return [source_chip(known, source) for source in ordered]


def _sourced(
    found: Iterable[Figure], states: Iterable[MilestoneState], duties: Iterable[InstructionState]
) -> Iterable[Any]:
    for figure in found:
        yield from (figure.best, *figure.others)
    for state in states:
        yield from (*state.promises, *state.reports)
    for duty in duties:
        yield from (duty.instruction, *duty.events)
