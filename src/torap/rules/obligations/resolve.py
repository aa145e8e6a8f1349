"""From one obligation to its dates: which limit applies, when it started, when it ends, and why.

Each step is computed once and remembered, because later steps count from earlier ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from torap.rules.calendar import DAY, WorkCalendar
from torap.rules.errors import BadValue
from torap.rules.obligations.conditions import holds, missing
from torap.rules.obligations.counting import Count, Pause, Rule, count_term, fixed_dates, roll_end
from torap.rules.obligations.model import (
    Edition,
    Event,
    Limit,
    Obligation,
    ParamValue,
    Reason,
    Trigger,
    Unit,
)
from torap.rules.obligations.timeline import Timeline

FIXED_DATES_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The day a clock starts. `projected`: the event has not come; the day follows from an earlier step.

    `base`: the day a backward term is counted from, where it is not the day the clock starts.
    """

    day: dt.date
    at: dt.time | None = None
    base: dt.date | None = None
    event: Event | None = None
    projected: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The limit, trigger and article that apply to this case."""

    limit: Limit
    trigger: Trigger | None
    article: str | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Everything about the days of one obligation, before anybody judges its state."""

    chosen: Chosen
    applies: bool | None
    start: Start | None
    nominal: dt.date | None = None
    due: dt.date | None = None
    said: dt.date | None = None  # nominal day before any extension
    original_due: dt.date | None = None
    due_at: dt.datetime | None = None
    lenient: dt.date | None = None  # last day under the reading that favours the holder
    more: tuple[dt.date, ...] = ()
    paused_days: int = 0
    paused_since: dt.date | None = None
    moved: tuple[tuple[dt.date, dt.date], ...] = ()  # extensions that count: (day of it, last day since)
    reasons: tuple[Reason, ...] = ()

    @property
    def extended_on(self) -> dt.date | None:
        """Day of the last extension that counts."""
        return self.moved[-1][0] if self.moved else None


