"""Things found, grouped by what they are, each with its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from torap.registry.selectors import Hit
from torap.rules.fold import fold
from torap.rules.known import AsKnown
from torap.rules.obligations.model import Procedure
from torap.web.law.words import law_text
from torap.web.presenters.links import SUBJECT_PAGES, known_link

# Kind of a hit -> heading; the order is that of the page.
GROUPS: dict[str, Any] = {
    "place": _("Places"),
    "link": _("Railways and roads"),
    "project": _("Projects"),
    "programme": _("Programmes"),
    "instruction": _("Instructions"),
    "milestone": _("Promises"),
    "obstacle": _("Obstacles"),
    "indicator": _("National figures"),
    "organisation": _("Organisations"),
    "law": _("Law"),
    "source": _("Sources"),
}
PAGES = {
    **SUBJECT_PAGES,
    "instruction": "instruction",
    "milestone": "milestone",
    "obstacle": "obstacle",
    "source": "source",
    "law": "law",
}
_ICONS = {"place": "pin", "source": "file", "organisation": "user", "law": "file", "instruction": "clock"}


def groups(hits: Iterable[Hit], known: AsKnown) -> list[dict[str, Any]]:
    """Hits under the headings of their kinds; kinds keep the order of the page, hits that of closeness."""
    found: dict[str, list[dict[str, str]]] = {kind: [] for kind in GROUPS}
    for hit in hits:
        if hit.kind in PAGES:
            row = {"name": hit.name, "code": hit.code, "href": known_link(known, PAGES[hit.kind], hit.code)}
            found[hit.kind].append(row)
    return [
        {"kind": kind, "name": str(GROUPS[kind]), "icon": _ICONS.get(kind, "link"), "rows": rows}
        for kind, rows in found.items()
        if rows
    ]


def procedures_found(query: str, procedures: Mapping[str, Procedure]) -> list[Hit]:
    """Procedures whose code or name, in English or the reader's language, has words that begin so."""
    tokens = fold(query).split()
    if not tokens:
        return []
    found = []
    for procedure in procedures.values():
        name = law_text(procedure.name)
        text = f" {fold(f'{procedure.id} {procedure.name} {name}')}"
        if all(f" {token}" in text for token in tokens):
            found.append(Hit("law", procedure.id, name, "law"))
    return found
