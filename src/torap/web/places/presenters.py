"""Places as rows and cards: type, region, state of their promises, networks, positions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.delivery.selectors import MilestoneState
from torap.publish.wording import fact_words
from torap.registry.models import Place, Subject, UtilityKind
from torap.registry.selectors import Figure, UtilityBalance
from torap.rules.known import AsKnown
from torap.rules.units import NETWORK_UNITS
from torap.web.formats import reader_locale
from torap.web.presenters import milestones, statuses, units
from torap.web.presenters.invented import of_reality
from torap.web.presenters.links import known_link
from torap.web.presenters.said import said_html
from torap.web.presenters.sources import source_chip

CARD_MILESTONES = 4
CSV_HEADER = (
    "code",
    "name",
    "type",
    "region",
    "state",
    "milestones",
    "moved",
    "passed",
    "contradictions",
    "newest_word",
    "lat",
    "lon",
    "approximate",
    "invented",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """What a table shows of one place."""

    code: str
    name: str
    href: str
    type: str
    type_label: str
    region: str
    parent: str
    mark: str
    words: str
    milestones: int
    moved: int
    passed: int
    furthest: int | None
    contradictions: int
    figures: int
    newest: dt.date | None
    point: Any
    invented: bool


def place_rows(
    places: Iterable[Place],
    states: Iterable[MilestoneState],
    figures: Mapping[int, Sequence[Figure]],
    known: AsKnown,
) -> list[PlaceRow]:
    """Places as rows, by name."""
    own = by_subject(states)
    return [_row(place, own.get(place.pk, ()), figures.get(place.pk, ()), known) for place in places]


def by_subject(states: Iterable[MilestoneState]) -> dict[int, list[MilestoneState]]:
    """States by the id of what they are states of."""
    own: dict[int, list[MilestoneState]] = defaultdict(list)
    for state in states:
        own[state.milestone.subject_id].append(state)
    return own


def late_count(subjects: Iterable[Subject], states: Iterable[MilestoneState]) -> int:
    """How many places or projects are behind a first promise of their own reality."""
    own = by_subject(states)
    return sum(1 for row in subjects if place_mark(of_reality(own.get(row.pk, ()), row.invented)) == "late")


def _row(
    place: Place, states: Sequence[MilestoneState], figures: Sequence[Figure], known: AsKnown
) -> PlaceRow:
    states = of_reality(states, place.invented)
    figures = of_reality(figures, place.invented)
    slips = [state.slip_months for state in states if state.slip_months]
    words = [state.newest_said for state in states if state.newest_said]
    words += [figure.best.said_from for figure in figures]
    conflicts = sum(len(figure.contradictions) for figure in figures)
    return PlaceRow(
        code=place.code,
        name=place.name,
        href=known_link(known, "place", place.code),
        type=place.type,
        type_label=str(Place.Type(place.type).label),
        region=place.region.name if place.region else "",
        parent=place.parent.name if place.parent else "",
        mark=place_mark(states),
        words=place_words(states),
        milestones=len(states),
        moved=sum(1 for state in states if state.moves),
        passed=sum(1 for state in states if state.passed),
        furthest=max(slips, default=None),
        contradictions=conflicts + sum(len(state.conflicts) for state in states),
        figures=len(figures),
        newest=max(words, default=None),
        point=next(iter(place.points.all()), None),
        invented=place.invented,
    )


def place_mark(states: Iterable[MilestoneState]) -> str:
    """The mark of a place: that of its milestone which asks for most attention."""
    return statuses.worst_mark([statuses.schedule_mark(state.schedule.code) for state in states])


def place_words(states: Sequence[MilestoneState]) -> str:
    """The words of a place's mark; without a date or without a milestone that is said plainly."""
    if not states:
        return _("no promise is known")
    mark = place_mark(states)
    return _("no date was promised") if mark == "unknown" else statuses.mark_words(mark)


def card_milestones(states: Iterable[MilestoneState], known: AsKnown) -> list[milestones.MilestoneRow]:
    """The few milestones a card has room for, most pressing first."""
    return milestones.milestone_rows(states, known)[:CARD_MILESTONES]


