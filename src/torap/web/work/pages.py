"""The way of every form: show, check, write once, tell, go back; a refusal stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from torap.common.errors import ApplicationError, Conflict, NotAllowed, NotFound
from torap.web.work import once
from torap.web.work.access import WorkRequest
from torap.web.work.forms.base import WorkForm

F = TypeVar("F", bound=WorkForm)
UNPROCESSABLE = 422
CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands around a form: `title`, `about` (the name of the thing), where one goes `back` to.

    `facts` are (name, value) pairs shown beside the form; `notices` are (kind, sentence) pairs above it.
    """

    title: str
    about: str
    back: str
    button: str
    done: str
    lead: str = ""
    files: bool = False
    danger: bool = False
    facts: list[tuple[str, Any]] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    crumbs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def way(self) -> list[tuple[str, str]]:
        """The way here: as given, else the thing the form is about."""
        return self.crumbs or ([(self.about, self.back)] if self.about else [])


def filled(request: WorkRequest, form: type[F], **about: Any) -> F:
    """The form with what was sent; empty when nothing was."""
    sent = request.method == "POST"
    return form(request.POST if sent else None, request.FILES if sent else None, by=request.user, **about)


def form_page(
    request: WorkRequest,
    form: F,
    page: Page,
    write: Callable[[], Any],
    *,
    told: Callable[[Any], str] | None = None,
    template: str = "torap/work/form.html",
) -> HttpResponse:
    """Show `form`; when it was sent and is right, call `write` once and go back.

    `told` may add a sentence about what was written. A service's refusal of a value is shown in the form
    (422, or 409 when somebody was faster); a refusal of the person goes to the page of refusals.
    """
    if request.method != "POST":
        return _show(request, form, page, template)
    if not form.is_valid():
        return _show(request, form, page, template, status=UNPROCESSABLE)
    written, result = once_only(request, form, write)
    if isinstance(result, ApplicationError):
        form.refuse(result)
        status = CONFLICT if isinstance(result, Conflict) else UNPROCESSABLE
        return _show(request, form, page, template, status=status)
    if written:
        messages.success(request, page.done)
        if told is not None and (sentence := told(result)):
            messages.warning(request, sentence)
    return redirect(page.back)


def once_only(request: WorkRequest, form: WorkForm, write: Callable[[], Any]) -> tuple[bool, Any]:
    """Call `write` unless this very form was sent before. Returns (written, result or refusal)."""
    try:
        with transaction.atomic():
            if once.take(request.user, form.cleaned_data["once"]):
                return True, write()
    except (NotAllowed, NotFound):
        raise
    except ApplicationError as error:
        return False, error
    messages.info(request, _("This form was sent before; it was written once."))
    return False, None


def _show(
    request: WorkRequest, form: WorkForm, page: Page, template: str, *, status: int = 200
) -> HttpResponse:
    return render(request, template, {"form": form, "page": page}, status=status)
