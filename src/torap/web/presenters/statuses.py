"""Words and marks for the status codes of rules and selectors: a code reads the same on every page.

A milestone or an instruction has three statuses that stay apart: what is said, what evidence supports, and
how it stands against the first promise. Marks are those of `torap_ui.STATUS_LABELS`.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from torap.web.presenters.spans import shift_words, span_words
from torap.web.templatetags.torap_ui import STATUS_LABELS

# What is said.

SAID: dict[str, tuple[str, Any]] = {
    "no_word": ("unknown", _("nothing said yet")),
    "not_reached": ("late", _("said: not reached")),
    "not_started": ("unknown", _("said: not started")),
    "under_way": ("no_evidence", _("said: under way")),
    "part_done": ("no_evidence", _("said: partly done")),
    "done": ("done_said", _("said: done")),
}

# What evidence supports.

EVIDENCED: dict[str, tuple[str, Any]] = {
    "none": ("no_evidence", _("no evidence")),
    "offered": ("no_evidence", _("offered, not yet verified")),
    "rejected": ("late", _("evidence rejected")),
    "accepted": ("done_verified", _("verified by another body")),
}

# Against the first promise.

SCHEDULE: dict[str, tuple[str, Any]] = {
    "on_first_promise": ("on_first_promise", _("on first promise")),
    "moved": ("moved", _("date moved")),
    "earlier": ("on_first_promise", _("promised earlier than at first")),
    "late": ("late", _("behind first promise")),
    "done_on_time": ("done_verified", _("done by the first promise, verified")),
    "done_late": ("done_verified", _("done after the first promise, verified")),
    "done_said": ("done_said", _("said to be done, not verified")),
    "done_no_promise": ("done_verified", _("done, verified; no date was promised")),
    "no_promise": ("unknown", _("no date was promised")),
}

# An instruction is measured against its first due day, computed from the law.
INSTRUCTION_SCHEDULE: dict[str, tuple[str, Any]] = {
    "late": ("late", _("overdue")),
    "late_not_binding": ("at_risk", _("past its day; the term is not certain")),
    "moved": ("moved", _("extended")),
    "on_first_promise": ("on_first_promise", _("in its first term")),
    "done_on_time": ("done_verified", _("done in time, verified")),
    "done_late": ("done_verified", _("done late, verified")),
    "done_said": ("done_said", _("said to be done, not verified")),
    "done_no_promise": ("done_verified", _("done, verified")),
    "answered": ("done_said", _("answered, not verified")),
    "closed": ("no_evidence", _("taken off control, no verified evidence")),
    "no_deadline": ("unknown", _("permanent, no due day")),
    "deadline_not_known": ("unknown", _("due day not known")),
}

# By how much attention they ask for; the first of these marks stands for a whole place.
_MARK_ORDER = (
    "late",
    "at_risk",
    "moved",
    "no_evidence",
    "done_said",
    "on_first_promise",
    "done_verified",
    "unknown",
)

# Kinds of contradictions.

CONTRADICTIONS: dict[str, Any] = {
    "conflict": _("Different bodies name different figures"),
    "computed": _("A computed figure differs from the one said"),
    "restated": _("The same publisher later named another figure"),
    "promise_conflict": _("Different dates were promised at the same time"),
    "status_conflict": _("Said to be done, later said not to be"),
    "done_date_conflict": _("Two different days of completion were named"),
}

# Why this claim is shown first.

CHOICE_REASONS: dict[str, Any] = {
    "only_claim": "",
    "newer_period": _("shown first: it speaks of the newest period"),
    "observed_not_derived": _("shown first: it was said, not computed"),
    "confidence": _("shown first: it is the most trusted"),
    "source_class": _("shown first: its source stands higher"),
    "newest": _("shown first: it is the latest saying"),
    "exactness": _("shown first: it is the most exactly worded"),
    "equal": _("shown first: the claims are equal"),
}


_DONE = frozenset({"done_on_time", "done_late", "done_said"})


def said_words(code: str) -> str:
    """The sentence of a said status."""
    return str(SAID.get(code, SAID["no_word"])[1])


def evidenced_words(code: str) -> str:
    """The sentence of an evidence status."""
    return str(EVIDENCED.get(code, EVIDENCED["none"])[1])


def schedule_words(code: str) -> str:
    """The sentence of a status against the first promise."""
    return str(SCHEDULE.get(code, SCHEDULE["no_promise"])[1])


def instruction_words(code: str) -> tuple[str, str]:
    """The mark and the sentence of an instruction's status against its first due day."""
    mark, words = INSTRUCTION_SCHEDULE.get(code, INSTRUCTION_SCHEDULE["deadline_not_known"])
    return mark, str(words)


