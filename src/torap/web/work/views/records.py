"""Figures, amounts and network capacity of subjects; obstacles, their removal and their escalation."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torap.common.permissions import require
from torap.delivery import services as delivery
from torap.delivery.selectors import milestone_states, obstacle_get, obstacle_states
from torap.registry import services as registry
from torap.registry.models import Subject
from torap.registry.selectors import place_get, project_get, subject_get
from torap.web import formats
from torap.web.presenters.links import known_link, subject_link
from torap.web.work import access, once
from torap.web.work.access import WorkRequest, holding, signed_in
from torap.web.work.forms.base import WorkForm
from torap.web.work.forms.records import (
    ClaimForm,
    MoneyForm,
    ObstacleForm,
    RemovalForm,
    UtilityForm,
    claims_of,
)
from torap.web.work.pages import Page, filled, form_page


@signed_in
def claim(request: WorkRequest, code: str) -> HttpResponse:
    """Add a figure to a subject, or put right one that was entered wrongly."""
    subject = subject_get(code)
    require(request.user, "claim.add", organisations=access.bodies_of_subject(subject))
    form = filled(request, ClaimForm, earlier=claims_of(subject))
    page = _subject_page(
        subject,
        title=_("Add a figure"),
        button=_("Add the figure"),
        done=_("The figure stands beside the others; the page shows the best by an open rule."),
        lead=_("Figures are never written over: each says who said it, when and where."),
    )

    def write() -> Any:
        data = form.cleaned_data
        fields = {
            "subject": code,
            "attribute": data["attribute"],
            "source": form.source_code() or "",
            "scope": data["scope"],
            "nature": data["nature"],
            "value": form.value(),
            "unit": data["unit"],
            "qualifier": data["qualifier"],
            "text": form.texts("text"),
            "about": form.about(),
            "confidence": data["confidence"],
            "note": form.texts("note"),
            **form.saying(),
        }
        key = f"{code}.{data['attribute']}.{once.new_number()[:12]}"
        corrects = data.get("corrects") or None
        return registry.claim_add(by=request.user, key=key, corrects=corrects, **fields)

    return form_page(request, form, page, write)


@signed_in
def money(request: WorkRequest, code: str) -> HttpResponse:
    """Add an amount of a project at one stage."""
    project = project_get(code)
    require(request.user, "money.add", organisations=access.bodies_of_subject(project))
    form = filled(request, MoneyForm)
    page = _subject_page(
        project,
        title=_("Add an amount"),
        button=_("Add the amount"),
        done=_("The amount was added to its stage."),
        lead=_("An announced sum is a word; only a realised one has been built."),
    )
    names = ("stage", "qualifier", "amount", "currency", "part", "note")
    return form_page(
        request,
        form,
        page,
        lambda: registry.money_add(
            by=request.user,
            key=f"{code}.{once.new_number()[:12]}",
            project=code,
            source=form.source_code() or "",
            **{name: form.cleaned_data[name] for name in names},
            **form.saying(),
        ),
    )


@signed_in
def utility(request: WorkRequest, code: str) -> HttpResponse:
    """Add capacity of a network at a place: added, reserved, taken or released."""
    place = place_get(code)
    require(request.user, "utility.add", organisations=access.bodies_of_subject(place))
    form = filled(request, UtilityForm)
    page = _subject_page(
        place,
        title=_("Add network capacity"),
        button=_("Add the capacity"),
        done=_("The capacity was added to the ledger of the network."),
        lead=_("The free capacity may never fall below zero, on any day."),
    )
    names = ("kind", "move", "basis", "amount", "effective_from")
    return form_page(
        request,
        form,
        page,
        lambda: registry.utility_entry_add(
            by=request.user,
            key=f"{code}.{once.new_number()[:12]}",
            place=code,
            source=form.source_code() or "",
            **{name: form.cleaned_data[name] for name in names},
            **form.saying(),
        ),
    )


@signed_in
def obstacle(request: WorkRequest, code: str) -> HttpResponse:
    """Name what stands in the way of a subject, and who has to remove it."""
    subject = subject_get(code)
    require(request.user, "obstacle.add", organisations=access.bodies_of_subject(subject))
    states = milestone_states(access.today(), subject_ids=[subject.pk])
    milestones = [(state.code, state.milestone.name) for state in states if not state.done]
    wanted = request.GET.get("milestone", "")
    form = filled(request, ObstacleForm, milestones=milestones)
    form.fields["milestone"].initial = wanted
    page = _subject_page(
        subject,
        title=_("Name an obstacle"),
        button=_("Add the obstacle"),
        done=_("The obstacle was added; it climbs the ladder until it is removed."),
    )

    def write() -> Any:
        data = form.cleaned_data
        return delivery.obstacle_save(
            by=request.user,
            code=f"{code[:100]}-{once.new_number()[:8]}",
            text=form.texts("text") or "",
            blocks=code,
            said=data["said"],
            milestone=data["milestone"] or None,
            holder=data["holder"] or None,
            raised_by=data["raised_by"],
            source=form.source_code(),
        )

    return form_page(request, form, page, write)


@signed_in
def removal(request: WorkRequest, code: str) -> HttpResponse:
    """Say that an obstacle is gone."""
    state = obstacle_get(code, access.today())
    bodies = access.bodies_of_obstacle(state.obstacle)
    require(request.user, "obstacle.remove", organisations=bodies)
    form = filled(request, RemovalForm)
    page = Page(
        title=_("The obstacle is removed"),
        about=state.obstacle.text,
        back=known_link(None, "obstacle", code),
        button=_("Record the removal"),
        done=_("The removal was recorded."),
        facts=[
            (_("It blocks"), state.obstacle.blocks.name),
            (_("To be removed by"), state.obstacle.holder.name if state.obstacle.holder else ""),
            (_("Known since"), formats.day(state.obstacle.said_to)),
        ],
    )
    return form_page(
        request,
        form,
        page,
        lambda: delivery.obstacle_remove(
            by=request.user,
            obstacle=code,
            happened_on=form.cleaned_data["happened_on"],
            note=form.cleaned_data["note"],
            source=form.source_code(),
        ),
    )


@holding("obstacle.escalate")
def escalation(request: WorkRequest) -> HttpResponse:
    """Climb every rung of the ladder that has fallen due; the nightly job does the same."""
    due = [state for state in obstacle_states(access.today(), open_only=True) if state.rungs_due]
    page = Page(
        title=_("Escalate what is due"),
        about="",
        back=known_link(None, "obstacle_list"),
        button=_("Take the rungs"),
        done=_("Every rung that was due is taken."),
        lead=_("A rung is climbed once, whoever presses the button."),
        facts=[(state.obstacle.text, len(state.rungs_due)) for state in due],
    )

    def told(events: list[Any]) -> str:
        words = ngettext("%(count)s rung was taken.", "%(count)s rungs were taken.", len(events))
        return words % {"count": len(events)}

    return form_page(
        request,
        filled(request, WorkForm),
        page,
        lambda: delivery.obstacle_escalate_all(by=request.user),
        told=told,
        template="torap/work/escalation.html",
    )


def _subject_page(subject: Subject, *, title: str, button: str, done: str, **more: Any) -> Page:
    back = subject_link(None, subject.kind, subject.code)
    return Page(title=title, about=subject.name, back=back, button=button, done=done, **more)
