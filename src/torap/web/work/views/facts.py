"""Facts files: send, see what would change and what is refused, then load; and the reports of all loads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from torap.common.errors import ApplicationError
from torap.common.models import User
from torap.common.permissions import system_user
from torap.delivery.selectors import Move
from torap.intake import sentences
from torap.intake.compare import Change, Preview
from torap.intake.models import FactsLoad
from torap.intake.preview import NamedFile
from torap.intake.problems import Problem
from torap.intake.search import search_refresh
from torap.intake.selectors import load_get, load_list, load_problems
from torap.intake.services import Trial, facts_apply, facts_preview, facts_trial, moves_of
from torap.publish.moved import moved_groups
from torap.publish.tables import csv_response
from torap.web.work import holding as held
from torap.web.work import words
from torap.web.work.access import WorkRequest, holding
from torap.web.work.forms.base import WorkForm
from torap.web.work.forms.facts import FactsForm
from torap.web.work.pages import CONFLICT, UNPROCESSABLE, Page, filled, once_only

SHOWN_CHANGES = 300
SHOWN_PROBLEMS = 500
SHOWN_REMOVED = 50
TRIED_ROWS = 3000  # a few seconds; more rows are compared only, and what they move is told after the load
PROBLEM_HEADER = ("severity", "file", "line", "section", "row", "field", "what", "repair")


@holding("facts.load")
def upload(request: WorkRequest) -> HttpResponse:
    """Send files. What they would do is shown next; nothing is written."""
    form = filled(request, FactsForm)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                return _checked(request, form.named())
            except ApplicationError as error:
                form.refuse(error)
        status = UNPROCESSABLE
    page = Page(
        title=_("Load facts"),
        about="",
        back=reverse("facts_upload"),
        button=_("Check the files"),
        done="",
        lead=_(
            "Files are checked first. You see every change and every refused row before anything is written."
        ),
        files=True,
    )
    context = {"form": form, "page": page, "loads": load_list()[:20]}
    return render(request, "torap/work/facts.html", context, status=status)


def _checked(request: WorkRequest, files: list[NamedFile]) -> HttpResponse:
    facts_preview(files)  # a refusal of the whole upload is told beside the field
    return redirect("facts_preview", number=held.keep(request.user, files))


@holding("facts.load")
def preview(request: WorkRequest, number: str) -> HttpResponse:
    """What loading the files sent would do; loading them when agreed to."""
    files = held.kept(request.user, number)
    if not files:
        messages.warning(request, _("The files are kept for a day, and are gone now. Send them again."))
        return redirect("facts_upload")
    if request.GET.get("format") == "csv":
        found = _tried(request.user, files).preview
        return csv_response("facts-findings", PROBLEM_HEADER, _problem_csv(found.problems))
    form = filled(request, WorkForm)
    if request.method == "POST" and form.is_valid():
        agreed = request.POST.get("sha256", "")
        written, result = once_only(request, form, lambda: _apply(request.user, files, agreed))
        if isinstance(result, ApplicationError):
            form.refuse(result)
            return _show(request, _tried(request.user, files), form, number, status=CONFLICT)
        held.drop(request.user, number)
        if not written:
            return redirect("facts_upload")
        messages.success(request, _("The facts were loaded."))
        return redirect("facts_load", load_id=result.pk)
    return _show(request, _tried(request.user, files), form, number)


def _tried(by: User, files: list[NamedFile]) -> Trial:
    return facts_trial(by=by, files=files, rows_at_most=TRIED_ROWS)


def _apply(by: User, files: list[NamedFile], agreed: str) -> FactsLoad:
    load = facts_apply(by=by, files=files, expected_sha256=agreed or "none")
    search_refresh(by=system_user())
    return load


def _show(
    request: WorkRequest, tried: Trial, form: WorkForm, number: str, *, status: int = 200
) -> HttpResponse:
    found = tried.preview
    changes = found.to_apply
    context = {
        "found": found,
        "form": form,
        "number": number,
        "totals": _totals(found),
        "changes": [change_row(change) for change in changes[:SHOWN_CHANGES]],
        "more_changes": max(0, len(changes) - SHOWN_CHANGES),
        "problems": problem_rows(found.problems[:SHOWN_PROBLEMS]),
        "more_problems": max(0, len(found.problems) - SHOWN_PROBLEMS),
        "removed": [
            {"words": words.section_words(row.section), "key": row.key}
            for row in found.removed[:SHOWN_REMOVED]
        ],
        "moved": _moved(tried.moves),
        "tried": tried.tried,
        "unreadable": [file.name for file in found.files if file.unreadable],
        "invented_present": any(file.invented for file in found.files),
        "crumbs": [(_("Load facts"), reverse("facts_upload"))],
    }
    return render(request, "torap/work/facts_preview.html", context, status=status)


def _moved(moves: Iterable[Move]) -> list[dict[str, Any]]:
    """What moves, group by group, each line with the page it speaks of."""
    return [
        {
            "title": group.title,
            "lines": [
                {
                    "text": line.text,
                    "was": line.was,
                    "now": line.now,
                    "because": line.because,
                    "href": words.target_url(line.kind, line.code) if line.code else "",
                }
                for line in group.lines
            ],
        }
        for group in moved_groups(moves)
    ]


def _totals(found: Preview) -> dict[str, int]:
    return {
        name: found.total(name)
        for name in ("in_files", "new", "changed", "corrected", "unchanged", "refused")
    }


def change_row(change: Change) -> dict[str, Any]:
    """A row that would be written: what it is, and field by field what differs."""
    labels = {"new": _("new"), "changed": _("changed"), "corrected": _("correction added")}
    row = change.row
    return {
        "section_words": words.section_words(row.section),
        "key": row.key,
        "file": row.row.file,
        "line": row.row.line,
        "state": change.state,
        "label": labels.get(change.state, change.state),
        "differences": [
            {
                "field": one.field,
                "words": words.field_words(one.field),
                "before": _shown(one.before),
                "after": _shown(one.after),
            }
            for one in change.differences
        ],
        "fields": [] if change.state != "new" else _plain_fields(row.canonical),
    }


def _plain_fields(values: Any, path: str = "") -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for name, value in dict(values).items():
        if isinstance(value, dict):
            rows += _plain_fields(value, f"{path}{name}.")
        elif value not in (None, "", [], False):
            rows.append((f"{path}{name}", words.field_words(f"{path}{name}"), _shown(value)))
    return rows


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(item)}" for name, item in value.items())
    return str(value)


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Findings with their sentences: what is wrong, where, and how to mend it."""
    return [
        {
            "problem": problem,
            "section_words": words.section_words(problem.section) if problem.section else "",
            "where": f"{problem.file}:{problem.line}",
            "what": sentences.message(problem),
            "repair": sentences.repair(problem),
            "is_error": problem.severity == "error",
        }
        for problem in problems
    ]


def _problem_csv(problems: Iterable[Problem]) -> list[tuple[Any, ...]]:
    return [
        (p.severity, p.file, p.line, p.section, p.key, p.field, sentences.message(p), sentences.repair(p))
        for p in problems
    ]


@holding("facts.load")
def load(request: WorkRequest, load_id: int) -> HttpResponse:
    """The report of one load."""
    row = load_get(load_id)
    problems = load_problems(row)
    if request.GET.get("format") == "csv":
        return csv_response(f"load-{load_id}", PROBLEM_HEADER, _problem_csv(problems))
    context = {
        "load": row,
        "report": row.report,
        "totals": row.report.get("totals", {}),
        "moved": _moved(moves_of(row)),
        "problems": problem_rows(problems[:SHOWN_PROBLEMS]),
        "more_problems": max(0, len(problems) - SHOWN_PROBLEMS),
        "crumbs": [(_("Load facts"), reverse("facts_upload"))],
    }
    return render(request, "torap/work/facts_load.html", context)
