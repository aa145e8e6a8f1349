"""From rows to nodes: each thing with its promises, its state and the day it stands for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from torap.countries import load_procedure
from torap.delivery.models import Executor, Instruction, InstructionEvent
from torap.delivery.selectors.control import CLOSED, control
from torap.delivery.selectors.instructions import instruction_reports
from torap.delivery.selectors.network_model import (
    INSTRUCTION,
    MILESTONE,
    PLOT,
    SAID,
    SHOWN,
    STEP,
    UTILITY,
    Node,
    Promised,
)
from torap.delivery.selectors.network_rows import NO_EVIDENCE, EvidenceRows, MilestoneRow
from torap.registry.selectors import NetworkWord, SubjectFact
from torap.rules.calendar import WorkCalendar
from torap.rules.errors import RulesError
from torap.rules.known import AsKnown
from torap.rules.network.stages import Days, LawBasis, Stage
from torap.rules.obligations.model import Edition, Limit, Obligation, Procedure, Unit
from torap.rules.statuses import DONE, NO_WORD, EvidenceStatus, PromiseFact, SaidStatus, said_status, standing

NOTHING = SubjectFact(id=0, code="", kind="", type="", names=("", "", ""), invented=False)
_CALENDAR_DAYS = {
    Unit.WORKING_DAYS: 7 / 5,
    Unit.CALENDAR_DAYS: 1,
    Unit.MONTHS: 30.44,
    Unit.YEARS: 365.25,
    Unit.HOURS: 1 / 24,
    Unit.SAME_DAY: 0,
}


def milestone_node(
    row: MilestoneRow, subjects: Mapping[str, SubjectFact], template: str, day: dt.date
) -> Node:
    """A milestone with its first promise, the one in force and its state; `template`: code of its stages."""
    subject = subjects.get(row.subject, NOTHING)
    said = said_status(row.reports, day)
    stand = standing(row.promises, said, row.evidence, day)
    done, done_on = _done(said, row.evidence, stand.current)
    heard = [one.said_from for one in row.promises] + [one.said_from for one in row.reports]
    return Node(
        key=f"{MILESTONE}:{row.code}",
        kind=MILESTONE,
        code=row.code,
        names=row.names,
        subject=row.subject,
        subject_names=subject.names,
        subject_kind=subject.kind,
        subject_type=subject.type,
        type=row.type,
        holders=(row.holder,) if row.holder else (),
        first=_promised(stand.first),
        current=_promised(stand.current),
        moves=stand.moves,
        due=stand.current.latest if stand.current else None,
        first_due=stand.first.latest if stand.first else None,
        said="" if said.code == NO_WORD else said.code,
        done=done,
        done_on=done_on,
        heard=max(heard, default=None),
        template=template,
        invented=row.invented,
    )


def _promised(fact: PromiseFact | None) -> Promised | None:
    return Promised(fact.earliest, fact.latest, fact.said_to) if fact else None


def _done(
    said: SaidStatus, evidence: EvidenceStatus, current: PromiseFact | None
) -> tuple[str, dt.date | None]:
    """By what it is done and since when; a date promised again after "done" takes the word back."""
    if evidence.code == "accepted":
        return SHOWN, evidence.shown_on
    taken_back = current is not None and said.said_on is not None and current.said_to > said.said_on
    if said.code == DONE and not taken_back:
        return SAID, said.done_on
    return "", None


def instruction_node(
    row: Instruction,
    executors: Sequence[tuple[str, Executor]],
    events: Sequence[InstructionEvent],
    evidence: EvidenceRows,
    calendar: WorkCalendar,
    day: dt.date,
) -> Node:
    """An instruction with its computed due day."""
    clock = control(row, [one for _body, one in executors], events, calendar, day)
    said = said_status(instruction_reports(events), day)
    shown = evidence.instructions.get((row.pk, row.invented), NO_EVIDENCE)
    done, done_on = _done(said, shown, None)
    if not done and clock.state == CLOSED:
        done, done_on = SAID, clock.done_on
    words = [event.said_from for event in events if event.type != InstructionEvent.Type.RECEIVED]
    leads = [body for body, one in executors if one.role == "lead"] or [body for body, _one in executors]
    return Node(
        key=f"{INSTRUCTION}:{row.code}",
        kind=INSTRUCTION,
        code=row.code,
        names=(row.text_en, row.text_ru, row.text_kk),
        type=clock.type,
        holders=tuple(dict.fromkeys([*leads, *(body for body, _one in executors)])),
        due=clock.due,
        first_due=clock.first_due,
        said="" if said.code == NO_WORD else said.code,
        done=done,
        done_on=done_on,
        heard=max(words, default=row.said_from),
        invented=row.invented,
    )


def utility_nodes(
    words: Iterable[NetworkWord], subjects: Mapping[str, SubjectFact], known: AsKnown
) -> list[Node]:
    """The networks of places, a node for each addition: capacity is the sum of what is added, so a second
    promise is more to come and not the first one moved.

    `utility:PLACE/KIND` is the addition the network begins with: what was there before any promise, or what
    was promised first. The others carry the day promised besides. An addition is done when, after it was
    promised, one was evidenced that stands for no earlier promise.
    """
    groups: dict[tuple[str, str], list[NetworkWord]] = defaultdict(list)
    for word in words:
        groups[word.place, word.kind].append(word)
    found = []
    for (place, kind), said in groups.items():
        subject = subjects.get(place, NOTHING)
        own = [word for word in said if word.invented == subject.invented]
        if own:
            found += _additions(f"{place}/{kind}", kind, own, subject, known.day)
    return found


def _additions(
    code: str, kind: str, said: Sequence[NetworkWord], subject: SubjectFact, day: dt.date
) -> list[Node]:
    """The additions to one network; `said` in the order it was said."""
    promises = [word for word in said if not word.evidenced]
    kept, there = _fulfilled(promises, [word for word in said if word.evidenced and word.day <= day])
    nodes: dict[str, Node] = {}
    if there or not promises:
        firm = min((word.day for word in there), default=None)
        nodes[code] = _addition(code, kind, None, firm, there or said, subject)
    for word in promises:
        name = f"{code}/{word.day.isoformat()}" if nodes else code
        firm = kept[word.key].day if word.key in kept else None
        heard = [word, kept[word.key]] if word.key in kept else [word]
        if name not in nodes:
            nodes[name] = _addition(name, kind, word, firm, heard, subject)
    return list(nodes.values())


def _fulfilled(
    promises: Sequence[NetworkWord], firm: Sequence[NetworkWord]
) -> tuple[dict[str, NetworkWord], list[NetworkWord]]:
    """Which evidence stands for which promise, by the promise's key, and what was there before the first."""
    kept: dict[str, NetworkWord] = {}
    there = []
    for word in firm:
        open_ones = [one for one in promises if one.key not in kept and one.said_to <= word.said_to]
        if open_ones:
            kept[open_ones[0].key] = word
        elif not promises or word.said_to < promises[0].said_to:
            there.append(word)
    return kept, there


