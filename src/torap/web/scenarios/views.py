"""The builder and its answer: parse the address, ask the runs, render. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from torap.common.errors import ApplicationError
from torap.publish.tables import download
from torap.runs.selectors import (
    RunLine,
    ScenarioAnswer,
    Shift,
    TargetShift,
    newest_run,
    scenario_answer,
)
from torap.web import formats
from torap.web.presenters import shifts, targets
from torap.web.presenters.errors import error_words
from torap.web.presenters.forecast_tabs import forecast_tabs
from torap.web.presenters.percentiles import percentile_reasons
from torap.web.requests import KnownRequest
from torap.web.scenarios import builder as building
from torap.web.scenarios import limits
from torap.web.scenarios.changes import unreadable
from torap.web.scenarios.forms import KeepForm
from torap.web.work import once
from torap.web.work.access import could
from torap.web.work.pages import UNPROCESSABLE

SHOWN = 60
UNAVAILABLE = 503
RETRY_SECONDS = 30
TOO_MANY = 429


def builder(request: KnownRequest) -> HttpResponse:
    """The builder beside the live picture; a change that is right is added to the address."""
    known, state = request.known, building.state_of(request.GET)
    meant = building.of_its_network(state, known)
    if meant.invented != state.invented:
        return redirect(meant.link(known, node=state.node or None))
    run = newest_run(known, invented=state.invented)
    picked = building.chosen(state, known) if run else None
    sent = request.GET if state.added else None
    form = building.form_of(state, run, sent, known) if run and picked else None
    if form is not None and state.added and form.is_valid():
        return redirect(state.answered(known, [*state.changes, form.change(state.node)]))
    names = building.names_for(state.changes, known)
    context: dict[str, Any] = {
        "tabs": forecast_tabs("what_if", known, invented=state.invented),
        "run": run,
        "state": state,
        "unreadable": unreadable(request.GET.get("changes", "")),
        "changes_text": building.write_changes(state.changes),
        "changes": building.change_rows(state, names, known),
        "found": building.found_nodes(state, known) if run else [],
        "picked": picked,
        "form": form,
        "operations": building.operations(state),
        "presets": building.presets(state, known) if picked else [],
        "example": building.example(known, invented=state.invented) if run and not state.changes else None,
        "live": building.live(run, known) if run else None,
        "answer_url": state.link(known, "what_if_answer"),
        "fresh_url": state.link(known, changes=[]),
        "may_keep": could(request.user, "scenario.save"),
        "reasons": percentile_reasons(),
        "invented_present": state.invented,
    }
    if run and state.changes and request.GET.get("answer") == "1":
        context |= answered(request, run, state)
    status = UNPROCESSABLE if form is not None and state.added else 200
    return render(request, "torap/scenarios/builder.html", context, status=status)


def answer(request: KnownRequest) -> HttpResponse:
    """The answer alone, for the page that waits for it; as a file with `format`."""
    known, state = request.known, building.state_of(request.GET)
    run = newest_run(known, invented=state.invented)
    if run is None or not state.changes:
        return redirect(state.link(known))
    context = answered(request, run, state)
    if context.get("busy"):
        return _busy(request, context)
    if "turn" in context:
        return later(request, context)
    found = context.get("answer")
    if found is not None:
        file = downloaded(request.GET, "what-if", found.moved, found.targets)
        if file is not None:
            return file
    return render(request, "torap/scenarios/answer.html", context)


def _busy(request: KnownRequest, context: dict[str, Any]) -> HttpResponse:
    """Others are being answered: the part of a page that waits asks again by itself, anybody else is told
    when to."""
    waiting = "HX-Request" in request.headers
    context["again"] = request.get_full_path()
    status = 200 if waiting else UNAVAILABLE
    response = render(request, "torap/scenarios/answer.html", context, status=status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def downloaded(
    query: Mapping[str, str], name: str, moved: Sequence[Shift], changed: Sequence[TargetShift]
) -> HttpResponse | None:
    """What differs as a file, where one is asked for: the dates, or with `part=targets` the targets."""
    if query.get("part") == "targets":
        return download(query.get("format"), f"{name}-targets", targets.CSV_HEADER, targets.csv_rows(changed))
    return download(query.get("format"), name, shifts.CSV_HEADER, shifts.csv_rows(moved))


def later(request: KnownRequest, context: dict[str, Any]) -> HttpResponse:
    """It is not this visitor's turn: a part that asks again by itself, or a page that says when to."""
    part = request.headers.get("HX-Request") == "true"
    name = "turn" if part else "turn_page"
    status = 200 if part else TOO_MANY  # what asks again by itself is no failure
    answer = render(request, f"torap/scenarios/{name}.html", context, status=status)
    answer.headers["Retry-After"] = str(context["turn"].wait)
    return answer


def answered(request: KnownRequest, run: RunLine, state: building.State) -> dict[str, Any]:
    """What the changes do, or why that cannot be told."""
    known = request.known
    if not building.small(run):
        return {"too_large": True, "run": run, "keep": keep_form(request, run, state)}
    with limits.turn(request) as turn:
        if not turn.now:
            return {"turn": turn, "again": state.link(known, "what_if_answer"), "here": state.link(known)}
        try:
            found = scenario_answer(run.code, state.changes)
        except ApplicationError as error:
            return {
                "refusal": error_words(error),
                "busy": error.code == "busy",
                "change_number": error.params.get("change"),
            }
    return answer_context(found, known) | {
        "csv": state.link(known, "what_if_answer", format="csv"),
        "targets_csv": state.link(known, "what_if_answer", format="csv", part="targets"),
        "json": state.link(known, "what_if_answer", format="json"),
        "keep": keep_form(request, run, state),
    }


def answer_context(found: ScenarioAnswer, known: Any) -> dict[str, Any]:
    """An answer as its page tells it."""
    rows = shifts.shift_rows(found.moved[:SHOWN], known)
    return {
        "answer": found,
        "groups": shifts.grouped(rows),
        "summary": shifts.summary(found.moved),
        "balance": balance(found),
        "rows": rows,
        "counts": shifts.counted(found.counts),
        "targets": targets.target_shift_rows(found.targets, known),
        "total": len(found.moved),
        "chart": shifts.shift_chart(rows, known.day, invented=found.base.invented),
    }


def balance(found: ScenarioAnswer) -> dict[str, str]:
    """How many promises more or fewer are to be expected to hold, over all that have a chance."""
    change = sum(one.chance_change or 0.0 for one in found.moved)
    if abs(change) < 0.005:
        return {}
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return {
        "value": f"{sign}{formats.number(abs(round(change, 2)))}",
        "tone": "better" if change > 0 else "late",
        "note": _("Change in the number of promises expected to hold"),
    }


def keep_form(request: KnownRequest, run: RunLine, state: building.State) -> KeepForm | None:
    """The form that keeps the changes, for those who may; none below a what-if that is kept already."""
    if request.GET.get("kept") == "1" or not could(request.user, "scenario.save"):
        return None
    initial = {
        "changes": building.write_changes(state.changes),
        "base": run.code,
        "once": once.new_number(),
    }
    return KeepForm(initial=initial, auto_id="id_keep_%s")
