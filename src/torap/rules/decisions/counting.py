"""Decisions that are about days and years alone: count days, choose a regime, read a target of a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from torap.rules.calendar import add_months
from torap.rules.decisions.context import Decided, DecisionContext, Spec, needs
from torap.rules.errors import BadValue
from torap.rules.obligations.counting import Rule, count_term
from torap.rules.obligations.model import Finding, Limit, ParamValue, Reason, Unit

TERMS = {
    "working_days": Unit.WORKING_DAYS,
    "calendar_days": Unit.CALENDAR_DAYS,
    "months": Unit.MONTHS,
    "years": Unit.YEARS,
}


def day_count(context: DecisionContext, _spec: Spec) -> Decided:
    """Counts on the calendar: a term from a day, working days between two days, working days of a year."""
    findings: list[Finding] = []
    start, end = _day_given(context, "from"), _day_given(context, "to")
    year = context.number("year")
    if isinstance(start, dt.date):
        findings += _terms(context, start)
        if isinstance(end, dt.date):
            if end < start:
                raise BadValue(
                    f"from={start.isoformat()} lies after to={end.isoformat()}; swap the two days.",
                    parameter="from",
                    value=start,
                )
            value = context.calendar.working_days_between(start, end)
            skipped = context.calendar.skipped(start, end)
            reasons = tuple(
                Reason(code="skipped_day", params={"reason": s.code, "source": s.source}, day=s.day)
                for s in skipped
            )
            findings.append(Finding(code="working_days_between", value=value, reasons=reasons))
    if year is not None:
        official = context.calendar.is_official(int(year))
        note = () if official else (Reason(code="calendar_not_official", params={"year": int(year)}),)
        value = context.calendar.working_days_in(int(year))
        findings.append(Finding(code="working_days_in_year", value=value, reasons=note))
    return Decided(findings=tuple(findings)) if findings else needs("date", "from", "working_days")


def _day_given(context: DecisionContext, name: str) -> dt.date | None:
    """The day given as a parameter, or as an event of the same name."""
    value, event = context.params.get(name), context.timeline.last(name)
    if not isinstance(value, dt.date):
        return event.on if event is not None else None
    if event is not None and event.on != value:
        raise BadValue(
            f"{name} is {value.isoformat()} as a parameter and {event.on.isoformat()} as an event; "
            f"give it once.",
            parameter=name,
            value=value,
        )
    return value


def _terms(context: DecisionContext, start: dt.date) -> list[Finding]:
    rule = Rule(
        start=str(context.params.get("start_rule") or context.edition.counting.start),
        roll=str(context.params.get("roll_rule") or context.edition.counting.roll),
    )
    found = []
    for name, unit in TERMS.items():
        value = context.number(name)
        if value is None:
            continue
        count = count_term(context.calendar, start, Limit(value=int(value), unit=unit), rule)
        official = context.calendar.is_official(count.due.year)
        note = () if official else (Reason(code="calendar_not_official", params={"year": count.due.year}),)
        said = Reason(
            code="limit", params={"value": int(value), "unit": str(unit), "form": "within", "before": False}
        )
        found.append(Finding(code="date", value=count.due, reasons=(said, *count.reasons, *note)))
    return found


def regime(context: DecisionContext, spec: Spec) -> Decided:
    """The regimes in force on the day that matters: `date`, else the first event, else `known_on`."""
    given = context.params.get("date")
    first = context.timeline.events[0].on if context.timeline.events else context.timeline.known_on
    day = given if isinstance(given, dt.date) else first
    findings = []
    for subject, rows in spec["subjects"].items():
        row = _in_force(rows, day)
        reason = Reason(code="in_force_on", params={"from": row.get("from"), "to": row.get("to")}, day=day)
        extra = (Reason(code="confidence", params={"confidence": row["confidence"]}),)
        note = extra if row["confidence"] != "high" else ()
        findings.append(Finding(code=str(subject), value=row["value"], reasons=(reason, *note)))
    return Decided(findings=tuple(findings))


def _in_force(rows: list[dict[str, Any]], day: dt.date) -> dict[str, Any]:
    for row in rows:
        if (row.get("from") is None or row["from"] <= day) and (row.get("to") is None or day <= row["to"]):
            return row
    raise ValueError("regimes must cover every day")


def indicators(context: DecisionContext, spec: Spec) -> Decided:
    """The targets of a decree for one of its years; without a year, those of the next target year."""
    years = list(spec["years"])
    given = context.number("year")
    year = (
        int(given)
        if given is not None
        else next((y for y in years if y >= context.timeline.known_on.year), years[-1])
    )
    if year not in years:
        reason = Reason(code="no_target_for_year", params={"year": year, "years": years})
        return Decided(findings=(Finding(code="target", value=None, reasons=(reason,)),))
    place = years.index(year)
    reason = Reason(code="target_year", params={"year": year}, basis=spec.get("article"))
    rows = tuple(
        Finding(code=f"target:{name}", value=values[place], reasons=(reason,))
        for name, values in spec["values"].items()
    )
    return Decided(findings=rows)


def extension_cap(context: DecisionContext, spec: Spec) -> Decided:
    """Is an extension longer than the law allows? Compared with the due day before any extension."""
    dates = context.resolver.dates(str(spec["step"]))
    events = [e for e in context.timeline.extensions(planned=False) if e.until is not None]
    if dates.original_due is None or not events:
        return Decided()
    latest = add_months(dates.original_due, int(spec["months"]))
    until = max(event.until for event in events if event.until is not None)
    params: dict[str, ParamValue] = {"until": until, "latest": latest}
    code = "extension_over_cap" if until > latest else "extension_within_cap"
    reason = Reason(code=code, params=params, day=until, basis=spec.get("article"))
    return Decided(findings=(Finding(code="extension", value=code, reasons=(reason,)),))
