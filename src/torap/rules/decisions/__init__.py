"""Decisions an edition asks for by name, beside its clocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torap.rules.decisions.context import Decided, DecisionContext, Spec
from torap.rules.decisions.counting import day_count, extension_cap, indicators, regime
from torap.rules.decisions.instruction import instruction
from torap.rules.decisions.investment import (
    deposit,
    grant_cap,
    investment_agreement,
    obligations_agreement,
    pool,
    security,
    share,
)
from torap.rules.obligations.model import Finding, ParamValue

DECISIONS: Mapping[str, Callable[[DecisionContext, Spec], Decided]] = {
    "day_count": day_count,
    "deposit": deposit,
    "extension_cap": extension_cap,
    "grant_cap": grant_cap,
    "indicators": indicators,
    "instruction": instruction,
    "investment_agreement": investment_agreement,
    "obligations_agreement": obligations_agreement,
    "pool": pool,
    "regime": regime,
    "security": security,
    "share": share,
}

__all__ = ["DECISIONS", "DecisionContext", "decide"]


def decide(context: DecisionContext) -> tuple[dict[str, ParamValue], tuple[Finding, ...]]:
    """All decisions of the edition: parameters handed back to the clocks, and the findings."""
    params: dict[str, ParamValue] = {}
    findings: list[Finding] = []
    for spec in context.edition.decisions:
        decided = DECISIONS[str(spec["decision"])](context, spec)
        params |= decided.params
        findings += decided.findings
    return params, tuple(findings)
