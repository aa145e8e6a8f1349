"""How rows of the tables become what the pages are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from torap.delivery.selectors import Ref
from torap.registry.selectors import subject_map
from torap.runs.model import Cause, ForecastLine, RunLine
from torap.runs.models import Forecast, Run, RunResult, RunState


def run_line(run: Run) -> RunLine:
    """A run with how far it is; `progress`, `result`, `scenario` and `base` are read already."""
    state: RunState | None = getattr(run, "progress", None)
    result: RunResult | None = getattr(run, "result", None)
    return RunLine(
        code=run.code,
        kind=run.kind,
        title=run.title,
        known_on=run.known_on,
        seed=run.seed,
        trials=run.trials,
        sampling=run.sampling,
        engine=run.engine,
        sha256=run.sha256,
        nodes=run.nodes,
        state="done" if result else (state.state if state else "queued"),
        percent=100.0 if result else (state.permille / 10 if state else 0.0),
        error=state.error if state else "",
        error_params=state.error_params if state else {},
        by=run.recorded_by,
        asked_at=run.recorded_at,
        finished_at=result.recorded_at if result else (state.finished_at if state else None),
        seconds=result.seconds if result else None,
        scenario=run.scenario.code if run.scenario else "",
        base=run.base.code if run.base else "",
        invented=run.invented,
        clock=run.clock,
        read_seq=run.read_seq,
        read_hash=run.read_hash,
    )


def holders_of(codes: Iterable[str]) -> dict[str, Ref]:
    """Bodies by code, as doors. One query, none without codes."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    return {
        code: Ref(kind="organisation", code=code, name=row.name) for code, row in subject_map(wanted).items()
    }


def forecast_line(row: Forecast, holders: Mapping[str, Ref], run: RunLine) -> ForecastLine:
    """One forecast with the body that owes it."""
    return ForecastLine(
        key=row.key,
        kind=row.kind,
        code=row.code,
        name=row.name,
        subject=row.subject,
        holder=holders.get(row.holder),
        region=row.region,
        due=row.due,
        first_due=row.first_due,
        said_on=row.said_on,
        done_on=row.done_on,
        p10=row.p10,
        p20=row.p20,
        p50=row.p50,
        p80=row.p80,
        p90=row.p90,
        chance=row.chance,
        chance_first=row.chance_first,
        basis=row.basis,
        class_code=row.class_code,
        n=row.class_n,
        seen=row.seen,
        heard_on=row.heard_on,
        untold=row.untold,
        causes=tuple(cause_of(one) for one in row.drivers),
        invented=row.invented,
        run=run.code,
        known_on=run.known_on,
        beyond=tuple(row.beyond or ()),
        due_by=row.due_by,
        said=row.said,
        done_by=row.done_by,
        mean_left=row.mean_left,
        made_at=run.asked_at,
    )


def forecast_lines(rows: Iterable[Forecast], run: RunLine) -> list[ForecastLine]:
    """Forecasts of one run with the bodies that owe them. One query."""
    found = list(rows)
    holders = holders_of(row.holder for row in found)
    return [forecast_line(row, holders, run) for row in found]


def cause_of(row: Mapping[str, Any]) -> Cause:
    """A cause as it is kept with a forecast."""
    return Cause(
        id=row["id"],
        what=row["what"],
        kind=row.get("kind", ""),
        name=row.get("name", ""),
        low_days=row.get("low", 0.0),
        high_days=row.get("high", 0.0),
        share=row.get("share"),
        assumed_days=row.get("days", 0),
        late=row.get("late", 0.0),
    )
