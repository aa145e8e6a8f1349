"""Decisions that hang on a project's cost: its pool, the security a SEZ asks, the contract it may claim."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from torap.rules.decisions.context import (
    Decided,
    DecisionContext,
    Spec,
    confidence_note,
    needs,
    threshold,
)
from torap.rules.errors import BadValue
from torap.rules.obligations.model import Finding, Reason

PERCENT = Decimal(100)
CENT = Decimal("0.01")


def pool(context: DecisionContext, spec: Spec) -> Decided:
    """National or regional pool: by investment contract, else by cost against the threshold.

    Exactly on it: regional. A text whose threshold was not read decides nothing.
    """
    basis = spec.get("article")
    if spec["threshold_mci"] is None:
        line = threshold(context, spec, 0)
        more = line.reasons if line.tenge is None else ()
        unknown = (Reason(code="limit_not_known", basis=basis), *more)
        codes = ("pool", "pool_threshold_kzt")
        return Decided(findings=tuple(Finding(code=code, value=None, reasons=unknown) for code in codes))
    line = threshold(context, spec, int(spec["threshold_mci"]))
    reasons = [*line.reasons, *confidence_note(spec)]
    shown = Finding(code="pool_threshold_kzt", value=line.tenge, reasons=line.reasons)
    if context.params.get("contract") is True:
        reasons = [Reason(code="investment_contract", basis=basis), *confidence_note(spec)]
        return Decided(findings=(Finding(code="pool", value="national", reasons=tuple(reasons)), shown))
    cost = context.number("cost_kzt")
    if cost is None:
        return Decided(findings=(*needs("pool", "cost_kzt", basis=basis).findings, shown))
    if line.tenge is None:
        return Decided(findings=(Finding(code="pool", value=None, reasons=tuple(reasons)), shown))
    value = "national" if cost > line.tenge else "regional"
    reasons.append(_compared(cost, line.tenge))
    if cost == line.tenge:
        reasons.append(Reason(code="boundary_is_our_reading", params={"chosen": value}, basis=basis))
    return Decided(findings=(Finding(code="pool", value=value, reasons=tuple(reasons)), shown))


def _compared(cost: Decimal, line: Decimal) -> Reason:
    order = "above" if cost > line else "equal" if cost == line else "below"
    return Reason(code="cost_compared", params={"cost": cost, "line": line, "order": order})


def security(context: DecisionContext, spec: Spec) -> Decided:
    """Security of a SEZ participant: the sum at filing and the years for the rest (2, or 3 above the
    threshold).
    """
    cost = context.number("cost_kzt")
    if cost is None:
        return needs("security_term_years", "cost_kzt", basis=spec["article_rest"])
    exempt = context.params.get("eaeu_border") is True
    share = Decimal(str(spec["share_at_filing_pct"]))
    first = Finding(
        code="security_at_filing_kzt",
        value=Decimal(0) if exempt else cost * share / PERCENT,
        reasons=(
            Reason(code="exempt_eaeu_border", basis=spec["article_filing"])
            if exempt
            else Reason(code="share_of_cost", params={"pct": share}, basis=spec["article_filing"]),
        ),
    )
    line = threshold(context, {**spec, "article": spec["article_rest"]}, int(spec["threshold_mci"]))
    if line.tenge is None:
        return Decided(
            findings=(first, Finding(code="security_term_years", value=None, reasons=line.reasons))
        )
    years = int(spec["years_above"]) if cost > line.tenge else int(spec["years"])
    reasons = (*line.reasons, _compared(cost, line.tenge))
    return Decided(
        params={"security_years": Decimal(years)},
        findings=(first, Finding(code="security_term_years", value=years, reasons=reasons)),
    )


def investment_agreement(context: DecisionContext, spec: Spec) -> Decided:
    """Eligibility for the agreement on investments: exclusions first, then the threshold of the kind of
    project.
    """
    exclusion = context.params.get("exclusion")
    if exclusion is not None:
        reason = Reason(code="excluded_applicant", params={"exclusion": exclusion}, basis=spec.get("article"))
        return _eligible("not_eligible", (reason,))
    share = context.number("state_share_pct")
    if share is not None and share > _state_cap(context, spec):
        params = {"share": share, "cap": _state_cap(context, spec)}
        return _eligible(
            "not_eligible", (Reason(code="state_share_too_high", params=params, basis=spec["article"]),)
        )
    kind, cost = context.params.get("kind"), context.number("cost_kzt")
    if kind is None or cost is None:
        return needs("eligibility", *(n for n in ("kind", "cost_kzt") if context.params.get(n) is None))
    line = threshold(context, spec, int(spec["thresholds_mci"][kind]))
    if line.tenge is None:
        return _eligible(None, line.reasons)
    reasons = (*line.reasons, _compared(cost, line.tenge))
    value = "eligible" if cost >= line.tenge else "not_eligible"
    extra = _hotel(context, spec) if kind == "hotel" and value == "eligible" else ()
    codes = {reason.code for reason in extra}
    if "hotel_condition_failed" in codes:
        value = "not_eligible"
    elif "hotel_condition_open" in codes:
        value = "conditional"
    return _eligible(value, (*reasons, *extra))


def _state_cap(context: DecisionContext, spec: Spec) -> Decimal:
    key = (
        "state_share_cap_machinery_pct" if context.params.get("machinery") is True else "state_share_cap_pct"
    )
    return Decimal(str(spec[key]))


def _eligible(value: str | None, reasons: tuple[Reason, ...]) -> Decided:
    return Decided(findings=(Finding(code="eligibility", value=value, reasons=reasons),))


def _hotel(context: DecisionContext, spec: Spec) -> tuple[Reason, ...]:
    limits: dict[str, Any] = dict(spec["hotel"])
    reasons = []
    if context.params.get("in_major_city") is True:
        reasons.append(Reason(code="hotel_condition_failed", params={"param": "in_major_city"}))
    elif context.params.get("in_major_city") is None:
        reasons.append(Reason(code="hotel_condition_open", params={"param": "in_major_city"}))
    for name, (low, high) in limits.items():
        value = context.number(name)
        if value is None:
            reasons.append(Reason(code="hotel_condition_open", params={"param": name}))
        elif value < low or (high is not None and value > high):
            reasons.append(Reason(code="hotel_condition_failed", params={"param": name}))
    return tuple(reasons)


def obligations_agreement(context: DecisionContext, spec: Spec) -> Decided:
    """Eligibility for the agreement on investment obligations: total in 8 years, half of it in 4."""
    basis = spec.get("article")
    total, early = context.number("cost_kzt"), context.number("first_four_years_kzt")
    if total is None:
        return needs("eligibility", "cost_kzt", basis=basis)
    line = threshold(context, spec, int(spec["threshold_mci"]))
    training = threshold(context, spec, int(spec["training_mci"]))
    extra = Finding(code="training_spend_per_year_kzt", value=training.tenge, reasons=training.reasons)
    if line.tenge is None:
        return Decided(findings=(Finding(code="eligibility", value=None, reasons=line.reasons), extra))
    reasons = [*line.reasons, _compared(total, line.tenge)]
    value: str | None = "eligible" if total >= line.tenge else "not_eligible"
    half = line.tenge * Decimal(str(spec["early_share_pct"])) / PERCENT
    if early is None:
        reasons.append(Reason(code="early_share_open", params={"line": half}, basis=basis))
        value = None if value == "eligible" else value
    elif early < half:
        reasons.append(Reason(code="early_share_too_low", params={"early": early, "line": half}, basis=basis))
        value = "not_eligible"
    return Decided(findings=(Finding(code="eligibility", value=value, reasons=tuple(reasons)), extra))


def grant_cap(context: DecisionContext, spec: Spec) -> Decided:
    """The largest in-kind grant: a share of the investment in fixed assets [tenge]."""
    fixed = context.number("fixed_investment_kzt")
    if fixed is None:
        return needs("grant_cap_kzt", "fixed_investment_kzt", basis=spec.get("article"))
    share = Decimal(str(spec["share_pct"]))
    reason = Reason(code="share_of_fixed_investment", params={"pct": share}, basis=spec.get("article"))
    return Decided(
        findings=(Finding(code="grant_cap_kzt", value=fixed * share / PERCENT, reasons=(reason,)),)
    )


def deposit(context: DecisionContext, spec: Spec) -> Decided:
    """A deposit in MCI turned into tenge of the year."""
    line = threshold(context, spec, int(spec["mci"]))
    reasons = (*line.reasons, *confidence_note(spec), Reason(code="not_verified_in_force"))
    return Decided(findings=(Finding(code="deposit_kzt", value=line.tenge, reasons=reasons),))


def share(context: DecisionContext, spec: Spec) -> Decided:
    """One quantity as a share of another against a cap or a floor [%]."""
    part, whole = context.number(spec["part"]), context.number(spec["whole"]) if "whole" in spec else PERCENT
    code = str(spec["code"])
    if part is None or whole is None:
        names = [name for name in (spec["part"], spec.get("whole")) if name and context.number(name) is None]
        return needs(code, *names, basis=spec.get("article"))
    _check_share(spec, part, whole)
    percent = part * PERCENT / whole
    limit = Decimal(str(spec["limit_pct"]))
    met = percent <= limit if spec["sense"] == "at_most" else percent >= limit
    params = {"percent": _rounded(percent, limit), "limit": limit, "sense": spec["sense"]}
    reason = Reason(code="share_compared", params=params, basis=spec.get("article"))
    return Decided(findings=(Finding(code=code, value="met" if met else "not_met", reasons=(reason,)),))


def _check_share(spec: Spec, part: Decimal, whole: Decimal) -> None:
    """`BadValue` for a whole of nothing, or a part larger than the whole."""
    if whole == 0:
        name = str(spec.get("whole"))
        raise BadValue(f"{name}=0: may not be 0; give a number above 0.", parameter=name)
    if part > whole:
        name = str(spec["part"])
        raise BadValue(
            f"{name}={part:f} is more than the whole of {whole:f}; give at most {whole:f}.", parameter=name
        )


def _rounded(percent: Decimal, limit: Decimal) -> Decimal:
    """Two places; more only where two would hide on which side of the limit it lies."""
    two = percent.quantize(CENT)
    return two if two != limit or percent == limit else percent.quantize(CENT * CENT)