def schedule_note(code: str, days: int | None, slip_months: int | None = None) -> str:
    """How long before or after the first promise; empty where there is nothing to count.

    What is done is told as a shift, in the calendar months of `slip_months`; what is open is told against
    today, in other words: the two numbers of one milestone need not be the same.
    """
    if not days:
        return ""
    if code not in _DONE:
        if days > 0:
            return gettext("first date passed %(time)s ago") % {"time": span_words(days)}
        return gettext("%(time)s left") % {"time": span_words(-days)}
    shift = span_words(abs(days)) if slip_months is None else shift_words(abs(days), abs(slip_months))
    if days > 0:
        return gettext("later by %(time)s") % {"time": shift}
    return gettext("earlier by %(time)s") % {"time": shift}


def schedule_mark(code: str) -> str:
    """The mark of a status against the first promise."""
    return SCHEDULE.get(code, SCHEDULE["no_promise"])[0]


def mark_rank(mark: str) -> int:
    """The place of a mark in the order of attention, 0 first."""
    return _MARK_ORDER.index(mark)


def mark_words(mark: str) -> str:
    """The words of a mark."""
    return str(STATUS_LABELS.get(mark, STATUS_LABELS["unknown"]))


VERDICTS: dict[str, Any] = {
    "accepted": _("accepted by another body"),
    "rejected": _("rejected"),
    "offered": _("not yet looked at by another body"),
}


def verdict_words(code: str) -> str:
    """What other bodies found on looking at a piece of evidence."""
    return str(VERDICTS.get(code, VERDICTS["offered"]))


def worst_mark(marks: list[str]) -> str:
    """The mark that asks for most attention; `unknown` without any."""
    return min(marks, key=_MARK_ORDER.index, default="unknown")


def triple(
    said: Any, evidenced: Any, schedule: Any, slip_months: int | None = None
) -> dict[str, dict[str, str]]:
    """The three statuses as `status_triple` takes them, from those of `torap.rules.statuses`."""
    said_mark, said_label = SAID.get(said.code, SAID["no_word"])
    shown_mark, shown_label = EVIDENCED.get(evidenced.code, EVIDENCED["none"])
    first_mark, first_label = SCHEDULE.get(schedule.code, SCHEDULE["no_promise"])
    return {
        "said": {"code": said_mark, "label": str(said_label), "note": ""},
        "evidenced": {"code": shown_mark, "label": str(shown_label), "note": ""},
        "schedule": {
            "code": first_mark,
            "label": str(first_label),
            "note": schedule_note(schedule.code, schedule.days, slip_months),
        },
    }


def contradiction_words(kind: str) -> str:
    """What kind of contradiction it is."""
    return str(CONTRADICTIONS.get(kind, CONTRADICTIONS["conflict"]))


def choice_words(reason_code: str) -> str:
    """Why a claim is the one shown first."""
    return str(CHOICE_REASONS.get(reason_code, ""))


def held_mark(task: str, due: object) -> str:
    """The mark of what a body holds and is not late with: said to be done, with a day (`due`), or none."""
    if task == "prove":
        return "done_said"
    return "no_evidence" if due else "unknown"
