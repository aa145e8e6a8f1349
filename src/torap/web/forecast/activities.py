"""The works of attached schedules as bars below their milestones, by the convention of their program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.delivery.selectors import Attached, schedule_plans, schedules_below
from torap.engines.errors import EngineInputError
from torap.engines.schedule.dates import Row, schedule
from torap.engines.schedule.plan import Plan
from torap.engines.schedule.worktime import moment
from torap.rules.known import AsKnown
from torap.runs.selectors import Gantt
from torap.web import formats
from torap.web.presenters.forecasts import slip_words
from torap.web.presenters.links import known_link
from torap.web.presenters.spans import span_words
from torap.web.work.schedule_words import profile_words

MOST_SCHEDULES = 12
MOST_BARS = 60  # works of one schedule that are drawn; the download has them all
MOST_COMPARED = 5_000  # of a larger plan the dates of two conventions are not compared on a page
TRIALS = "torap"  # the convention of the network's trials
INDENT = "\N{NO-BREAK SPACE}" * 4
CSV_HEADER = ("activity", "name", "start", "finish", "critical", "schedule")


def attached_to(found: Gantt, known: AsKnown) -> list[Attached]:
    """The schedules that hang below the milestones of a plan, the newest of each."""
    codes = {row.key.removeprefix("milestone:") for row in found.rows if row.kind == "milestone"}
    invented = bool(found.run and found.run.invented)
    return schedules_below(codes, known, invented=invented)[:MOST_SCHEDULES]


def works_below(found: Gantt, code: str, known: AsKnown) -> dict[str, dict[str, Any]]:
    """The works of attached schedules by the key of the milestone they hang below. Two queries."""
    rows = attached_to(found, known)
    plans = schedule_plans([one.key for one in rows])
    below = {}
    for one in rows:
        bars = activity_rows(plans[one.key], one)
        if bars:
            below[f"milestone:{one.milestone}"] = {
                "words": _title(one, len(bars)),
                "bars": bars[:MOST_BARS],
                "left": max(len(bars) - MOST_BARS, 0),
                "note": convention_words(plans[one.key], one),
                "csv": known_link(known, "plan", code, schedule=one.key, format="csv"),
            }
    return below


def _title(one: Attached, count: int) -> str:
    words = ngettext(
        "%(count)s work of the attached schedule “%(name)s”",
        "%(count)s works of the attached schedule “%(name)s”",
        count,
    )
    return words % {"count": formats.number(count, 0), "name": one.name or one.file_name}


def chart_rows(below: Mapping[str, Any], milestone: str) -> list[dict[str, Any]]:
    """The works below a milestone as bars of the same drawing."""
    works = below.get(milestone)
    kept = ("key", "start", "finish", "critical")
    return [
        {name: bar[name] for name in kept} | {"name": INDENT + bar["name"], "under": milestone}
        for bar in (works["bars"] if works else ())
    ]


def activity_rows(plan: Plan, one: Attached) -> list[dict[str, Any]]:
    """The works of a plan by their start; none of one that cannot be scheduled."""
    try:
        dates = schedule(plan, profile=one.profile)
    except EngineInputError:
        return []
    names = {row.id: row.name for row in plan.activities}
    found = sorted(dates.rows.values(), key=lambda row: (row.start, row.finish, row.id))
    return [_row(row, names.get(row.id) or row.id, one) for row in found]


def planned_days(rows: Iterable[Attached]) -> dict[str, dt.date]:
    """The day each schedule in force gives for its milestone, by its own convention and key; of a large one,
    whose dates are not computed for a page, and of one that cannot be scheduled none. One query, none without
    a schedule."""
    shown = [one for one in rows if one.current and one.activities <= MOST_COMPARED]
    plans = schedule_plans([one.key for one in shown]) if shown else {}
    return {
        one.key: bar["last_day"]
        for one in shown
        for bar in activity_rows(plans[one.key], one)
        if bar["id"] == one.finish_activity
    }


def convention_words(plan: Plan, one: Attached) -> str:
    """How far the dates of the file's own convention, which are shown, lie from those the trials follow;
    empty where both are one, or the plan is too large to be computed twice for a page."""
    if one.profile == TRIALS or len(plan.activities) > MOST_COMPARED:
        return ""
    try:
        own, ours = (schedule(plan, profile=name).rows for name in (one.profile, TRIALS))
    except EngineInputError:
        return ""
    apart = {name: _last_day(ours[name]) - _last_day(row) for name, row in own.items() if name in ours}
    moved = [abs(gap.days) for gap in apart.values() if gap]
    values = {
        "profile": profile_words(one.profile),
        "count": formats.number(len(moved), 0),
        "total": formats.number(len(apart), 0),
    }
    if not moved:
        return (
            _("Shown by %(profile)s; by the conventions of the trials all works end on the same days.")
            % values
        )
    finish = apart.get(one.finish_activity, dt.timedelta())
    return _(
        "Shown by %(profile)s. The trials follow the conventions of Torap: %(count)s of %(total)s works end "
        "on another day, %(most)s off at most; the one that stands for the milestone: %(own)s."
    ) % {**values, "most": span_words(max(moved)), "own": slip_words(finish.days)}


def _last_day(row: Row) -> dt.date:
    return moment(max(row.finish - 1, row.start)).date()


def _row(row: Row, name: str, one: Attached) -> dict[str, Any]:
    start, finish = moment(row.start).date(), _last_day(row)
    return {
        "key": f"activity:{one.key}/{row.id}",
        "id": row.id,
        "name": name,
        "first_day": start,
        "last_day": finish,
        "critical": row.critical,
        "start": formats.iso(start),
        "finish": formats.iso(finish),
        "shown": f"{formats.day(start)} – {formats.day(finish)}",
    }


def csv_rows(found: Gantt, key: str, known: AsKnown) -> list[list[Any]]:
    """The works of one attached schedule as rows of a download; none of a schedule that is not there."""
    rows = [one for one in attached_to(found, known) if one.key == key]
    plans = schedule_plans([one.key for one in rows])
    return [
        [bar["id"], bar["name"], bar["first_day"], bar["last_day"], bar["critical"], one.key]
        for one in rows
        for bar in activity_rows(plans[one.key], one)
    ]
