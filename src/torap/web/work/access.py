"""Who stands at the desk: signed in or not, and for which bodies this person may do a thing.

Rights are decided in the services; what is asked here only keeps forms from being shown to those who would be
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from torap.common import permissions
from torap.common.models import User
from torap.common.permissions import ANY, OWN, RIGHTS, require
from torap.delivery.models import Instruction, Milestone, Obstacle
from torap.registry.models import Subject
from torap.registry.selectors import owners_of
from torap.rules.known import AsKnown
from torap.web.requests import KnownRequest

View = Callable[..., HttpResponse | StreamingHttpResponse]


class WorkRequest(KnownRequest):
    """A request of somebody who has signed in."""

    user: User


def signed_in(view: View) -> View:
    """Send a visitor to the sign-in page and back; never let a form be kept by the browser's cache."""
    return never_cache(login_required(view))


def holding(action: str) -> Callable[[View], View]:
    """For pages that are about no single thing: signed in and allowed for some body at least, or the
    refusal."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: WorkRequest, *args: Any, **kwargs: Any) -> HttpResponse | StreamingHttpResponse:
            require(request.user, action, organisations=bodies_for(request.user, action) or ())
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return wrap


def grants_of(user: Any) -> list[tuple[str, str]]:
    """The person's (role, code of the body or empty); none for a visitor."""
    return permissions.grants_of(user) if user.is_authenticated else []


def bodies_for(user: Any, action: str) -> list[str] | None:
    """Codes of the bodies in whose name the person may do `action`; None stands for any body."""
    rights = RIGHTS[action]
    grants = grants_of(user)
    if any(rights.get(role) == ANY for role, _body in grants):
        return None
    return sorted({body for role, body in grants if rights.get(role) == OWN and body})


def could(user: Any, action: str) -> bool:
    """True when the person may do `action` for some body at least."""
    bodies = bodies_for(user, action)
    return bodies is None or bool(bodies)


def own_bodies(user: Any) -> list[str]:
    """Codes of the bodies the person speaks for."""
    return sorted({body for _role, body in grants_of(user) if body})


def bodies_of_milestone(milestone: Milestone) -> set[str]:
    """The body that owes a milestone, and those answerable for what it is a milestone of."""
    holder = {milestone.holder.code} if milestone.holder else set()
    return holder | bodies_of_subject(milestone.subject)


def holders_of_milestone(milestone: Milestone) -> set[str]:
    """The body that holds a milestone; without one, those answerable for what it is a milestone of."""
    return {milestone.holder.code} if milestone.holder else bodies_of_subject(milestone.subject)


def bodies_of_subject(subject: Subject) -> set[str]:
    """The bodies answerable for a subject."""
    return set(owners_of(subject.code))


def bodies_of_instruction(instruction: Instruction, *, lead_only: bool = False) -> list[str]:
    """The executors of an instruction, leads first."""
    rows = instruction.executors.select_related("organisation").order_by("-role", "pk")
    return [row.organisation.code for row in rows if row.role == "lead" or not lead_only]


def bodies_of_obstacle(obstacle: Obstacle) -> set[str]:
    """The body that has to remove an obstacle."""
    return {obstacle.holder.code} if obstacle.holder else set()


def shared(user: Any, action: str, bodies: Iterable[str]) -> list[str]:
    """Those of `bodies` in whose name the person may do `action`, in their order."""
    mine = bodies_for(user, action)
    return [body for body in bodies if mine is None or body in mine]


def today() -> AsKnown:
    """The country as known today: forms are about the present, whatever day the reader came from."""
    return AsKnown(timezone.localdate())
