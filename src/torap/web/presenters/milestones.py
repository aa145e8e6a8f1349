"""Milestones as rows of a table, as lines of a list, and as the chart of their promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from torap.common.models import in_language
from torap.delivery.models import Promise
from torap.delivery.selectors import Conflict, MilestoneState
from torap.publish.wording import fact_words
from torap.rules.intervals import months_between
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import statuses
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.sources import source_chip
from torap.web.presenters.spans import span_words


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRow:
    """What a table or a list shows of one milestone; texts are in the reader's language."""

    code: str
    name: str
    href: str
    subject_name: str
    subject_href: str
    subject_kind: str
    holder_name: str
    holder_href: str
    mark: str
    words: str
    note: str
    first: str
    first_latest: dt.date | None
    current: str
    current_latest: dt.date | None
    moves: int
    slip_months: int | None
    slip_from: str
    slip_to: str
    passed: bool
    passed_ago: str
    triple: dict[str, dict[str, str]]
    promises: int
    reports: int
    conflicts: int
    newest_said: dt.date | None
    invented: bool


def milestone_row(state: MilestoneState, known: AsKnown) -> MilestoneRow:
    """One milestone as a row."""
    milestone, current, first = state.milestone, state.current, state.first
    holder = state.holder
    return MilestoneRow(
        code=state.code,
        name=milestone.name,
        href=known_link(known, "milestone", state.code),
        subject_name=state.subject.name,
        subject_href=subject_link(known, state.subject.kind, state.subject.code),
        subject_kind=state.subject.kind,
        holder_name=holder.name if holder else "",
        holder_href=known_link(known, "organisation", holder.code) if holder else "",
        mark=statuses.schedule_mark(state.schedule.code),
        words=statuses.schedule_words(state.schedule.code),
        note=statuses.schedule_note(state.schedule.code, state.schedule.days, state.slip_months),
        first=promise_words(first),
        first_latest=first.latest if first else None,
        current=promise_words(current),
        current_latest=current.latest if current else None,
        moves=state.moves,
        slip_months=state.slip_months,
        slip_from=end_words(first.latest) if first else "",
        slip_to=slip_end(state.slip_to, state.slip_basis) if state.slip_to else "",
        passed=state.passed,
        passed_ago=formats.age(current.latest, known.day) if state.passed and current else "",
        triple=statuses.triple(state.said, state.evidenced, state.schedule, state.slip_months),
        promises=len(state.promises),
        reports=len(state.reports),
        conflicts=len(state.conflicts),
        newest_said=state.newest_said,
        invented=milestone.invented,
    )


def milestone_rows(states: Iterable[MilestoneState], known: AsKnown) -> list[MilestoneRow]:
    """Milestones as rows, what asks for most attention first."""
    rows = [milestone_row(state, known) for state in states]
    return sorted(rows, key=lambda row: (statuses.mark_rank(row.mark), -(row.slip_months or 0), row.name))


def promise_words(promise: Any) -> str:
    """The promised day or period, no more exact than it was said; empty without a promise."""
    if promise is None:
        return ""
    return (
        open_period(promise.latest)
        if promise.earliest is None
        else formats.period(promise.earliest, promise.latest)
    )


def open_period(latest: dt.date) -> str:
    """The words of "by ...": `by 2030` was never meant as a day, so the year or the month is named."""
    following = latest + dt.timedelta(days=1)
    if following.day != 1:
        return formats.period(None, latest)
    if following.month == 1:
        return _("by the end of %(year)s") % {"year": latest.year}
    return _("by the end of %(month)s") % {"month": formats.month(latest)}


def end_words(day: dt.date) -> str:
    """The end of a period: a month's end is named by its month, any other day as it is."""
    following = day + dt.timedelta(days=1)
    return formats.month(day) if following.day == 1 else formats.day(day)


def slip_end(day: dt.date, basis: str) -> str:
    """Where a slip ends and what that rests on: a promise, a word that it is done, or evidence."""
    words = {"said_done": _("said to be done"), "evidence": _("shown by evidence")}.get(basis, "")
    return f"{end_words(day)} ({words})" if words else end_words(day)


def promise_lines(state: MilestoneState, known: AsKnown, *, apart: bool = False) -> list[dict[str, Any]]:
    """The promises of one milestone in the order they were said, each with its shift against the first.

    With `apart` the invented promises of a real milestone, which are held against nothing.
    """
    lines = []
    promises = [row for row in state.apart if isinstance(row, Promise)] if apart else state.promises
    for promise in promises:
        shift = None
        if state.first is not None and promise.yardstick and promise.pk != state.first.pk and not apart:
            shift = months_between(state.first.latest, promise.latest)
        lines.append(
            {
                "id": f"promise-{promise.pk}",
                "earliest": promise.said_from,
                "latest": promise.said_to,
                "period": promise_words(promise),
                "as_said": fact_words(promise.as_said),
                "said": promise.as_said,
                "said_by": fact_words(promise.said_by),
                "said_note": promise.said_note,
                "is_first": state.first is not None and promise.pk == state.first.pk,
                "is_current": state.current is not None and promise.pk == state.current.pk,
                "yardstick": promise.yardstick,
                "shift": shift,
                "reason": in_language(promise.reason_en, promise.reason_ru, promise.reason_kk),
                "note": promise.note,
                "source": source_chip(known, promise.source, promise),
                "invented": promise.invented,
                "latest_promised": promise.latest,
            }
        )
    return lines


