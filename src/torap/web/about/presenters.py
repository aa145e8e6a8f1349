"""What the page of the method shows beside its text: counts, gaps, and the rules in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from torap.registry.models import Indicator, SourceClass, SubjectKind
from torap.registry.selectors import Figure
from torap.rules.known import AsKnown
from torap.rules.obligations.model import Procedure
from torap.web.indicators.presenters import gap_now
from torap.web.presenters.links import known_link

# The rule of the claim shown first, in its order: see torap.rules.claims.
BEST_CLAIM: tuple[tuple[Any, Any], ...] = (
    (_("Not corrected"), _("A corrected claim stays in the record and is never shown first.")),
    (_("About the newest period"), _("What is said of 2025 comes before what is said of 2022.")),
    (_("Said, not computed"), _("A figure somebody said comes before one derived from others.")),
    (_("More trusted"), _("High confidence before medium, medium before low.")),
    (
        _("Higher class of source"),
        _("An act, an official body, a company, an international body, the press."),
    ),
    (_("Said later"), _("Of equal claims the newest one.")),
    (_("More exact"), _("“2,300” before “about 2,300” or “more than 2,000”.")),
)


def subject_counts(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """How many things of each kind are kept."""
    return [{"name": str(SubjectKind(kind).label), "count": count} for kind, count in counts.items()]


def source_classes() -> list[str]:
    """Classes of sources in the order of precedence."""
    return [str(label) for label in SourceClass.labels]


def gaps(
    indicators: Iterable[Indicator], figures: Mapping[int, Sequence[Figure]], known: AsKnown
) -> list[dict[str, str]]:
    """National figures with what is missing of each."""
    return [
        {"name": row.name, "text": gap, "href": known_link(known, "indicator", row.code)}
        for row in indicators
        if (gap := gap_now(row, figures.get(row.pk, ())))
    ]


def law_gaps(procedures: Mapping[str, Procedure]) -> dict[str, int]:
    """How much of the law could not be read: steps without a term, and points not known."""
    editions = [row.editions[-1] for row in procedures.values()]
    steps = [step for edition in editions for step in edition.obligations]
    timed = [
        step for step in steps if step.limit.is_known or any(case.limit.is_known for case in step.variants)
    ]
    return {
        "procedures": len(editions),
        "high": sum(1 for row in procedures.values() if row.confidence == "high"),
        "steps": len(steps),
        "untimed": len(steps) - len(timed),
        "points": sum(len(edition.unknown) for edition in editions),
    }
