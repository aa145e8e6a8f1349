"""Evidence: giving it, looking at it in the name of another body, and opening its file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from torap.common.errors import NotFound
from torap.common.permissions import require
from torap.delivery import services
from torap.delivery.models import Evidence
from torap.delivery.selectors import EvidenceItem, evidence_waiting, instruction_get, milestone_get
from torap.publish.wording import quoted
from torap.registry.selectors import subject_list
from torap.rules.known import AsKnown
from torap.web import formats
from torap.web.presenters import statuses
from torap.web.presenters.links import known_link
from torap.web.work import access
from torap.web.work.access import WorkRequest, holding, signed_in
from torap.web.work.forms.milestones import EvidenceForm, VerificationForm
from torap.web.work.pages import Page, filled, form_page
from torap.web.work.views.instructions import instruction_page
from torap.web.work.views.milestones import milestone_page

# The type each kind of file is sent with; what a browser would run is not among them.
CONTENT_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"


@signed_in
def for_milestone(request: WorkRequest, code: str) -> HttpResponse:
    """Give evidence for a milestone."""
    state = milestone_get(code, access.today())
    words = _words()
    return _give(request, milestone_page(state, **words), milestone=code)


@signed_in
def for_instruction(request: WorkRequest, code: str) -> HttpResponse:
    """Give evidence for an instruction."""
    state = instruction_get(code, access.today())
    return _give(request, instruction_page(state, **_words()), instruction=code)


def _words() -> dict[str, Any]:
    return {
        "title": _("Give evidence"),
        "button": _("Give the evidence"),
        "done": _("The evidence was given. It counts when another body has accepted it."),
        "lead": _("What you give is judged by another body; until then it counts for nothing."),
        "files": True,
    }


def _give(
    request: WorkRequest, page: Page, *, milestone: str | None = None, instruction: str | None = None
) -> HttpResponse:
    bodies = access.bodies_for(request.user, "evidence.add")
    require(request.user, "evidence.add", organisations=bodies or ())
    form = filled(request, EvidenceForm)

    def write() -> Evidence:
        data = form.cleaned_data
        return services.evidence_add(
            by=request.user,
            type=data["type"],
            shows_on=data["shows_on"],
            title=data["title"],
            given_by=data["given_by"],
            url=data["url"],
            file=data["file"],
            lat=data["lat"],
            lon=data["lon"],
            milestone=milestone,
            instruction=instruction,
        )

    return form_page(request, form, page, write, told=lambda row: _twins(row, access.today()))


def _twins(evidence: Evidence, known: AsKnown) -> str:
    """A word of warning when the same file was given before."""
    if not evidence.sha256:
        return ""
    if evidence.milestone is not None:
        items = milestone_get(evidence.milestone.code, known).evidence
    else:
        items = instruction_get(evidence.instruction.code if evidence.instruction else "", known).evidence
    same = next((item.same_file for item in items if item.evidence.pk == evidence.pk), ())
    if not same:
        return ""
    names = ", ".join(f"{quoted(twin.title)} ({twin.code})" for twin in same)
    return _("This very file was given before: %(names)s.") % {"names": names}


@holding("evidence.verify")
def waiting(request: WorkRequest) -> HttpResponse:
    """Evidence to look at: all that nobody looked at yet, or that of one milestone or instruction."""
    milestone, instruction = request.GET.get("milestone", ""), request.GET.get("instruction", "")
    if milestone:
        items = list(milestone_get(milestone, access.today()).evidence)
    elif instruction:
        items = list(instruction_get(instruction, access.today()).evidence)
    else:
        items = evidence_waiting(access.today())
    own = set(access.own_bodies(request.user))
    subjects = subject_list(
        ids=[item.evidence.milestone.subject_id for item in items if item.evidence.milestone]
    )
    names = {subject.pk: subject.name for subject in subjects}
    context = {"rows": [_row(item, own, names) for item in items], "narrowed": bool(milestone or instruction)}
    return render(request, "torap/work/evidence_waiting.html", context)


def _row(item: EvidenceItem, own: set[str], subjects: dict[int, str]) -> dict[str, Any]:
    row = item.evidence
    about = row.instruction.text if row.instruction else ""
    if row.milestone is not None:
        about = f"{subjects[row.milestone.subject_id]}: {row.milestone.name}"
    kind = "milestone" if row.milestone_id else "instruction"
    thing = row.milestone or row.instruction
    giver = row.given_by
    return {
        "item": item,
        "row": row,
        "about": about,
        "words": statuses.verdict_words(item.verdict),
        "href": known_link(None, kind, thing.code) if thing else "",
        "own": giver is not None and giver.code in own,
        "giver": giver.name if giver else "",
        "verify": reverse("evidence_verify", args=[row.pk]) if giver and giver.code not in own else "",
    }


@holding("evidence.verify")
def verify(request: WorkRequest, pk: int) -> HttpResponse:
    """Record what was found on looking at the evidence."""
    row = _evidence(pk)
    form = filled(request, VerificationForm, evidence=row)
    page = Page(
        title=_("Verify evidence"),
        about=row.title,
        back=_back(row),
        button=_("Record the verdict"),
        done=_("The verdict was recorded."),
        lead=_("Open the evidence, compare it with what it is said to show, and say what you found."),
        facts=[
            (_("It is evidence for"), _about(row)),
            (_("Kind"), row.get_type_display()),
            (_("Shows the state on"), formats.day(row.shows_on)),
            (_("Given by"), row.given_by.name if row.given_by else ""),
            (_("SHA-256 of the file"), row.sha256),
        ],
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.evidence_verify(
            by=request.user,
            evidence=pk,
            verdict=data["verdict"],
            organisation=data["organisation"],
            note=data["note"],
        )

    return form_page(request, form, page, write, template="torap/work/verify.html")


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a piece of evidence, always as a download and never as something a browser would run."""
    row = _evidence(pk)
    if not row.file.name or not row.file.storage.exists(row.file.name):
        raise NotFound("not_found", field="evidence", entity="file", value=row.file_name or pk)
    ending = PurePath(row.file_name).suffix.lower().lstrip(".")
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=True,
        filename=row.file_name,
        content_type=CONTENT_TYPES.get(ending, UNKNOWN_TYPE),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _evidence(pk: int) -> Evidence:
    rows = Evidence.objects.select_related("milestone__subject", "instruction", "given_by")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound("not_found", field="evidence", entity="evidence", value=pk)
    return row


def _about(row: Evidence) -> str:
    if row.milestone is not None:
        return f"{row.milestone.subject.name}: {row.milestone.name}"
    return row.instruction.text if row.instruction else ""


def _back(row: Evidence) -> str:
    if row.milestone is not None:
        return f"{known_link(None, 'milestone', row.milestone.code)}#evidence-{row.pk}"
    code = row.instruction.code if row.instruction else ""
    return f"{known_link(None, 'instruction', code)}#evidence-{row.pk}"
