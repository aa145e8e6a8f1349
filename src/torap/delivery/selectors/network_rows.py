"""Reading what the delivery network is made of: whole tables as plain rows, in few queries.

The statuses are those of the pages (`rules.statuses`, the law of control), computed from the same rows; what
is read leaner here is only what no status asks for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db.models import F, Q, QuerySet

from torap.common.known import known_q, stored_before, visible
from torap.common.together import together
from torap.delivery.models import (
    AttachedSchedule,
    DeliveryLink,
    Evidence,
    Executor,
    Instruction,
    InstructionEvent,
    Milestone,
    Promise,
    StatusReport,
    Verification,
)
from torap.delivery.selectors.network_model import Attached
from torap.registry.selectors import edits_known, work_calendar
from torap.rules.calendar import WorkCalendar
from torap.rules.known import AsKnown
from torap.rules.statuses import (
    EvidenceFact,
    EvidenceStatus,
    PromiseFact,
    ReportFact,
    VerdictFact,
    evidence_status,
)

Before = Mapping[str, Mapping[str, Any]]
PROMISED = ("milestone_id", "invented", "key", "latest", "said_from", "said_to", "earliest", "yardstick")
REPORTED = ("milestone_id", "invented", "key", "state", "said_from", "said_to", "done_from", "done_to")
NO_EVIDENCE = EvidenceStatus(code="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A part of the country to read: milestones of some subjects and some more, some instructions, the
    networks of some places (codes)."""

    subjects: frozenset[str]
    milestones: frozenset[str]
    instructions: frozenset[str]
    networks: frozenset[str]

    def of_milestones(self, prefix: str = "") -> Q:
        """The condition for rows of milestones, or of what hangs on one by `prefix` with its `__`."""
        wanted = Q(**{f"{prefix}subject__code__in": self.subjects})
        return wanted | Q(**{f"{prefix}code__in": self.milestones})


@dataclass(slots=True)
class MilestoneRow:
    """A milestone with what was said and shown of it on the day, as real as itself."""

    id: int
    code: str
    names: tuple[str, str, str]
    type: str
    subject: str
    holder: str
    invented: bool
    recorded_at: dt.datetime
    promises: list[PromiseFact] = field(default_factory=list)
    reports: list[ReportFact] = field(default_factory=list)
    evidence: EvidenceStatus = NO_EVIDENCE


@dataclass(slots=True)
class EvidenceRows:
    """The evidenced status of milestones and instructions by (id, whether invented)."""

    milestones: dict[tuple[int, bool], EvidenceStatus]
    instructions: dict[tuple[int, bool], EvidenceStatus]


def milestone_rows(
    known: AsKnown, before: Before, scope: Scope | None = None
) -> tuple[list[MilestoneRow], EvidenceRows]:
    """All milestones somebody had spoken of by the day, or that were stored by then; those of a part of the
    country with `scope`. And what evidence supports, of instructions as well. One query."""
    wanted = scope.of_milestones() if scope else Q()
    hanging = scope.of_milestones("milestone__") if scope else Q()
    columns = (
        "pk", "code", "name_en", "name_ru", "name_kk", "type", "subject__code", "holder__code", "invented",
        "recorded_at",
    )  # fmt: skip
    rows, promises, reports, offered = together(
        Milestone.objects.filter(wanted).values_list(*columns),
        visible(Promise.objects.filter(hanging), known).values_list(*PROMISED),
        visible(StatusReport.objects.filter(hanging), known).values_list(*REPORTED),
        _evidence(known, scope),
    )
    evidence = _evidence_rows(offered, known)
    found: dict[int, MilestoneRow] = {}
    for row in sorted(rows, key=itemgetter(1)):
        one = MilestoneRow(
            row[0], row[1], (row[2], row[3], row[4]), row[5], row[6], row[7] or "", row[8], row[9]
        )
        was = before.get(one.code, {})
        one.type = was.get("type", one.type)
        one.holder = was.get("holder", one.holder) or ""
        one.evidence = evidence.milestones.get((one.id, one.invented), NO_EVIDENCE)
        found[one.id] = one
    _add_promises(found, promises)
    _add_reports(found, reports)
    stored_by = stored_before(known)
    heard = [
        row
        for row in found.values()
        if row.promises or row.reports or row.evidence.code != "none" or row.recorded_at < stored_by
    ]
    return heard, evidence


