"""What is listed on a day: a thing nobody had spoken of by then, and that was stored later, is not."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from torap.common.known import in_time, known_q, stored_before
from torap.registry.models import Subject
from torap.rules.known import AsKnown

# The ways from a subject to whatever is said of it, by name: the rooms above hang on subjects, not the other
# way round.
_SAID_OF = (
    "claims",
    "as_project__money",
    "as_place__utilities__entries",
    "obstacles",
    "instructions",
    "milestones__promises",
    "milestones__reports",
    "as_organisation__instructions_owed__instruction",
    "as_organisation__obstacles_held",
    "as_organisation__milestones_held__promises",
    "as_organisation__milestones_held__reports",
)


def subject_known_q(known: AsKnown, prefix: str = "") -> Q:
    """Subjects somebody had spoken of by that day, or that stood in our books by then.

    By the auditors' clock only the books count. Invented rows speak of no real subject. `prefix`: a relation
    with its `__`.
    """
    if known.day >= timezone.localdate():
        return in_time(known, prefix)
    stored = Q(**{f"{prefix}recorded_at__lt": stored_before(known)})
    if known.clock == "recorded":
        return stored
    for way in _SAID_OF:
        told = known_q(known, f"{way}__") & (Q(**{f"{way}__invented": False}) | Q(invented=True))
        stored |= Q(**{f"{prefix}pk__in": Subject.objects.filter(told).values("pk")})
    return stored & in_time(known, prefix)


def source_known_q(known: AsKnown) -> Q:
    """Sources published by that day (an undated one: stored by it); by the auditors' clock stored by it."""
    stored = Q(recorded_at__lt=stored_before(known))
    if known.clock == "recorded":
        return stored
    return in_time(known) & (Q(published_to__lte=known.day) | (Q(published_to=None) & stored))
