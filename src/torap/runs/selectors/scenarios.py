"""Scenarios people keep."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from torap.common.errors import NotFound
from torap.common.known import end_of
from torap.rules.known import AsKnown
from torap.runs.model import RunLine, ScenarioLine
from torap.runs.models import Run, Scenario
from torap.runs.selectors.runs import run_list, shown_on

RUNS = 500  # runs of one scenario that its page can show


def scenario_list(
    known: AsKnown | None = None, *, owner: str = "", discarded: bool = False
) -> list[ScenarioLine]:
    """Scenarios, the newest first; those discarded only when asked for. One query."""
    rows = _shown(known).order_by("-recorded_at", "-pk")
    if owner:
        rows = rows.filter(owner=owner)
    if not discarded:
        rows = rows.filter(discarded=False)
    return [_line(row) for row in rows]


def scenario_get(code: str, known: AsKnown | None = None) -> ScenarioLine:
    """One scenario with its runs; NotFound otherwise. Two queries."""
    found = _shown(known).filter(code=code).first()
    if found is None:
        raise NotFound("not_found", field="code", entity="scenario", value=code)
    return _line(found, tuple(run_list(known, scenario=code, limit=RUNS)))


def _shown(known: AsKnown | None) -> QuerySet[Scenario]:
    """The scenarios a page of that day may show. By the auditors' clock those made by then; else all but
    those tried on later days only: a list of changes speaks of no day until it is computed."""
    rows = Scenario.objects.all()
    if known is None:
        return rows
    if known.clock == "recorded":
        return rows.filter(recorded_at__lt=end_of(known.day))
    tried = Run.objects.filter(scenario__isnull=False)
    then = Q(pk__in=tried.filter(shown_on(known)).values("scenario"))
    return rows.filter(then | ~Q(pk__in=tried.values("scenario")))


def _line(row: Scenario, runs: tuple[RunLine, ...] = ()) -> ScenarioLine:
    return ScenarioLine(
        code=row.code,
        title=row.title,
        note=row.note,
        changes=tuple(row.changes),
        owner=row.owner,
        invented=row.invented,
        discarded=row.discarded,
        made_at=row.recorded_at,
        runs=runs,
    )
