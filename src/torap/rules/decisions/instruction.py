"""Control of instructions: the control type from the term, and the rules around it.

The figures (working days by type, ranges in months, who may do what) come from the law file; this module only
orders them. "Special control" is no legal category: it is a tag that changes nothing here.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from torap.rules.calendar import add_months
from torap.rules.decisions.context import Decided, DecisionContext, Spec
from torap.rules.obligations.model import Event, Finding, ParamValue, Reason, Unit
from torap.rules.obligations.resolve import Dates


def instruction(context: DecisionContext, spec: Spec) -> Decided:
    """Control type and term, and every finding of the rules of procedure that needs them."""
    lead = context.resolver.dates(str(spec["lead"]))
    given = context.params.get("type")
    control, term_wd, reasons = _control(context, spec, lead, given)
    findings = [Finding(code="control", value=control.upper() if control else None, reasons=reasons)]
    params: dict[str, ParamValue] = {"control": control}
    if term_wd is not None and lead.start is not None and lead.original_due is not None:
        term_days = _nominal_days(lead, lead.start.day)
        params |= {"term_wd": Decimal(term_wd), "term_days": Decimal(term_days)}
        findings.append(Finding(code="term_working_days", value=term_wd))
        findings.append(Finding(code="nominal_deadline", value=lead.said))
        findings += _minimum(context, spec, term_wd)
    elif given is not None and lead.due is None:
        findings += _range(context, spec, str(given))
    findings += _closing(context, spec) + _extension(context, spec, lead)
    if context.params.get("instruction_kind") == "forcing":
        reason = Reason(code="forcing_instruction", basis=spec["forcing_article"])
        findings.append(Finding(code="forcing", value="no_report_no_new_deadline", reasons=(reason,)))
    silent = _silence(context, spec, control)
    return Decided(params=params, findings=(*findings, *silent))


def _nominal_days(lead: Dates, start: dt.date) -> int:
    """Length of the term as it was said, in its own days: 3 working days are 3, whatever they span."""
    limit = lead.chosen.limit
    if limit.value is not None and limit.unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
        return limit.value
    return ((lead.said or start) - start).days


def _control(
    context: DecisionContext, spec: Spec, lead: Dates, given: ParamValue
) -> tuple[str | None, int | None, tuple[Reason, ...]]:
    basis = spec["types_article"]
    if lead.start is None or lead.original_due is None:
        as_given = Reason(code="control_as_given", params={"control": given}, basis=basis)
        stated = (as_given,) if given else (Reason(code="term_not_known"),)
        return (str(given) if given else None), None, stated
    start, due = lead.start.day, lead.original_due
    term_wd = context.calendar.working_days_between(start, due)
    computed = _classify(spec, start, lead.said or due, term_wd)
    params = {"term_wd": term_wd, "from": start, "to": due}
    reasons = [Reason(code="control_by_term", params={"control": computed, **params}, basis=basis)]
    reasons += _edge_of_month(context, spec, lead, computed)
    if term_wd == int(spec["urgent_wd"]) and given is None:
        reasons.append(
            Reason(code="control_boundary_is_our_reading", params={"control": computed}, basis=basis)
        )
    if given is None:
        return computed, term_wd, tuple(reasons)
    reasons.append(Reason(code="control_as_given", params={"control": given}, basis=basis))
    if given != computed:
        reasons.append(
            Reason(code="control_differs", params={"given": given, "computed": computed}, basis=basis)
        )
    return str(given), term_wd, tuple(reasons)


def _edge_of_month(context: DecisionContext, spec: Spec, lead: Dates, computed: str) -> list[Reason]:
    """A note where the month ends on a rest day and the term on the day it rolls to: two readings."""
    if lead.start is None or computed not in ("short", "medium", "long"):
        return []
    for months in (int(spec["short_months"]), int(spec["medium_months"])):
        end = add_months(lead.start.day, months)
        rolled = context.calendar.roll_forward(end)
        if end != rolled and lead.original_due == rolled:
            params = {"control": computed, "nominal": lead.said, "end": end, "rolled": rolled}
            return [Reason(code="control_edge_of_month", params=params, basis=spec["types_article"])]
    return []


def _classify(spec: Spec, start: dt.date, nominal: dt.date, term_wd: int) -> str:
    if term_wd <= int(spec["very_urgent_wd"]):
        return "very_urgent"
    if term_wd <= int(spec["urgent_wd"]):
        return "urgent"
    if nominal <= add_months(start, int(spec["short_months"])):
        return "short"
    return "medium" if nominal <= add_months(start, int(spec["medium_months"])) else "long"


def _minimum(context: DecisionContext, spec: Spec, term_wd: int) -> list[Finding]:
    minimum = int(spec["minimum_wd"])
    if term_wd >= minimum:
        return []
    issuer = context.params.get("issuer")
    params = {"term_wd": term_wd, "minimum": minimum, "issuer": issuer}
    allowed = issuer in spec["minimum_exempt"]
    code = "below_minimum_allowed" if allowed else "below_minimum_term"
    value = "allowed" if allowed else ("not_known" if issuer is None else "not_allowed")
    reason = Reason(code=code, params=params, basis=spec["minimum_article"])
    return [Finding(code="minimum_term", value=value, reasons=(reason,))]


def _range(context: DecisionContext, spec: Spec, given: str) -> list[Finding]:
    event = context.timeline.last(str(spec["received"]))
    if event is None or given not in spec["ranges"]:
        return []
    rule: dict[str, Any] = spec["ranges"][given]
    low, high = rule.get("from_months"), rule.get("to_months")
    first = add_months(event.on, low) if low else context.calendar.add_working_days(event.on, rule["from_wd"])
    last = add_months(event.on, high) if high else None
    reason = Reason(code="type_is_a_range", params={"type": given, "first": first, "last": last})
    return [Finding(code="deadline_range", value=[first, last], reasons=(reason,))]


def _closing(context: DecisionContext, spec: Spec) -> list[Finding]:
    found = []
    issuer = context.params.get("issuer")
    if issuer is not None:
        closer = spec["closed_by"].get(issuer, spec["closed_by"]["other"])
        if _own_operational(context, spec):
            closer = issuer
        reason = Reason(code="who_may_close", params={"who": closer}, basis=spec["closing_article"])
        found.append(Finding(code="may_be_closed_by", value=closer, reasons=(reason,)))
    if context.timeline.first([str(spec["closed"])]) is not None:
        ground = context.params.get("ground")
        code = "closing_ground" if ground else "closing_ground_missing"
        reason = Reason(code=code, params={"allowed": spec["closing_grounds"]}, basis=spec["closing_article"])
        found.append(Finding(code="closed_on_ground", value=ground, reasons=(reason,)))
    if context.params.get("subject") in spec["by_fact_subjects"]:
        reason = Reason(code="closes_by_fact", basis=spec["by_fact_article"])
        found.append(Finding(code="closes_by_fact", value=True, reasons=(reason,)))
    return found


def _extension(context: DecisionContext, spec: Spec, lead: Dates) -> list[Finding]:
    found = []
    extensions = context.timeline.extensions(planned=False)
    requests = context.timeline.named([spec["asked"]], planned=False)
    asked = [_asked(spec, lead, event, lead.original_due) for event in requests if lead.original_due]
    if asked:
        value = asked[-1].code.removeprefix("extension_request_")
        found.append(Finding(code="extension_request", value=value, reasons=tuple(asked)))
    if _own_operational(context, spec):
        reason = Reason(code="only_prime_minister_extends", basis=spec["operational_article"])
        value = str(spec["operational_issuer"])
        found.append(Finding(code="may_be_extended_by", value=value, reasons=(reason,)))
    if len(extensions) > 1:
        reasons = (
            Reason(code="repeat_extension_exceptional", basis=spec["repeat_article"]),
            Reason(
                code="discipline_meeting", params={"moves": len(extensions)}, basis=spec["discipline_article"]
            ),
        )
        found.append(Finding(code="repeated_extension", value=len(extensions), reasons=reasons))
    return found


def _asked(spec: Spec, lead: Dates, event: Event, first_due: dt.date) -> Reason:
    """One request for more time against the last day as it stood then: extensions before it had moved it."""
    due = next((due for on, due in reversed(lead.moved) if on < event.on), first_due)
    last_day = due - dt.timedelta(days=int(spec["extension_days"]))
    value = "in_time" if event.on <= last_day else "late"
    return Reason(
        code=f"extension_request_{value}",
        params={"asked": event.on, "last_day": last_day},
        day=event.on,
        basis=spec["extension_article"],
    )


def _own_operational(context: DecisionContext, spec: Spec) -> bool:
    """An operational instruction of the one official whose operational ones nobody else moves or closes."""
    issuer, own = context.params.get("issuer"), spec["operational_issuer"]
    if context.params.get("operational") is True or context.params.get("kind") == "operational":
        return issuer in (None, own)
    return issuer == own and context.params.get("instruction_kind") == "operational"


def _silence(context: DecisionContext, spec: Spec, control: str | None) -> tuple[Finding, ...]:
    """What silence of a co-executor means; nothing where there is none, or all have answered."""
    if control is None or context.params.get("co_executors") is False:
        return ()
    if context.timeline.named([spec["co_answered"]], planned=False):
        return ()
    to_president = context.params.get("to_president") is True
    value = "not_agreed_by_silence" if to_president else "agreed_by_default"
    reason = Reason(code=f"co_executor_{value}", basis=spec["silence_article"])
    return (Finding(code="silent_co_executor", value=value, reasons=(reason,)),)
