"""Dates that a schedule does not keep, in the reader's language: which, by how much, why, and what to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from torap.engines.schedule.worktime import moment
from torap.intake.schedules.missing import MissedLimit
from torap.web import formats
from torap.web.work.schedule_words import place_words

LIMITS: dict[str, Any] = {
    "start_not_after": _("start not after %(date)s"),
    "start_on": _("start on %(date)s"),
    "must_start": _("must start %(date)s"),
    "finish_not_after": _("finish not after %(date)s"),
    "finish_on": _("finish on %(date)s"),
    "must_finish": _("must finish %(date)s"),
    "plan_finish": _("the plan must finish %(date)s"),
}
_LATE = (
    _("%(activity)s: %(limit)s. It starts %(stands)s (working days late: %(days)s)."),
    _("%(activity)s: %(limit)s. It finishes %(stands)s (working days late: %(days)s)."),
)
_HELD = _("%(activity)s: %(limit)s. Its links ask for a later start (working days: %(days)s).")
_DRIVEN = _(
    "It waits for %(other)s. Shorten what drives it, loosen that link, or move the date; until then float is "
    "negative."
)
_UNDRIVEN = _(
    "No link drives it. Begin it earlier, shorten it, or move the date; until then float is negative."
)
# How a date is missed -> what is told (of a start, of a finish), and why.
MISSED: dict[str, tuple[tuple[Any, Any], Any]] = {
    "driven": (_LATE, _DRIVEN),
    "undriven": (_LATE, _UNDRIVEN),
    "against_links": (
        (_HELD, _HELD),
        _(
            "It is held against the link from %(other)s. Shorten what drives that, loosen the link, or move "
            "the date; until then float is negative."
        ),
    ),
    "plan_driven": (_LATE, _DRIVEN),
    "plan_undriven": (_LATE, _UNDRIVEN),
}


def missed_words(row: MissedLimit) -> dict[str, str]:
    """A date the plan does not keep: `what` and by how much; `why`, and what can be done."""
    values = {
        "activity": place_words(row.place),
        "limit": str(LIMITS.get(row.constraint, row.constraint)) % {"date": _instant(row.date)},
        "stands": _instant(row.stands),
        "days": formats.number(row.days, 1),
        "other": place_words(row.waits_place),
    }
    what, why = MISSED[row.code]
    return {"what": str(what[0 if row.of_start else 1]) % values, "why": str(why) % values}


def _instant(at: int) -> str:
    when = moment(at)
    return f"{formats.day(when.date())} {when:%H:%M}"
