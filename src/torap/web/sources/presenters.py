"""Sources as rows, and everything that rests on one, each row with a link to where it is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from babel.core import UnknownLocaleError
from django.utils import timezone
from django.utils.translation import gettext as _

from torap.delivery.selectors import (
    SourceSayings,
)
from torap.publish.wording import fact_words, quoted
from torap.registry.models import Source, SourceClass
from torap.registry.selectors import SourceCount, SourceRows
from torap.rules.known import AsKnown
from torap.rules.units import NETWORK_UNITS
from torap.web import formats
from torap.web.presenters import figures, milestones, scopes, statuses, units
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.money import money_value
from torap.web.presenters.said import note_html

CSV_HEADER = (
    "code",
    "title",
    "publisher",
    "class",
    "published_from",
    "published_to",
    "language",
    "rows_resting_on_it",
    "address",
    "invented",
)
ROWS_HEADER = ("kind", "of", "what", "value", "said_by", "said_from", "said_to", "invented")


def known_then(source: Source, known: AsKnown) -> bool:
    """The source was there on that day: published by it, or by the auditors' clock recorded by it."""
    if known.clock == "recorded":
        return timezone.localtime(source.recorded_at).date() <= known.day
    return source.published_to is None or source.published_to <= known.day


def source_rows(counts: Iterable[SourceCount], known: AsKnown) -> list[dict[str, Any]]:
    """Sources as rows of the list."""
    return [_row(row, known) for row in counts]


def _row(counted: SourceCount, known: AsKnown) -> dict[str, Any]:
    source = counted.source
    return {
        "code": source.code,
        "title": source.title or plain_address(source.url) or source.code,
        "publisher": fact_words(source.publisher),
        "class": str(SourceClass(source.source_class).label),
        "class_code": source.source_class,
        "language": language_name(source.language),
        "language_code": source.language,
        "href": known_link(known, "source", source.code),
        "url": source.url,
        "published": formats.period(source.published_from, source.published_to),
        "published_from": source.published_from,
        "published_to": source.published_to,
        "rows": counted.total,
        "real_rows": counted.total - counted.invented,
        "invented": source.invented,
    }


def plain_address(url: str) -> str:
    """An address as people read it: without scheme, `www.` and escapes, cut where it is long."""
    parts = urlsplit(url)
    words = unquote(parts.path.rstrip("/")) + (f"?{unquote(parts.query)}" if parts.query else "")
    return formats.shortened(parts.netloc.removeprefix("www.") + words, 80)


