"""The name of a reference class in words: what was promised, and of what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from torap.delivery.models import Milestone
from torap.registry.models import SubjectKind

TERMS: dict[str, Any] = {
    "urgent": gettext_lazy("urgent instructions"),
    "short": gettext_lazy("instructions on short control"),
    "medium": gettext_lazy("instructions on medium control"),
    "long": gettext_lazy("instructions on long control"),
}


def class_words(code: str) -> str:
    """`Works complete · Place` of `milestone.complete.place`; a part that has no words stays as it is."""
    kind, type_, subject = (*code.split("."), "", "")[:3]
    if kind == "all":
        return _("All promises and instructions")
    if kind == "instruction":
        return str(TERMS.get(type_, type_)) if type_ else _("All instructions")
    if not type_:
        return _("All promises")
    labels = dict(Milestone.Type.choices)
    named = str(labels.get(type_, type_))
    return f"{named} · {dict(SubjectKind.choices).get(subject, subject)}" if subject else named
