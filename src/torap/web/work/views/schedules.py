"""Schedules below milestones: send a file, see its dates, quality and losses, attach it; open it."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torap.common.errors import ApplicationError, Conflict, NotFound
from torap.common.permissions import require
from torap.delivery.selectors import MilestoneState, milestone_get, schedule_get
from torap.engines.errors import EngineInputError
from torap.engines.schedule.worktime import moment
from torap.intake.schedules import ScheduleFileError
from torap.intake.schedules.attach import SchedulePreview, schedule_attach_file, schedule_preview
from torap.web import formats
from torap.web.presenters.links import known_link
from torap.web.requests import KnownRequest
from torap.web.work import access, schedule_words
from torap.web.work import holding as held
from torap.web.work.access import WorkRequest, signed_in
from torap.web.work.forms.schedules import AttachForm, ScheduleForm
from torap.web.work.missed_dates import missed_words
from torap.web.work.pages import CONFLICT, UNPROCESSABLE, Page, filled, once_only
from torap.web.work.views.milestones import milestone_page

SHOWN = 300
BAD_FILE = (ScheduleFileError, EngineInputError)


@signed_in
def upload(request: WorkRequest, code: str) -> HttpResponse:
    """Send a file. What it holds is shown next; nothing is written."""
    state = _state(request, code)
    form = filled(request, ScheduleForm)
    page = _page(
        state,
        title=_("Attach a schedule"),
        button=_("Look at the file"),
        lead=_("You see the dates, what fails its quality checks and what is lost before anything is kept."),
    )
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            data = form.cleaned_data
            name = PurePath(data["file"].name or "").name
            content = data["file"].read()
            try:
                schedule_preview(content, name=name, profile=data["profile"], project=data["project"])
            except BAD_FILE as error:
                form.add_error("file", schedule_words.refusal(error))
            else:
                number = held.keep(request.user, [(name, content)])
                query = urlencode({"profile": data["profile"], "project": data["project"]})
                return redirect(f"{reverse('work_schedule_preview', args=[code, number])}?{query}")
    return render(request, "torap/work/form.html", {"form": form, "page": page}, status=status)


@signed_in
def preview(request: WorkRequest, code: str, number: str) -> HttpResponse:
    """What the file sent holds; attaching it when agreed to."""
    state = _state(request, code)
    files = held.kept(request.user, number)
    if not files:
        messages.warning(request, _("The files are kept for a day, and are gone now. Send them again."))
        return redirect("work_schedule", code=code)
    (name, content), *_rest = files
    asked = {"profile": request.GET.get("profile", ""), "project": request.GET.get("project", "")}
    try:
        found = schedule_preview(content, name=name, **asked)
    except BAD_FILE as error:
        messages.error(request, schedule_words.refusal(error))
        return redirect("work_schedule", code=code)
    form = filled(request, AttachForm, found=found)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            written, result = once_only(
                request, form, lambda: _attach(request, state, form, name, content, asked)
            )
            if not isinstance(result, ApplicationError):
                held.drop(request.user, number)
                if written:
                    messages.success(request, _("The schedule was attached."))
                return redirect(f"{known_link(None, 'milestone', code)}#schedules")
            form.refuse(result)
            status = CONFLICT if isinstance(result, Conflict) else UNPROCESSABLE
    context = _context(state, form, found, name)
    return render(request, "torap/work/schedule_preview.html", context, status=status)


def _attach(
    request: WorkRequest,
    state: MilestoneState,
    form: AttachForm,
    name: str,
    content: bytes,
    asked: dict[str, str],
) -> Any:
    return schedule_attach_file(
        by=request.user,
        milestone=state.code,
        data=content,
        name=name,
        finish_activity=form.activity(),
        shares=form.shares(),
        expected_sha256=request.POST.get("sha256", ""),
        given_by=form.cleaned_data["given_by"] or None,
        invented=state.invented,
        profile=asked.get("profile", ""),
        project=asked.get("project", ""),
        **form.saying(),
    )


def float_words(minutes: int | None) -> str:
    """How much later a work may end without moving the end of the plan, in working hours; empty where the
    plan gives none."""
    return "" if minutes is None else _("%(hours)s h") % {"hours": formats.number(round(minutes / 60, 1))}


def _context(state: MilestoneState, form: AttachForm, found: SchedulePreview, name: str) -> dict[str, Any]:
    rows = [
        {
            "id": row.id,
            "name": row.name,
            "start": moment(dates.start),
            "finish": moment(dates.finish),
            "float": float_words(dates.total_float),
            "float_value": dates.total_float,
            "critical": dates.critical,
        }
        for row, dates in found.rows[:SHOWN]
    ]
    names = {row.id: row.name or "" for row in found.read.plan.activities}
    return {
        "form": form,
        "page": _page(state, title=_("What the schedule holds"), button=_("Attach the schedule"), lead=""),
        "found": found,
        "name": name,
        "format": schedule_words.format_words(found.read.format),
        "profile": schedule_words.profile_words(found.profile),
        "rows": rows,
        "more_rows": max(0, len(found.rows) - SHOWN),
        "data_date": moment(found.read.plan.data_date) if found.read.plan.data_date is not None else None,
        "finish": moment(found.dates.finish),
        "missed": [missed_words(row) for row in found.missed[:SHOWN]],
        "failed": [schedule_words.check_words(row, names) for row in found.failed],
        "passed": len([row for row in found.checks if row.passed]),
        **schedule_words.told(found.losses),
    }


@require_safe
def schedule_file(request: KnownRequest, key: str) -> FileResponse:
    """The file of an attached schedule, always as a download and never as something a browser would run."""
    row = schedule_get(key, request.known)
    if not row.file.name or not row.file.storage.exists(row.file.name):
        raise NotFound("not_found", field="key", entity="file", value=row.file_name or key)
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=True,
        filename=row.file_name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _page(state: MilestoneState, *, title: str, button: str, lead: str) -> Page:
    return milestone_page(state, title=title, button=button, done="", lead=lead, files=True)


def _state(request: WorkRequest, code: str) -> MilestoneState:
    state = milestone_get(code, access.today())
    require(request.user, "schedule.attach", organisations=access.holders_of_milestone(state.milestone))
    return state
