"""The list of promises: tabs by status, the chart of what slipped, the rows of its download."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from torap.delivery.selectors import MilestoneState
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import milestones, statuses
from torap.web.presenters.links import known_link

CSV_HEADER = (
    "milestone",
    "name",
    "of",
    "holder",
    "first_promise",
    "first_latest",
    "current_promise",
    "current_latest",
    "moves",
    "slip_months",
    "against_first_promise",
    "said",
    "evidenced",
    "newest_word",
    "contradictions",
    "invented",
)
PROMISE_HEADER = (
    "said_from",
    "said_to",
    "promised",
    "latest",
    "as_said",
    "said_by",
    "publisher",
    "address",
    "shift_months",
    "yardstick",
    "invented",
)
SLIPPED_SHOWN = 15

# Promises whose day has passed without proof: a question of the present promise, not of the first.
PASSED = "passed"

# Tabs of the list: name of the filter -> the schedule codes it takes.
FILTERS: dict[str, frozenset[str]] = {
    "late": frozenset({"late"}),
    "moved": frozenset({"moved"}),
    "on_first_promise": frozenset({"on_first_promise", "earlier"}),
    "done": frozenset({"done_said", "done_on_time", "done_late", "done_no_promise"}),
    "no_promise": frozenset({"no_promise"}),
}


def having_status(states: Iterable[MilestoneState], chosen: str) -> list[MilestoneState]:
    """The milestones of one tab; all of them for a tab that is not there."""
    if chosen == PASSED:
        return [state for state in states if state.passed]
    codes = FILTERS.get(chosen)
    return [state for state in states if codes is None or state.schedule.code in codes]


def status_tabs(states: Sequence[MilestoneState], chosen: str, known: AsKnown) -> list[dict[str, Any]]:
    """The tabs with their counts; an empty one is left out unless it is the one chosen."""
    counts = Counter(state.schedule.code for state in states)
    labels = {
        "late": _("Behind first promise"),
        "moved": _("Date moved"),
        "on_first_promise": _("On first promise"),
        "done": _("Done or said to be done"),
        "no_promise": _("No date"),
    }
    tabs = [
        {
            "label": _("All"),
            "url": known_link(known, "promise_list"),
            "current": chosen not in FILTERS and chosen != PASSED,
            "count": len(states),
        }
    ]
    passed = sum(1 for state in states if state.passed)
    if passed or chosen == PASSED:
        url = known_link(known, "promise_list", status=PASSED)
        label = _("Date passed without proof")
        tabs.append({"label": label, "url": url, "current": chosen == PASSED, "count": passed})
    for name, codes in FILTERS.items():
        count = sum(counts[code] for code in codes)
        if count or name == chosen:
            url = known_link(known, "promise_list", status=name)
            tabs.append({"label": labels[name], "url": url, "current": name == chosen, "count": count})
    return tabs


def slipped(states: Iterable[MilestoneState]) -> list[MilestoneState]:
    """What moved furthest from the first promise, the largest shift first."""
    moved = [state for state in states if state.slip_months]
    return sorted(moved, key=lambda state: (-(state.slip_months or 0), state.code))[:SLIPPED_SHOWN]


def slip_chart(states: Iterable[MilestoneState], known: AsKnown) -> dict[str, Any]:
    """The dumbbell of first and present promise for what moved furthest."""
    return {
        "today": known.day.isoformat(),
        "rows": [
            {
                "name": chart_name(state),
                "first": formats.iso(state.first.latest) if state.first else None,
                "last": formats.iso(state.slip_to),
                "first_label": milestones.end_words(state.first.latest) if state.first else "",
                "last_label": milestones.slip_end(state.slip_to, state.slip_basis) if state.slip_to else "",
                "href": known_link(known, "milestone", state.code),
                "status": statuses.schedule_mark(state.schedule.code),
                "moved": formats.slip(state.slip_months or 0),
            }
            for state in slipped(states)
        ],
        "labels": {"first": _("first promise"), "last": _("last date"), "today": _("today")},
    }


def chart_name(state: MilestoneState) -> str:
    """What is promised of what, short enough for the side of a chart."""
    return f"{state.subject.name}: {state.milestone.name}"


def csv_rows(rows: Iterable[milestones.MilestoneRow]) -> list[list[Any]]:
    """The list of promises as rows of a download; what is not known stays empty."""
    return [
        [
            row.code,
            row.name,
            row.subject_name,
            row.holder_name,
            row.first,
            row.first_latest,
            row.current,
            row.current_latest,
            row.moves,
            row.slip_months,
            row.words,
            row.triple["said"]["label"],
            row.triple["evidenced"]["label"],
            row.newest_said,
            row.conflicts,
            row.invented,
        ]
        for row in rows
    ]


def promise_csv(lines: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """The promises of one milestone as rows of a download."""
    return [
        [
            line["earliest"],
            line["latest"],
            line["period"],
            line["latest_promised"],
            line["as_said"],
            line["said_by"],
            line["source"]["publisher"],
            line["source"]["url"],
            line["shift"],
            line["yardstick"],
            line["invented"],
        ]
        for line in lines
    ]
