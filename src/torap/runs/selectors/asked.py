"""Runs that were asked for and whose input is still to be read."""

from __future__ import annotations

from django.db.models import QuerySet

from torap.common.errors import NotFound
from torap.runs.model_asked import RequestLine
from torap.runs.models import RunRequest, State


def request_get(code: str) -> RequestLine:
    """One request with how far it is; NotFound otherwise. One query. Never kept: it changes without an
    event."""
    found = _rows().filter(code=code).first()
    if found is None:
        raise NotFound("not_found", field="code", entity="run", value=code)
    return _line(found)


def requests_open() -> list[RequestLine]:
    """Those that wait or are being read, the newest first. One query."""
    rows = _rows().filter(progress__state__in=(State.QUEUED, State.RUNNING))
    return [_line(row) for row in rows.order_by("-pk")]


def _rows() -> QuerySet[RunRequest]:
    return RunRequest.objects.select_related("progress__run", "scenario", "base").defer(
        "progress__run__content", "base__content", "changes", "scenario__changes"
    )


def _line(row: RunRequest) -> RequestLine:
    state = row.progress
    return RequestLine(
        code=row.code,
        kind=row.kind,
        title=row.title,
        known_on=row.known_on,
        seed=row.seed,
        trials=row.trials,
        state=state.state,
        percent=state.permille / 10,
        error=state.error,
        error_params=state.error_params,
        by=row.recorded_by,
        asked_at=row.recorded_at,
        until=row.until,
        read_seq=row.read_seq,
        read_hash=row.read_hash,
        run=state.run.code if state.run else "",
        scenario=row.scenario.code if row.scenario else "",
        base=row.base.code if row.base else "",
        invented=row.invented,
    )