def _add_promises(found: dict[int, MilestoneRow], rows: Iterable[tuple[Any, ...]]) -> None:
    for at, invented, key, latest, said_from, said_to, earliest, yardstick in rows:
        row = found[at]
        if row.invented == invented:
            row.promises.append(
                PromiseFact(
                    key=key,
                    latest=latest,
                    said_from=said_from,
                    said_to=said_to,
                    earliest=earliest,
                    yardstick=yardstick,
                )
            )


def _add_reports(found: dict[int, MilestoneRow], rows: Iterable[tuple[Any, ...]]) -> None:
    for at, invented, key, state, said_from, said_to, done_from, done_to in rows:
        row = found[at]
        if row.invented == invented:
            row.reports.append(
                ReportFact(
                    key=key,
                    state=state,
                    said_from=said_from,
                    said_to=said_to,
                    done_from=done_from,
                    done_to=done_to,
                )
            )


def _evidence(known: AsKnown, scope: Scope | None) -> QuerySet[Evidence, Any]:
    """Evidence of everything or a part, each piece once for each verdict on it."""
    wanted = Q()
    if scope is not None:
        wanted = scope.of_milestones("milestone__") | Q(instruction__code__in=scope.instructions)
    return Evidence.objects.filter(wanted, recorded_at__lt=stored_before(known)).values_list(
        "pk", "milestone_id", "instruction_id", "shows_on", "given_by__code", "invented",
        "verifications__verdict", "verifications__organisation__code",
        "verifications__organisation__invented", "verifications__recorded_at", "verifications__pk",
    )  # fmt: skip


def _evidence_rows(rows: Iterable[tuple[Any, ...]], known: AsKnown) -> EvidenceRows:
    """What evidence supports, by the verdicts recorded by the day."""
    stored_by = stored_before(known)
    verdicts: dict[int, list[VerdictFact]] = defaultdict(list)
    pieces: dict[int, tuple[Any, ...]] = {}
    for row in sorted(rows, key=lambda row: (row[0], row[10] or 0)):
        pieces[row[0]] = row
        invented, verdict, by_invented, at = row[5], row[6], row[8], row[9]
        if verdict is None or at >= stored_by or (by_invented and not invented):
            continue
        accepted = verdict == Verification.Verdict.ACCEPTED
        verdicts[row[0]].append(VerdictFact(accepted=accepted, organisation=row[7], at=at))
    facts: dict[tuple[str, int, bool], list[EvidenceFact]] = defaultdict(list)
    for pk, row in pieces.items():
        kind, at = ("m", row[1]) if row[1] is not None else ("i", row[2])
        facts[kind, at, row[5]].append(
            EvidenceFact(key=str(pk), shows_on=row[3], given_by=row[4] or "", verdicts=tuple(verdicts[pk]))
        )
    out: dict[str, dict[tuple[int, bool], EvidenceStatus]] = {"m": {}, "i": {}}
    for (kind, at, invented), group in facts.items():
        out[kind][at, invented] = evidence_status(group)
    return EvidenceRows(milestones=out["m"], instructions=out["i"])


def instruction_rows(
    known: AsKnown, before: Before, bodies: Mapping[str, int], scope: Scope | None = None
) -> tuple[list[tuple[Instruction, list[tuple[str, Executor]], list[InstructionEvent]]], WorkCalendar | None]:
    """All instructions known, or those of a part, with the codes and rows of their executors, and events; and
    the calendar they are counted with. One query; none, and no calendar, for a part without instructions.

    `bodies`: id of every organisation by code, for executors as they were.
    """
    found: dict[int, tuple[Instruction, list[tuple[str, Executor]], list[InstructionEvent]]] = {}
    if scope is not None and not scope.instructions:
        return [], None
    chosen = Q(code__in=scope.instructions) if scope else Q()
    told = Q(instruction__code__in=scope.instructions) if scope else Q()
    rows = Instruction.objects.filter(chosen, known_q(known)).annotate(
        body=F("executors__organisation__code"),
        body_id=F("executors__organisation_id"),
        role=F("executors__role"),
        executor_id=F("executors__pk"),
    )
    happened = InstructionEvent.objects.filter(told, known_q(known))
    ordered, events, edits = together(
        rows.order_by("code", "executor_id"),
        happened.order_by("happened_to", "said_to", "key"),
        edits_known(known),
    )
    for row in ordered:
        body, role = row.body, row.role
        executors = found.setdefault(row.pk, (row, [], []))[1]
        if body:
            one = Executor(pk=row.executor_id, organisation_id=row.body_id, role=role)
            executors.append((body, one))
    for order, executors, _events in found.values():
        _take_back(order, executors, before.get(order.code, {}), bodies)
        executors.sort(key=lambda pair: (pair[1].role != "lead", pair[1].pk))
    for event in events:
        owner = found.get(event.instruction_id)
        if owner is not None and event.invented == owner[0].invented:
            owner[2].append(event)
    return list(found.values()), work_calendar(known, edits)


