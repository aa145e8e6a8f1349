"""What moved in the country between two looks at it: clocks, statuses, promises, contradictions, situation.

A look is flat: one value for each thing that is watched. Codes, days and numbers only; the words stand in
`publish.moved`. Names are kept in three languages, for what was new in a preview is gone when it is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from torap.delivery.selectors.instructions import InstructionState
from torap.delivery.selectors.lines import promise_conflict_line
from torap.delivery.selectors.milestones import MilestoneState, contradictions_in
from torap.delivery.selectors.national import figure_conflicts, figure_rows
from torap.delivery.selectors.situation import situation
from torap.delivery.selectors.situation_model import ContradictionLine, Situation, Value
from torap.delivery.selectors.whole import country_states
from torap.registry.selectors import attribute_list, subject_list
from torap.rules.known import AsKnown
from torap.rules.obligations.model import OPEN_STATES, State

ALL = 1_000_000
Names = dict[str, str]


class Watched(NamedTuple):
    """What is watched: its group, and of which thing. `part`: a step, an attribute, a year, a count."""

    group: str
    entity: str
    code: str
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The country at one moment: a JSON-able value for everything watched, and what things are called."""

    facts: Mapping[Watched, Any]
    names: Mapping[tuple[str, str], Names]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that is not as before; None where it was not there, or is there no longer.

    `because`: what moved it, where that is known (rows of facts files, days of the calendar).
    """

    group: str
    entity: str
    code: str
    part: str
    was: Any
    now: Any
    name: Names = field(default_factory=dict)
    part_name: Names = field(default_factory=dict)
    because: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "because": list(self.because)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Move:
        """Back from JSON."""
        return cls(**{**values, "because": tuple(values.get("because", ()))})


# In the order they are told.
GROUPS = (
    "clock",
    "said",
    "evidenced",
    "schedule",
    "promise",
    "conflict",
    "overdue",
    "due",
    "turn",
    "figure",
    "obstacle",
    "count",
    "newest",
)
# Groups whose moves follow from what was written about that very thing.
_ABOUT_ONE = ("clock", "said", "evidenced", "schedule", "promise")
# Counts that are told: the others follow from them, or say how much is known.
COUNTED = (
    "instructions_overdue",
    "instructions_closed",
    "promises_overdue",
    "promises_moved",
    "milestones_done",
    "obstacles_open",
    "evidence_waiting",
    "contradictions",
)


def look(known: AsKnown) -> Look:
    """Everything watched, as known on a day. Invented records are watched like the others."""
    whole = country_states(known)
    milestones, instructions, obstacles = whole.milestones, whole.instructions, whole.obstacles
    found = situation(known, limit=ALL)
    facts: dict[Watched, Any] = {}
    clashes = [promise_conflict_line(row) for row in contradictions_in(milestones)]
    clashes += figure_conflicts(figure_rows(known))
    for rows in (
        _instructions(instructions),
        _milestones(milestones),
        _conflicts(clashes),
        _situation(found),
    ):
        facts.update(rows)
    facts.update(
        (Watched("obstacle", "obstacle", row.obstacle.code), "open") for row in obstacles if row.open
    )
    names = {("milestone", row.code): _both(row.subject, row.milestone) for row in milestones}
    names |= {("instruction", row.code): _named(row.instruction, "text") for row in instructions}
    names |= {("obstacle", row.obstacle.code): _named(row.obstacle, "text") for row in obstacles}
    names |= {(row.kind, row.code): _named(row, "name") for row in subject_list()}
    names |= {("attribute", row.code): _named(row, "name") for row in attribute_list()}
    return Look(facts=facts, names=names)


def moves_between(
    before: Look, after: Look, because: Mapping[tuple[str, str], tuple[str, ...]]
) -> list[Move]:
    """Everything whose value differs; `because`: (entity, code) -> what was written about it."""
    names = {**before.names, **after.names}
    moved = [key for key in {**before.facts, **after.facts} if before.facts.get(key) != after.facts.get(key)]
    return [
        Move(
            **key._asdict(),
            was=before.facts.get(key),
            now=after.facts.get(key),
            name=names.get((key.entity, key.code), {}),
            part_name=names.get(("attribute", key.part)) or names.get(("milestone", key.part)) or {},
            because=because.get((key.entity, key.code), ()) if key.group in _ABOUT_ONE else (),
        )
        for key in sorted(moved, key=lambda one: (GROUPS.index(one.group), one.entity, one.code, one.part))
    ]


def _instructions(rows: Iterable[InstructionState]) -> Iterator[tuple[Watched, Any]]:
    for row in rows:
        code = row.code
        for step, due in _clocks(row):
            yield Watched("clock", "instruction", code, step), due.isoformat()
        yield from _statuses("instruction", row)


def _clocks(row: InstructionState) -> Iterator[tuple[str, dt.date]]:
    """The clocks that run, step by step; the one of the whole where no law was read for that time."""
    if not row.control.open:
        return
    if row.control.evaluation is None:
        if row.control.due:
            yield "lead", row.control.due
        return
    for clock in row.control.evaluation.clocks:
        if clock.due is not None and clock.state in OPEN_STATES | {State.NOT_YET_TRIGGERED}:
            yield clock.obligation.step, clock.due


def _statuses(entity: str, row: InstructionState | MilestoneState) -> Iterator[tuple[Watched, Any]]:
    for group in ("said", "evidenced", "schedule"):
        yield Watched(group, entity, row.code), getattr(row, group).code


def _milestones(rows: Iterable[MilestoneState]) -> Iterator[tuple[Watched, Any]]:
    for row in rows:
        yield from _statuses("milestone", row)
        if row.current is not None:
            yield Watched("promise", "milestone", row.code), row.current.latest.isoformat()


def _situation(found: Situation) -> Iterator[tuple[Watched, Any]]:
    late, due = found.overdue, found.due_30
    for group, duties, promises in (
        ("overdue", (*late.instructions, *late.steps), late.promises),
        ("due", (*due.instructions, *due.steps), due.promises),
    ):
        yield from (
            (Watched(group, "instruction", row.code, row.step), row.due.isoformat()) for row in duties
        )
        yield from ((Watched(group, "milestone", row.code), row.current.isoformat()) for row in promises)
    for turn in found.whose_turn:
        held = turn.instructions + turn.milestones + turn.obstacles
        yield Watched("turn", turn.holder.kind, turn.holder.code), [held, turn.overdue]
    yield from _figures(found)
    counts = asdict(found.counts)
    yield from ((Watched("count", "", "", name), counts[name]) for name in COUNTED)
    if found.facts_newest:
        yield Watched("newest", "", ""), found.facts_newest.isoformat()


def _conflicts(rows: Iterable[ContradictionLine]) -> Iterator[tuple[Watched, Any]]:
    """Several contradictions of one attribute (scopes, years) are one entry with all their ends."""
    ends: dict[Watched, list[list[str]]] = {}
    for row in rows:
        key = Watched("conflict", row.subject.kind, row.subject.code, row.what.code)
        ends.setdefault(key, []).append([row.kind, _text(row.low), _text(row.high), row.unit])
    yield from ((key, sorted(rows)) for key, rows in ends.items())


def _figures(found: Situation) -> Iterator[tuple[Watched, Any]]:
    for row in found.progress:
        for year in row.years:
            for part, value in (("observed", year.observed), ("target", year.target)):
                if value is not None:
                    key = Watched("figure", "indicator", row.indicator.code, f"{part} {year.year}")
                    yield key, _value(value)


def _value(value: Value) -> list[str]:
    return [value.qualifier, _text(value.low), _text(value.high), value.unit]


def _text(end: Decimal | dt.date | None) -> str:
    if end is None:
        return ""
    return end.isoformat() if isinstance(end, dt.date) else format(end.normalize(), "f")


def _named(row: Any, field_name: str) -> Names:
    found = {lang: getattr(row, f"{field_name}_{lang}") for lang in ("en", "ru", "kk")}
    return {lang: text for lang, text in found.items() if text}


def _both(subject: Any, milestone: Any) -> Names:
    one, two = _named(subject, "name"), _named(milestone, "name")
    return {lang: f"{one.get(lang, one['en'])}, {two.get(lang, two['en'])}" for lang in {**one, **two}}
