"""Evidence as known on a day: what was offered, what other bodies found, which file serves twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet

from torap.common.known import stored_before
from torap.delivery.models import Evidence, Verification
from torap.ledger.memo import while_unchanged
from torap.rules.known import AsKnown
from torap.rules.statuses import EvidenceFact, EvidenceStatus, VerdictFact, evidence_status, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SameFile:
    """Another piece of evidence with the same file: of which milestone or instruction (`kind`, `code`).

    Real evidence has real twins only, invented evidence invented ones.
    """

    id: int
    kind: str
    code: str
    title: str
    invented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """A piece of evidence with the verdict that counts (accepted, rejected, offered) and its twins."""

    evidence: Evidence
    verdict: str
    verifications: tuple[Verification, ...]
    same_file: tuple[SameFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceIndex:
    """Evidence by the milestone (id) or instruction (id) it speaks of."""

    milestones: dict[int, tuple[EvidenceItem, ...]] = field(default_factory=dict)
    instructions: dict[int, tuple[EvidenceItem, ...]] = field(default_factory=dict)


def evidence_index(
    known: AsKnown, rows: Collection[Evidence] | None = None, *, whole: bool = True
) -> EvidenceIndex:
    """Evidence recorded by the day asked for, of all milestones and instructions, or these `rows` of
    `evidence_rows`: all there are (`whole`) or some.

    Evidence has one clock only: it is known from the day it was recorded.
    """
    if rows is None:
        rows = list(evidence_rows(known))
    twins = _twins(rows, known, whole=whole)
    found: dict[str, dict[int, list[EvidenceItem]]] = {"m": defaultdict(list), "i": defaultdict(list)}
    for row in rows:
        item = _item(row, twins)
        if row.milestone_id is not None:
            found["m"][row.milestone_id].append(item)
        elif row.instruction_id is not None:
            found["i"][row.instruction_id].append(item)
    return EvidenceIndex(
        milestones={key: tuple(items) for key, items in found["m"].items()},
        instructions={key: tuple(items) for key, items in found["i"].items()},
    )


def status_of(items: Iterable[EvidenceItem]) -> EvidenceStatus:
    """The evidenced status of one milestone or instruction."""
    return evidence_status(_fact(item.evidence, item.verifications, item.same_file) for item in items)


@while_unchanged
def evidence_waiting(known: AsKnown) -> list[EvidenceItem]:
    """Evidence nobody else has looked at yet, oldest first: the verifier's list."""
    index = evidence_index(known)
    items = [
        row for group in (index.milestones, index.instructions) for rows in group.values() for row in rows
    ]
    waiting = [row for row in items if row.verdict == "offered"]
    return sorted(waiting, key=lambda row: (row.evidence.recorded_at, row.evidence.pk))


def evidence_rows(known: AsKnown, wanted: Q | None = None) -> QuerySet[Evidence]:
    """Evidence recorded by the day asked for, all of it or what is `wanted`, by the day it shows."""
    before = stored_before(known)
    verdicts = (
        Verification.objects.filter(recorded_at__lt=before).select_related("organisation").order_by("pk")
    )
    return (
        Evidence.objects.filter(wanted or Q(), recorded_at__lt=before)
        .select_related("given_by", "milestone", "instruction")
        .prefetch_related(Prefetch("verifications", queryset=verdicts, to_attr="known_verifications"))
        .order_by("shows_on", "pk")
    )


def _twins(rows: Collection[Evidence], known: AsKnown, *, whole: bool) -> dict[str, list[SameFile]]:
    hashes = {row.sha256 for row in rows if row.sha256}
    if not hashes:
        return {}
    sharing: Iterable[Evidence] = rows
    if not whole:
        sharing = Evidence.objects.filter(
            sha256__in=hashes, recorded_at__lt=stored_before(known)
        ).select_related("milestone", "instruction")
    twins: dict[str, list[SameFile]] = defaultdict(list)
    for row in sharing:
        if row.sha256:
            twins[row.sha256].append(_same_file(row))
    return twins


def _same_file(row: Evidence) -> SameFile:
    if row.milestone is not None:
        kind, code = "milestone", row.milestone.code
    else:
        kind, code = "instruction", row.instruction.code if row.instruction is not None else ""
    return SameFile(id=row.pk, kind=kind, code=code, title=row.title, invented=row.invented)


def _item(row: Evidence, twins: dict[str, list[SameFile]]) -> EvidenceItem:
    verifications = tuple(row.known_verifications)  # type: ignore[attr-defined]
    if not row.invented:  # the verdict of an invented body says nothing of real evidence
        verifications = tuple(one for one in verifications if not one.organisation.invented)
    same = tuple(
        twin for twin in twins.get(row.sha256, ()) if twin.id != row.pk and twin.invented == row.invented
    )
    return EvidenceItem(
        evidence=row,
        verdict=verdict_of(_fact(row, verifications, same)),
        verifications=verifications,
        same_file=same,
    )


def _fact(row: Evidence, verifications: Iterable[Verification], same: Iterable[SameFile]) -> EvidenceFact:
    return EvidenceFact(
        key=str(row.pk),
        shows_on=row.shows_on,
        given_by=row.given_by.code if row.given_by is not None else "",
        verdicts=tuple(
            VerdictFact(
                accepted=v.verdict == Verification.Verdict.ACCEPTED,
                organisation=v.organisation.code,
                at=v.recorded_at,
            )
            for v in verifications
        ),
        same_file_as=tuple(str(twin.id) for twin in same),
    )