def _take_back(
    row: Instruction, executors: list[tuple[str, Executor]], was: Mapping[str, Any], bodies: Mapping[str, int]
) -> None:
    for name, value in was.items():
        if name == "executors":
            executors[:] = [
                (body, Executor(pk=at, organisation_id=bodies[body], role=role))
                for at, (body, role) in enumerate(value)
                if body in bodies
            ]
        elif name in {"given_from", "given_to", "deadline_on"}:
            setattr(row, name, dt.date.fromisoformat(value) if value else None)
        else:
            setattr(row, name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A row about a link: said or taken back."""

    id: int
    key: str
    added: bool
    before: str
    after: str
    type: str
    lag: int
    lag_unit: str
    why: tuple[str, str, str]
    source: str
    said_on: dt.date
    drops: int | None
    invented: bool


def link_rows(known: AsKnown, *, key: str = "") -> list[LinkRow]:
    """Everything said of links by the day, or of those of one node, oldest saying first. One query."""
    wanted = Q(before=key) | Q(after=key) if key else Q()
    columns = (
        "pk", "key", "event", "before", "after", "type", "lag", "lag_unit", "why_en", "why_ru", "why_kk",
        "source__code", "said_to", "drops_id", "invented",
    )  # fmt: skip
    rows = DeliveryLink.objects.filter(wanted, known_q(known)).order_by("said_to", "pk")
    return [
        LinkRow(
            id=row[0],
            key=row[1],
            added=row[2] == DeliveryLink.Event.ADDED,
            before=row[3],
            after=row[4],
            type=row[5],
            lag=row[6],
            lag_unit=row[7],
            why=(row[8], row[9], row[10]),
            source=row[11] or "",
            said_on=row[12],
            drops=row[13],
            invented=row[14],
        )
        for row in rows.values_list(*columns)
    ]


def plot_instructions(plots: Collection[str]) -> dict[str, list[str]]:
    """The instructions whose subject is one of these plots (codes), by the plot; keys of nodes. One query."""
    wanted, found = set(plots), defaultdict(list)
    pairs = Instruction.subjects.through.objects.filter(subject__kind="place").order_by("pk")
    for plot, code in pairs.values_list("subject__code", "instruction__code"):
        if plot in wanted:
            found[f"plot:{plot}"].append(f"instruction:{code}")
    return dict(found)


def schedule_rows(
    known: AsKnown, *, milestone: str = "", milestones: Collection[str] | None = None
) -> list[Attached]:
    """Schedules attached by the day, newest first, without their content; `current` is the newest of each
    milestone, real and invented ones apart. All of them, those of one milestone, or of some. One query.
    """
    columns = (
        "key", "milestone__code", "name", "format", "profile", "data_date", "finish_activity", "finish_name",
        "activities", "losses", "assumed", "sha256", "content_sha256", "file_name", "given_by__code",
        "said_to", "invented",
    )  # fmt: skip
    rows = AttachedSchedule.objects.filter(known_q(known))
    if milestone:
        rows = rows.filter(milestone__code=milestone)
    if milestones is not None:
        rows = rows.filter(milestone__code__in=milestones)
    seen: set[tuple[str, bool]] = set()
    found = []
    for row in rows.order_by("-said_to", "-pk").values_list(*columns):
        owner = (row[1], row[16])
        found.append(
            Attached(
                key=row[0],
                milestone=row[1],
                name=row[2],
                format=row[3],
                profile=row[4],
                data_date=row[5],
                finish_activity=row[6],
                finish_name=row[7],
                activities=row[8],
                losses=tuple(row[9]),
                assumed=row[10],
                sha256=row[11],
                content_sha256=row[12],
                file_name=row[13],
                given_by=row[14] or "",
                said_on=row[15],
                invented=row[16],
                current=owner not in seen,
            )
        )
        seen.add(owner)
    return found


def body_ids(subjects: Iterable[Any]) -> dict[str, int]:
    """Id of every organisation by its code."""
    return {row.code: row.id for row in subjects if row.kind == "organisation"}
