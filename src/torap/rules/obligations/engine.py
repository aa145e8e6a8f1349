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
from torap.rules.errors import NoEdition
from torap.rules.money import Rates
from torap.rules.obligations import holders
from torap.rules.obligations.conditions import missing
from torap.rules.obligations.inputs import canonical_events, typed_params
from torap.rules.obligations.model import (
    DONE_STATES,
    Clock,
    Edition,
    Evaluation,
    Event,
    Obligation,
    Procedure,
    Reason,
    State,
)
from torap.rules.obligations.resolve import Dates, Resolver
from torap.rules.obligations.timeline import Timeline, with_extension_dates

SOFT_STATES = frozenset({State.RUNNING, State.EXTENDED, State.PAUSED, State.DONE})


def edition_for(procedure: Procedure, day: dt.date) -> Edition:
    """The edition in force on `day`. `NoEdition` names the days that are covered."""
    for edition in procedure.editions:
        starts = edition.valid_from is None or edition.valid_from <= day
        if starts and (edition.valid_to is None or day <= edition.valid_to):
            return edition
    covered = "; ".join(f"{e.id}: {e.valid_from or '…'} to {e.valid_to or '…'}" for e in procedure.editions)
    raise NoEdition(
        f"{procedure.id} has no edition in force on {day.isoformat()}; editions: {covered}. "
        f"Choose a day within one of them.",
        procedure=procedure.id,
        day=day.isoformat(),
    )


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
    `UnknownParameter`, `BadValue`.
    """
    typed = typed_params(edition, params or {})
    named = canonical_events(edition, events)
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
        notes=_notes(timeline, clocks, calendar),
        spans=holders.spans(clocks, timeline, ("withdrawn", *edition.closing_events)),
        params=resolver.params,
    )


def _notes(timeline: Timeline, clocks: tuple[Clock, ...], calendar: WorkCalendar) -> tuple[Reason, ...]:
    late = [event for event in timeline.events if event.on > timeline.known_on]
    notes = [Reason(code="event_after_known_on", params={"event": e.name}, day=e.on) for e in late]
    years = {day.year for clock in clocks for day in (clock.due, clock.started_on) if day is not None}
    unofficial = sorted(year for year in years if not calendar.is_official(year))
    notes += [Reason(code="calendar_not_official", params={"year": year}) for year in unofficial]
    return tuple(notes)


def _clock(resolver: Resolver, row: Obligation) -> Clock:
    dates = resolver.dates(row.step)
    known_on, calendar = resolver.timeline.known_on, resolver.calendar
    recurring = bool(dates.chosen.limit.dates) or dates.chosen.limit.form == "every"
    done = None if recurring else resolver.first_done(row)
    doubts = _doubts(resolver, row, dates)
    binding = not doubts and dates.due is not None
    state, extra = _state(resolver, row, dates, done, binding)
    past = dates.lenient is not None and (done.on if done else known_on) > dates.lenient
    earliest = dates.chosen.limit.form == "not_less_than"
    soft_past = past and not binding and not earliest and row.kind == "duty" and state in SOFT_STATES
    start = dates.start
    is_open = state not in DONE_STATES and state is not State.VOID
    left = (dates.due - known_on).days if dates.due is not None and is_open else None
    work_left = (
        calendar.working_days_between(known_on, dates.due) if dates.due is not None and is_open else None
    )
    void = state is State.VOID
    return Clock(
        obligation=row,
        limit=dates.chosen.limit,
        article=dates.chosen.article,
        state=state,
        started_on=start.day if start else None,
        nominal=dates.nominal,
        due=None if dates.applies is False else dates.due,
        original_due=dates.original_due,
        due_at=dates.due_at,
        dates=dates.more,
        done_on=done.on if done else None,
        ended_on=_ended_on(resolver, row, dates, done, void),
        days_left=left,
        working_days_left=work_left,
        days_paused=dates.paused_days,
        projected=_is_planned(dates, known_on),
        binding=binding,
        past_due_not_binding=soft_past,
        reasons=(
            _edition_note(resolver, row, dates.chosen.article),
            *dates.reasons,
            *_limit_notes(row, dates),
            *doubts,
            *extra,
        ),
    )


def _edition_note(resolver: Resolver, row: Obligation, article: str | None) -> Reason:
    act = resolver.edition.act(row.act)
    params = {"edition": resolver.edition.id, "act": act.title, "number": act.number, "source": act.source}
    return Reason(code="edition", params=params, basis=article)


def _is_planned(dates: Dates, known_on: dt.date) -> bool:
    start = dates.start
    return start is not None and (start.projected or start.day > known_on)


def _limit_notes(row: Obligation, dates: Dates) -> list[Reason]:
    reasons = []
    limit = dates.chosen.limit
    if dates.applies is not False and not limit.is_known:
        open_cases = sorted({name for variant in row.variants for name in variant.when})
        code = "limit_depends_on" if row.variants and not dates.chosen.reasons else "limit_not_known"
        reasons.append(Reason(code=code, params={"params": open_cases}, basis=dates.chosen.article))
    if limit.form == "not_less_than" and dates.due is not None:
        reasons.append(Reason(code="not_before", day=dates.due, basis=dates.chosen.article))
    reasons += [Reason(code=f"note_{note}") for note in row.notes]
    if row.silence:
        reasons.append(Reason(code=f"silence_{row.silence}", basis=dates.chosen.article))
    return reasons


def _doubts(resolver: Resolver, row: Obligation, dates: Dates) -> tuple[Reason, ...]:
    """Why a missed day would not be a breach by itself; empty when it would."""
    doubts = []
    limit, due, start = dates.chosen.limit, dates.due, dates.start
    if row.confidence != "high":
        doubts.append(Reason(code="confidence_below_high", params={"confidence": row.confidence}))
    read = resolver.edition.read_as_of
    if read is not None and start is not None and start.day < read:
        doubts.append(Reason(code="edition_not_read", params={"read_as_of": read}))
    if due is not None and not resolver.calendar.is_official(due.year):
        doubts.append(Reason(code="calendar_not_official", params={"year": due.year}))
    trigger = dates.chosen.trigger
    if trigger is not None and not trigger.stated:
        doubts.append(Reason(code="breach_needs_trigger_in_law"))
    if missing(row.when, resolver.params):
        doubts.append(Reason(code="breach_needs_condition"))
    if row.kind != "duty" or limit.form == "not_less_than":
        doubts.append(Reason(code="not_a_deadline"))
    return tuple(doubts)


def _state(
    resolver: Resolver, row: Obligation, dates: Dates, done: Event | None, binding: bool
) -> tuple[State, tuple[Reason, ...]]:
    if dates.applies is False:
        return State.VOID, (Reason(code="not_applicable", params=dict(row.when)),)
    if done is not None:
        return _done_state(dates, done, binding, resolver.timeline.known_on)
    sibling = resolver.chosen_sibling(row)
    if sibling is not None:
        return State.VOID, (Reason(code="alternative_done", params={"step": sibling.step}),)
    replaced = _void_predecessor(resolver, dates)
    if replaced is not None:
        return State.VOID, (Reason(code="earlier_step_void", params={"step": replaced}),)
    closed = _closing(resolver)
    if closed is not None:
        return State.VOID, (Reason(code="case_closed", params={"event": closed.name}, day=closed.on),)
    return _open_state(resolver, row, dates, binding)


def _done_state(
    dates: Dates, done: Event, binding: bool, known_on: dt.date
) -> tuple[State, tuple[Reason, ...]]:
    note = (Reason(code="done", params={"event": done.name}, day=done.on),)
    if dates.lenient is None or _is_planned(dates, known_on) or dates.chosen.limit.form == "not_less_than":
        return State.DONE, note
    if done.on <= dates.lenient:
        return State.DONE_IN_TIME, note
    return (State.DONE_LATE if binding else State.DONE), note


def _open_state(
    resolver: Resolver, row: Obligation, dates: Dates, binding: bool
) -> tuple[State, tuple[Reason, ...]]:
    known_on = resolver.timeline.known_on
    if dates.start is None or _is_planned(dates, known_on):
        return State.NOT_YET_TRIGGERED, ()
    stopped = dates.paused_since
    if stopped is not None and stopped <= known_on and (dates.due is None or stopped <= dates.due):
        return State.PAUSED, ()
    late = dates.lenient is not None and known_on > dates.lenient
    if late and row.kind == "right":
        return State.VOID, (Reason(code="right_lapsed", day=dates.due),)
    if late and binding:
        return State.OVERDUE, (Reason(code="overdue", day=dates.due),)
    if late and dates.chosen.limit.form != "not_less_than":
        return State.RUNNING, (Reason(code="past_due_not_binding", day=dates.due),)
    return (State.EXTENDED if dates.extended else State.RUNNING), ()


def _void_predecessor(resolver: Resolver, dates: Dates) -> str | None:
    trigger = dates.chosen.trigger
    if dates.start is not None or trigger is None or trigger.after is None:
        return None
    row = resolver.edition.obligation(trigger.after)
    earlier = resolver.dates(row.step)
    if earlier.applies is False or resolver.chosen_sibling(row) is not None:
        return row.step
    if resolver.first_done(row, planned=True) is not None:
        return None
    return row.step if _void_predecessor(resolver, earlier) is not None else None


def _closing(resolver: Resolver) -> Event | None:
    return resolver.timeline.first(("withdrawn", *resolver.edition.closing_events))


def _ended_on(
    resolver: Resolver, row: Obligation, dates: Dates, done: Event | None, void: bool
) -> dt.date | None:
    if done is not None:
        return done.on
    if not void:
        return None
    sibling = resolver.chosen_sibling(row)
    ends = [resolver.first_done(sibling)] if sibling is not None else [_closing(resolver)]
    days = [event.on for event in ends if event is not None]
    if days:
        return days[0]
    return dates.start.day if dates.start is not None else resolver.timeline.known_on