def csv_rows(rows: Iterable[PlaceRow]) -> list[list[Any]]:
    """Places as rows of a download."""
    return [
        [
            row.code,
            row.name,
            row.type,
            row.region,
            row.words,
            row.milestones,
            row.moved,
            row.passed,
            row.contradictions,
            row.newest,
            row.point.lat if row.point else None,
            row.point.lon if row.point else None,
            row.point.approximate if row.point else None,
            row.invented,
        ]
        for row in rows
    ]


def options(choices: Iterable[tuple[str, Any]], chosen: str) -> list[dict[str, Any]]:
    """The options of a filter."""
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in choices]


def countries(codes: Iterable[str]) -> list[str]:
    """Names of countries by ISO 3166-1 code, in the reader's language."""
    names = reader_locale().territories
    return [names.get(code, code) for code in codes]


def crumbs(place: Place, known: AsKnown) -> list[tuple[str, str]]:
    """The way to a place: the list, and the place around it."""
    way = [(_("Places"), known_link(known, "place_list"))]
    if place.parent is not None:
        way.append((place.parent.name, known_link(known, "place", place.parent.code)))
    return way


def facts(place: Place, known: AsKnown) -> list[dict[str, Any]]:
    """What a place is, in pairs; what is not known is said so."""
    company = place.managing_company
    region = known_link(known, "place_list", region=place.region.code) if place.region else ""
    return [
        {"name": _("Type"), "text": place.get_type_display(), "href": ""},
        {"name": _("Region"), "text": place.region.name if place.region else "", "href": region},
        {"name": _("District"), "text": fact_words(place.district), "href": "", "optional": True},
        {
            "name": _("Neighbouring countries"),
            "text": ", ".join(countries(place.neighbours)),
            "optional": True,
        },
        {
            "name": _("Managing company"),
            "text": company.name if company else "",
            "href": known_link(known, "organisation", company.code) if company else "",
        },
        {"name": _("Also called"), "text": "; ".join(place.aliases), "href": "", "optional": True},
    ]


MODES: dict[str, Any] = {
    "road": gettext_lazy("by road"),
    "rail": gettext_lazy("by rail"),
    "sea": gettext_lazy("by sea"),
    "pedestrian": gettext_lazy("on foot"),
}


def crossings(place: Place) -> list[dict[str, Any]]:
    """Border crossings of a place, each with how one crosses there."""
    return [
        {"name": row.name, "mode": row.mode, "mode_words": MODES.get(row.mode) or said_html(row.mode)}
        for row in place.crossings.all()
    ]


def points(place: Place, known: AsKnown) -> list[dict[str, Any]]:
    """Positions of a place with how exact they are."""
    return [
        {
            "label": fact_words(point.label) or place.name,
            "lat": f"{point.lat:.3f}",
            "lon": f"{point.lon:.3f}",
            "accuracy_km": point.accuracy_km,
            "approximate": point.approximate,
            "source": source_chip(known, point.source) if point.source else None,
            "invented": point.source is not None and point.source.invented,
        }
        for point in place.points.all()
    ]


def networks(
    balances: Iterable[UtilityBalance],
    known: AsKnown,
    *,
    foretold: Mapping[str, Sequence[dict[str, Any]]] | None = None,
    plot: bool = False,
) -> list[dict[str, Any]]:
    """Every network a place needs: its capacity where one was published, else plainly not known; of a `plot`
    those alone that reach its boundary, for it has no capacity of its own. `foretold`: forecasts of its
    additions by kind."""
    by_kind: dict[str, list[UtilityBalance]] = defaultdict(list)
    for balance in balances:
        by_kind[balance.kind].append(balance)
    rows = []
    for kind, label in UtilityKind.choices:
        unit = units.unit_label(NETWORK_UNITS[kind])
        found = by_kind.get(kind)
        if not found and not plot:
            rows.append({"name": label, "unit": unit, "known": False})
        for balance in found or ():
            own = [one for one in (foretold or {}).get(kind, ()) if one["words"].invented == balance.invented]
            rows.append(_network(str(label), unit, balance, known) | {"foretold": own})
    return rows


def _network(name: str, unit: str, balance: UtilityBalance, known: AsKnown) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "known": True,
        "added": balance.evidenced,
        "held": balance.held,
        "free": balance.free,
        "promised": balance.promised,
        "coming": [{"day": step.day, "free": step.free} for step in balance.coming],
        "sources": [source_chip(known, entry.source, entry) for entry in balance.entries],
        "newest": balance.newest_said,
        "invented": balance.invented,
    }
