"""Contradictions of figures and of dates as one list: what, of whom, how far apart, who said which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.delivery.selectors import PromiseContradiction
from torap.registry.selectors import SubjectContradiction
from torap.rules.known import AsKnown
from torap.web.presenters import figures, milestones, scopes, statuses
from torap.web.presenters.links import known_link, subject_link

CSV_HEADER = (
    "kind",
    "of",
    "what",
    "scope",
    "value",
    "said_by",
    "publisher",
    "said",
    "confidence",
    "address",
    "apart",
    "invented",
)
# Tabs: name of the filter -> the kinds it takes.
FILTERS: dict[str, frozenset[str]] = {
    "figures": frozenset({"conflict", "computed"}),
    "dates": frozenset({"promise_conflict", "status_conflict", "done_date_conflict"}),
    "restated": frozenset({"restated"}),
}
LABELS: dict[str, Any] = {
    "figures": gettext_lazy("Figures of different bodies"),
    "dates": gettext_lazy("Dates and states"),
    "restated": gettext_lazy("Restated by the same publisher"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One contradiction. `members`: value, text, who said it, source, whether it is the one shown first."""

    kind: str
    words: str
    subject: str
    subject_href: str
    what: str
    what_href: str
    scope: str
    apart: str
    members: list[dict[str, Any]]
    invented: bool


Found = SubjectContradiction | PromiseContradiction


def kind_of(found: Found) -> str:
    """The kind of a contradiction, of figures or of dates."""
    return found.conflict.kind if isinstance(found, PromiseContradiction) else found.contradiction.kind


def ordered(figures_: Iterable[SubjectContradiction], dates: Iterable[PromiseContradiction]) -> list[Found]:
    """Conflicts of figures, those of dates, what was computed against what is said, then restatements."""
    rows = list(figures_)
    by_kind: dict[str, list[Found]] = {"conflict": [], "computed": [], "restated": []}
    for row in rows:
        by_kind[kind_of(row)].append(row)
    return [*by_kind["conflict"], *dates, *by_kind["computed"], *by_kind["restated"]]


def real_ones(found: Iterable[Found]) -> list[Found]:
    """The contradictions between real sayings."""
    return [row for row in found if not _invented(row)]


def _invented(found: Found) -> bool:
    if isinstance(found, PromiseContradiction):
        return found.milestone.invented
    return found.figure.invented


def lines(found: Iterable[Found], known: AsKnown) -> list[Line]:
    """Contradictions as the page shows them."""
    return [
        _date(row, known) if isinstance(row, PromiseContradiction) else _figure(row, known) for row in found
    ]


def _figure(row: SubjectContradiction, known: AsKnown) -> Line:
    subject, figure, found = row.subject, row.figure, row.contradiction
    href = subject_link(known, subject.kind, subject.code)
    anchor = figures.figure_anchor(figure)
    members = []
    for claim in found.members:
        line = figures.claim_line(claim, known)
        members.append(
            {
                "value": line.value if not line.text else None,
                "text": line.text,
                "plain": figures.claim_words(claim),
                "about": line.about,
                "said_by": line.said_by,
                "source": line.source,
                "confidence": line.confidence,
                "low_confidence": line.low_confidence,
                "derived": line.derived,
                "note": line.note,
                "first": claim.pk == figure.best.pk,
                "said": claim.said_to,
            }
        )
    return Line(
        kind=found.kind,
        words=statuses.contradiction_words(found.kind),
        subject=subject.name,
        subject_href=href,
        what=figure.attribute.name,
        what_href=f"{href}#{anchor}",
        scope=scopes.scope_words(figure.scope),
        apart=figures.difference_words(found.relative_difference),
        members=members,
        invented=_invented(row),
    )


def _date(row: PromiseContradiction, known: AsKnown) -> Line:
    milestone, subject = row.milestone, row.milestone.subject
    words = milestones.conflict_lines([row.conflict], known)[0]
    members = [
        {
            "value": None,
            "text": text["text"],
            "plain": text["text"],
            "said_by": text["said_by"],
            "source": text["source"],
            "said": member.said_to,
            "note": "",
        }
        for text, member in zip(words["members"], row.conflict.members, strict=True)
    ]
    return Line(
        kind=row.conflict.kind,
        words=words["words"],
        subject=subject.name,
        subject_href=subject_link(known, subject.kind, subject.code),
        what=milestone.name,
        what_href=f"{known_link(known, 'milestone', milestone.code)}#conflicts",
        scope="",
        apart=words["apart"],
        members=members,
        invented=_invented(row),
    )


def of_kind(found: Iterable[Found], chosen: str) -> list[Found]:
    """The contradictions of one tab; all of them for a tab that is not there."""
    kinds = FILTERS.get(chosen)
    return [row for row in found if kinds is None or kind_of(row) in kinds]


def tabs(found: Sequence[Found], chosen: str, known: AsKnown) -> list[dict[str, Any]]:
    """The tabs with their counts."""
    first = {
        "label": _("All"),
        "url": known_link(known, "contradiction_list"),
        "current": chosen not in FILTERS,
        "count": len(found),
    }
    return [
        first,
        *(
            {
                "label": str(LABELS[name]),
                "url": known_link(known, "contradiction_list", kind=name),
                "current": name == chosen,
                "count": len(of_kind(found, name)),
            }
            for name in FILTERS
        ),
    ]


def csv_rows(shown: Iterable[Line]) -> list[list[Any]]:
    """One row for each saying that takes part in a contradiction."""
    return [
        [
            line.words,
            line.subject,
            line.what,
            line.scope,
            member["plain"],
            member["said_by"],
            member["source"]["publisher"],
            member["said"],
            member.get("confidence", ""),
            member["source"]["url"],
            line.apart,
            line.invented,
        ]
        for line in shown
        for member in line.members
    ]