@dataclass(slots=True, kw_only=True)
class Resolver:
    """Computes the dates of the steps of one case. Not frozen: it only remembers what it has computed."""

    edition: Edition
    timeline: Timeline
    calendar: WorkCalendar
    params: Mapping[str, ParamValue]
    _memo: dict[str, Dates] = field(default_factory=dict)

    def dates(self, step: str) -> Dates:
        """The dates of one step."""
        if step not in self._memo:
            self._memo[step] = self._compute(self.edition.obligation(step))
        return self._memo[step]

    def first_done(self, row: Obligation, *, planned: bool = False) -> Event | None:
        """The event that discharged the step: the first one, or the first since its trigger was last
        repeated.

        A request for more time that an extension has answered leaves the right open again.
        """
        found = self.timeline.named((*row.done_by, *self._executing(row)), planned=planned)
        found = [event for event in found if self._counts_for(row, event)]
        chosen = self._choose(row)
        trigger = chosen.trigger
        if trigger is not None and trigger.event is not None:
            repeated = self.timeline.named([trigger.event], planned=False)
            if len(repeated) > 1:
                found = [event for event in found if event.on >= repeated[-1].on]
        if trigger is not None and trigger.due_of is not None and row.kind == "right" and chosen.limit.before:
            answered = self.dates(trigger.due_of).extended_on
            found = [event for event in found if answered is None or event.on > answered]
        return found[0] if found else None

    def _executing(self, row: Obligation) -> tuple[str, ...]:
        ended = self.edition.executed
        if ended is None or row.step not in ended.steps or holds(ended.when, self.params) is not True:
            return ()
        return (ended.event,)

    def _counts_for(self, row: Obligation, event: Event) -> bool:
        """An event that ends the case is the doing of those steps only whose own trigger had come."""
        if event.name not in self.edition.closing_events:
            return True
        named = [other for other in self.edition.obligations if event.name in other.done_by]
        ready = {other.step for other in named if self._had_come(other, event.on)}
        return not ready or row.step in ready or event.name not in row.done_by

    def _had_come(self, row: Obligation, day: dt.date) -> bool:
        trigger = self._choose(row).trigger
        if trigger is None or trigger.event is None or trigger.due_of is not None:
            return True
        event = self._trigger_event(trigger)
        return event is not None and event.on <= day

    def proof(self, row: Obligation) -> Event | None:
        """The first event that shows that a step was done, though no event names its day: what follows it
        came.
        """
        found = []
        for later in self.edition.obligations:
            trigger = self._choose(later).trigger
            follows = trigger is not None and trigger.after == row.step
            if follows and trigger is not None and trigger.event is not None:
                found += self.timeline.named([trigger.event], planned=False)[:1]
            if follows or row.step in later.implies:
                shown = self.first_done(later) or self.proof(later)
                found += [shown] if shown is not None else []
        return min(found, key=lambda event: event.on, default=None)

    # -- which rule --------------------

    def _choose(self, row: Obligation) -> Chosen:
        for variant in row.variants:
            if holds(variant.when, self.params) is True:
                reasons = (Reason(code="case_chosen", params=dict(variant.when), basis=variant.article),)
                return Chosen(
                    limit=variant.limit,
                    trigger=variant.trigger or row.trigger,
                    article=variant.article or row.article,
                    reasons=reasons + ((Reason(code=variant.code),) if variant.code else ()),
                )
        return Chosen(limit=row.limit, trigger=row.trigger, article=row.article)

    def _compute(self, row: Obligation) -> Dates:
        chosen = self._choose(row)
        start = self._start(row, chosen)
        applies = False if self.before_act(row, start) else holds(row.when, self.params)
        base = Dates(chosen=chosen, applies=applies, start=start, reasons=self._preamble(row, chosen, start))
        if applies is False or not chosen.limit.is_known:
            return base
        if chosen.limit.date_param is not None:
            return self._finish(row, base, self._from_param(row, base, chosen.limit))
        if start is None:
            return base
        if chosen.limit.dates:
            return self._next_fixed(row, base, chosen.limit, start)
        return self._finish(row, base, self._counted(row, base, chosen.limit, start))

    def before_act(self, row: Obligation, start: Start | None) -> bool:
        """The clock would start before its own act came into force: by that text nothing was owed."""
        in_force = self.edition.act(row.act).in_force
        return in_force is not None and start is not None and (start.base or start.day) < in_force

    def _preamble(self, row: Obligation, chosen: Chosen, start: Start | None) -> tuple[Reason, ...]:
        reasons = list(chosen.reasons)
        open_names = missing(row.when, self.params)
        if open_names:
            reasons.append(
                Reason(code="condition_unknown", params={"params": open_names, "when": dict(row.when)})
            )
        if start is not None:
            reasons.extend(start.reasons)
        elif chosen.trigger is not None:
            trigger = chosen.trigger
            name = trigger.event or trigger.param or trigger.due_of
            kind = "event" if trigger.event else "param" if trigger.param else "step"
            reasons.append(Reason(code="trigger_missing", params={"trigger": name, "kind": kind}))
        if chosen.trigger is not None and not chosen.trigger.stated:
            reasons.append(Reason(code="trigger_not_stated", basis=chosen.article))
        return tuple(reasons)

    # -- where it starts --------------------

    def _start(self, row: Obligation, chosen: Chosen) -> Start | None:
        trigger = chosen.trigger
        if trigger is None:
            return None
        event = self._trigger_event(trigger)
        if event is not None:
            start = self._start_of_event(event)
            backwards = chosen.limit.before and trigger.param is not None
            return self._owed_before(row, start) if backwards else start
        if trigger.param is not None:
            return self._start_of_param(row, chosen.limit, trigger.param)
        if trigger.due_of is not None:
            return self._start_of_due(chosen.limit, trigger, trigger.due_of)
        return self._projected(trigger)

    def _trigger_event(self, trigger: Trigger) -> Event | None:
        names = [name for name in (trigger.event, trigger.fallback) if name is not None]
        found = (self.timeline.last(name) for name in names)
        return next((event for event in found if event is not None), None)

    def _start_of_param(self, row: Obligation, limit: Limit, name: str) -> Start | None:
        """From the day given; a term counted back from it runs since its act is in force."""
        value = self.params.get(name)
        if not isinstance(value, dt.date):
            return None
        reason = Reason(code="starts_from_param", params={"param": name}, day=value)
        start = Start(day=value, reasons=(reason,))
        return self._owed_before(row, start) if limit.before else start

    def _owed_before(self, row: Obligation, start: Start) -> Start:
        """What is owed before a day runs since its act is in force; the event of that day starts nothing."""
        act = self.edition.act(row.act)
        since = act.in_force or act.date
        if since is None or since > start.day:
            return start
        return replace(start, day=since, at=None, base=start.day, event=None)

    def _start_of_due(self, limit: Limit, trigger: Trigger, step: str) -> Start | None:
        """From the last day of another step; a term counted back from it, or not known yet, runs as long as
        that step does.
        """
        other = self.dates(step)
        day = other.original_due if trigger.original else other.due
        if day is None:
            return None
        reason = Reason(code="counted_from_due", params={"step": step}, day=day)
        projected = other.start is None or other.start.projected
        if limit.before or not limit.is_known:
            since = other.start.day if other.start is not None else day
            return Start(day=since, base=day, projected=projected, reasons=(reason,))
        given = other.chosen.limit.date_param is not None
        return Start(day=day, projected=projected and not given, reasons=(reason,))

    def _start_of_event(self, event: Event) -> Start:
        reasons = [Reason(code="triggered", params={"event": event.name}, day=event.on)]
        if event.on > self.timeline.known_on:
            reasons.append(Reason(code="event_after_known_on", params={"event": event.name}, day=event.on))
        day = self._intake_day(event)
        if day != event.on:
            intake = self.edition.intake
            basis = intake.article if intake else None
            params = {"from": event.on, "to": day, "hours_stated": intake.hours_stated if intake else True}
            reasons.append(Reason(code="received_outside_working_time", params=params, day=day, basis=basis))
        return Start(day=day, at=event.at, event=event, reasons=tuple(reasons))

    def _intake_day(self, event: Event) -> dt.date:
        intake = self.edition.intake
        if intake is None or event.name not in intake.events:
            return event.on
        if event.at is None and not intake.plain_days:
            return event.on
        day = self.calendar.roll_forward(event.on)
        late = event.at is not None and intake.until is not None and event.at > intake.until
        return self.calendar.next_working_day(day) if late and day == event.on else day

    def _projected(self, trigger: Trigger) -> Start | None:
        if trigger.after is None:
            return None
        earlier_row = self.edition.obligation(trigger.after)
        earlier = self.dates(trigger.after)
        if earlier.applies is False or self.chosen_sibling(earlier_row) is not None:
            return None
        done = self.first_done(earlier_row, planned=True)
        day = done.on if done is not None else earlier.due
        if day is None:
            return None
        code = "assumed_on_day_done" if done is not None else "assumed_on_due_day"
        params = {"event": trigger.event, "step": trigger.after}
        return Start(day=day, projected=True, reasons=(Reason(code=code, params=params, day=day),))

    def chosen_sibling(self, row: Obligation) -> Obligation | None:
        """The alternative of the same group that was done instead of this step, if any."""
        if row.group is None or self.first_done(row) is not None:
            return None
        others = [o for o in self.edition.obligations if o.group == row.group and o is not row]
        for shown in (self.first_done, self.proof):
            for other in others:
                if shown(other) is not None:
                    return other
            if self.proof(row) is not None:
                return None
        return None

    # -- where it ends --------------------

    def _rule(self, row: Obligation, start: Start | None) -> tuple[Rule, dt.date | None, tuple[Reason, ...]]:
        counting = self.edition.counting
        first = self.params.get("start_rule") or row.start or counting.start
        roll = self.params.get("roll_rule") or row.roll or counting.roll
        planned = start is None or start.projected or start.day > self.timeline.known_on
        pauses, still_open, reasons = self._pauses(row, planned=planned)
        return Rule(start=str(first), roll=str(roll), pauses=pauses), still_open, reasons

    def _pauses(
        self, row: Obligation, *, planned: bool
    ) -> tuple[list[Pause], dt.date | None, tuple[Reason, ...]]:
        grounds_in_law = any(other.suspensions for other in self.edition.obligations)
        if grounds_in_law and not row.suspensions:
            return [], None, ()
        pauses, still_open = self.timeline.pauses(planned=planned)
        reasons = tuple(Reason(code="pause", params={"from": a, "to": b}, day=a) for a, b in pauses)
        if still_open is not None and still_open <= self.timeline.known_on:
            pauses = [*pauses, (still_open, self.timeline.known_on)]
            reasons = (*reasons, Reason(code="pause_open", params={"from": still_open}, day=still_open))
        if reasons and not row.suspensions:
            reasons = (*reasons, Reason(code="no_ground_for_pause_in_law"))
        return pauses, still_open, reasons

    def _from_param(self, row: Obligation, base: Dates, limit: Limit) -> tuple[Dates, Count] | None:
        value = self.params.get(limit.date_param or "")
        if not isinstance(value, dt.date):
            return None
        event = base.start.event if base.start is not None else None
        if event is not None and value < event.on:
            raise BadValue(
                f"{limit.date_param}={value.isoformat()} lies before '{event.name}' on "
                f"{event.on.isoformat()}; give a day on or after it.",
                parameter=limit.date_param,
                value=value,
            )
        rule, _open, _reasons = self._rule(row, base.start)
        said = Reason(
            code="date_given", params={"param": limit.date_param}, day=value, basis=base.chosen.article
        )
        count = roll_end(self.calendar, Count(nominal=value, due=value), rule.roll)
        return base, replace(count, reasons=(said, *count.reasons))

    def _counted(
        self, row: Obligation, base: Dates, limit: Limit, start: Start
    ) -> tuple[Dates, Count] | None:
        rule, still_open, pause_reasons = self._rule(row, start)
        if limit.before:
            pause_reasons, still_open = (), None
        if limit.form == "every" and limit.value is not None:
            limit = replace(
                limit, value=limit.value * (len(self.timeline.named(row.done_by, planned=False)) + 1)
            )
        count = count_term(self.calendar, start.base or start.day, limit, rule)
        head = (*self._counting_reasons(row, base.chosen, rule, start), *pause_reasons)
        count = replace(
            count, reasons=(*head, *count.reasons, *self._tail_reasons(base.chosen, limit, start))
        )
        base = replace(base, lenient=self._lenient(limit, count), paused_since=still_open)
        if limit.unit is Unit.HOURS and start.at is not None:
            due_at = dt.datetime.combine(start.day, start.at) + dt.timedelta(hours=limit.value or 0)
            base = replace(base, due_at=due_at)
            count = replace(count, nominal=due_at.date(), due=due_at.date())
        return base, count

    def _counting_reasons(self, row: Obligation, chosen: Chosen, rule: Rule, start: Start) -> list[Reason]:
        counting, limit = self.edition.counting, chosen.limit
        params = {"value": limit.value, "unit": str(limit.unit), "form": limit.form, "before": limit.before}
        reasons = [Reason(code="limit", params=params, basis=chosen.article)]
        if limit.before or not limit.value:
            return reasons
        article = counting.start_article
        first = start.day if rule.start == "include" else start.day + DAY
        code = "trigger_day_counted" if rule.start == "include" else "trigger_day_not_counted"
        reasons.append(Reason(code=code, params={"in_law": article is not None}, day=first, basis=article))
        return reasons

    def _tail_reasons(self, chosen: Chosen, limit: Limit, start: Start) -> list[Reason]:
        reasons = []
        article = self.edition.counting.month_rule_ambiguous
        if limit.unit in (Unit.MONTHS, Unit.YEARS) and article:
            reasons.append(Reason(code="month_rule_ambiguous", basis=article))
        if not limit.unit_stated:
            reasons.append(
                Reason(code="unit_not_stated", params={"unit": str(limit.unit)}, basis=chosen.article)
            )
        if limit.unit is Unit.HOURS and start.at is None:
            reasons.append(Reason(code="time_of_day_not_given", basis=chosen.article))
        return reasons

    def _lenient(self, limit: Limit, count: Count) -> dt.date:
        ambiguous = self.edition.counting.month_rule_ambiguous is not None
        if not ambiguous or limit.unit not in (Unit.MONTHS, Unit.YEARS) or limit.before:
            return count.due
        next_month = count.nominal.replace(day=28) + 4 * DAY
        return max(count.due, self.calendar.roll_back(next_month.replace(day=1) - DAY))

    def _next_fixed(self, row: Obligation, base: Dates, limit: Limit, start: Start) -> Dates:
        rule, _open, _reasons = self._rule(row, start)
        done = len(self.timeline.named(row.done_by, planned=False))
        found = fixed_dates(self.calendar, start.day, limit, rule.roll, done + FIXED_DATES_SHOWN)[done:]
        if not found:
            return base
        said = Reason(
            code="fixed_dates", params={"dates": limit.dates, "done": done}, basis=base.chosen.article
        )
        more = tuple(count.due for count in found)
        first = replace(found[0], reasons=(said, *found[0].reasons))
        return replace(self._finish(row, base, (base, first)), more=more)

    def _finish(self, row: Obligation, base: Dates, counted: tuple[Dates, Count] | None) -> Dates:
        if counted is None:
            return base
        base, count = counted
        roll_note: tuple[Reason, ...] = ()
        if count.due != count.nominal:
            article = self.edition.counting.roll_article
            roll_note = (Reason(code="roll_rule", params={"in_law": article is not None}, basis=article),)
        dates = replace(
            base,
            nominal=count.nominal,
            due=count.due,
            original_due=count.due,
            said=count.nominal,
            lenient=base.lenient or count.due,
            paused_days=count.paused_days,
            reasons=(*base.reasons, *count.reasons, *roll_note),
        )
        return self._extended(row, dates)

    def _extended(self, row: Obligation, dates: Dates) -> Dates:
        """The dates after the extensions the text allows; where it allows none, a note and the same dates."""
        if row.kind != "duty" or dates.chosen.limit.before:
            return dates
        start = dates.start
        planned = start is None or start.projected or start.day > self.timeline.known_on
        in_law = any(other.extendable for other in self.edition.obligations)
        for event in self.timeline.extensions(planned=planned):
            if not self._reaches(row, start, event):
                continue
            if row.extendable:
                dates = self._extended_by(row, dates, event)
            elif not in_law:
                note = Reason(code="extension_no_ground", params={"until": event.until}, day=event.on)
                dates = replace(dates, reasons=(*dates.reasons, note))
        return dates

    def _extended_by(self, row: Obligation, dates: Dates, event: Event) -> Dates:
        """One extension. After the last day it no longer helps: what was missed stays missed."""
        due, last = dates.due, dates.lenient
        if due is None or last is None or dates.nominal is None:
            return dates
        if event.until is None:
            note = Reason(code="extension_without_date", day=event.on)
            return replace(dates, reasons=(*dates.reasons, note))
        if event.on > last:
            params = {"until": event.until, "due": due}
            note = Reason(code="extended_after_due", params=params, day=event.on)
            return replace(dates, reasons=(*dates.reasons, note))
        if event.until < dates.nominal:
            raise BadValue(
                f"extended_to={event.until.isoformat()} lies before the present last day "
                f"{due.isoformat()}; give a later day.",
                parameter="extended_to",
                value=event.until,
            )
        rule, _open, _reasons = self._rule(row, dates.start)
        count = roll_end(self.calendar, Count(nominal=event.until, due=event.until), rule.roll)
        note = Reason(code="extended", params={"from": due, "to": count.due, "on": event.on}, day=event.on)
        return replace(
            dates,
            nominal=count.nominal,
            due=count.due,
            lenient=count.due,
            moved=(*dates.moved, (event.on, count.due)),
            reasons=(*dates.reasons, note, *count.reasons),
        )

    def _reaches(self, row: Obligation, start: Start | None, event: Event) -> bool:
        done = self.first_done(row)
        if done is not None and done.on < event.on:
            return False
        return row.extendable or start is None or start.day <= event.on
