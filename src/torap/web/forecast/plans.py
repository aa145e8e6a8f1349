"""The plan of a place or project: baseline, present promise, band and driving chain as bars of one chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from torap.rules.known import AsKnown
from torap.runs.selectors import Gantt, GanttRow
from torap.web import formats
from torap.web.forecast.activities import chart_rows
from torap.web.presenters.earlier import computed_for, dues_now
from torap.web.presenters.forecasts import KINDS, chance_words, kept_in_silence, network_name, not_before
from torap.web.presenters.links import known_link
from torap.web.presenters.percentiles import percentile

CHAIN_SHARE = 0.05  # a link that drives a node in fewer trials is not drawn
PERCENTILES = ("p10", "p50", "p80")
CSV_HEADER = (
    "key",
    "kind",
    "name",
    "holder",
    "start",
    "first_promise",
    "present_promise",
    "done_on",
    "p10",
    "p50",
    "p80",
    "not_before",
    "by_now",
    "chance",
    "basis",
    "driving",
    "waits_for",
    "computed_for",
)


def plan_chart(
    found: Gantt, known: AsKnown, *, invented: bool, below: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The bars as the browser draws them. `below`: works of attached schedules by the key of their milestone;
    each group is opened by its button."""
    driving = {row.key for row in found.rows if row.driving}
    works = below or {}
    rows: list[dict[str, Any]] = []
    for row in found.rows:
        rows += [_bar(row, driving, known), *chart_rows(works, row.key)]
    return {
        "today": known.day.isoformat(),
        "invented": invented,
        "rows": rows,
        "groups": [
            {"key": row.key, "words": works[row.key]["words"]} for row in found.rows if row.key in works
        ],
        "labels": plan_labels(),
    }


def in_force(found: Gantt, known: AsKnown) -> Gantt:
    """The plan with the days in force on the day of the page: where its run knew another one the chance is
    that of the other, so none is told. Queries as `present_dues`, none where the run is of the day."""
    dues = dues_now((row.key for row in found.rows), known) if found.known_on < known.day else {}
    return replace(found, rows=tuple(_in_force(row, dues.get(row.key, row.due)) for row in found.rows))


def _in_force(row: GanttRow, due: dt.date | None) -> GanttRow:
    if row.due is None or row.due == due or row.basis in ("done", "none"):
        return row
    return replace(row, due=due, chance=None, known_due=row.due)


def _bar(row: GanttRow, driving: set[str], known: AsKnown) -> dict[str, Any]:
    is_task = row.kind == "activity"
    days = {name: formats.iso(getattr(row, name)) for name in PERCENTILES}
    told = {f"{name}_label": _percentile(row, name, known) for name in PERCENTILES} if row.p50 else {}
    return {
        "key": row.key,
        "name": bar_name(row),
        "start": formats.iso(row.start) if is_task else None,
        "finish": formats.iso(row.due) if is_task else None,
        "first": formats.iso(row.first_due),
        "due": None if is_task else formats.iso(row.due),
        "done": formats.iso(row.done_on),
        **{name: None if name in row.beyond else day for name, day in days.items()},
        "not_before": {name: day for name, day in days.items() if name in row.beyond},
        **told,
        "chance": "" if row.done_on or passed(row, known) else chance_words(row.chance),
        "driving": row.driving,
        "driven_by": [key for key, share in row.after if share >= CHAIN_SHARE and key in driving]
        if row.driving
        else [],
        "status": "done_verified" if row.shown else "done_said",
        "note": _note(row, known),
        "href": row_link(row, known),
    }


def passed(row: GanttRow, known: AsKnown) -> bool:
    """Whether the promised day has passed, so that it can be held no more."""
    return row.due is not None and row.due < known.day and row.chance is not None and not row.done_on


def _note(row: GanttRow, known: AsKnown) -> str:
    """What is said of a bar beside its days."""
    if row.basis == "none":
        return _("no forecast")
    return kept_in_silence(row.chance) if passed(row, known) else computed_for(row.known_due)


def bar_name(row: GanttRow) -> str:
    """What a bar is called; a network of a place by what it carries and, of more of it, by its day."""
    if row.kind != "utility":
        return row.name
    return f"{row.name}: {network_name(row.key.partition(':')[2])}"