def csv_rows(rows: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """Sources as rows of a download."""
    keys = (
        "code",
        "title",
        "publisher",
        "class",
        "published_from",
        "published_to",
        "language_code",
        "rows",
        "url",
        "invented",
    )
    return [[row[key] for key in keys] for row in rows]


def class_options(chosen: str) -> list[dict[str, Any]]:
    """The options of the filter by class."""
    return [
        {"value": value, "label": label, "selected": value == chosen} for value, label in SourceClass.choices
    ]


def language_name(code: str) -> str:
    """The name of a language in the reader's; empty where it is not known."""
    if not code:
        return ""
    try:
        return formats.reader_locale().languages.get(code[:2], code)
    except (UnknownLocaleError, ValueError):
        return code


def facts(source: Source) -> list[dict[str, str]]:
    """What a source is, in pairs; an unknown day of publication is said to be so."""
    pairs = [
        {"name": _("Publisher"), "text": fact_words(source.publisher)},
        {"name": _("Class"), "text": str(source.get_source_class_display())},
        {
            "name": _("Published"),
            "text": formats.period(source.published_from, source.published_to),
            "always": "yes",
        },
        {"name": _("Note on the date"), "text": note_html(source.date_note)},
        {"name": _("Language"), "text": language_name(source.language)},
        {"name": _("Recorded here"), "text": formats.day(source.recorded_at)},
    ]
    return [pair for pair in pairs if pair["text"] or pair.get("always")]


def claim_rows(rows: SourceRows, known: AsKnown) -> list[dict[str, Any]]:
    """Claims that rest on the source."""
    found = []
    for claim in rows.claims:
        subject = claim.subject
        line = figures.claim_line(claim, known)
        href = subject_link(known, subject.kind, subject.code)
        found.append(
            {
                "line": line,
                "id": line.anchor,
                "subject": subject.name,
                "href": f"{href}#figure-{claim.attribute.code}-{claim.nature}-{claim.scope or 'whole'}",
                "what": claim.attribute.name,
                "nature": str(figures.NATURES.get(claim.nature, "")),
                "scope": scopes.scope_words(claim.scope),
                # here the number opens the place where it is used, not this page again
                "value": {**line.value, "href": href},
                "plain": figures.claim_words(claim),
                "row": claim,
                "invented": claim.invented,
            }
        )
    return found


def saying_rows(found: SourceSayings, known: AsKnown) -> list[dict[str, Any]]:
    """Promises, reports, instructions, events and obstacles that rest on the source."""
    rows = [_of_milestone(row, known, _("promise"), milestones.promise_words(row)) for row in found.promises]
    rows += [
        _of_milestone(row, known, _("report"), statuses.said_words(row.state), row.text)
        for row in found.reports
    ]
    rows += [
        _of_instruction(row, row, known, _("instruction"), fact_words(row.deadline_said))
        for row in found.instructions
    ]
    rows += [
        _of_instruction(row.instruction, row, known, str(row.get_type_display()), row.text)
        for row in found.events
    ]
    rows += [_of_obstacle(row, row, known, _("obstacle")) for row in found.obstacles]
    rows += [
        _of_obstacle(row.obstacle, row, known, str(row.get_type_display())) for row in found.obstacle_events
    ]
    return rows


def _of_milestone(row: Any, known: AsKnown, kind: str, value: str, text: str = "") -> dict[str, Any]:
    milestone = row.milestone
    prefix = "promise" if hasattr(row, "as_said") else "report"
    return {
        "kind": kind,
        "of": milestone.subject.name,
        "what": milestone.name,
        "href": f"{known_link(known, 'milestone', milestone.code)}#{prefix}-{row.pk}",
        "value": value,
        "text": text or (quoted(fact_words(row.as_said)) if prefix == "promise" else ""),
        "said_by": fact_words(row.said_by),
        "row": row,
        "invented": row.invented,
    }


def _of_instruction(instruction: Any, row: Any, known: AsKnown, kind: str, text: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "of": instruction.code,
        "what": instruction.text,
        "href": known_link(known, "instruction", instruction.code),
        "value": "",
        "text": text,
        "said_by": fact_words(getattr(row, "said_by", "")),
        "row": row,
        "invented": row.invented,
    }


def _of_obstacle(obstacle: Any, row: Any, known: AsKnown, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "of": obstacle.blocks.name,
        "what": obstacle.text,
        "href": known_link(known, "obstacle", obstacle.code),
        "value": "",
        "text": getattr(row, "note", ""),
        "said_by": fact_words(getattr(row, "raised_by", "") or row.said_by),
        "row": row,
        "invented": row.invented,
    }


def other_rows(rows: SourceRows, known: AsKnown) -> list[dict[str, Any]]:
    """Amounts, capacities and positions that rest on the source."""
    found = [
        {
            "kind": str(entry.get_stage_display()),
            "of": entry.project.name,
            "what": entry.part,
            "href": known_link(known, "project", entry.project.code),
            "value": money_value(entry, known)["text"],
            "row": entry,
            "said_by": fact_words(entry.said_by),
            "invented": entry.invented,
        }
        for entry in rows.money
    ]
    for entry in rows.utilities:
        place, kind = entry.utility.place, entry.utility.kind
        found.append(
            {
                "kind": f"{entry.utility.get_kind_display()}: {entry.get_move_display()}",
                "of": place.name,
                "what": str(entry.get_basis_display()),
                "href": known_link(known, "place", place.code),
                "value": units.quantity(entry.amount, NETWORK_UNITS[kind]),
                "row": entry,
                "said_by": fact_words(entry.said_by),
                "invented": entry.invented,
            }
        )
    for point in rows.points:
        found.append(
            {
                "kind": _("position"),
                "of": point.place.name,
                "what": fact_words(point.label),
                "href": known_link(known, "place", point.place.code),
                "value": f"{point.lat:.3f}, {point.lon:.3f}",
                "row": None,
                "said_by": "",
                "invented": point.place.invented or rows.source.invented,
            }
        )
    return found


def rows_csv(
    claims: Iterable[dict[str, Any]], sayings: Iterable[dict[str, Any]], others: Iterable[dict[str, Any]]
) -> list[list[Any]]:
    """All that rests on one source as rows of a download."""
    table: list[list[Any]] = [
        [
            *(_("claim"), item["subject"], item["what"], item["plain"], item["line"].said_by),
            *_said(item["row"]),
            item["invented"],
        ]
        for item in claims
    ]
    for item in [*sayings, *others]:
        value = item["value"] or item.get("text", "")
        head = [item["kind"], item["of"], item["what"], value, item["said_by"]]
        table.append([*head, *_said(item["row"]), item["invented"]])
    return table


def _said(row: Any) -> tuple[dt.date | None, dt.date | None]:
    return (row.said_from, row.said_to) if row is not None else (None, None)
