"""When does a rule apply? Conditions over the parameters of a case, in three values.

A parameter nobody gave makes a condition neither true nor false: the engine then still counts, and says what
is missing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
OPERATORS = frozenset({*_COMPARE, "not"})
GIVEN = "given"
UNSET = "unset"


def holds(when: Mapping[str, Any], params: Mapping[str, Any]) -> bool | None:
    """True, False, or None when a parameter needed for the answer is not given.

    An empty condition is true.
    """
    verdicts = [_one(spec, params.get(name)) for name, spec in when.items()]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def missing(when: Mapping[str, Any], params: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the parameters that leave the condition open."""
    return tuple(name for name, spec in when.items() if _one(spec, params.get(name)) is None)


def _one(spec: Any, value: Any) -> bool | None:
    if spec in (GIVEN, UNSET):
        return bool((value is not None) == (spec == GIVEN))
    if isinstance(spec, list) and UNSET in spec and value is None:
        return True
    if value is None:
        return None
    if isinstance(spec, Mapping):
        return all(_compare(name, limit, value) for name, limit in spec.items())
    if isinstance(spec, list):
        return bool(value in spec)
    return bool(value == spec)


def _compare(name: str, limit: Any, value: Any) -> bool:
    if name == "not":
        return bool(value not in limit if isinstance(limit, list) else value != limit)
    number = Decimal(str(limit))
    return bool(_COMPARE[name](value, number))