def row_link(row: GanttRow, known: AsKnown) -> str:
    """The page of a bar, where it has one."""
    kind, _sep, code = row.key.partition(":")
    return known_link(known, kind, code) if kind in ("milestone", "instruction") else ""


def plan_labels() -> dict[str, str]:
    """The words of the chart."""
    return {
        "today": _("today"),
        "first": _("first promise"),
        "due": _("present promise"),
        "band": _("P10 to P80: seven of ten trials end in it"),
        "open": _("no end: later than anything seen of its kind"),
        "p10": percentile(10),
        "p50": percentile(50),
        "p80": percentile(80),
        "driving": _("drives the end"),
        "task": _("activity of a schedule"),
        "critical": _("on its critical path"),
        "start": _("start"),
        "finish": _("planned end"),
        "done": _("done, verified"),
        "done_said": _("said to be done"),
        "chance": _("chance to hold"),
    }


def plan_rows(found: Gantt, known: AsKnown, below: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The same figures as rows of the table beside the drawing, each with the works below it."""
    works = below or {}
    names = {row.key: bar_name(row) for row in found.rows}
    return [
        {
            "name": bar_name(row),
            "href": row_link(row, known),
            "kind": str(KINDS.get(row.kind, row.kind)),
            "holder": row.holder.name if row.holder else "",
            "holder_href": known_link(known, "organisation", row.holder.code) if row.holder else "",
            "first": _day(row.first_due),
            "due": _day(row.due),
            "done": _day(row.done_on),
            "done_words": _("done, verified") if row.shown else _("said to be done"),
            **{name: _percentile(row, name, known) for name in PERCENTILES},
            "chance": "" if passed(row, known) else chance_words(row.chance),
            "earlier": kept_in_silence(row.chance) if passed(row, known) else computed_for(row.known_due),
            "driving": row.driving,
            "waits": [
                {"name": names.get(key, key), "share": chance_words(share)}
                for key, share in sorted(row.after, key=lambda pair: -pair[1])
            ],
            "none": row.basis == "none",
            "works": works.get(row.key),
        }
        for row in found.rows
    ]


def _percentile(row: GanttRow, name: str, known: AsKnown) -> str:
    """The day of a percentile, or that it may have come already; of one nobody has seen come so late, the day
    it is not before while that is to come."""
    if name in row.by_now:
        return _("by now?")
    day: dt.date | None = getattr(row, name)
    if day is None or name not in row.beyond:
        return _day(day)
    return not_before(_day(day) if day > known.day else "")


def _told(row: GanttRow, name: str, day: dt.date) -> dt.date | None:
    """The day of a percentile as far as one can be told on a day."""
    found: dt.date | None = getattr(row, name)
    if found is None or name in row.by_now or (name in row.beyond and found <= day):
        return None
    return found


def ending(found: Gantt) -> list[GanttRow]:
    """What the end of the subject is driven by, in the order it has to come, and last the end itself. Empty
    while nothing is known to drive it.

    Days do not tell the order, for several may be forecast for the same: each bar is followed back along
    what drives it most often, and the end is where the longest such chain begins.
    """
    rows = {row.key: row for row in found.rows if row.driving}
    chains = (_back(row, rows) for row in rows.values())
    return list(reversed(max(chains, key=len, default=[])))


def _back(row: GanttRow, rows: Mapping[str, GanttRow]) -> list[GanttRow]:
    """From a bar back along what drives it most often, as far as that is in `rows`."""
    chain = [row]
    while driven := [(share, key) for key, share in chain[-1].after if share]:
        before = rows.get(max(driven)[1])
        if before is None or before in chain:
            break
        chain.append(before)
    return chain


def csv_rows(found: Gantt) -> list[list[Any]]:
    """The plan as rows of a download."""
    return [
        [
            row.key,
            row.kind,
            bar_name(row),
            row.holder.code if row.holder else "",
            row.start,
            row.first_due,
            row.due,
            row.done_on,
            *(_told(row, name, found.known_on) for name in PERCENTILES),
            list(row.beyond),
            list(row.by_now),
            row.chance,
            row.basis,
            row.driving,
            [key for key, _share in row.after],
            row.known_due,
        ]
        for row in found.rows
    ]


def _day(day: dt.date | None) -> str:
    return formats.day(day) if day else ""
