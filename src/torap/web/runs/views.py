"""Runs: parse the address, ask the runs, render."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torap.publish.tables import download
from torap.rules.known import AsKnown
from torap.runs.models import Run, RunRequest
from torap.runs.selectors import (
    RunLine,
    backtest_table,
    coming_run,
    newest_run,
    requests_open,
    run_compare,
    run_get,
    run_input,
    run_list,
)
from torap.runs.services import run_ask
from torap.web.presenters import shifts, targets
from torap.web.presenters.forecast_tabs import forecast_tabs
from torap.web.presenters.links import known_link
from torap.web.presenters.percentiles import percentile_reasons
from torap.web.requests import KnownRequest, ready
from torap.web.runs import presenters
from torap.web.runs.asked import asked_row, may_stop
from torap.web.runs.failures import failure
from torap.web.work.access import WorkRequest, signed_in

MOST_RUNS = 200
PAGE_SIZE = 100


def run_list_page(request: KnownRequest) -> HttpResponse:
    """Which runs there are, the newest first."""
    known = request.known
    kind = request.GET.get("kind", "")
    kind = kind if kind in presenters.KINDS else ""
    if request.GET.get("part") == "ready":
        invented = request.GET.get("invented") == "1"
        found = newest_run(known, invented=invented) or coming_run(known, invented=invented)
        return ready(there=found is not None)
    runs = run_list(known, kind=kind, limit=MOST_RUNS)
    reading = requests_open() if known == AsKnown(timezone.localdate()) else []
    file = download(request.GET.get("format"), "runs", presenters.CSV_HEADER, presenters.csv_rows(runs))
    if file is not None:
        return file
    pictures = (newest_run(known, invented=invented) for invented in (False, True))
    shown = {one.code for one in pictures if one is not None}
    context = {
        "tabs": forecast_tabs("run_list", known),
        "rows": presenters.run_rows(runs, known, shown),
        "reading": [asked_row(one, known) for one in reading],
        "kinds": [
            {"value": code, "label": words, "selected": code == kind}
            for code, words in presenters.KINDS.items()
        ],
        "kind": kind,
        "invented_present": any(run.invented for run in runs),
    }
    return render(request, "torap/runs/list.html", context)


@require_POST
@signed_in
def forecast_now(request: WorkRequest) -> HttpResponse:
    """Compute the forecast of today of what is recorded by now, real or invented; then its run, or the page
    that shows how far a large one is. One input is computed once."""
    row = run_ask(by=request.user, invented=request.POST.get("invented") == "1")
    return redirect(made_link(row, AsKnown(row.known_on)))


def made_link(row: Run | RunRequest, known: AsKnown) -> str:
    """The page of a run, or of one whose input is still to be read."""
    return known_link(known, "run" if isinstance(row, Run) else "run_asked", row.code)


def run(request: KnownRequest, code: str) -> HttpResponseBase:
    """One run: what went in, hash, seed, engine, time; with `?part=progress` how far it is."""
    known = request.known
    found = run_get(code, known)
    if request.GET.get("part") == "progress":
        row = presenters.run_row(found, known)
        answer = render(request, "torap/runs/progress.html", {"row": row, "again": request.get_full_path()})
        if not row["open"]:
            answer.headers["HX-Refresh"] = "true"  # the page that waited shows what the run gave
        return answer
    if request.GET.get("format") == "input":
        return frozen_input(found, known)
    others = [one for one in run_list(known, limit=PAGE_SIZE) if one.dated and one.code != code]
    others = [one for one in others if one.invented == found.invented]
    tested = found.done and found.kind == "backtest"
    context: dict[str, Any] = {
        "run": found,
        "row": presenters.run_row(found, known),
        "crumbs": [
            (_("Forecast"), known_link(known, "forecast")),
            (_("Runs"), known_link(known, "run_list")),
        ],
        "facts": presenters.facts(found, known, newest_run(known, invented=found.invented)),
        "result": presenters.result(backtest_table(known, run=code) if tested else None),
        "failure": failure(found),
        "may_stop": found.state in ("queued", "running") and may_stop(request.user, found.by),
        "others": presenters.run_rows(others, known),
        "progress_url": known_link(known, "run", code, part="progress"),
        "invented_present": found.invented,
    }
    return render(request, "torap/runs/run.html", context)


def frozen_input(found: RunLine, known: AsKnown) -> StreamingHttpResponse:
    """All that went into a run, as the JSON whose hash the run bears; sent part by part."""
    answer = StreamingHttpResponse(run_input(found.code, known), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="torap-{found.code}-input.json"'
    answer["ETag"] = f'"{found.sha256}"'
    return answer


def offered(runs: Sequence[RunLine]) -> tuple[str, str]:
    """The two runs first offered to be compared: the newest forecast beside the one before it, or a what-if
    beside its base; empty where there are no such two."""
    for at, newer in enumerate(runs):
        for older in runs[at + 1 :]:
            alike = newer.kind == older.kind == "forecast" and newer.invented == older.invented
            if alike or newer.base == older.code:
                return older.code, newer.code
    return "", ""


def compare(request: KnownRequest) -> HttpResponse:
    """Two runs side by side: what differs, those that move most first."""
    known = request.known
    a, b = request.GET.get("a", ""), request.GET.get("b", "")
    runs = [one for one in run_list(known, limit=MOST_RUNS) if one.dated]
    before, after = (a, b) if a or b else offered(runs)
    context: dict[str, Any] = {
        "tabs": forecast_tabs("run_list", known),
        "runs": presenters.run_rows(runs, known),
        "a": before,
        "b": after,
        "crumbs": [
            (_("Forecast"), known_link(known, "forecast")),
            (_("Runs"), known_link(known, "run_list")),
        ],
    }
    if a and b:
        found = run_compare(a, b, known)
        file = download(
            request.GET.get("format"), f"runs-{a}-{b}", shifts.CSV_HEADER, shifts.csv_rows(found.moved)
        )
        if file is not None:
            return file
        page = Paginator(found.moved, PAGE_SIZE).get_page(request.GET.get("page"))
        rows = shifts.shift_rows(page.object_list, known)
        context |= {
            "found": found,
            "first": presenters.run_row(found.a, known),
            "second": presenters.run_row(found.b, known),
            "summary": shifts.summary(found.moved),
            "unmeasured": shifts.unmeasured(found.moved),
            "counts": shifts.counted(found.counts),
            "targets": targets.target_shift_rows(found.targets, known),
            "rows": rows,
            "page": page,
            "chart": shifts.shift_chart(rows, known.day, invented=found.b.invented),
            "reasons": percentile_reasons(),
            "invented_present": found.a.invented or found.b.invented,
        }
    return render(request, "torap/runs/compare.html", context)
