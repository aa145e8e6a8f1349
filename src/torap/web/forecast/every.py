"""Every forecast of a run as rows of a table, with its filters and downloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from torap.runs.selectors import ORDERS, SHARES, ForecastFilters, ForecastLine
from torap.web.presenters.forecasts import BASIS, KINDS, KINDS_CAPITAL, full_name, subject_names
from torap.web.presenters.unknown_values import Filter, unknown_values

PAGE_SIZE = 50
CSV_HEADER = (
    "key",
    "kind",
    "name",
    "subject",
    "subject_name",
    "holder",
    "holder_name",
    "region",
    "first_promise",
    "due",
    "due_by",
    "promise_said_on",
    "said",
    "done_by",
    "done_on",
    "heard_on",
    "untold",
    "p10",
    "p20",
    "p50",
    "p80",
    "p90",
    "not_before",
    "by_now",
    "chance",
    "chance_first",
    "assumed_share",
    "assumed_days",
    "basis",
    "class",
    "n",
    "run",
    "known_on",
    "invented",
)


def filters(query: Mapping[str, str]) -> ForecastFilters:
    """What the address asks for; a value that is none does not narrow."""
    return ForecastFilters(
        kind=query.get("kind", "") if query.get("kind", "") in KINDS else "",
        holder=query.get("body", ""),
        region=query.get("region", ""),
        basis=query.get("basis", "") if query.get("basis", "") in BASIS else "",
        open_only=query.get("all") != "1",
        words=query.get("q", "").strip()[:80],
        invented=query.get("invented") == "1",
        run=query.get("run", ""),
    )


def unknown(query: Mapping[str, str], bodies: Iterable[Any], regions: Iterable[Any]) -> dict[str, str]:
    """What the address asks for that no filter knows, in sentences by name."""
    return unknown_values(
        query,
        (
            Filter("kind", _("What"), KINDS),
            Filter("body", _("Owed by"), {one.code for one in bodies}),
            Filter("region", _("Region"), {one.code for one in regions}),
            Filter("basis", _("Rests on"), BASIS),
            Filter("sort", _("Order"), ORDERS),
        ),
    )


def none_of_kind(kind: str) -> str:
    """Why a list of one kind of dates is empty, where that is a matter of what is known."""
    return {
        "plot": _(
            "No plot is known whose networks or place have dates, so there is no day to foretell for any."
        ),
        "utility": _("No network of a place is known with a promised day."),
        "activity": _("No schedule is attached to a milestone."),
    }.get(kind, "")


def order(query: Mapping[str, str]) -> str:
    """The order asked for; the worst chance first by default."""
    wanted = query.get("sort", "")
    return wanted if wanted in ORDERS else "chance"


def page_number(query: Mapping[str, str]) -> int:
    """The page asked for, from 1; anything else is the first."""
    text = query.get("page", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def options(
    wanted: ForecastFilters, sort: str, bodies: Iterable[Any], regions: Iterable[Any]
) -> dict[str, Any]:
    """What the filters offer."""
    sorts = {
        "chance": _("least likely first"),
        "due": _("soonest first"),
        "p80": _("by P80"),
        "late": _("latest against its promise"),
        "name": _("by name"),
    }
    return {
        "kinds": choices(KINDS_CAPITAL.items(), wanted.kind),
        "bases": choices(BASIS.items(), wanted.basis),
        "bodies": choices(((one.code, one.name) for one in bodies), wanted.holder),
        "regions": choices(((one.code, one.name) for one in regions), wanted.region),
        "sorts": choices(sorts.items(), sort),
    }


def choices(pairs: Iterable[tuple[str, Any]], chosen: str) -> list[dict[str, Any]]:
    """What a filter offers, with what is chosen."""
    return [{"value": code, "label": words, "selected": code == chosen} for code, words in pairs]


def csv_rows(lines: Iterable[ForecastLine]) -> list[list[Any]]:
    """Forecasts as rows of a download; what is not known stays empty."""
    found = list(lines)
    names = subject_names(found)
    return [
        [
            line.key,
            line.kind,
            full_name(line, names) if line.kind == "utility" else line.name,
            line.subject,
            names.get(line.subject or line.key, ""),
            line.holder.code if line.holder else "",
            line.holder.name if line.holder else "",
            line.region,
            line.first_due,
            line.due,
            line.due_by,
            line.said_on,
            line.said,
            line.done_by,
            line.done_on,
            line.heard_on,
            line.untold,
            *(line.told(share) for share in SHARES),
            list(line.beyond),
            list(line.by_now),
            line.chance,
            line.chance_first,
            line.assumed_share,
            line.assumed_days,
            line.basis,
            line.class_code,
            line.n,
            line.run,
            line.known_on,
            line.invented,
        ]
        for line in found
    ]
