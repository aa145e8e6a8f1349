"""Scenarios people keep: saved under a name, computed as a run, put away. Every write is a service's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torap.common.errors import ApplicationError, NotAllowed, NotFound
from torap.rules.known import AsKnown
from torap.runs.models import RunRequest
from torap.runs.selectors import ScenarioLine, newest_run, run_get, scenario_get, scenario_list
from torap.runs.services import run_ask, scenario_discard, scenario_save
from torap.web.presenters.errors import error_words
from torap.web.presenters.forecast_tabs import forecast_tabs
from torap.web.presenters.links import known_link
from torap.web.presenters.people import people
from torap.web.requests import KnownRequest
from torap.web.runs.presenters import run_rows
from torap.web.scenarios import builder as building
from torap.web.scenarios.changes import change_words, read_changes, write_changes
from torap.web.scenarios.forms import KeepForm
from torap.web.work import once
from torap.web.work.access import WorkRequest, could, signed_in
from torap.web.work.pages import CONFLICT, UNPROCESSABLE


def _after(request: WorkRequest) -> AsKnown:
    """The day of the page that shows what was just made: by the auditors' clock it is not there yet."""
    return AsKnown(request.known.day)


@require_POST
@signed_in
def keep(request: WorkRequest) -> HttpResponse:
    """Keep the changes under a name; then the page of the scenario."""
    form = KeepForm(request.POST, auto_id="id_keep_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                if not once.take(request.user, given["once"]):
                    return _sent_before(request, form)
                row = scenario_save(
                    by=request.user,
                    title=given["title"],
                    note=given["note"],
                    changes=read_changes(given["changes"]),
                    base=given["base"],
                )
        except (NotAllowed, NotFound):
            raise
        except ApplicationError as error:
            form.add_error(None, error_words(error).text)
        else:
            messages.success(request, _("Kept. The live data is untouched."))
            return redirect(known_link(_after(request), "scenario", row.code))
    return render(request, "torap/scenarios/keep.html", {"keep": form}, status=UNPROCESSABLE)


def _sent_before(request: WorkRequest, form: KeepForm) -> HttpResponse:
    """A form sent a second time: the same what-if is kept already and shown; another one, written after the
    browser's Back, gets a form of its own, for nothing written may be lost in silence."""
    given = form.cleaned_data
    wanted = (given["title"], given["note"], read_changes(given["changes"]))
    for one in scenario_list(owner=request.user.get_username(), discarded=True):
        if (one.title, one.note, list(one.changes)) == wanted:
            messages.info(request, _("This form was sent before; it was written once."))
            return redirect(known_link(_after(request), "scenario", one.code))
    fresh = KeepForm({**given, "once": once.new_number()}, auto_id="id_keep_%s")
    fresh.add_error(
        None,
        _("This form was sent before, with other words. Send it once more to keep this what-if as well."),
    )
    return render(request, "torap/scenarios/keep.html", {"keep": fresh}, status=CONFLICT)


def kept_list(request: KnownRequest) -> HttpResponse:
    """Every scenario that is kept; below them, folded, those put away."""
    known = request.known
    every = scenario_list(known, discarded=True)
    rows = [one for one in every if not one.discarded]
    away = [one for one in every if one.discarded]
    names = people((one.owner for one in every), request.user)
    context = {
        "tabs": forecast_tabs("what_if", known),
        "rows": [_row(one, known, names) for one in rows],
        "discarded": [_row(one, known, names) for one in away],
        "opened": request.GET.get("all") == "1",
        "invented_present": any(one.invented for one in every),
    }
    return render(request, "torap/scenarios/list.html", context)


def _row(one: ScenarioLine, known: Any, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "line": one,
        "href": known_link(known, "scenario", one.code),
        "count": len(one.changes),
        "owner": names.get(one.owner, ""),
    }


def scenario(request: KnownRequest, code: str) -> HttpResponse:
    """One scenario: its changes, its answer beside the live picture, its runs."""
    known = request.known
    found = scenario_get(code, known)
    run = newest_run(known, invented=found.invented)
    names = building.names_for(found.changes, known)
    query = {"changes": write_changes(found.changes), "invented": "1" if found.invented else None}
    small = run is not None and building.small(run)
    own = request.user.is_authenticated and found.owner == request.user.get_username()
    context: dict[str, Any] = {
        "scenario": found,
        "owner": people([found.owner], request.user).get(found.owner, ""),
        "run": run,
        "crumbs": [
            (_("Forecast"), known_link(known, "forecast")),
            (_("What if"), known_link(known, "what_if")),
            (_("Kept"), known_link(known, "scenario_list")),
        ],
        "changes": [change_words(one, names) for one in found.changes],
        "edit_url": known_link(known, "what_if", **query),
        "answer_url": known_link(known, "what_if_answer", kept="1", **query) if small else "",
        "runs": run_rows(found.runs, known),
        "may_run": run is not None and not found.discarded and could(request.user, "run.request"),
        "may_discard": not found.discarded
        and could(request.user, "scenario.save")
        and (own or could(request.user, "scenario.any")),
        "invented_present": found.invented,
    }
    return render(request, "torap/scenarios/scenario.html", context)


@require_POST
@signed_in
def compute(request: WorkRequest, code: str) -> HttpResponse:
    """Compute the scenario as a run; then the comparison, or the page that shows how far it is."""
    found = scenario_get(code)
    base = newest_run(request.known, invented=found.invented)
    if base is None:
        raise NotFound("not_found", field="base", entity="run", value="")
    row = run_ask(by=request.user, kind="scenario", scenario=code, base=base.code, title=found.title)
    if isinstance(row, RunRequest):
        return redirect(known_link(_after(request), "run_asked", row.code))
    if run_get(row.code).done:
        return redirect(known_link(_after(request), "run_compare", a=base.code, b=row.code))
    return redirect(known_link(_after(request), "run", row.code))


@require_POST
@signed_in
def discard(request: WorkRequest, code: str) -> HttpResponse:
    """Put the scenario away; it stays to be read."""
    scenario_discard(by=request.user, code=code)
    messages.success(request, _("Discarded. The live data is untouched."))
    return redirect(known_link(request.known, "scenario_list", all="1"))
