"""The state of one obligation: done, void, open or overdue, and the reasons for it.

Dates are computed elsewhere. Here it is only asked what happened, in this order: does the step apply, was it
done, was its alternative done, is it proved done by what followed, did the case end, and what day is it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from torap.rules.obligations.conditions import missing
from torap.rules.obligations.model import Event, Obligation, Reason, State
from torap.rules.obligations.resolve import Dates, Resolver


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said of one obligation. `as_of`: the day it is judged by; `proved`: done, day not known."""

    state: State
    as_of: dt.date
    done_on: dt.date | None = None
    ended_on: dt.date | None = None
    proved: bool = False
    reasons: tuple[Reason, ...] = ()


def is_planned(dates: Dates, known_on: dt.date) -> bool:
    """The clock has not started by `known_on`: its first day is assumed, or lies ahead."""
    start = dates.start
    return start is not None and (start.projected or start.day > known_on)


def doubts(resolver: Resolver, row: Obligation, dates: Dates) -> tuple[Reason, ...]:
    """Why a missed day would not be a breach by itself; empty when it would."""
    found = []
    limit, due, start = dates.chosen.limit, dates.due, dates.start
    if row.confidence != "high":
        found.append(Reason(code="confidence_below_high", params={"confidence": row.confidence}))
    read = resolver.edition.read_as_of
    if read is not None and start is not None and start.day < read:
        found.append(Reason(code="edition_not_read", params={"read_as_of": read}))
    if due is not None and not resolver.calendar.is_official(due.year):
        found.append(Reason(code="calendar_not_official", params={"year": due.year}))
    trigger = dates.chosen.trigger
    if trigger is not None and not trigger.stated and not limit.dates:  # a fixed date needs no first day
        found.append(Reason(code="breach_needs_trigger_in_law"))
    if missing(row.when, resolver.params):
        found.append(Reason(code="breach_needs_condition"))
    if row.kind != "duty" or limit.form == "not_less_than":
        found.append(Reason(code="not_a_deadline"))
    return tuple(found)


def judge(resolver: Resolver, row: Obligation, dates: Dates, *, binding: bool) -> Verdict:
    """The state of one obligation as of the day one asks."""
    if resolver.before_act(row, dates.start):
        reason = Reason(code="act_not_in_force", day=resolver.edition.act(row.act).in_force)
        return _void(resolver, dates, reason)
    if dates.applies is False:
        return _void(resolver, dates, Reason(code="not_applicable", params=dict(row.when)))
    recurring = bool(dates.chosen.limit.dates) or dates.chosen.limit.form == "every"
    done = None if recurring else resolver.first_done(row)
    if done is not None:
        return _done(resolver, dates, done, binding)
    sibling = resolver.chosen_sibling(row)
    if sibling is not None:
        chosen = resolver.first_done(sibling) or resolver.proof(sibling)
        reason = Reason(code="alternative_done", params={"step": sibling.step})
        return _void(resolver, dates, reason, ended=chosen)
    proof = None if recurring else resolver.proof(row)
    if proof is not None:
        return _proved(resolver, proof)
    replaced = _void_predecessor(resolver, dates)
    if replaced is not None:
        return _void(resolver, dates, Reason(code="earlier_step_void", params={"step": replaced}))
    ended = _ending(resolver, dates) or _main_done(resolver, dates)
    if ended is not None:
        return _ended(resolver, row, dates, ended, binding)
    return _open(resolver, row, dates, binding)


def _void(resolver: Resolver, dates: Dates, *reasons: Reason, ended: Event | None = None) -> Verdict:
    known_on = resolver.timeline.known_on
    since = dates.start.day if dates.start is not None else known_on
    closing = ended or _closing(resolver)
    return Verdict(
        state=State.VOID, as_of=known_on, ended_on=closing.on if closing else since, reasons=reasons
    )


