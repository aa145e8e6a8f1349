"""Changing working days by an order: first what would move, then the writing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.common.errors import ApplicationError
from torap.delivery.selectors import MovedClock, instruction_states
from torap.delivery.services import calendar_edit_apply
from torap.rules.obligations.model import Edition
from torap.web.law.words import step_words
from torap.web.presenters.links import known_link
from torap.web.work import access
from torap.web.work.access import WorkRequest, holding
from torap.web.work.forms.calendar import CalendarForm
from torap.web.work.pages import CONFLICT, UNPROCESSABLE, Page, filled, once_only


@holding("calendar.edit")
def edit(request: WorkRequest) -> HttpResponse:
    """Fill in the order; see which running clocks it moves, from when to when; then write it."""
    form = filled(request, CalendarForm)
    back = known_link(None, "calendar")
    page = Page(
        title=_("Change working days"),
        about="",
        back=back,
        button=_("Show what would move"),
        done=_("The days were changed."),
        lead=_("Nothing is written before you have seen which clocks move."),
        crumbs=[(_("Calendar"), back)],
    )
    if request.method != "POST" or "change" in request.POST:
        return _show(request, form, page)
    if not form.is_valid():
        return _show(request, form, page, status=UNPROCESSABLE)
    if request.POST.get("step") != "write":
        return _preview(request, form, page)
    written, result = once_only(
        request, form, lambda: calendar_edit_apply(by=request.user, edits=form.edits())
    )
    if isinstance(result, ApplicationError):
        form.refuse(result)
        return _show(request, form, page, status=UNPROCESSABLE)
    if written:
        messages.success(request, f"{page.done} {_moved_words(len(result))}")
    return redirect(page.back)


def _preview(request: WorkRequest, form: CalendarForm, page: Page) -> HttpResponse:
    """Try the writing and take it back: what a service would refuse is told before anybody agrees."""
    try:
        with transaction.atomic():
            moved = calendar_edit_apply(by=request.user, edits=form.edits())
            transaction.set_rollback(True)
    except ApplicationError as error:
        form.refuse(error)
        return _show(request, form, page, status=CONFLICT)
    context = {
        "form": form,
        "page": page,
        "preview": True,
        "edits": form.edits(),
        "moved": moved_rows(moved),
        "moved_words": _moved_words(len(moved)),
    }
    return render(request, "torap/work/calendar.html", context)


def moved_rows(moved: list[MovedClock]) -> list[dict[str, Any]]:
    """Clocks that move as table rows: of which instruction, which step, from when to when."""
    states = {
        state.code: state for state in instruction_states(access.today(), codes=[row.key for row in moved])
    }
    rows = []
    for row in moved:
        state = states.get(row.key)
        rows.append(
            {
                "row": row,
                "name": state.instruction.text if state else row.key,
                "href": known_link(None, "instruction", row.key),
                "step": step_words(row.step, _edition(state)),
            }
        )
    return rows


def _edition(state: Any) -> Edition | None:
    evaluation = state.control.evaluation if state else None
    return evaluation.edition if evaluation is not None else None


def _moved_words(count: int) -> str:
    if not count:
        return _("No running clock moves.")
    return ngettext("%(count)s running clock moves.", "%(count)s running clocks move.", count) % {
        "count": count
    }


def _show(request: WorkRequest, form: CalendarForm, page: Page, *, status: int = 200) -> HttpResponse:
    return render(request, "torap/work/calendar.html", {"form": form, "page": page}, status=status)
