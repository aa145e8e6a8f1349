"""Figures as claims: the best one, why it is the best, and every claim that contradicts it, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.publish.wording import fact_words, qualified
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import scopes, statuses, units
from torap.web.presenters.links import known_link
from torap.web.presenters.sources import source_chip

# Groups of the catalogue of attributes, in the order a reader asks.
GROUPS: dict[str, Any] = {
    "state": gettext_lazy("State of works"),
    "capacity": gettext_lazy("Capacity"),
    "flow": gettext_lazy("What moves"),
    "projects": gettext_lazy("Projects, people and jobs"),
    "money": gettext_lazy("Money"),
    "land": gettext_lazy("Land"),
    "networks": gettext_lazy("Networks"),
    "law": gettext_lazy("Law and management"),
    "indicator": gettext_lazy("Values"),
    "": gettext_lazy("Other"),
}

NATURES: dict[str, Any] = {
    "observed": "",
    "target": gettext_lazy("target"),
    "plan": gettext_lazy("plan"),
    "forecast": gettext_lazy("forecast"),
}

CONFIDENCE: dict[str, Any] = {
    "high": gettext_lazy("high confidence"),
    "medium": gettext_lazy("medium confidence"),
    "low": gettext_lazy("low confidence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One claim as a line: its value as `claim_value` takes it, and who said it when."""

    key: str
    anchor: str
    value: dict[str, Any]
    text: str
    about: str
    said_by: str
    source: dict[str, Any]
    confidence: str
    low_confidence: bool
    derived: bool
    note: str
    invented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SameValue:
    """Claims that name one value; `shown_first` when the best claim is among them."""

    value: dict[str, Any]
    text: str
    shown_first: bool
    lines: list[ClaimLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionLine:
    """Claims that cannot all be true: of what kind, how far apart, and who names which value."""

    words: str
    kind: str
    apart: str
    values: list[SameValue]

    @property
    def keys(self) -> set[str]:
        """Keys of all claims in it."""
        return {line.key for same in self.values for line in same.lines}

    @property
    def rivals(self) -> set[str]:
        """Keys of the claims that name another value than the one shown first."""
        return {line.key for same in self.values if not same.shown_first for line in same.lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure: the best claim with the reason, the others, and the contradictions between them."""

    anchor: str
    name: str
    scope: str
    nature: str
    best: ClaimLine
    reason: str
    age_days: int | None
    is_text: bool
    others: list[ClaimLine]
    contradictions: list[ContradictionLine]
    corrected: list[ClaimLine]


def claim_line(claim: Any, known: AsKnown, *, contradictions: int = 0) -> ClaimLine:
    """One claim as a line."""
    link = known_link(known, "source", claim.source.code)
    return ClaimLine(
        key=claim.key,
        anchor=f"claim-{claim.pk}",
        value=claim_value(claim, href=link, contradictions=contradictions),
        text=claim.text if claim.low is None else "",
        about=formats.period(claim.about_from, claim.about_to),
        said_by=fact_words(claim.said_by),
        source=source_chip(known, claim.source, claim),
        confidence=str(CONFIDENCE.get(claim.confidence, "")),
        low_confidence=claim.confidence == "low",
        derived=claim.derived,
        note=claim.note,
        invented=claim.invented,
    )


def claim_value(claim: Any, *, href: str = "", contradictions: int = 0) -> dict[str, Any]:
    """A claim as `{% claim_value %}` takes it: a number or a range, its unit, how exactly it was said."""
    low, high = claim.low, claim.high
    single = low is not None and (high is None or low == high)
    return {
        "value": low if single else None,
        "low": None if single else low,
        "high": None if single else high,
        "text": claim.text if low is None else "",
        "unit": units.unit_label(claim.unit, high if high is not None else low),
        "qualifier": claim.qualifier,
        "href": href,
        "contradictions": contradictions,
    }


def claim_words(claim: Any) -> str:
    """A claim's value as plain text, for sentences and downloads: `about 200,000 TEU a year`."""
    if claim.low is None:
        return str(claim.text)
    unit = units.unit_label(claim.unit, claim.high if claim.high is not None else claim.low)
    shown = formats.number(claim.low)
    if claim.high is not None and claim.high != claim.low:
        shown = f"{shown}–{formats.number(claim.high)}"
    return qualified(claim.qualifier, f"{shown} {unit}" if unit else shown)


def figure_anchor(figure: Any) -> str:
    """The place of a figure on its subject's page; other pages link to it."""
    return f"figure-{figure.best.pk}"


def figure_row(figure: Any, known: AsKnown) -> FigureRow:
    """One figure with its claims. A claim named in a contradiction is not repeated among the others."""
    found = [_contradiction(item, figure.best, known) for item in figure.contradictions]
    disputed = set().union(*(item.keys for item in found))
    rivals = set().union(*(item.rivals for item in found))
    attribute = figure.attribute
    return FigureRow(
        anchor=figure_anchor(figure),
        name=attribute.name,
        scope=scopes.scope_words(figure.scope),
        nature=str(NATURES.get(figure.nature, "")),
        best=claim_line(figure.best, known, contradictions=len(rivals)),
        reason=statuses.choice_words(figure.reason_code) if figure.others else "",
        age_days=figure.age_days,
        is_text=attribute.kind in {"text", "category"},
        others=[claim_line(claim, known) for claim in figure.others if claim.key not in disputed],
        contradictions=found,
        corrected=[claim_line(claim, known) for claim in figure.corrected],
    )


def _contradiction(item: Any, best: Any, known: AsKnown) -> ContradictionLine:
    """The members of a contradiction, those that name one value together."""
    groups: dict[str, list[Any]] = {}
    for claim in item.members:
        groups.setdefault(claim_words(claim), []).append(claim)
    return ContradictionLine(
        words=statuses.contradiction_words(item.kind),
        kind=item.kind,
        apart=difference_words(item.relative_difference),
        values=[
            SameValue(
                value=claim_value(claims[0], href=known_link(known, "source", claims[0].source.code)),
                text=claims[0].text if claims[0].low is None else "",
                shown_first=any(claim.pk == best.pk for claim in claims),
                lines=[claim_line(claim, known) for claim in claims],
            )
            for claims in groups.values()
        ],
    )


def difference_words(relative: Any) -> str:
    """How far apart two figures stand, in per cent of the larger; empty where it cannot be counted."""
    if relative is None:
        return ""
    return _("%(percent)s%% apart") % {
        "percent": formats.number(float(relative) * 100, 0 if relative > 0.1 else 1)
    }


def figure_groups(figures: Iterable[Any], known: AsKnown) -> list[dict[str, Any]]:
    """Figures under the headings of their groups: numbers as `rows`, words as `texts`."""
    grouped: Mapping[str, list[FigureRow]] = {code: [] for code in GROUPS}
    for figure in figures:
        code = figure.attribute.group if figure.attribute.group in GROUPS else ""
        grouped[code].append(figure_row(figure, known))
    return [
        {
            "code": code,
            "anchor": f"figures-{code or 'other'}",
            "table_id": f"figures-{code or 'other'}-table",
            "name": str(GROUPS[code]),
            "rows": [row for row in rows if not row.is_text],
            "has_beside": any(
                row.contradictions or row.others or row.corrected for row in rows if not row.is_text
            ),
            "texts": [row for row in rows if row.is_text],
        }
        for code, rows in grouped.items()
        if rows
    ]
