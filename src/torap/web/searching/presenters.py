"""Things found, grouped by what they are, each with its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.countries import load_procedures
from torap.delivery.selectors import found_by_date
from torap.intake.search import search_known
from torap.publish.wording import qualified
from torap.registry.selectors import Hit, amounts_found, figures_many
from torap.rules.finding import BEGINNING, TYPO, asked_words, vocabulary
from torap.rules.fold import fold
from torap.rules.known import AsKnown
from torap.rules.obligations.model import Procedure
from torap.runs.selectors import class_list
from torap.web import formats
from torap.web.law.words import law_text
from torap.web.presenters import statuses, units
from torap.web.presenters.class_words import class_words
from torap.web.presenters.figures import claim_words
from torap.web.presenters.forecast_tabs import forecast_tabs
from torap.web.presenters.links import SUBJECT_PAGES, known_link
from torap.web.presenters.milestones import promise_words

SHOWN = 8  # of each kind, until the reader asks for all of it
FIGURE, FORECAST = "figure", "forecast"
FOUND_EXACTLY = (0, 0, 0)  # a number or a date stands as it was asked for

# Kind of a hit -> heading; in this order where two kinds are equally near.
GROUPS: dict[str, Any] = {
    "place": gettext_lazy("Places"),
    "link": gettext_lazy("Railways and roads"),
    "project": gettext_lazy("Projects"),
    "programme": gettext_lazy("Programmes"),
    "instruction": gettext_lazy("Instructions"),
    "milestone": gettext_lazy("Promises"),
    "obstacle": gettext_lazy("Obstacles"),
    FIGURE: gettext_lazy("Figures and sums"),
    "indicator": gettext_lazy("National figures"),
    "organisation": gettext_lazy("Organisations"),
    "law": gettext_lazy("Law"),
    FORECAST: gettext_lazy("Forecast"),
    "source": gettext_lazy("Sources"),
}
PAGES = {
    **SUBJECT_PAGES,
    "instruction": "instruction",
    "milestone": "milestone",
    "obstacle": "obstacle",
    "source": "source",
    "law": "law",
    "reference_class": "reference_class",
}
_ICONS = {
    "place": "pin",
    "source": "file",
    "organisation": "user",
    "law": "file",
    "instruction": "clock",
    FIGURE: "check",
}


def all_hits(query: str, known: AsKnown) -> list[Hit]:
    """Everything found by name, by number, by date and in the law, the nearest first."""
    if not query:
        return []
    procedures = procedures_found(query, load_procedures(settings.COUNTRY))
    named = search_known(query, known)
    hits = [*dated_hits(query, known), *amount_hits(query, known), *procedures, *named]
    hits += forecast_hits(query, known)
    once: dict[tuple[str, str, str], Hit] = {}
    for hit in hits:
        once.setdefault((hit.kind, hit.code, hit.note if hit.kind == FIGURE else ""), hit)
    return sorted(once.values(), key=lambda hit: hit.rank)


def forecast_hits(query: str, known: AsKnown) -> list[Hit]:
    """Pages of the forecast, and reference classes, whose name has words that begin as those asked for."""
    pages = [
        Hit(FORECAST, tab["page"], tab["label"], "page", note=_("Forecast"))
        for tab in forecast_tabs("", known)
    ]
    classes = [
        Hit(FORECAST, one.code, class_words(one.code), "reference_class", note=_("Reference class"))
        for one in class_list(known)
    ]
    return [hit for row in (*pages, *classes) if (hit := _named(query, row)) is not None]


def _named(query: str, hit: Hit) -> Hit | None:
    """The hit with its rank where its name or note has every word asked for; None otherwise."""
    words = vocabulary(fold(f"{hit.name} {hit.note}").split())
    ranks = [min(words.near(token).values(), default=None) for token in asked_words(fold(query).split())]
    known_ranks = [rank for rank in ranks if rank is not None]
    if not ranks or len(known_ranks) < len(ranks) or max(known_ranks) > BEGINNING:
        return None
    return replace(hit, rank=(max(known_ranks), 0, 1, -5, len(hit.name)))


def amount_hits(query: str, known: AsKnown) -> list[Hit]:
    """Figures and sums that name the number asked for: what of, and which value."""
    rows = amounts_found(query, known)
    disputed = _disputed(rows, known)
    return [_amount(row, disputed) for row in rows]


def _disputed(rows: Iterable[Any], known: AsKnown) -> set[str]:
    """Keys of the claims among these that another claim contradicts."""
    subjects = {row.subject_id for row in rows if hasattr(row, "attribute")}
    found = figures_many(subjects, known) if subjects else {}
    return {
        claim.key
        for figures in found.values()
        for figure in figures
        for item in figure.contradictions
        for claim in item.members
    }


def _amount(row: Any, disputed: set[str]) -> Hit:
    if hasattr(row, "attribute"):
        name, note, subject = row.attribute.name, claim_words(row), row.subject
        note = f"{note} ({_('contradicted')})" if row.key in disputed else note
    else:
        name, subject = row.get_stage_display(), row.project
        note = qualified(row.qualifier, units.money(row.amount, row.currency))
    return Hit(
        FIGURE, subject.code, f"{subject.name}: {name}", subject.kind, FOUND_EXACTLY, note, row.invented
    )


def dated_hits(query: str, known: AsKnown) -> list[Hit]:
    """Instructions and promises of the date asked for."""
    instructions, milestones = found_by_date(query, known)
    hits = []
    for state in instructions:
        due = state.control.due
        note = _("due %(day)s") % {"day": formats.day(due)} if due else instruction_words(state)
        text = state.instruction.text
        unreal = state.instruction.invented
        hits.append(Hit("instruction", state.code, text, "instruction", FOUND_EXACTLY, note, unreal))
    for row in milestones:
        name = f"{row.subject.name}: {row.milestone.name}"
        note = _("promised: %(period)s") % {"period": promise_words(row.current)}
        unreal = row.milestone.invented
        hits.append(Hit("milestone", row.code, name, "milestone", FOUND_EXACTLY, note, unreal))
    return hits


def instruction_words(state: Any) -> str:
    """Why an instruction has no due day."""
    return statuses.instruction_words(state.schedule.code)[1]


def groups(hits: Iterable[Hit], known: AsKnown, *, kind: str = "") -> list[dict[str, Any]]:
    """Hits under the headings of their kinds, the kind of the nearest hit first; each with its count.

    Of each kind the nearest few are shown, of the one asked for (`kind`) all.
    """
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.kind in GROUPS and kind in ("", hit.kind):
            found.setdefault(hit.kind, []).append(hit)
    order = list(GROUPS)
    ranked = sorted(found, key=lambda name: (found[name][0].rank[:3], order.index(name)))
    return [
        {
            "kind": name,
            "name": str(GROUPS[name]),
            "icon": _ICONS.get(name, "link"),
            "count": len(found[name]),
            "more": 0 if kind else max(0, len(found[name]) - SHOWN),
            "rows": [_row(hit, known) for hit in (found[name] if kind else found[name][:SHOWN])],
        }
        for name in ranked
    ]


def _row(hit: Hit, known: AsKnown) -> dict[str, Any]:
    if hit.url_kind == "page":
        href = known_link(known, hit.code)
    else:
        href = known_link(known, PAGES.get(hit.url_kind, "subject"), hit.code)
    return {
        "name": hit.name,
        "code": hit.code,
        "note": hit.note,
        "invented": hit.invented,
        "href": href,
    }


def procedures_found(query: str, procedures: Mapping[str, Procedure]) -> list[Hit]:
    """Procedures whose code or name, in English or the reader's language, has words that begin so."""
    tokens = asked_words(fold(query).split())
    found = []
    for procedure in procedures.values():
        name = law_text(procedure.name)
        near = vocabulary(fold(f"{procedure.id} {procedure.name} {name}").split())
        ranks = [min(near.near(token).values(), default=None) for token in tokens]
        worst = max((rank for rank in ranks if rank is not None), default=TYPO)
        if ranks and None not in ranks and worst <= BEGINNING:
            is_code = fold(query) == fold(procedure.id)
            found.append(
                Hit("law", procedure.id, name, "law", (worst, 0, 0 if is_code else 1, -10, len(name)))
            )
    return found
