"""Targets that several works add up to: frozen with the network, and counted in its very trials.

N trials. A part of a target is there in a trial once all its nodes are reached in it by the day of the
target; its sum is what is there already and what the parts add.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from django.conf import settings

from torap.countries.targets import Figure, TargetPart, TargetRule, load_targets
from torap.delivery.selectors import Network, Node
from torap.registry.selectors import claims_named, subject_map
from torap.rules.errors import BadValue
from torap.rules.known import AsKnown
from torap.rules.units import convert
from torap.runs.adapters.plan_parts import end_of_day

FIGURES = 6
YEARLY = "/yr"
FOUR_OF_FIVE, HALF = 20, 50  # percentiles of the sum: reached in at least so many of 100 trials less it


def frozen_targets(known: AsKnown, found: Network, nodes: Mapping[str, Node]) -> list[dict[str, Any]]:
    """The country's targets as known on a day, real ones only. A target nobody had named by then, or whose
    day is not to come, is left out; so is a part whose figure nobody had named. Two queries."""
    rules = load_targets(settings.COUNTRY) if not found.invented else ()
    claims = claims_named({key for rule in rules for key in _claims(rule)}, known) if rules else {}
    names = subject_map({rule.subject for rule in rules}) if rules else {}
    rows = []
    for rule in rules:
        aim, by = _value(rule.aim, rule.unit, claims), _by(rule, claims, nodes)
        if aim is None or by is None or by <= known.day or rule.subject not in names:
            continue
        rows.append(
            {
                "code": rule.code,
                "subject": rule.subject,
                "unit": rule.unit,
                "counts": list(rule.counts),
                "aim": aim,
                "by": by.isoformat(),
                "base": _value(rule.base, rule.unit, claims) if rule.base else 0.0,
                "claims": sorted(key for key in _claims(rule) if key in claims),
                "parts": [row for part in rule.parts if (row := _part(part, rule.unit, claims, nodes))],
            }
        )
    return rows


def _claims(rule: TargetRule) -> Iterable[str]:
    for one in (rule.aim, rule.base, *(part.adds for part in rule.parts)):
        if one is not None:
            yield from (key for key in (one.claim, one.less) if key)


def _by(rule: TargetRule, claims: Mapping[str, Any], nodes: Mapping[str, Node]) -> dt.date | None:
    if rule.milestone:
        node = nodes.get(f"milestone:{rule.milestone}")
        return node.due if node is not None else None
    day: dt.date | None = claims[rule.aim.claim].about_to if rule.aim.claim in claims else None
    return day


def _value(figure: Figure, unit: str, claims: Mapping[str, Any]) -> float | None:
    """The figure in the unit of its target; None where nobody had named it by the day."""
    if figure.number is not None:
        return figure.number
    if any(key not in claims for key in (figure.claim, figure.less) if key):
        return None
    value = _said(claims[figure.claim], unit, figure.per_year)
    if value is None or not figure.less:
        return None if value is None else float(value)
    less = _said(claims[figure.less], unit, figure.per_year)
    return None if less is None else float(value - less)


def _said(claim: Any, unit: str, per_year: bool) -> Decimal | None:
    value = claim.low if claim.low is not None else claim.high
    try:
        return None if value is None else convert(value, claim.unit + (YEARLY if per_year else ""), unit)
    except BadValue:
        return None


def _part(
    part: TargetPart, unit: str, claims: Mapping[str, Any], nodes: Mapping[str, Node]
) -> dict[str, Any] | None:
    adds = _value(part.adds, unit, claims)
    if adds is None or any(key not in nodes for key in part.nodes):
        return None
    return {"nodes": list(part.nodes), "adds": adds, "why": list(part.why)}


def target_nodes(targets: Sequence[Mapping[str, Any]]) -> set[str]:
    """Keys of the nodes whose every trial the targets want."""
    return {key for row in targets for part in row["parts"] for key in part["nodes"]}


def target_rows(
    targets: Sequence[Mapping[str, Any]], finishes: Mapping[str, np.ndarray], trials: int
) -> list[dict[str, Any]]:
    """What the trials give of each target. `finishes`: node -> (N,) minutes at which it is reached.

    `expected`: the mean of the sum; `half`, `four`: what it is at least in half and in four of five trials;
    `chance` that it is no less than the aim; `named`: with every part. A part none of whose days can be told
    adds nothing and has no chance.
    """
    return [_counted(row, finishes, trials) for row in targets]


def _counted(row: Mapping[str, Any], finishes: Mapping[str, np.ndarray], trials: int) -> dict[str, Any]:
    end = end_of_day(dt.date.fromisoformat(row["by"]))
    base = float(row["base"] or 0.0)
    total = np.full(trials, base)
    parts = []
    for part in row["parts"]:
        there = None
        if all(key in finishes for key in part["nodes"]):
            there = np.logical_and.reduce([finishes[key] <= end for key in part["nodes"]])
            total += float(part["adds"]) * there
        parts.append(
            {
                "nodes": part["nodes"],
                "adds": part["adds"],
                "chance": None if there is None else _rounded(there.mean()),
            }
        )
    return {
        "code": row["code"],
        "expected": _rounded(total.mean()),
        "half": _rounded(_at_least(total, HALF)),
        "four": _rounded(_at_least(total, FOUR_OF_FIVE)),
        "chance": _rounded((total >= float(row["aim"]) - 1e-9).mean()),
        "named": _rounded(base + sum(float(part["adds"]) for part in row["parts"])),
        "parts": parts,
    }


def _at_least(total: np.ndarray, percent: int) -> float:
    """The largest value that all but `percent` of 100 trials reach."""
    return float(np.sort(total)[total.size * percent // 100])


def _rounded(value: float) -> float:
    return round(float(value), FIGURES)
