"""Figures: of all claims about one thing the best, beside it the others and what contradicts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, QuerySet

from torap.common.known import known_q, with_corrections
from torap.ledger.memo import while_unchanged
from torap.registry.models import Attribute, Claim, Nature, Subject
from torap.registry.selectors.known import subject_known_q
from torap.registry.selectors.money import rate_on
from torap.rules.claims import AttributeFacts, ClaimFacts, choose_best, find_contradictions
from torap.rules.known import AsKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimContradiction:
    """Claims that cannot all hold, in order of value; `low` and `high` in `unit`, None for words.

    `kind`: `conflict` between bodies, `computed` against said, `restated` by the same body.
    """

    kind: str
    members: tuple[Claim, ...]
    low: Decimal | None
    high: Decimal | None
    unit: str
    relative_difference: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is known of one attribute, nature and scope of a subject (of one year, unless observed).

    Real claims make one figure, invented ones another.

    `others` are newest first; `age_days` counts from the day the best claim was said. `corrected`: claims put
    right since, which count for nothing and stay to be seen.
    """

    attribute: Attribute
    nature: str
    scope: str
    best: Claim
    reason_code: str
    others: list[Claim]
    contradictions: list[ClaimContradiction]
    age_days: int
    corrected: tuple[Claim, ...] = ()

    @property
    def invented(self) -> bool:
        """A figure of invented claims: it stands apart and counts in no total of real data."""
        return self.best.invented

    @property
    def conflicts(self) -> list[ClaimContradiction]:
        """Contradictions between different bodies."""
        return [row for row in self.contradictions if row.kind == "conflict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectContradiction:
    """A contradiction with the subject and the figure it belongs to."""

    subject: Subject
    figure: Figure
    contradiction: ClaimContradiction


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAge:
    """When a subject was last spoken of in a claim."""

    subject: Subject
    newest_said: dt.date
    age_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old the news are, of all and of each subject, the longest silent first; None without a claim."""

    newest_said: dt.date | None
    age_days: int | None
    by_subject: list[SubjectAge]
    silent: int  # subjects of which nothing was ever claimed


_NATURE_ORDER = {nature: at for at, nature in enumerate(Nature.values)}
_Group = tuple[int, str, str, str, int | None, bool]


@while_unchanged
def figures(subject_id: int, known: AsKnown) -> list[Figure]:
    """The figures of one subject, by group and name of the attribute, then scope, nature and year; invented
    ones last."""
    return figures_many([subject_id], known)[subject_id]


def figures_many(subject_ids: Iterable[int], known: AsKnown) -> dict[int, list[Figure]]:
    """The figures of many subjects by their id, in one query; a subject without claims has an empty list."""
    ids = set(subject_ids)
    found: dict[int, list[Figure]] = {pk: [] for pk in ids}
    for pk, figure in _figures(_claims(known).filter(subject__in=ids), known):
        found[pk].append(figure)
    return found


def figure_of(
    claims: Sequence[Claim], known: AsKnown, *, corrected: Mapping[int, Claim] | None = None
) -> Figure:
    """One figure of claims that share subject, attribute, nature and scope; there is at least one.
    `corrected`: claims put right, by their id."""
    facts = [claim_facts(claim) for claim in claims]
    attribute = claims[0].attribute
    choice = choose_best(facts, window_days=attribute.window_days)
    best = claims[choice.index]
    others = [claim for at, claim in enumerate(claims) if at != choice.index]
    found = find_contradictions(facts, _attribute_facts(attribute), rate=rate_on)
    return Figure(
        attribute=attribute,
        nature=best.nature,
        scope=best.scope,
        best=best,
        reason_code=choice.reason_code,
        others=sorted(others, key=lambda claim: (claim.said_to, claim.key), reverse=True),
        contradictions=[
            ClaimContradiction(
                kind=row.kind,
                members=tuple(claims[at] for at in row.members),
                low=row.low,
                high=row.high,
                unit=row.unit,
                relative_difference=row.relative_difference,
            )
            for row in found
        ],
        age_days=(known.day - best.said_from).days,
        corrected=_history(claims, corrected or {}),
    )


def contradiction_list(
    known: AsKnown, *, subject_ids: Iterable[int] | None = None
) -> list[SubjectContradiction]:
    """Every contradiction between known claims: conflicts before restatements, the widest first; invented
    ones last."""
    rows = _claims(known).select_related("subject")
    if subject_ids is not None:
        rows = rows.filter(subject__in=set(subject_ids))
    found = [
        SubjectContradiction(subject=figure.best.subject, figure=figure, contradiction=row)
        for _pk, figure in _figures(rows, known)
        for row in figure.contradictions
    ]
    return sorted(found, key=_width)


def freshness(known: AsKnown) -> Freshness:
    """How long ago anything was said, of all real subjects and of each. Invented claims are no news.

    An imprecise date counts by its earliest day: news must not look fresher than can be shown.
    """
    newest = dict(
        Claim.objects.filter(known_q(known), invented=False)
        .values_list("subject")
        .annotate(newest=Max("said_from"))
        .order_by()
    )
    subjects = {row.pk: row for row in Subject.objects.filter(subject_known_q(known), invented=False)}
    ages = [
        SubjectAge(subject=subjects[pk], newest_said=said, age_days=(known.day - said).days)
        for pk, said in newest.items()
        if pk in subjects
    ]
    last = max(newest.values(), default=None)
    return Freshness(
        newest_said=last,
        age_days=None if last is None else (known.day - last).days,
        by_subject=sorted(ages, key=lambda row: (row.newest_said, row.subject.code)),
        silent=len(subjects.keys() - newest.keys()),
    )


def claim_facts(claim: Claim) -> ClaimFacts:
    """A claim as the rules read it; `attribute` and `source` are loaded."""
    return ClaimFacts(
        key=claim.key,
        subject=claim.subject_id,
        attribute=claim.attribute_id,
        said_from=claim.said_from,
        said_to=claim.said_to,
        nature=claim.nature,
        scope=claim.scope,
        qualifier=claim.qualifier,
        low=claim.low,
        high=claim.high,
        unit=claim.unit,
        text=claim.text_en,
        about_from=claim.about_from,
        about_to=claim.about_to,
        said_by=claim.said_by,
        publisher=claim.source.publisher,
        source_class=claim.source.source_class,
        confidence=claim.confidence,
        derived=claim.derived,
        invented=claim.invented,
    )


def _attribute_facts(attribute: Attribute) -> AttributeFacts:
    return AttributeFacts(
        code=attribute.code,
        kind=attribute.kind,
        unit=attribute.unit,
        tolerance=attribute.tolerance,
        window_days=attribute.window_days,
    )


def claims_named(keys: Collection[str], known: AsKnown) -> dict[str, Claim]:
    """Claims known on the day by the keys of their rows; one put right since is left out. One query."""
    rows = _claims(known).filter(key__in=keys) if keys else ()
    return {claim.key: claim for claim in rows if not claim.corrected}  # type: ignore[attr-defined]


def _claims(known: AsKnown) -> QuerySet[Claim]:
    """All claims known, those put right since among them (`corrected`)."""
    return with_corrections(Claim.objects.all(), known).select_related("attribute", "source")


def _figures(claims: Iterable[Claim], known: AsKnown) -> list[tuple[int, Figure]]:
    groups: dict[_Group, list[Claim]] = defaultdict(list)
    corrected: dict[int, Claim] = {}
    for claim in claims:
        if claim.corrected:  # type: ignore[attr-defined]
            corrected[claim.pk] = claim
        else:
            groups[_group(claim)].append(claim)
    found = [(group[0], figure_of(members, known, corrected=corrected)) for group, members in groups.items()]
    return sorted(found, key=lambda pair: _order(pair[1]))


def _history(claims: Iterable[Claim], corrected: Mapping[int, Claim]) -> tuple[Claim, ...]:
    """What the claims put right, each followed back to the first wording."""
    found: list[Claim] = []
    for claim in claims:
        at = corrected.get(claim.corrects_id or 0)
        while at is not None:
            found.append(at)
            at = corrected.get(at.corrects_id or 0)
    return tuple(sorted(found, key=lambda claim: (claim.said_to, claim.key), reverse=True))


def _group(claim: Claim) -> _Group:
    """Targets, plans, forecasts of different years are different figures; observations are one."""
    year = claim.about_to.year if claim.about_to and claim.nature != Nature.OBSERVED else None
    return claim.subject_id, claim.attribute_id, claim.scope, claim.nature, year, claim.invented


def _order(figure: Figure) -> tuple[bool, str, str, str, int, dt.date, str]:
    return (
        figure.invented,
        figure.attribute.group,
        figure.attribute.name_en,
        figure.scope,
        _NATURE_ORDER.get(figure.nature, len(_NATURE_ORDER)),
        figure.best.about_to or dt.date.max,
        figure.best.key,
    )


def _width(row: SubjectContradiction) -> tuple[bool, str, float, str, str]:
    found, figure = row.contradiction, row.figure
    width = -(found.relative_difference or 0.0)
    return figure.invented, found.kind, width, row.subject.code, figure.attribute.code
