"""Scenarios people keep."""

from __future__ import annotations

from torap.common.errors import NotFound
from torap.runs.model import ScenarioLine
from torap.runs.models import Scenario
from torap.runs.selectors.runs import run_list


def scenario_list(*, owner: str = "", discarded: bool = False) -> list[ScenarioLine]:
    """Scenarios, the newest first; those discarded only when asked for. One query."""
    rows = Scenario.objects.order_by("-recorded_at", "-pk")
    if owner:
        rows = rows.filter(owner=owner)
    if not discarded:
        rows = rows.filter(discarded=False)
    return [_line(row) for row in rows]


def scenario_get(code: str) -> ScenarioLine:
    """One scenario with its runs; NotFound otherwise. Two queries."""
    found = Scenario.objects.filter(code=code).first()
    if found is None:
        raise NotFound("not_found", field="code", entity="scenario", value=code)
    return _line(found, runs=True)


def _line(row: Scenario, *, runs: bool = False) -> ScenarioLine:
    found = [one for one in run_list(kind="scenario") if one.scenario == row.code] if runs else []
    return ScenarioLine(
        code=row.code,
        title=row.title,
        note=row.note,
        changes=tuple(row.changes),
        owner=row.owner,
        invented=row.invented,
        discarded=row.discarded,
        made_at=row.recorded_at,
        runs=tuple(found),
    )
