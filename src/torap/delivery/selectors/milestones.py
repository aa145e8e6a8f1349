"""Milestones with their three statuses, computed from what was known on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Model, Q, QuerySet

from torap.common.errors import NotFound
from torap.common.known import known_q, stored_before, with_corrections
from torap.common.together import together
from torap.delivery.models import Evidence, Milestone, Promise, StatusReport
from torap.delivery.selectors.evidence import (
    EvidenceIndex,
    EvidenceItem,
    evidence_index,
    evidence_rows,
    status_of,
)
from torap.delivery.selectors.revised import taken_back
from torap.ledger.selectors import Before, with_changed
from torap.rules.known import AsKnown
from torap.rules.statuses import (
    VERIFIED_DONE,
    EvidenceStatus,
    PromiseFact,
    ReportFact,
    SaidStatus,
    ScheduleStatus,
    Standing,
    StatusConflict,
    find_conflicts,
    order_promises,
    said_status,
    standing,
)

if TYPE_CHECKING:
    from torap.registry.models import Organisation, Subject

R = TypeVar("R", bound=Model)
Ids = Collection[int] | QuerySet[Any]  # of subjects, or the question which they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Sayings of one milestone that contradict one another (`kind`), oldest first; `low`, `high` stand
    apart."""

    kind: str
    members: tuple[Promise | StatusReport, ...]
    low: dt.date
    high: dt.date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneState:
    """A milestone as known on a day. `promises` and `reports` are in the order they were said.

    `slip_months` runs from the first promise to `slip_to` (`slip_basis`: promise, said_done, evidence); None
    when there is one promise only and nothing said done. `corrected`: promises and reports put right since,
    which count for nothing and stay to be seen. `passed`: the promise in force lies before the day,
    and no verified evidence shows it kept. `apart`: invented, said of a real milestone, counted nowhere.
    """

    milestone: Milestone
    promises: tuple[Promise, ...]
    first: Promise | None
    current: Promise | None
    moves: int
    slip_months: int | None
    slip_to: dt.date | None
    slip_basis: str
    reports: tuple[StatusReport, ...]
    said: SaidStatus
    evidenced: EvidenceStatus
    schedule: ScheduleStatus
    passed: bool
    evidence: tuple[EvidenceItem, ...]
    conflicts: tuple[Conflict, ...]
    apart: tuple[Promise | StatusReport | Evidence, ...] = ()
    corrected: tuple[Promise | StatusReport, ...] = ()

    @property
    def subject(self) -> Subject:
        """What the milestone is a milestone of."""
        return self.milestone.subject

    @property
    def holder(self) -> Organisation | None:
        """The body that owes it."""
        return self.milestone.holder

    @property
    def code(self) -> str:
        """The milestone's code."""
        return self.milestone.code

    @property
    def invented(self) -> bool:
        """Invented: kept out of every total of real data."""
        return self.milestone.invented

    @property
    def done(self) -> bool:
        """Done for every total: only with evidence accepted by another body."""
        return self.schedule.code in VERIFIED_DONE

    @property
    def newest_said(self) -> dt.date | None:
        """The day of the newest word on it; an imprecise one counts by its earliest day."""
        days = [row.said_from for row in (*self.promises, *self.reports)]
        return max(days, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseContradiction:
    """A conflict with the milestone it belongs to."""

    milestone: Milestone
    conflict: Conflict


def milestone_states(
    known: AsKnown, *, subject_ids: Ids | None = None, codes: Collection[str] | None = None
) -> list[MilestoneState]:
    """States of all milestones, or of those of some subjects (ids) or codes, ordered by code. One query, and
    one each for verdicts on evidence, files that serve twice, and fields that changed since the day.
    """
    wanted = evidence_rows(known, evidence_wanted(subject_ids, codes))
    *rows, evidence = together(*milestone_questions(known, subject_ids, codes), wanted)
    index = evidence_index(known, evidence, whole=subject_ids is None and codes is None)
    return states_of(rows, index, known)


def milestone_questions(
    known: AsKnown,
    subject_ids: Ids | None = None,
    codes: Collection[str] | None = None,
    *,
    alone: bool = False,
) -> tuple[QuerySet[Any], ...]:
    """What has to be read to tell the states of milestones, evidence aside: themselves, promises, reports.
    `alone`: without the subjects, bodies and sources they name, which `put_on` adds."""
    wanted = _wanted("milestone__", subject_ids, codes)
    own = Milestone.objects.filter(_wanted("", subject_ids, codes)).order_by("code")
    said: list[QuerySet[Any]] = [
        with_corrections(rows, known).order_by("pk")
        for rows in (Promise.objects.filter(wanted), StatusReport.objects.filter(wanted))
    ]
    if alone:
        return (with_changed(own, "milestone", known), *said)
    own = own.select_related("subject", "holder")
    return (
        with_changed(own, "milestone", known),
        *(rows.select_related("source") for rows in said),
    )


def named_questions() -> tuple[QuerySet[Any], ...]:
    """All subjects, bodies and sources that milestones and words on them may name."""
    named: list[Any] = [Milestone._meta.get_field("subject"), Milestone._meta.get_field("holder")]
    named.append(Promise._meta.get_field("source"))
    return tuple(field.related_model._base_manager.all() for field in named)


def put_on(rows: Sequence[list[Any]], named: Sequence[list[Any]]) -> None:
    """Put what `named_questions` gave on the rows of `milestone_questions`: each thing is one object however
    often it is named, where a row of its own for each milestone or promise took half of the reading."""
    subjects, bodies, sources = ({one.pk: one for one in some} for some in named)
    for row in rows[0]:
        row._state.fields_cache["subject"] = subjects[row.subject_id]
        row._state.fields_cache["holder"] = bodies.get(row.holder_id)
    for row in (*rows[1], *rows[2]):
        row._state.fields_cache["source"] = sources[row.source_id]


def evidence_wanted(subject_ids: Ids | None = None, codes: Collection[str] | None = None) -> Q:
    """The evidence of these milestones."""
    return _wanted("milestone__", subject_ids, codes) & Q(milestone__isnull=False)


def states_of(
    rows: Sequence[list[Any]], evidence: EvidenceIndex, known: AsKnown, before: Before | None = None
) -> list[MilestoneState]:
    """The states of milestones from the answers to `milestone_questions`, their evidence, and what was
    changed of them after the day where that is read already.

    A milestone nobody had spoken of by that day, and that was stored later, is left out.
    """
    milestones, (promises, old_promises), (reports, old_reports) = rows[0], *map(_standing, rows[1:])
    taken_back(milestones, "milestone", known, before)
    states = []
    for milestone in milestones:
        corrected = (*old_promises.get(milestone.pk, ()), *old_reports.get(milestone.pk, ()))
        state = _state(
            milestone,
            promises.get(milestone.pk, []),
            reports.get(milestone.pk, []),
            evidence.milestones.get(milestone.pk, ()),
            corrected=corrected,
            day=known.day,
        )
        heard = state.promises or state.reports or state.evidence
        if heard or milestone.recorded_at < stored_before(known):
            states.append(state)
    return states


def milestone_get(code: str, known: AsKnown) -> MilestoneState:
    """The state of one milestone; NotFound when there is none by that day."""
    found = milestone_states(known, codes=[code])
    if not found:
        raise NotFound("not_found", field="code", entity="milestone", value=code)
    return found[0]


def milestones_known(codes: Collection[str], known: AsKnown) -> dict[str, bool]:
    """Of these milestones those known on that day, by code: whether each is invented. One query."""
    spoken = Q(recorded_at__lt=stored_before(known))
    for way in ("promises", "reports"):
        spoken |= known_q(known, f"{way}__") & Q(**{f"{way}__invented": F("invented")})
    rows = Milestone.objects.filter(spoken, code__in=codes)
    return dict(rows.values_list("code", "invented").distinct())


def contradictions_in(states: Iterable[MilestoneState]) -> list[PromiseContradiction]:
    """Every promise, status and done date that contradicts another, in the order of the milestones."""
    return [
        PromiseContradiction(milestone=state.milestone, conflict=conflict)
        for state in states
        for conflict in state.conflicts
    ]


def _wanted(prefix: str, subject_ids: Ids | None, codes: Collection[str] | None) -> Q:
    wanted = Q()
    if subject_ids is not None:
        wanted &= Q(**{f"{prefix}subject_id__in": subject_ids})
    if codes is not None:
        wanted &= Q(**{f"{prefix}code__in": codes})
    return wanted


def _standing(rows: Iterable[R]) -> tuple[dict[int, list[R]], dict[int, list[R]]]:
    """Rows known on the day by milestone: those that stand, and those a correction known on it puts right."""
    stand: dict[int, list[R]] = defaultdict(list)
    corrected: dict[int, list[R]] = defaultdict(list)
    for row in rows:
        found = corrected if row.corrected else stand  # type: ignore[attr-defined]
        found[row.milestone_id].append(row)  # type: ignore[attr-defined]
    return stand, corrected


def _state(
    milestone: Milestone,
    promises: list[Promise],
    reports: list[StatusReport],
    evidence: tuple[EvidenceItem, ...],
    *,
    corrected: tuple[Promise | StatusReport, ...],
    day: dt.date,
) -> MilestoneState:
    rows: list[Any] = [*promises, *reports, *(item.evidence for item in evidence)]
    promises = [row for row in promises if row.invented == milestone.invented]
    reports = [row for row in reports if row.invented == milestone.invented]
    evidence = tuple(item for item in evidence if item.evidence.invented == milestone.invented)
    facts = order_promises(promise_fact(row) for row in promises)
    by_key: dict[str, Any] = {row.key: row for row in promises}
    report_facts = [_report_fact(row) for row in reports]
    said = said_status(report_facts, day)
    evidenced = status_of(evidence)
    stand: Standing = standing(facts, said, evidenced, day)
    conflicts = find_conflicts(facts, report_facts)
    by_key |= {row.key: row for row in reports}
    return MilestoneState(
        milestone=milestone,
        promises=tuple(by_key[fact.key] for fact in facts),
        first=by_key[stand.first.key] if stand.first else None,
        current=by_key[stand.current.key] if stand.current else None,
        moves=stand.moves,
        slip_months=stand.slip_months,
        slip_to=stand.slip_to,
        slip_basis=stand.slip_basis,
        reports=tuple(sorted(reports, key=lambda r: (r.said_to, r.said_from, r.key))),
        said=said,
        evidenced=evidenced,
        schedule=stand.schedule,
        passed=stand.passed,
        evidence=evidence,
        conflicts=tuple(_conflict(row, by_key) for row in conflicts),
        apart=tuple(row for row in rows if row.invented != milestone.invented),
        corrected=tuple(sorted(corrected, key=lambda row: (row.said_to, row.said_from, row.key))),
    )


def _conflict(row: StatusConflict, by_key: dict[str, Any]) -> Conflict:
    members = tuple(by_key[key] for key in row.members)
    return Conflict(kind=row.kind, members=members, low=row.low, high=row.high, days=row.days)


def promise_fact(row: Promise) -> PromiseFact:
    """A promise for the rules; who said it is the person named, else the publisher."""
    return PromiseFact(
        key=row.key,
        earliest=row.earliest,
        latest=row.latest,
        said_from=row.said_from,
        said_to=row.said_to,
        speaker=row.said_by or row.source.publisher,
        yardstick=row.yardstick,
    )


def _report_fact(row: StatusReport) -> ReportFact:
    return ReportFact(
        key=row.key,
        state=row.state,
        said_from=row.said_from,
        said_to=row.said_to,
        done_from=row.done_from,
        done_to=row.done_to,
        speaker=row.said_by or row.source.publisher,
    )


def moved_of(states: Iterable[MilestoneState]) -> tuple[list[MilestoneState], list[MilestoneState]]:
    """The milestones whose promised date moved at least once, and all those that have one.

    Every page that says "so many of so many moved" counts so: a milestone without a promised date cannot
    move and is not counted.
    """
    dated = [state for state in states if state.current is not None]
    return [state for state in dated if state.moves], dated
