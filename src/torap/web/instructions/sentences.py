"""What the reader of an instruction must not miss: a sentence for every warning of its clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

SUFFIX = "_not_in_law"

WARNINGS: dict[str, Any] = {
    "receipt_assumed": _(
        "When the body received it is not known: the term is counted from the day it was given."
    ),
    "no_edition": _(
        "The rules of control in force then were not read. The named date is shown as a date and is no "
        "breach by itself."
    ),
    "asked_for_freshness": _(
        "A standing instruction has no due day. What matters is how old the last word is."
    ),
    "deadline_not_known": _("A term was set, but the sources do not tell which. No day is guessed."),
    "moved_twice": _("Extended two times or more: by the rules this goes to the meeting on discipline."),
    "past_due_not_binding": _("The day has passed, but this term alone raises no breach."),
    "extension_request_late": _("The extension was asked for later than the rules allow."),
    "below_minimum_term": _("The term is under the minimum the rules allow."),
    "control_differs": _("The control type stated differs from the one the term gives."),
    "closing_ground_missing": _("It was taken off control without one of the five grounds."),
    "calendar_not_official": _("The day lies in a year without an official calendar: it may change."),
    "bad_value": _("One of its parameters cannot be read: the named date is shown as a date only."),
    "unknown_event": _("The rules do not know one of its events: the named date is shown as a date only."),
    "unknown_parameter": _("The rules do not take one of its parameters."),
    "out_of_range": _("A day lies outside the years of the calendar."),
    "not_known": _("A figure needed to compute it is not known."),
}
NOT_IN_LAW = _("A parameter the rules do not know was left out: %(name)s.")
# The due day itself shows that it rolled; no second sentence is needed.
SHOWN_ELSEWHERE = frozenset({"rolled_forward"})


def warning_words(codes: Iterable[str]) -> list[str]:
    """The sentences of the warnings of one clock, each once."""
    found: list[str] = []
    for code in codes:
        if code in SHOWN_ELSEWHERE:
            continue
        if code.endswith(SUFFIX):
            text = str(NOT_IN_LAW) % {"name": code.removesuffix(SUFFIX).replace("_", " ")}
        else:
            text = str(WARNINGS.get(code, code.replace("_", " ")))
        if text not in found:
            found.append(text)
    return found
