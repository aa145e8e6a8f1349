"""What a plan says that a convention does not use: told, so that nobody takes dates for more than they are.

The trials follow the plain convention, so they use no more than that does.
"""

from __future__ import annotations

from collections.abc import Iterator

from torap.engines.schedule.plan import Activity, Constraint, Plan


def unused(plan: Plan, profile: str) -> Iterator[tuple[str, str, str]]:
    """(code, activity, value) of what is said of activities not finished and not used by `profile`."""
    for row in plan.activities:
        if row.active and row.actual_finish is None:
            for code, value in _said(row):
                if profile in UNUSED[code]:
                    yield code, row.id, value


def _said(row: Activity) -> Iterator[tuple[str, str]]:
    if row.expected_finish is not None:
        yield "expected_finish", ""
    if row.levelling_delay:
        yield "levelling_delay", str(row.levelling_delay)
    if row.external is not None:
        yield "external", ""
    if row.manual is not None:
        yield "manual", ""
    if row.constraint == Constraint.ALAP or row.second == Constraint.ALAP:
        yield "as_late_as_possible", ""
    if row.second != Constraint.ASAP:
        yield "second_constraint", str(row.second)
    if row.suspended_at is not None and row.resumed_at is None:
        yield "suspended", ""


# code -> the conventions that do not use it
UNUSED: dict[str, frozenset[str]] = {
    "expected_finish": frozenset({"torap", "msproject"}),
    "levelling_delay": frozenset({"torap", "p6"}),
    "external": frozenset({"torap"}),
    "manual": frozenset({"torap", "p6"}),
    "as_late_as_possible": frozenset({"torap"}),
    "second_constraint": frozenset({"msproject"}),
    "suspended": frozenset({"torap", "msproject", "p6"}),
}

__all__ = ["UNUSED", "unused"]
