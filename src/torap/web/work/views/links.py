"""What a milestone waits for: something is looked for, the link is said, or dropped where it fails."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torap.common.errors import NotFound
from torap.common.permissions import require
from torap.delivery import services
from torap.delivery.selectors import MilestoneState, around, milestone_get, nodes_found
from torap.web.presenters.nodes import node_words
from torap.web.work import access
from torap.web.work.access import WorkRequest, signed_in
from torap.web.work.forms.links import LinkDropForm, LinkForm
from torap.web.work.pages import filled, form_page
from torap.web.work.views.milestones import milestone_page


@signed_in
def add(request: WorkRequest, code: str) -> HttpResponse:
    """Look for what the milestone waits for (`q`), then say so."""
    state = _state(request, code)
    query = request.GET.get("q", "").strip()
    known = access.today()
    own = f"milestone:{code}"
    found = [node for node in nodes_found(query, known, invented=state.invented) if node.key != own]
    page = milestone_page(
        state,
        title=_("Say what it waits for"),
        button=_("It waits for this"),
        done=_("The link stands."),
        lead=_("Look for a milestone, an instruction, a network or a plot by its name or the place's."),
    )
    if not found:
        return render(request, "torap/work/link.html", {"page": page, "query": query})
    form = filled(request, LinkForm, found=found)

    def write() -> Any:
        data = form.cleaned_data
        return services.link_add(
            by=request.user,
            before=data["before"],
            after=own,
            type=data["type"],
            lag=data["lag"],
            lag_unit=data["lag_unit"],
            why=form.texts("why"),
            source=form.source_code(),
            invented=state.invented,
            **form.saying(),
        )

    return form_page(request, form, page, write, template="torap/work/link.html")


@signed_in
def drop(request: WorkRequest, code: str) -> HttpResponse:
    """Say that the milestone does not wait for `from`, and why."""
    state = _state(request, code)
    before = request.GET.get("from", "")
    own = f"milestone:{code}"
    near = around(code, state.subject.code, access.today(), invented=state.invented)
    told = next((one for one in near.waits_for if one.link.before == before), None)
    if told is None:
        raise NotFound("no_such_link", field="before", entity="delivery_link", value=before)
    form = filled(request, LinkDropForm)
    page = milestone_page(
        state,
        title=_("It does not wait for this"),
        button=_("Drop the link"),
        done=_("The link is dropped from today on; earlier days still show it."),
        lead=_("Nothing is deleted: for days before it was said the link stands."),
        danger=True,
        notices=[("info", node_words(told.node))],
    )

    def write() -> Any:
        return services.link_drop(
            by=request.user,
            before=before,
            after=own,
            why=form.texts("why") or "",
            source=form.source_code(),
            invented=state.invented,
            **form.saying(),
        )

    return form_page(request, form, page, write)


def _state(request: WorkRequest, code: str) -> MilestoneState:
    state = milestone_get(code, access.today())
    require(request.user, "link.add", organisations=access.holders_of_milestone(state.milestone))
    return state