def _addition(
    code: str,
    kind: str,
    promise: NetworkWord | None,
    firm: dt.date | None,
    heard: Sequence[NetworkWord],
    subject: SubjectFact,
) -> Node:
    promised = Promised(None, promise.day, promise.said_to) if promise else None
    return Node(
        key=f"{UTILITY}:{code}",
        kind=UTILITY,
        code=code,
        names=subject.names,
        subject=subject.code,
        subject_names=subject.names,
        subject_kind=subject.kind,
        subject_type=subject.type,
        type=kind,
        first=promised,
        current=promised,
        due=promise.day if promise else None,
        first_due=promise.day if promise else None,
        done=SHOWN if firm else "",
        done_on=firm,
        heard=max(word.said_from for word in heard),
        invented=subject.invented,
    )


def plot_nodes(subjects: Mapping[str, SubjectFact]) -> list[Node]:
    """Every plot: ready when its networks are."""
    return [
        Node(
            key=f"{PLOT}:{row.code}",
            kind=PLOT,
            code=row.code,
            names=row.names,
            subject=row.code,
            subject_names=row.names,
            subject_kind=row.kind,
            subject_type=row.type,
            invented=row.invented,
        )
        for row in subjects.values()
        if is_plot(row)
    ]


def is_plot(row: SubjectFact) -> bool:
    """Whether a subject is a plot."""
    return row.kind == "place" and row.type == PLOT


def step_node(key: str, subjects: Mapping[str, SubjectFact], day: dt.date) -> Node | None:
    """A step of a procedure a subject goes through, `step:SUBJECT/PROCEDURE/STEP`, by the text in force on
    the day; None when there is none.

    Its one stage is the step's limit in law: nothing forbids to be faster, so the shortest end is nothing.
    """
    parts = key.partition(":")[2].split("/", 2)
    subject = subjects.get(parts[0])
    if len(parts) < 3 or subject is None:
        return None
    try:
        edition = _edition(load_procedure(parts[1], settings.COUNTRY), day)
        duty = edition.obligation(parts[2])
    except (RulesError, StopIteration):
        return None
    return Node(
        key=key,
        kind=STEP,
        code=key.partition(":")[2],
        names=(duty.action, "", ""),
        subject=subject.code,
        subject_names=subject.names,
        subject_kind=subject.kind,
        subject_type=subject.type,
        type=edition.procedure,
        stages=(_step_stage(duty, edition.procedure, edition.act(duty.act).title),),
        invented=subject.invented,
    )


def _edition(procedure: Procedure, day: dt.date) -> Edition:
    """The newest text that had come into force by the day; before all of them the first."""
    begun = [one for one in procedure.editions if one.first_day is None or one.first_day <= day]
    return begun[-1] if begun else procedure.editions[0]


def _step_stage(duty: Obligation, procedure: str, act: str) -> Stage:
    days = limit_days(duty.limit)
    return Stage(
        code=duty.step,
        names={"en": duty.action, "ru": "", "kk": ""},
        holder=duty.holder,
        basis="law",
        why={"en": "", "ru": "", "kk": ""},
        days=None if days is None else Days(low=0, mode=days, high=days),
        law=LawBasis(
            procedure=procedure,
            steps=(duty.step,),
            act=act,
            article=duty.article or "",
            confidence=duty.confidence,
        ),
    )


def limit_days(limit: Limit) -> int | None:
    """A limit of the law in calendar days (five working days count as seven); None when it is not known."""
    if limit.value is None or limit.unit is None:
        return None
    return round(limit.value * _CALENDAR_DAYS[limit.unit])