def _done(resolver: Resolver, dates: Dates, done: Event, binding: bool) -> Verdict:
    note = Reason(code="done", params={"event": done.name}, day=done.on)
    state = State.DONE
    reasons: tuple[Reason, ...] = (note,)
    trigger = dates.start.event if dates.start is not None else None
    early = trigger is not None and done.on < trigger.on
    if early and trigger is not None:
        params = {"event": done.name, "trigger": trigger.name, "kind": "event"}
        reasons = (note, Reason(code="before_trigger", params=params, day=done.on))
    open_term = dates.lenient is None or dates.chosen.limit.form == "not_less_than"
    planned = is_planned(dates, resolver.timeline.known_on)
    if not early and not open_term and not planned and dates.lenient is not None:
        late = State.DONE_LATE if binding else State.DONE
        state = State.DONE_IN_TIME if done.on <= dates.lenient else late
    return Verdict(state=state, as_of=done.on, done_on=done.on, ended_on=done.on, reasons=reasons)


def _proved(resolver: Resolver, proof: Event) -> Verdict:
    note = Reason(code="day_not_known", params={"event": proof.name}, day=proof.on)
    known_on = resolver.timeline.known_on
    return Verdict(state=State.DONE, as_of=known_on, ended_on=proof.on, proved=True, reasons=(note,))


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


def _ending(resolver: Resolver, dates: Dates) -> Event | None:
    """The event that ended the case for this step: not for one that began with the end itself or after it."""
    closing = _closing(resolver)
    trigger = dates.start.event if dates.start is not None else None
    if closing is None or trigger is None:
        return closing
    begins_anew = trigger.name in resolver.edition.closing_events or trigger.on > closing.on
    return None if begins_anew else closing


def _main_done(resolver: Resolver, dates: Dates) -> Event | None:
    """The doing of the step whose last day this one counts back from: nothing is owed before it any more."""
    trigger = dates.chosen.trigger
    if trigger is None or trigger.due_of is None or not dates.chosen.limit.before:
        return None
    return resolver.first_done(resolver.edition.obligation(trigger.due_of))


def _ended(resolver: Resolver, row: Obligation, dates: Dates, ended: Event, binding: bool) -> Verdict:
    """Void from the end on; what was missed by then stays missed, unless the end stands for the doing."""
    note = Reason(code="case_closed", params={"event": ended.name}, day=ended.on)
    planned = is_planned(dates, ended.on) or dates.start is None
    missed = dates.lenient is not None and ended.on > dates.lenient and not planned
    if not (missed and binding and row.kind == "duty"):
        return _void(resolver, dates, note, ended=ended)
    trace = Reason(code="closed_after_due", params={"event": ended.name, "due": dates.due}, day=ended.on)
    executed = resolver.edition.executed
    if executed is not None and executed.event == ended.name:
        return _void(resolver, dates, note, trace, ended=ended)
    return Verdict(state=State.OVERDUE, as_of=ended.on, ended_on=ended.on, reasons=(trace,))


def _open(resolver: Resolver, row: Obligation, dates: Dates, binding: bool) -> Verdict:
    known_on = resolver.timeline.known_on
    state, reasons = _open_state(row, dates, known_on, binding)
    if state is State.VOID:
        return _void(resolver, dates, *reasons)
    return Verdict(state=state, as_of=known_on, reasons=reasons)


def first_day_late(last: dt.date | None) -> dt.date | None:
    """The first day on which it is late: the one after the last day, on which it may still be done."""
    return last + dt.timedelta(days=1) if last is not None else None


def _open_state(
    row: Obligation, dates: Dates, known_on: dt.date, binding: bool
) -> tuple[State, tuple[Reason, ...]]:
    if dates.start is None or is_planned(dates, known_on):
        return State.NOT_YET_TRIGGERED, ()
    stopped = dates.paused_since
    if stopped is not None and stopped <= known_on and (dates.due is None or stopped <= dates.due):
        return State.PAUSED, ()
    late = dates.lenient is not None and known_on > dates.lenient
    if late and row.kind == "right":
        return State.VOID, (Reason(code="right_lapsed", day=dates.due),)
    if late and binding:
        return State.OVERDUE, (Reason(code="overdue", day=first_day_late(dates.lenient)),)
    if late and dates.chosen.limit.form != "not_less_than":
        return State.RUNNING, (Reason(code="past_due_not_binding", day=dates.due),)
    return (State.RUNNING if dates.extended_on is None else State.EXTENDED), ()