def report_lines(state: MilestoneState, known: AsKnown) -> list[dict[str, Any]]:
    """What was said of the progress, newest first."""
    return [
        {
            "id": f"report-{report.pk}",
            "earliest": report.said_from,
            "latest": report.said_to,
            "title": statuses.said_words(report.state),
            "status": statuses.SAID.get(report.state, statuses.SAID["no_word"])[0],
            "percent": report.percent,
            "done": formats.period(report.done_from, report.done_to) if report.done_to else "",
            "text": report.text,
            "said_by": fact_words(report.said_by),
            "source": source_chip(known, report.source, report),
            "invented": report.invented,
        }
        for report in reversed(state.reports)
    ]


def corrected_lines(state: MilestoneState, known: AsKnown) -> list[dict[str, Any]]:
    """What was put right since, in the order it was said: it counts for nothing, and stays to be seen."""
    return [
        {
            "id": f"corrected-{'promise' if hasattr(row, 'as_said') else 'report'}-{row.pk}",
            "earliest": row.said_from,
            "latest": row.said_to,
            **_member(row, known),
        }
        for row in state.corrected
    ]


def evidence_lines(state: Any, known: AsKnown) -> list[dict[str, Any]]:
    """Evidence offered, each piece with the verdicts of other bodies and where its file serves again."""
    lines = []
    for item in state.evidence:
        row = item.evidence
        lines.append(
            {
                "id": f"evidence-{row.pk}",
                "pk": row.pk,
                "title": row.title,
                "type": row.get_type_display(),
                "shows_on": row.shows_on,
                "url": row.url,
                "file_name": row.file_name,
                "sha256": row.sha256,
                "given_by": row.given_by.name if row.given_by else "",
                "mark": _VERDICT_MARKS[item.verdict],
                "words": statuses.verdict_words(item.verdict),
                "verifications": [
                    {
                        "organisation": check.organisation.name,
                        "verdict": check.get_verdict_display(),
                        "note": check.note,
                        "at": check.recorded_at,
                    }
                    for check in item.verifications
                ],
                "same_file": [
                    {
                        "title": twin.title,
                        "href": f"{known_link(known, twin.kind, twin.code)}#evidence-{twin.id}",
                    }
                    for twin in item.same_file
                ],
                "invented": row.invented,
            }
        )
    return lines


_VERDICT_MARKS = {"accepted": "done_verified", "rejected": "late", "offered": "no_evidence"}


def conflict_lines(conflicts: Sequence[Conflict], known: AsKnown) -> list[dict[str, Any]]:
    """Sayings of one milestone that cannot all be true: who said what, and how far apart."""
    return [
        {
            "words": statuses.contradiction_words(conflict.kind),
            "apart": _("%(time)s apart") % {"time": span_words(conflict.days)},
            "members": [_member(member, known) for member in conflict.members],
        }
        for conflict in conflicts
    ]


def _member(member: Any, known: AsKnown) -> dict[str, Any]:
    chip = source_chip(known, member.source, member)
    if hasattr(member, "as_said"):
        text = _("promised: %(period)s") % {"period": promise_words(member)}
    elif member.done_to:
        text = _("said to be done: %(period)s") % {"period": formats.period(member.done_from, member.done_to)}
    else:
        text = statuses.said_words(member.state)
    return {"text": text, "said_by": fact_words(member.said_by), "source": chip}


def trend_chart(state: MilestoneState, known: AsKnown) -> dict[str, Any]:
    """The milestone trend chart: said on across, promised date up; marks open the sources of the promises."""
    return {"today": known.day.isoformat(), "labels": trend_labels(), **_trend(state, known)}


def trend_charts(states: Sequence[MilestoneState], known: AsKnown) -> dict[str, Any]:
    """Several milestones in one chart, to choose from."""
    if len(states) == 1:
        return trend_chart(states[0], known)
    charts = [_trend(state, known) for state in states]
    return {"today": known.day.isoformat(), "labels": trend_labels(), "milestones": charts}


def _trend(state: MilestoneState, known: AsKnown) -> dict[str, Any]:
    marks = [
        {
            "said": promise.said_to.isoformat(),
            "earliest": formats.iso(promise.earliest),
            "latest": promise.latest.isoformat(),
            "label": promise_words(promise),
            "by": fact_words(promise.said_by or promise.source.publisher),
            "href": known_link(known, "source", promise.source.code),
            "kind": "promise",
            "moved": _moved(state, promise.latest),
        }
        for promise in state.promises
        if promise.yardstick
    ]
    marks += [
        {
            "said": report.said_to.isoformat(),
            "earliest": formats.iso(report.done_from),
            "latest": (report.done_to or report.said_to).isoformat(),
            "label": statuses.said_words(report.state),
            "by": fact_words(report.said_by or report.source.publisher),
            "href": known_link(known, "source", report.source.code),
            "kind": "done",
        }
        for report in state.reports
        if report.state == "done"
    ]
    return {
        "name": state.milestone.name,
        "promises": marks,
        "first": formats.iso(state.first.latest) if state.first else None,
    }


def trend_labels() -> dict[str, str]:
    """The words of the chart in the reader's language."""
    return {
        "said": _("said on"),
        "promised": _("promised date"),
        "today": _("today"),
        "first": _("first promise"),
        "done": _("said to be done"),
        "promise": _("promise"),
        "report": _("report"),
    }


def _moved(state: MilestoneState, latest: dt.date) -> str:
    """How far a promise lies from the first one; empty where it is the same month."""
    months = months_between(state.first.latest, latest) if state.first else 0
    return formats.slip(months) if months else ""


def trend_words(state: MilestoneState) -> str:
    """The chart in one sentence, for those who do not see it."""
    if not state.promises or state.first is None or state.current is None:
        return _("No dated promise is known.")
    return _("%(count)s promises, from %(first)s to %(last)s; moved %(moves)s times.") % {
        "count": len(state.promises),
        "first": promise_words(state.first),
        "last": promise_words(state.current),
        "moves": state.moves,
    }
