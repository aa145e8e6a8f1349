"""A run that was asked for and whose input is still being read: its page, and stopping what is under way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from torap.common.errors import ApplicationError
from torap.rules.known import AsKnown
from torap.runs.selectors import RequestLine, request_get, run_get
from torap.runs.services import request_stop, run_stop
from torap.web import formats
from torap.web.presenters.errors import ErrorWords, error_words
from torap.web.presenters.links import known_link
from torap.web.presenters.people import people
from torap.web.presenters.replays import moment
from torap.web.requests import KnownRequest
from torap.web.runs.presenters import KINDS, STATES, asked_by, compared_with, read_words
from torap.web.work.access import WorkRequest, could, signed_in

READING = gettext_lazy("reading its input")


def asked(request: KnownRequest, code: str) -> HttpResponse:
    """What was asked and how much of its input is read; once that is done, the run that came of it."""
    known, line = request.known, request_get(code)
    if request.GET.get("part") == "progress":
        context = {"line": line, "again": request.get_full_path()}
        answer = render(request, "torap/runs/asked_progress.html", context)
        if line.run:
            answer.headers["HX-Redirect"] = known_link(known, "run", line.run)
        elif not line.open:
            answer.headers["HX-Refresh"] = "true"  # the page shows why, and no button to stop
        return answer
    if line.run:
        return redirect(known_link(known, "run", line.run))
    context = {
        "line": line,
        "row": asked_row(line, known),
        "failure": _failure(line),
        "facts": _facts(replace(line, by=people([line.by], request.user).get(line.by, "")), known),
        "again": known_link(known, "run_asked", code, part="progress"),
        "here": request.get_full_path(),
        "may_stop": line.open and may_stop(request.user, line.by),
        "crumbs": [
            (_("Forecast"), known_link(known, "forecast")),
            (_("Runs"), known_link(known, "run_list")),
        ],
        "invented_present": line.invented,
    }
    return render(request, "torap/runs/asked.html", context)


def may_stop(user: Any, asked_by: str) -> bool:
    """Whether a person is shown the button that stops what `asked_by` asked for; the service decides."""
    return could(user, "run.request") and (user.get_username() == asked_by or could(user, "run.any"))


@require_POST
@signed_in
def stop_asked(request: WorkRequest, code: str) -> HttpResponse:
    """Stop the reading, or the run where that has come of it meanwhile; then the page that says so."""
    line = request_get(code)
    if line.run:
        return _stopped(request, line.run)
    _say(request, request_stop(by=request.user, code=code))
    return redirect(known_link(request.known, "run_asked", code))


@require_POST
@signed_in
def stop_run(request: WorkRequest, code: str) -> HttpResponse:
    """Stop a run that waits or is being computed; then its page."""
    return _stopped(request, code)


def _stopped(request: WorkRequest, code: str) -> HttpResponse:
    found = run_get(code)
    _say(request, run_stop(by=request.user, code=found.code))
    return redirect(known_link(request.known, "run", found.code))


def _say(request: WorkRequest, stopped: bool) -> None:
    if not stopped:  # else the page says it
        messages.info(request, _("It was over already; there was nothing to stop."))


def asked_row(line: RequestLine, known: AsKnown) -> dict[str, Any]:
    """A request as its page and the list of runs tell it."""
    mark, words = STATES[line.state]
    made = timezone.localtime(line.asked_at)
    values = {
        "kind": str(KINDS.get(line.kind, line.kind)),
        "day": formats.day(line.known_on),
        "time": f"{made:%H:%M}",
    }
    return {
        "title": line.title or _("%(kind)s of %(day)s, asked for at %(time)s") % values,
        "href": known_link(known, "run_asked", line.code),
        "mark": mark,
        "state": str(READING if line.state == "running" else words),
        "percent": line.percent,
        "line": line,
    }


def _facts(line: RequestLine, known: AsKnown) -> list[dict[str, str]]:
    pairs = [
        {"name": _("As known on"), "text": formats.day(line.known_on)},
        {"name": _("Recorded before"), "text": moment(line.until)},
        {"name": _("Read from the ledger as of"), "text": read_words(line)},
        {"name": _("Trials"), "text": formats.number(line.trials, 0)},
        {"name": _("Seed"), "text": str(line.seed)},
        asked_by(line),
        *compared_with(line, known),
    ]
    return [pair for pair in pairs if pair["text"]]


def _failure(line: RequestLine) -> ErrorWords | None:
    return error_words(ApplicationError(line.error, **dict(line.error_params))) if line.error else None
