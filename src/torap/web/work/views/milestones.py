"""Promises, reports and new milestones."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from torap.common.errors import Conflict
from torap.common.permissions import may, require
from torap.delivery import services
from torap.delivery.models import Milestone
from torap.delivery.selectors import MilestoneState, milestone_get
from torap.registry.selectors import subject_get
from torap.rules.fold import latin
from torap.web.presenters import statuses
from torap.web.presenters.links import known_link, subject_link
from torap.web.presenters.milestones import promise_words
from torap.web.work import access
from torap.web.work.access import WorkRequest, signed_in
from torap.web.work.forms.milestones import MilestoneForm, PromiseForm, ReportForm
from torap.web.work.pages import Page, filled, form_page


@signed_in
def promise(request: WorkRequest, code: str) -> HttpResponse:
    """Add a promised date to a milestone, or put right one that was entered wrongly."""
    state = milestone_get(code, access.today())
    require(request.user, "promise.add", organisations=access.bodies_of_milestone(state.milestone))
    form = filled(request, PromiseForm, state=state)
    page = milestone_page(
        state,
        title=_("Add a promise"),
        button=_("Add the promise"),
        done=_("The promise stands beside the earlier ones."),
        lead=_("Earlier promises stay for ever; the first one is the yardstick."),
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.promise_add(
            by=request.user,
            milestone=code,
            as_said=data["as_said"],
            source=form.source_code() or "",
            earliest=data["earliest"],
            latest=data["latest"],
            yardstick=data["yardstick"],
            reason=form.texts("reason"),
            corrects=data.get("corrects") or None,
            **form.saying(),
        )

    return form_page(request, form, page, write)


@signed_in
def report(request: WorkRequest, code: str) -> HttpResponse:
    """Add what is said of a milestone's state."""
    state = milestone_get(code, access.today())
    require(request.user, "report.add", organisations=access.bodies_of_milestone(state.milestone))
    form = filled(request, ReportForm, state=state)
    page = milestone_page(
        state,
        title=_("Report progress"),
        button=_("Add the report"),
        done=_("The report was added."),
        lead=_("A report is a word. It counts as done when another body has accepted evidence."),
    )

    def write() -> Any:
        data = form.cleaned_data
        return services.report_add(
            by=request.user,
            milestone=code,
            state=data["state"],
            source=form.source_code() or "",
            done_on=data["done_on"],
            percent=data["percent"],
            text=form.texts("text"),
            corrects=data.get("corrects") or None,
            **form.saying(),
        )

    return form_page(request, form, page, write)


@signed_in
def milestone(request: WorkRequest, code: str) -> HttpResponse:
    """Add a milestone to a subject."""
    subject = subject_get(code)
    bodies = access.bodies_of_subject(subject)
    require(request.user, "milestone.add", organisations=bodies)
    own = None if may(request.user, "milestone.add") else access.shared(request.user, "milestone.add", bodies)
    form = filled(request, MilestoneForm, bodies=own)
    page = Page(
        title=_("Add a milestone"),
        about=subject.name,
        back=subject_link(access.today(), subject.kind, subject.code),
        button=_("Add the milestone"),
        done=_("The milestone was added. Now add its promise."),
    )

    def write() -> Any:
        data = form.cleaned_data
        name = form.texts("name") or {}
        new = new_code(code, name.get("en") or next((text for text in name.values() if text), ""))
        if Milestone.objects.filter(code=new).exists():
            raise Conflict("already_there", field="name_en", value=new)
        return services.milestone_save(
            by=request.user,
            code=new,
            subject=code,
            name=name,
            type=data["type"],
            holder=data["holder"] or None,
        )

    return form_page(request, form, page, write)


def milestone_page(state: MilestoneState, *, title: str, button: str, done: str, **more: Any) -> Page:
    """What stands around a form about a milestone: what was promised, and the three statuses."""
    about = f"{state.subject.name}: {state.milestone.name}"
    facts = [
        (_("First promise"), promise_words(state.first)),
        (_("Present promise"), promise_words(state.current)),
        (_("What is said"), statuses.said_words(state.said.code)),
        (_("What evidence supports"), statuses.evidenced_words(state.evidenced.code)),
        (_("Against the first promise"), statuses.schedule_words(state.schedule.code)),
        (_("Owed by"), state.holder.name if state.holder else ""),
    ]
    back = known_link(None, "milestone", state.code)
    return Page(title=title, about=about, back=back, button=button, done=done, facts=facts, **more)


def new_code(owner: str, words: str) -> str:
    """A code for a new thing of `owner`, from its name in English, or in whichever language it has one."""
    tail = slugify(latin(words))[:50].strip("-") or "milestone"
    return f"{owner}.{tail}".replace(".", "-")[:120]
