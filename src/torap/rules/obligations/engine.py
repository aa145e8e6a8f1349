"""The law engine: an edition, the events of a case, a calendar and a day give every clock, its state and its
reasons.

It is a pure function. Whoever changes a law table or a calendar asks again and compares; nothing is migrated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from torap.rules.calendar import WorkCalendar
from torap.rules.decisions import DecisionContext, decide
from torap.rules.money import Rates
from torap.rules.obligations import holders
from torap.rules.obligations.inputs import canonical_events, typed_params
from torap.rules.obligations.model import (
    DONE_STATES,
    Clock,
    Edition,
    Evaluation,
    Event,
    Obligation,
    ParamValue,
    Reason,
    State,
)
from torap.rules.obligations.resolve import Dates, Resolver
from torap.rules.obligations.states import Verdict, doubts, is_planned, judge
from torap.rules.obligations.timeline import Timeline, with_extension_dates

SOFT_STATES = frozenset({State.RUNNING, State.EXTENDED, State.PAUSED, State.DONE})


def evaluate(
    edition: Edition,
    events: Iterable[Event],
    calendar: WorkCalendar,
    *,
    known_on: dt.date,
    params: Mapping[str, Any] | None = None,
    rates: Rates | None = None,
) -> Evaluation:
    """Every obligation of `edition` with its state, due day and explanation, as of `known_on`.

    Events after `known_on` start planned clocks and change nothing that had happened. Raises `UnknownEvent`,
    `UnknownParameter`, `BadValue`, `OutOfRange`.
    """
    typed = typed_params(edition, params or {})
    named = canonical_events(edition, events)
    _check_days(calendar, typed, named)
    fallback = named[0].on if named else known_on
    named = with_extension_dates(named, typed.get("extended_to"), fallback=fallback)
    timeline = Timeline(events=named, known_on=known_on)
    first = Resolver(edition=edition, timeline=timeline, calendar=calendar, params=typed)
    context = DecisionContext(
        edition=edition, timeline=timeline, calendar=calendar, params=typed, rates=rates, resolver=first
    )
    derived, findings = decide(context)
    resolver = Resolver(edition=edition, timeline=timeline, calendar=calendar, params={**typed, **derived})
    clocks = tuple(_clock(resolver, row) for row in edition.obligations)
    return Evaluation(
        procedure=edition.procedure,
        edition=edition,
        known_on=known_on,
        clocks=clocks,
        findings=findings,
        notes=_notes(edition, timeline, clocks, calendar),
        spans=holders.spans(clocks, timeline, _ends_of_age(edition)),
        params=resolver.params,
    )


def _check_days(calendar: WorkCalendar, params: Mapping[str, ParamValue], events: Iterable[Event]) -> None:
    """`OutOfRange` for a day the calendar does not reach."""
    for value in (*params.values(), *(event.on for event in events)):
        for day in value if isinstance(value, tuple) else (value,):
            if isinstance(day, dt.date):
                calendar.mark(day)


def _ends_of_age(edition: Edition) -> tuple[str, ...]:
    """Events after which a case is no longer counted; after a decision it goes on, held by nobody."""
    decisions = {name for row in edition.obligations for name in row.done_by}
    return ("withdrawn", *(name for name in edition.closing_events if name not in decisions))


def _notes(
    edition: Edition, timeline: Timeline, clocks: tuple[Clock, ...], calendar: WorkCalendar
) -> tuple[Reason, ...]:
    late = [event for event in timeline.events if event.on > timeline.known_on]
    notes = [Reason(code="event_after_known_on", params={"event": e.name}, day=e.on) for e in late]
    years = {day.year for clock in clocks for day in (clock.due, clock.started_on) if day is not None}
    unofficial = sorted(year for year in years if not calendar.is_official(year))
    notes += [Reason(code="calendar_not_official", params={"year": year}) for year in unofficial]
    if not any(row.extendable for row in edition.obligations):
        notes += [
            Reason(code="extension_no_ground", params={"until": event.until}, day=event.on)
            for event in timeline.extensions(planned=False)
        ]
    return tuple(notes)


def _clock(resolver: Resolver, row: Obligation) -> Clock:
    dates = resolver.dates(row.step)
    known_on, calendar = resolver.timeline.known_on, resolver.calendar
    open_points = doubts(resolver, row, dates)
    binding = not open_points and dates.due is not None
    verdict = judge(resolver, row, dates, binding=binding)
    void = verdict.state is State.VOID
    planned = is_planned(dates, known_on)
    unreal = dates.applies is False or (void and planned)  # a day of something that will not happen
    due = None if unreal else dates.due
    is_open = verdict.state not in DONE_STATES and not void
    return Clock(
        obligation=row,
        limit=dates.chosen.limit,
        article=dates.chosen.article,
        state=verdict.state,
        started_on=dates.start.day if dates.start else None,
        nominal=None if unreal else dates.nominal,
        due=due,
        original_due=None if unreal else dates.original_due,
        due_at=None if unreal else dates.due_at,
        dates=dates.more,
        done_on=verdict.done_on,
        ended_on=verdict.ended_on,
        days_left=(due - verdict.as_of).days if due is not None and is_open else None,
        working_days_left=calendar.working_days_between(verdict.as_of, due)
        if due is not None and is_open
        else None,
        days_paused=dates.paused_days,
        projected=planned and not void,
        binding=binding and not verdict.proved,
        past_due_not_binding=_is_softly_past(row, dates, verdict, binding),
        reasons=(
            _edition_note(resolver, row, dates.chosen.article),
            *dates.reasons,
            *_limit_notes(resolver, row, dates),
            *open_points,
            *verdict.reasons,
        ),
    )


def _is_softly_past(row: Obligation, dates: Dates, verdict: Verdict, binding: bool) -> bool:
    """The day has passed, and that alone is no breach."""
    if binding or verdict.proved or row.kind != "duty" or verdict.state not in SOFT_STATES:
        return False
    past = dates.lenient is not None and verdict.as_of > dates.lenient
    return past and dates.chosen.limit.form != "not_less_than"


def _edition_note(resolver: Resolver, row: Obligation, article: str | None) -> Reason:
    act = resolver.edition.act(row.act)
    params = {"edition": resolver.edition.id, "act": act.title, "number": act.number, "source": act.source}
    return Reason(code="edition", params=params, basis=article)


def _limit_notes(resolver: Resolver, row: Obligation, dates: Dates) -> list[Reason]:
    reasons = []
    limit = dates.chosen.limit
    if dates.applies is not False and not limit.is_known:
        depends = bool(row.variants) and not dates.chosen.reasons
        code = "limit_depends_on" if depends else "limit_not_known"
        params = {"params": _open_names(resolver, row)}
        reasons.append(Reason(code=code, params=params, basis=dates.chosen.article))
    if limit.form == "not_less_than" and dates.due is not None:
        reasons.append(Reason(code="not_before", day=dates.due, basis=dates.chosen.article))
    reasons += [Reason(code=f"note_{note}") for note in row.notes]
    if row.silence:
        reasons.append(Reason(code=f"silence_{row.silence}", basis=dates.chosen.article))
    return reasons


def _open_names(resolver: Resolver, row: Obligation) -> list[str]:
    """Parameters not given of which one alone would choose the limit; else all that would help."""
    alone = [name for variant in row.variants if len(variant.when) == 1 for name in variant.when]
    wanted = [name for name in alone if resolver.params.get(name) is None]
    wanted = wanted or [n for v in row.variants for n in v.when if resolver.params.get(n) is None]
    gives: dict[str, list[str]] = {}
    for spec in resolver.edition.decisions:
        gives |= spec.get("gives", {})
    typed = [own for name in wanted for own in gives.get(name, [name])]
    return list(dict.fromkeys(name for name in typed if resolver.params.get(name) is None))
