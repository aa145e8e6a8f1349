"""Projects as rows: who invests where, how firm the money is, how the promises stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from torap.delivery.selectors import MilestoneState
from torap.publish.wording import fact_words
from torap.registry.models import MoneyStage, Project, Subject
from torap.registry.selectors import ProjectFilters, StageAmount
from torap.rules.known import AsKnown
from torap.web.places.presenters import by_subject, countries, place_mark, place_words
from torap.web.presenters import money, statuses
from torap.web.presenters.invented import of_reality
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.said import said_html

CSV_HEADER = (
    "code",
    "name",
    "type",
    "place",
    "region",
    "investor",
    "countries",
    "sector",
    "stage",
    "amount",
    "currency",
    "qualifier",
    "state",
    "repeats",
    "invented",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """What a table shows of one project; `amount` is at the firmest stage anything was said of."""

    code: str
    name: str
    href: str
    type: str
    type_label: str
    place: str
    place_href: str
    region: str
    investor: str
    countries: str
    sector: str
    stage: str
    stage_label: str
    amount: Decimal | None
    currency: str
    qualifier: str
    shown: dict[str, Any] | None
    mark: str
    words: str
    milestones: int
    repeats: str
    invented: bool


ORDER = {stage: at for at, stage in enumerate(MoneyStage.values)}


def filters(query: Mapping[str, str]) -> ProjectFilters:
    """What to list, from the address; an unknown type lists nothing but is no error."""
    return ProjectFilters(
        type=query.get("type", ""), region=query.get("region", ""), programme=query.get("programme", "")
    )


def project_rows(
    projects: Iterable[Project],
    amounts: Mapping[int, Sequence[StageAmount]],
    states: Iterable[MilestoneState],
    known: AsKnown,
) -> list[ProjectRow]:
    """Projects as rows, in the order given."""
    own = by_subject(states)
    return [
        _row(row, firmest(of_reality(amounts.get(row.pk, ()), row.invented)), own.get(row.pk, ()), known)
        for row in projects
    ]


def firmest(amounts: Sequence[StageAmount]) -> StageAmount | None:
    """The amount at the firmest stage, of the whole project where that was said."""
    return max(amounts, key=lambda row: (ORDER[row.stage], not row.part), default=None)


def _row(
    project: Project, amount: StageAmount | None, states: Sequence[MilestoneState], known: AsKnown
) -> ProjectRow:
    place = project.place
    region = project.region or (place.region if place else None)
    states = of_reality(states, project.invented)
    return ProjectRow(
        code=project.code,
        name=project.name,
        href=known_link(known, "project", project.code),
        type=project.type,
        type_label=str(Project.Type(project.type).label),
        place=place.name if place else fact_words(project.place_note),
        place_href=known_link(known, "place", place.code) if place else "",
        region=region.name if region else "",
        investor=fact_words(project.investor),
        countries=", ".join(countries(project.countries)),
        sector=fact_words(project.sector),
        stage=amount.stage if amount else "",
        stage_label=str(MoneyStage(amount.stage).label) if amount else "",
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else "",
        qualifier=amount.qualifier if amount else "",
        shown=money.money_value(amount, known) if amount else None,
        mark=place_mark(states),
        words=place_words(states),
        milestones=len(states),
        repeats=project.same_as.name if project.same_as else "",
        invented=project.invented,
    )


def csv_rows(rows: Iterable[ProjectRow]) -> list[list[Any]]:
    """Projects as rows of a download."""
    return [
        [
            row.code,
            row.name,
            row.type,
            row.place,
            row.region,
            row.investor,
            row.countries,
            row.sector,
            row.stage,
            row.amount,
            row.currency,
            row.qualifier,
            row.words,
            row.repeats,
            row.invented,
        ]
        for row in rows
    ]


def crumbs(known: AsKnown) -> list[tuple[str, str]]:
    """The way to a project."""
    return [(_("Projects"), known_link(known, "project_list"))]


def facts(project: Project, known: AsKnown) -> list[dict[str, Any]]:
    """What a project is, in pairs; what is not known is said so."""
    place = project.place
    region = project.region or (place.region if place else None)
    same = project.same_as
    return [
        {"name": _("Type"), "text": project.get_type_display()},
        {
            "name": _("Place"),
            "text": place.name if place else said_html(project.place_note),
            "href": known_link(known, "place", place.code) if place else "",
        },
        {"name": _("Region"), "text": region.name if region else ""},
        {"name": _("Investor"), "text": said_html(project.investor) if project.investor else ""},
        {"name": _("Investor's country"), "text": ", ".join(countries(project.countries))},
        {"name": _("Sector as said"), "text": said_html(project.sector) if project.sector else ""},
        {"name": _("ISIC rev. 4"), "text": project.isic, "optional": True},
        {
            "name": _("Repeats"),
            "text": same.name if same else "",
            "href": known_link(known, "project", same.code) if same else "",
            "optional": True,
        },
        {"name": _("Also called"), "text": "; ".join(project.aliases), "optional": True},
    ]


def member_rows(
    members: Sequence[Subject], states: Iterable[MilestoneState], known: AsKnown
) -> list[dict[str, Any]]:
    """Members of a programme with the mark of their promises, what asks for most attention first."""
    whose = {member.pk: member.invented for member in members}
    own = by_subject(one for one in states if one.invented == whose.get(one.milestone.subject_id))
    rows = [
        {
            "name": member.name,
            "kind": member.get_kind_display(),
            "href": subject_link(known, member.kind, member.code),
            "mark": place_mark(own[member.pk]),
            "words": place_words(own[member.pk]),
            "milestones": len(own[member.pk]),
            "moved": sum(1 for state in own[member.pk] if state.moves),
            "furthest": max((state.slip_months or 0 for state in own[member.pk]), default=0),
            "invented": member.invented,
        }
        for member in members
    ]
    return sorted(rows, key=lambda row: (statuses.mark_rank(row["mark"]), row["name"]))
