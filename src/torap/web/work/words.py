"""What the events of the ledger are called, and which page shows what they speak of."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from torap.web.presenters.links import SUBJECT_PAGES, known_link
from torap.web.work.access import could

ENTITIES: dict[str, Any] = {
    "attribute": _("Attribute"),
    "baseline": _("Baseline"),
    "calendar": _("Calendar"),
    "claim": _("Figure"),
    "delivery_link": _("What waits for what"),
    "evidence": _("Evidence"),
    "fact": _("Row of a facts file"),
    "facts": _("Facts"),
    "grant": _("Role"),
    "indicator": _("Indicator"),
    "instruction": _("Instruction"),
    "link": _("Link"),
    "milestone": _("Milestone"),
    "money": _("Amount"),
    "network": _("Network of a place"),
    "obstacle": _("Obstacle"),
    "organisation": _("Organisation"),
    "place": _("Place"),
    "programme": _("Programme"),
    "project": _("Project"),
    "promise": _("Promise"),
    "region": _("Region"),
    "report": _("Report"),
    "schedule": _("Schedule"),
    "revision": _("What an earlier day shows"),
    "source": _("Source"),
    "user": _("Account"),
    "utility": _("Network capacity"),
}
# Sections of facts files -> what their rows are called.
SECTIONS: dict[str, Any] = {
    "publishers": _("Publisher"),
    "sources": ENTITIES["source"],
    "regions": ENTITIES["region"],
    "attributes": ENTITIES["attribute"],
    "organisations": ENTITIES["organisation"],
    "places": ENTITIES["place"],
    "links": ENTITIES["link"],
    "indicators": ENTITIES["indicator"],
    "projects": ENTITIES["project"],
    "programmes": ENTITIES["programme"],
    "money": ENTITIES["money"],
    "claims": ENTITIES["claim"],
    "milestones": ENTITIES["milestone"],
    "promises": ENTITIES["promise"],
    "reports": ENTITIES["report"],
    "instructions": ENTITIES["instruction"],
    "instruction_events": _("What happened to an instruction"),
    "obstacles": ENTITIES["obstacle"],
    "obstacle_events": _("What happened to an obstacle"),
    "evidence": ENTITIES["evidence"],
    "utilities": ENTITIES["utility"],
    "delivery_links": ENTITIES["delivery_link"],
    "dropped_links": _("What does not wait"),
    "calendar_edits": _("Day of the calendar"),
}
# Fields of facts files and of the ledger -> words; a field without a row is shown by its name.
FIELDS: dict[str, Any] = {
    "about": _("period it speaks of"),
    "address": _("address"),
    "after": _("what waits"),
    "aliases": _("other names"),
    "amount": _("amount"),
    "as_said": _("as said"),
    "attribute": _("what is measured"),
    "before": _("what it waits for"),
    "confidence": _("confidence"),
    "corrects": _("corrects"),
    "currency": _("currency"),
    "date_note": _("note on the date"),
    "deadline_on": _("exact deadline named"),
    "deadline_said": _("deadline as said"),
    "done": _("done on"),
    "executors": _("executors"),
    "executors_said": _("executors as said"),
    "given": _("given"),
    "happened": _("happened on"),
    "holder": _("who owes it"),
    "instruction": _("instruction"),
    "invented": _("invented"),
    "investor": _("investor"),
    "issuer": _("who gave it"),
    "kind": _("kind"),
    "lag": _("lag in days"),
    "lag_in": _("lag counted in"),
    "milestone": _("milestone"),
    "name": _("name"),
    "nature": _("measured, planned or forecast"),
    "new_deadline": _("new deadline"),
    "note": _("note"),
    "organisation": _("organisation"),
    "parent": _("part of"),
    "place": _("place"),
    "published": _("published"),
    "publisher": _("publisher"),
    "qualifier": _("how exactly it was said"),
    "reason": _("reason for the change"),
    "country": _("country"),
    "region": _("region"),
    "said": _("said on"),
    "said_by": _("who said it"),
    "said_state": _("state said"),
    "scope": _("which part"),
    "sector": _("sector"),
    "source": _("source"),
    "stage": _("stage"),
    "state": _("state said"),
    "subject": _("what it is about"),
    "text": _("text"),
    "title": _("title"),
    "type": _("type"),
    "unit": _("unit"),
    "url": _("address"),
    "value": _("value"),
    "why": _("why"),
    "yardstick": _("counts as a promise"),
}
LANGUAGES: dict[str, Any] = {"en": _("in English"), "ru": _("in Russian"), "kk": _("in Kazakh")}
VERBS: dict[str, Any] = {
    "added": _("added"),
    "answered": _("answered"),
    "applied": _("change applied"),
    "attached": _("attached"),
    "changed": _("changed"),
    "closed": _("closed"),
    "co_answered": _("co-executor answered"),
    "corrected": _("corrected"),
    "dropped": pgettext_lazy("of a link", "dropped"),
    "edited": _("day changed"),
    "escalated": _("escalated"),
    "extended": _("extended"),
    "extension_requested": _("extension requested"),
    "follow_up": _("follow-up reported"),
    "given": pgettext_lazy("instruction", "given"),
    "loaded": _("loaded"),
    "password_set": _("password set"),
    "received": _("received"),
    "refused": _("extension refused"),
    "removed": _("removed"),
    "returned": _("returned: wrong addressee"),
    "taken": pgettext_lazy("baseline", "taken"),
    "verified": _("looked at by another body"),
}
# A role is taken away, a baseline is taken.
_SPECIAL: dict[str, Any] = {
    "grant.taken": _("Role: taken away"),
    "revision.added": _("Kept as it was, for earlier days"),
}
# Why the chain does not hold, and what is wrong with a record.
FAULTS: dict[str, Any] = {
    "row_changed": _("the row was changed"),
    "row_missing": _("a row is missing here"),
    "row_unreadable": _("the row cannot be read any more"),
    "link_broken": _("the row does not follow from the one before"),
    "tail_cut": _("the end of the ledger was cut off"),
    "head_changed": _("the note of the last row was changed"),
    "anchor_differs": _("the row is not the one noted elsewhere"),
    "record_changed": _("is not what the ledger last said of it"),
    "guard_missing": _("its guard is off: the database would no longer refuse to change its rows"),
    "record_missing": _("is gone, though the ledger speaks of it"),
    "record_unknown": _("is there, though no event speaks of it"),
    "record_unreadable": _("cannot be read any more"),
}


def kind_words(kind: str) -> str:
    """`claim.added` in words."""
    if kind in _SPECIAL:
        return str(_SPECIAL[kind])
    entity, _dot, verb = kind.partition(".")
    words = {"what": ENTITIES.get(entity, entity), "verb": VERBS.get(verb, verb.replace("_", " "))}
    return gettext("%(what)s: %(verb)s") % words


def section_words(section: str) -> str:
    """What a row of a section of facts files is called."""
    return str(SECTIONS.get(section, section.replace("_", " ")))


def field_words(path: str) -> str:
    """A field such as `name.ru` or `source` in words; as it is named where there are none."""
    name, _dot, part = path.partition(".")
    if name not in FIELDS:
        return ""
    words = str(FIELDS[name])
    return f"{words}, {LANGUAGES[part]}" if part in LANGUAGES else words if not part else f"{words}: {part}"


def fault_words(code: str) -> str:
    """Why the chain does not hold, in words."""
    return str(FAULTS.get(code, code))


# Pages that need a right of their own; without it the history of the thing is shown instead.
_RIGHT_OF = {"user": "user.manage", "facts_load": "facts.load"}


def target_url(entity: str, code: str, reader: Any = None) -> str:
    """The page of what an event speaks of, as `reader` may open it; empty where there is none."""
    if reader is not None and entity in _RIGHT_OF and not could(reader, _RIGHT_OF[entity]):
        return reverse("history", args=[entity, code]) if could(reader, "ledger.read") else ""
    if entity in SUBJECT_PAGES or entity in {"milestone", "instruction", "obstacle", "source", "baseline"}:
        return known_link(None, SUBJECT_PAGES.get(entity, entity), code)
    if entity == "user":
        return reverse("user", args=[code])
    if entity == "facts_load" and code.isdigit():
        return reverse("facts_load", args=[code])
    return reverse("calendar") if entity == "calendar" else ""
